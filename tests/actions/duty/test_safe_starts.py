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
from core.law.clock.safe_start import ASSUMED, stages_left
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
SINCE = datetime(2025, 11, 22, 23)  # midnight in Berlin, a year before
MOVES = """
insert into request_moves (id, request_id, from_state, to_state, step, account_id, happened_at)
select id, request_id, from_state, 'x', step, 'x', happened_at from incoming
"""


EXTENSIONS = """
insert into extensions (id, request_id, case_ref, state, grounds, facts, letter_id, prepared_by, prepared_at, told_on, version)
select id, id, id, 'told', 'number', ''::blob, 'x', 'x', '2026-01-01', $told, 1 from requests
where cast(substr(id, 2) as integer) % 7 = $place
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
         "from_state": ["received", "in_progress", "awaiting_approval", "carrying_out", "ready_to_send"][(number + number // count) % 5],
         "step": [*(each.value for each in DONE), *["send"] * 8, "close", "withdraw", "close_answered", "revise", "came_back"][number % 26],
         "happened_at": NOW - timedelta(days=(number * 37) % 500, hours=number % 7, minutes=number % 59)}
        for number in range(3 * count)
    ])
    fill(store, [(rows, CASES), (rows, REQUESTS), (asked[["id", "request_id", "asked_on", "answered_on"]], PAUSES), (moves, MOVES)])
    with store.transaction() as tx:
        tx._cursor.execute("update requests set safe_due = $day where clock_state = 'paused'", {"day": TODAY + 9 * DAY})
        for told in (TODAY, None):
            tx._cursor.execute(EXTENSIONS, {"told": told, "place": 3 if told else 4})
        store.commit(tx)
    return rows, moves


def paced(store):
    with store.transaction() as tx:
        of = {"since": SINCE, "steps": [each.value for each in DONE]}
        return Pace(tx.rows("pace.stages", **of), tx.rows("pace.rests", send="send", **of))


def test_our_pace_is_what_nine_of_ten_took_in_the_last_year(store):
    rows, moves = filled(store)
    pace, done = paced(store), [each.value for each in DONE]
    moves = moves.merge(rows[["id", "kind", "received_at"]].rename(columns={"id": "request_id"}), on="request_id")
    with store.transaction() as tx:
        late = set(tx._cursor.execute("select request_id from pauses union select request_id from extensions where told_on is not null"
                                      ).fetchdf()["request_id"])
    assert late, "nothing whose clock was moved"
    moves = moves[~moves["request_id"].isin(late)].sort_values(["happened_at", "id"])
    before = moves.groupby("request_id")["happened_at"].shift()
    moves["days"] = (moves["happened_at"] - before.fillna(moves["received_at"])).dt.total_seconds() / 86400
    sent = moves[moves["step"] == "send"].groupby("request_id")["happened_at"].min()
    moves["sent"] = moves["request_id"].map(sent)
    worked = moves[moves["step"].isin(done)]
    ours = worked[worked["happened_at"] >= SINCE]
    on_the_way = worked[(worked["sent"] >= SINCE) & (worked["happened_at"] <= worked["sent"])]
    first = on_the_way.groupby(["request_id", "kind", "from_state"]).agg({"happened_at": "min", "sent": "first"}).reset_index()
    first["days"] = (first["sent"] - first["happened_at"]).dt.total_seconds() / 86400

    def ninth(frame, kind, state):
        own, every = frame[(frame["kind"] == kind) & (frame["from_state"] == state)], frame[frame["from_state"] == state]
        counted = own if len(own) >= 5 else every
        return np.percentile(counted["days"], 90), len(own)

    few = enough = 0
    for kind in Kind:
        for state in (State.RECEIVED, State.IN_PROGRESS, State.AWAITING_APPROVAL):
            left = stages_left(state, kind)
            stages = [ninth(ours, kind, each) for each in left[1:]]
            rest, number = ninth(first, kind, state)
            few, enough = few + (number < 5), enough + (number >= 5)
            took, assumed = pace.of(kind, left)
            assert took == pytest.approx([each * rest / sum(days for days, _ in stages) for each, _ in stages]), (kind, state)
            assert sum(took) == pytest.approx(rest)
            assert not assumed
    assert few, "no right that takes the days of all"
    assert enough, "no right that has days of its own"
    assert MEASURED.days == 365


def test_what_was_not_left_often_enough_is_assumed_and_said():
    left = (State.AWAITING_APPROVAL, State.CARRYING_OUT, State.READY_TO_SEND)
    assert Pace([], []).of(Kind.ACCESS, left) == ([1.0, 1.0], True)
    four, five = ({"kind": None, "state": "carrying_out", "number": number, "ninth": 9.0} for number in (4, 5))
    send = {"kind": "access", "state": "ready_to_send", "number": 5, "ninth": 3.0}
    rest = {"kind": None, "state": "awaiting_approval", "number": 5, "ninth": 4.0}
    assert Pace([four, send], [rest]).of(Kind.ACCESS, left) == ([1.0, 3.0], True), "an assumed stage is not shared into what was measured"
    assert Pace([five, send], []).of(Kind.ACCESS, left) == ([9.0, 3.0], False)
    assert Pace([five, send], [rest]).of(Kind.ACCESS, left) == ([3.0, 1.0], False), "the whole way, shared by what each took"
    assert Pace([five, send], [rest]).of(Kind.ERASURE, left) == ([9.0, 1.0], True)
    assert Pace([], []).of(Kind.ACCESS, (State.READY_TO_SEND,)) == ([], False)
    nothing = [{**five, "ninth": 0.0}, {**send, "ninth": 0.0}]
    assert Pace(nothing, [rest]).of(Kind.ACCESS, left) == ([0.0, 0.0], False)
    assert set(ASSUMED) == {State.IN_PROGRESS, *left}


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
    assert sum(row.safe is not None and row.standing.level == "paused" for row in by_start) > 10
    assert all(row.safe is None for row in by_start[len(safe):]), "what no day is known of comes last"
    assert all((row.safe is None) == (row.standing.level == "sent" or (row.due or row.safe_due) is None) for row in by_start)
    assert all(row.safe is None for row in plain)
    for row in by_start[:len(safe)]:
        assert row.safe.start.day <= row.safe.start.ready <= (row.safe_due if row.standing.level == "paused" else row.due)
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
    assert (gap.first, gap.last, gap.requests, gap.why, gap.before) == (date(2026, 12, 21), date(2026, 12, 21), 1, "away", date(2026, 12, 18))
    absences.end(manager, away[0], key=key())
    assert alarms.unattended(manager) == [], "one is enough"
    absences.shut(manager, TODAY, date(2026, 12, 23), key=key())
    gap, = alarms.unattended(manager)
    assert (gap.why, gap.before) == ("shut", None)
    assert alarms.unattended(desk_of(waiting.store, Role.ANALYST)) == []
    with pytest.raises(NotAllowed):
        alarms.unattended(desk_of(waiting.store, Role.ADMINISTRATOR))


def changed(walk, statement, **values):
    with walk.store.transaction() as tx:
        tx._cursor.execute(statement, values)
        walk.store.commit(tx)


def test_a_last_day_that_an_authority_set_on_a_sunday_is_an_alarm(waiting):
    manager = desk_of(waiting.store, Role.MANAGER, name="manager")
    changed(waiting, "update requests set final_due = $day where id = $id", day=date(2026, 12, 6), id=waiting.request_id)
    gap, = alarms.unattended(manager)
    assert (gap.first, gap.why, gap.before) == (date(2026, 12, 6), "rest", date(2026, 12, 4))
    absences.shut(manager, date(2026, 12, 2), date(2026, 12, 4), key=key())
    gap, = alarms.unattended(manager)
    assert (gap.why, gap.before) == ("rest", date(2026, 12, 1))


def test_a_desk_on_which_nobody_handles_requests_has_every_last_day_as_an_alarm(waiting):
    changed(waiting, "update account_roles set ended_at = $now where role in ('steward', 'dpo')", now=NOW - timedelta(days=1))
    gap, = alarms.unattended(desk_of(waiting.store, Role.MANAGER, name="manager"))
    assert (gap.first, gap.why, gap.before) == (date(2026, 12, 21), "nobody", None)


def test_what_is_sent_paused_or_far_off_is_no_alarm(waiting):
    manager = desk_of(waiting.store, Role.MANAGER, name="manager")
    absences.shut(manager, date(2026, 12, 21), date(2027, 2, 28), key=key())
    assert len(alarms.unattended(manager)) == 1
    for change in ("sent_at = '2026-11-23'", "clock_state = 'paused'", "state = 'closed'", "final_due = '2027-02-01'"):
        before = "sent_at = null, clock_state = 'running', state = 'awaiting_approval', final_due = '2026-12-21'"
        changed(waiting, f"update requests set {change} where id = $id", id=waiting.request_id)
        assert alarms.unattended(manager) == [], change
        changed(waiting, f"update requests set {before} where id = $id", id=waiting.request_id)
    assert len(alarms.unattended(manager)) == 1
