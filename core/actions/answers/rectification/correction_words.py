"""What letters say about a correction: what was changed, what was not and why, and the new values for a recipient."""

from typing import Any

from core.actions.answers.planned import read_body
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.actions.people.inventory import SystemCount, unreached
from core.connectors.catalogue import catalogue
from core.law.errors import NotPossible
from core.law.rights.rectification import STATEMENT, Finding, decide, outcome, title_of
from core.law.workflow import Closing
from core.store.encryption import Cell, decrypt
from core.store.engine import Row, Store

TOLD = (
    "Where we had passed the data on, we tell those who received them (Article 19), and who they are if you ask us."
)
LETTERS = {
    Closing.FULFILLED: "rectified", Closing.PARTLY_FULFILLED: "partly_rectified", Closing.REFUSED: "not_rectified",
}


def answer(desk: Desk, now: Now, at: Opened) -> dict[str, Any]:
    """Return the facts of the letter that answers a correction. Raises NotPossible before it is carried out."""
    rows = of_request(now, at)
    if not rows:
        raise NotPossible("Propose first what is to be corrected, or why not.")
    if at.request.state not in {"ready_to_send", "closed"}:
        raise NotPossible("Carry the correction out first: the letter says what was done.")
    corrected = list(dict.fromkeys(_line(row) for row in rows if changes(row)))
    return {
        "corrected": corrected, "told": TOLD,
        "unchanged": [*(_reasoned(desk, row) for row in rows if not changes(row)), *_unreached(desk, now, at)],
    }


def new_values(desk: Desk, now: Now, at: Opened) -> tuple[str, ...]:
    """Return what was corrected, with its new value, for a recipient who holds the old one."""
    lines = []
    for row in of_request(now, at):
        if changes(row) and row["field"] != STATEMENT:
            value = value_of(desk.store, row, "new_value")
            lines.append(f"{title_of(row['field'])}: {value or 'removed'}")
    return tuple(dict.fromkeys(lines))


def ending(rows: list[Row], systems: tuple[SystemCount, ...] = ()) -> Closing:
    """Return how the request ends by its findings, and by the systems that were not reached."""
    by_findings = outcome(
        [Finding(row["finding"]) for row in rows if row["field"] != STATEMENT],
        statement=any(row["field"] == STATEMENT for row in rows),
    )
    return Closing.PARTLY_FULFILLED if by_findings is Closing.FULFILLED and unreached(systems) else by_findings


def _unreached(desk: Desk, now: Now, at: Opened) -> tuple[str, ...]:
    return unreached(read_body(desk, now, at.request.plan_id).systems) if at.request.plan_id else ()


def of_request(now: Now, at: Opened) -> list[Row]:
    """Return the points of a request that stand."""
    return now.tx.rows("rectification.of_request", request_id=at.request.id)


def changes(row: Row) -> bool:
    """Whether a point is carried out, by its finding."""
    return decide(Finding(row["finding"])).change


def value_of(store: Store, row: Row, column: str) -> str:
    """Open the old or new value, or the reason, of a point."""
    if not row[column]:
        return ""
    return decrypt(store, row["case_ref"], row[column], Cell("rectifications", row["id"], column))


def _line(row: Row) -> str:
    titles = {system.code: system.title for system in catalogue().systems}
    return f"{title_of(row['field'])}, in: {titles.get(row['system'], row['system'])}"


def _reasoned(desk: Desk, row: Row) -> str:
    why = value_of(desk.store, row, "reason").strip().rstrip(".")
    return f"{_line(row)}. {decide(Finding(row['finding'])).sentence}" + (f" {why}." if why else "")
