"""The queue: requests by reference, right, owner and days, never by name; on the screen by pages, as a file whole."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from core.actions.cases.clock import is_out
from core.actions.cases.intake import CHANNELS
from core.actions.desk.act import Now, act, look, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import local_day, moment_of, today_of
from core.actions.desk.teams import NO_TEAM, read_teams
from core.actions.duty.safe_starts import SafeStart, safe_starts
from core.documents.spreadsheet import write_csv
from core.law import references
from core.law.acts import Act
from core.law.clock.figures import LEFT_OUT, WAITS, Waits, standings
from core.law.clock.standing import BANDS, NEXT_DAYS, SOON_DAYS, Standing, standing
from core.law.errors import Invalid
from core.law.identity import Channel
from core.law.typed import check_day, read_text
from core.law.ways import RIGHTS, Kind
from core.store.datafiles import calendars
from core.store.engine import Row

PAGE = 25
LONGEST_SEARCH, LONGEST_ADDRESS = 80, 2_000
HEADINGS = ("Reference", "Right", "State", "Ending", "Received", "Due", "Safe day", "Deadline", "Owner", "Came by")
BY_START = ("Latest safe start", "What has to be done by then", "Days that do not count")
VIEWS = {
    "open": "Open", "mine": "Mine", "unassigned": "Unassigned", "overdue": "Overdue", "soon": f"≤ {SOON_DAYS} days",
    "closed": "Closed",
}


OUTCOMES = {
    "in_time": "closed in time", "late": "closed late", "unmeasured": "closed, without a due day",
    "answered": "closed with an answer", "outside": "answered outside the desk",
    "left_out": "closed without an answer to measure",
}


@dataclass(frozen=True)
class Only:
    """What a figure of the board stands for: a band, a due day, an ending and its days, how it came, on whom it waits.

    `after` is the day after which it falls due, `team` the code of the team of its owner, or "" for none that is told.
    """

    band: str | None = None
    due: date | None = None
    outcome: str | None = None
    since: date | None = None
    until: date | None = None
    channel: str | None = None
    waits: str | None = None
    after: date | None = None
    team: str | None = None

    def words(self, teams: Mapping[str, str]) -> str:
        """Return the filter as the queue says it, teams by their names; empty where there is none."""
        parts = [
            BANDS[self.band] if self.band else "", f"due on {self.due:%d %b %Y}" if self.due else "",
            OUTCOMES[self.outcome] if self.outcome else "", f"closed since {self.since:%d %b %Y}" if self.since else "",
            f"closed until {self.until:%d %b %Y}" if self.until else "",
            f"that came by {CHANNELS[Channel(self.channel)].lower()}" if self.channel else "",
            f"that wait for {WAITS[Waits(self.waits)]}" if self.waits else "",
            f"due after {self.after:%d %b %Y}" if self.after else "",
            "" if self.team is None else f"of {teams[self.team]}" if self.team else "of people without a team of three",
        ]
        return ", ".join(part for part in parts if part)


EVERYTHING = Only()
OWNER = re.compile(r"[0-9a-z-]{0,50}")  # an account's id, or nobody
WORKING_DAYS = 5  # so far a manager looks ahead
ORDERS = {"due": "the last day", "start": "the latest safe start"}
CODES = {"view", "right", "owner", "order", "search", *Only.__dataclass_fields__}


@dataclass(frozen=True)
class QueueRow:
    """One request as the queue shows it."""

    id: str
    case_ref: str
    reference: str
    right: str
    state: str
    closing: str | None
    owner: str
    due: date | None
    safe_due: date | None
    received: date
    channel: str
    standing: Standing
    version: int
    sent: bool  # the answer is out; it may have come back before and been sent again
    came_back: bool
    mine: bool
    safe: SafeStart | None = None  # where it was asked for by its latest safe start


@dataclass(frozen=True)
class Page:
    """One page of the queue, how many there are in all, and how many in each view (None: too few to show)."""

    rows: tuple[QueueRow, ...]
    total: int
    counts: dict[str, int | None]


@dataclass(frozen=True)
class Behind:
    """How many requests are behind their latest safe start, and how many more reach it until `last`; the first of them."""

    rows: tuple[QueueRow, ...]
    behind: int
    soon: int
    last: date


@dataclass(frozen=True)
class Asked:
    """What the queue is asked for: a view, a right, an owner ("" is nobody), part of a reference, a figure of the board.

    `order` is a code of ORDERS, or nothing for the most urgent first.
    """

    view: str = "open"
    right: str | None = None
    owner: str | None = None
    search: str = ""
    only: Only = EVERYTHING
    order: str | None = None

    @property
    def codes(self) -> dict[str, str]:
        """Return it as codes, the search left out: days in ISO 8601, nothing for what is not asked."""
        only = vars(self.only) | {"view": self.view, "right": self.right, "owner": self.owner, "order": self.order}
        return {name: str(code) for name, code in only.items() if code is not None}

    @property
    def address(self) -> str:
        """Return it as the query of an address, which `fetch` reads."""
        return urlencode(self.codes | ({"search": self.search} if self.search else {}))


def list_requests(
    desk: Desk, view: str = "open", right: str | None = None, owner: str | None = None, search: str = "", page: int = 1,
    only: Only = EVERYTHING, order: str | None = None,
) -> Page:
    """Return a page of the queue, most urgent first or in the order asked for, a code of ORDERS.

    `search` takes a reference; `owner` an account id, or "" for nobody. An analyst gets counts of at least five and no rows.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        given = _given(desk, now, Asked(view, right, owner, search, only, order))
        counted = now.tx.one(
            "queue.counts", me=desk.person.account_id, today=given["today"], soon=given["soon"]
        ) or {}
        counts: dict[str, int | None] = {name: int(counted.get(name) or 0) for name in VIEWS}
        if now.least:
            return Page((), 0, {name: n if n and n >= now.least else None for name, n in counts.items()})
        starts = safe_starts(desk, now.tx) if order == "start" else None
        rows = _rows(now, starts, first=max(page - 1, 0) * PAGE, size=PAGE, **given)
        top = rows[0] if rows else None
        if page > 1 and not rows:  # behind the last page: how many there are stands with the first row
            top = next(iter(_rows(now, starts, first=0, size=1, **given)), None)
        shown = _shown(desk, now, rows, starts)
    return Page(shown, int(top["total"]) if top else 0, counts)


def teams(desk: Desk) -> Mapping[str, str]:
    """Return the names of the teams that can be asked for, by their codes."""
    with look(desk, Act.QUEUE_LOOK) as now:
        return read_teams(now.tx).names


def list_behind(desk: Desk) -> Behind:
    """Return the requests that will be late at our own pace, and those that have to move on within the next working days.

    The first PAGE of them are listed, the earliest first; sealed cases are counted with the others and not listed.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        today = today_of(desk)
        last = calendars().get(establishment(desk.store).calendar_id).add_working_days(today, WORKING_DAYS)
        if now.least:
            return Behind((), 0, 0, last)
        starts = {code: each for code, each in safe_starts(desk, now.tx).items() if each.start.day <= last}
        given = _given(desk, now, Asked(order="start"))
        rows = _rows(now, starts, first=0, size=PAGE, **given) if starts else []
        shown = _shown(desk, now, rows, starts)
    behind = sum(each.number for each in starts.values() if each.start.day < today)
    soon = sum(each.number for each in starts.values()) - behind
    return Behind(tuple(row for row in shown if row.safe is not None), behind, soon, last)


@repeated
def fetch(desk: Desk, asked: str) -> Delivery:
    """Hand out all rows that the queue shows under an address of Asked, as CSV (RFC 4180), and enter that in the log.

    Raises Invalid for an address that is none; sealed cases are left out as on the screen.
    """
    with look(desk, Act.QUEUE_FETCH) as now:
        what = _read(asked)
        starts = safe_starts(desk, now.tx) if what.order == "start" else None
        shown = _shown(desk, now, _rows(now, starts, first=0, size=None, **_given(desk, now, what)), starts)
    content = write_csv(
        (*HEADINGS, *(() if starts is None else BY_START)),
        ((*_line(row), *(() if starts is None else _safely(row))) for row in shown),
    )
    with act(desk, Act.QUEUE_FETCH) as now:
        now.detail |= {
            "asked": [f"{name}:{code}" for name, code in what.codes.items()], "searched": int(bool(what.search)),
            "requests": len(shown), "sha256": hashlib.sha256(content).hexdigest(),
        }
    return Delivery(f"requests-{what.view}-{today_of(desk):%Y-%m-%d}.csv", "text/csv", content)


def _rows(now: Now, starts: Mapping[str, SafeStart] | None, **given: Any) -> list[Row]:
    if starts is None:
        return now.tx.rows("queue.rows", **given)
    columns: dict[str, list[Any]] = {"course": list(starts), "start_by": [each.start.day for each in starts.values()]}
    return now.tx.beside("queue.rows_by_start", columns, {"course": "string", "start_by": "date32"}, **given)


def _given(desk: Desk, now: Now, asked: Asked) -> dict[str, Any]:
    """Return what the statement needs. Raises Invalid for a view, a right, a filter or a day that is none."""
    only = asked.only
    if asked.view not in VIEWS:
        raise Invalid("There is no such view.", "view")
    if asked.right is not None and asked.right not in set(Kind):
        raise Invalid("There is no such right.", "right")
    for code, known in ((only.band, BANDS), (only.outcome, OUTCOMES), (only.channel, set(Channel)), (only.waits, WAITS)):
        if code is not None and code not in known:
            raise Invalid("There is no such filter.", "filter")
    if asked.order is not None and asked.order not in ORDERS:
        raise Invalid("There is no such order.", "order")
    for day in (only.due, only.since, only.until, only.after):
        if day is not None:
            check_day(day, "filter", "the day of the filter")
    today, members = today_of(desk), None
    if only.team is not None:
        told = read_teams(now.tx)
        if only.team not in {NO_TEAM, *told.names}:
            raise Invalid("There is no such team, or it is too small to be told.", "team")
        members = told.members(only.team, {row["id"]: row["name"] for row in now.tx.rows("queue.owners")})
    return {
        "view": asked.view, "members": members, "right": asked.right, "owner": asked.owner,
        "reference": reference_of(asked.search),
        "today": today, "me": desk.person.account_id, "soon": today + timedelta(days=SOON_DAYS),
        "next": today + timedelta(days=NEXT_DAYS), "band": only.band, "due": only.due, "after": only.after,
        "outcome": only.outcome,
        "since": moment_of(desk, only.since, 0) if only.since else None, "channel": only.channel,
        "left_out": sorted(LEFT_OUT), "standings": _standings(only.waits),
        "until": moment_of(desk, only.until + timedelta(days=1), 0) if only.until else None,
    }


def _standings(waits: str | None) -> list[str] | None:
    if waits is None:
        return None
    return [
        "|".join((state, kind, str(sent).lower(), str(asked).lower(), identity))
        for state, kind, sent, asked, identity in standings(Waits(waits))
    ]


def _shown(
    desk: Desk, now: Now, rows: Iterable[Row], starts: Mapping[str, SafeStart] | None
) -> tuple[QueueRow, ...]:
    today, names = today_of(desk), {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
    return tuple(
        QueueRow(
            row["id"], row["case_ref"], row["reference"], RIGHTS[Kind(row["kind"])].name, row["state"],
            row["closing"], names.get(row["owner_id"] or "", ""), row["final_due"], row["safe_due"],
            local_day(desk, row["received_at"]), row["channel"],
            standing(
                row["final_due"], today, paused=row["clock_state"] == "paused", closed=row["state"] == "closed",
                sent=row["sent_at"] is not None, safe=row["safe_due"],
            ),
            row["version"], is_out(row["sent_at"], row["came_back_at"]), row["came_back_at"] is not None,
            row["owner_id"] == desk.person.account_id, starts.get(row["course"]) if starts is not None else None,
        )
        for row in rows
    )


def _line(row: QueueRow) -> tuple[str | date | None, ...]:
    paused = row.standing.level == "paused"
    return (
        row.reference, row.right, row.state, row.closing, row.received, None if paused else row.due, row.safe_due,
        row.standing.words,
        row.owner or None, CHANNELS[Channel(row.channel)],
    )


def _safely(row: QueueRow) -> tuple[str | date | None, ...]:
    return (None, None, None) if row.safe is None else (row.safe.start.day, row.safe.verb, row.safe.why or None)


def _read(asked: str) -> Asked:
    codes = dict(parse_qsl(asked, keep_blank_values=True)) if len(asked) <= LONGEST_ADDRESS else {}
    if (asked and not codes) or not set(codes) <= CODES or not OWNER.fullmatch(codes.get("owner", "")):
        raise Invalid("This is no address of a list: take it from the queue.", "list")
    only = Only(
        codes.get("band"), _day(codes.get("due")), codes.get("outcome"), _day(codes.get("since")), _day(codes.get("until")),
        codes.get("channel"), codes.get("waits"), _day(codes.get("after")), codes.get("team"),
    )
    view, right, owner = codes.get("view", "open"), codes.get("right"), codes.get("owner")
    return Asked(view, right, owner, codes.get("search", ""), only, codes.get("order"))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("A day of this address is none: take it from the queue.", "list") from None


def reference_of(search: str) -> str | None:
    """Return the spelling of a whole reference, or what was typed of one. Raises Invalid for what can be part of none."""
    text = read_text(search, "search", "the reference", needed=False, longest=LONGEST_SEARCH)
    if not text:
        return None
    try:
        return references.read(text)
    except Invalid:
        return "".join(letter for letter in text.upper() if letter.isascii() and (letter.isalnum() or letter in "-/"))
