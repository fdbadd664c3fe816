"""Mail is read whole: every part once, each header and part by itself, the original byte for byte, under limits.

The mails in mails/ are made up; each stands for a kind that was once read wrongly.
"""

import base64
import hashlib
import json
import random
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from core.law.errors import Invalid
from core.messages import incoming
from core.messages.incoming import addresses_in, read_mail, read_message
from core.messages.mail import MOST_INSIDE
from core.messages.mail import read as taken_apart
from tests.messages.mutants import mutants

MAILS = Path(__file__).with_name("mails")
NAMES = sorted(each.stem for each in MAILS.glob("*.eml"))
HEAD = b"From: Ilse Amsel <ilse@amsel.example>\r\nSubject: Request\r\n"


def mail(name):
    return read_mail((MAILS / f"{name}.eml").read_bytes())


def files(read):
    return [(each.name, each.media_type) for each in read.parts if not each.original]


def words(*lines):
    return read_mail("\r\n".join(lines).encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("name", NAMES)
def test_the_original_is_kept_byte_for_byte(name):
    content = (MAILS / f"{name}.eml").read_bytes()
    (kept,) = [each for each in read_mail(content).parts if each.original]
    assert (kept.content, kept.media_type) == (content, "message/rfc822")
    assert kept.sha256 == hashlib.sha256(content).hexdigest()


def test_a_message_attached_is_read_as_a_further_one():
    read = mail("forwarded-as-attachment")
    assert (read.sender_address, read.body) == (
        "frontdesk@desk.example", "This came in at the counter address, see attached."
    )
    (inner,) = read.messages
    assert (inner.sender_name, inner.sender_address) == ("Ilse Amsel", "ilse@amsel.example")
    assert (inner.subject, inner.sent_at) == ("Copy of my data", datetime(2026, 11, 2, 7))
    assert "K-5512" in inner.body
    assert read.named == ("frontdesk@desk.example", "ilse@amsel.example", "counter@desk.example")


@pytest.mark.parametrize(("way", "body"), [
    ("Content-Type: application/octet-stream; name=inner.eml", "{}"),
    ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", "{base64}"),
    ("Content-Type: message/rfc822; name=inner.eml\r\nContent-Disposition: attachment", "{}"),
])
def test_a_message_attached_in_another_way_is_one_too(way, body):
    from base64 import encodebytes

    inner = b"From: Ilse Amsel <ilse@amsel.example>\r\nSubject: Copy\r\n\r\nSend me a copy."
    text = body.format(inner.decode(), base64=encodebytes(inner).decode())
    read = words(
        "From: a@desk.example", "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "", "see",
        "--b", *way.split("\r\n"), "", text, "--b--",
    )
    assert [(each.sender_address, each.body) for each in read.messages] == [("ilse@amsel.example", "Send me a copy.")]
    assert files(read) == []


def test_messages_inside_messages_keep_their_own_files():
    read = words(
        "From: a@x.example", "Content-Type: multipart/mixed; boundary=o", "", "--o", "Content-Type: message/rfc822", "",
        "From: b@x.example", "Content-Type: multipart/mixed; boundary=i", "", "--i", "Content-Type: message/rfc822", "",
        "From: c@x.example", "Subject: deepest", "", "words of c", "--i", "Content-Type: application/pdf; name=b.pdf", "",
        "%PDF-", "--i--",
        "--o", "Content-Type: application/pdf; name=a.pdf", "", "%PDF-a", "--o--",
    )
    assert [each.sender_address for each in read.walk()] == ["a@x.example", "b@x.example", "c@x.example"]
    assert [files(each) for each in read.walk()] == [[("a.pdf", "application/pdf")], [("b.pdf", "application/pdf")], []]
    assert read.messages[0].parts[0].content.strip() == b"%PDF-"


def test_a_picture_inside_html_and_files_inside_an_alternative_are_kept_once():
    assert files(mail("photo-inside-html")) == [("letter.png", "image/png"), ("text.html", "text/html")]
    assert mail("photo-inside-html").parts[0].content.startswith(b"\x89PNG")
    assert files(mail("pdf-inside-alternative")) == [
        ("request.pdf", "application/pdf"), ("mandate.pdf", "application/pdf"), ("text.html", "text/html")
    ]


def test_the_text_is_read_from_the_form_that_has_one():
    assert mail("blank-plain-part").body == "Please send me a copy of my data and then delete it."


def alternative(plain, html):
    return words(
        "From: a@x.example", "Content-Type: multipart/alternative; boundary=b", "", "--b", "Content-Type: text/plain", "", plain,
        "--b", "Content-Type: text/html", "", html, "--b--",
    )


def test_two_forms_that_differ_are_both_shown_and_two_that_agree_once():
    differing = alternative("Your program shows no HTML.", "<p>I object to your marketing and want my data erased.</p>")
    assert "shows no HTML" in differing.body
    assert "I object to your marketing" in differing.body
    assert differing.remarks == ("Its two forms, plain and HTML, differ: both are shown.",)
    agreeing = alternative("I object to your marketing.", "<p>I object to <b>your</b> marketing.</p>")
    assert agreeing.body == "I object to your marketing."
    assert files(agreeing) == [("text.html", "text/html")]


def test_several_texts_are_all_shown():
    read = words(
        "From: a@x.example", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "before the picture", "--b",
        "Content-Type: image/png; name=p.png", "", "x", "--b", "Content-Type: text/html", "", "<p>after it</p>", "--b--",
    )
    assert read.body == "before the picture\n\nafter it"
    assert files(read) == [("p.png", "image/png")]


def test_a_text_sent_as_a_file_is_a_file():
    read = words(
        "From: a@x.example", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "see", "--b",
        'Content-Type: text/plain; name="request.txt"', "Content-Disposition: attachment", "", "erase me", "--b--",
    )
    assert (read.body, files(read)) == ("see", [("request.txt", "text/plain")])


def test_html_keeps_its_tail_its_cells_and_its_lines_apart():
    assert mail("html-tail-with-ampersand").body == (
        "Topic: my data\nPlease send a copy of everything and delete it. Amsel&Co"
    )
    assert mail("html-table-form").body == "Surname\tAmsel\nCustomer\t5512\t8871"
    read = words("From: a@x", "Content-Type: text/html", "", "<ul><li>one<li>two</ul><script>not this</script><img alt='seal'>")
    assert read.body == "one\ntwo\n[seal]"


@pytest.mark.parametrize(("label", "content", "text"), [
    ("X-UNKNOWN", b"Please", "Please"), ("X-UNKNOWN", "Grüße".encode(), "Grüße"), ("us-ascii", "Grüße".encode("cp1252"), "Grüße"),
    ("punycode", b"Please-", "Please-"), ("unicode_escape", b"\\u0041", "\\u0041"), ("utf-8", b"\xff\xe4", "ÿä"),
    ("idna", b"Please", "Please"), ("a\0b", b"Please", "Please"),
])
def test_a_text_of_a_charset_that_is_none_is_guessed_and_said_so(label, content, text):
    read = read_mail(HEAD + b"Content-Type: text/plain; charset=" + label.encode() + b"\r\n\r\n" + content)
    assert read.body == text
    assert "guessed" in read.remarks[0]


def test_a_text_whose_charset_fits_is_not_guessed():
    read = read_mail(HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe")
    assert (read.body, read.remarks) == ("Grüße", ())


@pytest.mark.parametrize(("head", "name", "address"), [
    ("From: Amsel, Ilse <ilse@amsel.example>", "Amsel, Ilse", "ilse@amsel.example"),
    ('From: "Amsel, Ilse" <ilse@amsel.example>', "Amsel, Ilse", "ilse@amsel.example"),
    ("From: ilse@amsel.example (Ilse Amsel)", "Ilse Amsel", "ilse@amsel.example"),
    ('From: "Ilse <other@x.example>" <ilse@amsel.example>', "Ilse <other@x.example>", "ilse@amsel.example"),
    ("From: Ilse @ home <ilse@amsel.example>", "", "ilse@amsel.example"),
    ("From: =?utf-8?q?Ams=C3=A9l=2C_Ilse?= <ilse@amsel.example>", "Amsél, Ilse", "ilse@amsel.example"),
    ("From: =?utf-8?b?SWxzZQ==?=\r\n =?utf-8?b?IEFtc2Vs?= <ilse@amsel.example>", "Ilse Amsel", "ilse@amsel.example"),
    ("From: Jürgen Groß <jg@x.example>", "Jürgen Groß", "jg@x.example"),
    ("From: Ilse Amsel", "Ilse Amsel", ""),
    ("From: A <a@x.example>, B <b@x.example>", "A", "a@x.example"),
    ("From: undisclosed: ;", "undisclosed: ;", ""),
    ("Sender: Secretary <s@x.example>", "Secretary", "s@x.example"),
    ("X-None: 1", "", ""),
])
def test_who_wrote_is_read_as_it_stands_and_is_never_an_address_without_an_at_sign(head, name, address):
    read = words(head, "Subject: s", "", "text")
    assert (read.sender_name, read.sender_address) == (name, address)


def test_eight_bit_names_of_old_programs_are_read():
    read = read_mail(b"From: J\xfcrgen Gro\xdf <jg@x.example>\r\nSubject: f\xfcr Sie\r\n\r\ntext")
    assert (read.sender_name, read.subject) == ("Jürgen Groß", "für Sie")


def test_the_reply_address_of_a_web_form_is_read():
    read = mail("web-form-reply-to")
    assert (read.sender_address, read.reply_name, read.reply_address) == (
        "wordpress@desk.example", "Ilse Amsel", "ilse@amsel.example"
    )


def test_the_mails_own_dates_are_read_in_utc_and_an_impossible_one_is_left_out():
    read = mail("three-weeks-old")
    assert (read.sent_at, read.arrived_at) == (datetime(2026, 11, 2, 7), datetime(2026, 11, 2, 7, 0, 5))
    impossible = mail("date-out-of-range")
    assert (impossible.sent_at, impossible.body.strip()) == (None, "Please send me a copy of my data.")
    assert impossible.remarks == ("Its header Date holds no date that can be read.",)


def test_the_newest_received_line_is_our_servers():
    read = words(
        "Received: from mx by ours.example; Tue, 3 Nov 2026 09:00:00 +0100",
        "Received: from client by mx; Mon, 2 Nov 2026 09:00:00 +0100", "From: a@x.example", "", "t",
    )
    assert read.arrived_at == datetime(2026, 11, 3, 8)


def test_a_long_thread_is_kept_whole():
    content = (MAILS / "long-thread.eml").read_bytes()
    assert mail("long-thread").body.strip() == content.decode().replace("\r\n", "\n").partition("\n\n")[2].strip()


def test_a_text_over_a_million_letters_is_cut_and_said_so():
    read = read_mail(HEAD + b"\r\n" + b"word " * 300_000)
    assert len(read.body) == 1_000_000
    assert read.remarks == ("The text is longer than 1,000,000 characters: what follows is in the original.",)


@pytest.mark.parametrize(("damage", "left"), [
    (b"Content-Type: text/plain; charset*=x''%\r\n", b"Please"), (b"Content-Transfer-Encoding: base65\r\n", b"Please"),
    (b"Date: " + b"9" * 5_000 + b"\r\n", b"Please"), (b"Reply-To: " + b"(" * 9_000 + b"\r\n", b"Please"),
    (b"Content-Disposition: attachment; filename*0*=utf-8''%FF; filename*2=b\r\n", b""),
    (b"Received: " + b";" * 9_000 + b"\r\n", b"Please"), (b"To: \xff\xfe\x00\r\n", b"Please"),
    (b"Content-Type: multipart/mixed\r\n", b"Please"), (b"MIME-Version: \0\r\n", b"Please"),
])
def test_a_bad_header_costs_the_mail_nothing_but_itself(damage, left):
    read = read_mail(HEAD + damage + b"\r\nPlease")
    assert (read.sender_address, read.subject) == ("ilse@amsel.example", "Request")
    assert read.body.strip().encode() == left
    assert left or read.parts[0].content == b"Please"


def test_a_damaged_file_is_kept_as_far_as_it_goes_and_said_so():
    read = read_mail(
        HEAD + b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE!!Ri0x*"
    )
    assert read.parts[0].content.startswith(b"%PDF")
    assert read.remarks == ("The file a.pdf is damaged: not all of it could be decoded.",)


def test_a_report_of_a_mail_server_keeps_its_blocks_as_a_file():
    read = words(
        "From: mailer-daemon@x.example", "Content-Type: multipart/report; boundary=b", "", "--b", "", "It came back.", "--b",
        "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; x", "", "Final-Recipient: rfc822; a@x.example",
        "Action: failed", "", "--b--",
    )
    assert read.body == "It came back."
    assert files(read) == [("delivery-status.txt", "message/delivery-status")]
    assert b"Action: failed" in read.parts[0].content


def test_text_beside_the_parts_is_said():
    read = words(
        "From: a@x.example", "Content-Type: multipart/mixed; boundary=b", "", "I object to marketing.", "--b", "", "Hello", "--b--",
    )
    assert read.remarks == ("Text stands beside its parts, where no program shows it: see the original.",)


BOMBS = {
    "encoded words": (HEAD.replace(b"Request", b"=?utf-8?q?a?= " * 25_000) + b"\r\nPlease", "Please", "header Subject"),
    "parameters": (HEAD + b"Content-Type: text/plain" + b";a=b" * 250_000 + b"\r\n\r\nPlease", "Please", ""),
    "headers": (HEAD + b"X: y\r\n" * 200_000 + b"\r\nPlease", "", "headers"),
    "lines": (HEAD + b"\r\n" + b"a\n" * 3_000_000, "", "lines"),
    "parts": (HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nq\r\n" * 50_000, "", "parts"),
    "depth": (HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(5_000)
    ) + b"\r\nPlease", "", "deep"),
    "messages": (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5_000 + b"Subject: x\r\n\r\nPlease", "", "deep"),
    "tags": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 500_000, "", "took too long"),
    "open tags": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 500_000, "", "took too long|memory"),
    "attributes": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a b=" * 500_000, "", "took too long|memory"),
    "letters": (HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 99_000 + b"-" + b"b" * 900, None, "guessed"),
}


@pytest.mark.process
@pytest.mark.parametrize("name", BOMBS)
def test_a_small_mail_cannot_take_the_desk_down_and_its_head_is_read_all_the_same(name):
    content, body, remark = BOMBS[name]
    read = read_mail(content)
    assert read.sender_address == "ilse@amsel.example"
    assert body is None or read.body == body
    assert re.search(remark, " ".join(read.remarks))
    assert read.parts[-1].content == content


def nested(levels, kind, encoding=""):
    """Return a mail in a mail in a mail, named as a file of that kind, the innermost saying "Please"."""
    head = f"Content-Type: {kind}\r\n" + (f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else "")
    content = HEAD + b"\r\nPlease"
    for _ in range(levels):
        content = HEAD + head.encode() + b"\r\n" + (base64.encodebytes(content) if encoding == "base64" else content)
    return content


@pytest.mark.process
@pytest.mark.parametrize(("kind", "encoding", "levels"), [
    ("application/octet-stream; name=a.eml", "", 3_000), ("application/octet-stream; name=a.eml", "base64", 25),
    ("message/rfc822", "base64", 25), ("message/rfc822", "", 90),
])
def test_messages_that_lie_too_deep_are_kept_as_a_file_and_said_so(kind, encoding, levels):
    read = read_mail(nested(levels, kind, encoding))
    *_, deepest = read.walk()
    assert (len(list(read.walk())), deepest.sender_address) == (MOST_INSIDE + 1, "ilse@amsel.example")
    assert "Messages lie more than 20 deep" in " ".join(deepest.remarks)
    assert [each.name for each in deepest.parts] == ["a.eml" if "name" in kind else "message.eml"]


@pytest.mark.parametrize("encoding", ["base64", ""])
def test_twenty_messages_deep_are_all_messages(encoding):
    *_, deepest = read_mail(nested(MOST_INSIDE, "message/rfc822", encoding)).walk()
    assert (deepest.body, deepest.remarks) == ("Please", ())


@pytest.mark.parametrize(("kind", "inside", "remark"), [
    ("message/rfc822", HEAD + b"X: y\r\n" * 20_000 + b"\r\nPlease", "more than 10,000 headers"),
    ("application/octet-stream; name=a.eml", HEAD + b"X: y\r\n" * 20_000 + b"\r\nPlease", "more than 10,000 headers"),
    ("message/rfc822", HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nq\r\n" * 5_000, "1,000 parts"),
])
def test_a_message_inside_that_goes_over_a_limit_costs_the_mail_nothing_but_itself(kind, inside, remark):
    outer = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe outer words.\r\n--b\r\nContent-Type: "
        + kind.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inside) + b"\r\n--b\r\n"
        b"Content-Type: application/pdf; name=form.pdf\r\n\r\n%PDF\r\n--b--\r\n"
    )
    read = read_mail(outer)
    assert (read.body.strip(), read.messages) == ("The outer words.", ())
    assert remark in " ".join(read.remarks)
    assert [(each.name, each.content) for each in read.parts[:2]] == [
        ("a.eml" if "name" in kind else "message.eml", inside), ("form.pdf", b"%PDF"),
    ]


def test_the_limits_hold_for_a_mail_and_all_that_lies_in_it_together():
    many = base64.encodebytes(HEAD + b"X: y\r\n" * 3_000 + b"\r\nPlease")
    part = b"--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + many + b"\r\n"
    read = read_mail(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 5 + b"--b--\r\n")
    assert (len(read.messages), len(files(read))) == (3, 2)


def test_a_damaged_message_inside_is_kept_as_it_came():
    read = words(
        "From: a@x.example", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", "U3ViamVjdDogeA0KDQpQbGVhc2U",
    )
    assert read.remarks == ("A message attached to it is damaged: it is kept as a file.",)
    assert [each.content.strip() for each in read.parts[:1]] == [b"U3ViamVjdDogeA0KDQpQbGVhc2U"]


def test_a_mail_is_kept_where_no_process_can_be_begun(monkeypatch):
    monkeypatch.setattr("sys.executable", "/no/such/interpreter")
    read = read_mail(HEAD + b"\r\nPlease")
    assert read.remarks == ("It could not be taken apart: it is kept as it came.",)
    assert [each.content for each in read.parts] == [HEAD + b"\r\nPlease"]


def test_what_takes_too_long_is_ended_and_its_head_is_read_all_the_same(monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text(
        "import resource, runpy, sys\n"
        "if len(sys.argv) == 1:\n    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n    while True: pass\n"
        f"runpy.run_path({str(incoming._MAIL)!r}, run_name='__main__')\n"
    )
    monkeypatch.setattr(incoming, "_MAIL", endless)
    read = read_mail(HEAD + b"\r\nPlease")
    assert (read.sender_address, read.subject) == ("ilse@amsel.example", "Request")
    assert read.remarks == ("It took too long to be taken apart: it is kept as it came.",)


@pytest.mark.parametrize("content", [b"no header at all", b"\0" * 5_000, bytes(range(256)) * 50, b"\r\n\r\n", b":", b"From"])
def test_what_is_no_mail_is_kept_and_said_so(content):
    read = read_mail(content)
    assert "It has no headers: who wrote, and when, is not known." in read.remarks
    assert [each.content for each in read.parts if each.original] == [content]


SEEDS = [each.read_bytes() for each in sorted(MAILS.glob("*.eml")) if each.stem != "long-thread"]


def test_mutated_mails_are_taken_apart_without_a_fault():
    for content in mutants(SEEDS, random.Random(15), 200):  # in this process, where a fault would be one of the test
        letter, held = taken_apart(content)
        json.dumps(letter.shown()).encode()
        assert "could not be taken apart" not in " ".join(letter.remarks)
        assert sum(len(each) for each in held) <= len(content)


@pytest.mark.process
def test_mutated_mails_pass_through_the_process_of_their_own_whole():
    for content in mutants(SEEDS, random.Random(16), 20):
        read = read_mail(content)
        assert read.parts[-1].content == content
        assert not {"It could not be taken apart: it is kept as it came."} & set(read.remarks)


@pytest.mark.prove
def test_twenty_thousand_mutated_mails(capsys):
    slowest = largest = 0.0
    with ThreadPoolExecutor(2) as pool:
        for content, (read, seconds) in pool.map(timed, mutants(SEEDS, random.Random(17), 20_000)):
            assert read.parts[-1].content == content
            assert not any("could not be taken apart" in each for each in read.remarks)
            slowest = max(slowest, seconds)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with capsys.disabled():
        print(f"20,000 mutated mails: none lost, the slowest {slowest:.1f} s, a reader's memory {largest:.0f} MB at most")


def timed(content):
    start = time.perf_counter()
    return content, (read_mail(content), time.perf_counter() - start)


def test_other_files_are_kept_as_they_came():
    read = read_message("../x/scan.eml", b"%PDF-1.4 scan")
    assert files(read) == [("scan.eml", "application/pdf")]
    text = read_message("note.txt", b"Ich bitte um Auskunft. ilse@amsel.example\x07")
    assert (text.body, text.named) == ("Ich bitte um Auskunft. ilse@amsel.example", ("ilse@amsel.example",))
    assert text.parts[0].content.endswith(b"\x07")


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("a.eml", b"", "empty"), ("a.docx", b"PK", "not read here"), ("a.txt", b"\xff\xfd\xff", "not UTF-8"),
    ("a.eml", b"x" * (25 * 1024 * 1024 + 1), "25 MB"),
])
def test_what_is_refused_is_refused_with_a_sentence(name, content, sentence):
    with pytest.raises(Invalid, match=sentence):
        read_message(name, content)


def test_addresses_are_found_in_long_texts_too():
    text = "x" * 900_000 + " write to jo@example.com. " + "@" * 50_000
    assert addresses_in(text) == ("jo@example.com",)
    assert len(addresses_in(" ".join(f"a{i}@x.example" for i in range(500)))) == 100
