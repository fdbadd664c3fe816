"""The command `due`: the dates of the clock for one request or for a table of them; it needs no store."""

import io
import json
from datetime import date, datetime
from typing import Any

from core.control.terminal import Terminal
from core.law.clock.due import due_report, due_rows
from core.law.errors import Invalid
from core.store.datafiles import calendars, profiles

_NAMES = {
    "receipt_date": "received", "base_due": "due", "final_due": "due at the latest", "extension_effective":
    "extension holds", "acknowledge_by": "acknowledge by", "refusal_due": "a refusal is due", "safe_due":
    "plan to answer by", "safe_notice_due": "plan to tell of an extension by", "due_if_answered_today":
    "due if answered today", "days_left": "days left", "latest_arguable": "arguable, not to be aimed at",
}


def print_due(terminal: Terminal, flags: dict[str, Any], *, as_json: bool) -> None:
    """Print the dates for the flags of one request."""
    report = due_report(profiles(), calendars(), clock_day=_clock_day(), **flags)
    terminal.out(json.dumps(report) if as_json else _plain(report))


def print_due_rows(terminal: Terminal, file: str, today: str | None, *, as_json: bool) -> None:
    """Print the dates for each row of a CSV; a row that cannot be read is named and the others go on."""
    try:
        text = terminal.read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not text in UTF-8.", "file") from None
    failed = 0
    lines = io.StringIO(text, newline="")
    for report in due_rows(profiles(), calendars(), lines, today=today, clock_day=_clock_day()):
        failed += "error" in report
        if as_json:
            terminal.out(json.dumps(report))
        elif "error" in report:
            terminal.out(f"row {report['row']}: {report['error']}")
        else:
            terminal.out(f"row {report['row']}: due {report['final_due'] or 'not fixed while a question is open'}")
    if failed:
        terminal.err(f"{failed} row(s) could not be worked out; each says why.")


def _clock_day() -> date:
    return datetime.now().astimezone().date()


def _plain(report: dict[str, Any]) -> str:
    lines = [f"{title + ':':34} {report[name]}" for name, title in _NAMES.items() if report[name] is not None]
    if report["final_due"] is None:
        lines.append("No day is fixed: a question is open, or the law sets no period.")
    return "\n".join([*lines, *(f"  {step}" for step in report["steps"])])
