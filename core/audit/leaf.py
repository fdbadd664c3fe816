"""One entry of the log, the bytes that stand for it, and the hash that chains it to the entry before."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

VERSION = b"rightsdesk-audit-v1\n"
GENESIS = bytes(32)  # `prev` of entry 0; the chain's name stands in every entry, so it need not stand here
LARGEST = 2**53 - 1  # the largest whole number that every reader of JSON reads exactly (RFC 7493, 2.2)
LONGEST_DETAILS = 65_536

Scalar = int | str
Details = Mapping[str, Scalar | Sequence[Scalar]]

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the log's times are UTC without a zone, as the store keeps them
_MICROSECOND = timedelta(microseconds=1)
# Visible ASCII without "@": no sentence, no name with a space, no e-mail address fits into a reference or a code.
_TEXT = re.compile(r"[!-?A-~]{0,200}")
_CODE = re.compile(r"[a-z0-9_.:-]{1,64}")
_REQUIRED = ("chain", "act", "outcome")
_OPTIONAL = (
    "actor_ref", "sign_in_ref", "role", "subject_ref", "case_ref", "request_ref",
    "object_kind", "object_id", "purpose_code",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """Who did what to what, when and how it ended: references, codes, field names and counts, never a value or a word.

    `happened_at` is UTC without a zone. None says that a field does not apply, and is another thing than "".
    `words_hash` is the keyed hash (32 bytes) of words that are kept elsewhere. `details` takes names and, for each,
    a whole number, a code, or a list of them. ValueError names the field that has not this form, never its content.
    """

    chain: str
    seq: int
    happened_at: datetime
    actor_ref: str | None
    sign_in_ref: str | None
    role: str | None
    act: str
    outcome: str
    subject_ref: str | None = None
    case_ref: str | None = None
    request_ref: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    purpose_code: str | None = None
    words_hash: bytes | None = None
    details: Details = field(default_factory=dict, hash=False)
    details_text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse whatever has not the form of the log, and keep an own, sorted, unchangeable copy of the details."""
        for name in _REQUIRED:
            if not _is_text(getattr(self, name)) or not getattr(self, name):
                raise ValueError(f"{name} must be a code of 1 to 200 visible ASCII characters without '@'")
        for name in _OPTIONAL:
            value = getattr(self, name)
            if value is not None and not _is_text(value):
                raise ValueError(f"{name} must be None or a code of up to 200 visible ASCII characters without '@'")
        if type(self.seq) is not int or not 0 <= self.seq <= LARGEST:
            raise ValueError("seq must be a whole number from 0")
        # A subclass may hold nanoseconds that the bytes could not tell.
        if type(self.happened_at) is not datetime or self.happened_at.tzinfo is not None:
            raise ValueError("happened_at must be a datetime in UTC without a zone")
        if self.words_hash is not None and (type(self.words_hash) is not bytes or len(self.words_hash) != 32):
            raise ValueError("words_hash must be None or 32 bytes")
        details = _checked(self.details)
        object.__setattr__(self, "details", details)
        object.__setattr__(self, "details_text", _text(details))


def canonical(entry: Entry) -> bytes:
    """Give the bytes that stand for an entry: entries that differ anywhere differ here too (docs/audit-log.md)."""
    return b"".join((
        VERSION,
        _field(entry.chain),
        b"\x01\x00\x00\x00\x08" + entry.seq.to_bytes(8, "big"),
        b"\x01\x00\x00\x00\x08" + microseconds(entry.happened_at).to_bytes(8, "big", signed=True),
        _field(entry.actor_ref),
        _field(entry.sign_in_ref),
        _field(entry.role),
        _field(entry.act),
        _field(entry.outcome),
        _field(entry.subject_ref),
        _field(entry.case_ref),
        _field(entry.request_ref),
        _field(entry.object_kind),
        _field(entry.object_id),
        _field(entry.purpose_code),
        _field(entry.words_hash),
        _field(entry.details_text),
    ))  # fmt: skip


def leaf(prev: bytes, entry: Entry) -> bytes:
    """Give the leaf of an entry: the hash of the entry before (32 bytes), then the canonical bytes."""
    if len(prev) != 32:
        raise ValueError("prev must be 32 bytes")
    return prev + canonical(entry)


def entry_hash(prev: bytes, entry: Entry) -> bytes:
    """Give an entry's hash: the leaf hash of RFC 9162, 2.1.1 over its leaf, so a tree can stand on these hashes."""
    return sha256(b"\x00" + leaf(prev, entry)).digest()


@lru_cache(maxsize=4096)
def read_details(text: str) -> Details:
    """Give the details that a stored text holds; ValueError unless it is, byte for byte, the text an entry writes."""
    if len(text) > LONGEST_DETAILS:
        raise ValueError("details are longer than the log takes")
    try:
        details = _checked(json.loads(text))
    except RecursionError as deep:
        raise ValueError("details are nested") from deep
    if _text(details) != text:
        raise ValueError("details are not written in their one form")
    return details


def microseconds(moment: datetime) -> int:
    """Give a moment (UTC, no zone) as whole microseconds since 1970-01-01 00:00, negative before it."""
    return (moment - _EPOCH) // _MICROSECOND


def _field(value: str | bytes | None) -> bytes:
    """Give 00 for no value, else 01, the length in 4 bytes and the value, so that no field can run into the next."""
    if value is None:
        return b"\x00"
    raw = value.encode("utf-8") if isinstance(value, str) else value
    return b"\x01" + len(raw).to_bytes(4, "big") + raw


def _is_text(value: object) -> bool:
    return isinstance(value, str) and _TEXT.fullmatch(value) is not None


def _checked(details: object) -> Mapping[str, Scalar | tuple[Scalar, ...]]:
    """Give a sorted, unchangeable copy of details that hold nothing but names, whole numbers and codes."""
    if not isinstance(details, Mapping):
        raise ValueError("details must be a mapping of names to numbers and codes")
    if not all(isinstance(name, str) and _CODE.fullmatch(name) for name in details):
        raise ValueError("a name in details must be a code: 1 to 64 of a-z, 0-9, '_', '.', ':' and '-'")
    return MappingProxyType({str.__str__(name): _checked_value(details[name]) for name in sorted(details)})


def _checked_value(value: object) -> Scalar | tuple[Scalar, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(_checked_scalar(one) for one in value)
    return _checked_scalar(value)


def _checked_scalar(value: object) -> Scalar:
    # True counts as 1 in Python but is another text in JSON: it is no number here.
    if isinstance(value, int) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST:
        return int(value)
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str.__str__(value)
    raise ValueError(
        "a value in details must be a whole number, a code (1 to 64 of a-z, 0-9, '_', '.', ':' and '-'), "
        "or a list of them"
    )


def _text(details: Mapping[str, Scalar | tuple[Scalar, ...]]) -> str:
    """Give the one JSON text of checked details: names sorted, no spaces, ASCII (the form of RFC 8785)."""
    if not details:
        return "{}"
    text = json.dumps(dict(details), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    if len(text) > LONGEST_DETAILS:
        raise ValueError("details are longer than the log takes")
    return text
