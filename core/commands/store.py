"""The commands on the store itself: its state of health, and its migrations."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from core.actions.answers.erasure import drills, erasure_ends
from core.actions.desk.public_address import public_address
from core.actions.oversight import logbook, night, proof, purges
from core.commands.carry import DONE, REFUSED, Session, command, utc_now
from core.connectors.catalogue import catalogue, own_catalogue
from core.control.terminal import Terminal
from core.law.errors import Refused
from core.messages import outgoing
from core.store.datafiles import DATA, calendars
from core.store.duckdb import VERSION
from core.store.engine import Store
from core.store.files import beside

ROOM = 1024 * 1024 * 1024  # bytes that should be free beside the store
OWN_FILES = ("", ".wal", ".master", ".key", ".keys", ".ledger", ".anchor", ".sock")
OLDEST_BACKUP = 7  # days after which doctor asks for a new one in a live store
FACES = ("NotoSans-Regular.ttf", "NotoSansCJKsc-Regular.otf", "NotoSansArabic-Regular.ttf")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `sentence` says what was found and, where it is not well, what to do."""

    name: str
    ok: bool
    sentence: str


@command("doctor")
def doctor(session: Session, *, as_json: bool, mail: bool = False) -> int:
    """Look at everything the desk needs, and at the open store; with `mail` also connect to the mail server."""
    checks = [*_machine(session.store.path), *_store(session), _links(session), _proxy(), _mail(connecting=mail)]
    return _tell(session.terminal, checks, as_json=as_json)


def doctor_without(terminal: Terminal, store: Path, why: str, *, as_json: bool, mail: bool = False) -> int:
    """Look at everything that can be looked at without the store, which did not open."""
    checks = [*_machine(store), Check("store", ok=False, sentence=why), _mail(connecting=mail)]
    return _tell(terminal, checks, as_json=as_json)


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
    """Compare what is installed with the lock, as far as its lines are meant for this machine."""
    lines = (DATA.parent / "requirements.lock").read_text("utf-8").splitlines()
    locked = [Requirement(line.rstrip(" \\")) for line in lines if "==" in line and not line.startswith(("#", " "))]
    wanted = [each for each in locked if each.marker is None or each.marker.evaluate()]
    other = sorted(each.name for each in wanted if f"=={_version(each.name)}" != str(each.specifier))
    if other:
        return Check("packages", ok=False, sentence=f"Other versions than locked: {', '.join(other)}. Run make run again.")
    return Check("packages", ok=True, sentence=f"{len(wanted)} packages, all as locked.")


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
    found = [Check("store", ok=True, sentence=f"A {session.store.kind} store; its keys open it."), _keys(session.store)]
    found.append(_clock_set(session.store))
    found.append(_guarded("catalogue", lambda: _catalogue(session.store)))
    found.append(_guarded("log", lambda: _log(session)))
    found.append(_guarded("halves", lambda: _halves(session)))
    found.append(_guarded("erasures", lambda: _erasures(session)))
    found.append(_guarded("purge", lambda: _purge(session)))
    found.append(_guarded("backup", lambda: _backup(session)))
    return found


def _catalogue(store: Store) -> Check:
    todo = own_catalogue() if store.kind == "live" else ""
    return Check("catalogue", not todo, todo or f"{len(catalogue().fields)} fields of {len(catalogue().systems)} systems.")


def _clock_set(store: Store) -> Check:
    """Whether somebody set the machine's clock under the running desk."""
    if store.clock.doubtful():
        hours = abs(store.clock.set_by()) / 3600
        return Check("clock set", ok=False, sentence=(
            f"The machine's clock was set by {hours:,.0f} hours while the desk ran. Set it right; what is deleted hourly and "
            "by night waits until it has stood for a day, or the desk is started again."
        ))
    return Check("clock set", ok=True, sentence="The machine's clock was not set far since the desk was started.")


def _keys(store: Store) -> Check:
    """Tell whether keys and ledger hold what the store needs, and whether a key of each kind opens."""
    if store.troubles:
        return Check("keys", ok=False, sentence=" ".join(map(str, store.troubles)))
    if shut := store.keys.shut():
        what = f"{store.keys.name} holds {shut:,} keys that the master key does not open: put back an unharmed copy."
        return Check("keys", ok=False, sentence=what)
    damage = f" {store.keys.damaged} places of the file cannot be read; no key is lost." if store.keys.damaged else ""
    return Check("keys", ok=True, sentence=f"{len(store.keys.every()):,} keys of people, cases and documents.{damage}")


def _log(session: Session) -> Check:
    report = logbook.verify(session.desk())
    return Check("log", report.ok, report.first_fault or f"{report.count:,} entries join up.")


def _halves(session: Session) -> Check:
    missing = proof.halves(session.desk())
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in missing.items())
    return Check("halves", not missing, f"Half done: {told}. Restore a backup." if missing else "No act is half done.")


def _erasures(session: Session) -> Check:
    """Tell of erased people whose key still stands or whom the ledger does not know as erased."""
    left = erasure_ends.unfinished(session.desk())
    if left is None:
        return Check("erasures", ok=True, sentence="Every erased person's key is destroyed, and the ledger knows of each.")
    files = f"{session.store.path.name}.keys and {session.store.path.name}.ledger"
    return Check(
        "erasures", ok=False,
        sentence=f"The keys of {left.people} erased people could not be destroyed since {left.since:%Y-%m-%d %H:%M} UTC: "
        f"see that {files} can be written, then start the desk anew.",
    )


def _purge(session: Session) -> Check:
    """Tell of a purge that left something, when the store was last written anew, and what waits for the next."""
    store = session.store
    last = purges.last_purge(session.desk())
    when = f"The store was last purged on {last:%Y-%m-%d %H:%M} UTC." if last else "The store was never purged."
    if store.copying.locked():
        return Check("purge", ok=True, sentence=f"A purge or a backup is under way. {when}")
    left = [each.name for each in (beside(store.path, ".d") / "next").glob("*")]
    if left or store.secrets.next is not None:
        what = "an unfinished copy" if left else "the key of an unfinished copy"
        return Check("purge", ok=False, sentence=f"A purge left {what}: start the desk anew, which takes it away. {when}")
    waits = night.standing(session.desk())
    night.hour()  # refuses a setting that is none
    following = f"The next comes at {waits.next_at:%Y-%m-%d %H:%M} UTC" if waits.next_at else "The nightly one is off"
    if not waits.waiting:
        return Check("purge", ok=True, sentence=f"{when} {following}, if something was erased.")
    told = f"{waits.waiting} erasures since {waits.since:%Y-%m-%d %H:%M} UTC are not gone from the bytes. {when} {following}."
    return Check("purge", not waits.overdue, told + (" Run purge now." if waits.overdue else ""))


def _backup(session: Session) -> Check:
    known = purges.backups(session.desk())
    standing = [each for each in known if each.forgotten_at is None]
    if not standing:
        return Check("backup", session.store.kind != "live", "No backup is known. Make one with `backup DIR`.")
    tried = drills.standing(session.desk())
    last = f"{tried.last.done_at:%Y-%m-%d}" if tried.last and not tried.last.trouble else "never"
    age = utc_now() - standing[0].made_at
    days = purges.backup_days()  # refuses a setting that is none
    old = [each for each in standing if days and utc_now() - each.made_at > timedelta(days=days + 1)]
    told = (
        f"The last of {len(standing)} backups is {standing[0].name}, {age.days} days old; the oldest is {standing[-1].name}. "
        f"One last came back in a drill: {last}."
    )
    if old:
        told += f" {len(old)} are older than the {days} days for which they are kept: delete them, then `backup --forget` each."
    return Check("backup", (age.days <= OLDEST_BACKUP and not old) or session.store.kind != "live", told)
def _links(session: Session) -> Check:
    """Whether a package link could be made. It is no fault where none is wanted."""
    try:
        return Check("links", ok=True, sentence=f"Package links lead to {public_address(session.store)}.")
    except Refused as refusal:
        return Check("links", ok=True, sentence=f"No package links. {refusal}")


def _proxy() -> Check:
    """Whether the desk knows who is behind the proxy that gives it its public address."""
    named = os.environ.get("RIGHTSDESK_PROXY", "").strip()
    if named or os.environ.get("RIGHTSDESK_TLS_CERTIFICATE"):
        return Check("proxy", ok=True, sentence=f"{named} is believed." if named else "The desk encrypts its line itself.")
    if os.environ.get("PUBLIC_URL", "").startswith("https://"):
        return Check("proxy", ok=False, sentence="No proxy is named, so that everybody counts as one place when somebody guesses "
                     "passwords. Set RIGHTSDESK_PROXY to its address.")
    return Check("proxy", ok=True, sentence="None is named: the desk answers on this machine.")


def _mail(*, connecting: bool) -> Check:
    """Whether mail is set; only where it was asked for is a connection made."""

    def look() -> Check:
        how = outgoing.settings()
        if not how.is_set:
            return Check("mail", ok=not connecting, sentence="No mail server is set: links are passed on by people.")
        if connecting:
            return Check("mail", ok=True, sentence=outgoing.check(how))
        return Check("mail", ok=True, sentence=f"A mail server is set ({how.security}); doctor --mail connects to it.")

    return _guarded("mail", look)


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
