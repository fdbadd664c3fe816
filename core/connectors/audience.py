"""Who of many may be reached for a purpose and channel: what is on record is read as a set, and the law is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.connectors.catalogue import catalogue
from core.connectors.identifiers import short_hash
from core.connectors.suppressed import token
from core.law.errors import Invalid
from core.law.rights.erasure import Exemption
from core.law.rights.restriction import Operation, ground_of
from core.law.rights.suppression import Barred, Legal, OnRecord, Why, may_use
from core.matching.loose import suppression_forms
from core.store.engine import Store, Tx

UNREAD = "no_identifier"
_TYPES = {"n": "int64", "h": "uint64", "form": "string", "token": "binary"}
_MARKED, _KEPT, _BETWEEN = "marked", "kept", "\x1f"


@dataclass(slots=True)
class Reached:
    """The places of the values that may be reached, and of the others how many for which reason."""

    places: list[int] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)


def reach(
    store: Store, tx: Tx, values: Sequence[str], kind: str, purpose: str, channel: str, today: date
) -> Reached:
    """Return which of the values may be reached for a purpose and channel; what is no identifier is not.

    A value that several people hold reaches them all, so it is contactable only where each of them is.
    """
    found = Reached()
    columns: dict[str, list[object]] = {"n": [], "h": [], "form": [], "token": []}
    region, unread = store.facts.get("establishment.region"), 0
    for place, value in enumerate(values):
        try:
            form, *others = suppression_forms(kind, value, region)
        except Invalid:
            unread += 1
            continue
        short = short_hash(store, kind, form)
        for each in (form, *others):
            columns["n"].append(place)
            columns["h"].append(short)
            columns["form"].append(form)
            columns["token"].append(token(store, kind, each))
    if unread:
        found.reasons[UNREAD] = unread
    rows = tx.beside(
        "suppression.audience", columns, _TYPES, kind=kind, purpose=purpose, channel=channel, today=today
    ) if columns["n"] else []
    for row in rows:
        why = _why_not(row["known"], row["agreed"], row["stops"], purpose, channel)
        if why is None:
            found.places += row["places"]
        else:
            found.reasons[why] = found.reasons.get(why, 0) + len(row["places"])
    found.places.sort()
    return found


def _why_not(known: bool, agreed: bool, stops: str, purpose: str, channel: str) -> Why | None:
    documented = purpose in catalogue().purposes and channel in catalogue().purposes[purpose].without_consent
    try:
        may_use(
            _on_record(stops, known=known, bases=frozenset({(purpose, channel)} if agreed or documented else ())),
            purpose, channel, Operation.AUDIENCE,
        )
    except Barred as barred:
        return barred.why
    return None


def _on_record(stops: str, *, known: bool, bases: frozenset[tuple[str, str]]) -> OnRecord:
    entries, restrictions, kept = set(), set(), set()
    for each in filter(None, stops.split(_BETWEEN)):
        state, _, rest = each.partition(" ")
        about, _, through = rest.rpartition(" ")
        if state == _MARKED:
            restrictions.add(ground_of(about))
        elif state == _KEPT:
            kept.add(Exemption(about) if about in set(Exemption) else Exemption.CLAIMS)
        else:
            entries.add((Legal(state), about, through))
    return OnRecord(
        known=known, stops=frozenset(entries), restrictions=frozenset(restrictions), kept=frozenset(kept), bases=bases
    )
