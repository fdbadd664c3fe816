"""Chains to test with: the two entries of docs/audit-log.md, and longer ones of evidently made-up references."""


from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.audit.chain import Row
from core.audit.leaf import GENESIS, Entry, entry_hash

CHAIN = "log-7f3a"
FIRST = Entry(
    chain=CHAIN, seq=0, happened_at=datetime(2026, 3, 3, 9, 15, 0, 250_000), actor_ref="actor-51c0",
    sign_in_ref="sign-in-08d2", role="steward", act="request.take_in", outcome="done", case_ref="RD-2026-004217-3",
    request_ref="req-1b9e", object_kind="request", object_id="req-1b9e", purpose_code="request_handling",
)  # fmt: skip
SECOND = Entry(
    chain=CHAIN, seq=1, happened_at=datetime(2026, 3, 3, 9, 16, 1), actor_ref="actor-51c0",
    sign_in_ref="sign-in-08d2", role="steward", act="person.open", outcome="done", subject_ref="subject-c4d9",
    case_ref="RD-2026-004217-3", request_ref="req-1b9e", object_kind="person", object_id="",
    purpose_code="identity_check", words_hash=bytes(range(32)), details={"rows": 3, "fields": ["email", "born"]},
)  # fmt: skip


def chained(entries: Iterable[Entry], prev: bytes = GENESIS) -> list[Row]:
    rows = []
    for entry in entries:
        own = entry_hash(prev, entry)
        rows.append((entry, prev, own))
        prev = own
    return rows


def long_chain(length: int, first: int = 0, prev: bytes = GENESIS) -> list[Row]:
    return chained(
        (
            replace(SECOND, seq=n, happened_at=SECOND.happened_at + timedelta(seconds=n), details={"rows": n % 7})
            for n in range(first, first + length)
        ),
        prev,
    )
