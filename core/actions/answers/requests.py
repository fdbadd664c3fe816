"""The plain steps of a request: start, take the answer back, withdraw, close without action."""

from core.actions.answers.progress import freeze
from core.actions.cases.clock import is_sent
from core.actions.cases.identity import require_identifiable
from core.actions.cases.sequence import keep_duplicate
from core.actions.cases.transitions import move
from core.actions.desk import things
from core.actions.desk.act import Now, act, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.law.acts import Act
from core.law.clock.questions import OF_THE_CASE, SET_TIME, require_unanswered
from core.law.errors import Invalid, NotPossible
from core.law.typed import read_text
from core.law.workflow import SAMPLED, Closing, Step
from core.store.records import LetterRecord, RequestRecord


def version_of(desk: Desk, request_id: str) -> int:
    """Return the version of a request, for a page that waits for it to move; names nobody."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return int(now.at.request.version)


@repeated
def start(desk: Desk, request_id: str, *, version: int, key: str) -> None:
    """Start work on a request that was received."""
    with act(desk, Act.REQUEST_START, things.request(request_id), key=key) as now:
        if now.earlier is None:
            move(desk, now, now.at.request, Step.START, version=version)


@repeated
def revise(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Take an answer that is ready to send back to work on it."""
    with act(desk, Act.REQUEST_REVISE, things.request(request_id), key=key) as now:
        if now.earlier is None:
            row = now.at.request
            move(desk, now, row, Step.REVISE, version=version, words=read_text(reason, "reason"))


@repeated
def withdraw(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Close a request because the person took it back; nothing more is done, what was done stays said."""
    with act(desk, Act.REQUEST_WITHDRAW, things.request(request_id), key=key) as now:
        if now.earlier is None:
            row = now.at.request
            move(
                desk, now, row, Step.WITHDRAW, version=version, words=read_text(reason, "reason"), closing=Closing.WITHDRAWN
            )
            freeze(desk, now, request_id)
            now.detail["closing"] = Closing.WITHDRAWN.value


@repeated
def close(desk: Desk, request_id: str, closing: str, reason: str, *, version: int, key: str) -> None:
    """Close a request without action, with the reason; an answer that the law owes must have gone out first.

    `not_identified` needs a failed identity check and the sent letter; `no_data_held` needs the decision that nobody
    in the systems is the person, and the sent letter (FRM-2); `no_answer` an open question about the person, its set
    time and a reminder; `forwarded` the sent letter that names who answers instead (12(2)).
    """
    with act(desk, Act.REQUEST_CLOSE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        row = now.at.request
        try:
            ending = Closing(closing)
        except ValueError:
            raise Invalid("Choose how the request ends.", "closing") from None
        if is_sent(row):
            raise NotPossible("The answer was sent: close the request as answered.")
        case = now.at.case
        if ending is Closing.NOT_IDENTIFIED and case.identity_state != "failed":
            raise NotPossible("Record first that the identity could not be proven, and tell the person.")
        if ending is Closing.NOT_IDENTIFIED:
            require_identifiable(now, row)
        if ending is Closing.NO_DATA_HELD and case.subject_state != "nobody":
            raise NotPossible("Record first that nobody in the systems is the person, and tell the person.")
        told = _TOLD.get(ending)
        if told and not now.tx.rows("requests.letter_sent", case_ref=row.case_ref, kind=told):
            raise NotPossible("Send the person the letter that says so first, and mark it as sent.")
        if ending is Closing.NO_ANSWER:
            _require_unanswered(desk, now, row)
        if ending is Closing.DUPLICATE:
            keep_duplicate(desk, now, row, case)
        words = read_text(reason, "reason", needed=ending in SAMPLED)
        move(desk, now, row, Step.CLOSE, version=version, words=words, closing=ending)
        freeze(desk, now, request_id)
        now.detail["closing"] = ending.value


_TOLD = {
    Closing.NOT_IDENTIFIED: "not_identified", Closing.NO_DATA_HELD: "no_data_held", Closing.FORWARDED: "forwarded",
}  # endings of which the person has been told by this letter before


def _require_unanswered(desk: Desk, now: Now, row: RequestRecord) -> None:
    """Raise NotPossible unless a question is open, its set time is over, and so is the reminder's too."""
    open_now = [each for each in now.tx.rows("requests.pauses", request_id=row.id) if each["answered_on"] is None]
    question = next((each for each in open_now if each["kind"] in OF_THE_CASE), open_now[0] if open_now else None)
    asked = question["asked_on"] if question else None
    reminded = [
        local_day(desk, each.sent_at) for each in now.tx.records(LetterRecord, "letters.of_case", case_ref=row.case_ref)
        if each.kind == "reminder" and each.sent_at is not None and is_sent(each)
    ]
    since = [day for day in reminded if asked is not None and day >= asked + SET_TIME]
    require_unanswered(question["kind"] if question else None, asked, min(since, default=None), today_of(desk))
