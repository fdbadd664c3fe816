"""Who looked at a person's data, for the person who asks: days and purposes from the log, nobody by name (C-579/21)."""

from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.documents.answer import LookUp
from core.law.acts import ACTS, PURPOSES, Act
from core.law.roles import Role
from core.store.engine import Row

_SENTENCES = {each.value: ACTS[each].sentence for each in Act}
_NOBODY = {Role.WORKER: "the desk itself, no person", Role.PUBLIC: "whoever held the link to your package"}
_UNSAID = "not recorded"


def look_ups(desk: Desk, now: Now, package_id: str, subject_ref: str) -> tuple[LookUp, ...]:
    """Return every look at a person's data and cases, the oldest first, inside the act that builds the package.

    Whoever looked stands there by a mark made for this package alone: it tells looks of one person from those of
    another, and leads neither to the pseudonym of the log nor to the mark in another package.
    """
    rows = now.tx.rows("logbook.look_ups_of", chain=desk.store.chain, subject=subject_ref)
    return tuple(
        LookUp(
            local_day(desk, row["happened_at"]), str(_SENTENCES.get(row["act"], row["act"])), _purpose(row),
            _who(desk, package_id, row),
        )
        for row in rows
    )


def _purpose(row: Row) -> str:
    code = str(row["purpose_code"] or "")
    if code:
        return PURPOSES.get(code, code)
    return PURPOSES["request"] if row["case_ref"] else _UNSAID


def _who(desk: Desk, package_id: str, row: Row) -> str:
    for role, words in _NOBODY.items():
        if row["role"] == role:
            return words
    mark = desk.store.keyed_hash("who_looked", f"{package_id}\0{row['actor_ref']}").hex()[:8]
    return f"colleague {mark}"
