"""Proof documents: apart from every other file, sealed under a key of their own, seen by the checker only, short-lived."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.desk import things
from core.actions.desk.act import Now, act, look, new_id, repeated
from core.actions.desk.asking import may
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.store.encryption import Cell, decrypt_bytes, encrypt_bytes
from core.store.engine import Row, Store, random_ref
from core.store.keys import KeyKind
from core.store.records import CaseRecord, RequestRecord

KEPT = timedelta(days=30)
LARGEST = 25 * 1024 * 1024
PROVES = {"identity": "Who somebody is", "authority": "That somebody may act for the person"}
# A document is known by its first bytes, not by its name: what a browser could run is never kept here.
_STARTS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
ENDS = {
    "outcome": "destroyed when the outcome was recorded", "time": "destroyed after 30 days",
    "closed": "destroyed when the case was closed", "discarded": "destroyed by hand",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A proof document as the case shows it: never its name or content, only what it proves and for whom it is kept."""

    id: str
    representative_id: str | None
    proves: str
    checker_id: str
    added_at: datetime
    until: datetime
    ended_at: datetime | None
    end_reason: str | None
    mine: bool  # this person is the checker


@repeated
def add(
    desk: Desk, case_ref: str, content: bytes, *, proves: str = "identity", representative_id: str | None = None,
    checker_id: str, key: str,
) -> str:
    """Keep a proof document for the named checker and return its id; its file name is not kept.

    Raises Invalid for what is no PDF, PNG or JPEG, is larger than 25 MB, or has no checker who may see the case.
    """
    with act(desk, Act.DOCUMENT_ADD, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        case = now.at.case
        if not now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case_ref):
            raise NotPossible("Every request of this case is closed.")
        media = next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)
        if media is None:
            raise Invalid("Choose a PDF, PNG or JPEG file.", "file")
        if len(content) > LARGEST:
            raise Invalid("The file is larger than 25 MB. Scan it with fewer dots.", "file")
        if proves not in PROVES:
            raise Invalid("Say what the document proves.", "proves")
        _check_checker(desk, now, case, checker_id)
        if representative_id is not None:
            row = now.tx.one("representatives.one", id=representative_id)
            if row is None or row["case_ref"] != case_ref:
                raise Invalid("Choose a representative of this case.", "representative_id")
        number, key_ref = new_id(desk.now), random_ref()
        now.tx.run(
            "identity.add_document", id=number, case_ref=case_ref, representative_id=representative_id, proves=proves,
            key_ref=key_ref, media_type=media, size_bytes=len(content), checker_id=checker_id, added_at=desk.now,
            added_by=desk.person.account_id,
            content=encrypt_bytes(desk.store, key_ref, content, Cell("identity_documents", number, "content")),
        )
        now.object_kind, now.object_id, now.result = "document", number, number
        now.detail |= {"proves": proves, "bytes": len(content), "own_check": int(checker_id == desk.person.account_id)}
    return number


@repeated
def list_documents(desk: Desk, case_ref: str) -> tuple[Document, ...]:
    """Return the proof documents of a case, those that are destroyed too; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        return tuple(
            Document(
                row["id"], row["representative_id"], row["proves"], row["checker_id"], row["added_at"],
                row["added_at"] + KEPT, row["ended_at"], row["end_reason"], row["checker_id"] == desk.person.account_id,
            )
            for row in now.tx.rows("identity.documents", case_ref=case_ref)
        )


@repeated
def show(desk: Desk, document_id: str) -> Delivery:
    """Return a proof document to its checker, to be looked at; every look is an entry. Raises NotAllowed for others."""
    with act(desk, Act.DOCUMENT_SEE, things.document(document_id)) as now:
        row, case = now.at.row, now.at.case
        if row["content"] is None:
            raise NotPossible("This document was destroyed: its check is over.")
        content = decrypt_bytes(desk.store, row["key_ref"], row["content"], Cell("identity_documents", document_id, "content"))
        now.detail["bytes"] = len(content)
    ending = _ENDINGS[row["media_type"]]
    return Delivery(f"proof-{case.reference}-{document_id[-6:]}.{ending}", row["media_type"], content)


def discard(desk: Desk, document_id: str, *, key: str) -> None:
    """Destroy a proof document that is not needed: by its checker, or by whoever added it."""
    destroy_keys(desk.store, _discard(desk, document_id, key=key))


@repeated
def _discard(desk: Desk, document_id: str, *, key: str) -> list[str]:
    with act(desk, Act.DOCUMENT_END, things.document_to_end(document_id), key=key) as now:
        row = now.at.row
        if now.earlier is None:
            now.tx.run("identity.end_document", id=document_id, now=desk.now, reason="discarded")
            now.detail["reason"] = "discarded"
        return [row["key_ref"]]


def end_of(
    desk: Desk, now: Now, case_ref: str, representative_id: str | None, reason: str, *, proves: str | None = None
) -> list[str]:
    """End the documents about one person inside the act that records an outcome; return whose keys die after it.

    With `proves` only those that prove that.
    """
    rows = [
        row for row in now.tx.rows("identity.documents", case_ref=case_ref)
        if row["representative_id"] == representative_id and row["ended_at"] is None and proves in {None, row["proves"]}
    ]
    for row in rows:
        now.tx.run("identity.end_document", id=row["id"], now=desk.now, reason=reason)
    return [row["key_ref"] for row in rows]


def expire(desk: Desk) -> int:
    """Destroy every proof document that is 30 days old or whose case is closed; return how many.

    Finishes what a stop between a commit and the destruction of a key left over, and what an older backup brought back.
    """
    with look(desk, Act.DOCUMENT_END) as now:
        due = now.tx.rows("identity.due_documents", oldest=desk.now - KEPT)
    for row in due:
        _expire_one(desk, row)
    with look(desk, Act.DOCUMENT_END) as now:
        ended = [row["key_ref"] for row in now.tx.rows("identity.ended_documents")]
    destroy_keys(desk.store, ended)
    return len(due)


@repeated
def _expire_one(desk: Desk, row: Row) -> None:
    with act(desk, Act.DOCUMENT_END, things.document_to_end(row["id"])) as now:
        closed = not now.tx.records(RequestRecord, "requests.open_of_case", case_ref=row["case_ref"])
        reason = "closed" if closed else "time"
        now.unlogged = not now.tx.run("identity.end_document", id=row["id"], now=desk.now, reason=reason)
        now.detail["reason"] = reason


def destroy_keys(store: Store, key_refs: Collection[str]) -> None:
    """Destroy the keys of ended documents; called after the commit, since a document without its key is unreadable."""
    store.keys.destroy(KeyKind.PROOF, *key_refs)


def _check_checker(desk: Desk, now: Now, case: CaseRecord, checker_id: str) -> None:
    if checker_id != desk.person.account_id and not may(desk, now, checker_id, Act.IDENTITY_RECORD):
        raise Invalid("Choose somebody who may check an identity.", "checker_id")
    if now.tx.rows("cases.barred", case_ref=case.case_ref, account_id=checker_id):
        raise NotAllowed("This person may not handle that case. Choose somebody else.")

