"""The queue: requests by reference, right, owner and days, never by name."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.actions.cases.clock import is_out
from core.actions.cases.intake import CHANNELS
from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, moment_of, today_of
from core.law import references
from core.law.acts import Act
from core.law.clock.figures import LEFT_OUT
from core.law.clock.standing import BANDS, NEXT_DAYS, SOON_DAYS, Standing, standing
from core.law.errors import Invalid
from core.law.identity import Channel
from core.law.typed import check_day, read_text
from core.law.ways import RIGHTS, Kind

PAGE = 25
LONGEST_SEARCH = 80
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
    """What a figure of the board stands for: a band of BANDS, a due day, how and between which days closed, how it came."""

    band: str | None = None
    due: date | None = None
    outcome: str | None = None
    since: date | None = None
    until: date | None = None
    channel: str | None = None

    @property
    def words(self) -> str:
        """Return the filter as the queue says it; empty where there is none."""
        parts = [
            BANDS[self.band] if self.band else "", f"due on {self.due:%d %b %Y}" if self.due else "",
            OUTCOMES[self.outcome] if self.outcome else "", f"closed since {self.since:%d %b %Y}" if self.since else "",
            f"closed until {self.until:%d %b %Y}" if self.until else "",
            f"that came by {CHANNELS[Channel(self.channel)].lower()}" if self.channel else "",
        ]
        return ", ".join(part for part in parts if part)


EVERYTHING = Only()


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


@dataclass(frozen=True)
class Page:
    """One page of the queue, how many there are in all, and how many in each view (None: too few to show)."""

    rows: tuple[QueueRow, ...]
    total: int
    counts: dict[str, int | None]


def list_requests(
    desk: Desk, view: str = "open", right: str | None = None, owner: str | None = None, search: str = "", page: int = 1,
    only: Only = EVERYTHING,
) -> Page:
    """Return a page of the queue, most urgent first. `search` takes a reference; `owner` an account id, or "" for nobody.

    An analyst gets counts of at least five and no rows.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        if view not in VIEWS:
            raise Invalid("There is no such view.", "view")
        if right is not None and right not in set(Kind):
            raise Invalid("There is no such right.", "right")
        if (only.band is not None and only.band not in BANDS) or (
            only.outcome is not None and only.outcome not in OUTCOMES
        ) or (only.channel is not None and only.channel not in set(Channel)):
            raise Invalid("There is no such filter.", "filter")
        for day in (only.due, only.since, only.until):
            if day is not None:
                check_day(day, "filter", "the day of the filter")
        today = today_of(desk)
        counted = now.tx.one(
            "queue.counts", me=desk.person.account_id, today=today, soon=today + timedelta(days=SOON_DAYS)
        ) or {}
        counts: dict[str, int | None] = {name: int(counted.get(name) or 0) for name in VIEWS}
        if now.least:
            return Page((), 0, {name: n if n and n >= now.least else None for name, n in counts.items()})
        asked = {
            "view": view, "right": right, "owner": owner, "reference": reference_of(search),
            "today": today, "me": desk.person.account_id, "soon": today + timedelta(days=SOON_DAYS),
            "next": today + timedelta(days=NEXT_DAYS), "band": only.band, "due": only.due, "outcome": only.outcome,
            "since": moment_of(desk, only.since, 0) if only.since else None, "channel": only.channel,
            "left_out": sorted(LEFT_OUT),
            "until": moment_of(desk, only.until + timedelta(days=1), 0) if only.until else None,
        }
        rows = now.tx.rows("queue.rows", first=max(page - 1, 0) * PAGE, size=PAGE, **asked)
        top = rows[0] if rows else None
        if page > 1 and not rows:  # behind the last page: how many there are stands with the first row
            top = now.tx.one("queue.rows", first=0, size=1, **asked)
        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
        shown = tuple(
            QueueRow(
                row["id"], row["case_ref"], row["reference"], RIGHTS[Kind(row["kind"])].name, row["state"],
                row["closing"], names.get(row["owner_id"] or "", ""), row["final_due"], row["safe_due"],
                local_day(desk, row["received_at"]), row["channel"],
                standing(
                    row["final_due"], today, paused=row["clock_state"] == "paused", closed=row["state"] == "closed",
                    sent=row["sent_at"] is not None,
                ),
                row["version"], is_out(row["sent_at"], row["came_back_at"]), row["came_back_at"] is not None,
                row["owner_id"] == desk.person.account_id,
            )
            for row in rows
        )
    return Page(shown, int(top["total"]) if top else 0, counts)


def reference_of(search: str) -> str | None:
    """Return the spelling of a whole reference, or what was typed of one. Raises Invalid for what can be part of none."""
    text = read_text(search, "search", "the reference", needed=False, longest=LONGEST_SEARCH)
    if not text:
        return None
    try:
        return references.read(text)
    except Invalid:
        return "".join(letter for letter in text.upper() if letter.isascii() and (letter.isalnum() or letter in "-/"))
