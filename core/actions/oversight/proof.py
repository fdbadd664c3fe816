"""The proof of the log: check the whole chain, and hand it out as a file that anybody can check again."""

from collections.abc import Iterator
from typing import Any

from core.actions.desk.act import act, found, look, repeated
from core.actions.desk.desk import Desk
from core.audit.chain import Head, Row, verify_chain
from core.audit.chain import Report as Report  # noqa: PLC0414 - what `verify` returns, for whoever draws it
from core.audit.leaf import Entry, read_details
from core.audit.logfile import write_rows
from core.law.acts import Act
from core.store.engine import Store, Tx

BATCH = 4096  # entries read at a time


@repeated
def verify(desk: Desk, expect_head: Head | None = None) -> Report:
    """Check every entry of the log and that none is missing up to where this process knows it to stand.

    It is held against the anchor beside the store, too. `expect_head` is a head known from elsewhere, such as an earlier
    report, and takes its place. The check itself is entered after it.
    """
    with desk.store.writing() as tip:
        known = Head(tip.count, tip.head)
    with act(desk, Act.LOG_VERIFY) as now:
        chain = desk.store.chain
        report = verify_chain(stored(now.tx, chain), chain=chain, expect_head=expect_head or known)
        foreign = int(found(now.tx.one("log.foreign", chain=chain), "log")["entries"])
        if report.ok and foreign:
            fault = f"{foreign} entries of another log lie among those of this one: somebody put them there."
            report = Report(False, report.count, report.head, fault, report.notes)
        elif report.ok and report.count < known.count:
            fault = f"The log was cut: it ends after {report.count} entries, but {known.count} were written."
            report = Report(False, report.count, report.head, fault, report.notes)
        elif report.ok and expect_head is None and desk.store.anchoring.fault:
            report = Report(False, report.count, report.head, desk.store.anchoring.fault, report.notes)
        now.detail |= {"ok": int(report.ok), "entries": report.count}
    return report


def halves(desk: Desk) -> dict[str, int]:
    """Return how many cases and commands stand without what belongs to them, by the name of what is missing."""
    with look(desk, Act.LOG_VERIFY) as now:
        counted = now.tx.one("log.halves") or {}
        return {name: int(count) for name, count in counted.items() if count > 0}


def export(desk: Desk) -> Iterator[str]:
    """Yield the lines of the log's file (docs/audit-log.md); the export is entered first and is its last entry or
    stands before later ones. Raises NotAllowed for anybody but the operator of the machine.
    """  # noqa: D205 - the first sentence is one
    _enter_export(desk)
    yield from write_rows(desk.store.chain, _until(desk.store, desk.store.tip.count))


@repeated
def _enter_export(desk: Desk) -> None:
    with act(desk, Act.LOG_EXPORT) as now:
        now.detail["entries"] = desk.store.tip.count


def _until(store: Store, last: int) -> Iterator[Row]:
    for first in range(0, last, BATCH):
        with store.transaction() as tx:
            rows = tx.rows("log.all_rows", chain=store.chain, first=first, last=min(first + BATCH, last))
        yield from map(_row, rows)


def stored(tx: Tx, chain: str) -> Iterator[Row]:
    """Yield every entry, also one whose number lies after a gap: the check names the gap."""
    counted = tx.one("log.last", chain=chain) or {}
    last = -1 if counted.get("last") is None else int(counted["last"])
    for first in range(0, last + 1, BATCH):
        yield from map(_row, tx.rows("log.all_rows", chain=chain, first=first, last=first + BATCH))


def _row(row: dict[str, object]) -> Row:
    """Return a stored row as an entry and its two hashes. ValueError where it has not the form of an entry."""
    fields: dict[str, Any] = dict(row)
    prev, digest, details = fields.pop("prev"), fields.pop("hash"), fields.pop("details")
    return Entry(details=read_details(details), **fields), bytes(prev), bytes(digest)
