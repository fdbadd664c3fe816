"""A calendar that changed moves the open requests that pinned its older version, each change an act of its own (CLK-11)."""

from core.actions.cases.clock import deadline, set_dates
from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.workflow import State
from core.store.datafiles import calendars
from core.store.engine import Store
from core.store.records import RequestRecord


def is_stale(store: Store) -> bool:
    """Return whether an open request was worked out with another version of the calendars than this process has."""
    with store.transaction() as tx:
        return bool(tx.rows("requests.older_calendar", version=calendars().version))


def recompute(desk: Desk, _: str = "") -> None:
    """Work out every open, unanswered request of an older calendar anew; a closed or answered one never moves.

    Each request whose last day moves is an entry with its old and new day; the others keep their days and take the
    new version together. May be repeated: a request that was done has the new version.
    """
    with desk.store.transaction() as tx:
        waiting = [row["id"] for row in tx.rows("requests.older_calendar", version=calendars().version)]
    same, failed = [], 0
    for request_id in waiting:
        try:
            if _stays(desk, request_id):
                same.append(request_id)
        except Invalid:  # its calendar or profile is no longer among the data: the others are not held up by it
            failed += 1
    if same:
        _adopt(desk, same)
    if failed:
        raise NotPossible("A request names a calendar or profile that is no longer among the data files.")


@repeated
def _stays(desk: Desk, request_id: str) -> bool:
    """Work one request out anew and enter the change; return whether its days stay as they are."""
    with act(desk, Act.DEADLINE_RECOMPUTE, things.request(request_id)) as now:
        row = now.tx.record(RequestRecord, "requests.one", id=request_id)
        if row is None or row.state == State.CLOSED or row.sent_at is not None:
            now.unlogged = True
            return False
        dates = deadline(now.tx, row)
        if (dates.base_due, dates.final_due, dates.safe_due) == (row.base_due, row.final_due, row.safe_due):
            now.unlogged = True  # `_adopt` enters those that stay
            return True
        now.case = row.case_ref
        set_dates(now.tx, row)
        now.tx.run("requests.keep_calendar", id=request_id, version=calendars().version)
        now.detail |= {
            "calendar": _code(row.calendar_id), "version_before": _code(row.calendar_version),
            "version_after": _code(calendars().version),
        }
        for name in ("base_due", "final_due", "safe_due"):
            before, after = getattr(row, name), getattr(dates, name)
            now.detail |= {f"{name}_before": str(before or "open"), f"{name}_after": str(after or "open")}
    return False


@repeated
def _adopt(desk: Desk, request_ids: list[str]) -> None:
    """Let the requests whose days stay take the new version, in one entry with their number."""
    with act(desk, Act.DEADLINE_RECOMPUTE) as now:
        version = calendars().version
        kept = sum(now.tx.run("requests.keep_calendar", id=each, version=version) for each in request_ids)
        now.detail |= {"unchanged": kept, "version_after": _code(version)}


def _code(text: str) -> str:
    """Return a calendar's name or version as a code of the log."""
    return "-".join("".join(letter if letter.isalnum() or letter == "." else " " for letter in text.lower()).split())[:64]
