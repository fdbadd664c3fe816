"""The closing without action: the letter that the law asks for before, and the draw for a check."""

from datetime import timedelta
from typing import Any

from core.actions.desk.letter_text import digest
from core.connectors.catalogue import catalogue
from core.demo.years.asking import FAILED, QUESTIONS
from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.workflow import SAMPLED, TOLD_BY, Closing, State, Step
from core.store.encryption import Cell
from core.store.engine import new_id

DAY = timedelta(days=1)
REASONS = {
    Closing.WITHDRAWN: "Found the answer in the account.", Closing.NOT_A_REQUEST: "A question about an order, no request.",
    Closing.OUTSIDE: "About a company of which no data are used here.", Closing.DUPLICATE: "The same was asked before.",
    Closing.FORWARDED: "Meant for another controller; passed on with the person's consent.",
    Closing.NOT_IDENTIFIED: "The person could not show who they are.",
    Closing.NO_DATA_HELD: "Nobody in the systems is the person.",
    Closing.NO_ANSWER: "No answer came to the question and its reminder.",
}
OTHER = "Example Payments Ltd, Example Street 9, 10115 Berlin"


def close(request: RequestTold) -> None:
    """Close without action, after the letter that the law asks for before."""
    told, past, owner = request.told, request.past, request.past.owner
    closing, at = past.closing, past.prepared or past.closed
    letter = _letter(request)
    if letter is not None:
        number, text = new_id(at), request.draft(*letter)
        request.enter(owner, Act.LETTER_DRAFT, at, thing=("letter", number), letter=letter[0].value)
        for asked in past.approvals:
            request.approve(
                "letter", number, digest(told.teller.cast.store, text.whole.strip()), asked,
                (Act.LETTER_ASK, Act.LETTER_OPEN, Act.LETTER_APPROVE, Act.LETTER_RETURN), letter=letter[0].value,
            )
        last = past.approvals[-1].decided if past.approvals else at
        request.keep(number, letter[0], text, at, last + (past.closed - last) * 0.5, owner)
    request.outs = {"told": letter is not None}
    drawn = _draw(request) if closing in SAMPLED else {}
    if closing is Closing.DUPLICATE and told.past.first is not None:
        first, _, _ = told.teller.book.requests[told.past.first]
        told.add("duplicates", request_id=request.id, first_id=first)
        drawn["first"] = first
    withdrawn = closing is Closing.WITHDRAWN
    request.move(
        owner, Act.REQUEST_WITHDRAW if withdrawn else Act.REQUEST_CLOSE, past.closed,
        Step.WITHDRAW if withdrawn else Step.CLOSE, State.CLOSED, words=REASONS[closing], closing=closing.value, **drawn,
    )


def _letter(request: RequestTold) -> tuple[LetterKind, dict[str, Any]] | None:
    """Return the letter that tells of an ending, with its facts; None for what the person took back."""
    told, past, question = request.told, request.past, request.past.question
    if past.closing is Closing.WITHDRAWN:
        return None
    kind = TOLD_BY[past.closing]
    facts: dict[str, Any] = {"reason": REASONS[past.closing].rstrip(".")}
    if kind is LetterKind.NOT_IDENTIFIED:
        facts = {"reason": FAILED, "helps": ["two of your last orders"]}
    elif kind is LetterKind.NO_DATA_HELD:
        facts = {"searched": [each.title for each in catalogue().systems]}
    elif kind is LetterKind.FORWARDED:
        facts = {"controller": OTHER, "forwarded_on": told.day(past.closed)}
    elif kind is LetterKind.NO_ANSWER and question is not None and question.reminded is not None:
        words, reason = QUESTIONS[question.kind]
        facts = {
            "asked_on": told.day(question.asked), "question": words, "reason": reason.rstrip("."),
            "reminded_on": told.day(question.reminded),
        }
    elif kind is LetterKind.DUPLICATE and told.past.first is not None:
        _, reference, received = told.teller.book.requests[told.past.first]
        facts = {"first": reference, "first_on": received, "answered_by": "without undue delay"}
    return kind, facts


def _draw(request: RequestTold) -> dict[str, Any]:
    """Draw the closing for a check as the desk does, and have it found right by another person."""
    told, past, book = request.told, request.past, request.told.teller.book
    book.closed_so[past.owner] = book.closed_so.get(past.owner, 0) + 1
    lot = int.from_bytes(told.teller.cast.store.keyed_hash("closing_checks", request.id)[:8])
    if book.closed_so[past.owner] > 10 and lot % 5:
        return {"drawn_for_check": 0}
    number, checker = new_id(past.closed), "dpo" if past.owner != "dpo" else "approver"
    at = min(past.closed + 2 * DAY, told.teller.last)
    words = "The message says what was written down."
    told.add(
        "closing_checks", id=number, request_id=request.id, closing=past.closing.value, closed_by=told.account(past.owner),
        drawn_at=past.closed, verdict="right", checked_by=told.account(checker), checked_at=at,
        reason=told.seal(words, Cell("closing_checks", number, "reason")), opened_id=None, version=2,
    )
    request.enter(checker, Act.CLOSING_CHECK, at, words=words, verdict="right", closing=past.closing.value)
    return {"drawn_for_check": 1}
