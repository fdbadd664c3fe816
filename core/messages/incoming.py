"""Reads a message as it arrived: an .eml, a text file, or a scan that is kept as it is."""

import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

from core.law.errors import Invalid

LARGEST = 25 * 1024 * 1024
LONGEST_TEXT = 100_000
MOST_NAMED = 100
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@']{1,64}@[^\s<>()\[\]\",;:@'!?]{3,190}")
SCANS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Part:
    """A file that came with a message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Incoming:
    """What was read from a file: who wrote (as the message says), about what, the text, what was attached."""

    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    body: str = ""
    sent_at_text: str = ""
    parts: tuple[Part, ...] = field(default=())
    named: tuple[str, ...] = field(default=())  # e-mail addresses in its heads, its text and the messages attached


def read_message(name: str, content: bytes) -> Incoming:
    """Read one file: .eml and .txt are read as text, a PDF, PNG or JPEG is kept as an attachment.

    Raises Invalid with a sentence for anything else, for an empty file and for one above 25 MB.
    """
    if not content:
        raise Invalid("The file is empty. Choose the message again.", "file")
    if len(content) > LARGEST:
        raise Invalid("The file is larger than 25 MB. Send a smaller scan, or split it.", "file")
    ending = name.rpartition(".")[2].lower()
    if ending == "eml":
        return _read_mail(content)
    if ending == "txt":
        text = clean(_decode(content))
        return Incoming(body=text, named=addresses_in(text))
    for start, media_type in SCANS.items():
        if content.startswith(start):
            return Incoming(parts=(Part(_file_name(name), media_type, content),))
    raise Invalid("This kind of file is not read here. Use .eml, .txt, PDF, PNG or JPEG.", "file")


def clean(text: str) -> str:
    """Return the text without NUL and other control characters but line breaks and tabs, cut at 100,000 characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter in "\n\t" or ord(letter) >= 32)[:LONGEST_TEXT]


def addresses_in(*texts: str) -> tuple[str, ...]:
    """Return the e-mail addresses that texts name, in their order, each once, at most a hundred.

    >>> addresses_in("From: Jo <jo@example.com>", "not jo@example.com, but jo@example.org.")
    ('jo@example.com', 'jo@example.org')
    """
    seen = (found.rstrip(".*_") for text in texts for found in _ADDRESS.findall(text))
    return tuple(dict.fromkeys(seen))[:MOST_NAMED]


def _read_mail(content: bytes) -> Incoming:
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        if not isinstance(message, EmailMessage) or not message.keys():
            raise ValueError("no headers")
        name, address = parseaddr(str(message.get("From", "")))
        body = message.get_body(preferencelist=("plain", "html"))
        text = "" if body is None else str(body.get_content())
        if body is not None and body.get_content_type() == "text/html":
            text = _text_of(text)
        parts = tuple(
            Part(_file_name(part.get_filename() or "attachment"), part.get_content_type(), payload)
            for part in message.iter_attachments()
            if isinstance(payload := _payload(part), bytes)
        )
        sent = str(message.get("Date", ""))
        try:
            sent = parsedate_to_datetime(sent).isoformat() if sent else ""
        except ValueError:
            sent = ""
        return Incoming(
            name, address, clean(str(message.get("Subject", ""))), clean(text), sent, parts, _named(message, text)
        )
    except (ValueError, LookupError, KeyError, AttributeError, TypeError, IndexError):
        raise Invalid("This .eml file cannot be read as a message. Save it again, or paste its text.", "file") from None


def _payload(part: EmailMessage) -> object:
    if part.get_content_type() == "message/rfc822":
        return part.as_bytes()
    return part.get_payload(decode=True)


def _named(message: EmailMessage, text: str) -> tuple[str, ...]:
    """Return the addresses of the sender, of a forwarded message's people, and in the text; never our own `To`."""
    heads = [str(message.get(name, "")) for name in ("From", "Sender", "Reply-To")]
    inner = []
    for part in message.walk():
        if part is not message and part.get_content_type() == "message/rfc822":
            for each in part.iter_parts():
                inner += [str(each.get(name, "")) for name in ("From", "Reply-To", "To", "Cc")]
                body = each.get_body(preferencelist=("plain", "html")) if isinstance(each, EmailMessage) else None
                inner.append(str(body.get_content()) if body is not None else "")
    return addresses_in(*heads, text, *inner)


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


class _Text(HTMLParser):
    """Collects the words of an HTML message; scripts and styles are no words."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's form
        self._silent += tag in {"script", "style"}
        if tag in {"br", "p", "div", "tr", "li"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.words)).strip()
