"""By when requests have to move on: our own pace against a count of its own, who is there, the order of the queue, the alarm."""

import csv
import io
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from core.actions.answers import approvals
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import queue
from core.actions.cases.queue import Only
from core.actions.desk.presence import Absence, Closure, Presence
from core.actions.duty import absences, alarms
from core.actions.duty.safe_starts import DONE, MEASURED, Duty, Pace, safe_starts
from core.law.clock.safe_start import ASSUMED
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.law.ways import Kind
from core.law.workflow import State
from core.store.datafiles import calendars
from tests.actions.duty.staff import STAFF, employ, key
from tests.actions.oversight.requests_made_up import CASES, PAUSES, REQUESTS, fill, made_up
from tests.conftest import NOW, desk_of
from tests.grounds import ground

TODAY, DAY = NOW.date(), timedelta(days=1)
MOVES = """
insert into request_moves (id, request_id, from_state, to_state, step, account_id, happened_at)
select id, request_id, from_state, 'x', step, 'x', happened_at from incoming
"""


def roles(**held):
    return {name: {role} for name, role in held.items()}


def presence(*away, shut=()):
    return Presence(
        tuple(Absence(f"{number}", who, TODAY + first * DAY, TODAY + last * DAY, deputy)
              for number, (who, first, last, deputy) in enumerate(away)),
        tuple(Closure(f"{number}", TODAY + first * DAY, TODAY + last * DAY) for number, (first, last) in enumerate(shut)),
    )


def days(*numbers):
    return frozenset(TODAY + number * DAY for number in numbers)


def test_who_can_handle_a_request_on_which_days():
    held = roles(ann=Role.STEWARD, bob=Role.STEWARD, cid=Role.APPROVER)
    duty = Duty(presence(("ann", 1, 3, "bob"), ("bob", 2, 2, None), ("cid", 0, 9, None)), held)
    assert duty.handling("ann") == days(2), "only while the deputy is away too"
    assert duty.handling("bob") == days(2)
    assert duty.handling(None) == days(2), "nobody's: the days on which everybody is away"
    assert duty.handling("gone") == days(2), "an owner who handles no requests any more is like none"
    alone = Duty(presence(("ann", 1, 3, "cid")), held)
    assert alone.handling("ann") == days(1, 2, 3), "an approver handles nothing for anybody"
    assert alone.handling(None) == days()
    assert Duty(presence(), {}).handling(None) == days()


def test_who_can_decide_on_which_days():
    held = roles(ann=Role.APPROVER, bob=Role.APPROVER, dpo=Role.DPO, cid=Role.STEWARD)
    duty = Duty(presence(("ann", 1, 4, None), ("bob", 3, 3, "cid"), ("dpo", 3, 3, None)), held)
    assert duty.deciding("ann", None, None) == days(1, 2, 3, 4)
    assert duty.deciding("ann", "bob", TODAY + 2 * DAY) == days(1, 3), "before the deputy's day, and while they are away"
    assert duty.deciding(None, None, None) == days(3), "while nobody was asked, any of them"


def filled(store, count=400, seed=3):
    rows = pd.DataFrame(made_up(count, seed))
    asked = rows.dropna(subset="asked").assign(
        request_id=lambda each: each["id"], asked_on=TODAY, answered_on=lambda each: each["asked"].map(
            {"open": None, "answered": TODAY})
    )
    moves = pd.DataFrame([
        {"id": f"m{number:06d}", "request_id": f"r{number % count:06d}",
         "from_state": ["received", "in_progress", "awaiting_approval", "carrying_out", "ready_to_send"][number % 5],
         "step": [*(each.value for each in DONE), "close", "withdraw", "close_answered", "revise", "came_back"][number % 18],
         "happened_at": NOW - timedelta(days=(number * 37) % 500, hours=number % 7, minutes=number % 59)}
        for number in range(3 * count)
    ])
    fill(store, [(rows, CASES), (rows, REQUESTS), (asked[["id", "request_id", "asked_on", "answered_on"]], PAUSES), (moves, MOVES)])
    return rows, moves


def test_our_pace_is_what_nine_of_ten_took_in_the_last_year(store):
    rows, moves = filled(store)
    since = datetime(2025, 11, 22, 23)  # midnight in Berlin
    with store.transaction() as tx:
        told = tx.rows("pace.stages", since=since, steps=[each.value for each in DONE])
        pace = Pace(told)
    order = moves.merge(rows[["id", "kind", "received_at"]], left_on="request_id", right_on="id").sort_values(["happened_at", "id_x"])
    before = order.groupby("request_id")["happened_at"].shift()
    order["days"] = (order["happened_at"] - before.fillna(order["received_at"])).dt.total_seconds() / 86400
    ours = order[(order["happened_at"] >= since) & order["step"].isin([each.value for each in DONE])]
    few = measured = 0
    for kind in Kind:
        for state in ASSUMED:
            own = ours[(ours["kind"] == kind) & (ours["from_state"] == state)]["days"]
            every = ours[ours["from_state"] == state]["days"]
            took = own if len(own) >= 5 else every
            few, measured = few + (len(own) < 5), measured + (len(own) >= 5)
            got, assumed = pace.days(kind, state)
            assert got == pytest.approx(np.percentile(took, 90)), (kind, state)
            assert not assumed
    assert few, "no right that takes the days of all"
    assert measured
    assert Pace([]).days(Kind.ACCESS, State.AWAITING_APPROVAL) == (3.0, True)
    four = [{"kind": None, "state": "carrying_out", "number": 4, "ninth": 9.0}]
    assert Pace(four).days(Kind.ACCESS, State.CARRYING_OUT) == (1.0, True)
    assert MEASURED.days == 365


def test_the_queue_in_the_order_of_the_latest_safe_start(store):
    filled(store)
    employ(store)
    manager = desk_of(store, Role.MANAGER, name="manager")
    by_start = [row for page in range(1, 13) for row in queue.list_requests(manager, page=page, order="start").rows]
    plain = [row for page in range(1, 13) for row in queue.list_requests(manager, page=page).rows]
    assert {row.id for row in by_start} == {row.id for row in plain}
    safe = [row.safe.start.day for row in by_start if row.safe]
    assert safe == sorted(safe)
    assert len(safe) > 50
    assert all(row.safe is None for row in by_start[len(safe):]), "what no day is known of comes last"
    assert all((row.safe is None) == (row.standing.level == "sent" or row.due is None) for row in by_start)
    assert all(row.safe is None for row in plain)
    for row in by_start[:len(safe)]:
        assert row.safe.start.day <= row.safe.start.ready <= row.due
        assert calendars().get("DE").works(row.safe.start.day)
    one = queue.list_requests(manager, right="access", only=Only(band="overdue"), order="start")
    assert one.total == queue.list_requests(manager, right="access", only=Only(band="overdue")).total > 0
    assert queue.list_requests(manager, view="closed", order="start").rows == queue.list_requests(manager, view="closed").rows
    far = queue.list_requests(manager, page=99, order="start")
    assert (far.rows, far.total) == ((), len(plain))
    with pytest.raises(Invalid, match="no such order"):
        queue.list_requests(manager, order="luck")


def test_the_list_has_the_day_and_why_it_is_not_later(store):
    filled(store, 60)
    manager = employ(store)
    absences.shut(manager, TODAY, TODAY + 400 * DAY - 35 * DAY, key=key())
    told = queue.fetch(manager, "view=open&order=start").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    shown = queue.list_requests(manager, order="start").rows
    assert [row["Reference"] for row in rows][:len(shown)] == [row.reference for row in shown]
    assert rows[0]["Latest safe start"] == shown[0].safe.start.day.isoformat()
    assert any("the desk is shut" in row["Days that do not count"] for row in rows)
    assert "Latest safe start" not in queue.fetch(manager, "view=open").content.decode("utf-8-sig")
    with pytest.raises(Invalid, match="no such order"):
        queue.fetch(manager, "order=luck")


def test_what_will_be_late_is_counted_and_the_first_of_it_listed(store):
    filled(store)
    manager = employ(store)
    with store.transaction() as tx:
        starts = safe_starts(manager, tx)
    found = queue.list_behind(manager)
    assert found.last == date(2026, 11, 30), "five working days after a Monday"
    assert found.behind == sum(each.number for each in starts.values() if each.start.day < TODAY) > 0
    assert found.soon == sum(each.number for each in starts.values() if TODAY <= each.start.day <= found.last) > 0
    every = [row for page in range(1, 13) for row in queue.list_requests(manager, page=page, order="start").rows]
    assert found.rows == tuple(row for row in every if row.safe and row.safe.start.day <= found.last)[:25]
    assert queue.list_behind(desk_of(store, Role.ANALYST)).behind == 0, "who sees totals in cells of five sees no list of days"


@ground("walk")
def waiting(walk):
    """Give a request that waits for an approver, its colleagues with accounts."""
    employ(walk.store)
    walk.prepare()
    walk.work()
    walk.ask(deputy_id="account-deputy", deputy_after_days=3)
    return walk


def safe(walk, desk):
    (row,) = queue.list_requests(desk, order="start").rows
    return row.safe


def test_an_approver_who_is_away_brings_the_day_forward_and_a_deputy_takes_it_back(waiting):
    manager = desk_of(waiting.store, Role.MANAGER, name="manager")
    due = waiting.row().final_due
    assert due == date(2026, 12, 21)
    assert (safe(waiting, manager).verb, safe(waiting, manager).start.day) == ("decide", date(2026, 12, 18))
    absence = absences.enter(manager, "account-approver", date(2026, 12, 14), date(2026, 12, 18), key=key())
    assert safe(waiting, manager).start.day == date(2026, 12, 18), "their deputy's time has come by then"
    absences.enter(manager, "account-deputy", date(2026, 12, 14), date(2026, 12, 18), key=key())
    found = safe(waiting, manager)
    assert found.start.day == date(2026, 12, 11)
    assert found.why == "the approver is away Mon 14 to Fri 18 Dec"
    absences.end(manager, absence, key=key())
    absences.enter(manager, "account-approver", date(2026, 12, 14), date(2026, 12, 18), "account-other", key=key())
    assert safe(waiting, manager).start.day == date(2026, 12, 18)
    assert waiting.row().final_due == due, "the legal date is never moved"


def test_once_decided_it_is_for_the_desk_and_the_sender(waiting):
    manager = desk_of(waiting.store, Role.MANAGER, name="manager")
    approvals.approve(waiting.approver, *_approval(waiting), key=key())
    assert safe(waiting, manager).verb == "carry out"
    waiting.work()
    found = safe(waiting, manager)
    assert (found.verb, found.start.day, found.assumed) == ("send", date(2026, 12, 21), False)


def _approval(walk):
    return RELEASE, approvals.open_of(walk.steward, walk.request_id)["id"]


def test_a_due_day_without_anybody_on_duty_is_an_alarm(waiting):
    manager = desk_of(waiting.store, Role.MANAGER, name="manager")
    assert alarms.unattended(manager) == []
    away = [
        absences.enter(manager, f"account-{name}", date(2026, 12, 19), date(2026, 12, 21), key=key())
        for name, role in STAFF.items() if role in {Role.STEWARD, Role.DPO}
    ]
    gap, = alarms.unattended(manager)
    assert (gap.first, gap.last, gap.requests, gap.shut, gap.before) == (date(2026, 12, 21), date(2026, 12, 21), 1, False, date(2026, 12, 18))
    absences.end(manager, away[0], key=key())
    assert alarms.unattended(manager) == [], "one is enough"
    absences.shut(manager, TODAY, date(2026, 12, 23), key=key())
    gap, = alarms.unattended(manager)
    assert (gap.shut, gap.before) == (True, None)
    assert alarms.unattended(desk_of(waiting.store, Role.ANALYST)) == []
    with pytest.raises(NotAllowed):
        alarms.unattended(desk_of(waiting.store, Role.ADMINISTRATOR))
