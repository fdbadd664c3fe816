"""Systems worked in by hand: their owners asked on a request, what they answered, and whose answer is still missing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.answers.owners.owner_files import Holding, read_holdings
from core.actions.answers.planned import PlanBody, read_body
from core.actions.cases.clock import is_sent
from core.actions.cases.letter_source import person_of
from core.actions.cases.transitions import require_open
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, listed
from core.actions.desk.tasks import Task, enqueue
from core.connectors.catalogue import System, catalogue
from core.connectors.registered import by_hand
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.rights.owners import Asked, Stands, due_on, require_given_up
from core.law.rights.owners import require_open as require_unanswered
from core.law.typed import read_text
from core.law.ways import Kind
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import RequestRecord

LONGEST = 1_000
_KNOWN_BY = ("given_name", "family_name", "birth_date", "address", "postcode", "city")  # no more: the owner finds them by it
COPIES = frozenset({Kind.ACCESS, Kind.PORTABILITY})  # the person gets the rows themselves, not their number


@dataclass(frozen=True, slots=True)
class OwnerTask:
    """One question to the owner of a system, and its answer: who gave it, on what it rests, how many rows by table."""

    id: str
    request_id: str
    system: str
    title: str
    owner: str
    contact: str
    asked: Asked
    stands: Stands
    asked_at: datetime
    due_on: date
    late: bool
    answered_at: datetime | None
    who: str
    evidence: str
    rows: Mapping[str, int]  # by table, of a search
    may_be_given_up: bool
    version: int


@dataclass(frozen=True, slots=True)
class OwnerQuestion:
    """What the owner is to be told: who the person is, what is to be done with which tables, and how it is done there."""

    task: OwnerTask
    reference: str
    person: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    how: str
    tables: tuple[tuple[str, str], ...]  # code and title of each table of the system
    copy_wanted: bool  # the rows found go to the person


@dataclass(frozen=True, slots=True)
class Late:
    """A question whose day is over, as the home page lists it: nobody's name."""

    request_id: str
    case_ref: str
    reference: str
    title: str
    owner: str
    asked: Asked
    due_on: date


@repeated
def ask(desk: Desk, request_id: str, system: str = "", *, key: str) -> int:
    """Ask the owner of each system worked in by hand to search it, once for the whole case; return how many were asked.

    With the code of one `system` its owner is asked anew: what they find then stands in place of what they found before.
    Raises NotPossible where nobody is left to ask, and for a closed request.
    """
    with act(desk, Act.OWNER_ASK, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return int(now.earlier)
        require_open(now.at.request)
        if system and not by_hand(system):
            raise Invalid("This system is not worked in by hand: the desk searches it itself.", "system")
        asked = [_ask(desk, now, each, Asked.SEARCH) for each in _to_ask(now, system)]
        if not asked:
            raise NotPossible("Every owner was asked already. Wait for their answers, or ask one of them again.")
        now.result = str(len(asked))
    return len(asked)


def ask_missing(desk: Desk, now: Now, concerns: Callable[[str], bool], *, rows_wanted: bool) -> None:
    """Ask, inside the act that makes a plan, each owner who was not asked in this case yet, of the systems it `concerns`.

    Where the rows themselves are wanted, an answer that gave their number alone, or whose rows have served, counts as none.
    """
    if rows_wanted:
        for row in now.tx.rows("owners.counted_only", case_ref=now.at.case.case_ref):
            now.tx.run("owners.set_aside", case_ref=now.at.case.case_ref, system=row["system"])
    for each in _to_ask(now):
        if concerns(each.code):
            _ask(desk, now, each, Asked.SEARCH)


def hand_over(desk: Desk, now: Now, system: str, verb: str, carrying_id: str) -> None:
    """Ask the owner of a system to do what the plan says there, inside the act that has it carried out."""
    _ask(desk, now, _known(system), Asked(verb), carrying_id)


def lift_there(desk: Desk, now: Now, subject_ref: str, ground: str, case_ref: str | None) -> None:
    """Ask the owners of systems that bear a mark of restriction to take it off, inside the act that lifts it (Art. 18(3))."""
    for row in now.tx.rows("people.restrictions_of", subject=subject_ref):
        same = row["lifted_at"] is None and (row["ground"], row["case_ref"]) == (ground, case_ref)
        if not same or not by_hand(row["system"]):
            continue
        marked = now.tx.one("owners.last_answered", case_ref=case_ref, system=row["system"], verb=Asked.RESTRICT.value)
        if marked is not None:  # where nothing was held there, nothing bears a mark
            request = found(now.tx.record(RequestRecord, "requests.one", id=marked["request_id"]), "request")
            _ask(desk, now, _known(row["system"]), Asked.LIFT, request=request)


def is_done_there(desk: Desk, now: Now, system: str, kept_id: str) -> bool:
    """Whether the owner said that a kept part, whose day has come, is erased; asks them where they were not asked yet."""
    row = now.tx.one("owners.of_kept", kept_id=kept_id)
    if row is None:
        _ask(desk, now, _known(system), Asked.ERASE, kept_id=kept_id)
    return row is not None and row["state"] == Stands.ANSWERED


@repeated
def list_tasks(desk: Desk, request_id: str) -> tuple[OwnerTask, ...]:
    """Return what the owners were asked for a request, or for its whole case; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        rows = now.tx.rows("owners.of_case", case_ref=now.at.case.case_ref)
        return tuple(
            _shown(desk, row, _found(now, row)) for row in rows
            if row["verb"] == Asked.SEARCH or row["request_id"] == request_id
        )


def left_to_ask(desk: Desk, request_id: str) -> tuple[str, ...]:
    """Return the titles of the systems worked in by hand whose owners were not asked in the case of a request."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return tuple(each.title for each in _to_ask(now))


def waited_for(desk: Desk, request_id: str) -> tuple[str, ...]:
    """Return, with their days, the systems in which only their owners have still to carry a request out."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        known = {each.code: each for each in catalogue().systems}
        rows = now.tx.rows("carrying.of_plan", plan_id=now.at.request.plan_id or "")
        at_work = {row["id"] for row in rows if row["state"] in {"waiting", "running"}}
        asked = [row for row in _asked_for(now, now.at.request) if row["state"] == Stands.OPEN and row["carrying_id"] in at_work]
        if at_work - {row["carrying_id"] for row in asked}:
            return ()
        return tuple(f"{_title(known, row['system'])} (until {row['due_on']:%d %b %Y})" for row in asked)


def open_question(desk: Desk, task_id: str) -> OwnerQuestion:
    """Return what is asked of the owner, without who the person is; opening the case file stands for it."""
    return _question(desk, Act.CASE_OPEN, task_id)


def tell(desk: Desk, task_id: str) -> OwnerQuestion:
    """Return what the owner is to be told, with who the person is: the entry stands for passing that on."""
    return _question(desk, Act.OWNER_OPEN, task_id)


@repeated
def _question(desk: Desk, what: Act, task_id: str) -> OwnerQuestion:
    with act(desk, what, things.owner_task(task_id), disclosure=True) as now:
        row, at = now.at.row, now.at
        system = next((each for each in catalogue().systems if each.code == row["system"]), None)
        if system is None:
            raise NotPossible("The data catalogue does not know this system any more.")
        system_fields = catalogue().of(system.code)
        tables = [(table, catalogue().titles[system.code, table]) for table in catalogue().tables(system.code)]
        now.detail |= {"system": system.code, "verb": row["verb"]}
        body = read_body(desk, now, at.request.plan_id) if row["carrying_id"] and at.request.plan_id else None
        kept = now.tx.one("kept.one", id=row["kept_id"]) if row["kept_id"] else None
        return OwnerQuestion(
            _shown(desk, row), at.request.reference, _person(desk, now, at) if what is Act.OWNER_OPEN else (),
            tuple(_lines(body, system)) if body else tuple(
                f"{title}: {', '.join(each.title for each in system_fields if each.table == table)}"
                for table, title in tables if kept is None or table == kept["table_name"]
            ),
            system.how.get(row["verb"], ""), tuple(tables), row["verb"] == Asked.SEARCH and _copy_wanted(now, at),
        )


@repeated
def answer(
    desk: Desk, task_id: str, who: str, evidence: str, holdings: Mapping[str, Holding] | None = None, *, version: int, key: str
) -> None:
    """Record what the owner answered: that it is done or, for a search, what each table holds.

    `who` gave the answer, `evidence` says what shows it. Where the person gets a copy, the rows of each table that holds
    something come as CSV with the catalogue's columns. What is done then goes on by the plan. Raises Invalid with the
    field, NotPossible where it was answered or is not asked any more.
    """
    given = holdings or {}
    with act(desk, Act.OWNER_ANSWER, things.owner_task(task_id), key=key) as now:
        if now.earlier is not None:
            return
        row, at = now.at.row, now.at
        require_unanswered(row["state"])
        if row["verb"] == Asked.SEARCH:
            read = read_holdings(row["system"], given, copy_wanted=_copy_wanted(now, at))
            _keep_findings(desk, now, row, read)
            now.detail |= {f"rows.{table}": held.rows for table, held in read.items()}
        elif row["carrying_id"]:
            enqueue(desk, now, Task.CARRY_OUT, row["carrying_id"])
        _keep_answer(desk, now, row, Stands.ANSWERED, who, evidence, version)


@repeated
def cannot(desk: Desk, task_id: str, who: str, reason: str, *, version: int, key: str) -> None:
    """Record that the owner cannot do it, or did not answer in time, with the reason.

    A search then stays undone, and the letter to the person says so. What was to be carried out goes back to work. Raises
    NotPossible for what has no such way: it stays asked.
    """
    with act(desk, Act.OWNER_ANSWER, things.owner_task(task_id), key=key) as now:
        if now.earlier is not None:
            return
        row = now.at.row
        require_unanswered(row["state"])
        require_given_up(row["verb"], carried=row["carrying_id"] is not None)
        _keep_answer(desk, now, row, Stands.CANNOT, who, reason, version)
        if row["carrying_id"]:
            enqueue(desk, now, Task.HAND_BACK, row["carrying_id"])


def late(desk: Desk) -> list[Late]:
    """Return the questions whose day is over, the oldest first; nothing of a case that this person may not know of."""
    with look(desk, Act.QUEUE_LOOK) as now:
        known = {each.code: each for each in catalogue().systems}
        return [
            Late(
                row["request_id"], row["case_ref"], row["reference"], _title(known, row["system"]),
                known[row["system"]].owner if row["system"] in known else "", Asked(row["verb"]), row["due_on"],
            )
            for row in listed(desk, now.tx, now.tx.rows("owners.late", today=today_of(desk)))
        ]


def standing(now: Now, request: RequestRecord) -> tuple[int, int]:
    """Return how many questions to owners stand for a request and its case, and how many of them are not answered."""
    asked = [row for row in _asked_for(now, request) if row["state"] != Stands.WITHDRAWN]
    return len(asked), sum(row["state"] == Stands.OPEN for row in asked)


def answered_since(now: Now, request: RequestRecord, moment: datetime) -> bool:
    """Whether the owner of a system said what it holds after a moment: a plan made before does not know of it."""
    return any(
        row["verb"] == Asked.SEARCH and row["state"] == Stands.ANSWERED and row["answered_at"] > moment
        for row in _asked_for(now, request)
    )


def _asked_for(now: Now, request: RequestRecord) -> list[Row]:
    return [
        row for row in now.tx.rows("owners.of_case", case_ref=request.case_ref)
        if row["request_id"] == request.id or (row["verb"] == Asked.SEARCH and request.plan_id is not None)
    ]


def require_answered(now: Now, request: RequestRecord) -> None:
    """Raise NotPossible while an owner was asked for this request, or searches for its case, and has not answered."""
    if waiting := [row for row in _asked_for(now, request) if row["state"] == Stands.OPEN]:
        known = {each.code: each for each in catalogue().systems}
        names = ", ".join(f"{_title(known, row['system'])} (until {row['due_on']:%d %b %Y})" for row in waiting)
        raise NotPossible(f"The owner has not answered yet: {names}. Record the answer first, or that there is none.")


def require_searched(now: Now, case_ref: str) -> None:
    """Raise NotPossible unless every system worked in by hand was searched for the case, and holds nothing."""
    for system in catalogue().systems:
        if not by_hand(system.code):
            continue
        if now.tx.one("owners.last_answered", case_ref=case_ref, system=system.code, verb=Asked.SEARCH.value) is None:
            raise NotPossible(f"Have the owner search first: {system.title}. Its answer is not there.")
        if any(row["row_count"] for row in now.tx.rows("owners.findings", case_ref=case_ref, system=system.code)):
            raise NotPossible(f"Its owner found data of the person: {system.title}. It does not end as no data held.")


def forget(desk: Desk) -> int:
    """Delete the rows that owners found, of each case whose requests are all closed; return of how many cases."""
    with look(desk, Act.OWNER_FORGET) as now:
        served = [row["case_ref"] for row in now.tx.rows("owners.served")]
    return sum(_forget_one(desk, case_ref) for case_ref in served)


@repeated
def _forget_one(desk: Desk, case_ref: str) -> int:
    with act(desk, Act.OWNER_FORGET, things.case(case_ref)) as now:
        now.unlogged = not now.tx.run("owners.empty_findings_of_case", case_ref=case_ref)
    return int(not now.unlogged)


def _to_ask(now: Now, system: str = "") -> list[System]:
    rows = now.tx.rows("owners.of_case", case_ref=now.at.case.case_ref)
    waiting = {row["system"] for row in rows if row["verb"] == Asked.SEARCH and row["state"] == Stands.OPEN}
    settled = {row["system"] for row in rows if row["verb"] == Asked.SEARCH and row["state"] != Stands.WITHDRAWN}
    return [
        each for each in catalogue().systems
        if by_hand(each.code) and (each.code == system if system else each.code not in settled) and each.code not in waiting
    ]


def _ask(
    desk: Desk, now: Now, system: System, what: Asked, carrying_id: str | None = None, *, kept_id: str | None = None,
    request: RequestRecord | None = None,
) -> str:
    asked, task_id = request or now.at.request, new_id(desk.now)
    due = due_on(today_of(desk), system.days, None if is_sent(asked) else asked.safe_due)
    now.tx.run(
        "owners.ask", id=task_id, case_ref=asked.case_ref, request_id=asked.id, system=system.code, verb=what.value,
        carrying_id=carrying_id, kept_id=kept_id, due_on=due, now=desk.now, account_id=desk.person.account_id,
    )
    now.detail["owners_asked"] = int(str(now.detail.get("owners_asked", 0))) + 1
    return task_id


def _keep_answer(desk: Desk, now: Now, row: Row, stands: Stands, who: str, evidence: str, version: int) -> None:
    told = {
        "who": read_text(who, "who", "who answered", longest=200),
        "evidence": read_text(evidence, "evidence", "what shows it", longest=LONGEST),
    }
    guard(now.tx.run(
        "owners.answer", id=row["id"], state=stands.value, now=desk.now, account_id=desk.person.account_id, version=version,
        answer=encrypt(desk.store, row["case_ref"], json.dumps(told), Cell("owner_tasks", row["id"], "answer")),
    ))
    now.detail |= {"system": row["system"], "verb": row["verb"], "answer": stands.value}


def _keep_findings(desk: Desk, now: Now, row: Row, read: Mapping[str, Holding]) -> None:
    """Keep what was found in place of what was found before."""
    now.tx.run("owners.forget_findings", case_ref=row["case_ref"], system=row["system"])
    for table, held in read.items():
        number = new_id(desk.now)
        now.tx.run(
            "owners.find", id=number, task_id=row["id"], case_ref=row["case_ref"], system=row["system"], table_name=table,
            row_count=held.rows, now=desk.now,
            content=encrypt(
                desk.store, row["case_ref"], json.dumps(held.content), Cell("owner_findings", number, "content")
            ) if held.content else None,
        )


def _copy_wanted(now: Now, at: Opened) -> bool:
    open_now = now.tx.records(RequestRecord, "requests.open_of_case", case_ref=at.case.case_ref)
    return any(Kind(each.kind) in COPIES for each in open_now)


def _person(desk: Desk, now: Now, at: Opened) -> tuple[tuple[str, str], ...]:
    """Return by what the owner knows the person: how they named themselves, and what is held of them to find them by."""
    told = [(name, text) for name, text in person_of(desk, at.case).items() if text and name != "language"]
    if at.case.subject_ref:
        use_for(now, at.case.subject_ref, at.request)
        for row in now.tx.rows("people.profiles_of", subjects=[at.case.subject_ref]):
            told += [(name, str(row[name])) for name in _KNOWN_BY if row[name]]
        held = now.tx.rows("people.identifiers_of", subjects=[at.case.subject_ref])
        told += [(row["kind"], row["value"]) for row in held]
    return tuple(dict.fromkeys(told))


def _lines(body: PlanBody, system: System) -> list[str]:
    words = {"delete": "erase", "mask": "keep, with these emptied", "retain": "keep", "restrict": "mark as restricted",
             "rectify": "correct", "suppress": "stop the use"}
    lines = []
    for item in body.of(system.code):
        if item.rows:
            columns = f": {', '.join(item.columns)}" if item.columns else ""
            until = f", {item.until}" if item.until and item.action in {"mask", "retain"} else ""
            lines.append(f"{item.title} ({item.rows}): {words.get(item.action, item.action)}{columns}{until}")
    return lines


def _found(now: Now, row: Row) -> dict[str, int]:
    """Return how many rows a search found by the title of each table, while they stand as they were found."""
    rows = now.tx.rows("owners.findings", case_ref=row["case_ref"], system=row["system"])
    titles = catalogue().titles
    return {
        titles.get((each["system"], each["table_name"]), each["table_name"]): each["row_count"]
        for each in rows if each["task_id"] == row["id"]
    }


def _known(system: str) -> System:
    return next(each for each in catalogue().systems if each.code == system)


def _title(known: Mapping[str, System], system: str) -> str:
    return known[system].title if system in known else system


def _shown(desk: Desk, row: Row, counts: Mapping[str, int] | None = None) -> OwnerTask:
    known = {each.code: each for each in catalogue().systems}
    system = known.get(row["system"])
    told = json.loads(decrypt(desk.store, row["case_ref"], row["answer"], Cell("owner_tasks", row["id"], "answer")) or "{}")
    return OwnerTask(
        row["id"], row["request_id"], row["system"], _title(known, row["system"]), system.owner if system else "",
        system.contact if system else "", Asked(row["verb"]), Stands(row["state"]), row["asked_at"], row["due_on"],
        row["state"] == Stands.OPEN and row["due_on"] < today_of(desk), row["answered_at"],
        told.get("who", ""), told.get("evidence", ""), counts or {},
        row["verb"] == Asked.SEARCH or row["carrying_id"] is not None, row["version"],
    )
