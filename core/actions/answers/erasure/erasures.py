"""What the preparer of an erasure chooses: its grounds, what must be kept and why, and whether the person wants to stay out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.actions.answers.planned import choose_terms, terms_of
from core.actions.cases.transitions import require_state
from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.connectors import desk_records, local
from core.connectors.catalogue import catalogue
from core.connectors.registered import by_hand
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.rights.erasure import Exemption, Ground, Item, MadePublic, Retention, check, read_public
from core.law.typed import check_day, read_text
from core.law.ways import Kind
from core.law.workflow import State

LONGEST, LONGEST_NAME = 500, 120
PRIVATE = MadePublic()  # nothing was made public


@dataclass(frozen=True, slots=True)
class Claim:
    """A table that is to be kept by an exception of Article 17(3), with what the exception must record."""

    system: str
    table: str
    exemption: str
    reference: str = ""
    until: date | None = None
    why: str = ""
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table that an erasure reaches, and the columns that may be emptied where its rows stay."""

    system: str
    table: str
    title: str
    maskable: tuple[str, ...]


def tables() -> tuple[Table, ...]:
    """Return every table that an erasure reaches; the request file itself is none of them (ERA-3)."""
    return tuple(
        Table(system, table, title, _maskable(system, table))
        for (system, table), title in catalogue().titles.items() if system != desk_records.SYSTEM
    )


def _maskable(system: str, table: str) -> tuple[str, ...]:
    """Return the columns that may be emptied: those the profile store can empty, all of a system worked in by hand."""
    if by_hand(system):
        return tuple(each.column for each in catalogue().of(system) if each.table == table)
    return tuple(sorted(local.MASKABLE.get(table, ()))) if system == local.SYSTEM else ()


@repeated
def choose(
    desk: Desk, request_id: str, grounds: Sequence[str], claims: Sequence[Claim] = (), *, wished: bool = False,
    public: MadePublic = PRIVATE, version: int, key: str,
) -> None:
    """Keep the grounds of Article 17(1), the exceptions claimed, and the person's wish to be kept out of imports (ERA-2).

    `public` says where data were made public, and who is told that links and copies are to be erased (Art. 17(2)).
    A ground that a withdrawal or an objection raised stays limited to the purposes that it ended. What was chosen before
    is replaced; a plan made before does not change. Raises Invalid for a ground or an exception that is none, lacks what
    it must record, or whose last day lies behind us.
    """
    with act(desk, Act.PLAN_CHOOSE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        if at.request.kind != Kind.ERASURE:
            raise NotPossible("Only an erasure has grounds of Article 17(1).")
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first.")
        if not grounds or set(grounds) - {each.value for each in Ground}:
            raise Invalid("Choose at least one ground of Article 17(1).", "grounds")
        kept = [_checked(each, today_of(desk)) for each in claims]
        if len({(each["system"], each["table"]) for each in kept}) < len(kept):
            raise Invalid("Name one exception for each table.", "claims")
        limits = {
            code: purposes for code, purposes in terms_of(desk, now, at.request).get("limits", {}).items() if code in grounds
        }
        shown = read_public(
            read_text(public.where, "where", "the place where the data were made public", needed=False, longest=LONGEST),
            [read_text(each, "whom", "who is told", needed=False, longest=LONGEST_NAME) for each in public.whom],
        )
        terms = {"grounds": sorted(set(grounds)), "keep": kept, "wished": wished}
        choose_terms(
            desk, now, at.request, terms | ({"limits": limits} if limits else {}) | ({"public": asdict(shown)} if shown else {})
        )
        now.detail |= {
            "grounds": sorted(set(grounds)), "exceptions": len(kept), "kept_out": int(wished), "public": len(shown.whom),
        }


@repeated
def chosen(desk: Desk, request_id: str) -> dict[str, Any]:
    """Return what was chosen: `grounds`, `keep`, `wished`, `public`; empty before. Opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        return terms_of(desk, now, at.request)


def made_public(terms: Mapping[str, Any]) -> MadePublic:
    """Return what the terms say was made public, and who is told."""
    told = terms.get("public") or {}
    return MadePublic(told.get("where", ""), tuple(told.get("whom", ())))


def item_of(terms: Mapping[str, Any], system: str, table: str, retention: Retention | None) -> Item:
    """Return a table as the rule of erasure knows it: each use with its basis, the grounds chosen, an exception if any.

    A ground that the terms limit to purposes reaches no other use of the table.
    """
    limits = {Ground(code): frozenset(purposes) for code, purposes in terms.get("limits", {}).items()}
    return Item((), frozenset(Ground(code) for code in terms["grounds"]), retention, catalogue().uses(system, table), limits)


def _checked(claim: Claim, today: date) -> dict[str, Any]:
    table = next((each for each in tables() if (each.system, each.table) == (claim.system, claim.table)), None)
    if table is None or set(claim.masked) - set(table.maskable):
        raise Invalid("Choose a table that the erasure reaches, and columns that can be emptied in it.", "table")
    if claim.exemption not in {each.value for each in Exemption}:
        raise Invalid("Choose an exception of Article 17(3).", "exemption")
    reference = read_text(claim.reference, "reference", longest=LONGEST, needed=False)
    why = read_text(claim.why, "why", longest=LONGEST, needed=False)
    check(Retention(Exemption(claim.exemption), reference, claim.until, why))
    if claim.until is not None:
        check_day(claim.until, "until", "the day until which the data must be kept", earliest=today)
    return {
        "system": claim.system, "table": claim.table, "exemption": claim.exemption, "reference": reference,
        "until": claim.until.isoformat() if claim.until else "", "why": why, "masked": sorted(claim.masked),
    }
