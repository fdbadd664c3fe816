"""Where the facts of a letter are read from: the case that is open, the address, the person's language, what was typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.actions.cases.clock import profile_of
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.documents.languages import Words, held, words_of
from core.documents.statutes import Statute, statute
from core.law.languages import FALLBACK, LANGUAGES, Choice, choose
from core.law.letters import LETTERS, To
from core.store.encryption import Cell, decrypt
from core.store.engine import Row
from core.store.records import CaseRecord, LetterRecord, RequestRecord


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Where the facts of a letter are read from; `told` are the texts that no record of the desk holds."""

    desk: Desk
    now: Now
    at: Opened
    address: Row | None
    told: Mapping[str, str] = field(default_factory=dict)
    language: str = FALLBACK

    @property
    def words(self) -> Words:
        """The words of the letter's language."""
        return words_of(self.language)

    @property
    def law(self) -> Statute:
        """The law of the request, in the words of the letter's language."""
        return statute(profile_of(self.at.request).law, self.language)


def letters_about(now: Now, request: RequestRecord) -> list[LetterRecord]:
    """Return the letters about a request, oldest first: those drafted from it, and those of its case that tell of it too."""
    also = {
        row["letter_id"] for row in now.tx.rows("letters.told_of", case_ref=request.case_ref) if row["request_id"] == request.id
    }
    rows = now.tx.records(LetterRecord, "letters.of_case", case_ref=request.case_ref)
    return [row for row in rows if row.request_id == request.id or row.id in also]


def person_of(desk: Desk, case: CaseRecord) -> dict[str, str]:
    """Return how the person named themselves when they asked."""
    return dict(json.loads(decrypt(desk.store, case.case_ref, case.person, Cell("cases", case.case_ref, "person"))))


def language_for(kind: str, asked: str) -> Choice:
    """Return in which language a letter goes to a person who writes in `asked`; letters to others are in English."""
    to_person = LETTERS[kind].to in {To.PERSON, To.OLD_ADDRESS}
    return choose(asked, held()) if to_person else Choice(FALLBACK)


def asked_language(desk: Desk, now: Now, case: CaseRecord) -> str:
    """Return the code of the language that the person writes in, as the case or their profile says; empty where neither."""
    told = person_of(desk, case).get("language", "")
    if not told and case.subject_ref:
        told = next((row["language"] or "" for row in now.tx.rows("people.profiles_of", subjects=[case.subject_ref])), "")
    code = told.strip().casefold()[:2]
    return code if code in LANGUAGES else ""


def language_of(desk: Desk, now: Now, case: CaseRecord, kind: str) -> str:
    """Return the code of the language in which a letter of a case is drafted."""
    return language_for(kind, asked_language(desk, now, case)).code
