"""The whole board at a hundred thousand requests, against one bare scan of the columns it reads, SQLite and pandas."""

import sqlite3
from datetime import timedelta

import pandas as pd
import pytest

from core.actions.cases import queue
from core.actions.oversight import board as boards
from core.actions.oversight.board import Chosen
from core.actions.oversight.history import history
from core.law.roles import Role
from tests.actions.oversight.requests_made_up import CASES, REQUESTS, fill, made_up
from tests.bench.times import medians_ms
from tests.conftest import NOW, desk_of

pytestmark = pytest.mark.bench
COUNT = 100_000
SCAN = """
select count(kind), count(state), count(owner_id), max(received_at), max(final_due), max(due_end), count(clock_state), max(sent_at),
    max(closed_at), count(closing), count(case_ref), count(plan_id) from requests
"""
OPEN = """
select kind, owner_id, final_due, case when sent_at is not null then 'sent' when clock_state = 'paused' then 'paused'
    when final_due < :today then 'overdue' else 'later' end as band, count(*)
from requests where state <> 'closed' group by 1, 2, 3, 4
"""
ENDED = """
select kind, closing, sum(coalesce(sent_at, closed_at) < due_end), count(*) from requests
where state = 'closed' and closed_at >= :since group by 1, 2
"""
FLOW = """
select day, sum(r), sum(a), sum(c) from (
    select date(received_at) as day, 1 as r, 0 as a, 0 as c from requests
    union all select date(sent_at), 0, 1, 0 from requests where sent_at is not null
    union all select date(closed_at), 0, 0, 1 from requests where closed_at is not null
) group by day
"""


def filled(store, seed):
    """Put the requests into the store and return them as a frame."""
    frame = pd.DataFrame(made_up(COUNT, seed)).assign(sealed=False)
    fill(store, [(frame, CASES), (frame, REQUESTS)])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("received_at", "sent_at", "closed_at", "due_end")})


def in_pandas(frame):
    running, closed = frame[frame["state"] != "closed"], frame[frame["state"] == "closed"]
    return (
        running.groupby(["kind", "owner_id", "final_due", "clock_state"], dropna=False).size(),
        closed.groupby(["kind", "closing"]).size(), frame["received_at"].dt.normalize().value_counts(),
        frame["sent_at"].dt.normalize().value_counts(), frame["closed_at"].dt.normalize().value_counts(),
        (frame["sent_at"].dt.normalize() - frame["received_at"].dt.normalize()).dt.days.quantile([0.5, 0.9]),
    )


def test_the_whole_board_within_twenty_scans(store, tmp_path, capsys):
    frame = filled(store, seed=7)
    lite = sqlite3.connect(tmp_path / "lite.db")
    frame.astype(str).replace({"NaT": None, "None": None, "nan": None}).to_sql("requests", lite, index=False)
    lite.execute("create index by_state on requests (state)")
    asked = {"today": str(NOW.date()), "since": str(NOW - timedelta(days=90))}
    desk, chosen = desk_of(store, Role.MANAGER), Chosen(since=NOW.date() - timedelta(days=90))
    with store.transaction() as tx:
        ours, scan, theirs, panda = medians_ms(
            lambda: boards.board(desk, chosen), lambda: tx._cursor.execute(SCAN).fetchall(),
            lambda: [lite.execute(each, asked).fetchall() for each in (OPEN, ENDED, FLOW)], lambda: in_pandas(frame),
            runs=10, warm=2,
        )
    lite.close()
    with capsys.disabled():
        print(f"\nthe board at {COUNT:,} requests: {ours:.0f} ms = {ours / scan:.1f} x one scan of its columns ({scan:.1f} ms) = "
              f"{ours / theirs:.2f} x three of its statements in SQLite ({theirs:.0f} ms) = {ours / panda:.2f} x pandas, in memory "
              f"({panda:.0f} ms)")
    assert ours / scan <= 20


MOVES = """
insert into request_moves (id, request_id, from_state, to_state, step, account_id, happened_at)
select r.id || n.n, r.id, ['received', 'in_progress', 'ready_to_send'][n.n], 'in_progress', ['start', 'approve', 'send'][n.n], 'x',
    r.received_at + interval 5 day * n.n
from requests r, (select unnest([1, 2, 3]) as n) as n
"""
SCAN_OF_MOVES = "select count(request_id), count(step), count(from_state), max(happened_at) from request_moves"


def test_the_board_over_time_within_twenty_five_scans(store, capsys):
    filled(store, seed=8)
    with store.transaction() as tx:
        tx._cursor.execute(MOVES)
        store.commit(tx)
    desk, chosen = desk_of(store, Role.MANAGER), Chosen(since=NOW.date() - timedelta(days=90))
    with store.transaction() as tx:
        ours, scan = medians_ms(
            lambda: history(desk, chosen),
            lambda: (tx._cursor.execute(SCAN).fetchall(), tx._cursor.execute(SCAN_OF_MOVES).fetchall()),
        )
    with capsys.disabled():
        print(f"\nthe board over time at {COUNT:,} requests and {3 * COUNT:,} moves: {ours:.0f} ms "
              f"= {ours / scan:.1f} x one scan of both ({scan:.1f} ms)")
    assert ours / scan <= 25



def test_the_queue_by_its_safe_starts_within_twenty_of_it_by_last_days(store, capsys):
    filled(store, seed=9)
    with store.transaction() as tx:
        tx._cursor.execute(MOVES)
        store.commit(tx)
    desk = desk_of(store, Role.MANAGER)
    safe, plain = medians_ms(
        lambda: queue.list_requests(desk, order="start"), lambda: queue.list_requests(desk), runs=10, warm=2
    )
    with capsys.disabled():
        print(f"\nthe queue by its latest safe starts at {COUNT:,} requests and {3 * COUNT:,} moves: {safe:.0f} ms "
              f"= {safe / plain:.1f} x the queue by its last days ({plain:.0f} ms)")
    assert safe / plain <= 20
