"""A link by mail: asked for in the click, sent by the worker to the approved address, void where it cannot leave."""

import re
from datetime import timedelta

import pytest

from core.actions.answers import requests, sending
from core.actions.answers.packages import link_mail, links, public_link, ways_out
from core.actions.desk.desk import worker_desk
from core.actions.oversight import failed_tasks
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.work.tasks import BACKOFF, LEASE, TRIES, lease
from tests.actions.conftest import MAIL
from tests.actions.released import made, try_link
from tests.conftest import NOW
from tests.messages.mailserver import USER, WORD, mail_server

LINK = re.compile(r"/package/([A-Za-z0-9_-]{43})\b")


@pytest.fixture
def box(tmp_path, monkeypatch):
    with mail_server(tmp_path) as server:
        for name, value in (
            ("HOST", "127.0.0.1"), ("PORT", str(server.port)), ("USER", USER), ("PASSWORD", WORD),
            ("SENDER", "desk@example.org"), ("CA_FILE", server.authority), ("TIMEOUT", "10"),
        ):
            monkeypatch.setenv(f"RIGHTSDESK_SMTP_{name}", value)
        yield server


def token_in(message):
    (token,) = LINK.findall(message.get_content())
    return token


def asked(walk):
    way_id = made(walk)
    link_mail.ask(walk.steward, way_id, key=walk.key())
    return way_id


def way(walk):
    return ways_out.list_ways_out(walk.steward, walk.request_id)[0]


def tasks_of(walk):
    with walk.store.transaction() as tx:
        return tx._cursor.execute("select * from tasks where kind = 'link.mail'").fetchall()


def mails(entries):
    return [(row["act"], row["outcome"]) for row in entries() if row["act"].startswith("link.mail")]


def test_the_click_sends_nothing_and_the_worker_sends_to_the_approved_address(released, box, entries):
    assert link_mail.mail_is_set()
    way_id = asked(released)
    assert (box.envelopes, way(released).mail, way(released).shown_at) == ([], "waiting", None)
    released.work()
    code = links.show_code(released.steward, way_id, key=released.key())
    (envelope,), (message,) = box.envelopes, box.messages
    assert envelope.rcpt_tos == [MAIL.format(1)]
    assert code not in message.get_content()
    assert code.replace(" ", "") not in message.get_content()
    told = way(released)
    assert (told.mail, told.channel, told.passed_by, told.passed_at) == ("sent", "email", "account-steward", NOW)
    with pytest.raises(Invalid, match="never goes"):
        ways_out.pass_on(released.steward, way_id, secret=True, channel="email", key=released.key())
    assert try_link(released, token_in(message), code).content
    assert MAIL.format(1) not in str(entries())
    assert token_in(message) not in str(entries())
    assert mails(entries) == [(f"link.{each}", "done") for each in ("mail_ask", "mail_ready", "mail")]


def test_it_is_mailed_once_and_not_shown_beside(released, box):
    way_id, key = made(released), released.key()
    link_mail.ask(released.steward, way_id, key=key)
    link_mail.ask(released.steward, way_id, key=key)
    for again in (lambda: link_mail.ask(released.steward, way_id, key=released.key()),
                  lambda: links.show_link(released.steward, way_id, key=released.key()),
                  lambda: ways_out.pass_on(released.steward, way_id, secret=False, channel="email", key=released.key())):
        with pytest.raises(NotPossible, match="on its way"):
            again()
    released.work()
    for again in (link_mail.ask, links.show_link):
        with pytest.raises(NotPossible, match="shown or sent already"):
            again(released.steward, way_id, key=released.key())
    released.work()
    assert len(box.envelopes) == 1


def test_only_the_handler_has_it_sent(released, box):
    way_id = made(released)
    with pytest.raises(NotAllowed, match="handles this request"):
        link_mail.ask(released.checker, way_id, key=released.key())
    released.work()
    assert box.envelopes == []


def test_the_link_lies_nowhere_in_clear(released, box):
    asked(released)
    box.refuse = "450"
    released.work()
    box.refuse = ""
    kept = tasks_of(released)
    with released.store.transaction() as tx:
        everything = [str(tx._cursor.execute(f'select * from "{table}"').fetchall()) for (table,) in
                      tx._cursor.execute("select table_name from information_schema.tables").fetchall()]
        sealed = tx._cursor.execute("select mail_token from ways_out").fetchone()[0]
    released.work(NOW + BACKOFF)
    token = token_in(box.messages[0])
    assert kept
    assert token not in "".join(everything)
    assert token.encode() not in bytes(sealed)
    with released.store.transaction() as tx:
        assert tx._cursor.execute("select mail_token from ways_out").fetchone() == (None,)


def test_what_the_server_refuses_for_good_is_void_at_once_and_can_go_again(released, box, entries):
    way_id = asked(released)
    box.refuse = "550"
    released.work()
    told = way(released)
    assert (told.mail, told.shown_at, told.passed_at) == ("refused", None, None)
    assert told.mail_trouble == "The mail server does not accept this recipient. Check the address."
    assert not released.work(NOW + timedelta(hours=1)), "a refusal for good is not tried again"
    assert [(each.work, each.given_up) for each in failed_tasks.failing(released.steward)] == [("Sending a link by mail", True)]
    box.refuse = ""
    link_mail.ask(released.steward, way_id, key=released.key())
    assert failed_tasks.failing(released.steward) == []
    assert way(released).mail_trouble == ""
    released.work()
    assert way(released).mail == "sent"
    assert len(box.envelopes) == 1
    assert [each for each, _ in mails(entries)] == [
        "link.mail_ask", "link.mail_ready", "link.mail_failed", "link.mail_ask", "link.mail_ready", "link.mail",
    ]


def test_the_link_of_a_refused_mail_opens_nothing(released, box):
    way_id = asked(released)
    code = links.show_code(released.steward, way_id, key=released.key())
    box.refuse_data = "554"  # the server read all of it before it said no
    released.work()
    assert way(released).mail == "refused"
    with pytest.raises(public_link.LinkRefused):
        try_link(released, LINK.findall(box.seen[0])[0], code)
    assert links.show_link(released.steward, way_id, key=released.key())


@pytest.mark.parametrize("fault", ["450", "down"])
def test_a_server_that_cannot_now_gets_the_same_link_later(released, box, monkeypatch, fault):
    way_id = asked(released)
    port = str(box.port)
    if fault == "down":
        monkeypatch.setenv("RIGHTSDESK_SMTP_PORT", "1")
    else:
        box.refuse = fault
    released.work()
    told = way(released)
    assert (told.mail, told.passed_at, told.mail_tries, told.mail_next) == ("waiting", None, 1, NOW + BACKOFF)
    box.refuse = ""
    monkeypatch.setenv("RIGHTSDESK_SMTP_PORT", port)
    assert not released.work(NOW + BACKOFF - timedelta(seconds=1))
    released.work(NOW + BACKOFF)
    code = links.show_code(released.steward, way_id, key=released.key())
    assert way(released).mail == "sent"
    assert try_link(released, token_in(box.messages[0]), code).content


def test_after_the_last_try_the_link_is_void_and_the_handler_is_told(released, box, entries):
    asked(released)
    box.refuse_data, now = "451", NOW
    while released.work(now):
        now += timedelta(hours=1)
    told = way(released)
    assert (told.mail, told.shown_at, told.mail_trouble) == ("refused", None, link_mail.GIVEN_UP)
    assert [(each.work, each.given_up) for each in failed_tasks.failing(released.steward)] == [("Sending a link by mail", True)]
    links_sent = {link for each in box.seen for link in LINK.findall(each)}
    assert (len(box.seen), len(links_sent)) == (TRIES, 1)
    assert mails(entries)[-1] == ("link.mail_failed", "done")
    assert [row[5] for row in tasks_of(released)] == ["failed"]


def test_a_process_that_died_after_sending_sends_the_same_link_again(released, box, entries):
    way_id = asked(released)
    row = lease(released.store, NOW)
    mail = link_mail._ready(worker_desk(released.store, NOW), way_id, row["object_id"])
    link_mail.outgoing.send(link_mail.outgoing.settings(), mail)  # and the process dies here
    assert not released.work(NOW + LEASE - timedelta(seconds=1))
    released.work(NOW + LEASE)
    first, second = (token_in(each) for each in box.messages)
    assert first == second
    assert way(released).mail == "sent"
    assert [each for each, _ in mails(entries)] == ["link.mail_ask", "link.mail_ready", "link.mail"]


def test_a_link_that_was_opened_before_its_mail_was_recorded_is_recorded_and_not_sent_again(released, box, entries):
    way_id = asked(released)
    row = lease(released.store, NOW)
    mail = link_mail._ready(worker_desk(released.store, NOW), way_id, row["object_id"])
    link_mail.outgoing.send(link_mail.outgoing.settings(), mail)  # and the process dies here
    code = links.show_code(released.steward, way_id, key=released.key())
    ways_out.pass_on(released.steward, way_id, secret=True, channel="phone", key=released.key())
    assert try_link(released, token_in(box.messages[0]), code).content
    released.work(NOW + LEASE)
    assert len(box.envelopes) == 1
    assert (way(released).mail, way(released).passed_by) == ("sent", "account-steward")
    assert mails(entries)[-1] == ("link.mail", "done")
    sending.mark_sent(released.steward, released.request_id, "link", NOW.date(), version=released.version, key=released.key())


def test_a_link_opened_before_the_tries_ran_out_is_recorded_and_stays(released, box):
    way_id = asked(released)
    row = lease(released.store, NOW)
    mail = link_mail._ready(worker_desk(released.store, NOW), way_id, row["object_id"])
    link_mail.outgoing.send(link_mail.outgoing.settings(), mail)
    code = links.show_code(released.steward, way_id, key=released.key())
    assert try_link(released, token_in(box.messages[0]), code).content
    link_mail.give_up(worker_desk(released.store, NOW), row["object_id"])
    assert (way(released).mail, way(released).standing) == ("sent", "fetched")


@pytest.mark.parametrize("meanwhile", ["revoked", "taken back", "expired"])
def test_what_may_not_leave_any_more_is_not_sent(released, box, meanwhile):
    way_id, now = asked(released), NOW
    if meanwhile == "revoked":
        ways_out.revoke(released.steward, way_id, key=released.key())
    elif meanwhile == "taken back":
        requests.revise(released.steward, released.request_id, "WHYWORDS", version=released.version, key=released.key())
    else:
        now += timedelta(days=8)
    released.work(now)
    assert box.envelopes == []
    assert (way(released).mail, way(released).shown_at) == ("refused", None)


def test_a_second_worker_that_is_refused_does_not_void_what_the_first_sent(released, box):
    way_id = asked(released)
    row = lease(released.store, NOW)
    released.work(NOW + LEASE)  # the lease ran out while the first was still talking to the server
    link_mail._void(worker_desk(released.store, NOW), way_id, row["object_id"], "late")
    assert way(released).mail == "sent"
    assert way(released).mail_trouble == ""


def test_without_a_server_nothing_is_mailed(released):
    assert not link_mail.mail_is_set()
    way_id = made(released)
    with pytest.raises(NotPossible, match="sends no mail"):
        link_mail.ask(released.steward, way_id, key=released.key())
    assert links.show_link(released.steward, way_id, key=released.key())
