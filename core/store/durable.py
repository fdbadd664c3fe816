"""Files that the desk appends to or replaces: all or nothing, durable when it returns, read again to the last whole record.

A journal is a row of records, each `MAGIC`, the length of its content (4 bytes, big-endian), the first 8 bytes of the
content's SHA-256, and the content. A reader that meets anything else goes on at the next whole record, so that one
damaged place costs what stood there and nothing after it. Nothing is ever cut off on reading: what a power cut left half
written stands where it stands, and what must be there is known elsewhere (the store's table of files).

No file that the desk keeps is written past this module but the engine's own and the lock; a test holds it.
"""

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from core.law.errors import Refused

MAGIC = b"\xabRD1"
LARGEST = 1 << 20  # bytes of one record's content
_HEAD = len(MAGIC) + 4 + 8
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
RESERVE = 8 << 20  # bytes that no act uses: with them a desk on a full disk still closes, and says what is wrong
_NO_SPACE = (
    "There is no space left on the desk's disk, and what cannot be entered in the log is not done. Nothing was changed. "
    "Free space, or ask whoever runs the desk to; it then goes on by itself."
)


class Unwritten(Refused):
    """The disk did not take it; the file stands as it was, and so does everything that would have followed."""


class NoSpace(Unwritten):
    """The disk is full. Nothing was changed; reading goes on, and so does everything once there is space."""


class Unsure(Refused):
    """The disk took neither the change nor its undoing: what the file holds is known again only when it is read anew."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a journal holds: its records' contents in order, and where bytes stand that are no whole record."""

    contents: tuple[bytes, ...]
    damaged: tuple[tuple[int, int], ...] = ()  # offset and length of each such place


def read_records(raw: bytes) -> Read:
    """Return every whole record of a journal's bytes, and the places between, before and after them that are none.

    >>> read_records(framed(b"one") + b"torn" + framed(b"two"))
    Read(contents=(b'one', b'two'), damaged=((19, 4),))
    """
    contents, damaged, at, lost = [], [], 0, -1
    while at < len(raw):
        content = _content_at(raw, at)
        if content is None:
            lost = at if lost < 0 else lost
            following = raw.find(MAGIC, at + 1)
            at = len(raw) if following < 0 else following
            continue
        if lost >= 0:
            damaged.append((lost, at - lost))
            lost = -1
        contents.append(content)
        at += _HEAD + len(content)
    if lost >= 0:
        damaged.append((lost, len(raw) - lost))
    return Read(tuple(contents), tuple(damaged))


def framed(content: bytes) -> bytes:
    """Return the record of a content."""
    if len(content) > LARGEST:
        raise ValueError(f"a record holds {LARGEST} bytes at most")
    return MAGIC + len(content).to_bytes(4, "big") + hashlib.sha256(content).digest()[:8] + content


def _content_at(raw: bytes, at: int) -> bytes | None:
    if raw[at:at + len(MAGIC)] != MAGIC or at + _HEAD > len(raw):
        return None
    size = int.from_bytes(raw[at + 4:at + 8], "big")
    content = raw[at + _HEAD:at + _HEAD + size]
    if size > LARGEST or len(content) != size or hashlib.sha256(content).digest()[:8] != raw[at + 8:at + _HEAD]:
        return None
    return content


class Journal:
    """A file of records to which is only added; `rewrite` puts other records in its place, as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._unsure = ""
        self._torn: bytes | None = None  # what stands behind the last whole record, once the file was read

    def read(self) -> Read:
        """Return what stands in the file; a missing one holds nothing."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            raw = b""
        found = read_records(raw)
        at, size = found.damaged[-1] if found.damaged else (0, 0)
        self._torn = raw[at:] if size and at + size == len(raw) else b""
        return found

    def append(self, contents: Sequence[bytes]) -> None:
        """Add records, all or none. Raises Unwritten where none was added, Unsure where that is not known."""
        self._require_sure()
        if self._torn is None:
            self.read()
        written = self._parted(contents)
        with told(self.path):
            new = not self.path.exists()
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            before = os.fstat(descriptor).st_size
            try:
                write_all(descriptor, written)
                os.fsync(descriptor)
                if new:
                    sync_folder(self.path.parent)
            except OSError as fault:
                self._undo(descriptor, before)
                raise unwritten(self.path, fault) from None
        finally:
            os.close(descriptor)
        self._torn = b""

    def rewrite(self, contents: Sequence[bytes]) -> None:
        """Put these records in the place of all that stand there. Raises as `append`."""
        self._require_sure()
        try:
            replace(self.path, b"".join(framed(each) for each in contents))
        except Unsure as fault:
            self._unsure = str(fault)
            raise
        self._torn = b""

    def _parted(self, contents: Sequence[bytes]) -> bytes:
        """Return the records as they are appended: what is torn before them must not become whole by their first bytes."""
        written = b"".join(framed(each) for each in contents)
        if not self._torn:
            return written
        return next(
            each for parting in (bytes(16), b"\xff" * 16)
            if read_records(self._torn + (each := parting + written)).contents == tuple(contents)
        )

    def _undo(self, descriptor: int, before: int) -> None:
        try:
            os.ftruncate(descriptor, before)
            os.fsync(descriptor)
        except OSError as fault:
            self._unsure = _unsure(self.path, fault)
            raise Unsure(self._unsure) from None

    def _require_sure(self) -> None:
        if self._unsure:
            raise Unsure(self._unsure)


def replace(path: Path, content: bytes) -> None:
    """Put a content in the place of a file: after this returns, a power cut leaves the whole new file.

    Raises Unwritten where the file stands as it was, and Unsure where it is not known which of the two will be found.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        with told(path):
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                write_all(descriptor, content)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            fresh.replace(path)
    except Unwritten:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    try:
        sync_folder(path.parent)
    except OSError as fault:
        raise Unsure(_unsure(path, fault)) from None


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte: the system may take fewer at a time than it is given. Raises OSError."""
    view = memoryview(content)
    while view:
        taken = os.write(descriptor, view)
        if taken <= 0:
            raise OSError(errno.EIO, "the disk takes no more bytes")
        view = view[taken:]


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the content of a file that no engine has open durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_room(store: Path) -> None:
    """Raise NoSpace where the disk of the store has no more than its reserve left: before the engine meets its end."""
    free = os.statvfs(store.parent)
    if free.f_bavail * free.f_frsize < RESERVE:
        raise NoSpace(_NO_SPACE)


def no_space(text: str) -> NoSpace | None:
    """Return the refusal for an engine's fault that is a full disk, or None for another."""
    return NoSpace(_NO_SPACE) if any(os.strerror(code) in text for code in _FULL) else None


def reason(fault: OSError) -> str:
    """Return in words why the disk refused, and what helps.

    >>> reason(OSError(errno.ENOSPC, "No space left on device"))
    'there is no space left; free some'
    """
    if fault.errno in _FULL:
        return "there is no space left; free some"
    if fault.errno == errno.EIO:
        return "the disk reports an error; look at it"
    return fault.strerror or type(fault).__name__


def unwritten(path: Path, fault: OSError) -> Unwritten:
    """Return the refusal for a file that stands as it was."""
    return Unwritten(f"{path.name} cannot be written: {reason(fault)}. Nothing was changed. Then try again.")


def _unsure(path: Path, fault: OSError) -> str:
    return (
        f"The disk failed while {path.name} was written ({reason(fault)}), and what it holds is not known any more. "
        "Nothing is written to it until the desk is started again."
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into the refusal for this file."""
    try:
        yield
    except OSError as fault:
        raise unwritten(path, fault) from None
