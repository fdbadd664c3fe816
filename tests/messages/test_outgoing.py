"""Mail that leaves: to a real server, encrypted, to one address, with no header of anybody's choosing."""

import socket
from pathlib import Path

import pytest

from core.law.errors import Invalid
from core.messages.outgoing import Mail, MailFailed, MailSettings, check, compose, send, settings
from tests.messages.mailserver import USER, WORD, mail_server

TO = "marker@example.com"
MAIL = Mail(TO, "Your request RD-2026-000001-1", "Grüße, 様\n" + "x" * 2000 + "\n.\nFrom here on\n")


def reach(box, **changes):
    told = {"host": "127.0.0.1", "port": box.port, "security": "starttls", "user": USER, "password": WORD,
            "sender": "desk@example.org", "ca_file": Path(box.authority), "timeout": 10}
    return MailSettings(**(told | changes))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_arrives_as_it_was_written_over_an_encrypted_line(tmp_path, security):
    with mail_server(tmp_path, security) as box:
        send(reach(box, security=security), MAIL)
    (envelope,), (message,) = box.envelopes, box.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("desk@example.org", [TO])
    assert (message["to"], message["from"], message["subject"]) == (TO, "desk@example.org", MAIL.subject)
    assert message["auto-submitted"] == "auto-generated"
    assert message["message-id"].endswith("@example.org>")
    assert message.get_content().replace("\r\n", "\n") == MAIL.body
    assert box.encrypted == [True]
    assert socket.gethostname().encode() not in envelope.content


def test_without_a_host_nothing_is_sent_and_no_socket_is_opened(monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was opened"))
    assert not MailSettings().is_set
    for doing in (lambda: send(MailSettings(), MAIL), lambda: send(MailSettings(sender="desk@example.org"), MAIL)):
        with pytest.raises((MailFailed, Invalid)):
            doing()
    with pytest.raises(MailFailed, match="sends no mail"):
        check(MailSettings())


@pytest.mark.parametrize("to", [
    "", "nobody", "a@b@c", "a@example.com, b@example.com", "A <a@example.com>", "a@example.com\nBcc: b@example.com",
    "a@example.com\r\n", "a b@example.com", "a@exa mple.com", "\x00@example.com", "a@example.com\u2028Bcc: x@y.z",
    '"a\nb"@example.com', "a@[127.0.0.1]", "x" * 65 + "@example.com", "a@-.-", "a@ex/ample",
])
def test_an_address_that_is_more_than_one_address_gets_no_mail(tmp_path, to):
    with pytest.raises(Invalid) as told:
        compose(MailSettings(host="h", sender="desk@example.org"), Mail(to, "s", "b"))
    assert told.value.field in {"to", "email"}
    assert not to or to not in str(told.value)


@pytest.mark.parametrize("subject", ["a\nBcc: b@example.com", "a\r\n\r\nbody", "a\x00", "a\u2028b"])
def test_a_subject_holds_no_header(subject):
    with pytest.raises(Invalid, match="line break"):
        compose(MailSettings(host="h", sender="desk@example.org"), Mail(TO, subject, "b"))


def test_what_looks_like_a_header_in_the_body_stays_in_the_body(tmp_path):
    with mail_server(tmp_path) as box:
        send(reach(box), Mail(TO, "s", "\nBcc: evil@example.com\n\n.\r\nQUIT\r\n"))
    (message,) = box.messages
    assert message["bcc"] is None
    assert box.envelopes[0].rcpt_tos == [TO]
    assert "QUIT" in message.get_content()


@pytest.mark.parametrize("to", ["märker@example.com", "様@example.com"])
def test_an_address_beyond_ascii_is_reached_where_the_server_can(tmp_path, to):
    with mail_server(tmp_path) as box:
        send(reach(box), Mail(to, "s", "b"))
    assert box.envelopes[0].rcpt_tos == [to]


def test_domains_beyond_ascii_travel_as_ascii():
    made = compose(MailSettings(host="h", sender="desk@example.org"), Mail("a@faß.example", "s", "b"))
    assert made["to"] == "a@xn--fa-hia.example"


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"password": "another"}, "user or password"), ({"ca_file": None}, "not trusted"), ({"port": 1}, "cannot be reached"),
    ({"user": ""}, "did not take|sender|could not agree"), ({"security": "tls"}, "not trusted|reached"),
])
def test_a_server_that_is_not_as_expected_is_a_sentence_without_the_recipient(tmp_path, changes, sentence):
    with mail_server(tmp_path) as box, pytest.raises(MailFailed, match=sentence) as told:
        send(reach(box, **changes), MAIL)
    assert TO not in str(told.value)
    assert told.value.__cause__ is None
    assert box.envelopes == []


def test_a_certificate_for_another_name_is_not_trusted(tmp_path):
    with mail_server(tmp_path, name="127.0.0.2") as box, pytest.raises(MailFailed, match="not trusted"):
        send(reach(box), MAIL)
    assert box.envelopes == []


def test_a_server_without_encryption_gets_neither_password_nor_mail(tmp_path):
    with mail_server(tmp_path, "none") as box, pytest.raises(MailFailed, match="encryption"):
        send(reach(box), MAIL)
    assert box.envelopes == []


def test_mail_without_encryption_leaves_only_to_this_machine(tmp_path):
    with pytest.raises(MailFailed, match="very machine"):
        send(MailSettings(host="mail.example.org", security="none", sender="desk@example.org"), MAIL)
    with mail_server(tmp_path, "none") as box:
        send(reach(box, security="none", user=""), MAIL)
    assert len(box.envelopes) == 1


def test_a_refused_recipient_is_named_in_no_sentence(tmp_path):
    with mail_server(tmp_path) as box:
        box.refuse = "550"
        with pytest.raises(MailFailed, match="does not accept this recipient") as told:
            send(reach(box), MAIL)
    assert TO not in str(told.value)


def test_a_server_that_says_nothing_is_given_up(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        how = MailSettings(host="127.0.0.1", port=silent.getsockname()[1], sender="desk@example.org", timeout=0.2)
        with pytest.raises(MailFailed, match="cannot be reached"):
            send(how, MAIL)


def test_the_check_signs_in_and_sends_nothing(tmp_path):
    with mail_server(tmp_path) as box:
        assert "takes our sign-in" in check(reach(box))
        with pytest.raises(MailFailed, match="user or password"):
            check(reach(box, password="another"))
    assert box.envelopes == []


def test_the_password_may_lie_in_a_file(tmp_path):
    (tmp_path / "word").write_text(WORD + "\n")
    with mail_server(tmp_path) as box:
        check(reach(box, password="", password_file=tmp_path / "word"))
        with pytest.raises(MailFailed, match="cannot be read"):
            check(reach(box, password="", password_file=tmp_path / "missing"))


def test_settings_come_from_the_environment_and_wrong_ones_are_named_but_not_told(monkeypatch):
    monkeypatch.setenv("RIGHTSDESK_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("RIGHTSDESK_SMTP_PASSWORD", "SECRETWORD")
    assert settings().is_set
    assert "SECRETWORD" not in repr(settings())
    monkeypatch.setenv("RIGHTSDESK_SMTP_PORT", "MANYPORT")
    monkeypatch.setenv("RIGHTSDESK_SMTP_SECURITY", "hope")
    with pytest.raises(MailFailed) as told:
        settings()
    assert "RIGHTSDESK_SMTP_PORT, RIGHTSDESK_SMTP_SECURITY" in str(told.value)
    assert "MANYPORT" not in str(told.value)
