"""The log to read: who did what, by pseudonyms, filtered and page by page; and the name behind one of them."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.actions.desk import things
from core.actions.desk.act import Now, act, found, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import Establishment, establishment
from core.actions.oversight.proof import export, verify
from core.audit.leaf import read_details
from core.law import references
from core.law.acts import ACTS, PURPOSES, Act, Effect, may
from core.law.errors import Invalid
from core.law.typed import check_day
from core.store.engine import Row

PAGE = 50
LONGEST_RANGE = 366  # days of one chart
OUTCOMES = {"done": "Done", "refused": "Refused", "failed": "Failed"}
EFFECTS = {effect.value: effect.value.capitalize() for effect in Effect if effect}
ACT_SENTENCES = {each.value: ACTS[each].sentence for each in Act}
QUARTER = 900  # seconds: every time zone of today stands a whole number of quarter hours from UTC
__all__ = [
    "ACT_SENTENCES", "EFFECTS", "OUTCOMES", "PAGE", "Filters", "LogPage", "LogRow", "export", "list_entries", "open_actor",
    "short", "verify",
]
_REFERENCE = re.compile(r"[0-9A-Za-z:_-]{1,80}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show: local days (both included), an act, how it ended, its effect, a case, a person, an actor."""

    since: date | None = None
    until: date | None = None
    act: str | None = None
    outcome: str | None = None
    effect: str | None = None
    case: str = ""  # the reference of a case, or its pseudonym, whole or as the page shows it
    subject_ref: str = ""
    actor_ref: str = ""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry as it is read: local time, the pseudonym of who acted, the sentence, and what it was done to."""

    seq: int
    happened_at: datetime
    actor_ref: str
    actor: str
    role: str
    act: str
    sentence: str
    outcome: str
    effect: str
    subject_ref: str
    case: str
    purpose: str
    details: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, how many entries fit the filters in all, and how many there were each day, by outcome."""

    rows: tuple[LogRow, ...]
    total: int
    days: tuple[tuple[date, str, int], ...]


@repeated
def list_entries(desk: Desk, filters: Filters | None = None, page: int = 1) -> LogPage:
    """Return a page of the log, the newest entry first. One look stands for 15 minutes and for one person filtered.

    Raises Invalid with the filter that cannot be read.
    """
    asked = filters or Filters()
    subject = asked.subject_ref.strip() or None
    known = _reference(subject, "subject_ref")
    with act(desk, Act.LOG_LOOK, things.pseudonym(known) if known else None, disclosure=True) as now:
        named = may(desk.person.roles, Act.LOG_ACTOR)
        wanted = _wanted(desk, now, asked, named=named)
        now.detail["filters"] = sorted(
            name for name in Filters.__slots__ if getattr(asked, name)
        )
        rows = now.tx.rows("logbook.page", first=max(page - 1, 0) * PAGE, size=PAGE, **wanted)
        total = found(now.tx.one("logbook.total", **wanted), "log")["total"]
        return LogPage(
            tuple(read_row(establishment(desk.store), row, named=named) for row in rows), int(total),
            _days(desk, now.tx.rows("logbook.quarters", **wanted)),
        )


@repeated
def open_actor(desk: Desk, actor_ref: str, *, purpose: str, words: str = "") -> str:
    """Return the name behind one pseudonym: for a Data Protection Officer, with a purpose, entered in the log."""
    known = _reference(actor_ref.strip() or None, "actor_ref")
    of = things.actor(known) if known else None
    with act(desk, Act.LOG_ACTOR, of, purpose=purpose, words=words, disclosure=True) as now:
        if known is None:
            raise Invalid("Choose whose name to open.", "actor_ref")
        if known == "worker":
            return "the desk's own worker"
        if known == "public":
            return "whoever held a package link"
        if known.startswith("operator:"):
            return "the operator of the machine"
        return str(found(now.tx.one("logbook.actor", actor_ref=known), "account")["name"])


def short(reference: str | None) -> str:
    """Return a pseudonym as people compare it by eye: its first eight characters.

    >>> short("0f3c9a72d1e84b6fb2a1c0d9e8f70615")
    '0f3c9a72'
    """
    if not reference or not re.fullmatch(r"[0-9a-f]{32}", reference):
        return reference or ""
    return reference[:8]


def _wanted(desk: Desk, now: Now, asked: Filters, *, named: bool) -> dict[str, Any]:
    days = days_between(establishment(desk.store), asked.since, asked.until)
    if asked.act is not None and not _REFERENCE.fullmatch(asked.act.replace(".", "_")):
        raise Invalid("There is no such act.", "act")
    if asked.outcome is not None and asked.outcome not in OUTCOMES:
        raise Invalid("Choose how it ended.", "outcome")
    if asked.effect is not None and asked.effect not in EFFECTS:
        raise Invalid("Choose what it did with personal data.", "effect")
    return {
        "chain": desk.store.chain, **days,
        "act": asked.act, "outcome": asked.outcome, "effect": asked.effect,
        "case_ref": _case(now, asked.case.strip(), named=named),
        "subject_ref": _reference(asked.subject_ref.strip() or None, "subject_ref"),
        "actor_ref": _reference(asked.actor_ref.strip() or None, "actor_ref"),
    }


def days_between(here: Establishment, since: date | None, until: date | None) -> dict[str, datetime | None]:
    """Return the bounds of local days, both included, as a query takes them. Raises Invalid for days in wrong order."""
    for name, day in (("since", since), ("until", until)):
        if day is not None:
            check_day(day, name, "the first day" if name == "since" else "the last day")
    if since and until and since > until:
        raise Invalid("The first day lies after the last.", "until")
    return {
        "since": _midnight(here.utc, since), "until": _midnight(here.utc, until + timedelta(days=1)) if until else None,
    }


def _midnight(utc: Any, day: date | None) -> datetime | None:
    return utc(datetime(day.year, day.month, day.day)) if day else None  # noqa: DTZ001 - local, made UTC by `utc`


def _case(now: Now, text: str, *, named: bool) -> str | None:
    if not text:
        return None
    if re.fullmatch(r"[0-9a-f]{8}|[0-9a-f]{32}", text):
        return text
    if not named:  # else the answer would tell which pseudonym a reference, and so a person, has
        raise Invalid("Filter by the pseudonym of a case, as the table shows it: its reference is for a DPO.", "case")
    row = now.tx.one("cases.by_reference", reference=references.read(text))
    return str(row["case_ref"]) if row else "none"


def _reference(text: str | None, name: str) -> str | None:
    if text is not None and not _REFERENCE.fullmatch(text):
        raise Invalid("A pseudonym has letters and digits only: copy it from the table.", name)
    return text


def read_row(here: Establishment, row: Row, *, named: bool) -> LogRow:
    """Return a stored entry as it is read; `named` says whether its case may stand by its reference."""
    details = dict(read_details(row["details"]))
    effect = str(details.pop("effect", ""))
    shown = ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in details.items())
    case = str(row["reference"]) if named and row["reference"] else short(row["case_ref"])
    return LogRow(
        int(row["seq"]), here.local(row["happened_at"]), row["actor_ref"] or "",
        short(row["actor_ref"]) or "somebody unknown", row["role"] or "", row["act"],
        str(ACT_SENTENCES.get(row["act"], row["act"])), row["outcome"], effect, row["subject_ref"] or "", case,
        PURPOSES.get(row["purpose_code"] or "", row["purpose_code"] or ""), shown,
    )


def _plain(value: Any) -> str:
    return "/".join(str(each) for each in value) if isinstance(value, tuple) else str(value)


def _days(desk: Desk, quarters: list[Row]) -> tuple[tuple[date, str, int], ...]:
    """Add the quarter hours up to days of the establishment: a day there is no day of UTC."""
    here, days = establishment(desk.store), Counter[tuple[date, str]]()
    for row in quarters:
        moment = datetime.fromtimestamp(int(row["quarter"]) * QUARTER, UTC).replace(tzinfo=None)
        days[here.local(moment).date(), row["ending"]] += int(row["entries"])
    last = max((day for day, _ in days), default=None)
    first = last - timedelta(days=LONGEST_RANGE) if last else None
    return tuple((day, ending, count) for (day, ending), count in sorted(days.items()) if first and day >= first)
