"""One entry of the suppression list opened: its value in full, the person's own words, and what became of it since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.desk import things
from core.actions.desk.act import Now, act, repeated
from core.actions.desk.desk import Desk
from core.connectors.suppressed import value_of
from core.law.acts import Act
from core.law.errors import NotFound
from core.store.encryption import Cell, decrypt
from core.store.engine import Row


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an entry: when, as a code, by whom (an account, or nobody), with words, and until which day."""

    at: datetime
    code: str
    by: str | None = None
    words: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its value, where one is kept and its key still stands, and its history, the oldest first."""

    id: str
    value: str
    events: tuple[Event, ...]


@repeated
def open_entry(desk: Desk, entry_id: str) -> Entry:
    """Open one entry: the value in full and its history; entered in the log as a view."""
    with act(desk, Act.SUPPRESSION_OPEN, things.suppression(entry_id), disclosure=True) as now:
        row = now.at.row
        now.subject = row["subject_ref"]
        rows = now.tx.rows("suppression.of_entry", entry_ref=row["entry_ref"])
        value = next((text for each in rows if (text := value_of(desk.store, each))), "")
        return Entry(row["id"], value, tuple(sorted(_events(desk, now, row), key=lambda each: each.at)))


def _events(desk: Desk, now: Now, row: Row) -> Iterator[Event]:
    yield Event(row["started_at"], f"since.{row['source']}")
    for each in now.tx.rows("suppression.words_of", entry_ref=row["entry_ref"]):
        words = _text(desk, each, Cell("suppression_words", each["id"], "body"))
        yield Event(each["kept_at"], f"words.{each['kind']}", each["kept_by"], words)
    for each in now.tx.rows("suppression.lifts_of", suppression_id=row["id"]):
        words = _text(desk, each, Cell("restriction_lifts", each["id"], "reason"))
        yield Event(each["proposed_at"], "lift.proposed", each["proposed_by"], words)
        if each["informed_at"] is not None:
            yield Event(each["informed_at"], "lift.told")
        if each["decision"] is not None:
            yield Event(each["decided_at"], f"lift.{each['decision']}", each["decided_by"])
    for each in now.tx.rows("suppression.reviews_of", suppression_id=row["id"]):
        words = _text(desk, each, Cell("restriction_reviews", each["id"], "reason"))
        yield Event(each["reviewed_at"], "reviewed", each["reviewed_by"], words, each["to_day"])
    for each in now.tx.rows("suppression.annulments_of", entry_ref=row["entry_ref"]):
        words = _text(desk, each, Cell("suppression_annulments", each["id"], "evidence"))
        yield Event(each["asked_at"], "annulment.asked", each["asked_by"], words)
        if each["decision"] is not None:
            yield Event(each["decided_at"], f"annulment.{each['decision']}", each["decided_by"])
    if row["ended_at"] is not None:
        yield Event(row["ended_at"], f"ended.{row['end_ground']}", row["ended_by"])


def _text(desk: Desk, row: Row, cell: Cell) -> str:
    try:
        return decrypt(desk.store, row["case_ref"] or desk.store.chain, row[cell.column], cell)
    except NotFound:  # the key of the case was destroyed with it
        return ""
