"""The log as a file to hand out: a header, one JSON line for each entry, a footer that shows when lines are missing."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from core.audit.chain import START, Head, Report, Row, verify_chain
from core.audit.leaf import LARGEST, Entry
from core.law.errors import Invalid

FORMAT = "rightsdesk-audit-log"
END = "rightsdesk-audit-log-end"
LONGEST_LINE = 131_072

_HASH = re.compile(r"[0-9a-f]{64}")
_PLAIN = (
    "chain", "seq", "actor_ref", "sign_in_ref", "role", "act", "outcome", "subject_ref", "case_ref", "request_ref",
    "object_kind", "object_id", "purpose_code", "details",
)  # fmt: skip


class Log(NamedTuple):
    """A log file being read: the chain it names, where it starts, and its rows, to be walked once."""

    chain: str
    start: Head
    rows: Iterator[Row]


def write_rows(chain: str, rows: Iterable[Row], start: Head = START) -> Iterator[str]:
    """Give the lines of a log file, each ending in a line feed; rows are written as found, sound or not.

    `start` is the head before the first row: the chain's beginning, unless an earlier part was lawfully cut.
    """
    yield _line(_header(chain, start))
    count, digest = start.count, start.digest
    for entry, prev, own in rows:
        yield _line(_row(entry, prev, own))
        count, digest = count + 1, own
    yield _line({"format": END, "version": 1, "count": count, "head": digest.hex()})


def open_log(lines: Iterable[str]) -> Log:
    """Read the header of a log file; the rows follow as they are asked for. Raises Invalid with a sentence."""
    incoming = _decoded(lines)
    first = next(incoming, None)
    if first is None:
        raise Invalid("The file is empty: a log file starts with a header. Export the log again.", "log")
    head = _parse(first, 1)
    try:
        chain, start = str(head["chain"]), Head(head["count"], _digest(head["prev"]))
        # The one right header is the one we would write: it settles format, version, order and forms at once.
        sound = head["version"] == 1 and _is_count(start.count) and _line(_header(chain, start)) == _ended(first)
    except (KeyError, ValueError):
        sound = False
    if not sound:
        raise Invalid(
            f"Line 1 is not the header of a log file ({FORMAT}, version 1). Choose a file made by audit export.", "log"
        )
    return Log(chain, start, _walk(incoming, start))


def verify_log(
    lines: Iterable[str], *, chain: str | None = None, start: Head = START, expect_head: Head | None = None
) -> Report:
    """Check a log file from its header to its footer; never raises for what the file holds, the report says it.

    `chain` is the name it must bear, where it is known. `start` is where it must start: at the beginning, unless an
    earlier part was lawfully cut; what the header claims is not enough. `expect_head` as in verify_chain.
    """
    try:
        log = open_log(lines)
    except Invalid as no:
        return Report(False, start.count, start.digest, str(no))
    if chain is not None and log.chain != chain:
        return Report(False, start.count, start.digest, "The file holds the log of another chain.")
    if log.start != start:
        return Report(
            False, start.count, start.digest,
            f"The file starts after {log.start.count} entries with a head that is not the one to start from, "
            f"which stands at {start.count}: earlier entries were left out.",
        )  # fmt: skip
    return verify_chain(log.rows, chain=log.chain, start=start, expect_head=expect_head)


def _decoded(lines: Iterable[str]) -> Iterator[str]:
    """Pass lines on; where the bytes of the file are no text, say so in a sentence that quotes none of them."""
    incoming, number = iter(lines), 0
    while True:
        number += 1
        try:
            line = next(incoming, None)
        except UnicodeDecodeError:
            raise Invalid(
                f"The file is not text in UTF-8 from line {number} on. Export the log again.", "log"
            ) from None
        if line is None:
            return
        yield line


def _walk(lines: Iterator[str], start: Head) -> Iterator[Row]:
    count, digest, number = start.count, start.digest, 1
    for number, line in enumerate(lines, 2):
        fields = _parse(line, number)
        if fields.get("format") == END:
            footer = {"format": END, "version": 1, "count": count, "head": digest.hex()}
            if _line(footer) != _ended(line):
                raise Invalid(
                    f"Line {number}, the footer, does not fit the {count - start.count} entries above it: lines were "
                    "taken out, put in or changed. Export the log again.", "log",
                )  # fmt: skip
            if next(lines, None) is not None:
                raise Invalid(f"The file goes on after its footer in line {number}. Export the log again.", "log")
            return
        row = _read_row(fields, line, number)
        count, digest = count + 1, row[2]
        yield row
    raise Invalid(f"The file was cut: it ends after line {number} without a footer. Export the log again.", "log")


def _read_row(fields: dict[str, Any], line: str, number: int) -> Row:
    try:
        words_hash = fields["words_hash"]
        entry = Entry(
            happened_at=datetime.fromisoformat(str(fields["happened_at"]).removesuffix("Z")),
            words_hash=None if words_hash is None else _digest(words_hash),
            **{name: fields[name] for name in _PLAIN},
        )
        row = (entry, _digest(fields["prev"]), _digest(fields["hash"]))
        sound = _line(_row(*row)) == _ended(line)
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise Invalid(f"Line {number} does not have the form of an entry. Export the log again.", "log")
    return row


def _header(chain: str, start: Head) -> dict[str, object]:
    return {"format": FORMAT, "version": 1, "chain": chain, "count": start.count, "prev": start.digest.hex()}


def _row(entry: Entry, prev: bytes, own: bytes) -> dict[str, object]:
    return {
        "chain": entry.chain,
        "seq": entry.seq,
        "happened_at": entry.happened_at.isoformat(timespec="microseconds") + "Z",
        "actor_ref": entry.actor_ref,
        "sign_in_ref": entry.sign_in_ref,
        "role": entry.role,
        "act": entry.act,
        "outcome": entry.outcome,
        "subject_ref": entry.subject_ref,
        "case_ref": entry.case_ref,
        "request_ref": entry.request_ref,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "purpose_code": entry.purpose_code,
        "words_hash": None if entry.words_hash is None else entry.words_hash.hex(),
        "details": dict(entry.details),
        "prev": prev.hex(),
        "hash": own.hex(),
    }


def _line(fields: dict[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True) + "\n"


def _ended(line: str) -> str:
    """Give a line as it was written, whatever line end a mail program or an editor gave it."""
    return line.rstrip("\r\n") + "\n"


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise Invalid(f"Line {number} is broken: it is not one JSON object. Export the log again.", "log")
    return fields


def _digest(text: object) -> bytes:
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        raise ValueError("a hash is 64 hexadecimal digits")
    return bytes.fromhex(text)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST
