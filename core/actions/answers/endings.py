"""How a request ends without action: what must be true before, and that the person was told, or why nobody could be."""

from datetime import date

from core.actions.answers.owners import owner_tasks
from core.actions.cases.clock import is_sent
from core.actions.cases.identity import require_identifiable
from core.actions.cases.letter_source import letters_about
from core.actions.cases.sequence import keep_duplicate
from core.actions.desk import things
from core.actions.desk.act import Now, found, look
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.law.acts import Act
from core.law.clock.questions import OF_THE_CASE, SET_TIME, require_unanswered
from core.law.errors import NotPossible
from core.law.letters import LetterKind
from core.law.workflow import TOLD_BY, Closing, require_told
from core.store.engine import Row
from core.store.records import LetterRecord, RequestRecord

ABOUT_THE_PERSON = frozenset({LetterKind.NOT_IDENTIFIED, LetterKind.NO_DATA_HELD})  # who they are, whether they are held


def require_ending(desk: Desk, now: Now, ending: Closing, untold: str) -> bool:
    """Return whether the person was told; raise NotPossible unless the request may end so, by the facts that are recorded.

    `untold` is why nobody could be told, where the ending allows that. A duplicate is kept with the request it repeats.
    """
    row, case = now.at.request, now.at.case
    if ending is Closing.NOT_IDENTIFIED and case.identity_state != "failed":
        raise NotPossible("Record first that the identity could not be proven, and tell the person.")
    if ending is Closing.NOT_IDENTIFIED:
        require_identifiable(now, row)
    if ending is Closing.NO_DATA_HELD and case.subject_state != "nobody":
        raise NotPossible("Record first that nobody in the systems is the person, and tell the person.")
    if ending is Closing.NO_DATA_HELD:
        owner_tasks.require_searched(now, case.case_ref)
    if ending is Closing.NO_ANSWER:
        require_silence(desk, now, row)
    if ending is Closing.DUPLICATE:
        keep_duplicate(desk, now, row, case)
    out = sent_letters(now, row)
    require_told(ending, out, untold)
    return TOLD_BY.get(ending) in out


def is_told(desk: Desk, request_id: str, ending: Closing) -> bool:
    """Say whether the letter that tells of an ending is out for a request."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return TOLD_BY.get(ending) in sent_letters(now, now.at.request)


def sent_letters(now: Now, row: RequestRecord) -> frozenset[LetterKind]:
    """Return the kinds of letter that are out about a request; one that is about the person serves every request of the case."""
    own = {each.id for each in letters_about(now, row)}
    letters = now.tx.records(LetterRecord, "letters.of_case", case_ref=row.case_ref)
    return frozenset(
        LetterKind(each.kind) for each in letters
        if is_sent(each) and (each.id in own or LetterKind(each.kind) in ABOUT_THE_PERSON)
    )


def require_silence(desk: Desk, now: Now, row: RequestRecord) -> tuple[Row, date]:
    """Return the question that nobody answered and the day of its reminder.

    Raises NotPossible unless one is open, its set time is over, and so is the reminder's too.
    """
    open_now = [each for each in now.tx.rows("requests.pause_texts", request_id=row.id) if each["answered_on"] is None]
    question = next((each for each in open_now if each["kind"] in OF_THE_CASE), open_now[0] if open_now else None)
    asked = question["asked_on"] if question else None
    reminded = [
        local_day(desk, each.sent_at) for each in now.tx.records(LetterRecord, "letters.of_case", case_ref=row.case_ref)
        if each.kind == LetterKind.REMINDER and each.sent_at is not None and is_sent(each)
    ]
    since = min((day for day in reminded if asked is not None and day >= asked + SET_TIME), default=None)
    reminded_on = require_unanswered(question["kind"] if question else None, asked, since, today_of(desk))
    return found(question, "question"), reminded_on
