"""Letters: drafted from facts, complete in law, printed with every word as it was written."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from core.documents.letter import FORMS, TEXT_LIMIT, Head, Kind, draft, print_letter
from core.law.errors import Invalid
from tests.documents.reading import pdf_words, squeeze
from tests.documents.samples import ARABIC, HOSTILE, MADE_ON

FACTS: dict[str, Any] = {
    "salutation": "Dear Marker One",
    "received_on": date(2026, 11, 23),
    "right": "access to your personal data (Article 15)",
    "due_on": date(2026, 12, 23),
    "dpo_contact": "dpo@example.com",
    "authority": "the supervisory authority of Sampleland",
    "systems": ["Customer profiles: 14 rows", "Web shop: nothing held"],
    "searched": ["Customer profiles", "Web shop"],
    "delivery": "You can fetch it once.",
    "doubt": "the address is new to us",
    "proofs": ["sign in to your account", "call us"],
    "reply_by": date(2026, 12, 7),
    "reason": "the details match several people",
    "helps": "Please tell us your customer number.",
    "withdrawn_on": date(2026, 11, 24),
    "done_before": "nothing was sent",
}
HEAD = Head(
    controller="Example Trading GmbH",
    contact=("1 Example Street", "privacy@example.com"),
    address=("Marker One", "1 Sample Street"),
    made_on=MADE_ON,
    reference="RD-2026-004217-3",
    signer="For the privacy team",
    office="Compliance",
    foot=("Data protection officer: dpo@example.com",),
)
ARTICLES = {
    Kind.RECEIPT: ("Article 12(3)", "23 December 2026", "costs you nothing"),
    Kind.IDENTITY_QUESTION: (
        "Article 12(6)",
        "reasonable doubt",
        "7 December 2026",
        "- sign in to your account\n- call us\n",
    ),
    Kind.ANSWER: ("Article 15", "Article 77", "Article 79", "- Web shop: nothing held"),
    Kind.NO_DATA_HELD: ("Article 15(1)", "Article 77", "Article 79", "- Customer profiles\n"),
    # a refusal names its reason, the complaint and the remedy: Article 12(4)
    Kind.NOT_IDENTIFIED: (
        "Article 11(2)",
        "Article 12(2)",
        "the details match several people",
        "Article 77",
        "Article 79",
    ),
    Kind.WITHDRAWAL_CONFIRMED: ("24 November 2026", "take it back", "ask again"),
}


@pytest.mark.parametrize("kind", Kind)
def test_each_letter_says_what_the_law_wants(kind: Kind) -> None:
    text = draft(kind, FACTS)
    for words in ARTICLES[kind]:
        assert words in text
    assert "23 November 2026" in text
    assert "{" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("kind", Kind)
def test_a_missing_fact_is_named(kind: Kind) -> None:
    for fact in FORMS[kind].required:
        with pytest.raises(Invalid, match=fact.replace("_", " ")):
            draft(kind, {name: value for name, value in FACTS.items() if name != fact})
        with pytest.raises(Invalid, match=fact.replace("_", " ")):
            draft(kind, {**FACTS, fact: ""})


@pytest.mark.parametrize("kind", Kind)
def test_the_table_of_letters_names_every_fact_that_a_text_uses(kind: Kind) -> None:
    assert draft(kind, {name: FACTS[name] for name in FORMS[kind].required})
    for fact in FORMS[kind].required:
        changed = FACTS[fact] + ["CHANGED"] if isinstance(FACTS[fact], list) else FACTS[fact]
        changed = date(2031, 1, 1) if isinstance(changed, date) else changed
        changed = "CHANGED" if isinstance(changed, str) else changed
        assert draft(kind, {**FACTS, fact: changed}) != draft(kind, FACTS)


def test_letters_that_decide_need_another_person() -> None:
    decided = {kind for kind, form in FORMS.items() if form.approval != "nobody"}
    assert decided == {Kind.ANSWER, Kind.NO_DATA_HELD, Kind.NOT_IDENTIFIED}


def test_a_fact_is_text_and_never_a_template() -> None:
    text = draft(Kind.RECEIPT, {**FACTS, "salutation": "Dear {{ 7*7 }} <b>{% raw %}"})
    assert text.startswith("Dear {{ 7*7 }} <b>{% raw %},")


def test_a_letter_prints_each_word_as_it_was_written() -> None:
    left = [text for text in HOSTILE if text.isascii()]
    words = pdf_words(print_letter(Kind.RECEIPT, "\n\n".join(left), HEAD).pdf_bytes)
    for text in (
        *left,
        "Marker One",
        "RD-2026-004217-3",
        "24 November 2026",
        "Yours sincerely",
        "For the privacy team",
    ):
        assert squeeze(text) in words
    assert "root:" not in words


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_of_a_hostile_text_is_lost(text: str) -> None:
    base = pdf_words(print_letter(Kind.RECEIPT, "Q", HEAD).pdf_bytes)
    words = pdf_words(print_letter(Kind.RECEIPT, "Q " + text, HEAD).pdf_bytes)
    # a reader of PDF gives right-to-left text in the order of the page, so the letters are counted
    for character in set(squeeze(text)) - set("\u200d\u200f\ufe0f"):
        assert words.count(character) - base.count(character) >= squeeze(text).count(character)


def test_hostile_words_are_harmless_in_every_field_of_the_head() -> None:
    for text in HOSTILE:
        head = Head(text, (text,), (text,), MADE_ON, text, text, text, (text,))
        assert print_letter(Kind.ANSWER, text, head).pdf_bytes.startswith(b"%PDF")


def test_a_letter_is_tagged_a4_and_the_same_each_time() -> None:
    letter = print_letter(Kind.ANSWER, draft(Kind.ANSWER, FACTS), HEAD)
    assert letter == print_letter(Kind.ANSWER, draft(Kind.ANSWER, FACTS), HEAD)
    reader = PdfReader(io.BytesIO(letter.pdf_bytes))
    assert [round(side) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    metadata = reader.trailer["/Root"]["/Metadata"].get_data()
    assert b"pdfuaid:part" in metadata
    assert b"pdfaid:part" in metadata


@pytest.mark.parametrize("text", ["", " \n ", "x" * (TEXT_LIMIT + 1), "a\0b", "half \ud800 sign", "private \ue000 use"])
def test_a_letter_that_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        print_letter(Kind.RECEIPT, text, HEAD)


def test_a_long_text_of_arabic_takes_the_pages_it_needs() -> None:
    letter = print_letter(Kind.RECEIPT, "\n\n".join([ARABIC] * 30), HEAD)
    assert len(PdfReader(io.BytesIO(letter.pdf_bytes)).pages) > 1
