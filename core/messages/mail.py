"""Takes a mail apart: run as `python -I -S mail.py`, in a process of its own, on bytes that anyone may have sent.

Standard input is the mail; standard output is one line of JSON, then the bytes of the files that it names, in order.
Only the standard library is here and nothing of the desk: what a mail breaks is this process and nothing else.
Every header and every part is read by itself, so that a bad one costs the mail nothing but itself (RFC 5322, RFC 2045).
"""

import base64
import codecs
import contextlib
import email.policy
import email.utils
import json
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.feedparser import BytesFeedParser
from email.header import decode_header
from email.message import Message
from functools import partial
from html.parser import HTMLParser
from typing import Any

MEMORY = 300 * 1024 * 1024  # bytes of address space
SECONDS = 4  # of the processor
HTML_SECONDS = 1.5  # of the processor, for one part
MOST_LINES, MOST_HEADERS, MOST_PARTS, MOST_NESTINGS = 1_000_000, 10_000, 1_000, 100
MOST_INSIDE = 20  # messages, each attached to the one before; what lies deeper is kept as a file
LONGEST_HEADER, LONGEST_FIELD = 16_384, 4_096  # characters that are read: of a header, of one that describes a part
LONGEST_TEXT = 1_000_000  # characters
HEAD, HEAD_LINES = 262_144, 5_000  # bytes and lines in which the head is looked for, where the whole is not taken apart
_NESTING = re.compile(rb"(?im)^content-type:\s*(?:multipart|message)/")
_ENCODED = re.compile(r"=\?[^?\s]{1,80}\?[bqBQ]\?[^?]*\?=(?:\s*=\?[^?\s]{1,80}\?[bqBQ]\?[^?]*\?=)*")
_ADDRESS = re.compile(r"[^@\s<>\",;()]+@[^@\s<>\",;()]+")
_NO_LETTERS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
_HEADS = ("From", "Sender", "Reply-To", "To", "Cc")


class TooMuch(Exception):  # noqa: N818 - it is what is said, not a fault
    """The mail goes over a limit; the text is a sentence for the reader."""


@dataclass
class Letter:
    """One message: what is shown of it, its files, the messages attached to it, and what was not shown and why."""

    sender_name: str = ""
    sender_address: str = ""
    reply_name: str = ""
    reply_address: str = ""
    subject: str = ""
    sent_at: str | None = None  # its own Date, in UTC
    arrived_at: str | None = None  # the newest Received line: of the server that took it in last, which is ours
    text: str = ""
    heads: dict[str, str] = field(default_factory=dict)  # of _HEADS, decoded
    parts: list[dict[str, Any]] = field(default_factory=list)
    messages: list["Letter"] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return vars(self) | {"messages": [each.shown() for each in self.messages]}


@dataclass(frozen=True)
class Words:
    """A part that can be shown as text."""

    text: str
    html: bool
    raw: bytes
    name: str


def read(content: bytes) -> tuple[Letter, list[bytes]]:
    """Return what a mail holds and the bytes of its files; over a limit, its head alone, with the sentence that says so."""
    reader = Reader()
    try:
        mail = _parse(content, reader.tally)
        if not mail.keys() and b"\0" in content[2:]:
            return read_head(b"", "It is no mail: neither a header nor a text can be read in it.")
        return reader.letter(mail), reader.files
    except TooMuch as limit:
        return read_head(content, str(limit))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return read_head(content, "It could not be taken apart: it is not built as a mail is.")


def read_head(content: bytes, remark: str) -> tuple[Letter, list[bytes]]:
    """Return who wrote, when and about what, with a remark why the rest was not read."""
    head = content[:HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    letter = Letter()
    with contextlib.suppress(Exception):
        letter = Reader().heads(_parse(b"\n".join(head.split(b"\n")[:HEAD_LINES]) + b"\n\n", _Tally()))
    letter.remarks.insert(0, remark)
    return letter, []


class _Tally:
    """What was seen of one mail, the messages attached to it included."""

    def __init__(self) -> None:
        self.headers = self.parts = 0


class Reader:
    """Reads the entities of one mail; `files` gathers the bytes that the letters name."""

    def __init__(self) -> None:
        self.files: list[bytes] = []
        self.tally = _Tally()
        self._inside = 0  # how many messages the one that is read lies in

    def letter(self, mail: Message) -> Letter:
        """Return the whole of a message."""
        letter = self.heads(mail)
        words = self._entity(mail, letter)
        letter.text = _clean("\n\n".join(filter(None, (each.text.strip("\n") for each in words))))
        if len(letter.text) > LONGEST_TEXT:
            letter.remarks.append(f"The text is longer than {LONGEST_TEXT:,} characters: what follows is in the original.")
            letter.text = letter.text[:LONGEST_TEXT]
        return letter

    def heads(self, mail: Message) -> Letter:
        """Return a message with its headers only."""
        letter = Letter()
        if not mail.keys():  # no mail, or one whose first line is broken
            letter.remarks.append("It has no headers: who wrote, and when, is not known.")
        letter.sender_name, letter.sender_address = self._mailbox(mail, "From", letter)
        if not letter.sender_address:
            name, letter.sender_address = self._mailbox(mail, "Sender", letter)
            letter.sender_name = letter.sender_name or name
        letter.reply_name, letter.reply_address = self._mailbox(mail, "Reply-To", letter)
        letter.subject = self._header(mail, "Subject", letter)
        letter.sent_at = self._moment(mail, "Date", letter)
        letter.arrived_at = self._moment(mail, "Received", letter)
        letter.heads = {name: self._header(mail, name, letter) for name in _HEADS}
        letter.remarks = list(dict.fromkeys(letter.remarks))
        return letter

    def _header(self, mail: Message, name: str, letter: Letter) -> str:
        try:
            return _clean(_decoded(_first(mail, name, letter))).replace("\n", " ").strip()
        except Exception:  # noqa: BLE001 - whatever a header breaks, it breaks alone
            letter.remarks.append(f"Its header {name} cannot be read.")
            return ""

    def _mailbox(self, mail: Message, name: str, letter: Letter) -> tuple[str, str]:
        try:
            return _mailbox(_first(mail, name, letter))
        except Exception:  # noqa: BLE001 - as above
            letter.remarks.append(f"Its header {name} cannot be read.")
            return "", ""

    def _moment(self, mail: Message, name: str, letter: Letter) -> str | None:
        value = _first(mail, name, letter)
        if not value:
            return None
        try:
            return _moment(value.rpartition(";")[2] if name == "Received" else value)
        except Exception:  # noqa: BLE001 - as above
            letter.remarks.append(f"Its header {name} holds no date that can be read.")
            return None

    def _entity(self, part: Message, letter: Letter, *, within: str = "mixed") -> list[Words]:
        """Return what an entity says in words; its files and messages go to the letter. A bad entity fails alone."""
        try:
            return self._opened(part, letter, within)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whatever a part breaks, it breaks alone
            letter.remarks.append("A part cannot be read; it stands in the original.")
            return []

    def _opened(self, part: Message, letter: Letter, within: str) -> list[Words]:
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global", "message/news"}:
            return self._message(part, letter)
        if not part.is_multipart():
            return self._leaf(part, letter, within)
        if part.get_content_maintype() == "message":  # a report of a mail server: blocks of headers
            content = b"\n".join(each.as_bytes() for each in _under(part))
            self._keep(letter, self._name(part, letter) or f"{kind.partition('/')[2]}.txt", kind, content)
            return []
        for beside in (part.preamble, part.epilogue):
            if beside and beside.strip() and "MIME" not in beside:
                letter.remarks.append("Text stands beside its parts, where no program shows it: see the original.")
        if kind == "multipart/alternative":
            return self._alternative(part, letter)
        return [words for each in _under(part) for words in self._entity(each, letter, within=kind)]

    def _message(self, part: Message, letter: Letter) -> list[Words]:
        name, kind = self._name(part, letter) or "message.eml", part.get_content_type()
        encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
        for inner in _under(part):
            if not encoded:
                self._attach(letter, inner, inner.as_bytes, name, kind)
                continue
            content = inner.as_bytes().lstrip(b"\n")
            try:
                content = base64.b64decode(content)
            except ValueError:
                letter.remarks.append("A message attached to it is damaged: it is kept as a file.")
                self._keep(letter, name, kind, content)
            else:
                self._attach(letter, self._parsed(content, letter), partial(bytes, content), name, kind)
        if not part.is_multipart():
            self._keep(letter, name, kind, _payload(part))
        return []

    def _parsed(self, content: bytes, letter: Letter) -> Message | None:
        """Return the structure of a message inside; None, and why among the remarks, where it goes over a limit."""
        try:
            return _parse(content, self.tally)
        except TooMuch as limit:
            letter.remarks.append(f"A message attached to it is kept as a file. {limit}")
            return None

    def _attach(self, letter: Letter, mail: Message | None, content: Callable[[], bytes], name: str, kind: str) -> None:
        """Add a message to the letter it was attached to; keep it as a file where it cannot be one, or lies too deep."""
        if mail is not None and self._inside < MOST_INSIDE:
            self._inside += 1
            try:
                letter.messages.append(self.letter(mail))
            finally:
                self._inside -= 1
            return
        if mail is not None:
            letter.remarks.append(f"Messages lie more than {MOST_INSIDE} deep in each other: the next is kept as a file.")
        self._keep(letter, name, kind, content())

    def _leaf(self, part: Message, letter: Letter, within: str) -> list[Words]:
        kind, name = part.get_content_type(), self._name(part, letter)
        content = _payload(part)
        damaged = any("Base64" in type(each).__name__ for each in part.defects)
        apart = bool(name) or part.get_content_disposition() == "attachment"
        if not apart and (kind in {"text/plain", "text/html"} or kind.startswith("multipart/")):
            text, guessed = decode(content, _charset(part))
            if guessed and text.strip():
                letter.remarks.append("The letters of its text are guessed: the charset it names is unknown or does not fit.")
            if damaged:
                letter.remarks.append("A part of its text is damaged: not all of it could be decoded.")
            if kind != "text/html":
                return [Words(text, False, content, "text.txt")] if text.strip() else []
            with contextlib.suppress(TimeoutError), within_time(HTML_SECONDS):
                return self._html(text, content, letter)
            letter.remarks.append("Its HTML took too long to read; it is kept as a file.")
            self._keep(letter, "text.html", kind, content)
            return []
        if name.lower().endswith(".eml"):
            mail = self._parsed(content, letter)
            if mail is None or any(mail.get(each) for each in ("From", "Date", "Subject", "Received")):
                self._attach(letter, mail, partial(bytes, content), name, kind)
                return []
        if damaged:
            letter.remarks.append(f"The file {name or 'without a name'} is damaged: not all of it could be decoded.")
        number = len(letter.parts) + 1
        self._keep(letter, name or f"{within.partition('/')[2] or 'part'}-{number}{_ending(kind)}", kind, content)
        return []

    def _html(self, text: str, content: bytes, letter: Letter) -> list[Words]:
        shown = text_of(text)
        if shown.strip():
            return [Words(shown, True, content, "text.html")]
        if content.strip():
            self._keep(letter, "text.html", "text/html", content)
        return []

    def _alternative(self, part: Message, letter: Letter) -> list[Words]:
        """Choose the form to show: the plain one that says something. Another is shown too where it says more, else kept."""
        forms = [words for each in _under(part) for words in self._entity(each, letter, within="alternative")]
        plain = [each for each in forms if not each.html]
        shown = plain or forms[:1]
        told = "\n".join(each.text for each in shown)
        for each in forms:
            if each in shown:
                continue
            if _says_more(each.text, told):
                letter.remarks.append("Its two forms, plain and HTML, differ: both are shown.")
                shown = [*shown, each]
            else:
                self._keep(letter, each.name, "text/html" if each.html else "text/plain", each.raw)
        return shown

    def _name(self, part: Message, letter: Letter) -> str:
        try:
            name = _decoded(part.get_filename() or "")
        except Exception:  # noqa: BLE001 - a name alone
            letter.remarks.append("The name of a file cannot be read.")
            return "file"
        return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[\\/]", _clean(name))[-1]).strip()[:200]

    def _keep(self, letter: Letter, name: str, kind: str, content: bytes) -> None:
        letter.parts.append({"name": name, "type": kind[:100], "bytes": len(content), "file": len(self.files)})
        self.files.append(content)


def decode(content: bytes, label: str) -> tuple[str, bool]:
    """Return bytes as text, and whether the letters had to be guessed because the label is unknown or does not fit."""
    with contextlib.suppress(LookupError, ValueError):
        if codecs.lookup(label).name.replace("-", "_") not in _NO_LETTERS:
            return _sound(content.decode(label)), False
    for guess in ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(guess), True
    return content.decode("latin-1"), True


def text_of(html: str) -> str:
    r"""Return the words of an HTML text: lines and cells kept apart, scripts and styles left out.

    >>> text_of("<tr><td>Surname<td>Amsel</tr><p>Please send it. Amsel&Co")
    'Surname\tAmsel\nPlease send it. Amsel&Co'
    """
    reader = _Html()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \xa0]*(\t|$)", r"\1", line).strip(" ") for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Html(HTMLParser):
    _BLOCKS = frozenset({
        "br", "p", "div", "tr", "li", "ul", "ol", "dl", "dt", "dd", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
        "blockquote", "pre", "section", "article", "header", "footer", "option", "legend", "fieldset",
    })

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self._pre += tag == "pre"
        if tag in self._BLOCKS:
            self._break()
        elif tag in {"td", "th"} and self.words and not self.words[-1].endswith(("\n", "\t")):
            self.words.append("\t")
        elif tag == "img" and (picture := dict(attrs).get("alt")):
            self.words.append(f"[{picture.strip()}]")
        elif tag == "input" and (value := dict(attrs).get("value")):
            self.words.append(f" {value} ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0
        self._pre -= tag == "pre" and self._pre > 0
        if tag in self._BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        text = data if self._pre else re.sub(r"[ \t\r\n\f]+", " ", data)
        if self.words and self.words[-1].endswith(("\n", "\t")) and not self._pre:
            text = text.lstrip(" ")
        if text:
            self.words.append(text)

    def _break(self) -> None:
        if self.words and not self.words[-1].endswith("\n"):
            self.words.append("\n")


class _Limits(email.policy.Compat32):
    """Limits that hold while the mail is parsed, before anything is made of its headers."""

    tally: _Tally

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        self.tally.headers += 1
        if self.tally.headers > MOST_HEADERS:
            raise TooMuch(f"It has more than {MOST_HEADERS:,} headers: it is kept as it came and not taken apart.")
        name, value = super().header_source_parse(sourcelines)
        longest = LONGEST_FIELD if name.lower().startswith("content-") else LONGEST_HEADER
        return name, value[: longest + 1]  # one more shows that it was longer


def _parse(content: bytes, tally: _Tally) -> Message:
    """Return the structure of a mail, counted into the tally. Raises TooMuch for one that would cost too much to read."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    if content.count(b"\n") + content.count(b"\r") > MOST_LINES * (2 if b"\r\n" in content else 1):
        raise TooMuch(f"It has more than {MOST_LINES:,} lines: it is kept as it came and not taken apart.")
    if sum(1 for _ in _NESTING.finditer(content)) > MOST_NESTINGS:
        raise TooMuch(f"Its parts lie more than {MOST_NESTINGS} deep: it is kept as it came and not taken apart.")

    def made(policy: email.policy.Policy | None = None) -> Message:
        tally.parts += 1
        if tally.parts > MOST_PARTS:
            raise TooMuch(f"It has more than {MOST_PARTS:,} parts: it is kept as it came and not taken apart.")
        return Message(policy or limits)

    limits = type("Limits", (_Limits,), {"tally": tally})()
    parser: BytesFeedParser[Message] = BytesFeedParser(made, policy=limits)
    start = len(content) - len(content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t"))
    for at in range(start, len(content), 65_536):
        parser.feed(content[at : at + 65_536])
    return parser.close()


def _under(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def _payload(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError):  # an encoding that is none: as it came
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except (ValueError, LookupError, TypeError):
        return "?"


def _first(mail: Message, name: str, letter: Letter) -> str:
    """Return the first header of that name as it came, unfolded, with its 8-bit letters read as UTF-8, else as cp1252."""
    for key, value in mail.raw_items():
        if key.lower() == name.lower():
            if len(value) > LONGEST_HEADER:
                letter.remarks.append(f"Its header {name} is longer than {LONGEST_HEADER:,} characters: see the original.")
            text, _ = decode(value[:LONGEST_HEADER].encode("utf-8", "surrogateescape"), "utf-8")
            return re.sub(r"[\r\n]+[ \t]*", " ", text)
    return ""


def _decoded(value: str) -> str:
    """Return a header with its encoded words read (RFC 2047); what cannot be decoded stays as it is."""

    def words(found: re.Match[str]) -> str:
        try:
            chunks = decode_header(found[0])
        except (ValueError, LookupError, email.errors.HeaderParseError):
            return found[0]
        return "".join(
            decode(chunk, (label or "us-ascii").partition("*")[0])[0] if isinstance(chunk, bytes) else chunk
            for chunk, label in chunks
        )

    return _sound(_ENCODED.sub(words, value))


def _mailbox(value: str) -> tuple[str, str]:
    """Return the name and the address of the first mailbox; never an address without @.

    >>> _mailbox("Amsel, Ilse <ilse@amsel.example>"), _mailbox("ilse@amsel.example (Ilse Amsel)")
    (('Amsel, Ilse', 'ilse@amsel.example'), ('Ilse Amsel', 'ilse@amsel.example'))
    """
    boxes = _addresses(value)
    unquoted = re.sub(r"<\s+|\s+>", lambda found: found[0].strip(), re.sub(r'"(?:[^"\\]|\\.)*"', '""', value))
    sound = [at for at, (_, address) in enumerate(boxes) if _ADDRESS.fullmatch(address)]
    pointed = [at for at in sound if f"<{boxes[at][1]}>" in unquoted]
    if not sound:
        return _plain(_decoded(value)), ""
    at = (pointed or sound)[0]
    before = [name or address for name, address in boxes[:at] if "@" not in address]
    name = ", ".join(_plain(_decoded(each)) for each in (*before, boxes[at][0]) if each)
    return name, _decoded(boxes[at][1])


def _addresses(value: str) -> list[tuple[str, str]]:
    lenient: Callable[..., list[tuple[str, str]]] = email.utils.getaddresses
    try:
        return lenient([value], strict=False)
    except TypeError:  # a Python before it learnt to be strict
        return lenient([value])


def _plain(name: str) -> str:
    return _clean(name).replace("\n", " ").strip().strip('"').strip()


def _moment(value: str) -> str:
    moment = email.utils.parsedate_to_datetime(value.strip())
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if not 1980 <= moment.year <= 2200:  # before there was mail, after anyone reads this
        raise ValueError("year")
    return datetime.isoformat(moment)


def _says_more(other: str, shown: str) -> bool:
    """Whether a text holds words that the shown one lacks: three at least, and more than a tenth of its own."""
    words, held = (Counter(re.findall(r"\w+", each.casefold())) for each in (other, shown))
    missing = (words - held).total()
    return missing > 2 and missing * 10 > words.total()


def _ending(kind: str) -> str:
    return {
        "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/html": ".html", "text/plain": ".txt",
        "text/calendar": ".ics",
    }.get(kind, ".bin")


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter in "\n\t" or letter >= " ")


def _sound(text: str) -> str:
    """Return text that can be written as UTF-8: half a surrogate pair is no letter."""
    return text.encode("utf-8", "replace").decode()


@contextlib.contextmanager
def within_time(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block once it has used so many seconds of the processor; for the main thread."""

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _answer(letter: Letter, files: list[bytes]) -> bytes:
    told = {"letter": letter.shown(), "files": [len(each) for each in files]}
    return json.dumps(told).encode() + b"\n"


def main(arguments: list[str]) -> int:
    """Read standard input under the limits; 3 says that the memory was not enough. `head SENTENCE` reads the head alone."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    sys.setrecursionlimit(4_000)
    try:
        content = sys.stdin.buffer.read()
        letter, files = read_head(content, arguments[1]) if arguments[:1] == ["head"] else read(content)
        del content
        sys.stdout.buffer.write(_answer(letter, files))
        for each in files:
            sys.stdout.buffer.write(each)
        sys.stdout.buffer.flush()
    except MemoryError:
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
