"""Check an exported log with nothing of ours: written from docs/audit-log.md alone, standard library only.

python independent_verifier.py FILE [COUNT HEAD]     COUNT and HEAD (hex): a head noted down earlier, outside the log
python independent_verifier.py FILE ANCHOR           ANCHOR: the anchor beside the store
"""

import hashlib
import json
import sys
from datetime import datetime, timedelta

TEXTS = (
    "actor_ref", "sign_in_ref", "role", "act", "outcome", "subject_ref", "case_ref", "request_ref", "object_kind",
    "object_id", "purpose_code",
)  # fmt: skip


def field(value: bytes | None) -> bytes:
    return b"\x00" if value is None else b"\x01" + len(value).to_bytes(4, "big") + value


def text(value: str | None) -> bytes:
    return field(None if value is None else value.encode("utf-8"))


def own_hash(row: dict) -> str:
    since = datetime.strptime(row["happened_at"], "%Y-%m-%dT%H:%M:%S.%fZ") - datetime(1970, 1, 1)  # noqa: DTZ007
    details = json.dumps(row["details"], sort_keys=True, separators=(",", ":"))
    words = None if row["words_hash"] is None else bytes.fromhex(row["words_hash"])
    leaf = bytes.fromhex(row["prev"]) + b"rightsdesk-audit-v1\n" + text(row["chain"])
    leaf += field(row["seq"].to_bytes(8, "big"))
    leaf += field((since // timedelta(microseconds=1)).to_bytes(8, "big", signed=True))
    leaf += b"".join(text(row[name]) for name in TEXTS) + field(words) + text(details)
    return hashlib.sha256(b"\x00" + leaf).hexdigest()


def check(lines: list[str], known: tuple[int, str] | None = None) -> str:
    """Give "sound: ..." or the first thing that is wrong."""
    header, *rows = [json.loads(line) for line in lines]
    footer = rows.pop() if rows else {}
    if header.get("format") != "rightsdesk-audit-log" or header["version"] != 1:
        return "no header"
    if footer.get("format") != "rightsdesk-audit-log-end":
        return "cut: no footer"
    if header["count"] != 0 or header["prev"] != "00" * 32:
        return "does not start at the beginning"
    count, head = 0, header["prev"]
    for row in rows:
        if (row.get("chain"), row.get("seq"), row.get("prev")) != (header["chain"], count, head):
            return f"entry {count} does not follow"
        count, head = count + 1, row["hash"]
        if own_hash(row) != head:
            return f"entry {count - 1} was changed"
        if known and known[0] == count and known[1] != head:
            return "differs from the known head"
    if (footer["count"], footer["head"]) != (count, head):
        return "the footer does not fit"
    if known and count < known[0]:
        return "shorter than the known head"
    return f"sound: {count} {head}"


def anchored(path: str) -> tuple[int, str]:
    """Return the head that an anchor holds."""
    with open(path, encoding="ascii") as file:  # noqa: PTH123
        anchor = json.loads(file.read())
    assert (anchor["format"], anchor["version"]) == ("rightsdesk-anchor", 1)
    return anchor["count"], anchor["head"]


if __name__ == "__main__":
    known = anchored(sys.argv[2]) if len(sys.argv) == 3 else (int(sys.argv[2]), sys.argv[3]) if len(sys.argv) > 3 else None
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123
        verdict = check(file.readlines(), known)
    print(verdict)
    sys.exit(0 if verdict.startswith("sound") else 1)
