"""One entry for one value: shown masked, opened in full by an act, annulled by two, and stopping without its key."""

from datetime import date

import pytest

from core.actions.cases import cases, intake
from core.actions.desk.act import act
from core.actions.people import imports
from core.actions.suppression import (
    annulments,
    suppression_entries,
    suppression_exports,
    suppression_files,
    suppression_list,
    suppressions,
)
from core.actions.suppression.suppression_list import Listed
from core.connectors import erased
from core.connectors.suppressed import Mark, enter, replay, standing, tokens
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.rights.suppression import Legal
from core.law.roles import Role
from core.store.engine import new_id
from core.store.keys import KeyKind
from core.store.ledger import ERASED
from tests.actions.conftest import MAIL, hold_role, import_people
from tests.conftest import NOW, desk_of

OLD, VALUE, EVIDENCE = "marker-old@example.com", "marker-listed+tag@example.com", "WHYMARKER the line belongs to another list"


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD, name="steward")


def added(desk, value=VALUE, **changes):
    return suppression_list.add(
        desk, "objection", "email", value, **({"since": date(2026, 11, 20), "key": new_id()} | changes)
    )


def listed(desk, state="objection", **only):
    return suppression_list.list_entries(desk, Listed(state, **only))


def stands(desk, value=VALUE):
    with desk.store.transaction() as tx:
        return bool(standing(tx, tokens(desk.store, "email", value), NOW.date()))


def second(desk, role=Role.APPROVER, name="second", **more):
    return desk_of(desk.store, role, name=name, **more)


def ask(desk, entry):
    return annulments.ask(desk, entry, EVIDENCE, version=1, key=new_id())


def acts(desk):
    with desk.store.transaction() as tx:
        return tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10**9)


def test_a_value_is_one_entry_however_many_forms_it_has_and_is_shown_masked(desk):
    added(desk)
    (row,) = listed(desk)
    assert row["value"].startswith("m")
    assert VALUE not in str(row)
    assert {"held_value", "told_value", "subject_ref", "h"} & set(row) == set()
    assert [each.entries for each in suppression_list.counts(desk) if each.state == "objection"] == [1]


def test_opening_shows_the_value_and_its_history_and_is_an_entry_of_the_log(desk):
    entry = added(desk, channels=["phone"], own_words="OWNMARKER do not ring")
    opened = suppression_entries.open_entry(desk, entry)
    assert opened.value == VALUE
    assert [(each.code, each.words) for each in opened.events] == [("since.desk", ""), ("words.limit", "OWNMARKER do not ring")]
    (last,) = [row for row in acts(desk) if row["act"] == Act.SUPPRESSION_OPEN.value]
    assert '"effect":"viewed"' in last["details"]
    assert not [row for row in acts(desk) if VALUE in str(row) or "OWNMARKER" in str(row)]
    with pytest.raises(NotAllowed):
        suppression_entries.open_entry(second(desk), entry)


@pytest.mark.parametrize(("only", "count"), [
    ({}, 2), ({"channel": "phone"}, 1), ({"channel": "post"}, 0), ({"purpose": "direct_marketing"}, 2), ({"purpose": "x"}, 0),
    ({"due": True}, 0), ({"ended": True}, 2),
])
def test_the_list_is_filtered_by_purpose_channel_and_what_is_due(desk, only, count):
    added(desk)
    added(desk, "other@example.com", channels=["phone"], own_words="do not ring")
    assert len(listed(desk, **only)) == count


def test_what_ends_within_two_weeks_is_due(desk):
    suppression_list.add(
        desk, "do_not_import", "email", VALUE, since=date(2026, 11, 20), review_on=date(2026, 12, 1), key=new_id()
    )
    assert len(listed(desk, "do_not_import", due=True)) == 1


def test_a_mistake_is_annulled_by_another_with_the_evidence_and_its_row_stays(desk):
    entry = added(desk)
    asked = ask(desk, entry)
    assert stands(desk), "it goes on stopping until it is decided"
    assert annulments.waiting(desk) == []
    assert [each.entry_id for each in annulments.waiting(second(desk))] == [entry]
    assert annulments.evidence_of(second(desk), asked) == EVIDENCE
    annulments.annul(second(desk), asked, key=new_id())
    assert not stands(desk)
    assert not stands(desk, "marker-listed@example.com"), "every form of it"
    assert listed(desk) == []
    (row,) = listed(desk, ended=True)
    assert row["end_ground"] == "annulled"
    assert {each.code for each in suppression_entries.open_entry(desk, entry).events} == {
        "since.desk", "annulment.asked", "annulment.annulled", "ended.annulled",
    }
    assert not [each for each in acts(desk) if "WHYMARKER" in str(each)]
    with desk.store.transaction() as tx:
        assert replay(desk.store, tx, desk.store.ledger.entries(), NOW) == 0, "a restore does not bring it back"
    with pytest.raises(NotPossible):
        annulments.annul(second(desk), asked, key=new_id())


def test_nobody_annuls_alone_without_evidence_or_without_a_step_up(desk):
    entry = added(desk)
    with pytest.raises(Invalid):
        annulments.ask(desk, entry, " ", version=1, key=new_id())
    with pytest.raises(Conflict):
        annulments.ask(desk, entry, EVIDENCE, version=2, key=new_id())
    asked = ask(desk_of(desk.store, Role.DPO, name="dpo"), entry)
    with pytest.raises(NotPossible, match="already"):
        ask(desk, entry)
    with pytest.raises(NotAllowed):
        annulments.annul(desk_of(desk.store, Role.DPO, name="dpo"), asked, key=new_id())
    with pytest.raises(NotAllowed):
        annulments.annul(desk, asked, key=new_id())
    with pytest.raises(StepUpNeeded):
        annulments.annul(second(desk, stepped_up=False), asked, key=new_id())
    assert stands(desk)
    annulments.keep(second(desk), asked, key=new_id())
    assert stands(desk)
    assert annulments.annulments(desk) == []
    ask(desk, entry)


@pytest.mark.parametrize("state", ["restriction", "deceased"])
def test_what_ends_by_a_rule_of_its_own_is_not_annulled(desk, state):
    added(desk)
    with desk.store.transaction() as tx:
        tx._cursor.execute("update suppressions set state = $state", {"state": state})
        desk.store.commit(tx)
    (row,) = listed(desk, state)
    with pytest.raises(NotPossible):
        ask(desk, row["id"])


def test_a_value_is_sealed_for_the_person_where_known_and_the_hash_outlives_the_key(desk):
    people = import_people(desk.store, 1)
    taken = intake.take_in(desk, intake.Intake(("objection_marketing",), "email", NOW.date(), email=VALUE, body="x"), key=new_id())
    with desk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=taken.case_ref)["version"]
    cases.decide_person(desk, taken.case_ref, people[0], version=version, key=new_id())
    values = {suppression_entries.open_entry(desk, row["id"]).value for row in listed(desk)}
    assert {VALUE, MAIL.format(0)} <= values
    desk.store.keys.destroy(KeyKind.SUBJECT, people[0])
    after = {suppression_entries.open_entry(desk, row["id"]).value for row in listed(desk)}
    assert VALUE in after, "what the message named stays with its case"
    assert MAIL.format(0) not in after
    assert stands(desk, MAIL.format(0)), "the keyed hash goes on stopping"
    assert [row["value"] for row in listed(desk)].count("") >= 1


def test_a_list_taken_in_leaves_the_desk_with_its_values(desk):
    """A mailer that gets the list must stop addresses of people whom no system here knows."""
    suppression_files.import_list(
        desk, f"{VALUE}\n".encode(), all_rows={"state": "objection", "kind": "email"}, key=new_id()
    )
    hold_role(desk.store, "account-second", Role.APPROVER)
    number = suppression_exports.ask(desk, "objection", "account-second", purpose="request", key=new_id())
    suppression_exports.approve(second(desk), number, key=new_id())
    content = suppression_exports.fetch(desk, number, key=new_id()).content.decode()
    lines = {line.split(",")[3] for line in content.splitlines()}
    assert {VALUE, "marker-listed@example.com"} <= lines, "each form of it, or the mailer goes on without the tag"


def test_what_only_a_restricted_person_holds_leaves_by_its_token_alone(desk):
    people = import_people(desk.store, 1)
    added(desk, MAIL.format(0))
    with desk.store.transaction() as tx:
        mark = Mark(
            Legal.OBJECTION, tokens(desk.store, "email", OLD)[0], "email", "direct_marketing", "all", "objection.request", NOW,
            "copied", None, people[0], value=OLD,
        )
        enter(desk.store, tx, [mark], NOW, NOW.date())
        tx.run("people.restrict", id=new_id(), subject=people[0], system="local", ground="18.1.a", case_ref=None, now=NOW)
        desk.store.commit(tx)
    hold_role(desk.store, "account-second", Role.APPROVER)
    number = suppression_exports.ask(desk, "objection", "account-second", purpose="request", key=new_id())
    suppression_exports.approve(second(desk), number, key=new_id())
    text = suppression_exports.fetch(desk, number, key=new_id()).content.decode()
    assert MAIL.format(0) not in text
    assert OLD not in text, "an address held before is the restricted person's too"


def test_rows_of_a_mere_list_say_nothing_that_cannot_hold_for_all(desk):
    with pytest.raises(Invalid):
        suppression_files.import_list(desk, b"a@x.example\n", all_rows={"value": "b@x.example"}, key=new_id())
    done = suppression_files.import_list(
        desk, b"e-mail,city\na@x.example,Bonn\nnone,Bonn\n",
        all_rows={"state": "withdrawal", "kind": "email", "channel": "email"}, key=new_id(),
    )
    assert (done.added, [row for row, _ in done.rejects]) == (1, [2])
    (row,) = listed(desk, "withdrawal")
    assert (row["purpose"], row["channel"]) == ("all", "email")


def test_imports_of_people_keep_the_values_of_what_they_carry_on(desk):
    people = import_people(desk.store, 1)
    taken = intake.take_in(
        desk, intake.Intake(("objection_marketing",), "email", NOW.date(), email=MAIL.format(0), body="x"), key=new_id()
    )
    with desk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=taken.case_ref)["version"]
    cases.decide_person(desk, taken.case_ref, people[0], version=version, key=new_id())
    imports.import_people(desk, b"customer_id,phone\nc0,+49 40 5550102\n", update=True, key=new_id())
    kinds = {row["kind"]: suppression_entries.open_entry(desk, row["id"]).value for row in listed(desk)}
    assert kinds["phone"] == "+49405550102"


def values_kept(desk):
    with desk.store.transaction() as tx:
        return tx._cursor.execute(
            "select count(*) from suppressions where held_value is not null or told_value is not null"
        ).fetchone()[0]


def test_an_erasure_takes_the_values_of_every_entry_those_that_ended_too(desk):
    """What the desk's own key opens outlives the person's: an annulled line of an old list must not keep their address."""
    people = import_people(desk.store, 2)
    annulments.annul(second(desk), ask(desk, added(desk, MAIL.format(0))), key=new_id())
    added(desk, MAIL.format(0).replace("@", "+x@"))
    added(desk, MAIL.format(1))
    before = values_kept(desk)
    with act(desk, Act.CASE_NOTE) as now:
        suppressions.after_erasure(desk, now, people[0], "case", wished=True)
    assert values_kept(desk) == 1 < before
    assert stands(desk, MAIL.format(0))
    assert {row["value"] for row in listed(desk, "do_not_import")} == {""}


def test_who_is_kept_out_after_an_erasure_leaves_a_hash_alone(desk):
    suppression_list.add(
        desk, "do_not_import", "email", VALUE, since=date(2026, 11, 20), review_on=date(2026, 12, 20), key=new_id()
    )
    assert values_kept(desk) == 0
    assert stands(desk)


def test_a_backup_brings_no_value_of_an_erased_person_back(desk):
    people = import_people(desk.store, 1)
    added(desk, MAIL.format(0))
    desk.store.ledger.add(ERASED, people[0], "", NOW)
    with desk.store.transaction() as tx:
        assert erased.replay(desk.store, tx, desk.store.ledger.entries(), NOW, restored=True) == [people[0]]
        desk.store.commit(tx)
    assert values_kept(desk) == 0
    assert stands(desk, MAIL.format(0))


def test_an_empty_cell_of_a_list_keeps_the_numbers_of_the_rows_below(desk):
    done = suppression_files.import_list(
        desk, b"email,city\n,Bonn\nnone,Bonn\na@x.example,Bonn\n", all_rows={"state": "objection", "kind": "email"}, key=new_id()
    )
    assert (done.added, [row for row, _ in done.rejects]) == (1, [1, 2])
