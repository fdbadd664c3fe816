"""Who of an audience may be reached: checked as one act, told in positions and in totals of five or more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.connectors.audience import reach
from core.law.acts import SMALLEST_CELL, Act
from core.law.errors import Invalid
from core.law.rights.suppression import ALL, CHANNELS
from core.law.typed import read_text
from core.matching.normal_forms import KINDS

MOST = 2_000_000  # values of one check
LONGEST_PURPOSE = 60


@dataclass(frozen=True, slots=True)
class Audience:
    """How many were asked, the places of those who may be reached, and why others may not, where five or more may not."""

    asked: int
    places: tuple[int, ...]
    reasons: Mapping[str, int]

    @property
    def contactable(self) -> int:
        """How many may be reached."""
        return len(self.places)


@repeated
def check_audience(desk: Desk, values: Sequence[str], kind: str, *, purpose: str, channel: str) -> Audience:
    """Check which values may be reached for a purpose and channel; entered in the log with counts, without any value.

    Contactable is who is known, agreed to this very purpose and channel (or is covered by an exception that the catalogue
    documents), and whom nothing stops: no objection, withdrawal, restriction, erasure or death. What is not known bars.
    Raises Invalid for a kind, purpose or channel that is none.
    """
    with act(desk, Act.AUDIENCE_CHECK) as now:
        if kind not in KINDS:
            raise Invalid(f"The kind of identifier is one of: {', '.join(KINDS)}.", "kind")
        if channel not in CHANNELS or channel == ALL:
            raise Invalid(f"The channel is one of: {', '.join(code for code in CHANNELS if code != ALL)}.", "channel")
        about = read_text(purpose, "purpose", "the purpose", longest=LONGEST_PURPOSE)
        if about == ALL:
            raise Invalid("Name one purpose: nobody agrees to all of them at once.", "purpose")
        if len(values) > MOST:
            raise Invalid(f"More than {MOST:,} values are checked in parts.", "file")
        found = reach(desk.store, now.tx, values, kind, about, channel, today_of(desk))
        now.object_kind = "audience"
        now.detail |= {
            "kind": kind, "channel": channel, "asked": len(values), "contactable": len(found.places),
            "purpose": desk.store.keyed_hash("words", about).hex()[:16],
        }
    told = {reason: count for reason, count in sorted(found.reasons.items()) if count >= SMALLEST_CELL}
    return Audience(len(values), tuple(found.places), told)
