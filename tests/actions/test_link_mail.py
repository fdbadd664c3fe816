"""A link by mail: asked for in the click, sent by the worker to the approved address, void where it cannot leave."""

import re
from datetime import timedelta

import pytest

from core.actions import link_mail, links, public_link, requests, sending, troubles, ways_out
from core.actions.desk import worker_desk
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.work.tasks import BACKOFF, LEASE, TRIES, lease
from tests.actions.conftest import MAIL
from tests.actions.released import made, try_link
from tests.conftest import NOW
from tests.messages.mailserver import USER, WORD, mail_server

LINK = re.compile(r"/package/([A-Za-z0-9_-]{43})\b")


@pytest.fixture
def ready(walk):
    walk.released()
    return walk


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


def test_the_click_sends_nothing_and_the_worker_sends_to_the_approved_address(ready, box, entries):
    assert link_mail.mail_is_set()
    way_id = asked(ready)
    assert (box.envelopes, way(ready).mail, way(ready).shown_at) == ([], "waiting", None)
    ready.work()
    code = links.show_code(ready.steward, way_id, key=ready.key())
    (envelope,), (message,) = box.envelopes, box.messages
    assert envelope.rcpt_tos == [MAIL.format(1)]
    assert code not in message.get_content()
    assert code.replace(" ", "") not in message.get_content()
    told = way(ready)
    assert (told.mail, told.channel, told.passed_by, told.passed_at) == ("sent", "email", "account-steward", NOW)
    with pytest.raises(Invalid, match="never goes"):
        ways_out.pass_on(ready.steward, way_id, secret=True, channel="email", key=ready.key())
    assert try_link(ready, token_in(message), code).content
    assert MAIL.format(1) not in str(entries())
    assert token_in(message) not in str(entries())
    assert mails(entries) == [(f"link.{each}", "done") for each in ("mail_ask", "mail_ready", "mail")]


def test_it_is_mailed_once_and_not_shown_beside(ready, box):
    way_id, key = made(ready), ready.key()
    link_mail.ask(ready.steward, way_id, key=key)
    link_mail.ask(ready.steward, way_id, key=key)
    for again in (lambda: link_mail.ask(ready.steward, way_id, key=ready.key()),
                  lambda: links.show_link(ready.steward, way_id, key=ready.key()),
                  lambda: ways_out.pass_on(ready.steward, way_id, secret=False, channel="email", key=ready.key())):
        with pytest.raises(NotPossible, match="on its way"):
            again()
    ready.work()
    for again in (link_mail.ask, links.show_link):
        with pytest.raises(NotPossible, match="shown or sent already"):
            again(ready.steward, way_id, key=ready.key())
    ready.work()
    assert len(box.envelopes) == 1


def test_only_the_handler_has_it_sent(ready, box):
    way_id = made(ready)
    with pytest.raises(NotAllowed, match="handles this request"):
        link_mail.ask(ready.checker, way_id, key=ready.key())
    ready.work()
    assert box.envelopes == []


def test_the_link_lies_nowhere_in_clear(ready, box):
    asked(ready)
    box.refuse = "450"
    ready.work()
    box.refuse = ""
    kept = tasks_of(ready)
    with ready.store.transaction() as tx:
        everything = [str(tx._cursor.execute(f'select * from "{table}"').fetchall()) for (table,) in
                      tx._cursor.execute("select table_name from information_schema.tables").fetchall()]
        sealed = tx._cursor.execute("select mail_token from ways_out").fetchone()[0]
    ready.work(NOW + BACKOFF)
    token = token_in(box.messages[0])
    assert kept
    assert token not in "".join(everything)
    assert token.encode() not in bytes(sealed)
    with ready.store.transaction() as tx:
        assert tx._cursor.execute("select mail_token from ways_out").fetchone() == (None,)


def test_what_the_server_refuses_for_good_is_void_at_once_and_can_go_again(ready, box, entries):
    way_id = asked(ready)
    box.refuse = "550"
    ready.work()
    told = way(ready)
    assert (told.mail, told.shown_at, told.passed_at) == ("refused", None, None)
    assert told.mail_trouble == "The mail server does not accept this recipient. Check the address."
    assert not ready.work(NOW + timedelta(hours=1)), "a refusal for good is not tried again"
    assert [(each.work, each.given_up) for each in troubles.failing(ready.steward)] == [("Sending a link by mail", True)]
    box.refuse = ""
    link_mail.ask(ready.steward, way_id, key=ready.key())
    assert troubles.failing(ready.steward) == []
    assert way(ready).mail_trouble == ""
    ready.work()
    assert way(ready).mail == "sent"
    assert len(box.envelopes) == 1
    assert [each for each, _ in mails(entries)] == [
        "link.mail_ask", "link.mail_ready", "link.mail_failed", "link.mail_ask", "link.mail_ready", "link.mail",
    ]


def test_the_link_of_a_refused_mail_opens_nothing(ready, box):
    way_id = asked(ready)
    code = links.show_code(ready.steward, way_id, key=ready.key())
    box.refuse_data = "554"  # the server read all of it before it said no
    ready.work()
    assert way(ready).mail == "refused"
    with pytest.raises(public_link.LinkRefused):
        try_link(ready, LINK.findall(box.seen[0])[0], code)
    assert links.show_link(ready.steward, way_id, key=ready.key())


@pytest.mark.parametrize("fault", ["450", "down"])
def test_a_server_that_cannot_now_gets_the_same_link_later(ready, box, monkeypatch, fault):
    way_id = asked(ready)
    port = str(box.port)
    if fault == "down":
        monkeypatch.setenv("RIGHTSDESK_SMTP_PORT", "1")
    else:
        box.refuse = fault
    ready.work()
    told = way(ready)
    assert (told.mail, told.passed_at, told.mail_tries, told.mail_next) == ("waiting", None, 1, NOW + BACKOFF)
    box.refuse = ""
    monkeypatch.setenv("RIGHTSDESK_SMTP_PORT", port)
    assert not ready.work(NOW + BACKOFF - timedelta(seconds=1))
    ready.work(NOW + BACKOFF)
    code = links.show_code(ready.steward, way_id, key=ready.key())
    assert way(ready).mail == "sent"
    assert try_link(ready, token_in(box.messages[0]), code).content


def test_after_the_last_try_the_link_is_void_and_the_handler_is_told(ready, box, entries):
    asked(ready)
    box.refuse_data, now = "451", NOW
    while ready.work(now):
        now += timedelta(hours=1)
    told = way(ready)
    assert (told.mail, told.shown_at, told.mail_trouble) == ("refused", None, link_mail.GIVEN_UP)
    assert [(each.work, each.given_up) for each in troubles.failing(ready.steward)] == [("Sending a link by mail", True)]
    links_sent = {link for each in box.seen for link in LINK.findall(each)}
    assert (len(box.seen), len(links_sent)) == (TRIES, 1)
    assert mails(entries)[-1] == ("link.mail_failed", "done")
    assert [row[5] for row in tasks_of(ready)] == ["failed"]


def test_a_process_that_died_after_sending_sends_the_same_link_again(ready, box, entries):
    way_id = asked(ready)
    row = lease(ready.store, NOW)
    mail = link_mail._ready(worker_desk(ready.store, NOW), way_id, row["object_id"])
    link_mail.outgoing.send(link_mail.outgoing.settings(), mail)  # and the process dies here
    assert not ready.work(NOW + LEASE - timedelta(seconds=1))
    ready.work(NOW + LEASE)
    first, second = (token_in(each) for each in box.messages)
    assert first == second
    assert way(ready).mail == "sent"
    assert [each for each, _ in mails(entries)] == ["link.mail_ask", "link.mail_ready", "link.mail"]


def test_a_link_that_was_opened_before_its_mail_was_recorded_is_recorded_and_not_sent_again(ready, box, entries):
    way_id = asked(ready)
    row = lease(ready.store, NOW)
    mail = link_mail._ready(worker_desk(ready.store, NOW), way_id, row["object_id"])
    link_mail.outgoing.send(link_mail.outgoing.settings(), mail)  # and the process dies here
    code = links.show_code(ready.steward, way_id, key=ready.key())
    ways_out.pass_on(ready.steward, way_id, secret=True, channel="phone", key=ready.key())
    assert try_link(ready, token_in(box.messages[0]), code).content
    ready.work(NOW + LEASE)
    assert len(box.envelopes) == 1
    assert (way(ready).mail, way(ready).passed_by) == ("sent", "account-steward")
    assert mails(entries)[-1] == ("link.mail", "done")
    sending.mark_sent(ready.steward, ready.request_id, "link", NOW.date(), version=ready.version, key=ready.key())


def test_a_link_opened_before_the_tries_ran_out_is_recorded_and_stays(ready, box):
    way_id = asked(ready)
    row = lease(ready.store, NOW)
    mail = link_mail._ready(worker_desk(ready.store, NOW), way_id, row["object_id"])
    link_mail.outgoing.send(link_mail.outgoing.settings(), mail)
    code = links.show_code(ready.steward, way_id, key=ready.key())
    assert try_link(ready, token_in(box.messages[0]), code).content
    link_mail.give_up(worker_desk(ready.store, NOW), row["object_id"])
    assert (way(ready).mail, way(ready).standing) == ("sent", "fetched")


@pytest.mark.parametrize("meanwhile", ["revoked", "taken back", "expired"])
def test_what_may_not_leave_any_more_is_not_sent(ready, box, meanwhile):
    way_id, now = asked(ready), NOW
    if meanwhile == "revoked":
        ways_out.revoke(ready.steward, way_id, key=ready.key())
    elif meanwhile == "taken back":
        requests.revise(ready.steward, ready.request_id, "WHYWORDS", version=ready.version, key=ready.key())
    else:
        now += timedelta(days=8)
    ready.work(now)
    assert box.envelopes == []
    assert (way(ready).mail, way(ready).shown_at) == ("refused", None)


def test_a_second_worker_that_is_refused_does_not_void_what_the_first_sent(ready, box):
    way_id = asked(ready)
    row = lease(ready.store, NOW)
    ready.work(NOW + LEASE)  # the lease ran out while the first was still talking to the server
    link_mail._void(worker_desk(ready.store, NOW), way_id, row["object_id"], "late")
    assert way(ready).mail == "sent"
    assert way(ready).mail_trouble == ""


def test_without_a_server_nothing_is_mailed(ready):
    assert not link_mail.mail_is_set()
    way_id = made(ready)
    with pytest.raises(NotPossible, match="sends no mail"):
        link_mail.ask(ready.steward, way_id, key=ready.key())
    assert links.show_link(ready.steward, way_id, key=ready.key())
