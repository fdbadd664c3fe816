"""The list at the desk: added, checked, imported, exported by two, and ended by nobody but the person."""

from datetime import date, timedelta

import pytest

from core.actions.people import imports
from core.actions.suppression import suppression_exports, suppression_files, suppression_list
from core.connectors.suppressed import standing, tokens
from core.law.errors import Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, hold_role, import_people
from tests.conftest import NOW, desk_of

VALUE = "marker-listed@example.com"
DAY = date(2026, 11, 20)


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD, name="steward")


def added(desk, state="objection", value=VALUE, **changes):
    return suppression_list.add(desk, state, "email", value, **({"since": DAY, "key": new_id()} | changes))


def states(store, value=VALUE):
    with store.transaction() as tx:
        return sorted(row["state"] for row in standing(tx, tokens(store, "email", value), NOW.date()))


def end(desk, entry, value=VALUE, **changes):
    given = {"happened_on": date(2026, 11, 22), "evidence": "WORDSMARKER signed", "version": 1, "key": new_id()} | changes
    return suppression_list.end_entry(desk, entry, "email", value, **given)


def test_one_value_is_checked_by_the_states_that_stand(desk):
    added(desk)
    added(desk, "do_not_import", review_on=date(2027, 1, 1))
    found = suppression_list.check_one(desk, "email", VALUE.upper(), purpose="request")
    assert {row["state"] for row in found.states} == {"objection", "do_not_import"}
    assert not suppression_list.check_one(desk, "email", "free@example.com", purpose="request").suppressed
    assert not suppression_list.check_one(desk, "phone", "+49 30 1234567", purpose="request").suppressed


@pytest.mark.parametrize(("changes", "field"), [
    ({"state": "restriction"}, "state"), ({"since": date(2026, 11, 24)}, "since"), ({"value": "nobody"}, "email"),
    ({"channels": ["phone"]}, "limits"), ({"state": "do_not_import"}, "review_on"),
    ({"state": "do_not_import", "review_on": date(2026, 11, 23)}, "review_on"),
])
def test_bad_input_is_a_sentence_and_changes_nothing(desk, changes, field):
    with pytest.raises(Invalid) as refusal:
        added(desk, **changes)
    assert refusal.value.field == field
    assert states(desk.store) == []


def test_an_opt_in_ends_the_entry_only_if_newer_and_about_that_value(desk):
    entry = added(desk)
    with pytest.raises(NotPossible):
        end(desk, entry, happened_on=date(2026, 11, 19))
    with pytest.raises(NotPossible):
        end(desk, entry, value="other@example.com")
    with pytest.raises(Invalid):
        end(desk, entry, evidence=" ")
    assert states(desk.store) == ["objection"]
    assert end(desk, entry) == 1
    assert states(desk.store) == []
    with desk.store.transaction() as tx:
        log = str(tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=100))
    assert "WORDSMARKER" not in log
    assert VALUE not in log


def test_an_opt_in_to_one_state_leaves_the_others(desk):
    entry = added(desk)
    added(desk, "withdrawal")
    end(desk, entry)
    assert states(desk.store) == ["withdrawal"]


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MANAGER, Role.MARKETER, Role.ADMINISTRATOR, Role.ANALYST])
def test_nobody_else_ends_an_entry(desk, role):
    entry = added(desk)
    with pytest.raises(NotAllowed):
        end(desk_of(desk.store, role), entry)
    assert states(desk.store) == ["objection"]


def test_a_file_only_adds_and_names_rows_without_values(desk):
    entry = added(desk)
    content = (
        "state,kind,value,channel,at,until\n"
        f"objection,email,{VALUE},,,\nwithdrawal,email,marker-two@example.com,email,2026-01-02T10:00:00Z,\n"
        "restriction,email,marker-three@example.com,,,\nobjection,email,nonsense-marker,,,\n"
        "objection,email,marker-four@example.com,,,2027-01-01\nobjection,email,marker-five@example.com,,2031-01-01T00:00:00,\n"
        "objection,email,marker-six@example.com,pigeon,,\n"
    ).encode()
    done = suppression_files.import_list(desk, content, name="list.csv", key=new_id())
    assert (done.added, done.already_held, [row for row, _ in done.rejects]) == (1, 1, [3, 4, 5, 6, 7])
    assert "marker" not in str(done.rejects)
    assert suppression_files.import_list(desk, content, key=new_id()).added == 0
    with desk.store.transaction() as tx:
        assert tx.one("suppression.one", id=entry)["ended_at"] is None


def exported(desk, approver):
    hold_role(desk.store, approver.person.account_id, Role.APPROVER)
    return suppression_exports.ask(desk, "all", approver.person.account_id, purpose="request", key=new_id())


def test_the_list_leaves_by_two_and_once(desk):
    import_people(desk.store, 1)
    added(desk, value=MAIL.format(0))
    added(desk, value="marker-unknown@example.com")
    approver = desk_of(desk.store, Role.APPROVER, name="approver")
    export = exported(desk, approver)
    with pytest.raises(NotPossible):
        suppression_exports.fetch(desk, export, key=new_id())
    for other in (desk_of(desk.store, Role.APPROVER, name="other"), desk_of(desk.store, Role.DPO, name="steward")):
        with pytest.raises(NotAllowed):
            suppression_exports.approve(other, export, key=new_id())
    with pytest.raises(StepUpNeeded):
        suppression_exports.approve(
            desk_of(desk.store, Role.APPROVER, name="approver", stepped_up=False), export, key=new_id())
    suppression_exports.approve(approver, export, key=new_id())
    with pytest.raises(NotAllowed):
        suppression_exports.fetch(desk_of(desk.store, Role.STEWARD, name="another"), export, key=new_id())
    text = suppression_exports.fetch(desk, export, key=new_id()).content.decode()
    assert MAIL.format(0) in text
    assert "marker-unknown" in text, "a mailer must stop it though nobody here is known by it"
    with pytest.raises(NotPossible):
        suppression_exports.fetch(desk, export, key=new_id())


def test_an_approval_of_yesterday_delivers_nothing(desk):
    added(desk)
    approver = desk_of(desk.store, Role.APPROVER, name="approver")
    export = exported(desk, approver)
    suppression_exports.approve(approver, export, key=new_id())
    late = desk_of(desk.store, Role.STEWARD, name="steward", now=NOW + timedelta(hours=25))
    with pytest.raises(NotPossible):
        suppression_exports.fetch(late, export, key=new_id())


def consents(desk, *rows):
    text = "customer_id,purpose,channel,given,at,text_version,source\n" + "\n".join(rows)
    return imports.import_consents(desk, text.encode(), key=new_id())


def test_a_consent_from_a_file_ends_no_objection(desk):
    import_people(desk.store, 1)
    first = consents(desk, "c0,newsletter,email,true,2020-01-01T00:00:00,v1,form", "c0,newsletter,email,false,2021-01-01T00:00:00,,")
    assert (first.added, first.rejects) == (2, [])
    again = consents(
        desk, "c0,newsletter,email,true,2020-06-01T00:00:00,,", "c0,newsletter,email,true,2022-01-01T00:00:00,,",
        "c0,newsletter,email,true,2023-01-01T00:00:00,v2,form", "c0,survey,email,true,2022-01-01T00:00:00,,",
    )
    assert (again.added, [row for row, _ in again.rejects], [row for row, _, _ in again.warnings]) == (3, [2], [3])


def test_the_page_lists_no_value_and_no_hash(desk):
    added(desk)
    (row,) = suppression_list.list_entries(desk, suppression_list.Listed("objection"))
    assert VALUE not in str(row)
    assert "h" not in row
    assert row["number"].startswith("S-")


def test_what_kept_an_erased_person_out_is_deleted_on_its_day(desk):
    added(desk, "do_not_import", review_on=date(2027, 1, 1))
    worker = desk_of(desk.store, Role.WORKER, now=NOW.replace(year=2027, month=1, day=2))
    assert suppression_list.forget_expired(desk_of(desk.store, Role.WORKER)) == 0
    assert suppression_list.forget_expired(worker) == 1
