"""One letter that tells of several requests of a case: what it says must be the same of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.actions.answers.letters import letter_choices
from core.actions.answers.letters.letter_facts import facts
from core.actions.cases.letter_source import LetterFacts, language_of
from core.actions.desk import things
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened, resolve
from core.law.errors import Invalid, NotFound, NotPossible
from core.law.letters import LETTERS, SEVERAL, LetterKind
from core.store.engine import Row


def others(desk: Desk, now: Now, kind: LetterKind, request_ids: Sequence[str]) -> list[Opened]:
    """Return the further requests of which a letter is to tell.

    Raises NotPossible for a letter that tells of one only, and for a request of which it cannot be drafted; Invalid for one of
    another case.
    """
    wanted = [each for each in dict.fromkeys(request_ids) if each != now.at.request.id]
    if wanted and kind not in SEVERAL:
        raise NotPossible(f"{LETTERS[kind].title} tells of one request: write one for each.")
    found = []
    for request_id in wanted:
        try:
            at = resolve(now.tx, things.request(request_id))
        except NotFound:
            raise Invalid("Choose requests of this case.", "also") from None
        if at.case.case_ref != now.at.case.case_ref:
            raise Invalid("Choose requests of this case.", "also")
        letter_choices.require_draftable(desk, now, at, kind, letter_choices.of_request(now, at))
        found.append(at)
    return found


def rights(
    desk: Desk, now: Now, kind: LetterKind, found: Sequence[Opened], *, address: Row | None, typed: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the letter says in place of the facts of its first request: all the rights. Nothing for one request alone.

    Raises NotPossible where it would say something else of one of them, such as another day of receipt.
    """
    if not found:
        return {}
    language = language_of(desk, now, now.at.case, kind)
    first, *rest = (facts(kind, LetterFacts(desk, now, at, address, typed, language)) for at in (now.at, *found))
    for at, told in zip(found, rest, strict=True):
        if {**told, "right": first["right"]} != first:
            raise NotPossible(f"Of {at.request.reference} this letter would say something else: write one for each.")
    return {"right": "; ".join(dict.fromkeys(each["right"] for each in (first, *rest)))}
