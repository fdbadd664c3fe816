"""The one door: whose case a thing belongs to, and whether this person may do this act with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.actions.desk import things
from core.actions.desk.desk import Desk
from core.actions.desk.letter_grants import require_granted
from core.actions.desk.moment import today_of
from core.actions.desk.presence import acting_for
from core.actions.desk.things import Thing, ThingKind
from core.law.acts import ACTS, Act, Scope, scope
from core.law.errors import Conflict, NotAllowed, NotFound
from core.law.letters import LETTERS, Approval
from core.law.roles import Role
from core.store.engine import Row, Tx
from core.store.records import CaseRecord, PrintedLetter, RequestRecord

RELATED = "This is your own or a related person's file: another colleague must handle it."
BARRED = "This case is sealed to named people, or concerns you or somebody close to you."
SEALED = "This person's case is sealed to named people."
NOT_ASKED = "An approver opens a case only when asked to approve in it."
NOT_FREE = "You can take unassigned requests and give back your own; a manager assigns the others."
TOTALS_ONLY = "Your role sees totals only, no single request."
OTHER_PERSON = "The case is about another person. Open the person from their own case."
IMPORT_THERE = "In a live store, import on the Import page: it needs a person of the desk."
FIND_THERE = (
    "In a live store the command line searches only where the Data Protection Officer switched it on, with an end date. "
    "Search on the desk's pages."
)
# How somebody worked on a case, so that they cannot be the second person for what is decided in it.
R = TypeVar("R")
WORKED = {
    "taken_in": "took in what the person sent", "handled": "handled the request", "prepared": "prepared this answer",
    "identity": "checked the identity", "person": "decided which person the case is about",
    "address": "added an address for the answer", "authority": "checked or entered who acts for the person",
    "letter": "drafted or edited a letter of this request", "recorded": "recorded what the answer rests on",
}
_BESIDE = {Role.WORKER, Role.PUBLIC}  # they open no case: what they may reach was decided by a person who could


@dataclass(frozen=True, slots=True)
class Opened:
    """A thing with the request and the case that it belongs to, as stored, and the data subject it is about."""

    row: Row
    asked: RequestRecord | None = None
    file: CaseRecord | None = None
    subject: str | None = None

    def of(self, kind: type[R]) -> R:
        """Return the thing itself as a record of its kind."""
        return kind(**self.row)

    @property
    def request(self) -> RequestRecord:
        """The request. Raises NotFound for a thing that belongs to none."""
        return found(self.asked, "request")

    @property
    def case(self) -> CaseRecord:
        """The case. Raises NotFound for a thing that belongs to none."""
        return found(self.file, "case")

    @property
    def data_subject(self) -> str:
        """The person whom the case was decided to be about. Raises NotFound while nobody is."""
        return found(self.case.subject_ref, "person")

    def of_version(self, version: int | None) -> "Opened":
        """Return itself. Raises Conflict when the page showed another version of the request."""
        if version is not None and version != self.request.version:
            raise Conflict("Somebody changed this meanwhile. Look at it again, then repeat your step.")
        return self


def found(row: R | None, what: str) -> R:
    """Return the row, or refuse with NotFound: `what` names the kind of thing."""
    if row is None:
        raise NotFound(f"There is no such {what}.")
    return row


def resolve(tx: Tx, of: Thing) -> Opened:
    """Return a thing with its request, its case and its data subject. Raises NotFound."""
    if of.kind is things.PERSON:
        file = found(tx.record(CaseRecord, "cases.one", case_ref=of.case), "case") if of.case is not None else None
        return Opened({}, None, file, of.id)
    if of.kind is things.PSEUDONYM:
        return Opened({}, subject=of.id)
    if of.kind is things.CASE:
        file = found(tx.record(CaseRecord, "cases.one", case_ref=of.id), "case")
        return Opened({}, None, file, file.subject_ref)
    if of.kind is things.REQUEST:
        asked = found(tx.record(RequestRecord, "requests.one", id=of.id), "request")
        file = tx.record(CaseRecord, "cases.one", case_ref=asked.case_ref)
        return Opened({}, asked, file, file.subject_ref if file else None)
    row = found(tx.one(of.kind.query, id=of.id), of.kind.word) if of.kind.query else {}
    request_id = row.get("request_id")
    request = tx.record(RequestRecord, "requests.one", id=request_id) if request_id else None
    case_ref = row.get("case_ref") or (request.case_ref if request else None)
    file = tx.record(CaseRecord, "cases.one", case_ref=case_ref) if case_ref else None
    return Opened(row, request, file, row.get("subject_ref") or (file.subject_ref if file else None))


def require_apart(desk: Desk, tx: Tx, what: Act, of: Thing, at: Opened) -> None:
    """Refuse own and related people, sealed cases to all but the people named for them, and a person from another's case."""
    if _BESIDE & desk.person.roles or what is Act.PERSON_RELATE or (at.file is None and at.subject is None):
        return
    whole = of.kind is things.PERSON
    if whole and at.file is not None and at.file.subject_ref not in {None, at.subject}:
        raise NotAllowed(OTHER_PERSON)
    me, file = desk.person.account_id, at.file
    close = {row["subject_ref"] for row in tx.rows("opening.close_people", account_id=me)}
    if file is not None and (file.subject_ref in close or _sealed_from(tx, [file.case_ref] if file.sealed_to_names else [], me)):
        raise NotAllowed(BARRED)
    if at.subject in close:
        raise NotAllowed(RELATED)
    if whole and _sealed_from(tx, [row["case_ref"] for row in tx.rows("opening.sealed_about", subject=at.subject)], me):
        raise NotAllowed(SEALED)


def _sealed_from(tx: Tx, sealed: list[str], account_id: str) -> bool:
    """Whether one of these sealed cases is sealed to people of whom this one is none."""
    return any(not tx.rows("opening.named", case_ref=each, account_id=account_id) for each in sealed)


def barred_cases(desk: Desk, tx: Tx) -> set[str]:
    """Return the cases that a list leaves out for this person: sealed to others, or about themselves or somebody close."""
    return {row["case_ref"] for row in tx.rows("opening.barred_from", account_id=desk.person.account_id)}


def listed(desk: Desk, tx: Tx, rows: Iterable[Row]) -> list[Row]:
    """Return the rows of a list, each with its case_ref, without those of cases that this person may not know of."""
    barred = barred_cases(desk, tx)
    return [row for row in rows if row["case_ref"] not in barred]


def require_scope(desk: Desk, tx: Tx, what: Act, of: Thing | None, at: Opened | None) -> None:
    """Refuse what lies beyond the scope in which the table gives the act to this person's role."""
    held = scope(desk.person.roles, what)
    if held is Scope.DEMO and desk.store.kind == "live":
        _require_switched_on(desk, tx, what)
    if of is None or at is None:
        return
    if held is Scope.CELLS:
        raise NotAllowed(TOTALS_ONLY)
    me = desk.person.account_id
    if held is Scope.OWN and me not in _owners(of.kind, at):
        raise NotAllowed(of.kind.theirs)
    if held is Scope.FREE and at.request.owner_id not in {None, me}:
        raise NotAllowed(NOT_FREE)
    if held is Scope.CASE:
        if of.kind is things.PERSON and (at.file is None or at.file.subject_ref != at.subject):
            raise NotAllowed("An approver opens a person only from the case that is about them.")
        accounts = acting_for(tx, me, today_of(desk))
        if not tx.rows("opening.asked_of", case_ref=at.case.case_ref, account_id=me, accounts=accounts):
            raise NotAllowed(NOT_ASKED)


def _require_switched_on(desk: Desk, tx: Tx, what: Act) -> None:
    """Refuse the command line in a live store, except a search while a DPO lets it search."""
    if what is not Act.PERSON_FIND:
        raise NotAllowed(IMPORT_THERE)
    until = {row["name"]: row["fact"] for row in tx.rows("store.facts")}.get("operator_find_until", "")
    if not until or datetime.fromisoformat(until) <= desk.now:
        raise NotAllowed(FIND_THERE)


def require_second(desk: Desk, tx: Tx, what: Act, of: Thing | None, at: Opened | None) -> None:
    """Refuse as a second person whoever worked on the thing, and whoever was not asked or is not yet the deputy.

    A letter is sent only with the approvals that its form demands. An act that needs no second person passes.
    """
    if what is Act.LETTER_SENT and at is not None:
        require_granted(desk.store, tx, at.of(PrintedLetter))
    if not ACTS[what].second or of is None or at is None:
        return
    me, row = desk.person.account_id, at.row
    done = works(tx, of.kind, at).get(me)
    if done is not None and not (Role.DPO in desk.person.roles and row.get("thing") == "letter" and countersigned(tx, row)):
        raise NotAllowed(f"You {done}: another person must decide.")
    if of.kind.asked:
        require_asked(desk, tx, row)


def require_asked(desk: Desk, tx: Tx, row: Row) -> None:
    """Refuse whoever is neither asked, nor the deputy whose time has come, nor stands in for one of them who is away."""
    asked = {row["approver_id"]}
    if row.get("deputy_from") is not None and row["deputy_from"] <= desk.now:
        asked.add(row["deputy_id"])
    if not asked & set(acting_for(tx, desk.person.account_id, today_of(desk))):
        raise NotAllowed("This was asked of another person.")


def works(tx: Tx, kind: ThingKind, at: Opened) -> dict[str, str]:
    """Return by account what people did on a thing, its request and its case, in words that follow You or They."""
    done = {at.row[column]: words for column, words in kind.makers.items() if at.row.get(column)}
    if kind.worked_on and at.file is not None:
        done = worked_on(tx, at) | done
    return done


def worked_on(tx: Tx, at: Opened) -> dict[str, str]:
    """Return by account how people worked on a request and its case: none of them is a second person for it."""
    rows = tx.rows(
        "opening.workers", case_ref=at.case.case_ref, request_id=at.asked.id if at.asked else None
    )
    ranks = list(WORKED)
    return {row["account_id"]: WORKED[row["how"]] for row in sorted(rows, key=lambda row: ranks.index(row["how"]))}


def countersigned(tx: Tx, row: Row) -> bool:
    """Whether the DPO may decide own work too: a letter that by its form the DPO and an approver approve together."""
    letter = found(tx.record(PrintedLetter, "letters.one", id=row["thing_id"]), "letter")
    return LETTERS[letter.kind].approval is Approval.DPO_AND_APPROVER


def _owners(kind: ThingKind, at: Opened) -> set[str]:
    """Return whose a thing is: the people in its own columns, else whoever handles its request."""
    if kind.owners:
        return {at.row[column] for column in kind.owners if at.row[column]}
    return {each for each in (at.asked.owner_id or at.asked.prepared_by,) if each} if at.asked else set()
