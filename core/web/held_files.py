"""The files that pages hold in memory: whose they are, how much is too much, and when they are let go."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from sys import getrefcount
from time import monotonic
from typing import Any, Protocol

MINE = "Your pages hold as many files as they may. Send or remove those that are there, then add this one."
EVERYBODYS = "The desk holds as many files as it may for everybody. Try again in some minutes."


@dataclass(frozen=True, slots=True)
class Quota:
    """How many files, and how many bytes of them, may be held at a time."""

    files: int
    size: int


# A file is 25 MB at most, on each page. An intake of five such mails fits, or one with a folder of photographs.
PER_SIGN_IN = Quota(40, 128 << 20)
OF_THE_DESK = Quota(400, 512 << 20)
GONE_FOR = 100.0  # seconds that files wait for a page whose connection broke: less than disconnectedSessionTTL


class Full(Exception):  # noqa: N818 - a refusal, not an error
    """There is no room for a file; the words say whose room it is."""


class Pages(Protocol):
    """Streamlit's runtime, as far as it is asked about pages and their files."""

    @property
    def uploaded_file_mgr(self) -> Any: ...

    def is_active_session(self, session_id: str) -> bool: ...

    def get_client(self, session_id: str) -> Any: ...

    def close_session(self, session_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """A sign-in that holds files, and the token by which it is known whether it lasts."""

    sign_in: str
    token: str


@dataclass(eq=False, slots=True)
class Arriving:
    """A file on its way into a page."""

    page: str
    file: str
    sign_in: str
    size: int = 0


class HeldFiles:
    """Counts what is held, and what arrives; Streamlit's own store keeps the files.

    A file that was taken out of the store is counted on as long as the state of a page holds it: it takes the same memory.
    To be used on the event loop only.
    """

    def __init__(self, pages: Callable[[], Pages], each: Quota = PER_SIGN_IN, whole: Quota = OF_THE_DESK) -> None:
        self._pages = pages
        self._each, self._whole = each, whole
        self._holders: dict[str, Holder] = {}  # by page
        self._arriving: set[Arriving] = set()
        self._lingering: dict[str, list[Any]] = {}  # by page: out of the store, and in use
        self._gone: dict[str, float] = {}  # pages without a connection, and since when

    def arriving(self, page: str, file: str, holder: Holder) -> Arriving:
        """Begin to count a file that is on its way into a page."""
        self._holders[page] = holder
        arriving = Arriving(page, file, holder.sign_in)
        self._arriving.add(arriving)
        return arriving

    def grow(self, arriving: Arriving, size: int) -> None:
        """Count bytes that came. Raises Full, and counts the file no more, where there is no room for it."""
        arriving.size += size
        for sign_in, quota, words in ((arriving.sign_in, self._each, MINE), (None, self._whole, EVERYBODYS)):
            if not self._fits(sign_in, quota):
                self._clear(sign_in)
                if not self._fits(sign_in, quota):
                    self.end(arriving)
                    raise Full(words)

    def end(self, arriving: Arriving) -> None:
        """Count a file no longer as arriving: it is held now, or it was not taken."""
        self._arriving.discard(arriving)

    def holds(self, sign_in: str | None = None) -> bool:
        """Whether this sign-in, or any, has files here or on their way."""
        return any(sign_in in {None, each.sign_in} for each in self._holders.values())

    def file(self, page: str, file: str) -> Any:
        """Return a file of a page, None where it has none by that id."""
        return self._store.file_storage.get(page, {}).get(file)

    def known(self, page: str, file: str) -> bool:
        """Whether a page has a file by that id, or is being sent one."""
        return self.file(page, file) is not None or any((each.page, each.file) == (page, file) for each in self._arriving)

    def let_go(self, sign_in: str, files: Iterable[str]) -> None:
        """Free files of a sign-in that its page does not name any more."""
        for file in files:
            for page in self._pages_of(sign_in):
                before = self.file(page, file)
                self._store.remove_file(page, file)
                self.taken_out(page, before)

    def taken_out(self, page: str, file: Any) -> None:
        """Count a file on that left the store, where it is still in use."""
        if file is not None and _in_use(file):
            self._lingering.setdefault(page, []).append(file)

    async def tidy(self, lasts: Callable[[str], Awaitable[bool]]) -> None:
        """Free the files of sign-ins that ended, and of pages that were left; `lasts` tells of a token."""
        tokens = {holder.token for holder in self._holders.values()}
        ended = {token for token in tokens if not await lasts(token)}
        now = monotonic()
        self._pass_over_unused()
        for page, holder in list(self._holders.items()):
            if self._connected(page):
                self._gone.pop(page, None)
            elif now - self._gone.setdefault(page, now) >= GONE_FOR:
                self._free(page)
            if holder.token in ended:
                self._free(page)
            if not self._sizes(page) and all(each.page != page for each in self._arriving):
                del self._holders[page]
                self._gone.pop(page, None)

    @property
    def _store(self) -> Any:
        return self._pages().uploaded_file_mgr

    def _connected(self, page: str) -> bool:
        return self._pages().is_active_session(page)

    def _clear(self, sign_in: str | None) -> None:
        """Make room: a page that was loaded anew leaves its files behind."""
        for page in self._pages_of(sign_in):
            if not self._connected(page):
                self._free(page)
        self._pass_over_unused()

    def _free(self, page: str) -> None:
        """Free a page's files; a page without a connection goes with them, as its own state holds them too."""
        files = list(self._store.file_storage.get(page, {}).values())
        if not self._connected(page):
            self._pages().close_session(page)
        self._store.remove_session_files(page)
        for each in files:
            self.taken_out(page, each)

    def _pass_over_unused(self) -> None:
        used = {page: [file for file in files if _in_use(file)] for page, files in self._lingering.items()}
        self._lingering = {page: files for page, files in used.items() if files}

    def _fits(self, sign_in: str | None, quota: Quota) -> bool:
        sizes = [size for page in self._pages_of(sign_in) for size in self._sizes(page)]
        sizes += [each.size for each in self._arriving if sign_in in {None, each.sign_in}]
        return len(sizes) <= quota.files and sum(sizes) <= quota.size

    def _pages_of(self, sign_in: str | None) -> list[str]:
        return [page for page, holder in self._holders.items() if sign_in in {None, holder.sign_in}]

    def _sizes(self, page: str) -> list[int]:
        files = [*self._store.file_storage.get(page, {}).values(), *self._lingering.get(page, [])]
        return [len(file.data) + len(file.name) + len(file.type) for file in files]


def _in_use(file: Any) -> bool:
    """Whether anybody but its record refers to the bytes of a file, as the value of a form does."""
    return len(file.data) > 1 and getrefcount(file.data) > 2  # the record and this question; shorter ones Python shares
