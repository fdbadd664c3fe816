"""The commands on the store itself: its state of health, and its migrations."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.actions import logbook
from core.law.errors import Refused
from core.store.datafiles import DATA, calendars
from core.store.duckdb import VERSION
from core.store.files import beside
from core.work.carried import DONE, REFUSED, Session, command, utc_now
from core.work.terminal import Terminal

ROOM = 1024 * 1024 * 1024  # bytes that should be free beside the store
OWN_FILES = ("", ".wal", ".master", ".key", ".keys", ".sock")
FACES = ("NotoSans-Regular.ttf", "NotoSansCJKsc-Regular.otf", "NotoSansArabic-Regular.ttf")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `sentence` says what was found and, where it is not well, what to do."""

    name: str
    ok: bool
    sentence: str


@command("doctor")
def doctor(session: Session, *, as_json: bool) -> int:
    """Look at everything the desk needs, and at the open store."""
    checks = [*_machine(session.store.path), *_store(session)]
    return _tell(session.terminal, checks, as_json=as_json)


def doctor_without(terminal: Terminal, store: Path, why: str, *, as_json: bool) -> int:
    """Look at everything that can be looked at without the store, which did not open."""
    return _tell(terminal, [*_machine(store), Check("store", ok=False, sentence=why)], as_json=as_json)


@command("migrate")
def migrate(session: Session) -> int:
    """Say that the store is of this desk's version: what was pending was applied when it was opened for this."""
    session.terminal.out("The store is up to date with this desk.")
    return DONE


def _machine(store: Path) -> list[Check]:
    return [_python(), _engine(), _packages(), _fonts(), _calendar(), _clock(store), _room(store), _permissions(store)]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), f"Python {found}; 3.11 or newer is needed.")


def _engine() -> Check:
    found = _version("duckdb")
    return Check("engine", found == VERSION, f"duckdb {found}; {VERSION} is needed.")


def _packages() -> Check:
    wanted = dict(
        line.partition("#")[0].strip().split("==")
        for line in (DATA.parent / "requirements.txt").read_text("utf-8").splitlines()
        if "==" in line.partition("#")[0]
    )
    other = sorted(name for name, pinned in wanted.items() if _version(name) != pinned)
    if other:
        return Check("packages", ok=False, sentence=f"Other versions than pinned: {', '.join(other)}. Run make run again.")
    return Check("packages", ok=True, sentence=f"{len(wanted)} packages, all as pinned.")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _fonts() -> Check:
    missing = [face for face in FACES if not (DATA / "fonts" / face).is_file()]
    return Check("fonts", not missing, f"Missing: {', '.join(missing)}." if missing else "Every font of letters is here.")


def _calendar() -> Check:
    found = calendars().get("DE").version
    return Check("calendar", ok=True, sentence=f"Calendars of version {found}.")


def _clock(store: Path) -> Check:
    """Compare the clock with the newest file of the store: a clock behind it would date entries wrongly."""
    newest = 0.0
    for suffix in ("", ".wal", ".key", ".keys"):
        with suppress(OSError):
            newest = max(newest, beside(store, suffix).stat().st_mtime)
    now = utc_now()
    ahead = newest - now.replace(tzinfo=UTC).timestamp()
    if ahead > 60:
        return Check("clock", ok=False, sentence=f"The clock is {ahead:.0f} seconds behind the store's files: set it.")
    return Check("clock", ok=True, sentence=f"It is {now:%Y-%m-%d %H:%M} UTC.")


def _room(store: Path) -> Check:
    folder = next(each for each in (store.parent, *store.parent.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    return Check("space", free >= ROOM, f"{free / ROOM:.1f} GB free beside the store; keep at least 1 GB.")


def _permissions(store: Path) -> Check:
    """Nobody but the owner may read the keys. The live store's own file is looked at by name, never opened."""
    open_to_others = []
    for suffix in OWN_FILES:
        with suppress(OSError):
            found = os.lstat(beside(store, suffix))
            if stat.S_IMODE(found.st_mode) & 0o077:
                open_to_others.append(beside(store, suffix).name)
    if open_to_others:
        names = ", ".join(open_to_others)
        return Check("permissions", ok=False, sentence=f"Others can reach {names}: chmod 600 them.")
    return Check("permissions", ok=True, sentence="Store, keys and control socket belong to their owner alone.")


def _store(session: Session) -> list[Check]:
    found = [Check("store", ok=True, sentence=f"A {session.store.kind} store; its keys open it.")]
    found.append(_guarded("log", lambda: _log(session)))
    return found


def _log(session: Session) -> Check:
    report = logbook.verify(session.desk())
    return Check("log", report.ok, report.first_fault or f"{report.count:,} entries join up.")


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Refused as refusal:
        return Check(name, ok=False, sentence=str(refusal))


def _tell(terminal: Terminal, checks: list[Check], *, as_json: bool) -> int:
    sound = all(each.ok for each in checks)
    if as_json:
        found = [{"name": each.name, "ok": each.ok, "sentence": each.sentence} for each in checks]
        terminal.out(json.dumps({"ok": sound, "checks": found}))
    else:
        for each in checks:
            terminal.out(f"{'ok  ' if each.ok else 'NOT '} {each.name:12} {each.sentence}")
    if not sound:
        terminal.err("Not everything is well: see the lines that say NOT.")
    return DONE if sound else REFUSED
