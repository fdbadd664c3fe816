"""The commands on the log: verify the chain or an exported file, and export it."""

import json

from core.actions.oversight import logbook
from core.audit.chain import Head, Report
from core.audit.logfile import verify_log
from core.commands.carry import DONE, REFUSED, Session, command
from core.control.terminal import Terminal
from core.law.errors import Invalid


@command("verify")
def verify(session: Session, *, anchors: str, as_json: bool) -> int:
    """Verify the store's log, against a head kept from an earlier run where one is given."""
    known = read_head(session.terminal, anchors) if anchors else None
    return tell(session.terminal, logbook.verify(session.desk(), known), as_json=as_json)


@command("audit export")
def export(session: Session, *, file: str) -> int:
    """Write the log to a file that `verify --log` checks without the store."""
    lines = logbook.export(session.desk())
    first = next(lines)  # the act is entered before the file is opened: a refusal leaves no empty file
    count = 0
    with session.terminal.writing(file) as write:
        write(first.encode())
        waiting: list[str] = []
        for line in lines:
            waiting.append(line)
            count += 1
            if len(waiting) == 1000:
                write("".join(waiting).encode())
                waiting.clear()
        write("".join(waiting).encode())
    session.terminal.out(f"{count - 1:,} entries written to {file}. Check it with: verify --log {file}")
    return DONE


def verify_file(terminal: Terminal, file: str, anchors: str, *, as_json: bool) -> int:
    """Verify an exported log without any store: by the file itself and, where given, a head kept apart from it."""
    known = read_head(terminal, anchors) if anchors else None
    try:
        lines = terminal.read(file).decode("utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        raise Invalid("The file is not text in UTF-8: choose a file made by `audit export`.", "log") from None
    return tell(terminal, verify_log(lines, expect_head=known), as_json=as_json)


def read_head(terminal: Terminal, file: str) -> Head:
    """Read a kept head, {"count": ..., "head": ...}: the answer of an earlier `verify --json`."""
    try:
        kept = json.loads(terminal.read(file))
        head = Head(kept["count"], bytes.fromhex(kept["head"]))
        if type(head.count) is not int or head.count < 0 or len(head.digest) != 32:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Invalid('The file of anchors holds no head. It holds {"count": ..., "head": ...}, as verify --json prints.',
                      "anchors") from None
    return head


def tell(terminal: Terminal, report: Report, *, as_json: bool) -> int:
    """Print what the check found; exit code 1 where the log is not sound."""
    if as_json:
        terminal.out(json.dumps({
            "ok": report.ok, "count": report.count, "head": report.head.hex(), "first_fault": report.first_fault,
            "notes": list(report.notes),
        }))
    elif report.ok:
        terminal.out(f"The log is sound: {report.count:,} entries join up. Head {report.head.hex()}")
        for note in report.notes:
            terminal.out(f"  {note}")
    if not report.ok:
        terminal.err(f"The log is not sound. {report.first_fault}")
    return DONE if report.ok else REFUSED
