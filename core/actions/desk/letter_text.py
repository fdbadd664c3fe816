"""The text of a letter as it is stored, and the hash by which an approval binds it."""

from core.store.encryption import Cell, decrypt
from core.store.engine import Row, Store


def text_of(store: Store, letter: Row) -> str:
    """Return the text of a letter inside an act of its case."""
    return decrypt(store, letter["case_ref"], letter["body"], Cell("letters", letter["id"], "body"))


def digest(store: Store, text: str) -> str:
    """Return the keyed hash by which an approval binds a letter's text."""
    return store.keyed_hash("plans", text).hex()


def bound_to(store: Store, letter: Row) -> str:
    """Return the keyed hash by which an approval binds the present text of a letter: its words, not the blanks around."""
    return digest(store, text_of(store, letter).strip())
