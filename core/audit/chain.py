"""The check of a chain of entries: nothing changed, taken out, put in, moved or, against a known head, cut off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit.leaf import GENESIS, Entry, entry_hash
from core.law.errors import Invalid

# The acts whose entry says how far the log reached before an older backup took its place, or before its end was lost.
REPLACED = {"store.restore", "store.accept_loss"}
CLOCK_SET = "clock_set"  # the detail of the first entry after somebody set the machine's clock: by how many seconds
LONGEST_ACT = timedelta(hours=1)  # an entry bears the moment at which its act began, and stands where it ended
Row = tuple[Entry, bytes, bytes]  # an entry, the hash of the one before as stored, its own hash as stored


@dataclass(frozen=True)
class Head:
    """Where a chain stands: how many entries it has had since its first, and the hash of the last of them."""

    count: int
    digest: bytes


START = Head(0, GENESIS)


@dataclass(frozen=True)
class Report:
    """What a check found: `count` and `head` tell how far the chain joins up, `first_fault` what broke it there.

    An entry written anew with a fitting hash shows only in the one after it: the fault lies there or just before.
    """

    ok: bool
    count: int
    head: bytes
    first_fault: str | None = None
    notes: tuple[str, ...] = ()


def verify_chain(
    rows: Iterable[Row], *, chain: str | None = None, start: Head = START, expect_head: Head | None = None
) -> Report:
    """Check rows in their stored order, one at a time, up to the first fault.

    `chain` is the name every entry must bear; without it, the first entry's. `start` is the head that the first row
    must join on to. `expect_head` is a head known from elsewhere: the chain must reach it and have its hash there;
    without it nobody can tell that the last entries were cut off. A head in the part that a recorded restore replaced
    is a note. A clock that ran backwards is a note, no fault: entries say where it was set, and acts that ran side by side
    may stand a little out of time.
    """
    walk = _Walk(chain, start, expect_head)
    fault = walk.meet_anchor()
    incoming = iter(rows)
    while fault is None:
        try:
            row = next(incoming, None)
        except Invalid as no:
            fault = str(no)
            break
        except ValueError:  # its words may quote what stands in the row
            fault = f"Entry {walk.count} cannot be read: what stands there does not have the form of an entry."
            break
        if row is None:
            fault = walk.short_of_anchor()
            break
        fault = walk.step(*row)
    return Report(fault is None, walk.count, walk.digest, fault, tuple(walk.notes()))


class _Walk:
    """How far the check has come: sound up to `count` entries, the last of which has the hash `digest`."""

    def __init__(self, chain: str | None, start: Head, anchor: Head | None) -> None:
        self.chain = chain
        self.start = start.count
        self.count = start.count
        self.digest = start.digest
        self.anchor = anchor
        self.last: datetime | None = None
        self.anchor_lost = False
        self.steps_back: int = 0
        self.first_step_back: int = 0

    def step(self, entry: Entry, prev: bytes, digest: bytes) -> str | None:
        """Take the next row; give the sentence of its fault, or None and go on to it."""
        if self.chain is None:
            self.chain = entry.chain
        fault = self._fault(entry, prev, digest)
        if fault is not None:
            return fault
        if self._ran_back(entry):
            self.first_step_back = self.first_step_back if self.steps_back else entry.seq
            self.steps_back += 1
            self.last = entry.happened_at
        self.last = max(self.last or entry.happened_at, entry.happened_at)
        self.count += 1
        self.digest = digest
        self._forgive_anchor(entry)
        return self.meet_anchor()

    def _forgive_anchor(self, entry: Entry) -> None:
        """Let go of a known head that lies in the part which a recorded restore of a backup replaced."""
        if self.anchor is None or entry.act not in REPLACED or entry.outcome != "done":
            return
        reached = entry.details.get("old_entries")
        if isinstance(reached, int) and entry.seq < self.anchor.count <= reached:
            self.anchor, self.anchor_lost = None, True

    def _ran_back(self, entry: Entry) -> bool:
        """Whether the clock was set back before this entry: it says so, or it is older than any act lasts."""
        turned = entry.details.get(CLOCK_SET)
        if isinstance(turned, int) and turned < 0:
            return True
        return self.last is not None and entry.happened_at < self.last - LONGEST_ACT

    def _fault(self, entry: Entry, prev: bytes, digest: bytes) -> str | None:
        at = self.count
        if entry.chain != self.chain:
            return f"The entry that stands where entry {at} belongs is of another chain."
        if entry.seq > at:
            what = f"entry {at} is" if entry.seq == at + 1 else f"entries {at} to {entry.seq - 1} are"
            return f"Something was taken out or moved: {what} missing before entry {entry.seq}."
        if entry.seq < at:
            return f"Something was put in, repeated or moved: entry {entry.seq} stands where entry {at} belongs."
        if prev != self.digest:
            before = f"entry {at - 1}" if at else "the start of the chain"
            return f"Entry {at} does not join on to {before}: it was written after something else."
        if digest != entry_hash(prev, entry):
            return f"Entry {at} is not what was written: its hash belongs to other content."
        return None

    def meet_anchor(self) -> str | None:
        """Compare with the known head where it stands; give the sentence of a difference."""
        if self.anchor is None:
            return None
        if self.anchor.count < self.start:
            return (
                f"The known head stands at {self.anchor.count} entries, but the check starts after {self.start}: "
                "use a newer head."
            )
        if self.anchor.count == self.count and self.anchor.digest != self.digest:
            return f"The log differs from its known head at {self.count} entries: it was written anew since."
        return None

    def short_of_anchor(self) -> str | None:
        """Give the sentence for a chain that ended before it reached the known head."""
        if self.anchor is None or self.count >= self.anchor.count:
            return None
        return f"The log was cut: it ends after {self.count} entries, but its known head stands at {self.anchor.count}."

    def notes(self) -> Iterator[str]:
        """Give what a reader should know though it breaks nothing."""
        if self.anchor_lost:
            yield (
                "The known head lies in a part of the log that was replaced when an older backup was restored, or that was "
                "lost and accepted as lost; either is entered. Keep a newer head."
            )
        if self.steps_back:
            times = "once" if self.steps_back == 1 else f"{self.steps_back} times"
            yield f"The clock ran backwards {times}, first at entry {self.first_step_back}; the order of writing holds."
