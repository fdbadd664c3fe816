"""A visitor without a browser: keeps cookies, follows nothing, shows every header."""

import http.client
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from core.web.signing import DEMO_PASSWORD


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    set_cookies: list[str]
    text: str


@dataclass
class Visitor:
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> Answer:
        given = {"accept": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            given.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        link = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            link.request(method, path, body, given)
            got = link.getresponse()
            text = got.read().decode("utf-8", "replace")
        finally:
            link.close()
        cookies = [value for name, value in got.getheaders() if name.lower() == "set-cookie"]
        for each in cookies:
            for name, morsel in SimpleCookie(each).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, cookies, text)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        stamp = re.search(r'name="stamp" value="([^"]+)"', self.get(path).text)
        form = ({"stamp": stamp.group(1)} if stamp else {}) | fields
        return self.ask("POST", path, urlencode(form).encode(), content_type="application/x-www-form-urlencoded",
                        **headers)

    def sign_in(self, name: str, password: str = DEMO_PASSWORD, **more: str) -> Answer:
        return self.send("/auth/sign-in", {"name": name, "password": password} | more)


def hand_shaken(visitor: Visitor, **headers: str) -> int:
    """Return the status of the handshake alone: an opened socket answers no more."""
    host, _, port = urlsplit(visitor.address).netloc.partition(":")
    lines = {
        "Host": f"{host}:{port}", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "streamlit",
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
    } | headers
    text = "GET /_stcore/stream HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection((host, int(port)), timeout=60) as link:
        link.sendall(text.encode() + b"\r\n")
        return int(link.recv(100).split(b" ")[1])
