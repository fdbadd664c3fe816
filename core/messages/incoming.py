"""Reads a message as it arrived: an .eml, a text file, or a scan that is kept as it is."""

import hashlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from core.law.errors import Invalid

LARGEST = 25 * 1024 * 1024
LONGEST_TEXT = 1_000_000
MOST_NAMED = 100
PATIENCE = 60.0  # seconds on the wall; the reader's own limit of processor time is far below it
_MAIL = Path(__file__).with_name("mail.py")
_AT_ONCE = threading.BoundedSemaphore(2)  # readers, each with the memory that mail.py allows itself
_LOCAL, _HOST = re.compile(r"[^\s<>()\[\]\",;:@']{1,64}$"), re.compile(r"[^\s<>()\[\]\",;:@'!?]{3,190}")
_MOST_SIGNS = 20_000  # of @ that are looked at in one text
SCANS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_MEMORY = "It was too large to be taken apart in the memory allowed: it is kept as it came."
_TIME = "It took too long to be taken apart: it is kept as it came."
_FAILED = "It could not be taken apart: it is kept as it came."


@dataclass(frozen=True)
class Part:
    """A file that came with a message; `original` is the message itself, byte for byte."""

    name: str
    media_type: str
    content: bytes
    original: bool = False

    @property
    def sha256(self) -> str:
        """The fingerprint of its bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Incoming:
    """What was read from a file: who wrote (as the message says), about what, the text, what was attached."""

    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    body: str = ""
    parts: tuple[Part, ...] = ()
    named: tuple[str, ...] = ()  # e-mail addresses in its heads, its text and the messages attached
    reply_name: str = ""
    reply_address: str = ""  # of its Reply-To, where there is one
    to: str = ""  # whom it was sent to, as it says
    sent_at: datetime | None = None  # naive UTC; its own Date
    arrived_at: datetime | None = None  # naive UTC; the Received line of the server that took it in last
    messages: tuple["Incoming", ...] = field(default=())  # the messages attached to it
    remarks: tuple[str, ...] = ()  # what of it is not shown, and why

    @property
    def moment(self) -> datetime | None:
        """When it arrived, as far as it says: at the last server, else when it was sent (naive UTC)."""
        return self.arrived_at or self.sent_at

    def walk(self) -> Iterator["Incoming"]:
        """Yield it and every message inside, the outer before the inner."""
        yield self
        for each in self.messages:
            yield from each.walk()


def read_message(name: str, content: bytes) -> Incoming:
    """Read one file: .eml and .txt are read as text and kept as they came, a PDF, PNG or JPEG is kept as an attachment.

    A mail is taken apart in a process of its own, under limits; what goes over them is kept whole, with a remark. Raises
    Invalid with a sentence for anything else, for an empty file and for one above 25 MB.
    """
    if not content:
        raise Invalid("The file is empty. Choose the message again.", "file")
    if len(content) > LARGEST:
        raise Invalid("The file is larger than 25 MB. Send a smaller scan, or split it.", "file")
    for start, media_type in SCANS.items():
        if content.startswith(start):
            return Incoming(parts=(Part(_file_name(name), media_type, content),))
    ending = name.rpartition(".")[2].lower()
    if ending == "eml":
        return read_mail(content)
    if ending == "txt":
        return _read_text(_file_name(name), content)
    raise Invalid("This kind of file is not read here. Use .eml, .txt, PDF, PNG or JPEG.", "file")


def read_mail(content: bytes) -> Incoming:
    """Read a mail (RFC 5322): every part once, every message attached as a message, the original beside them."""
    code, out = _taken_apart(content)
    if code:
        _, out = _taken_apart(content, "head", {3: _MEMORY, -24: _TIME, -9: _TIME}.get(code, _FAILED))
    try:
        read = _answered(out)
    except (ValueError, LookupError, TypeError, RecursionError):  # nothing, or something else than the reader writes
        read = Incoming(remarks=(_FAILED,))
    original = Part("original.eml", "message/rfc822", content, original=True)
    return replace(read, parts=(*read.parts, original))


def clean(text: str) -> str:
    """Return the text without NUL and other control characters but line breaks and tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter in "\n\t" or ord(letter) >= 32)


def addresses_in(*texts: str) -> tuple[str, ...]:
    """Return the e-mail addresses that texts name, in their order, each once, at most a hundred.

    >>> addresses_in("From: Jo <jo@example.com>", "not jo@example.com, but jo@example.org.")
    ('jo@example.com', 'jo@example.org')
    """
    seen: dict[str, None] = {}
    for text in texts:
        for found in _addresses(text):
            seen[found.rstrip(".*_")] = None
            if len(seen) == MOST_NAMED:
                return tuple(seen)
    return tuple(seen)


def _addresses(text: str) -> Iterator[str]:
    """Yield what stands around each @: a text of a million letters costs no more than its signs."""
    at, end = text.find("@"), 0
    for _ in range(_MOST_SIGNS):
        if at < 0:
            return
        local = _LOCAL.search(text, max(end, at - 64), at)
        host = _HOST.match(text, at + 1)
        if local and host:
            yield f"{local[0]}@{host[0]}"
            end = host.end()
        at = text.find("@", at + 1)


def _taken_apart(content: bytes, *arguments: str) -> tuple[int, bytes]:
    """Run the reader on the bytes; return its exit code (3: memory, negative: the signal that ended it) and its answer."""
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 - this interpreter, our own file, no shell
                [sys.executable, "-I", "-S", str(_MAIL), *arguments], input=content, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False, cwd="/", env={},
            )
        except subprocess.TimeoutExpired:
            return -9, b""
        except OSError:  # no process can be begun now: the mail is kept as it came
            return 1, b""
    return done.returncode, done.stdout


def _answered(out: bytes) -> Incoming:
    """Return the message that the reader's answer holds: a line of JSON, then the bytes of the files one after the other."""
    line, _, rest = out.partition(b"\n")
    told = json.loads(line)
    files, at = [], 0
    for size in told["files"]:
        files.append(rest[at : at + size])
        at += size
    return _letter(told["letter"], files)


def _letter(told: dict[str, Any], files: list[bytes], *, inside: bool = False) -> Incoming:
    """Return a message as the reader told it."""
    messages = tuple(_letter(each, files, inside=True) for each in told["messages"])
    heads = told["heads"]
    writers = [heads.get(name, "") for name in ("From", "Sender", "Reply-To")]
    receivers = [heads.get(name, "") for name in ("To", "Cc")] if inside else []  # our own are nobody's
    named = addresses_in(*writers, *receivers, told["text"])
    return Incoming(
        told["sender_name"], told["sender_address"], told["subject"], told["text"],
        tuple(Part(each["name"], each["type"], files[each["file"]]) for each in told["parts"]),
        tuple(dict.fromkeys([*named, *(each for message in messages for each in message.named)]))[:MOST_NAMED],
        told["reply_name"], told["reply_address"], heads.get("To", ""), _moment(told["sent_at"]),
        _moment(told["arrived_at"]), messages, tuple(told["remarks"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def _read_text(name: str, content: bytes) -> Incoming:
    text = _decode(content)
    shown = clean(text)
    remarks: tuple[str, ...] = ()
    if len(shown) > LONGEST_TEXT:
        remarks = (f"The text is longer than {LONGEST_TEXT:,} characters: what follows is in the original.",)
    original = Part(name, "text/plain", content, original=True)
    return Incoming(body=shown[:LONGEST_TEXT], named=addresses_in(shown), parts=(original,), remarks=remarks)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("The text is not UTF-8. Save it as UTF-8, or paste it.", "file")


def _file_name(name: str) -> str:
    """Return the last part of the name the sender gave, for showing only: files are never stored under it."""
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[\\/]", name)[-1])[:200] or "attachment"
