"""Approvals: a thing is asked of a named person, compared, approved exactly as it was seen, or given back.

What an approval is of has a kind, an id and a hash; what binds it, and what follows, each kind says itself (`Approvable`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar

from core.actions.answers.like_cases import reflect
from core.actions.cases.transitions import move, require_state
from core.actions.desk import things
from core.actions.desk.act import Detail, Now, act, guard, look, new_id, repeated
from core.actions.desk.asking import barred_second, check_asked
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, listed
from core.actions.desk.presence import acting_for
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.rights.mirror import This
from core.law.roles import Role
from core.law.typed import read_text
from core.law.ways import Ruling
from core.law.workflow import State, Step
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row, Store
from core.store.records import ApprovalRecord

GIVEN_BACK = "given_back"
Seen = TypeVar("Seen")


class DataChanged(NotPossible):
    """What is there now is not what the approval was asked for: it goes back to its preparer."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What an approval binds: a thing by its id and its hash in hexadecimal; of bytes that leave, the address too."""

    id: str
    hash: str
    address_id: str | None = None
    detail: Mapping[str, Detail] = field(default_factory=dict)  # what the entry of the asking says of it


class Approvable(ABC, Generic[Seen]):
    """One kind of thing that another person approves, `Seen` being what that person is shown of it."""

    code: ClassVar[str]  # as it is kept with an approval
    called: ClassVar[str]  # what is asked for, as a sentence says it
    asks: ClassVar[Act]
    opens: ClassVar[Act]
    approves: ClassVar[Act]
    returns: ClassVar[Act] = Act.RELEASE_RETURN
    changed: ClassVar[str] = "data_changed"  # why it went back by itself

    def about(self, thing_id: str) -> things.Thing:
        """Return what is named when the approval is asked for: the request, unless a kind says otherwise."""
        return things.request(thing_id)

    @abstractmethod
    def bind(self, desk: Desk, now: Now, *, version: int | None, address_id: str | None) -> Bound:
        """Return what the approval binds. Raises NotPossible with what must be done first, Conflict for an old version."""

    def countersigned(self, now: Now) -> bool:
        """Say whether a data protection officer approves it beside an approver, own work or not."""
        return False

    def require_fit(self, desk: Desk, now: Now, account_id: str, field: str) -> None:
        """Raise Invalid for an account that may not be asked, beyond what holds for every kind."""

    def asked(self, desk: Desk, now: Now, approver_id: str, version: int | None) -> None:
        """Do what follows when the approval is asked for."""

    def require_hat(self, desk: Desk, now: Now) -> None:
        """Raise NotAllowed for a person who may not approve it, beyond what holds for every second person."""

    @abstractmethod
    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> Seen:
        """Return what the approver compares; `barred` is empty, or the sentence why this person may not approve."""

    @abstractmethod
    def check(self, desk: Desk, now: Now, approval: ApprovalRecord, *, confirmed: bool) -> None:
        """Raise DataChanged unless it is what was asked for, NotPossible or Invalid for what else stands in the way."""

    @abstractmethod
    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Do what follows from the approval, inside its act."""

    def deciding(self, desk: Desk, now: Now) -> tuple[This, ...]:
        """Return what it decides that like cases were decided on before (MIR-1); nothing unless a kind says so."""
        return ()

    def returned(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Do what follows when it is given back, inside its act."""
        now.words = words


class OfRequest(Approvable[Seen]):
    """What a request as a whole waits for: it moves with the asking, the approval and the giving back."""

    ask_step: ClassVar[Step] = Step.ASK_APPROVAL
    approve_step: ClassVar[Step] = Step.APPROVE

    def ruling(self, desk: Desk, now: Now) -> Ruling:
        """Return what the person is given of what they asked."""
        return Ruling.GRANTED

    def require_asking(self, now: Now, version: int | None) -> Opened:
        """Return the request, in progress and in the version that was seen. Raises NotPossible and Conflict."""
        at = now.at.of_version(version)
        require_state(at.request, State.IN_PROGRESS, "An approval is asked for while the request is in progress.")
        return at

    def asked(self, desk: Desk, now: Now, approver_id: str, version: int | None) -> None:
        """Move the request to wait for its approval, and name the approver with it."""
        move(desk, now, now.at.request, self.ask_step, version=version, ruling=self.ruling(desk, now))
        now.tx.run("requests.name_approver", id=now.at.request.id, approver_id=approver_id)

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Move the request on; what else follows, the kind adds."""
        move(desk, now, now.at.request, self.approve_step, words=words)

    def returned(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Move the request back to its preparer."""
        move(desk, now, now.at.request, Step.RETURN, words=words)


@repeated
def ask(
    desk: Desk, of: Approvable[Any], about_id: str, *, approver_id: str, deputy_id: str | None = None,
    deputy_after_days: int = 3, address_id: str | None = None, version: int | None = None, key: str,
) -> str:
    """Ask a named person, and after some days a deputy, to approve a thing as it is now; return the approval's id.

    `about_id` is the request's id, of a letter its own. Raises NotPossible with what must be done first or where this
    person was asked of exactly this, Invalid for a person whose own work it is, who may not approve, or who is kept
    apart from the case, Conflict for an old version.
    """
    with act(desk, of.asks, of.about(about_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        bound = of.bind(desk, now, version=version, address_id=address_id)
        check_asked(desk, now, approver_id, deputy_id, deputy_after_days, countersigned=of.countersigned(now))
        for place, account in (("approver_id", approver_id), ("deputy_id", deputy_id)):
            if account is not None:
                of.require_fit(desk, now, account, place)
        if any(
            row.decision in {None, "approved"} and row.hash == bound.hash and row.approver_id == approver_id
            for row in now.tx.records(ApprovalRecord, "approvals.of_thing", thing=of.code, thing_id=bound.id)
        ):
            raise NotPossible("This person was asked about exactly this already.")
        number = new_id(desk.now)
        now.tx.run(
            "approvals.add", id=number, request_id=now.at.request.id, case_ref=now.at.case.case_ref, thing=of.code,
            thing_id=bound.id, hash=bound.hash, address_id=bound.address_id, asked_by=desk.person.account_id,
            asked_at=desk.now, approver_id=approver_id, deputy_id=deputy_id,
            deputy_from=desk.now + timedelta(days=deputy_after_days) if deputy_id else None,
        )
        of.asked(desk, now, approver_id, version)
        now.object_kind, now.object_id, now.result = "approval", number, number
        now.detail |= {**bound.detail, "deputy": int(deputy_id is not None)}
    return number


@repeated
def compare(desk: Desk, of: Approvable[Seen], approval_id: str) -> Seen:
    """Open what is to be approved: one entry for 15 minutes. Only the person asked, their deputy, and no preparer."""
    with act(desk, of.opens, things.approval(approval_id), disclosure=True) as now:
        approval = _open(now, of)
        barred = barred_second(desk, now, of.approves, lambda: of.require_hat(desk, now))
        return of.show(desk, now, approval, barred)


def approve(desk: Desk, of: Approvable[Any], approval_id: str, *, confirmed: bool = False, words: str = "", key: str) -> None:
    """Approve exactly what was asked for; `confirmed` says that an address new to the desk was checked by another way.

    Raises NotAllowed for own work and for people not asked, DataChanged where it is not what was asked for: then it is back
    with its preparer.
    """
    try:
        _approve(desk, of, approval_id, words, key, confirmed=confirmed)
    except DataChanged as changed:
        _return(desk, of, approval_id, of.changed, str(changed))
        raise


@repeated
def _approve(desk: Desk, of: Approvable[Any], approval_id: str, words: str, key: str, *, confirmed: bool) -> None:
    with act(desk, of.approves, things.approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        approval = _open(now, of)
        of.require_hat(desk, now)
        note = read_text(words, "words", needed=False)
        of.check(desk, now, approval, confirmed=confirmed)
        if any(each.unequal for each in reflect(desk, now, now.at.request, of.deciding(desk, now))):
            now.detail["unlike"] = 1
        _decide(desk, now, approval, "approved", note)
        of.approved(desk, now, approval, note)
        now.result = "approved"


def give_back(desk: Desk, of: Approvable[Any], approval_id: str, reason: str, *, key: str) -> None:
    """Give a thing back to its preparer with a reason, which is kept with the case."""
    _return(desk, of, approval_id, GIVEN_BACK, reason, key)


@repeated
def _return(desk: Desk, of: Approvable[Any], approval_id: str, code: str, reason: str, key: str | None = None) -> None:
    with act(desk, of.returns, things.approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        approval = _open(now, of)
        note = read_text(reason, "reason")
        _decide(desk, now, approval, code, note)
        of.returned(desk, now, approval, note)
        now.result = code
        now.detail["reason"] = code


def waiting(desk: Desk) -> list[Row]:
    """Return what waits for this person's approval, or for somebody who is away and for whom they stand in.

    Of each its kind, reference, right, due day, who asked and who was asked; nobody's name.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        me = desk.person.account_id
        accounts = acting_for(now.tx, me, today_of(desk))
        return listed(desk, now.tx, now.tx.rows("approvals.waiting", account_id=me, accounts=accounts, now=desk.now))


def open_of(desk: Desk, request_id: str) -> Row | None:
    """Return the approval that a request as a whole waits for: its id and the kind of its thing; None where none is open."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return now.tx.one("approvals.open_of_request", request_id=request_id)


def words_of(store: Store, approval: ApprovalRecord) -> str:
    """Return what was typed beside a decision, inside an act of its case; empty where nothing was."""
    if approval.words is None:
        return ""
    return decrypt(
        store, approval.case_ref, approval.words, Cell(approval.words_under, approval.id, "words")
    )


def _open(now: Now, of: Approvable[Any]) -> ApprovalRecord:
    """Return the approval that an act is about. Raises NotPossible for another kind of thing, and once it is decided."""
    approval = now.at.of(ApprovalRecord)
    if approval.thing != of.code:
        raise NotPossible("This is the approval of another thing: compare and decide it as such.")
    if approval.decision is not None:
        raise NotPossible("This was decided already.")
    return approval


def _decide(desk: Desk, now: Now, approval: ApprovalRecord, decision: str, words: str) -> None:
    """Record the decision and in which role; words typed beside it are encrypted with the case key."""
    sealed = encrypt(desk.store, approval.case_ref, words, Cell("approvals", approval.id, "words")) if words else None
    role = Role.DPO if Role.DPO in desk.person.roles else now.role
    guard(now.tx.run(
        "approvals.decide", id=approval.id, decision=decision, decided_by=desk.person.account_id,
        decided_role=role.value if role else None, decided_at=desk.now, words=sealed,
    ))
