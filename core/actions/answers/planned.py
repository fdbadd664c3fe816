"""What a plan says: the counts of every system, an item for each table, the terms, and the hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.actions.desk.act import Detail, Now, found
from core.actions.desk.desk import Desk
from core.actions.people.inventory import MISSING, Inventory, SystemCount, read_inventory
from core.connectors import desk_records
from core.law.ways import Ruling
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import new_id
from core.store.records import PlanRecord, RequestRecord


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be done with the rows of one table: `action` is the verb's own word, such as delete or retain."""

    system: str
    table: str
    title: str
    rows: int
    action: str
    ground: str = ""  # a code of the law, such as 17.3.b
    until: str = ""
    reference: str = ""
    columns: tuple[str, ...] = ()  # where only some columns are concerned


@dataclass(frozen=True, slots=True)
class PlanBody:
    """A plan. `bound` is the inventory's own hash, `terms` what the preparer chose, in plain JSON."""

    systems: tuple[SystemCount, ...]
    items: tuple[Item, ...]
    bound: str
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """SHA-256 over the inventory, the items and the terms, in hexadecimal: what an approval binds.

        The inventory binds the rows; their number is left out here, for the case itself grows by being worked on. What
        says nothing beyond the inventory, as the plan of a copy, has its hash.
        """
        if not self.items and not self.terms:
            return self.bound
        parts = [self.bound, [asdict(each) | {"rows": 0} for each in self.items], dict(self.terms)]
        return hashlib.sha256(_canonical(parts).encode()).hexdigest()

    @property
    def text(self) -> str:
        """The canonical JSON, to be sealed."""
        return _canonical({
            "systems": [asdict(each) for each in self.systems], "items": [asdict(each) for each in self.items],
            "bound": self.bound, "terms": dict(self.terms),
        })

    @property
    def ruling(self) -> Ruling:
        """What the plan gives the person: refused as soon as one thing is kept back from what they asked for."""
        return Ruling.REFUSED if self.kept_back else Ruling.GRANTED

    @property
    def kept_back(self) -> tuple[Item, ...]:
        """The items in which what was asked is not done, the request file left aside: the letter gives the reasons."""
        return tuple(
            item for item in self.items
            if item.action in {"retain", "mask", "prove"} and item.rows and item.system != desk_records.SYSTEM
        )

    def of(self, system: str) -> tuple[Item, ...]:
        """Return the items of one system."""
        return tuple(each for each in self.items if each.system == system)


def body_of(inventory: Inventory, items: tuple[Item, ...], terms: Mapping[str, Any] | None = None) -> PlanBody:
    """Return the plan over the inventory taken now."""
    return PlanBody(inventory.systems, items, inventory.hash, terms or {})


def read_body(desk: Desk, now: Now, plan_id: str | None) -> PlanBody:
    """Return the body of a plan inside another act. Raises NotFound where there is none."""
    row = found(now.tx.record(PlanRecord, "plans.one", id=plan_id) if plan_id else None, "plan")
    return parse(decrypt(desk.store, row.case_ref, row.body, Cell("plans", row.id, "body")))


def parse(text: str) -> PlanBody:
    """Return the body that `PlanBody.text` wrote; older plans of a copy are a list of systems, and bind nothing more."""
    kept = json.loads(text)
    if isinstance(kept, list):
        return PlanBody(read_inventory(text), (), "")
    items = tuple(Item(**each | {"columns": tuple(each["columns"])}) for each in kept["items"])
    return PlanBody(read_inventory(json.dumps(kept["systems"])), items, kept["bound"], kept["terms"])


def choose_terms(desk: Desk, now: Now, request: RequestRecord, terms: Mapping[str, Any]) -> None:
    """Keep what the preparer chose for the request's plan, in place of what was chosen before."""
    number = new_id(desk.now)
    now.tx.run("carrying.forget_terms", request_id=request.id)
    now.tx.run(
        "carrying.choose", id=number, request_id=request.id, case_ref=request.case_ref, chosen_at=desk.now,
        chosen_by=desk.person.account_id,
        body=encrypt(desk.store, request.case_ref, _canonical(dict(terms)), Cell("plan_terms", number, "body")),
    )


def terms_of(desk: Desk, now: Now, request: RequestRecord) -> dict[str, Any]:
    """Return what the preparer chose for the request's plan; empty where nothing was."""
    row = now.tx.one("carrying.terms", request_id=request.id)
    if row is None:
        return {}
    return dict(json.loads(decrypt(desk.store, row["case_ref"], row["body"], Cell("plan_terms", row["id"], "body"))))


def counted(systems: tuple[SystemCount, ...]) -> dict[str, Detail]:
    """Return rows per system and the systems that are missing, for the entry."""
    missing = [each.code for each in systems if each.state in MISSING]
    rows: dict[str, Detail] = {f"rows.{each.code}": each.rows for each in systems}
    return rows | {"missing": missing}


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
