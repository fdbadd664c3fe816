"""The log to read: sentences, filters, pages, pseudonyms, and the name behind one."""

from datetime import date, timedelta

import pytest

from core.actions.cases import intake
from core.actions.desk import things
from core.actions.desk.act import act
from core.actions.desk.desk import worker_desk
from core.actions.oversight import logbook
from core.actions.oversight.logbook import Filters
from core.law.acts import ACTS, Act
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import new_id
from tests.conftest import NOW, desk_of

SUBJECT, CASE = "0f" * 16, "1e" * 16


@pytest.fixture
def dpo(store):
    return desk_of(store, Role.DPO, name="dpo")


def note(desk):
    with act(desk, Act.CASE_NOTE) as now:
        now.case = CASE


@pytest.fixture
def written(store):
    """Three entries: a person opened, a note, a refusal."""
    steward = desk_of(store, Role.STEWARD)
    with act(steward, Act.PERSON_OPEN, things.person(SUBJECT), purpose="request"):
        pass
    note(steward)
    with pytest.raises(NotAllowed), act(desk_of(store, Role.MANAGER), Act.CASE_NOTE, things.case(CASE)):
        pass
    return steward


def acts_of(page):
    return [row.act for row in page.rows]


def test_entries_are_sentences_newest_first(written, dpo):
    page = logbook.list_entries(dpo)
    assert acts_of(page) == ["case.note", "case.note", "person.open"]
    opened = page.rows[-1]
    assert opened.sentence == ACTS[Act.PERSON_OPEN].sentence
    assert (opened.effect, opened.subject_ref, opened.purpose) == ("viewed", SUBJECT, "Handling a request")
    assert opened.happened_at.tzinfo is not None
    assert page.total == 3


@pytest.mark.parametrize(("filters", "expected"), [
    (Filters(outcome="refused"), ["case.note"]),
    (Filters(outcome="done"), ["case.note", "person.open"]),
    (Filters(outcome="failed"), []),
    (Filters(effect="viewed"), ["person.open"]),
    (Filters(effect="edited"), ["case.note"]),  # what was refused edited nothing
    (Filters(act="person.open"), ["person.open"]),
    (Filters(case=CASE), ["case.note", "case.note"]),
    (Filters(case=logbook.short(CASE)), ["case.note", "case.note"]),  # as the page shows it
    (Filters(case="00" * 4), []),
    (Filters(actor_ref="actor-some", act="person.open"), ["person.open"]),
    (Filters(actor_ref="ctor-somebody"), []),
    (Filters(subject_ref=SUBJECT), ["person.open"]),
    (Filters(subject_ref="00" * 16), []),
    (Filters(actor_ref="actor-somebody", act="case.note"), ["case.note", "case.note"]),
    (Filters(since=NOW.date(), until=NOW.date()), ["case.note", "case.note", "person.open"]),
    (Filters(until=NOW.date() - timedelta(days=1)), []),
    (Filters(since=NOW.date() + timedelta(days=1)), []),
])
def test_filters(written, dpo, filters, expected):
    page = logbook.list_entries(dpo, filters)
    assert acts_of(page) == expected
    assert page.total == len(expected)
    assert sum(count for _, _, count in page.days) == len(expected)


@pytest.mark.parametrize(("filters", "field"), [
    (Filters(since=date(2026, 2, 2), until=date(2026, 2, 1)), "until"), (Filters(outcome="x"), "outcome"),
    (Filters(effect="x"), "effect"), (Filters(subject_ref="jo@example.com"), "subject_ref"),
    (Filters(actor_ref="' or 1=1 --"), "actor_ref"), (Filters(act="x y"), "act"),
])
def test_a_filter_that_cannot_be_read_is_a_sentence(written, dpo, filters, field):
    with pytest.raises(Invalid) as refused:
        logbook.list_entries(dpo, filters)
    assert refused.value.field == field


def test_a_day_is_a_day_of_the_establishment(store, dpo):
    """23:30 UTC on the 1st is the 2nd in Berlin, in the filter and in the chart alike."""
    late = desk_of(store, Role.STEWARD, now=NOW.replace(month=7, day=1, hour=23, minute=30))
    note(late)
    assert acts_of(logbook.list_entries(dpo, Filters(since=date(2026, 7, 2), until=date(2026, 7, 2)))) == ["case.note"]
    assert acts_of(logbook.list_entries(dpo, Filters(until=date(2026, 7, 1)))) == []
    assert logbook.list_entries(dpo, Filters(act="case.note")).days == ((date(2026, 7, 2), "done", 1),)


def test_an_analyst_reads_pseudonyms_where_a_dpo_reads_the_reference_of_a_case(store, dpo):
    steward = desk_of(store, Role.STEWARD)
    made = intake.take_in(
        steward, intake.Intake(("access",), "email", NOW.date(), email="m@example.com", body="My data."), key=new_id()
    )
    shown = {
        role: next(row.case for row in logbook.list_entries(desk).rows if row.act == "case.take_in")
        for role, desk in ((Role.DPO, dpo), (Role.ANALYST, desk_of(store, Role.ANALYST)))
    }
    assert shown == {Role.DPO: made.reference, Role.ANALYST: logbook.short(made.case_ref)}
    assert logbook.list_entries(dpo, Filters(case=made.reference)).rows
    for reference in (made.reference, "RD-2026-999999-9"):  # the same for one that there is and one that there is not
        with pytest.raises(Invalid, match="Filter by the pseudonym") as told:
            logbook.list_entries(desk_of(store, Role.ANALYST), Filters(case=reference))
        assert told.value.field == "case"
    assert logbook.list_entries(desk_of(store, Role.ANALYST), Filters(case=logbook.short(made.case_ref))).rows


def test_reruns_write_no_more_and_another_person_writes_one(written, dpo, store):
    for _ in range(3):
        logbook.list_entries(dpo)
    assert store.tip.count == 4
    for _ in range(2):
        logbook.list_entries(dpo, Filters(subject_ref=SUBJECT))
    assert store.tip.count == 5
    logbook.list_entries(dpo, Filters(subject_ref="00" * 16))
    assert store.tip.count == 6


def test_pages_do_not_overlap(store, dpo):
    steward = desk_of(store, Role.STEWARD)
    for _ in range(logbook.PAGE + 3):
        note(steward)
    first, second = logbook.list_entries(dpo, Filters(act="case.note")), logbook.list_entries(
        dpo, Filters(act="case.note"), 2)
    assert (len(first.rows), len(second.rows), first.total) == (logbook.PAGE, 3, logbook.PAGE + 3)
    assert not {row.seq for row in first.rows} & {row.seq for row in second.rows}


def test_an_entry_whose_act_is_gone_prints_its_code(store, dpo):
    with store.transaction() as tx, store.writing():
        tx.run(
            "log.append", chain=store.chain, seq=0, happened_at=NOW, actor_ref="a", sign_in_ref=None, role="steward",
            act="old.act", outcome="done", subject_ref=None, case_ref=None, request_ref=None, object_kind=None,
            object_id=None, purpose_code="gone", words_hash=None, details="{}", prev=bytes(32), hash=bytes(32),
        )
        store.commit(tx)
        store.tip.at = (1, store.tip.head)
    (row,) = logbook.list_entries(dpo, Filters(act="old.act")).rows
    assert (row.sentence, row.purpose) == ("old.act", "gone")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.DPO, Role.ANALYST}])
def test_others_see_no_log(store, role):
    with pytest.raises(NotAllowed):
        logbook.list_entries(desk_of(store, role))


def test_a_name_opens_for_a_dpo_with_a_purpose_only(written, store, dpo):
    with store.transaction() as tx:
        tx.run(
            "accounts.add", id="x", actor_ref="actor-somebody", sign_in_name="x", name="Marker Person",
            password_hash=None, now=NOW, made_by="test",
        )
        store.commit(tx)
    shown = logbook.list_entries(dpo)
    assert "Marker Person" not in repr(shown)
    assert logbook.open_actor(dpo, "actor-somebody", purpose="complaint") == "Marker Person"
    entry = logbook.list_entries(dpo, Filters(act="log.actor")).rows[0]
    assert (entry.purpose, entry.effect) == ("Complaint", "viewed")
    with pytest.raises(Invalid):
        logbook.open_actor(dpo, "actor-somebody", purpose="")
    with pytest.raises(NotAllowed):
        logbook.open_actor(desk_of(store, Role.ANALYST), "actor-somebody", purpose="complaint")


def test_the_worker_and_the_operator_are_no_accounts(store, dpo):
    assert logbook.open_actor(dpo, worker_desk(store, NOW).person.actor_ref, purpose="quality") == "the desk's own worker"
    assert "operator" in logbook.open_actor(dpo, "operator:root", purpose="quality")
