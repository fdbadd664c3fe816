"""A person's requests beside each other: what goes first, and what was asked twice (core/law/rights/sequencing)."""

from dataclasses import dataclass
from datetime import date

from core.actions.desk import things
from core.actions.desk.act import Now, look
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.actions.desk.opening import Opened
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.rights.sequencing import Asked, duplicates, first_asked, ordered
from core.law.ways import Kind
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

SCOPE = "all"  # the desk takes in a right as a whole; what a person narrows stands in the person's words
SEALED = "a request of a sealed case"


@dataclass(frozen=True, slots=True)
class Other:
    """Another request of the person, or of whom writes from the same address: where it is and when it came."""

    id: str
    reference: str
    received: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one request: the first request for the same, later ones, and those closed as its duplicates."""

    first: Other | None  # an earlier open request for the same: its clock counts
    later: tuple[Other, ...]
    closed_as_same: tuple[Other, ...]
    duplicate_of: Other | None  # as whose duplicate it was closed


def theirs(desk: Desk, now: Now, case: CaseRecord) -> tuple[Asked, ...]:
    """Return the requests of the case and of the person decided in it, in the order in which they are carried out."""
    return ordered(asked for asked, row in _beside(desk, now, case).items() if row["theirs"])


def beside(desk: Desk, request_id: str) -> Beside:
    """Return which other requests ask for the same as this one. It names nobody; sealed cases are left out."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        shown = {asked: row for asked, row in _beside(desk, now, now.at.case).items() if not row["barred"]}
        mine = next((asked for asked, row in shown.items() if row["id"] == request_id), None)
        same = next((group for group in duplicates(shown) if mine in group), ())
        others = {row["id"]: Other(row["id"], row["reference"], asked.received) for asked, row in shown.items()}
        group = [others[shown[each]["id"]] for each in same]
        first_id = shown[mine]["first_id"] if mine else None
        return Beside(
            group[0] if group and same[0] != mine else None, tuple(group[1:]) if group and same[0] == mine else (),
            tuple(others[row["id"]] for row in shown.values() if row["first_id"] == request_id),
            others.get(first_id or ""),
        )


def keep_duplicate(desk: Desk, now: Now, request: RequestRecord, case: CaseRecord) -> None:
    """Keep as whose duplicate a request ends. Raises NotPossible where no earlier open request asks for the same."""
    first = _first(desk, now, request, case)
    now.tx.run("requests.keep_duplicate", request_id=request.id, case_ref=request.case_ref, first_id=first)
    now.detail["first"] = first


def first_of(desk: Desk, now: Now, at: Opened) -> str:
    """Return the id of the request for the same that came first: the one kept at the closing, else the one that is open.

    Raises NotPossible where there is none, or where it stands in a sealed case.
    """
    kept = now.tx.one("requests.duplicate_of", request_id=at.request.id)
    return str(kept["first_id"]) if kept else _first(desk, now, at.request, at.case)


def _first(desk: Desk, now: Now, request: RequestRecord, case: CaseRecord) -> str:
    rows = _beside(desk, now, case)
    mine = next(asked for asked, row in rows.items() if row["id"] == request.id)
    first = rows[first_asked(mine, rows)]
    if first["barred"]:
        raise NotPossible("The first request for the same stands in a sealed case: somebody named for it closes this one.")
    return str(first["id"])


def _beside(desk: Desk, now: Now, case: CaseRecord) -> dict[Asked, Row]:
    rows = now.tx.rows(
        "requests.beside", case_ref=case.case_ref, subject=case.subject_ref, account_id=desk.person.account_id
    )
    return {
        Asked(
            f"{SEALED} ({number})" if row["barred"] else row["reference"], Kind(row["kind"]), SCOPE,
            local_day(desk, row["received_at"]), bool(row["unanswered"]),
        ): row for number, row in enumerate(rows, 1)
    }
