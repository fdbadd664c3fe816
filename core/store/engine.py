"""The Store: one owning process, one connection, a cursor of its own for every act, one short writer lock."""

import hmac
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from random import uniform
from typing import Any, ParamSpec, TypeVar

import pyarrow as pa

from core.law.errors import Invalid, Refused
from core.store import duckdb as engine
from core.store import witness
from core.store.anchor import Anchor, Anchoring
from core.store.clock import Clock
from core.store.durable import require_room, sync_folder
from core.store.filekey import Secrets, master_key
from core.store.files import beside, reaching, require_writable
from core.store.generation import Generations
from core.store.keys import KeyRing, decrypt_text, encrypt_text
from core.store.ledger import Ledger
from core.store.lock import StoreLock
from core.store.migrate import migrate, pending
from core.store.purge import clear_side, open_either
from core.store.queries import queries

Row = dict[str, Any]
GENESIS = bytes(32)
TRIES = 8
FIRST_WAIT, LONGEST_WAIT = 0.01, 0.5  # seconds at most before the second try, and before any
GLANCE = 0.05  # seconds between two looks whether the store is changing, while the writer lock is taken
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
KINDS = ("live", "demo", "bench")


class _Ids:
    """Draws ids: of one millisecond, whichever others are drawn between, the later is the greater (RFC 9562, 6.2, method 2)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tail = secrets.randbits(73)

    def draw(self, moment: int) -> str:
        with self._lock:
            self._tail = tail = (self._tail + 1 + secrets.randbits(40)) % (1 << 74)
        return f"{(moment & (1 << 48) - 1) << 80 | 0x7 << 76 | tail >> 62 << 64 | 0x2 << 62 | tail & (1 << 62) - 1:032x}"


_IDS = _Ids()


def new_id(now: datetime | None = None) -> str:
    """Return a fresh id of 32 hex digits that rises with time, and within a millisecond with each one drawn (UUIDv7)."""
    return _IDS.draw(int((now.timestamp() if now else time.time()) * 1000))


def random_ref() -> str:
    """Return a random reference of 32 hex digits, derived from nothing."""
    return uuid.uuid4().hex


def repeated(action: Callable[P, T]) -> Callable[P, T]:
    """Run the whole action again, at most eight times, when two transactions wrote the same row.

    Before each it waits a random time of up to twice the last, so that those who clashed do not meet again. Only a clash
    inside the engine is repeated; a guarded update that found a newer version is the user's to see.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for tried in range(TRIES - 1):
            try:
                return action(*args, **kwargs)
            except engine.WriteConflict:
                time.sleep(uniform(0, min(FIRST_WAIT * 2**tried, LONGEST_WAIT)))  # noqa: S311 - no secret
        return action(*args, **kwargs)

    return run


class Tx:
    """One transaction on a cursor of its own; every statement is a named query of `sql/queries`."""

    def __init__(self, cursor: engine.Cursor) -> None:
        self._cursor = cursor
        self.committed = False

    def rows(self, name: str, /, **parameters: object) -> list[Row]:
        """Return all rows of a query, each by column name."""
        self._execute(name, parameters)
        return engine.rows_of(self._cursor)

    def one(self, name: str, /, **parameters: object) -> Row | None:
        """Return the first row, or None."""
        found = self.rows(name, **parameters)
        return found[0] if found else None

    def records(self, kind: type[R], name: str, /, **parameters: object) -> list[R]:
        """Return all rows of a query as records of `kind`, a class whose fields are its columns."""
        return [kind(**row) for row in self.rows(name, **parameters)]

    def record(self, kind: type[R], name: str, /, **parameters: object) -> R | None:
        """Return the first row as a record, or None."""
        row = self.one(name, **parameters)
        return None if row is None else kind(**row)

    def run(self, name: str, /, **parameters: object) -> int:
        """Run a change and return how many rows it touched."""
        self._execute(name, parameters)
        counted = self._cursor.fetchone()
        return int(counted[0]) if counted else 0

    def bulk(self, name: str, columns: dict[str, list[Any]], types: dict[str, str] | None = None) -> int:
        """Run a change that reads its rows `from incoming`, a table made of the given columns."""
        with self._incoming(columns, types):
            return self.run(name)

    def beside(
        self, name: str, columns: dict[str, list[Any]], types: dict[str, str] | None = None, /, **parameters: object
    ) -> list[Row]:
        """Return all rows of a query that reads some `from incoming`, a table made of the given columns."""
        with self._incoming(columns, types):
            return self.rows(name, **parameters)

    @contextmanager
    def _incoming(self, columns: dict[str, list[Any]], types: dict[str, str] | None) -> Iterator[None]:
        fields = {
            key: pa.array(values, type=pa.type_for_alias(types[key]) if types and key in types else None)
            for key, values in columns.items()
        }
        self._cursor.register("incoming", pa.table(fields))
        try:
            yield
        finally:
            self._cursor.unregister("incoming")

    def _execute(self, name: str, parameters: dict[str, object]) -> None:
        try:
            self._cursor.execute(engine.read(queries()[name]), parameters or None)
        except engine.FAULTS as fault:
            raise engine.translate(fault) from None
        except (RuntimeError, UnicodeError):
            if not all(map(_is_text, parameters.values())):
                raise Invalid("This holds half a character. Type it again.") from None
            raise


def _is_text(value: object) -> bool:
    """Whether the engine takes a text, or each text of a list: half a character (a lone surrogate) is none."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_text, value))
    return not isinstance(value, str) or value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value)


class Tip:
    """The end of the log, kept in memory and moved under the writer lock: how many entries, and the last hash."""

    def __init__(self) -> None:
        self.at = (0, GENESIS)  # one value, so that whoever reads it without the lock reads what belongs together

    @property
    def count(self) -> int:
        """How many entries the log has."""
        return self.at[0]

    @property
    def head(self) -> bytes:
        """The hash of the last entry."""
        return self.at[1]


class Store:
    """One store, open in this process. Make it with `Store.create` or `Store.open`; close it at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.facts: dict[str, str] = {}
        self.tip = Tip()
        self.clock = Clock()
        self.generations = Generations(self._connect)
        self.copying = threading.Lock()  # held by a purge or a backup: one at a time
        self.numbering = threading.Lock()  # held over the act that takes the next number: the one after it reads what it left
        self.secrets: Secrets
        self.keys: KeyRing
        self.ledger: Ledger
        self.anchoring: Anchoring
        self._lock = StoreLock(path)
        self._writer = threading.RLock()
        self.migrate_at: datetime | None = None  # when set, an opening applies what is pending
        self.tolerating = False  # an opening tells in `troubles` what the files beside it lack, and does not refuse
        self.troubles: tuple[Refused, ...] = ()
        self.marked = 0  # entries of the ledger that the store has noted

    @classmethod
    def create(cls, path: Path, kind: str, now: datetime) -> "Store":
        """Create a store of a kind that never changes, under a temporary name that is renamed once it is whole."""
        if kind not in KINDS:
            raise Refused(f"A store is {', '.join(KINDS)}; nothing else.")
        with reaching(path):
            return cls._create(path.resolve(), kind, now)

    @classmethod
    def _create(cls, path: Path, kind: str, now: datetime) -> "Store":
        path.parent.mkdir(parents=True, exist_ok=True)
        store = cls(path)
        store._lock.take()
        try:
            if path.exists():
                raise Refused(f"{path.name} is already there; it is left as it is. Name another file.")
            master = master_key(path, make=True)
            store.secrets = Secrets(path, master)
            store.secrets.make()
            fresh = beside(path, ".making")
            for left in (fresh, beside(fresh, ".wal")):
                left.unlink(missing_ok=True)
            connection = engine.connect(fresh, store.secrets.current)
            cursor = engine.make_cursor(connection)
            migrate(cursor, now)
            for name, fact in (("kind", kind), ("chain", random_ref()), ("made", now.isoformat())):
                cursor.execute(queries()["store.put_fact"], {"name": name, "fact": fact})
            cursor.execute("CHECKPOINT store")
            cursor.close()
            connection.close()
            beside(fresh, ".d").joinpath("next").rmdir()
            beside(fresh, ".d").rmdir()
            fresh.replace(path)
            sync_folder(path.parent)
            store._open(master)
        except BaseException:
            store._lock.release()
            raise
        return store

    @classmethod
    def open(cls, path: Path, now: datetime, *, migrating: bool = False, tolerating: bool = False) -> "Store":
        """Open a store that is there. With `migrating`, pending migrations are applied first.

        A store whose files lack what they must hold is refused; `tolerating` opens it, to look at it or to accept a loss.
        """
        with reaching(path):
            return cls._opened(path.resolve(), now, migrating=migrating, tolerating=tolerating)

    @classmethod
    def _opened(cls, path: Path, now: datetime, *, migrating: bool, tolerating: bool) -> "Store":
        store = cls(path)
        store.tolerating = tolerating
        if not path.exists():
            raise Refused(f"There is no store at {path.name}. Make one with `python -m core demo` or `bootstrap`.")
        require_writable(path)
        store._lock.take()
        try:
            master = master_key(path)
            store.secrets = Secrets(path, master)
            store.secrets.load()
            store._open(master, now if migrating else None)
        except BaseException:
            store.generations.end(0)
            store._lock.release()
            raise
        return store

    def _open(self, master: bytes, migrate_at: datetime | None = None) -> None:
        self.keys = KeyRing(self.path, master)
        self.ledger = Ledger(self.path, self.secrets.derive("ledger"))
        self.anchoring = Anchoring(self.path, self.secrets.derive("anchor"), self.present_anchor)
        clear_side(self.path, "spill", "next")  # nobody else holds the store: what lies there was left by one that died
        self.migrate_at = migrate_at
        self.generations.begin()

    def _connect(self) -> engine.Cursor:
        """Open the file under whichever of the two keys opens it, and read what this process keeps of it."""
        connection = open_either(self)
        cursor = engine.make_cursor(connection)
        try:
            waiting = migrate(cursor, self.migrate_at) and [] if self.migrate_at else pending(cursor)
            if waiting:
                raise Refused("The store is older than this desk. Run `python -m core migrate` first.")
            self.facts = {row["name"]: row["fact"] for row in Tx(cursor).rows("store.facts")}
            last = Tx(cursor).one("log.tip", chain=self.chain)
            self.tip.at = (last["seq"] + 1, bytes(last["hash"])) if last else (0, GENESIS)
            self._hold_files(cursor)
        except BaseException:
            cursor.close()
            connection.close()
            raise
        cursor.close()
        return connection

    def _hold_files(self, cursor: engine.Cursor) -> None:
        """Hold the files beside the store against what it noted of them. Raises Refused with what to do."""
        tx = Tx(cursor)
        if witness.LISTED not in self.facts:
            cursor.execute(engine.read("BEGIN"))
            try:
                witness.list_former(self, tx)
                self.anchoring.write()
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        self.troubles = witness.troubles(self, tx)
        if self.troubles and not self.tolerating:
            raise self.troubles[0]
        self.anchoring.fault = witness.anchor_fault(self, tx)

    def present_anchor(self) -> Anchor:
        """Return where the log stands now."""
        count, head = self.tip.at
        return Anchor(self.chain, count, head, datetime.now(UTC).replace(tzinfo=None))

    def grown(self, count: int, head: bytes) -> None:
        """Know that the log has grown by what was just committed; the caller holds the writer lock."""
        self.tip.at = (count, head)
        self.clock.told()
        self.anchoring.moved()

    @property
    def kind(self) -> str:
        """`live`, `demo` or `bench`: written at creation, never changed."""
        return self.facts["kind"]

    @property
    def chain(self) -> str:
        """The name of this store's log."""
        return self.facts["chain"]

    def keyed_hash(self, use: str, text: str, digest: str = "sha256") -> bytes:
        """Return the HMAC of the text under this store's secret for that use: 32 bytes, or 48 with `sha384`."""
        return hmac.new(self.secrets.derive(use), text.encode("utf-8", "surrogatepass"), digest).digest()

    def encrypt(self, use: str, text: str, place: str) -> bytes:
        """Encrypt a secret of the desk itself (never a person's data) under the store's secret for that use."""
        return encrypt_text(self.secrets.derive(use), text, place)

    def decrypt(self, use: str, sealed: bytes, place: str) -> str:
        """Decrypt what `encrypt` made for the same use and place. Raises NotFound when it was made for another."""
        return decrypt_text(self.secrets.derive(use), sealed, place)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Give a transaction on a cursor that nobody else has; it is rolled back unless `commit` ended it."""
        with self.cursor() as cursor:
            try:
                cursor.execute(engine.read("BEGIN"))
            except engine.FAULTS as fault:
                raise engine.translate(fault) from None
            tx = Tx(cursor)
            try:
                yield tx
            finally:
                if not tx.committed:
                    with suppress(engine.FAULTS):  # the engine undid it already, or is gone: nothing is left to undo
                        cursor.execute("ROLLBACK")

    @contextmanager
    def cursor(self) -> Iterator[engine.Cursor]:
        """Give a cursor of its own, without a transaction: for what copies the store as a whole."""
        cursor = self.generations.take()
        healthy = False
        try:
            yield cursor
            healthy = True
        except engine.Broken:
            self.generations.break_off()
            raise
        except Exception:
            healthy = True
            raise
        finally:
            self.generations.give_back(cursor, healthy=healthy)

    @contextmanager
    def writing(self) -> Iterator[Tip]:
        """Hold the writer lock, for the tip, the log row and the COMMIT only."""
        with self._alone():
            yield self.tip

    def commit(self, tx: Tx) -> None:
        """Make the transaction durable. Raises WriteConflict when another one was faster, NoSpace on a full disk."""
        with self._alone():
            require_room(self.path)
            self.anchoring.require()
            gained = witness.note(self, tx)
            try:
                tx._cursor.execute(engine.read("COMMIT"))
            except engine.FAULTS as fault:
                refusal = engine.translate(fault)
                if not isinstance(refusal, engine.WriteConflict):
                    self.generations.break_off()  # whether the commit is durable is known only to the file
                raise refusal from None
            witness.noted(self, *gained)
        tx.committed = True

    def close(self) -> None:
        """Wait for a purge or backup under way and for the open cursors, close the file, let go of the lock."""
        with self.copying:  # it writes keys and files, which are another process's from the release on
            self.anchoring.end()
            self.generations.end(30)
            self._lock.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the writer lock. Raises WriteConflict where the store is just changing to its next file.

        Whoever waits here has a cursor of the old file open, for which the change waits; the act runs again after it.
        """
        while not self._writer.acquire(timeout=GLANCE):
            if self.generations.changing:
                raise engine.WriteConflict("The store is just being written anew. Try again in a moment.")
        try:
            yield
        finally:
            self._writer.release()
