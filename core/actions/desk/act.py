"""The one block in which an act happens: role check, transaction, guarded body, log entry, commit; refusals are logged too."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened, found, require_apart, require_scope, require_second, resolve
from core.actions.desk.things import CASE, REQUEST, Thing
from core.audit.chain import CLOCK_SET
from core.audit.leaf import Entry, entry_hash
from core.law.acts import ACTS, PURPOSES, SMALLEST_CELL, Act, Effect, Scope, require, scope
from core.law.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, StepUpNeeded
from core.law.rights.suppression import May
from core.law.roles import Role
from core.law.typed import read_text
from core.store.duckdb import WriteConflict
from core.store.engine import Row, Store, Tx, new_id, repeated

DISCLOSURE = timedelta(minutes=15)
MANY = 20  # further subjects from which on their entries are written together
_TYPES = dict.fromkeys((
    "sign_in_ref", "role", "subject_ref", "case_ref", "request_ref", "object_kind", "object_id", "purpose_code",
), "string") | dict.fromkeys(("prev", "hash", "words_hash"), "binary")
Detail = int | str | list[str]
__all__ = ["Before", "Now", "act", "enter_before", "found", "look", "new_id", "repeated"]


@dataclass
class Named:
    """What the log entry of an act says of who did it and with what."""

    role: Role | None = None
    subject: str | None = None
    case: str | None = None
    request: str | None = None
    object_kind: str | None = None
    object_id: str | None = None

    def name(self, of: Thing | None) -> None:
        """Note a thing by what is known of it before it is opened."""
        if of is None:
            return
        if of.kind.name:
            self.object_kind, self.object_id = of.kind.name, of.id
        elif of.kind is REQUEST:
            self.request = of.id
        elif of.kind is CASE:
            self.case = of.id
        else:
            self.subject, self.case = of.id, of.case


@dataclass
class Now(Named):
    """What the body of an act works with; what it sets here stands in the log entry."""

    tx: Tx = field(kw_only=True)
    what: Act = field(kw_only=True)
    detail: dict[str, Detail] = field(default_factory=dict)
    result: str = ""  # what a repeated command gets back
    earlier: str | None = None  # the result of the same command, done before
    others: list[str] = field(default_factory=list)  # further subjects disclosed: an entry each
    words: str = ""  # typed beside the act: only their keyed hash enters the log
    unlogged: bool = False  # nothing was disclosed or changed: no entry
    refused: Row | None = None  # the record of a use that the law bars: it is kept with the entry of the refusal
    of: Thing | None = None
    opened: Opened | None = None
    may: May | None = None  # that the person's data may be used for their request, once that was asked
    least: int = 0  # the smallest number that this role may see; 0 where it sees the single thing

    @property
    def at(self) -> Opened:
        """What the act is about, as the door opened it. Raises NotFound for an act about nothing."""
        return self.opened if self.opened is not None else Opened(found(None, "thing"))

    def permitted(self, subject_ref: str) -> May:
        """Return that this person's data may be used, as the act asked before. Raises NotAllowed where it did not."""
        if self.may is None or self.may.about != subject_ref:
            raise NotAllowed("Whether these data may be used was not asked: nothing was read or changed.")
        return self.may


@contextmanager
def act(
    desk: Desk, what: Act, of: Thing | None = None, *, beside: Thing | None = None, purpose: str | None = None,
    words: str = "", key: str | None = None, disclosure: bool = False,
) -> Iterator[Now]:
    """Do one act of the table; its result may leave the action only after this block, when the entry is durable.

    `of` is the thing that the act is about; it is opened here, once: scope, seal, own and related people, second person
    (core.actions.desk.opening). `beside` is a second thing that it also touches. `purpose` is a code of PURPOSES; `words`
    typed beside it enter the log as a keyed hash only. `key` is the command's idempotency key: when it was done before,
    `earlier` holds its result and the body must do nothing. A `disclosure` stands for 15 minutes for this sign-in,
    subject, object and purpose, and is then not entered again.
    Raises a Refused, which is entered in the log in a transaction of its own.
    """
    named = Named(_hat(desk))
    named.name(of)
    try:
        role = require(desk.person.roles, what) if desk.person.roles or not ACTS[what].anyone else None
        _check(what, purpose, words)
        with desk.store.transaction() as tx:
            named = now = Now(role, tx=tx, what=what, words=words)
            _open(desk, now, what, of, beside)
            if key is not None:
                _check_key(key)
                done = tx.one("log.command", key=key, account_id=desk.person.account_id)
                now.earlier = done["result"] if done else None
            if now.earlier is None:
                if role is not None:
                    require_scope(desk, tx, what, of, now.opened)
                require_second(desk, tx, what, of, now.opened)
                _use_step_up(desk, tx, what, of.id if of else "")
            yield now
            if now.earlier is not None or now.unlogged:
                return
            if disclosure and _stands(desk, now, what, purpose):
                return
            if key is not None:
                tx.run(
                    "log.keep_command", key=key, account_id=desk.person.account_id, act=what.value,
                    result=now.result, done_at=desk.now,
                )
            _commit(desk, now, what, "done", purpose)
    except WriteConflict:
        raise
    except Exception as fault:
        _enter_end(desk, what, fault, named, purpose)
        raise


@contextmanager
def look(desk: Desk, what: Act, of: Thing | None = None) -> Iterator[Now]:
    """Show a list that names nobody, or how a thing stands: role check, the door, and a reading transaction.

    Only a denial is entered, once a session for each act and thing. Where the role sees totals only, `least` says of how
    many at least.
    """
    opened = False
    try:
        role = require(desk.person.roles, what)
        with desk.store.transaction() as tx:
            now = Now(role, tx=tx, what=what, least=SMALLEST_CELL if scope(desk.person.roles, what) is Scope.CELLS else 0)
            _open(desk, now, what, of, None)
            require_scope(desk, tx, what, of, now.opened)
            opened = True
            yield now
    except (NotAllowed, NotFound) as refusal:
        if not opened:
            _enter_denial(desk, what, of, refusal)
        raise


def _open(desk: Desk, now: Now, what: Act, of: Thing | None, beside: Thing | None) -> None:
    """Open the thing of an act and note for the entry whose it is; refuse whoever must be kept apart from it."""
    now.name(of)
    now.of = of
    for thing in (of, beside):
        if thing is None:
            continue
        opened = resolve(now.tx, thing)
        now.opened = now.opened or opened
        now.subject = opened.subject or now.subject
        if opened.file is not None:
            now.case = opened.file.case_ref
        if opened.asked is not None:
            now.request = opened.asked.id
        require_apart(desk, now.tx, what, thing, opened)
    if what is Act.CASE_OPEN and now.case is not None:  # whatever of a case is read: one opening of it, one entry
        now.subject = now.request = now.object_kind = now.object_id = None


def _enter_denial(desk: Desk, what: Act, of: Thing | None, refusal: Refused) -> None:
    """Enter that a list or a thing was denied, once in eight hours of a session."""
    same = {
        "sign_in_ref": desk.person.sign_in_ref or "", "subject_ref": "", "act": what.value, "purpose_code": "denied",
        "object_id": _plain(of.id) or "" if of else "",
    }
    with desk.store.transaction() as tx:
        told = tx.one("log.disclosed", now=desk.steady, **same)
        if told and not told["valid"]:
            tx.run("log.disclose", valid_until=desk.steady + timedelta(hours=8), **same)
            entry = Now(_hat(desk), tx=tx, what=what)
            entry.name(of)
            _commit(desk, _plainly(entry), what, _outcome(refusal), None)


def _check(what: Act, purpose: str | None, words: str) -> None:
    line = ACTS[what]
    if purpose is not None and purpose not in PURPOSES:
        raise Invalid("Choose a purpose from the list.", "purpose")
    if line.purpose and purpose is None:
        raise Invalid("Say for what purpose: choose one from the list.", "purpose")
    read_text(words, "words", "what stands beside the purpose", needed=False)


def step_up_for(what: Act, thing: str) -> str:
    """Return the mark that binds a step-up to one act on one thing: a request, a package, an account, a role."""
    return f"{what.value} {thing}"


def _use_step_up(desk: Desk, tx: Tx, what: Act, thing: str) -> None:
    """Use up the step-up given for this act on this thing; it is gone when the act is done, not when it fails."""
    person = desk.person
    if not ACTS[what].step_up or not person.sign_in_ref:
        return
    if person.session_hash:
        fresh = tx.run(
            "sessions.use_step_up", session_hash=person.session_hash, now=desk.steady, bound=step_up_for(what, thing)
        ) == 1
    else:
        fresh = person.stepped_up_until is not None and person.stepped_up_until >= desk.steady
    if not fresh:
        raise StepUpNeeded("Prove once more who you are: enter your password for this step.", what.value, thing)


_KEY = re.compile(r"[0-9A-Za-z:._-]{8,120}")


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid("The form is too old: open it again.", "key")


def _stands(desk: Desk, now: Now, what: Act, purpose: str | None) -> bool:
    same = {
        "sign_in_ref": desk.person.sign_in_ref or desk.person.actor_ref, "subject_ref": now.subject or "",
        "act": what.value, "purpose_code": purpose or "", "object_id": now.object_id or now.case or "",
    }
    found = now.tx.one("log.disclosed", now=desk.steady, **same)
    if found and found["valid"]:
        return True
    now.tx.run("log.disclose", valid_until=desk.steady + DISCLOSURE, **same)
    return False


def _commit(desk: Desk, now: Now, what: Act, outcome: str, purpose: str | None) -> None:
    store = desk.store
    effect = ACTS[what].effect
    if effect is not Effect.NONE and outcome == "done":
        now.detail.setdefault("effect", effect.value)
    hashed = store.keyed_hash("words", now.words) if now.words else None
    with store.writing() as tip:
        count, head = tip.count, tip.head
        if turned := store.clock.news():
            now.detail[CLOCK_SET] = turned
        many: list[Row] = []
        for subject in (now.subject, *now.others):
            entry = Entry(
                chain=store.chain, seq=count, happened_at=desk.now, actor_ref=desk.person.actor_ref,
                sign_in_ref=desk.person.sign_in_ref, role=now.role.value if now.role else None, act=what.value,
                outcome=outcome, subject_ref=subject, case_ref=now.case, request_ref=now.request,
                object_kind=now.object_kind, object_id=now.object_id, purpose_code=purpose, words_hash=hashed,
                details=now.detail,
            )
            plain, further = _linked(head, entry)
            if len(now.others) >= MANY:
                many.append(plain | further)
            elif any(value is not None for value in further.values()):
                now.tx.run("log.append", **plain, **further)
            else:
                now.tx.run("log.append_plain", **plain)
            count, head = count + 1, plain["hash"]
        _append_all(now.tx, many)
        store.commit(now.tx)
        store.grown(count, head)


def _linked(head: bytes, entry: Entry) -> tuple[Row, Row]:
    """Return an entry as it is stored behind the hash of the one before: what every entry has, and what not every one has."""
    return {
        "chain": entry.chain, "seq": entry.seq, "happened_at": entry.happened_at, "actor_ref": entry.actor_ref,
        "sign_in_ref": entry.sign_in_ref, "role": entry.role, "act": entry.act, "outcome": entry.outcome,
        "case_ref": entry.case_ref, "details": entry.details_text, "prev": head, "hash": entry_hash(head, entry),
    }, {
        "subject_ref": entry.subject_ref, "request_ref": entry.request_ref, "object_kind": entry.object_kind,
        "object_id": entry.object_id, "purpose_code": entry.purpose_code, "words_hash": entry.words_hash,
    }


def _append_all(tx: Tx, rows: list[Row]) -> None:
    if rows:
        tx.bulk("log.append_all", {name: [row[name] for row in rows] for name in rows[0]}, _TYPES)


@dataclass(frozen=True, slots=True)
class Before:
    """An act that was done before the store was made: who did it, when, and what its entry says."""

    actor_ref: str
    role: str
    what: Act
    happened_at: datetime
    case: str | None = None
    subject: str | None = None
    request: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    purpose: str | None = None
    words: str = ""
    detail: Mapping[str, Detail] = field(default_factory=dict)


def enter_before(store: Store, tx: Tx, acts: Iterable[Before]) -> None:
    """Enter acts that a demo store is made with, in the order given, which is that of time, and commit.

    Raises Refused in a live store: there an entry is written by the act alone that it is of.
    """
    if store.kind == "live":
        raise Refused("In a live store nothing is entered but what is done.")
    with store.writing() as tip:
        count, head = tip.count, tip.head
        rows: list[Row] = []
        for each in acts:
            effect = ACTS[each.what].effect
            plain, further = _linked(head, Entry(
                chain=store.chain, seq=count, happened_at=each.happened_at, actor_ref=each.actor_ref, sign_in_ref=None,
                role=each.role, act=each.what.value, outcome="done", subject_ref=each.subject, case_ref=each.case,
                request_ref=each.request, object_kind=each.object_kind, object_id=each.object_id,
                purpose_code=each.purpose, words_hash=store.keyed_hash("words", each.words) if each.words else None,
                details=dict(each.detail) if effect is Effect.NONE else {"effect": effect.value, **each.detail},
            ))
            rows.append(plain | further)
            count, head = count + 1, plain["hash"]
        _append_all(tx, rows)
        store.commit(tx)
        store.grown(count, head)


def _outcome(fault: Exception) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(fault).__name__).lower()
    return ("refused." if isinstance(fault, Refused) else "failed.") + name


def _enter_end(desk: Desk, what: Act, fault: Exception, tried: Named, purpose: str | None) -> None:
    """Enter that it was tried and how it ended: the kind of the fault, never its text, which may quote a value."""
    with desk.store.transaction() as tx:
        entry = _plainly(Now(
            tried.role, tried.subject, tried.case, tried.request, tried.object_kind, tried.object_id, tx=tx, what=what
        ))
        if isinstance(fault, Invalid) and fault.field:
            entry.detail["field"] = fault.field
        if isinstance(tried, Now) and tried.refused is not None:
            tx.run(
                "decisions.add_refused", id=new_id(desk.now), act=what.value, actor_ref=desk.person.actor_ref,
                decided_at=desk.now, **tried.refused,
            )
        _commit(desk, entry, what, _outcome(fault), purpose if purpose in PURPOSES else None)


def _plainly(entry: Now) -> Now:
    """Leave out of an entry what was asked for by a name that is none of the desk's."""
    entry.subject, entry.case, entry.request = _plain(entry.subject), _plain(entry.case), _plain(entry.request)
    entry.object_kind, entry.object_id = _plain(entry.object_kind), _plain(entry.object_id)
    return entry


def _plain(name: str | None) -> str | None:
    return name if name is None or re.fullmatch(r"[!-?A-~]{0,64}", name) else None


def _hat(desk: Desk) -> Role | None:
    return next(iter(sorted(desk.person.roles)), None)


def enter_refusal(desk: Desk, what: Act, refusal: Refused) -> None:
    """Enter a refusal that happened before an act could be opened: a sign-in that failed."""
    _enter_end(desk, what, refusal, Named(_hat(desk)), None)


def guard(touched: int) -> None:
    """Refuse when a guarded update found nobody: somebody was faster."""
    if not touched:
        raise Conflict("Somebody changed this meanwhile. Look at it again, then repeat your step.")
