"""What a withdrawal or an upheld objection leaves without a ground: asked before the closing, answered once, erased from there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actions.answers import carrying, needs, plans, progress, requests, sending
from core.actions.answers.erasure import erasures, raised
from core.actions.answers.letters import letters
from core.actions.cases import cases, identity, intake, joining
from core.actions.people import imports
from core.connectors.catalogue import catalogue
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.kinds import Need
from core.law.rights.raised import Becomes
from core.law.ways import Kind
from core.store.datafiles import DATA
from core.store.engine import new_id
from tests.actions.answers.test_needs import opened
from tests.actions.conftest import MAIL, import_people
from tests.conftest import NOW

WHY = "REASONWORDS: the proof of the consent, Article 7(1)."
EVERYTHING = intake.Intake(("consent_withdrawal",), "email", date(2026, 11, 20), email=MAIL.format(1), body="Stop.")
OFFERS = replace(EVERYTHING, stop_purpose="marketing", own_words="no more offers")


@pytest.fixture
def people(empty_walk, tmp_path, monkeypatch):
    """Three people by a catalogue in which attributes rest on one consent alone and events on another; the second agreed."""
    text = (DATA / "catalogue.toml").read_text(encoding="utf-8")
    for title, before, after in (
        ("Further attributes", 'uses = ["contract"]', 'uses = ["marketing"]'),
        ("Events", 'uses = ["contract", "service"]', 'uses = ["survey"]'),
    ):
        head, found, rest = text.partition(f'title = "{title}"\n')
        assert found
        assert before in rest
        text = head + found + rest.replace(before, after, 1)
    text += '\n[purposes.survey]\ntitle = "Asking what customers think"\nlegal_basis = "Art. 6(1)(a)"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("RIGHTSDESK_CATALOGUE", str(tmp_path / "own.toml"))
    catalogue.cache_clear()
    found = import_people(empty_walk.store, 3)
    imports.import_consents(empty_walk.steward, (
        b"customer_id,purpose,channel,given,at\nc1,marketing,email,true,2026-01-01T00:00:00\n"
        b"c1,marketing,post,true,2026-01-01T00:00:00\nc1,survey,email,true,2026-01-01T00:00:00\n"
    ), key=new_id())
    imports.import_events(empty_walk.steward, b"customer_id,at,kind\nc1,2026-10-01T10:00:00,survey\n", key=new_id())
    yield found
    catalogue.cache_clear()


def stopped(walk, subject, what=EVERYTHING):
    """A withdrawal or objection of this person, carried out and confirmed, to be closed; return its request."""
    taken = intake.take_in(walk.steward, what, key=new_id())
    request = taken.requests[0][0]
    requests.start(walk.steward, request, version=1, key=new_id())
    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=taken.case_ref)["version"]
    cases.decide_person(walk.steward, taken.case_ref, subject, version=version, key=new_id())
    plans.prepare_plan(walk.steward, request, version=walk.row(request).version, purpose="request", key=new_id())
    carrying.start(walk.steward, request, version=walk.row(request).version, key=new_id())
    walk.work()
    kind = "consent_withdrawn" if "consent_withdrawal" in what.rights else "objection_confirmed"
    letter = letters.draft(walk.steward, taken.case_ref, kind, request, key=new_id())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    sending.mark_sent(walk.steward, request, "email", NOW.date(), version=walk.row(request).version, key=new_id())
    return walk.row(request)


def close(walk, request, ending="fulfilled"):
    sending.close(walk.steward, request.id, ending, version=walk.row(request.id).version, key=new_id())


def answer(walk, request, becomes, reasons="", **more):
    return raised.answer(walk.steward, request.id, becomes, reasons, **{"version": 1, "key": new_id()} | more)


def outcomes(walk, request_id):
    with walk.store.transaction() as tx:
        rows = tx.rows("decisions.of_request", request_id=request_id)
    return [(each["outcome"], each["article"], each["item"]) for each in rows if each["article"].startswith("17(1)")]


def test_a_withdrawal_asks_what_becomes_of_what_rested_on_it_and_opens_the_erasure_of_that_alone(
    empty_walk, people, entries
):
    request = stopped(empty_walk, people[1], OFFERS)
    asked = raised.of_request(empty_walk.steward, request.id)
    assert (asked.ground, asked.becomes, asked.opened_id) == ("17.1.b", None, "")
    assert asked.tables == ("Customer profiles: further attributes",)
    assert progress.of_request(empty_walk.steward, request.id).next.title == "Say what becomes of what rested on it alone"
    with pytest.raises(NotPossible, match="rested on it alone"):
        close(empty_walk, request)
    with pytest.raises(Invalid):
        answer(empty_walk, request, "forgotten")
    with pytest.raises(Conflict):
        answer(empty_walk, request, "erased", version=2)
    key = new_id()
    erasure = answer(empty_walk, request, "erased", key=key)
    assert answer(empty_walk, request, "erased", key=key) == erasure
    with pytest.raises(NotPossible, match="already"):
        answer(empty_walk, request, "kept", WHY, version=2)
    close(empty_walk, request)
    made = empty_walk.row(erasure)
    assert (made.kind, made.case_ref, made.received_at) == (Kind.ERASURE, request.case_ref, request.received_at)
    assert made.reference == f"{request.reference}/2"
    assert erasures.chosen(empty_walk.steward, erasure) == {
        "grounds": ["17.1.b"], "keep": [], "wished": False, "limits": {"17.1.b": ["marketing"]},
    }
    assert outcomes(empty_walk, request.id) == [
        ("raised", "17(1)(b)", ""), ("erased", "17(1)(b)", "local.attributes"),
    ]


def test_the_erasure_takes_what_rested_on_it_and_leaves_what_rests_on_another_consent(empty_walk, people):
    request = stopped(empty_walk, people[1], OFFERS)
    erasure = answer(empty_walk, request, "erased")
    requests.start(empty_walk.steward, erasure, version=empty_walk.row(erasure).version, key=new_id())
    identity.record(empty_walk.checker, request.case_ref, ["mail_held", "two_facts"], "proven", "", key=new_id())
    plans.prepare_plan(
        empty_walk.steward, erasure, version=empty_walk.row(erasure).version, purpose="request", key=new_id()
    )
    plan = plans.open_plan(empty_walk.steward, erasure)
    done = {item.table: item.action for item in plan.items if item.system == "local"}
    assert done == {
        "attributes": "delete", "profiles": "retain", "identifier_values": "retain", "consents": "retain",
        "devices": "retain", "events": "retain",
    }
    erasures.choose(
        empty_walk.steward, erasure, ["17.1.b"], version=empty_walk.row(erasure).version, key=new_id())
    assert erasures.chosen(empty_walk.steward, erasure)["limits"] == {"17.1.b": ["marketing"]}
    erasures.choose(
        empty_walk.steward, erasure, ["17.1.a"], version=empty_walk.row(erasure).version, key=new_id())
    assert "limits" not in erasures.chosen(empty_walk.steward, erasure)


def test_who_withdraws_every_consent_is_asked_of_all_that_rested_on_one(empty_walk, people):
    request = stopped(empty_walk, people[1])
    assert raised.of_request(empty_walk.steward, request.id).tables == (
        "Customer profiles: further attributes", "Customer profiles: events",
    )
    erasure = answer(empty_walk, request, "erased")
    assert erasures.chosen(empty_walk.steward, erasure)["limits"] == {"17.1.b": ["marketing", "survey"]}


def test_what_is_kept_names_its_ground_which_stands_in_no_entry(empty_walk, people, entries):
    request = stopped(empty_walk, people[1])
    with pytest.raises(Invalid):
        answer(empty_walk, request, "kept", "  ")
    assert answer(empty_walk, request, "kept", WHY) == ""
    seen = raised.of_request(empty_walk.steward, request.id)
    assert (seen.becomes, seen.reasons, seen.answered_by) == (Becomes.KEPT, WHY, empty_walk.steward.person.account_id)
    close(empty_walk, request)
    assert "REASONWORDS" not in str(entries())
    with pytest.raises(NotPossible, match="closed"):
        answer(empty_walk, request, "erased", version=2)


@pytest.mark.parametrize("number", [0, 1])
def test_where_another_channel_goes_on_or_the_data_serve_more_nothing_is_asked_and_the_test_is_on_record(
    empty_walk, people, number
):
    """By e-mail alone, while the consent by post stands; the person without consents said the same, and nothing ends."""
    what = replace(
        EVERYTHING, email=MAIL.format(number), stop_purpose="marketing", stop_channels=("email",),
        own_words="no more offers by mail",
    )
    request = stopped(empty_walk, people[number], what)
    assert raised.of_request(empty_walk.steward, request.id) is None
    assert outcomes(empty_walk, request.id) == [("nothing_left", "17(1)(b)", "")]
    with pytest.raises(NotPossible, match="no question"):
        answer(empty_walk, request, "erased")
    close(empty_walk, request)


def test_a_later_message_that_withdraws_the_rest_puts_the_question_before_the_closing(empty_walk, people):
    what = replace(EVERYTHING, stop_purpose="marketing", stop_channels=("email",), own_words="no more offers by mail")
    request = stopped(empty_walk, people[1], what)
    assert raised.of_request(empty_walk.steward, request.id) is None
    joining.add_message(empty_walk.steward, request.case_ref, EVERYTHING, key=new_id())
    with pytest.raises(NotPossible, match="rested on it alone"):
        close(empty_walk, request)


def test_an_objection_to_marketing_asks_for_what_was_used_for_marketing_alone(empty_walk, people):
    what = intake.Intake(("objection_marketing",), "email", date(2026, 11, 20), email=MAIL.format(1), body="Stop.")
    request = stopped(empty_walk, people[1], what)
    asked = raised.of_request(empty_walk.steward, request.id)
    assert (asked.ground, asked.tables) == ("17.1.c", ("Customer profiles: further attributes",))
    answer(empty_walk, request, "kept", WHY)
    close(empty_walk, request)


def test_an_objection_that_is_upheld_asks_for_the_data_of_that_use_and_its_erasure_begins_now(empty_walk, people):
    with empty_walk.store.transaction() as tx:
        tx._cursor.execute("insert into devices values ($s, 'device-1', $n)", {"s": people[1], "n": NOW})
        empty_walk.store.commit(tx)
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    letter = path.meet()
    asked = raised.of_request(path.steward, path.request_id)
    assert (asked.ground, asked.tables) == ("17.1.c", ("Customer profiles: devices",))
    path.send(letter)
    sending.mark_sent(path.handler, path.request_id, "post", NOW.date(), version=path.version, key=new_id())
    with pytest.raises(NotPossible, match="rested on it alone"):
        close(empty_walk, path.row())
    erasure = empty_walk.row(answer(empty_walk, path.row(), "erased"))
    assert erasure.received_at == NOW
    close(empty_walk, path.row())


def test_an_objection_that_is_not_upheld_raises_nothing(empty_walk, people):
    path = opened(empty_walk, Kind.OBJECTION, subject=people[1])
    path.enter(Need.GROUNDS)
    path.enter(Need.BALANCING, {"prevails": "compelling"})
    assert raised.of_request(path.steward, path.request_id) is None
    assert needs.of_request(path.steward, path.request_id).outcome == "not_upheld"


def test_an_erasure_that_is_open_already_is_named_and_keeps_what_was_chosen(empty_walk, people):
    what = intake.Intake(
        ("consent_withdrawal", "erasure"), "email", date(2026, 11, 20), email=MAIL.format(1), body="Stop and erase.")
    request = stopped(empty_walk, people[1], what)
    with empty_walk.store.transaction() as tx:
        both = {each["kind"]: each["id"] for each in tx.rows("requests.of_case", case_ref=request.case_ref)}
    assert answer(empty_walk, request, "erased") == both["erasure"]
    assert erasures.chosen(empty_walk.steward, both["erasure"]) == {}


def test_nothing_is_asked_of_somebody_of_whom_nothing_is_held_that_rests_on_it(empty_walk, people):
    with empty_walk.store.transaction() as tx:
        for table in ("attributes", "events"):
            tx._cursor.execute(f"delete from {table} where subject_ref = $s", {"s": people[1]})
        empty_walk.store.commit(tx)
    request = stopped(empty_walk, people[1])
    assert raised.of_request(empty_walk.steward, request.id) is None
    close(empty_walk, request)


def test_the_clock_of_the_erasure_runs_from_the_message_even_when_the_answer_comes_late(empty_walk, people):
    request = stopped(empty_walk, people[1])
    later = empty_walk.at(empty_walk.steward, NOW + timedelta(days=5))
    erasure = empty_walk.row(raised.answer(later, request.id, "erased", version=1, key=new_id()))
    assert erasure.final_due == request.final_due
