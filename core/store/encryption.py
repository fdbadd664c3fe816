"""Encrypted text: whose key encrypts a column, and the cell of the table to which each text is bound.

A text opens in the cell for which it was encrypted and in no other: neither moved to another row or column, nor to another
person's. Every encrypted column of the store goes through here.
"""

from typing import NamedTuple

from core.law.errors import Invalid, NotFound
from core.store.engine import Store
from core.store.keys import KeyKind


class Cell(NamedTuple):
    """One cell of the store: its table, the id of its row, its column."""

    table: str
    id: str
    column: str

    @property
    def place(self) -> str:
        """The words to which the text is bound beside its owner."""
        return f"{self.table}:{self.id}:{self.column}"


# Columns that a person's own key encrypts, or the key of one proof; all others are a case's.
_KINDS = {
    ("profiles", "source_texts"): KeyKind.SUBJECT, ("events", "detail"): KeyKind.SUBJECT,
    ("suppressions", "held_value"): KeyKind.SUBJECT, ("identity_documents", "content"): KeyKind.PROOF,
}
# Secrets of the desk itself, encrypted under the store's own secret for that use.
_USES = {("ways_out", "passphrase"): "passphrases", ("accounts", "totp_seed"): "codes"}
# To what earlier versions bound these columns; what they wrote still opens, and nothing is written so any more.
_FORMER = {
    ("cases", "person"): "cases:person", ("reply_addresses", "address"): "reply_addresses:{}",
    ("request_moves", "words"): "request_moves:{}", ("suppression_words", "body"): "suppression_words:{}",
    ("drafts", "body"): "drafts:{}", ("purpose_words", "body"): "purpose_words",
    ("profiles", "source_texts"): "profiles.source_texts", ("events", "detail"): "events.detail",
    ("accounts", "totp_seed"): "{}",
}


def encrypt(store: Store, owner: str, text: str, cell: Cell) -> bytes:
    """Encrypt a text for its cell under the owner's key, which is made where there is none.

    Raises Invalid where the text holds half a character, which no file can carry.
    """
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid("The text holds half a character. Type it again.", cell.column) from None
    return encrypt_bytes(store, owner, content, cell)


def encrypt_bytes(store: Store, owner: str, content: bytes, cell: Cell) -> bytes:
    """As `encrypt`, for bytes: a package, a scan."""
    return store.keys.encrypt(_kind(cell), owner, content, cell.place)


def decrypt(store: Store, owner: str, sealed: bytes | None, cell: Cell) -> str:
    """Decrypt what `encrypt` made for the cell; nothing gives an empty text.

    Raises NotFound where the key was destroyed, or where it was encrypted for another cell or owner.
    """
    return decrypt_bytes(store, owner, sealed, cell).decode("utf-8") if sealed else ""


def decrypt_bytes(store: Store, owner: str, sealed: bytes, cell: Cell) -> bytes:
    """As `decrypt`, for bytes."""
    kind, former = _kind(cell), _FORMER.get((cell.table, cell.column))
    try:
        return store.keys.decrypt(kind, owner, sealed, cell.place)
    except NotFound:
        if former is None or not store.keys.holds(kind, owner):
            raise
        return store.keys.decrypt(kind, owner, sealed, former.format(cell.id))


def encrypt_secret(store: Store, secret: str, cell: Cell) -> bytes:
    """Encrypt a secret of the desk itself (never a person's data) for its cell."""
    return store.encrypt(_USES[cell.table, cell.column], secret, cell.place)


def decrypt_secret(store: Store, sealed: bytes, cell: Cell) -> str:
    """Decrypt what `encrypt_secret` made for the cell. Raises NotFound where it was made for another."""
    use, former = _USES[cell.table, cell.column], _FORMER.get((cell.table, cell.column))
    try:
        return store.decrypt(use, sealed, cell.place)
    except NotFound:
        if former is None:
            raise
        return store.decrypt(use, sealed, former.format(cell.id))


def _kind(cell: Cell) -> KeyKind:
    return _KINDS.get((cell.table, cell.column), KeyKind.CASE)
