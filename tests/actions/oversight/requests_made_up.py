"""Made-up requests of every kind, near the edges of every band and of the end of a day in Berlin, put into a store at once."""

from datetime import datetime, timedelta
from random import Random

import pandas as pd
import pyarrow as pa

from core.actions.desk.teams import FACT
from core.law.ways import Kind
from core.law.workflow import Closing
from core.store.engine import Store
from tests.conftest import NOW

TODAY = NOW.date()
OWNERS = (None, "account-a", "account-b", "account-c")
CHANNELS = ("email", "post", "telephone", "counter", "account")
ENDINGS = [each.value for each in Closing]
CASES = """
insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_state, person, identity_state,
    sealed_to_names, version)
select "case", "case", min(received_at), min(received_at), min(channel), 'x', 'open', ''::blob, min(identity), bool_or(sealed), 1
from incoming group by "case"
"""
REQUESTS = """
insert into requests (id, case_ref, reference, kind, state, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, final_due, due_end, clock_state, sent_at, closed_at, closing, came_back_at, version)
select id, "case", id, kind, state, owner_id, received_at, 'eu_gdpr', '2018-05-25', 'DE', 'x', 'Europe/Berlin', final_due,
    due_end, clock_state, sent_at, closed_at, closing, came_back_at, 1 from incoming
"""
PAUSES = """
insert into pauses (id, case_ref, request_id, kind, asked_on, answered_on, reason, question)
select id, request_id, request_id, 'clarification', asked_on, answered_on, ''::blob, ''::blob from incoming
"""


def made_up(count: int, seed: int) -> list[dict]:
    """Return so many rows, each in a case of its own."""
    chance, rows = Random(seed), []
    for number in range(count):
        closed = chance.random() < 0.5
        paused, undated = chance.random() < 0.12, chance.random() < 0.06
        due = None if paused or undated else TODAY + timedelta(days=chance.choice([-40, -8, -1, 0, 1, 7, 8, 21, 22, 90]))
        end = None if due is None else datetime(due.year, due.month, due.day) + timedelta(hours=23)  # midnight in winter
        sent = chance.random() < (0.8 if closed else 0.2)
        around = end or NOW - timedelta(days=20)
        sent_at = min(around + chance.choice([
            timedelta(days=-9), timedelta(seconds=-1), timedelta(), timedelta(minutes=30), timedelta(days=3)
        ]), NOW) if sent else None
        rows.append({
            "id": f"r{number:06d}", "kind": chance.choice(list(Kind)).value, "state": "closed" if closed else
            chance.choice(["received", "in_progress", "awaiting_approval", "carrying_out", "ready_to_send"]),
            "owner_id": chance.choice(OWNERS), "final_due": due, "due_end": end,
            # near midnight in Berlin, in winter and in summer: the local day is another than that of the store
            "received_at": min(sent_at or NOW, NOW - timedelta(days=chance.choice([20, 60, 180, 420]))) - timedelta(
                hours=chance.choice([0, 9, 10, 11, 33]), minutes=chance.choice([0, 1, 59])),
            "clock_state": "paused" if paused else "running", "sent_at": sent_at,
            "closed_at": NOW - timedelta(days=chance.choice([0, 1, 89, 90, 91, 400])) if closed else None,
            "closing": chance.choice(ENDINGS) if closed else None,
            "came_back_at": NOW if chance.random() < 0.05 else None,
        })
        rows[-1] |= {
            "case": rows[-1]["id"], "sealed": number % 9 == 0, "channel": chance.choice(CHANNELS), "identity": chance.choice(["open", "proven", "failed"]),
            "asked": chance.choice([None, None, "answered", "open"]),
        }
    return rows


def tell_people(store: Store) -> None:
    """Let figures of single people be told, as a works agreement does."""
    with store.transaction() as tx:
        tx.run("store.put_fact", name=FACT, fact="The works agreement of this test")
        store.commit(tx)


def fill(store: Store, frames: list[tuple[pd.DataFrame, str]]) -> None:
    """Run each statement over its frame, which it reads as `incoming`; moments become moments whatever is missing."""
    with store.transaction() as tx:
        for frame, statement in frames:
            times = {name: pd.to_datetime(frame[name]) for name in frame if name.endswith("_at") or name == "due_end"}
            tx._cursor.register("incoming", pa.Table.from_pandas(frame.assign(**times)))
            tx._cursor.execute(statement)
            tx._cursor.unregister("incoming")
        store.commit(tx)
