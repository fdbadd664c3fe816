"""The plain steps of a request: start, take the answer back, withdraw, close without action."""

from core.actions.act import act, repeated
from core.actions.desk import Desk
from core.actions.moves import move, request_of
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.workflow import SAMPLED, Closing, Step

LONGEST_REASON = 2000


@repeated
def start(desk: Desk, request_id: str, *, version: int, key: str) -> None:
    """Start work on a request that was received."""
    with act(desk, Act.REQUEST_START, request=request_id, key=key) as now:
        if now.earlier is None:
            move(desk, now, request_of(desk, now, Act.REQUEST_START, request_id), Step.START, version=version)


@repeated
def revise(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Take an answer that is ready to send back to work on it."""
    with act(desk, Act.REQUEST_REVISE, request=request_id, key=key) as now:
        if now.earlier is None:
            row = request_of(desk, now, Act.REQUEST_REVISE, request_id)
            move(desk, now, row, Step.REVISE, version=version, words=_reason(reason))


@repeated
def withdraw(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Close a request because the person took it back; nothing more is done, what was done stays said."""
    with act(desk, Act.REQUEST_WITHDRAW, request=request_id, key=key) as now:
        if now.earlier is None:
            row = request_of(desk, now, Act.REQUEST_WITHDRAW, request_id)
            move(
                desk, now, row, Step.WITHDRAW, version=version, words=_reason(reason), closing=Closing.WITHDRAWN
            )
            now.detail["closing"] = Closing.WITHDRAWN.value


@repeated
def close(desk: Desk, request_id: str, closing: str, reason: str, *, version: int, key: str) -> None:
    """Close a request without action, with the reason; an answer that the law owes must have gone out first.

    `not_identified` needs a failed identity check and the sent letter; `no_data_held` needs the decision that nobody
    in the systems is the person, and the sent letter (FRM-2).
    """
    with act(desk, Act.REQUEST_CLOSE, request=request_id, key=key) as now:
        if now.earlier is not None:
            return
        row = request_of(desk, now, Act.REQUEST_CLOSE, request_id)
        try:
            ending = Closing(closing)
        except ValueError:
            raise Invalid("Choose how the request ends.", "closing") from None
        if row["sent_at"] is not None and row["came_back_at"] is None:
            raise NotPossible("The answer was sent: close the request as answered.")
        case = now.tx.one("cases.one", case_ref=row["case_ref"]) or {}
        if ending is Closing.NOT_IDENTIFIED and case["identity_state"] != "failed":
            raise NotPossible("Record first that the identity could not be proven, and tell the person.")
        if ending is Closing.NO_DATA_HELD and case["subject_state"] != "nobody":
            raise NotPossible("Record first that nobody in the systems is the person, and tell the person.")
        told = {Closing.NOT_IDENTIFIED: "not_identified", Closing.NO_DATA_HELD: "no_data_held"}.get(ending)
        if told and not now.tx.rows("requests.letter_sent", case_ref=row["case_ref"], kind=told):
            raise NotPossible("Send the person the letter that says so first, and mark it as sent.")
        words = reason.strip() if ending not in SAMPLED and len(reason) <= LONGEST_REASON else _reason(reason)
        move(desk, now, row, Step.CLOSE, version=version, words=words, closing=ending)
        now.detail["closing"] = ending.value


def _reason(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_REASON:
        raise Invalid(f"Write the reason (at most {LONGEST_REASON:,} characters).", "reason")
    return text.strip()
