"""A real mail server on loopback, with a certificate of its own, that keeps what it is given."""

import datetime
import ssl
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, WORD = "desk", "a made-up word of tests"


@dataclass
class Box:
    """What arrived: envelopes as the server saw them, and the parsed messages."""

    port: int = 0
    authority: str = ""
    envelopes: list = field(default_factory=list)
    refuse: str = ""  # the reply to every recipient
    refuse_data: str = ""  # the reply once the whole mail was read
    seen: list = field(default_factory=list)  # the text of every mail that was read, also of those refused then
    before: Callable[[], None] | None = None  # done once a recipient was named
    then: Callable[[], None] | None = None  # done once a mail was read, before the reply
    encrypted: list = field(default_factory=list)

    @property
    def messages(self):
        return [message_from_bytes(each.content, policy=default) for each in self.envelopes]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's name
        if self.refuse:
            return f"{self.refuse} no mail for {address}"
        if self.before:
            self.before()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - as above
        self.seen.append(message_from_bytes(envelope.content, policy=default).get_content())
        if self.refuse_data:
            return f"{self.refuse_data} not this one"
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("cipher") is not None)
        if self.then:
            self.then()
        return "250 OK"


def certificate(folder, name="127.0.0.1"):
    """Make a certificate for the address and return its files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "marker authority")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "server.crt", folder / "server.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    return public, private


def _signs_in(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER.encode(), WORD.encode()), handled=False)


class _OnAnyPort(Controller):
    """A controller that lets the machine choose the port."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(folder, security="starttls", name="127.0.0.1"):
    """Run a server that demands encryption and a sign-in, and give what it keeps."""
    public, private = certificate(folder, name)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    box = Box(authority=str(public))
    told = {"authenticator": _signs_in, "enable_SMTPUTF8": True}
    if security == "starttls":
        told |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    elif security == "tls":
        told |= {"ssl_context": context, "auth_require_tls": False}
    controller = _OnAnyPort(box, hostname="127.0.0.1", port=0, **told)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()
