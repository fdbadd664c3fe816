"""The text of a letter as it is stored, and the hash by which an approval binds it."""

from core.documents.letter import Draft
from core.law.refusal import require_whole
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Store
from core.store.records import LetterRecord


def sealed(store: Store, case_ref: str, letter_id: str, draft: Draft) -> dict[str, bytes]:
    """Return both parts of a letter as its row keeps them."""
    return {
        "body": encrypt(store, case_ref, draft.text, Cell("letters", letter_id, "body")),
        "passages": encrypt(store, case_ref, draft.passages, Cell("letters", letter_id, "passages")),
    }


def parts_of(store: Store, letter: LetterRecord) -> Draft:
    """Return the two parts of a letter inside an act of its case; one drafted in one piece has no passages."""
    passages = decrypt(store, letter.case_ref, letter.passages, Cell("letters", letter.id, "passages"))
    text = decrypt(store, letter.case_ref, letter.body, Cell("letters", letter.id, "body"))
    return Draft(text, passages, letter.language)


def text_of(store: Store, letter: LetterRecord) -> str:
    """Return the whole text of a letter inside an act of its case, as it is printed."""
    return parts_of(store, letter).whole


def require_told(store: Store, letter: LetterRecord) -> None:
    """Raise NotPossible where a letter drafted in one piece lacks a part of Article 12(4); passages hold all three."""
    if not has_passages(letter):
        require_whole(text_of(store, letter))


def has_passages(letter: LetterRecord) -> bool:
    """Say whether what the law demands stands outside the text that people edit."""
    return letter.passages is not None


def digest(store: Store, text: str) -> str:
    """Return the keyed hash by which an approval binds a letter's text."""
    return store.keyed_hash("plans", text).hex()


def bound_to(store: Store, letter: LetterRecord) -> str:
    """Return the keyed hash by which an approval binds the present text of a letter: its words, not the blanks around."""
    return digest(store, text_of(store, letter).strip())
