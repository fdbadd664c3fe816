"""A letter is written from the facts of its case and its request's law, and kept: for every act that drafts one."""

from collections.abc import Mapping
from typing import Any

from core.actions.answers.letters.letter_facts import facts
from core.actions.cases.authority import addressee
from core.actions.cases.clock import profile_of
from core.actions.cases.letter_source import LetterFacts, language_of
from core.actions.desk.act import Now, new_id
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import sealed
from core.actions.desk.opening import Opened
from core.documents.letter import Draft
from core.documents.letter import draft as draft_text
from core.law.letters import LetterKind
from core.store.engine import Row
from core.store.records import PrintedLetter


def write(
    desk: Desk, now: Now, at: Opened, kind: LetterKind, told: Mapping[str, Any] | None = None, *, address: Row | None = None,
    typed: Mapping[str, str] | None = None,
) -> Draft:
    """Return a letter to the person, in their language and under the law of the request.

    `told` are facts of the act that drafts it, `typed` what no record of the desk holds. Raises NotPossible, with what to
    do first, while the case does not hold what the letter must say.
    """
    language = language_of(desk, now, at.case, kind)
    held = facts(kind, LetterFacts(desk, now, at, address, typed or {}, language))
    return write_with(at, kind, {**held, **(told or {})}, language)


def write_with(at: Opened, kind: LetterKind, told: Mapping[str, Any], language: str) -> Draft:
    """Return a letter whose facts are all given."""
    return draft_text(kind, told, language, profile_of(at.request).law)


def keep(desk: Desk, now: Now, at: Opened, kind: LetterKind, draft: Draft, address_id: str | None) -> str:
    """Keep a draft as a letter of the request, inside another act, and return its id."""
    letter_id, case_ref = new_id(desk.now), at.case.case_ref
    now.tx.run(
        "letters.add", id=letter_id, case_ref=case_ref, request_id=at.request.id, kind=kind.value,
        language=draft.language, drafted_at=desk.now, drafted_by=desk.person.account_id, address_id=address_id,
        **sealed(desk.store, case_ref, letter_id, draft),
    )
    now.detail["letter"] = kind.value
    return letter_id


def keep_again(desk: Desk, now: Now, at: Opened, kind: LetterKind, draft: Draft, letter_id: str | None) -> str:
    """Keep a draft in place of an unsent letter of the request, else as a new one to the first address held.

    Inside another act; returns the letter's id.
    """
    row = now.tx.record(PrintedLetter, "letters.one", id=letter_id) if letter_id else None
    if row is None or row.sent_at is not None:
        held = addressee(now, at.case, kind)
        return keep(desk, now, at, kind, draft, held["id"] if held else None)
    now.tx.run(
        "letters.redraft", id=row.id, language=draft.language,
        **sealed(desk.store, row.case_ref, row.id, draft),
    )
    return str(row.id)
