"""The block in which an act happens."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest

from core.actions.desk import things
from core.actions.desk.act import act, look, repeated
from core.audit.chain import verify_chain
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, StepUpNeeded
from core.law.roles import Role
from tests.conftest import NOW, desk_of
from tests.faults.test_kill import log_rows


def entries(store):
    with store.transaction() as tx:
        return tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)


def test_a_done_act_is_entered_once_and_chained(store):
    desk = desk_of(store, Role.STEWARD)
    with act(desk, Act.CASE_NOTE) as now:
        now.detail["characters"] = 12
    with act(desk, Act.CASE_NOTE):
        pass
    first, second = entries(store)
    assert (first["act"], first["outcome"], first["seq"]) == ("case.note", "done", 0)
    assert second["prev"] == first["hash"]
    assert store.tip.count == 2


def test_a_refusal_is_entered_and_changes_nothing(store):
    desk = desk_of(store, Role.MANAGER)
    with pytest.raises(NotAllowed, match="manager"), act(desk, Act.CASE_NOTE, things.case("c1")):
        pytest.fail("the body must not run")
    (entry,) = entries(store)
    assert entry["outcome"] == "refused.not_allowed"


def test_a_fault_in_the_body_undoes_the_change_and_is_entered_without_its_text(store):
    desk = desk_of(store, Role.STEWARD)
    with pytest.raises(ZeroDivisionError), act(desk, Act.CASE_NOTE) as now:
        now.tx.run("store.put_fact", name="marker", fact="x")
        raise ZeroDivisionError("a person's value")
    (entry,) = entries(store)
    assert entry["outcome"] == "failed.zero_division_error"
    assert "value" not in str(entry)
    with store.transaction() as tx:
        assert "marker" not in {row["name"] for row in tx.rows("store.facts")}


def test_the_same_command_twice_is_done_once(store):
    desk = desk_of(store, Role.STEWARD)
    for _ in range(2):
        with act(desk, Act.CASE_NOTE, key="form-0001") as now:
            if now.earlier is None:
                now.result = "made"
    assert now.earlier == "made"
    assert len(entries(store)) == 1


def test_a_disclosure_stands_fifteen_minutes_for_the_same_person_purpose_and_sign_in(store):
    desk = desk_of(store, Role.STEWARD)

    def open_it(minutes=0, subject="s1", purpose="request", who=desk):
        later = type(desk)(who.store, who.person, NOW + timedelta(minutes=minutes))
        with act(later, Act.PERSON_OPEN, things.person(subject), purpose=purpose, disclosure=True):
            pass
        return len(entries(store))

    assert open_it() == 1
    # The mark of a disclosure is kept with its entry, so that within the time nothing more is entered.
    assert open_it(14) == 1
    assert open_it(14, purpose="quality") == 2
    assert open_it(14, subject="s2") == 3
    assert open_it(14, who=desk_of(store, Role.STEWARD, name="other")) == 4
    assert open_it(16) == 5


def test_an_act_that_needs_a_purpose_or_a_step_up_is_refused_without(store):
    with pytest.raises(Invalid, match="purpose"), act(desk_of(store, Role.DPO), Act.PERSON_OPEN, things.person("s")):
        pass
    with pytest.raises(StepUpNeeded), act(desk_of(store, Role.APPROVER, stepped_up=False), Act.RELEASE_APPROVE):
        pass


def test_a_look_enters_only_a_denial_and_only_once_a_session(store):
    with look(desk_of(store, Role.STEWARD), Act.QUEUE_LOOK):
        pass
    marketer = desk_of(store, Role.MARKETER)
    for _ in range(3):
        with pytest.raises(NotAllowed), look(marketer, Act.QUEUE_LOOK):
            pass
    assert [row["outcome"] for row in entries(store)] == ["refused.not_allowed"]


def test_sixteen_threads_write_one_unbroken_chain(store):
    desk = desk_of(store, Role.STEWARD)

    @repeated
    def note():
        with act(desk, Act.CASE_NOTE):
            pass

    threads = [threading.Thread(target=lambda: [note() for _ in range(20)]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = entries(store)
    assert [row["seq"] for row in rows] == list(range(320))
    assert all(later["prev"] == earlier["hash"] for earlier, later in pairwise(rows))


def test_many_subjects_of_one_act_are_entered_as_few_are(store):
    """Written together they are the same entries, each its own, in their order, and the chain joins up."""
    desk = desk_of(store, Role.STEWARD)
    for count in (3, 40):
        refs = [f"{count:016x}{number:016x}" for number in range(count)]
        with act(desk, Act.CASE_NOTE, things.draft("note"), words="typed") as now:
            now.case = "c1"
            now.subject, *now.others = refs
            now.detail["people"] = count
    few, many = entries(store)[:3], entries(store)[3:]
    assert [row["subject_ref"][16:] for row in (*few, *many)] == [f"{n:016x}" for n in (*range(3), *range(40))]
    varying = {"seq", "subject_ref", "details", "prev", "hash"}
    assert len({str({k: v for k, v in row.items() if k not in varying}) for row in (*few, *many)}) == 1
    assert many[0]["details"] == few[0]["details"].replace('"people":3', '"people":40')
    assert verify_chain(log_rows(store), chain=store.chain).ok
    with act(desk, Act.CASE_NOTE):
        pass
    assert verify_chain(log_rows(store), chain=store.chain).count == 44
