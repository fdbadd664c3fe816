"""What is suppressed at once, what it is widened to, what an erasure leaves, and what an import may not undo."""

from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from core.actions.cases import cases, intake
from core.actions.desk.act import act
from core.actions.people import imports
from core.actions.suppression import suppression_list, suppressions
from core.connectors.suppressed import ERASED, replay, standing, tokens
from core.law.acts import Act
from core.law.errors import Invalid
from core.law.rights.suppression import Legal
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, import_people
from tests.conftest import NOW, desk_of

ALIAS = "marker-alias@example.net"


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD)


def take_in(desk, rights=("objection_marketing",), **changes):
    typed = {"name": "Marker", "body": "Stop it.", "email": ALIAS} | changes
    return intake.take_in(desk, intake.Intake(rights, "email", date(2026, 11, 22), **typed), key=new_id())


def states(store, value, kind="email"):
    with store.transaction() as tx:
        rows = standing(tx, tokens(store, kind, value), NOW.date())
    return sorted((row["state"], row["purpose"], row["channel"]) for row in rows)


def in_an_act(desk, body):
    with act(desk, Act.CASE_PERSON) as now:
        return body(now)


STOPPED = [("objection", "direct_marketing", "all")]


def forwarded(as_attachment):
    inner = EmailMessage()
    inner["From"], inner["To"] = "News <news@shop.example.com>", "marker-old@example.org"
    inner.set_content("Buy now")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = f"Marker <{ALIAS}>", "Fwd: News"
    if as_attachment:
        outer.set_content("Stop this.")
        outer.add_attachment(inner)
    else:
        outer.set_content("Stop this.\n\n---- Forwarded ----\nFrom: news@shop.example.com\nTo: <marker-old@example.org>\n")
    return outer.as_bytes()


def test_an_objection_from_an_unknown_alias_is_suppressed_with_the_intake(desk):
    taken = take_in(desk)
    assert taken.suppressed == 1
    assert states(desk.store, "Marker-Alias@Example.net") == STOPPED
    assert states(desk.store, "marker-alias+news@example.net") == STOPPED


def test_an_address_that_two_people_share_is_suppressed_without_asking_which(desk):
    lines = f"customer_id,email\nc1,{ALIAS}\nc2,{ALIAS}\n"
    imports.import_people(desk, lines.encode(), key=new_id())
    take_in(desk)
    assert states(desk.store, ALIAS) == STOPPED


@pytest.mark.parametrize("as_attachment", [False, True])
def test_a_forwarded_message_suppresses_where_it_came_from_and_whom_it_names(desk, as_attachment):
    take_in(desk, email="", body="", files=(("forwarded.eml", forwarded(as_attachment)),))
    assert states(desk.store, ALIAS) == STOPPED
    assert states(desk.store, "marker-old@example.org") == STOPPED


def test_what_the_form_names_further_is_suppressed_and_a_line_that_is_nothing_is_refused(desk):
    taken = take_in(desk, phone="030 1234567", further="other@example.net\n+49 30 7654321")
    assert taken.suppressed == 4
    assert states(desk.store, "other@example.net") == states(desk.store, "+49307654321", "phone") == STOPPED
    with pytest.raises(Invalid) as refusal:
        take_in(desk, further="other@example.net\nsomething")
    assert refusal.value.field == "further"
    assert "something" not in str(refusal.value)


def test_an_access_request_suppresses_nothing(desk):
    assert take_in(desk, rights=("access", "objection")).suppressed == 0
    assert states(desk.store, ALIAS) == []


def test_it_is_narrower_only_in_the_persons_own_words(desk):
    with pytest.raises(Invalid) as refusal:
        take_in(desk, stop_channels=("phone",))
    assert refusal.value.field == "limits"
    with pytest.raises(Invalid) as refusal:
        take_in(desk, own_words="MARKERWORDS just do not ring")
    assert "MARKERWORDS" not in str(refusal.value)
    assert states(desk.store, ALIAS) == []
    take_in(desk, stop_channels=("phone",), own_words="MARKERWORDS just do not ring")
    assert states(desk.store, ALIAS) == [("objection", "direct_marketing", "phone")]
    with desk.store.transaction() as tx:
        assert "MARKERWORDS" not in str(tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=100))


def test_intake_and_suppression_are_one_transaction(desk, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(type(desk.store), "commit", fail)
    with pytest.raises(RuntimeError):
        take_in(desk)
    monkeypatch.undo()
    assert states(desk.store, ALIAS) == []


def decide(desk, taken, subject):
    with desk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=taken.case_ref)["version"]
    cases.decide_person(desk, taken.case_ref, subject, version=version, key=new_id())


def test_the_person_found_is_suppressed_under_all_they_hold_and_another_decision_takes_it_back(desk):
    people = import_people(desk.store, 2)
    taken = take_in(desk)
    decide(desk, taken, people[0])
    assert states(desk.store, MAIL.format(0)) == STOPPED
    assert states(desk.store, "c0", "customer_id") == STOPPED
    decide(desk, taken, people[1])
    assert states(desk.store, MAIL.format(0)) == []
    assert states(desk.store, MAIL.format(1)) == STOPPED
    assert states(desk.store, ALIAS) == STOPPED, "the alias asked itself"


def test_an_objection_without_any_address_reaches_the_person_once_found(desk):
    people = import_people(desk.store, 1)
    taken = take_in(desk, email="", address="1 Sample Street")
    assert taken.suppressed == 0
    decide(desk, taken, people[0])
    assert states(desk.store, MAIL.format(0)) == STOPPED


def test_a_new_identifier_takes_over_every_entry_and_the_old_one_stays(desk):
    people = import_people(desk.store, 1)
    taken = take_in(desk, rights=("objection_marketing", "consent_withdrawal"), email=MAIL.format(0))
    decide(desk, taken, people[0])
    old, new = ("email", MAIL.format(0)), ("email", "marker-new@example.com")
    in_an_act(desk, lambda now: suppressions.copy_to(desk, now, [old], new, people[0]))
    assert states(desk.store, new[1]) == states(desk.store, old[1]) == [*STOPPED, ("withdrawal", "all", "all")]
    assert in_an_act(desk, lambda now: suppressions.copy_to(desk, now, [old], new, people[0])) == 0


def test_the_first_number_of_somebody_who_objected_is_stopped_from_its_import_on(desk):
    people = import_people(desk.store, 1)
    decide(desk, take_in(desk, email=MAIL.format(0)), people[0])
    imports.import_people(desk, b"customer_id,phone\nc0,+49 40 5550102\n", update=True, key=new_id())
    assert states(desk.store, "+49405550102", "phone") == STOPPED
    assert [entry for entry in desk.store.ledger.entries() if "phone" in entry.scope]


@pytest.mark.parametrize(("asked", "wished", "kept_out"), [(False, False, False), (True, False, True), (False, True, True)])
def test_an_erasure_keeps_only_what_has_a_ground(desk, asked, wished, kept_out):
    people = import_people(desk.store, 1)
    taken = take_in(desk, rights=("objection_marketing",) if asked else ("access",))
    decide(desk, taken, people[0])
    told = in_an_act(
        desk, lambda now: suppressions.after_erasure(desk, now, people[0], taken.case_ref, wished=wished)
    )
    left = [state for state, _, _ in states(desk.store, MAIL.format(0))]
    assert left == sorted(["objection"] * asked + ["do_not_import"] * kept_out)
    assert any(each.until for each in told.tokens) == kept_out
    with desk.store.transaction() as tx:
        assert tx.rows("suppression.of_subject", subject=people[0]) == []


def test_an_erased_person_is_not_imported_again_until_the_end_date(desk):
    people = import_people(desk.store, 1)
    taken = take_in(desk, rights=("access",))
    in_an_act(desk, lambda now: suppressions.after_erasure(desk, now, people[0], taken.case_ref, wished=True))
    lines = f"customer_id,email\nx1,{MAIL.format(0).upper()}\nx2,free@example.com\n".encode()
    done = imports.import_people(desk, lines, key=new_id())
    assert (done.added, done.rejects) == (1, [(1, ERASED)])
    later = type(desk)(desk.store, desk.person, NOW + suppressions.KEPT_OUT + timedelta(days=1))
    assert imports.import_people(later, lines, key=new_id()).added == 1


def test_the_five_states_never_answer_for_each_other(desk):
    take_in(desk, rights=("consent_withdrawal",))
    assert states(desk.store, ALIAS) == [("withdrawal", "all", "all")]
    assert {state.value for state in Legal} == {"restriction", "objection", "withdrawal", "do_not_import", "deceased"}


def test_what_the_ledger_holds_comes_back_into_an_older_store_and_what_ended_does_not(desk):
    taken = take_in(desk)
    take_in(desk, email="marker-two@example.com")
    entry = _first(desk, taken)
    suppression_list.end_entry(
        desk, entry, "email", ALIAS, happened_on=date(2026, 11, 23), evidence="x", version=1, key=new_id())
    with desk.store.transaction() as tx:
        tx._cursor.execute("delete from suppressions")
        assert replay(desk.store, tx, desk.store.ledger.entries(), NOW) == 1
        assert replay(desk.store, tx, desk.store.ledger.entries(), NOW) == 0
        desk.store.commit(tx)
    assert states(desk.store, ALIAS) == []
    assert states(desk.store, "marker-two@example.com") == STOPPED


def _first(desk, taken):
    with desk.store.transaction() as tx:
        return tx.rows("suppression.of_case", case_ref=taken.case_ref)[0]["id"]


def test_no_sentence_enters_the_list_as_a_purpose(desk):
    with pytest.raises(Invalid) as refusal:
        take_in(desk, rights=("consent_withdrawal",), stop_purpose="the mails about my illness", own_words="only these")
    assert refusal.value.field == "stop_purpose"
    take_in(desk, rights=("consent_withdrawal",), stop_purpose="newsletter", own_words="only these")
    assert states(desk.store, ALIAS) == [("withdrawal", "newsletter", "all")]
