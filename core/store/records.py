"""The rows that every part of the desk passes on, one class a noun.

`Tx.record` and `Tx.records` read them; a test holds each class against the columns of every query that it is read by.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What one person asked at once, and how far it is known who they are."""

    case_ref: str
    reference: str
    created_at: datetime
    received_at: datetime
    channel: str
    taken_in_by: str
    subject_ref: str | None
    subject_state: str
    person: bytes
    identity_state: str
    sealed_to_names: bool
    version: int


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One right used in a case, with its clock and its state."""

    id: str
    case_ref: str
    reference: str
    kind: str
    state: str
    closing: str | None
    owner_id: str | None
    received_at: datetime
    profile_id: str
    profile_version: str
    calendar_id: str
    calendar_version: str
    zone: str
    base_due: date | None
    final_due: date | None
    safe_due: date | None
    clock_state: str
    prepared_by: str | None
    approver_id: str | None
    plan_id: str | None
    package_id: str | None
    sent_at: datetime | None
    came_back_at: datetime | None
    closed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """What every system holds and what is to be done with it; its body is sealed with the case."""

    id: str
    request_id: str
    case_ref: str
    subject_ref: str
    made_at: datetime
    made_by: str
    plan_hash: str
    body: bytes
    verb: str


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """Who is asked to approve which thing, bound by which hash, and what they decided."""

    id: str
    request_id: str
    case_ref: str
    thing: str
    thing_id: str
    hash: str
    address_id: str | None
    asked_by: str
    asked_at: datetime
    approver_id: str
    deputy_id: str | None
    deputy_from: datetime | None
    decision: str | None
    decided_by: str | None
    decided_role: str | None
    decided_at: datetime | None
    words: bytes | None
    words_under: str


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A package: built once, released once, fetched once; its bytes are read apart."""

    id: str
    request_id: str
    case_ref: str
    plan_id: str
    subject_ref: str
    state: str
    built_at: datetime | None
    expires_at: datetime | None
    sha256: str | None
    size_bytes: int | None
    counts: str | None
    fetched_at: datetime | None
    fetched_by: str | None
    version: int
    look_ups: bool | None


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A letter: drafted, edited, printed, marked as sent; both its parts are sealed with the case."""

    id: str
    case_ref: str
    request_id: str | None
    kind: str
    language: str
    drafted_at: datetime
    drafted_by: str
    body: bytes
    passages: bytes | None
    address_id: str | None
    pdf_sha256: str | None
    sent_at: datetime | None
    sent_by: str | None
    sent_channel: str | None
    came_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class PrintedLetter(LetterRecord):
    """A letter with the bytes that were printed."""

    pdf: bytes | None

