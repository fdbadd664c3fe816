"""How the work went, against an independent count in pandas over the same rows."""

from datetime import date, datetime, timedelta
from random import Random

import pandas as pd
import pytest

from core.actions.oversight import history as histories
from core.actions.oversight.board import Chosen
from core.actions.oversight.history import MONTHS, Span
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from tests.actions.oversight import counted
from tests.actions.oversight.requests_made_up import CASES, PAUSES, REQUESTS, TODAY, fill, made_up, tell_people
from tests.conftest import NOW, desk_of
from tests.grounds import ground

MOVE = """
insert into request_moves (id, request_id, from_state, to_state, step, account_id, happened_at)
select id, request_id, from_state, to_state, step, 'x', happened_at from incoming
"""
LETTER = """
insert into letters (id, case_ref, request_id, kind, language, drafted_at, drafted_by, body, sent_at)
select id, request_id, request_id, kind, 'en', '2026-01-01', 'x', ''::blob, sent_at from incoming
"""
APPROVAL = """
insert into approvals (id, request_id, case_ref, thing, thing_id, hash, asked_by, asked_at, approver_id, decision, decided_at, words_under)
select id, request_id, request_id, 'plan', 'x', 'x', 'x', asked_at, 'y', decision, decided_at, 'x' from incoming
"""
EXTENSION = """
insert into extensions (id, request_id, case_ref, state, grounds, facts, letter_id, prepared_by, prepared_at, told_on, version)
select id, request_id, request_id, 'told', 'number', ''::blob, 'x', 'x', '2026-01-01', told_on, 1 from incoming
"""
REFUSAL = """
insert into decisions (id, case_ref, request_id, act, item, granted, outcome, article, rule, profile, inputs, sentence, actor_ref, decided_at)
select id, request_id, request_id, act, '', outcome = 'refused', outcome, article, 'REF-1', 'x', '', '', 'x', decided_at from incoming
"""
CARRYING = """
insert into carryings (id, request_id, case_ref, plan_id, subject_ref, system, verb, state, started_at, ended_at, version)
select id, request_id, request_id, 'x', 'x', system, 'erase', state, ended_at, ended_at, 1 from incoming
"""
STEPS = (("received", "in_progress", "start"), ("in_progress", "awaiting_approval", "ask_approval"),
         ("awaiting_approval", "in_progress", "return"), ("in_progress", "ready_to_send", "approve"),
         ("ready_to_send", "ready_to_send", "send"), ("ready_to_send", "ready_to_send", "came_back"),
         ("ready_to_send", "closed", "close_answered"))


def parts_of(requests: list[dict], seed: int) -> dict[str, list[dict]]:
    """Return moves, letters, approvals, questions and extensions of the requests, some near midnight and near the edges."""
    chance = Random(seed)
    parts: dict[str, list[dict]] = {name: [] for name in (
        "moves", "letters", "approvals", "pauses", "extensions", "refusals", "carryings")}

    def add(part: str, request: dict, **values: object) -> None:
        parts[part].append({"id": f"{part}{len(parts[part]):07d}", "request_id": request["id"], **values})

    for request in requests:
        at = request["received_at"]
        for before, after, step in STEPS[: chance.randint(0, len(STEPS))]:
            at = min(at + timedelta(days=chance.choice([0, 1, 3, 30]), minutes=chance.randint(0, 1500)), NOW)
            add("moves", request, from_state=before, to_state=after, step=step, happened_at=at)
        for _ in range(chance.randint(0, 2)):
            sent = request["received_at"] + timedelta(hours=chance.choice([-30, 0, 1, 25, 60]))
            add("letters", request, kind=chance.choice(["receipt", "receipt", "answer"]),
                sent_at=sent if chance.random() < 0.8 else None)
        for _ in range(chance.randint(0, 2)):
            asked = min(request["received_at"] + timedelta(hours=chance.randint(1, 900)), NOW)
            decision = chance.choice(["approved", "given_back", None])
            add("approvals", request, asked_at=asked, decision=decision,
                decided_at=min(asked + timedelta(minutes=chance.randint(1, 9000)), NOW) if decision else None)
        if chance.random() < 0.3:
            asked_on = TODAY - timedelta(days=chance.choice([0, 29, 30, 31, 90, 91, 400]))
            add("pauses", request, asked_on=asked_on, answered_on=asked_on + timedelta(days=chance.randint(0, 20))
                if chance.random() < 0.7 else None)
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            outcome = chance.choice(["refused", "refused", "not_refused"])
            add("refusals", request, act=chance.choice(["refusal.approve", "refusal.prepare"]), outcome=outcome,
                article=chance.choice(["12(5)", "12(5)", "12(4)"]), decided_at=min(at + timedelta(days=chance.randint(0, 90)), NOW))
        for system in ("local", "another")[: chance.randint(0, 2)]:
            add("moves", request, from_state="in_progress", to_state="carrying_out", step="carry_out", happened_at=at)
            add("carryings", request, system=system, state=chance.choice(["done", "done", "failed"]),
                ended_at=min(at + timedelta(hours=chance.choice([0, 1, 30, 900])), NOW))
            if chance.random() < 0.4:  # handed back, and carried out once more
                add("moves", request, from_state="in_progress", to_state="carrying_out", step="carry_out",
                    happened_at=min(at + timedelta(hours=20), NOW))
        if chance.random() < 0.2:
            add("extensions", request, told_on=chance.choice([None, TODAY, TODAY - timedelta(days=90), TODAY - timedelta(days=91)]))
    return parts


@ground()
def long_worked(store):
    """Give a store with made-up requests and what was done with each, complaints in their cases among them, and the frames."""
    rows = made_up(700, seed=31)
    complaints = [
        {**row, "id": f"c{number:06d}", "kind": "complaint", "state": "received", "closed_at": None, "closing": None, "sent_at": None,
         "received_at": row["closed_at"] + timedelta(days=gap), "case": row["id"]}
        for number, row in enumerate(rows) if row["closed_at"] and number % 5 == 0
        and row["closed_at"] + timedelta(days=(gap := (0, 1, 89, 90, 91)[number % 25 // 5])) <= NOW
    ]
    parts = parts_of(rows, seed=32)
    frames = {name: pd.DataFrame(each) for name, each in parts.items()}
    frames["requests"] = pd.DataFrame(rows + complaints)
    fill(store, [
        (frames["requests"], CASES), (frames["requests"], REQUESTS), (frames["moves"], MOVE), (frames["letters"], LETTER),
        (frames["approvals"], APPROVAL), (frames["pauses"], PAUSES), (frames["extensions"], EXTENSION), (frames["refusals"], REFUSAL),
        (frames["carryings"], CARRYING),
    ])
    tell_people(store)
    return store, frames


@pytest.fixture
def rows(long_worked):
    """The rows of the store, exported anew."""
    return counted.rows_of(long_worked[0])


def told(store, *chosen):
    return histories.history(desk_of(store, Role.MANAGER), *chosen)


def test_every_month_is_that_of_pandas(long_worked, rows):
    store, frames = long_worked
    shown = told(store, Chosen())
    assert counted.differences(shown, counted.history(rows, Chosen(), TODAY)) == {}
    assert len(rows.requests) == len(frames["requests"])
    assert len(shown.months) == MONTHS == counted.MONTHS
    assert shown.months[-1].first == TODAY.replace(day=1)
    assert sum(bool(month.received) for month in shown.months) > 3
    assert shown.so_far > 0


@pytest.mark.parametrize("period", [30, 90, 365, 0])
def test_how_long_things_took_and_what_went_wrong_is_that_of_pandas(long_worked, rows, period):
    chosen = Chosen(since=TODAY - timedelta(days=period) if period else None)
    shown = told(long_worked[0], chosen)
    assert counted.differences(shown, counted.history(rows, chosen, TODAY)) == {}
    if not period:
        assert min(shown.given_back, shown.came_back, shown.entered_late, shown.extended, shown.complained) > 0
        assert set(shown.refused) == {"12(5)", "12(4)"}
        assert set(shown.systems) == {"Customer profiles", "another"}, "by its title, and by its code where it has none any more"


@pytest.mark.parametrize("chosen", [
    Chosen(right="access"), Chosen(owner=""), Chosen(channel="post"),
    Chosen(since=TODAY - timedelta(days=95), until=TODAY - timedelta(days=1)),
])
def test_a_filter_reaches_every_number(long_worked, rows, chosen):
    store, _ = long_worked
    whole, part = told(store, Chosen()), told(store, chosen)
    assert counted.differences(part, counted.history(rows, chosen, TODAY)) == {}
    for name in ("sent", "decided", "asked", "extended", "acknowledged"):
        few, many = getattr(part, name), getattr(whole, name)
        assert 0 < getattr(few, "number", few) < getattr(many, "number", many), name


def test_an_analyst_gets_months_of_five_and_more_and_nothing_else(long_worked):
    store, _ = long_worked
    whole, shown = told(store, Chosen()), histories.history(desk_of(store, Role.ANALYST), Chosen())
    for all_of, month in zip(whole.months, shown.months, strict=True):
        assert month.received == (all_of.received if all_of.received >= 5 else 0)
        assert month.ended == {code: number for code, number in all_of.ended.items() if number >= 5}
    assert (shown.stood, shown.decided, shown.asked, shown.closed, shown.so_far) == ({}, Span(), 0, 0, 0)
    with pytest.raises(Invalid, match="totals only"):
        histories.history(desk_of(store, Role.ANALYST), Chosen(right="access"))


def test_an_empty_desk_has_an_empty_history_and_who_may_not_look_none(store):
    shown = told(store, Chosen())
    assert all(month.received == 0 and not month.ended for month in shown.months)
    assert (shown.acknowledged, shown.stood, shown.decided, shown.told) == (Span(), {}, Span(), Span())
    with pytest.raises(NotAllowed):
        histories.history(desk_of(store, Role.MARKETER), Chosen())


def test_the_same_days_a_year_before_are_those_of_a_leap_year_too():
    assert histories._year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert datetime(2027, 2, 28).date() == histories._year_before(date(2028, 2, 28))
