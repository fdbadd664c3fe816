"""A mail taken in: kept whole, its original handed out as an act, who asks read from it, what is typed compared with it."""

from datetime import date
from pathlib import Path

import pytest

from core.actions.cases import attachments, cases, dropped, intake, joining
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from tests.conftest import desk_of

MAILS = Path(__file__).parents[2] / "messages" / "mails"
ILSE = "ilse@amsel.example"


@pytest.fixture
def desk(established):
    return desk_of(established, Role.STEWARD)


def content(name):
    return (MAILS / f"{name}.eml").read_bytes()


def take_in(desk, *names, key="a-mail-of-tests", **typed):
    files = tuple((f"{name}.eml", content(name)) for name in names)
    values = {"rights": ("access",), "channel": "email", "received_on": date(2026, 11, 19), "files": files}
    return intake.take_in(desk, intake.Intake(**(values | typed)), key=key)


def opened(desk, *names, **typed):
    return cases.open_case(desk, take_in(desk, *names, **typed).case_ref)


@pytest.mark.parametrize("name", sorted(each.stem for each in MAILS.glob("*.eml")))
def test_every_mail_is_taken_in_and_its_original_comes_back_by_an_act(desk, name):
    file = opened(desk, name)
    (original,) = [each for row in file.messages for each in row["attachments"] if each["original"]]
    got = attachments.fetch(desk, original["id"])
    assert (got.content, got.media_type, got.file_name[-4:]) == (content(name), "message/rfc822", ".eml")
    assert "amsel" not in got.file_name.casefold()
    with desk.store.transaction() as tx:
        last = tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10**9)[-1]
    assert (last["act"], last["outcome"], last["case_ref"]) == ("attachment.fetch", "done", file.case_ref)


def test_nothing_of_a_mail_stands_in_the_clear(desk):
    take_in(desk, "forwarded-as-attachment", "unknown-charset")
    with desk.store.transaction() as tx:
        rows = [row for table in ("messages", "attachments") for row in tx._cursor.execute(f"select * from {table}").fetchall()]
    assert len(rows) == 5
    held = repr(rows)
    assert not [each for each in ("amsel", "K-5512", "Front Desk", "guessed", "message/rfc822;") if each in held]


def test_an_attached_message_is_a_further_message_and_who_wrote_it_is_the_one_who_asks(desk):
    file = opened(desk, "forwarded-as-attachment")
    outer, inner = file.messages
    assert (outer["sender"], outer["within"]) == ("Front Desk frontdesk@desk.example", None)
    assert (inner["sender"], inner["within"], inner["subject"]) == (f"Ilse Amsel {ILSE}", outer["id"], "Copy of my data")
    assert inner["sent_at"].date() == date(2026, 11, 2)
    assert (file.person["name"], file.person["email"]) == ("Ilse Amsel", ILSE)


def test_the_reply_address_of_our_own_web_form_is_the_one_who_asks(desk):
    assert opened(desk, "web-form-reply-to").person["email"] == ILSE


def test_a_web_form_without_a_name_for_its_writer_lends_none(desk):
    mail = content("web-form-reply-to").replace(b"Ilse Amsel <ilse@amsel.example>", b"ilse@amsel.example")
    file = opened(desk, files=(("form.eml", mail),))
    assert (file.person["name"], file.person["email"]) == ("", ILSE)


def test_a_strangers_reply_address_is_offered_and_never_taken_by_itself(desk):
    mail = content("web-form-reply-to").replace(b"wordpress@desk.example", b"jo@elsewhere.example")
    assert opened(desk, files=(("mail.eml", mail),)).person["email"] == "jo@elsewhere.example"
    (seen,) = dropped.look_at(desk, [("mail.eml", mail)])
    assert [(each.role, each.address) for each in seen.writers] == [
        ("From", "jo@elsewhere.example"), ("Reply-To", ILSE)
    ]


def test_the_name_of_a_mail_is_not_given_to_another_address_that_was_typed(desk):
    person = opened(desk, "three-weeks-old", email="other@example.com").person
    assert (person["name"], person["email"]) == ("", "other@example.com")


def test_what_a_dropped_mail_says_fills_the_form(desk):
    (seen,) = dropped.look_at(desk, [("mail.eml", content("three-weeks-old"))])
    assert (seen.writers[0].address, seen.subject, seen.by_server) == (ILSE, "Request", True)
    assert seen.arrived.isoformat() == "2026-11-02T08:00:05+01:00"
    (dated,) = dropped.look_at(desk, [("mail.eml", content("unknown-charset"))])
    assert (dated.by_server, dated.arrived.day) == (False, 19)
    (refused,) = dropped.look_at(desk, [("mail.docx", b"PK")])
    assert "not read here" in refused.refused


def test_a_receipt_later_than_the_mail_and_another_sender_are_said(desk):
    seen = dropped.look_at(desk, [("mail.eml", content("three-weeks-old"))])
    late, other = dropped.differences(seen, date(2026, 11, 19), "other@example.com")
    assert "arrived at your server on 02 November 2026, 17 days before the receipt" in late
    assert "not the one this mail came from" in other
    assert dropped.differences(seen, date(2026, 11, 2), "ILSE@amsel.example") == []
    offered = dropped.look_at(desk, [("mail.eml", content("web-form-reply-to"))])
    assert dropped.differences(offered, date(2026, 11, 19), ILSE) == []


def test_what_is_not_shown_stands_with_the_message(desk):
    file = opened(desk, "unknown-charset")
    assert "guessed" in file.messages[0]["remarks"]


def test_a_further_mail_of_a_case_is_kept_in_the_same_way(desk):
    made = take_in(desk, "three-weeks-old")
    joining.add_message(desk, made.case_ref, intake.Intake(
        (), "email", date(2026, 11, 20), files=(("mail.eml", content("forwarded-as-attachment")),)
    ), key="a-further-mail")
    rows = cases.open_case(desk, made.case_ref).messages
    assert [each["within"] is None for each in rows] == [True, True, False]


def test_an_objection_passed_on_by_a_colleague_stops_the_address_inside(desk):
    made = take_in(desk, "forwarded-as-attachment", rights=("objection_marketing",))
    assert made.suppressed == 1  # who wrote it; the colleague and the counter that it was sent to are our own


def test_who_takes_in_nothing_has_no_file_read(store, desk):
    analyst = desk_of(store, Role.ANALYST)
    with pytest.raises(NotAllowed):
        dropped.look_at(analyst, [("mail.eml", content("three-weeks-old"))])
    with pytest.raises(NotAllowed):
        take_in(analyst, "three-weeks-old")


def test_a_file_that_cannot_be_read_is_refused_in_the_act_and_changes_nothing(desk):
    with pytest.raises(Invalid, match="not read here"):
        take_in(desk, files=(("mail.docx", b"PK"),))
    with desk.store.transaction() as tx:
        last = tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10**9)[-1]
    assert (last["act"], last["outcome"]) == ("case.take_in", "refused.invalid")
