"""No table gives its rows away by itself: what the browser is told when it opens a page, read from the desk's own socket."""

import base64
import os
import socket
import struct
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config

from tests.web.visitor import Visitor


def told_first(visitor):
    """Open the socket of a page as a browser does, ask for a run, and return what the desk says of the session."""
    host, _, port = urlsplit(visitor.address).netloc.partition(":")
    lines = {
        "Host": f"{host}:{port}", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(), "Sec-WebSocket-Protocol": "streamlit",
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
    }
    asked = "GET /_stcore/stream HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as link, link.makefile("rb") as reading:
        link.sendall(asked.encode())
        assert b" 101 " in reading.readline()
        while reading.readline().strip():
            pass
        message = BackMsg()
        message.rerun_script.query_string = ""
        content = message.SerializeToString()
        assert len(content) < 126
        link.sendall(bytes([0x82, 0x80 | len(content), 0, 0, 0, 0]) + content)  # one frame, masked with zeros
        while True:
            kind, size = reading.read(2)
            if size == 126:
                (size,) = struct.unpack(">H", reading.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", reading.read(8))
            content = reading.read(size)
            assert kind & 0x0F == 2, "another frame than one of the pages"
            told = ForwardMsg.FromString(content)
            if told.WhichOneof("type") == "new_session":
                return told.new_session.config


@pytest.mark.parametrize("who", ["analyst", "dpo"])
def test_the_browser_is_told_to_offer_no_download_of_a_table_and_no_menu(running, who):
    visitor = Visitor(running)
    assert visitor.sign_in(who).status == 303
    config = told_first(visitor)
    assert config.disable_data_export, "a download from a table's own bar would be no act, and stand in no log"
    assert config.toolbar_mode == Config.ToolbarMode.MINIMAL
    assert not config.gather_usage_stats
