"""A desk at work whose disk fails under it: run as a process of its own, which may write no further than is said here.

Prints what each who worked at that moment was told, and what stands in the store afterwards, each in JSON.
"""

import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from core.actions.cases import intake, queue
from core.actions.desk.act import act
from core.actions.desk.desk import operator_desk
from core.actions.oversight import proof
from core.law.acts import Act
from core.law.errors import Refused
from core.law.roles import Role
from core.store import duckdb as engine
from core.store.engine import Store
from core.store.files import beside
from tests import stores
from tests.conftest import NOW, desk_of

KEPT = 3
PLENTY = resource.RLIM_INFINITY


class Desk:
    """The store with one who takes cases in, and the size to which its files may grow."""

    def __init__(self, path: Path) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.store = Store.open(path, NOW)
        self.steward = desk_of(self.store, Role.STEWARD)
        self.told: dict[str, str] = {}
        self.log = beside(path, ".wal")

    def room(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, PLENTY))

    def take_in(self, name: str) -> str:
        """Take in a case and return what came of it."""
        return tried(lambda: intake.take_in(self.steward, intake.Intake(
            ("access",), "email", NOW.date(), name=name, email=f"{name}@example.com", body="words",
            files=((f"{name}.pdf", b"%PDF-1.7 " + os.urandom(5000)),),
        ), key=f"key-of-{name}"))

    def listed(self) -> str:
        return tried(lambda: queue.list_requests(self.steward, "open").total)

    def checkpoint(self) -> str:
        """Let the engine fail while it moves its log into the file, which ends its instance, and say what is told."""
        self.room(1)

        def fail() -> None:
            with self.store.cursor() as cursor:
                try:
                    cursor.execute("FORCE CHECKPOINT store")
                except engine.FAULTS as fault:
                    raise engine.translate(fault) from None

        try:
            return tried(fail)
        finally:
            self.room(PLENTY)

    def left(self) -> dict[str, object]:
        """Return what stands in the store, whether its log is sound, and the same once it was closed and opened."""
        found = [self._held()]
        self.store.close()
        self.store = Store.open(self.store.path, NOW)
        found.append(self._held())
        self.store.close()
        return {"now": found[0], "opened": found[1]}

    def _held(self) -> dict[str, object]:
        with self.store.transaction() as tx:
            counts = {
                table: tx._cursor.execute(f"select count(*) from {table}").fetchone()[0]  # type: ignore[index]
                for table in ("cases", "messages", "attachments", "requests", "commands")
            }
            facts = [row["name"] for row in tx.rows("store.facts")]
            acts = tx._cursor.execute("select act, outcome from audit order by seq").fetchall()
            tip = self.store.tip.count
        report = proof.verify(operator_desk(self.store, "tester", NOW))
        return {**counts, "half": "half" in facts, "acts": acts, "sound": report.ok, "tip": tip}


def tried(what: Callable[[], object]) -> str:
    """Return `done`, or the refusal and its sentence; anything else that ends it is no refusal."""
    try:
        what()
    except Refused as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    except BaseException as fault:  # noqa: BLE001 - the test reads it
        return f"FAULT {type(fault).__name__}"
    return "done"


def commit_fails(desk: Desk) -> None:
    """The log of the engine takes nothing more: the commit of an act fails, and that of its refusal too."""
    desk.room(desk.log.stat().st_size + 100)
    desk.told["act"] = desk.take_in("lost")
    desk.told["reader"] = desk.listed()
    desk.told["again"] = desk.take_in("lost")
    desk.room(PLENTY)


def in_the_middle(desk: Desk) -> None:
    """The instance ends while one act has written half, one has read, and a third reader comes just then."""
    written, ended, waiting = threading.Event(), threading.Event(), threading.Event()

    def half() -> None:
        with act(desk.steward, Act.QUEUE_LOOK) as now:
            now.tx.run("store.put_fact", name="half", fact="written")
            written.set()
            ended.wait(60)
            now.tx.run("store.put_fact", name="half too", fact="written")

    def reading() -> None:
        with desk.store.transaction() as tx:
            tx.rows("store.facts")
            waiting.set()
            ended.wait(60)
            tx.rows("store.facts")

    ways: dict[str, Callable[[], None]] = {"act": half, "reader": reading}
    threads = [threading.Thread(target=lambda n=name, w=way: desk.told.update({n: tried(w)})) for name, way in ways.items()]
    for each in threads:
        each.start()
    written.wait(60)
    waiting.wait(60)
    desk.told["checkpoint"] = desk.checkpoint()
    late = threading.Thread(target=lambda: desk.told.update(late=desk.listed()))
    late.start()
    ended.set()
    for each in (*threads, late):
        each.join(60)
    desk.told["alive"] = str([each.name for each in (*threads, late) if each.is_alive()])


def no_room_to_open(desk: Desk) -> None:
    """The instance ended, and the next one cannot be opened yet either: its file is gone from its place."""
    desk.told["checkpoint"] = desk.checkpoint()
    away = desk.store.path.with_name("away")
    for suffix in ("", ".wal"):
        with suppress(FileNotFoundError):
            beside(desk.store.path, suffix).rename(beside(away, suffix))
    desk.store.path.write_bytes(b"no store")
    desk.told["act"] = desk.take_in("lost")
    desk.told["reader"] = desk.listed()
    for suffix in ("", ".wal"):
        with suppress(FileNotFoundError):
            beside(away, suffix).rename(beside(desk.store.path, suffix))


CASES = (commit_fails, in_the_middle, no_room_to_open)


def play(path: Path, case: Callable[[Desk], None]) -> dict[str, object]:
    """Take cases in, let it fail, go on, and return what was told and what is left."""
    desk = Desk(path)
    for number in range(KEPT):
        assert desk.take_in(f"kept{number}") == "done"
    before = desk.store.generations._connection
    case(desk)
    desk.told["next reader"] = desk.listed()
    desk.told["next"] = desk.take_in("next")
    desk.told["lost"] = desk.take_in("lost")
    anew = desk.store.generations._connection is not before
    return {"told": desk.told, "anew": anew, **desk.left()}


if __name__ == "__main__":
    duckdb.connect = stores._trusting
    sys.stdout.write(json.dumps({
        case.__name__: play(stores.fresh(Path(sys.argv[1]) / case.__name__ / "desk.duckdb"), case) for case in CASES
    }))
