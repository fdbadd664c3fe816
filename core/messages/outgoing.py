"""Mail that leaves the desk: over SMTP with TLS, to one address, off until the operator names a server."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.law.errors import Invalid, Refused
from core.matching.normal_forms import normal

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s\"(),:;<>@\[\]\\]{1,64}@[^\s\"(),:;<>@\[\]\\/]{1,253}")
_FOR_GOOD = 500
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class MailFailed(Refused):
    """The mail did not leave, or may not have; the sentence names neither the recipient nor what the server said."""


class MailRefused(MailFailed):
    """The server said no for good (a reply of 500 and above, RFC 5321 section 4.2.1): another try is of no use."""


class MailSettings(BaseSettings):
    """How mail leaves, from the environment. Without a host nothing ever does."""

    model_config = SettingsConfigDict(env_prefix="RIGHTSDESK_SMTP_", extra="ignore", hide_input_in_errors=True)

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    sender: str = ""
    ca_file: Path | None = None  # of a private certificate authority
    timeout: float = Field(default=20, gt=0, le=120)

    @property
    def is_set(self) -> bool:
        """Whether the operator named a server."""
        return bool(self.host)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message of ours to one person."""

    to: str
    subject: str
    body: str


def settings() -> MailSettings:
    """Read the settings. Raises MailFailed with the variables that are wrong, never with what they hold."""
    try:
        return MailSettings()
    except ValidationError as fault:
        wrong = ", ".join(sorted({f"RIGHTSDESK_SMTP_{each['loc'][0]}".upper() for each in fault.errors()}))
        raise MailFailed(f"The mail settings cannot be read. The operator corrects {wrong}.") from None


def send(how: MailSettings, mail: Mail) -> None:
    """Send one mail. Raises MailFailed with a sentence, Invalid for an address that no mail can go to.

    Of MailFailed, MailRefused is what another try does not help.
    One line break in an address or a subject would be a header of somebody's choosing: such a mail is not made.
    """
    message = compose(how, mail)
    with _connected(how) as server, _plainly("The mail server did not take the mail. Try again, or tell the operator."):
        sender, to = str(message["From"]), str(message["To"])
        beyond = not (sender + to).isascii()
        if beyond and not _greeted(server).has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError
        # smtplib's own way of sending a message would write `>From` before a line of ours that begins so
        content = message.as_bytes(policy=SMTP.clone(utf8=beyond))
        server.sendmail(sender, [to], content, mail_options=["SMTPUTF8", "BODY=8BITMIME"] if beyond else ())


def check(how: MailSettings) -> str:
    """Connect, encrypt and sign in, send nothing; return the sentence that says so. Raises MailFailed."""
    with _connected(how) as server, _plainly("The mail server ended the conversation."):
        server.noop()
    return "The mail server answers, encrypted, and takes our sign-in." if how.user else "The mail server answers."


def compose(how: MailSettings, mail: Mail) -> EmailMessage:
    """Return the message as it leaves; domains become ASCII by IDNA 2008."""
    sender, to = _address(how.sender, "sender"), _address(mail.to, "to")
    if _UNSEEN.search(mail.subject):
        raise Invalid("The subject holds a line break or a control character.", "subject")
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, mail.subject
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    return message


def _address(text: str, field: str) -> str:
    if not _ADDRESS.fullmatch(text.strip()) or _UNSEEN.search(text):
        whose = "The desk's own address for mail" if field == "sender" else "The address"
        raise Invalid(f"{whose} is not one that mail can go to. It has the form name@example.com.", field)
    local, domain = text.strip().rpartition("@")[0], normal("email", text).rpartition("@")[2]
    return f"{local}@{domain}"  # the local part as it was given: it belongs to the receiving host


@contextmanager
def _connected(how: MailSettings) -> Iterator[smtplib.SMTP]:
    if not how.is_set:
        raise MailFailed("This desk sends no mail: the operator has not set a mail server.")
    if how.security == "none" and how.host not in LOOPBACK:
        raise MailFailed("Mail without encryption leaves only to a server on this very machine. Set starttls or tls.")
    name = _address(how.sender, "sender").rpartition("@")[2]
    trust = ssl.create_default_context(cafile=str(how.ca_file) if how.ca_file else None)
    with _plainly("The mail server cannot be reached. Try again later, or tell the operator."):
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(how.host, how.port, name, timeout=how.timeout, context=trust) if how.security == "tls"
            else smtplib.SMTP(how.host, how.port, name, timeout=how.timeout)
        )
    try:
        with _plainly("The mail server and the desk could not agree on how to talk. Tell the operator."):
            if how.security == "starttls":
                server.starttls(context=trust)
            if how.user:
                server.login(how.user, _password(how))
        yield server
    finally:
        server.close()  # no QUIT: a server that hangs must not hold us up


def _greeted(server: smtplib.SMTP) -> smtplib.SMTP:
    server.ehlo_or_helo_if_needed()
    return server


def _password(how: MailSettings) -> str:
    if how.password_file is None:
        return how.password.get_secret_value()
    try:
        return how.password_file.read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError):
        raise MailFailed("The file with the password for mail cannot be read. Tell the operator.") from None


@contextmanager
def _plainly(otherwise: str) -> Iterator[None]:
    """Say what went wrong in a sentence of ours: the server's own words can quote the recipient."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as fault:
        raise _of(fault)("The mail server does not accept the desk's user or password. Tell the operator.") from None
    except smtplib.SMTPRecipientsRefused as fault:
        if _of(fault) is MailRefused:
            raise MailRefused("The mail server does not accept this recipient. Check the address.") from None
        raise MailFailed("The mail server does not accept this recipient at present. Try again later.") from None
    except smtplib.SMTPSenderRefused as fault:
        raise _of(fault)("The mail server does not accept the desk as sender. Tell the operator.") from None
    except smtplib.SMTPNotSupportedError:
        raise MailRefused("The mail server cannot do what this mail needs: encryption, a sign-in, or an address with "
                          "letters beyond ASCII. Tell the operator.") from None
    except ssl.SSLError:
        raise MailFailed("The mail server's certificate is not trusted, so nothing was sent. Tell the operator.") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as fault:
        raise _of(fault)(otherwise) from None


def _of(fault: Exception) -> type[MailFailed]:
    """Return the kind of failure by the server's reply; without a reply it may be better next time."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in fault.recipients.values()]
    else:
        codes = [fault.smtp_code] if isinstance(fault, smtplib.SMTPResponseException) else []
    return MailRefused if codes and all(code >= _FOR_GOOD for code in codes) else MailFailed
