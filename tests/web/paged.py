"""A browser's page without a browser: its socket to Streamlit, what it asks for, and the files it sends."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.web.visitor import Answer, Visitor


class Page:
    """One open page of a visitor: `id` is the Streamlit session that it was given, `place` the last one drawn for files."""

    def __init__(self, visitor: Visitor, link: ClientConnection) -> None:
        self.visitor, self._link, self.name = visitor, link, ""
        self.id = self.place = ""

    def drawn(self, *named: str) -> str:
        """Ask for the page, with these files in its place for files; return the id of the page that was drawn."""
        asked, got = BackMsg(), ForwardMsg()
        asked.rerun_script.page_name = self.name
        state = asked.rerun_script.widget_states.widgets.add(id=self.place)
        for each in named:
            state.file_uploader_state_value.uploaded_file_info.add(file_id=each)
        self._link.send(asked.SerializeToString())
        while got.WhichOneof("type") != "script_finished":
            got.ParseFromString(self._link.recv(timeout=30))
            if got.WhichOneof("type") == "new_session":
                self.id = got.new_session.initialize.session_id
            elif got.delta.new_element.WhichOneof("type") == "file_uploader":
                self.place = got.delta.new_element.file_uploader.id
        return self.id

    def put(self, file: str, content: bytes = b"x", into: str = "", *, told: bool = True, **headers: str) -> Answer:
        """Send a file as the browser does, into this page or another; without a length where it is not `told`."""
        head = b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.eml"\r\n\r\n'
        parts = [head, content, b"\r\n--B--\r\n"]
        return self._ask("PUT", into or self.id, file, b"".join(parts) if told else iter(parts),
                         content_type="multipart/form-data; boundary=B", **headers)

    def remove(self, file: str, into: str = "") -> Answer:
        """Take a file away again."""
        return self._ask("DELETE", into or self.id, file)

    def _ask(self, method: str, page: str, file: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> Answer:
        if "_streamlit_xsrf" not in self.visitor.cookies:
            self.visitor.get("/_stcore/health", accept="*/*")
        stamp = {"x_xsrftoken": self.visitor.cookies.get("_streamlit_xsrf", "")}
        return self.visitor.ask(method, f"/_stcore/upload_file/{page}/{file}", body, **stamp | headers)


@contextmanager
def page(visitor: Visitor, resumed: str = "", **headers: str) -> Iterator[Page]:
    """Open a page, or ask for one by its id as a browser does whose connection broke."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    told = {"Cookie": cookies} | {name.replace("_", "-"): value for name, value in headers.items()}
    with connect(
        visitor.address.replace("http", "ws") + "/_stcore/stream", additional_headers=told, compression=None, proxy=None,
        subprotocols=["streamlit", "stamp", *filter(None, [resumed])], max_size=None, max_queue=None,
    ) as link:
        opened = Page(visitor, link)
        opened.drawn()
        yield opened
