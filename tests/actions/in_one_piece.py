"""A letter as the versions before kept it: all its text in one piece, so that a part could be edited away."""

from core.store.encryption import Cell, encrypt
from core.store.engine import Store


def in_one_piece(store: Store, letter_id: str, text: str) -> None:
    """Write an unsent letter's text as such a version did."""
    with store.transaction() as tx:
        case_ref = tx.one("letters.one", id=letter_id)["case_ref"]
        body = encrypt(store, case_ref, text, Cell("letters", letter_id, "body"))
        tx._cursor.execute(
            "update letters set body = ?, passages = null, pdf = null, pdf_sha256 = null where id = ?", [body, letter_id]
        )
        store.commit(tx)
