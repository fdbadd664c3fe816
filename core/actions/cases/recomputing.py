"""A calendar, a law or a rule that changed moves the open requests of its older version, each an act of its own (CLK-11)."""

from dataclasses import replace
from datetime import UTC

from core.actions.cases.clock import deadline, stored_dates
from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.clock.deadlines import local_date
from core.law.errors import Invalid, NotPossible
from core.law.workflow import State
from core.store.datafiles import clock_version, profiles
from core.store.engine import Store
from core.store.records import RequestRecord

MOVED = ("base_due", "final_due", "safe_due", "clock_state")  # what is told of a request that moved


def is_stale(store: Store) -> bool:
    """Return whether an open request was worked out with other calendars, laws or rules than this process has."""
    with store.transaction() as tx:
        return bool(tx.rows("requests.older_calendar", version=clock_version()))


def recompute(desk: Desk, _: str = "") -> None:
    """Work out every open, unanswered request of an older version anew; a closed or answered one never moves.

    The law is the version of its profile in force on the day of receipt: one that came into the data files later is pinned
    in place of the older. Each request whose days or law change is an entry with both; the others keep their days and take
    the new version together. May be repeated: a request that was done has the new version.
    """
    with desk.store.transaction() as tx:
        waiting = [row["id"] for row in tx.rows("requests.older_calendar", version=clock_version())]
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
        day = local_date(row.received_at.replace(tzinfo=UTC), row.zone)
        law = profiles().on(row.profile_id, day).version
        under = replace(row, profile_version=law)
        after = stored_dates(now.tx, under, deadline(now.tx, under))
        if law == row.profile_version and all(after[name] == getattr(row, name) for name in MOVED):
            now.unlogged = True  # `_adopt` enters those that stay
            return True
        now.case = row.case_ref
        now.tx.run("requests.pin_profile", id=request_id, profile_version=law)
        now.tx.run("requests.set_dates", id=request_id, **after)
        now.tx.run("requests.keep_calendar", id=request_id, version=clock_version())
        now.detail |= {
            "calendar": _code(row.calendar_id), "version_before": _code(row.calendar_version),
            "version_after": _code(clock_version()),
        }
        if law != row.profile_version:
            now.detail |= {"law_before": _code(row.profile_version), "law_after": _code(law)}
        for name in MOVED:
            before = getattr(row, name)
            now.detail |= {f"{name}_before": str(before or "open"), f"{name}_after": str(after[name] or "open")}
    return False


@repeated
def _adopt(desk: Desk, request_ids: list[str]) -> None:
    """Let the requests whose days stay take the new version, in one entry with their number."""
    with act(desk, Act.DEADLINE_RECOMPUTE) as now:
        version = clock_version()
        kept = sum(now.tx.run("requests.keep_calendar", id=each, version=version) for each in request_ids)
        now.detail |= {"unchanged": kept, "version_after": _code(version)}


def _code(text: str) -> str:
    """Return the name of a calendar, or a version, as a code of the log."""
    return "-".join("".join(letter if letter.isalnum() or letter == "." else " " for letter in text.lower()).split())[:64]
