"""The extension of a request: its notice, its approval and the day it was told."""

from datetime import timedelta

from core.actions.desk.letter_text import digest
from core.demo.years.happened import Asked
from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.clock import extension
from core.law.letters import LetterKind
from core.store.encryption import Cell
from core.store.engine import new_id

MINUTE = timedelta(minutes=1)


def extend(request: RequestTold) -> None:
    """Write the extension with its notice, its approval and the day it was told."""
    told, past, given = request.told, request.past, request.past.extension
    if given is None:
        return
    number, owner, facts = new_id(given.prepared), past.owner, "More requests came in these weeks than in a whole year."
    final = told.dates(past).final_due
    grounds = "number" if "number" in extension.GROUNDS else next(iter(extension.GROUNDS))
    letter = request.letter(LetterKind.EXTENSION, given.prepared, given.told, owner, {
        "grounds": extension.GROUNDS[grounds].sentence, "facts": facts, "until": final,
        "length": "three months, counted from the day we received your request",
    }, act=Act.EXTENSION_PREPARE)
    row = next(each for each in reversed(told.teller.book.rows["letters"]) if each["id"] == letter)
    told.add(
        "extensions", id=number, request_id=request.id, state="approved", grounds=grounds,
        facts=told.seal(facts, Cell("extensions", number, "facts")), until=None, letter_id=row["id"],
        prepared_by=told.account(owner), prepared_at=given.prepared, told_on=told.day(given.told), version=4,
    )
    request.enter(
        owner, Act.EXTENSION_PREPARE, given.prepared, thing=("extension", number), grounds=[grounds], letter="extension",
    )
    bound = digest(told.teller.cast.store, request.draft(LetterKind.EXTENSION, {
        "grounds": extension.GROUNDS[grounds].sentence, "facts": facts, "until": final,
        "length": "three months, counted from the day we received your request",
    }).whole)
    request.approve(
        "extension", number, bound, Asked(given.prepared + 30 * MINUTE, given.approved),
        (Act.EXTENSION_ASK, Act.EXTENSION_OPEN, Act.EXTENSION_APPROVE, Act.EXTENSION_RETURN), grounds=[grounds],
    )
    told.decide(request.number, Act.LETTER_SENT, given.told, owner, extension.record_of(
        "effective", [grounds], told.under(past), notice_due=None, told_on=told.day(given.told)
    ))
