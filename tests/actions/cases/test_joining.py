"""A later message: what it stops at once, which requests it opens or joins, and when the identity is asked again."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest

from core.actions.answers import requests
from core.actions.cases import cases, identity, intake, joining
from core.actions.people import imports
from core.connectors.suppressed import standing, tokens
from core.law.errors import Invalid, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, import_people
from tests.conftest import NOW, desk_of

FIRST, LATER = date(2026, 11, 2), date(2026, 11, 16)
OWN, ALIAS, NAMED = "marker-own@example.com", "marker-alias@example.net", "marker-named@example.org"
STOPPED = [("objection", "direct_marketing", "all")]


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD)


@pytest.fixture
def made(desk):
    return taken(desk)


def taken(desk, *rights, **more):
    what = intake.Intake(rights or ("access",), "email", FIRST, **{"name": "Marker", "email": OWN, "body": "A copy."} | more)
    return intake.take_in(desk, what, key=new_id())


def join(desk, made, *rights, key="", answers="", on=LATER, **more):
    what = intake.Intake(rights, more.pop("channel", "email"), on, **{"body": "And stop."} | more)
    return joining.add_message(desk, made.case_ref, what, answers=answers, key=key or new_id())


def states(desk, value, kind="email"):
    with desk.store.transaction() as tx:
        rows = standing(tx, tokens(desk.store, kind, value), NOW.date())
    return sorted((row["state"], row["purpose"], row["channel"]) for row in rows)


def started(desk, value):
    with desk.store.transaction() as tx:
        return [row["started_at"].date() for row in standing(tx, tokens(desk.store, "email", value), NOW.date())]


def mail():
    """A mail from an alias that forwards, as a file, a newsletter sent to another address."""
    inner = EmailMessage()
    inner["From"], inner["To"] = "News <news@shop.example.com>", NAMED
    inner.set_content("Buy now")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = f"Marker <{ALIAS}>", "Fwd: News"
    outer.set_content("Stop this, also at marker-text@example.org.")
    outer.add_attachment(inner)
    return outer.as_bytes()


def owned(desk, made):
    """Decide that the case is about a person whose own address was held for a year."""
    then = desk_of(desk.store, Role.STEWARD, now=NOW - timedelta(days=400))
    imports.import_people(then, f"customer_id,email\nown,{OWN}".encode(), key=new_id())
    with desk.store.transaction() as tx:
        (person,) = tx.rows("people.by_customer", customers=["own"])
    decide(desk, made, person["subject_ref"])


def decide(desk, made, subject):
    version = cases.open_case(desk, made.case_ref).version
    cases.decide_person(desk, made.case_ref, subject, version=version, key=new_id())


@pytest.mark.parametrize(("right", "state"), [("objection_marketing", "objection"), ("consent_withdrawal", "withdrawal")])
@pytest.mark.parametrize("holders", [0, 1, 2])
def test_what_a_later_message_came_from_and_names_is_stopped_with_it(desk, made, right, state, holders):
    if holders:
        lines = "\n".join(f"c{n},{ALIAS}" for n in range(holders))
        imports.import_people(desk, f"customer_id,email\n{lines}\n".encode(), key=new_id())
    told = join(desk, made, right, body="", files=(("mail.eml", mail()),))
    for value in (ALIAS, NAMED, "marker-text@example.org", OWN):
        assert [each[0] for each in states(desk, value)] == [state]
    assert told.suppressed == 5
    assert started(desk, ALIAS) == [LATER]


def test_a_message_that_uses_no_right_stops_and_opens_nothing(desk, made):
    told = join(desk, made, email=ALIAS)
    assert (told.opened, told.joined, told.suppressed) == ((), (), None)
    assert states(desk, ALIAS) == []
    assert len(cases.open_case(desk, made.case_ref).messages) == 2


def test_each_further_right_has_a_request_of_its_own_with_a_clock_from_this_message(desk, made):
    requests.start(desk, made.requests[0][0], version=1, key=new_id())
    told = join(desk, made, "erasure", "objection_marketing", "access")
    assert [(reference.partition("/")[2], right) for _, reference, right in told.opened] == [
        ("2", "erasure"), ("3", "objection_marketing"),
    ]
    assert [right for _, _, right in told.joined] == ["access"]
    file = cases.open_case(desk, made.case_ref)
    assert [(each.right.kind, each.deadline.final_due) for each in file.requests] == [
        ("access", date(2026, 12, 2)), ("erasure", date(2026, 12, 16)), ("objection_marketing", date(2026, 12, 16)),
    ]
    assert [right["opened"] for right in file.messages[1]["rights"]] == [False, True, True]
    assert [right for _, _, right in join(desk, made, "erasure", "portability").joined] == ["erasure"]
    assert cases.open_case(desk, made.case_ref).requests[-1].row.reference.endswith("/4")


def test_a_second_objection_joins_the_open_request_and_stops_its_new_addresses(desk):
    made = taken(desk, "objection_marketing")
    told = join(desk, made, "objection_marketing", email=ALIAS)
    assert told.opened == ()
    assert [each[0] for each in told.joined] == [made.requests[0][0]]
    assert states(desk, ALIAS) == STOPPED
    assert started(desk, OWN) == [FIRST, LATER], "an opt-in between the two ends the first alone"


def test_a_right_whose_request_is_closed_opens_another(desk):
    made = taken(desk, "access", "erasure")
    requests.withdraw(desk, made.requests[0][0], "Taken back.", version=1, key=new_id())
    told = join(desk, made, "access")
    assert [reference.partition("/")[2] for _, reference, _ in told.opened] == ["3"]


def test_no_right_is_used_in_a_closed_case_and_nothing_of_the_message_stays(desk, made):
    requests.withdraw(desk, made.requests[0][0], "Taken back.", version=1, key=new_id())
    with pytest.raises(NotPossible, match="new request"):
        join(desk, made, "objection_marketing", email=ALIAS)
    assert states(desk, ALIAS) == []
    assert len(cases.open_case(desk, made.case_ref).messages) == 1
    join(desk, made)
    assert len(cases.open_case(desk, made.case_ref).messages) == 2


def test_the_same_command_twice_does_it_once_and_says_the_same(desk, made):
    told = join(desk, made, "objection_marketing", "erasure", email=ALIAS, key="message-twice")
    assert join(desk, made, "objection_marketing", "erasure", email=ALIAS, key="message-twice") == told
    file = cases.open_case(desk, made.case_ref)
    assert (len(file.messages), len(file.requests)) == (2, 3)


def test_message_requests_and_suppression_are_one_transaction(desk, made, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(type(desk.store), "commit", lambda *_, **__: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            join(desk, made, "objection_marketing", email=ALIAS)
    assert states(desk, ALIAS) == []
    file = cases.open_case(desk, made.case_ref)
    assert (len(file.messages), len(file.requests)) == (1, 1)


def test_a_telephone_note_stops_what_the_case_is_known_by_and_what_is_typed(desk, made):
    told = join(desk, made, "objection_marketing", channel="telephone", phone="+49 30 1234567", further=NAMED)
    assert told.suppressed == 3
    assert states(desk, OWN) == states(desk, NAMED) == states(desk, "+49301234567", "phone") == STOPPED


def test_all_that_the_decided_person_holds_is_stopped_at_once(desk, made):
    people = import_people(desk.store, 2)
    decide(desk, made, people[1])
    join(desk, made, "objection_marketing", email=ALIAS)
    assert states(desk, MAIL.format(1)) == states(desk, "c1", "customer_id") == STOPPED
    assert states(desk, MAIL.format(0)) == []
    decide(desk, made, people[0])
    assert states(desk, MAIL.format(1)) == [], "it was another person"
    assert states(desk, ALIAS) == STOPPED


def test_a_withdrawal_that_joins_one_already_carried_out_ends_the_consents_given_since(desk):
    people = import_people(desk.store, 1)
    made = taken(desk, "consent_withdrawal", email=MAIL.format(0))
    line = "customer_id,at,purpose,channel,given\nc0,2026-11-10T10:00:00,newsletter,email,true\n"
    imports.import_consents(desk, line.encode(), key=new_id())
    decide(desk, made, people[0])
    with desk.store.transaction() as tx:
        tx._cursor.execute("update requests set state = 'ready_to_send'")
        desk.store.commit(tx)
    join(desk, made, "consent_withdrawal")
    with desk.store.transaction() as tx:
        (latest,) = tx.rows("suppression.latest_consents", subject=people[0])
    assert (latest["given"], latest["happened_at"].date()) == (False, LATER)


@pytest.mark.parametrize(("rights", "sender", "channel", "again"), [
    (("portability",), OWN, "email", False),
    (("portability",), ALIAS, "email", True),
    (("portability",), "", "email", True),
    (("portability",), OWN, "post", True),
    (("objection_marketing",), ALIAS, "email", False),
    (("access",), ALIAS, "email", False),
])
def test_the_identity_is_asked_again_where_the_check_does_not_cover_what_is_asked(desk, made, rights, sender, channel, again):
    owned(desk, made)
    identity.record(desk, made.case_ref, ["mail_held", "two_facts"], "proven", key=new_id())
    told = join(desk, made, *rights, email=sender, channel=channel)
    assert told.identity_again is again
    assert cases.open_case(desk, made.case_ref).identity_state == ("open" if again else "proven")


def test_the_identity_can_be_recorded_while_a_request_without_identity_is_answered(desk):
    made = taken(desk, "objection_marketing")
    owned(desk, made)
    with desk.store.transaction() as tx:
        tx._cursor.execute("update requests set state = 'ready_to_send'")
        desk.store.commit(tx)
    join(desk, made, "access", channel="post", email=OWN)
    with pytest.raises(Invalid, match="not enough"):
        identity.record(desk, made.case_ref, ["mail_held", "two_facts"], "proven", key=new_id())
    identity.record(desk, made.case_ref, ["code"], "proven", key=new_id())
    assert cases.open_case(desk, made.case_ref).identity_state == "proven"


@pytest.mark.parametrize(("field", "changes"), [
    ("received_on", {"on": date(2026, 11, 1)}), ("received_on", {"on": date(2027, 1, 1)}), ("channel", {"channel": "owl"}),
    ("body", {"body": " "}), ("further", {"further": "nothing"}), ("rights", {"rights": ("all",)}),
    ("limits", {"stop_channels": ("phone",)}),
])
def test_bad_input_changes_nothing(desk, made, field, changes):
    rights = changes.pop("rights", ("objection_marketing",))
    with pytest.raises(Invalid) as refusal:
        join(desk, made, *rights, **changes)
    assert refusal.value.field == field
    assert states(desk, OWN) == []
    assert len(cases.open_case(desk, made.case_ref).messages) == 1


def test_a_message_of_the_first_day_is_not_older_than_the_first(desk):
    made = taken(desk)
    with desk.store.transaction() as tx:
        tx._cursor.execute("update cases set received_at = $at", {"at": datetime(2026, 11, 2, 17)})
        desk.store.commit(tx)
    join(desk, made, "erasure", on=FIRST)
    assert {each.deadline.final_due for each in cases.open_case(desk, made.case_ref).requests} == {date(2026, 12, 2)}


def test_no_value_of_the_message_is_in_the_log(desk, made):
    join(desk, made, "objection_marketing", email=ALIAS, body="MARKERBODY", own_words="MARKERWORDS", stop_channels=("email",))
    with desk.store.transaction() as tx:
        text = str(tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=100))
    assert "MARKER" not in text
    assert "marker-" not in text
