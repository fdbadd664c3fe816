"""Uploads: counted while they arrive, refused beyond what one sign-in and the desk may hold, and let go once used."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec
from websockets.exceptions import ConnectionClosed

from core.actions.accounts import sessions
from core.actions.desk.desk import Person, give_store
from core.law.roles import Role
from core.web import held_files, uploads
from core.web.belonging import HEADER, PERSON
from core.web.held_files import EVERYBODYS, MINE, PER_SIGN_IN, HeldFiles, Quota
from core.web.uploads import Uploads
from tests.actions.signing import enter, first_administrator, grant, make_account
from tests.web.paged import page
from tests.web.visitor import Visitor

LARGE = b"x" * (24 << 20)
MANY = [f"file-{number}" for number in range(PER_SIGN_IN.files)]


@pytest.fixture
def steward(running):
    visitor = Visitor(running)
    assert visitor.sign_in("steward").status == 303
    return visitor


def fill(there, *, but=0):
    assert {there.put(each, b"xx").status for each in MANY[but:]} == {204}


def full(there):
    got = there.put("one-more", b"xx")
    there.remove("one-more")
    assert got.status == 204 or got.text == MINE
    return got.status == 413


def test_large_mails_fit_up_to_the_quota_and_no_file_beyond_it(steward, running):
    other = Visitor(running)
    assert other.sign_in("dpo").status == 303
    with page(steward) as there, page(steward) as second:
        assert [there.put(f"mail-{number}", LARGE).status for number in range(5)] == [204] * 5
        for where in (there, second):
            got = where.put("mail-5", LARGE)
            assert (got.status, got.text) == (413, MINE), "also in another page of the same sign-in"
        assert there.put("mail-5", LARGE, told=False).status == 413, "nor without a length"
        with page(other) as theirs:
            assert theirs.put("mail-0", LARGE).status == 204, "another has room"
        assert there.put("small").status == 204
        assert there.remove("mail-0").status == 204
        assert second.put("mail-5", LARGE).status == 204, "at once"


def test_small_ones_fit_up_to_their_number(steward):
    with page(steward) as there:
        fill(there)
        assert full(there)
        assert there.remove(MANY[0]).status == 204
        assert not full(there)


@pytest.fixture
def form(steward):
    """Give the intake in a page, and room for two more files beside those of another page."""
    with page(steward) as beside, page(steward) as there:
        fill(beside, but=2)
        there.name = "intake"
        there.drawn()
        yield there


def test_a_form_that_was_sent_has_let_its_files_go(form):
    for files in (MANY[:2], ["x", "y"]):
        assert [form.put(each, b"xx").status for each in files] == [204, 204]
        form.drawn(*files)
        assert full(form), "they are still in the form"
        form.name = "queue"
        form.drawn()
        assert not full(form)
        form.name = "intake"
        form.drawn()


def test_what_the_form_still_holds_counts_though_it_was_taken_away(form):
    assert [form.put(each, b"xx").status for each in MANY[:2]] == [204, 204]
    form.drawn(*MANY[:2])
    assert [form.remove(each).status for each in MANY[:2]] == [204, 204]
    assert full(form)
    form.drawn()
    form.drawn()
    assert not full(form)


def test_a_page_that_was_loaded_anew_has_room_at_once(steward):
    for _ in range(2):
        with page(steward) as there:
            fill(there)
            assert full(there)


@pytest.mark.parametrize("name", ["analyst", "administrator"])
def test_whoever_has_no_page_for_files_sends_none(running, name):
    visitor = Visitor(running)
    assert visitor.sign_in(name).status == 303
    with page(visitor) as there:
        got = there.put("file")
        assert (got.status, got.text) == (403, "None of your pages takes files.")


def test_a_message_that_is_none_harms_nobody(steward):
    with page(steward) as there:
        assert there.put("file").status == 204
        there._link.send(b"\xff\xff\xff")
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                there._link.recv(timeout=30)
        assert closed.value.rcvd.code == 1002


class Pages:
    """What stands for Streamlit: its own store of files, pages of two sign-ins, and what of them is connected."""

    def __init__(self, **owners):
        self.uploaded_file_mgr = MemoryUploadedFileManager("/x")
        self.owners, self.connected, self.closed = owners, set(owners), []

    def is_active_session(self, page):
        return page in self.connected

    def get_client(self, page):
        client = SimpleNamespace(client_context=SimpleNamespace(headers=[(HEADER, self.owners.get(page, ""))]))
        return client if page in self.connected else None

    def close_session(self, page):
        self.closed.append(page)
        self.uploaded_file_mgr.remove_session_files(page)

    def files(self):
        return sorted(file for files in self.uploaded_file_mgr.file_storage.values() for file in files)

    async def take(self, scope, receive, send):
        """Take in a file as Streamlit does, or note what a socket hears."""
        if scope["type"] == "websocket":
            await receive()
            return
        content, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            content, more = content + message["body"], message.get("more_body", False)
        _, _, page, file = scope["path"].strip("/").split("/")
        self.uploaded_file_mgr.add_file(page, UploadedFileRec(file, "", "", bytes(bytearray(content))))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def layer(pages):
    return Uploads(pages.take, lambda: pages, lambda said: frozenset(said.decode().split()),
                   HeldFiles(lambda: pages, Quota(3, 100), Quota(4, 150)))


async def put(desk, sign_in, where, *parts, token="", ends=True):
    """Send a file in parts to `page/file`; return the status and the words, or None where nobody answered."""
    left, sent = [*parts] or [b""], []

    async def receive():
        if not left:
            assert not ends, "asked beyond the end, where a server waits for ever"
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not ends}

    async def send(message):
        sent.append(message)

    person = Person("id", "actor", "name", frozenset({Role.STEWARD}), sign_in_ref=sign_in)
    await desk({"type": "http", "method": "PUT", "path": f"/_stcore/upload_file/{where}", PERSON: person,
                "headers": [(b"cookie", f"desk_session={token}".encode())]}, receive, send)
    assert not left, "whoever is refused is heard out"
    return (sent[0]["status"], sent[1]["body"].decode()) if sent else None


def test_bytes_are_counted_as_they_come_and_nothing_is_kept_of_what_was_refused_or_broken_off():
    async def run():
        pages = Pages(a="one", b="two")
        desk = layer(pages)
        assert await put(desk, "one", "a/1", b"x" * 60, b"x" * 40) == (204, "")
        assert await put(desk, "one", "a/2", b"x") == (413, MINE)
        assert await put(desk, "two", "b/1", b"x" * 30, b"x" * 21, b"x" * 9) == (413, EVERYBODYS)
        assert await put(desk, "two", "b/1", b"x" * 40, ends=False) is None
        assert await put(desk, "two", "b/2", b"x" * 50) == (204, "")
        assert pages.files() == ["1", "2"]
        pages.uploaded_file_mgr.remove_file("a", "1")
        assert [(await put(desk, "one", f"a/{each}"))[0] for each in range(4, 8)] == [204, 204, 204, 413]
        assert await put(desk, "two", "b/3") == (413, EVERYBODYS)
    asyncio.run(run())


def test_the_next_file_may_follow_as_soon_as_the_first_is_answered():
    async def run():
        pages = Pages(a="one")
        desk, then = layer(pages), []
        take = pages.take

        async def taking(scope, receive, send):
            async def answering(message):
                await send(message)
                if not then:
                    then.append(None)
                    then.append(await put(desk, "one", "a/2", b"x" * 40))
            await take(scope, receive, answering)

        desk._app = taking
        assert await put(desk, "one", "a/1", b"x" * 60) == (204, "")
        assert then[1] == (204, "")
    asyncio.run(run())


def test_what_arrives_at_the_same_time_is_counted_together():
    async def run():
        pages = Pages(a="one")
        desk = layer(pages)
        waiting, go = [], asyncio.Event()
        take = pages.take

        async def slow(scope, receive, send):
            async def late():
                message = await receive()
                waiting.append(message)
                await go.wait()
                return message
            await take(scope, late, send)

        desk._app = slow
        first = asyncio.create_task(put(desk, "one", "a/1", b"x" * 60))
        while not waiting:
            await asyncio.sleep(0)
        second = await put(desk, "one", "a/2", b"x" * 60)
        same = await put(desk, "one", "a/1", b"x")
        go.set()
        assert (await first, second) == ((204, ""), (413, MINE))
        assert same[0] == 409, "two by one id would be counted as one"
        assert (await put(desk, "one", "a/1", b"x"))[0] == 409
        assert pages.files() == ["1"]
    asyncio.run(run())


def test_a_file_stays_as_long_as_its_page_names_it_or_has_not_named_it_yet():
    async def run():
        pages = Pages(a="one", b="two")
        desk = layer(pages)
        for where in ("a/1", "a/2"):
            await put(desk, "one", where, b"xx")
        await put(desk, "two", "b/3", b"xx")
        said = [b"", b"1 3", b"1", b"2"]
        left = []

        async def receive():
            return {"type": "websocket.receive", "bytes": said.pop(0)}

        async def hear(_scope, receive, _send):
            while said:
                await receive()
                left.append(pages.files())

        desk._app = hear
        person = Person("id", "actor", "name", frozenset(), sign_in_ref="one")
        await desk({"type": "websocket", PERSON: person}, receive, None)
        assert left == [["1", "2", "3"]] * 3 + [["2", "3"]], "nor does anybody let another's go"
    asyncio.run(run())


def test_the_files_of_a_page_that_was_left_go_with_it_and_a_page_that_comes_back_keeps_them(monkeypatch):
    async def lasts(_token):
        return True

    async def run():
        pages = Pages(a="one", b="one")
        held = HeldFiles(lambda: pages)
        desk = Uploads(pages.take, lambda: pages, lambda _: None, held)
        for where in ("a/1", "b/2"):
            await put(desk, "one", where, b"xx")
        now = 0.0
        monkeypatch.setattr(held_files, "monotonic", lambda: now)
        for now, connected, left in ((0.0, "b", ["1", "2"]), (99.0, "b", ["1", "2"]), (99.5, "ab", ["1", "2"]),
                                     (150.0, "b", ["1", "2"]), (249.0, "b", ["1", "2"]), (250.0, "b", ["2"])):
            pages.connected = set(connected)
            await held.tidy(lasts)
            assert pages.files() == left, now
        assert pages.closed == ["a"]
        pages.uploaded_file_mgr.remove_session_files("b")
        await held.tidy(lasts)
        assert not held.holds(), "nothing is looked at any more"
    asyncio.run(run())


def test_the_wait_for_a_page_ends_before_streamlit_forgets_it():
    """A page that Streamlit forgot is closed by nobody: its own state would hold the files until others come."""
    from streamlit import config

    assert config.get_option("server.disconnectedSessionTTL") > held_files.GONE_FOR + 5 * uploads.EVERY


def test_who_signs_out_has_no_files_here_any_more(store, monkeypatch):
    monkeypatch.setattr(uploads, "EVERY", 0.01)
    give_store(store)
    _, root = first_administrator(store)
    tokens = {}
    for name in ("leaver", "stayer"):
        grant(root, make_account(root, name), Role.STEWARD)
    monkeypatch.setattr(uploads, "present", lambda: root.now)
    for name in ("leaver", "stayer"):
        tokens[name], _ = enter(store, name)

    async def run():
        pages = Pages(a="one", b="two")
        desk = layer(pages)
        await put(desk, "one", "a/1", b"xx", token=tokens["leaver"])
        await put(desk, "two", "b/2", b"xx", token=tokens["stayer"])
        in_use = UploadedFile(pages.uploaded_file_mgr.get_files("a", ["1"])[0], None)
        sessions.sign_out(store, root.now, tokens["leaver"])
        while pages.files() != ["2"]:
            await asyncio.sleep(0.01)
        assert desk._held.holds("one"), "what the page still holds is counted on"
        del in_use
        while desk._held.holds("one"):
            await asyncio.sleep(0.01)
        assert pages.closed == [], "the page says itself that the session ended"
        assert pages.files() == ["2"]
        store.close()
        await desk._held.tidy(uploads._lasts)
        assert pages.files() == ["2"], "where nobody can be known just now, nothing is lost"
    try:
        asyncio.run(run())
    finally:
        give_store(None)
