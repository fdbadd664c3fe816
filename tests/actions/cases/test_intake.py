"""Intake: one message, one case, a request and a clock for each right."""

from datetime import date, time, timedelta

import pytest

from core.actions.cases import cases, intake, queue
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.law.workflow import State
from tests.conftest import NOW, desk_of

MAIL = (
    b"From: =?utf-8?q?M=C3=A4rker?= <marker@example.com>\nSubject: My data\nDate: Sun, 22 Nov 2026 10:00:00 +0100\n\n"
    b"Send me all.\n"
)
HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "' or 1=1 --", "#read(\"/etc/passwd\")", "\u202eevil",
           "🦊", "ع" * 300)


@pytest.fixture
def desk(established):
    return desk_of(established, Role.STEWARD)


def typed(**changes):
    values = {
        "rights": ("access",), "channel": "email", "received_on": date(2026, 11, 22), "name": "Marker",
        "body": "Send me all.",
    }
    return intake.Intake(**(values | changes))


def counts(store):
    with store.transaction() as tx:
        return tx.one("log.count", chain=store.chain)["rows"], queue.list_requests(desk_of(store, Role.DPO)).total


def test_one_message_with_two_rights_is_one_case_with_two_clocks(desk):
    made = intake.take_in(desk, typed(rights=("access", "erasure")), key="form-0001")
    assert [kind for _, _, kind in made.requests] == ["access", "erasure"]
    assert made.requests[1][1] == made.reference + "/2"
    file = cases.open_case(desk, made.case_ref)
    assert [each.state for each in file.requests] == [State.RECEIVED] * 2
    assert file.requests[0].deadline.final_due == date(2026, 12, 22)
    assert file.person["name"] == "Marker"
    assert file.messages[0]["body"] == "Send me all."


def test_the_clock_starts_at_receipt_not_at_entry(desk):
    friday = intake.take_in(desk, typed(received_on=date(2026, 11, 20), received_time=time(17, 50)), key="form-0002")
    file = cases.open_case(desk, friday.case_ref)
    assert (file.received.day, file.received.hour, file.entered.day) == (20, 17, 23)
    assert file.requests[0].deadline.receipt_date == date(2026, 11, 20)


def test_a_late_evening_belongs_to_its_local_day(desk):
    made = intake.take_in(desk, typed(received_on=date(2026, 10, 31), received_time=time(23, 30)), key="form-0003")
    assert cases.open_case(desk, made.case_ref).requests[0].deadline.receipt_date == date(2026, 10, 31)


def test_a_dropped_mail_gives_its_sender_subject_and_text(desk):
    made = intake.take_in(desk, typed(name="", body="", files=(("request.eml", MAIL),)), key="form-0004")
    file = cases.open_case(desk, made.case_ref)
    assert file.person == {"name": "Märker", "email": "marker@example.com", "phone": "", "address": ""}
    assert (file.messages[0]["subject"], file.messages[0]["body"].strip()) == ("My data", "Send me all.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rights": ()}, "rights"), ({"rights": ("everything",)}, "rights"), ({"channel": "pigeon"}, "channel"),
        ({"body": " "}, "body"), ({"name": ""}, "name"), ({"name": "x" * 301}, "name"), ({"body": "x" * 20_001}, "body"),
        ({"received_on": date(2026, 11, 24)}, "received_on"),
        ({"received_on": date(2026, 11, 23), "received_time": time(23, 59)}, "received_on"),
        ({"received_on": date(2018, 5, 24)}, "received_on"), ({"received_on": date.min}, "received_on"),
        ({"received_on": date.max, "received_time": time(23, 59)}, "received_on"), ({"email": "nobody"}, "email"), ({"phone": "abc"}, "phone"),
        ({"name": "a\x00b"}, "name"), ({"name": "half \ud800"}, "name"), ({"files": (("x.exe", b"MZ"),)}, "file"),
        ({"files": (("x.eml", b""),)}, "file"), ({"files": (("x.txt", b"\xff\xfe\x00"),)}, "file"),
    ],
)  # fmt: skip
def test_bad_input_is_a_sentence_with_its_field_and_changes_nothing(desk, changes, field):
    with pytest.raises(Invalid) as refusal:
        intake.take_in(desk, typed(**changes), key="form-0005")
    assert refusal.value.field == field
    assert str(refusal.value).endswith(".")
    entries, requests = counts(desk.store)
    assert (entries, requests) == (1, 0)  # the refusal is in the log, nothing else happened
    assert desk.store.keys.every() == (), "no key is made for a case that is not taken in"


@pytest.mark.parametrize("changes", [
    {"capacity": "friend"}, {"capacity": "agent", "name": ""}, {"capacity": "agent", "email": "nobody"},
])
def test_a_refused_representative_leaves_no_key_either(desk, changes):
    with pytest.raises(Invalid):
        intake.take_in(desk, typed(**changes), key="form-0006")
    assert desk.store.keys.every() == ()


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_kept_as_it_came(desk, text):
    made = intake.take_in(desk, typed(name=text, body=text), key="form-0006")
    file = cases.open_case(desk, made.case_ref)
    assert (file.person["name"], file.messages[0]["body"]) == (text, text)


def test_the_same_form_sent_twice_makes_one_case(desk):
    first = intake.take_in(desk, typed(), key="form-0007")
    again = intake.take_in(desk, typed(), key="form-0007")
    assert first.case_ref == again.case_ref
    assert counts(desk.store)[1] == 1


def test_an_open_case_from_the_same_address_is_counted(desk):
    intake.take_in(desk, typed(email="Marker@Example.com"), key="form-0008")
    assert intake.take_in(desk, typed(email="marker@example.com"), key="form-0009").earlier_cases == 1
    assert intake.take_in(desk, typed(email="other@example.com"), key="form-0010").earlier_cases == 0


def test_nothing_typed_reaches_the_log_or_the_tables_in_the_clear(desk):
    marker = "marker-7319"
    made = intake.take_in(desk, typed(name=marker, body=marker, subject=marker, address=marker), key="form-0011")
    cases.add_note(desk, made.case_ref, marker, key="form-0012")
    with desk.store.transaction() as tx:
        for name in ("cases.one", "cases.messages", "cases.notes"):
            assert marker not in str(tx.rows(name, case_ref=made.case_ref))
        assert marker not in str(tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=100))


def test_references_count_on_and_start_anew_each_year(desk):
    references = [intake.take_in(desk, typed(), key=f"form-01{n:02}").reference for n in range(3)]
    assert [each[:14] for each in references] == ["RD-2026-000001", "RD-2026-000002", "RD-2026-000003"]
    later = type(desk)(desk.store, desk.person, NOW + timedelta(days=60))
    assert intake.take_in(later, typed(), key="form-0200").reference.startswith("RD-2027-000001")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.DPO, Role.STEWARD}])
def test_other_roles_take_in_nothing(store, role):
    with pytest.raises(NotAllowed):
        intake.take_in(desk_of(store, role), typed(), key="form-0300")


@pytest.mark.parametrize("day", [date.min, date.max, date(2018, 5, 24), date(9999, 12, 1)])
@pytest.mark.parametrize("right", ["access", "objection_marketing", "nothing"])
def test_a_day_far_away_has_no_due_day_to_show_or_one_that_is_a_day(desk, day, right):
    assert intake.preview_due(desk, day, right) is None or day.year < 9000
