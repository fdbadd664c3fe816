"""Decisions as people read them: who, when, under which article, why, and on what facts."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.connectors.catalogue import catalogue
from core.law.acts import ACTS, Act
from core.law.records import facts_of, plainly
from core.store.encryption import Cell, decrypt
from core.store.engine import Row


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as people read it; `item` is empty where it is about the request as a whole."""

    item: str
    granted: bool
    outcome: str
    article: str
    rule: str
    law: str
    facts: tuple[tuple[str, str], ...]
    sentence: str
    words: str  # what was typed beside it: the statute, the provision or the claim
    by: str
    what: str  # the act that decided, as the log prints it
    at: datetime


@repeated
def of_request(desk: Desk, request_id: str) -> tuple[Decided, ...]:
    """Return every decision on a request, the first on top; opening the case file stands for them."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        return tuple(_shown(desk, row) for row in now.tx.rows("decisions.of_request", request_id=request_id))


def _shown(desk: Desk, row: Row) -> Decided:
    name = "the desk itself" if row["actor_ref"] == "worker" else row["actor_name"] or "a colleague"
    return Decided(
        title_of(row["item"]), row["granted"], row["outcome"].replace("_", " "), row["article"], row["rule"], row["profile"],
        tuple(plainly(*each) for each in facts_of(row["inputs"])), row["sentence"],
        decrypt(desk.store, row["case_ref"], row["words"], Cell("decisions", row["id"], "words")), name,
        ACTS[Act(row["act"])].sentence,
        row["decided_at"],
    )


def title_of(item: str) -> str:
    """Return the words for an item of the catalogue: a system, a table or a column; its code where it is gone since."""
    system, _, rest = item.partition(".")
    table, _, column = rest.partition(".")
    known = catalogue()
    if column:
        field = next((each for each in known.of(system) if (each.table, each.column) == (table, column)), None)
        return f"{known.titles[system, table]}: {field.title}" if field else item
    if table:
        return known.titles.get((system, table), item)
    return next((each.title for each in known.systems if each.code == system), item)
