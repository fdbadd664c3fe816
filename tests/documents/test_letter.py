"""Letters: drafted from facts, complete in law, printed with every word as it was written."""

import io
import re
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from core.documents.letter import TEXT_LIMIT, Head, draft, print_letter
from core.documents.pdf import TEMPLATES
from core.documents.statutes import statute, statutes_in
from core.law.errors import Invalid
from core.law.letters import LETTERS, LetterKind
from core.store.datafiles import profiles
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
    "missing": ["a power of attorney"],
    "reason": "the details match several people",
    "helps": "Please tell us your customer number.",
    "withdrawn_on": date(2026, 11, 24),
    "done_before": "nothing was sent",
    "erased": ["Customer profiles: device"],
    "because": ["the data were processed unlawfully"],
    "recipients": ["Marker Carrier: contact; told on 24 November 2026"],
    "kept": ["Web shop: event, because of a legal obligation; kept: 2034-12-31"],
    "erased_on": date(2026, 11, 24),
    "rest": "Nothing else of what stayed then is left.",
    "afterwards": "We keep nothing that would recognise you.",
    "corrected": ["City, in: Customer profiles"],
    "unchanged": ["Postcode. It is right."],
    "told": "We tell the recipients.",
    "done": ["Customer profiles: 3 records"],
    "open": ["Web shop: not done yet, because it did not answer"],
    "changed": ["E-mail address"],
    "changed_on": date(2026, 11, 24),
    "contact_us": "privacy@example.com",
    "person": "Marker One",
    "categories": "contact",
    "change": "the data were corrected",
    "done_on": date(2026, 11, 24),
    "details": ["City: Newtown"],
    "duty": "Please correct the data.",
    "where": "www.example.com/team",
    "restrictions": ["since 2 November 2026: the person needs them for legal claims"],
    "asked_again": "Please tell us whether you want them erased all the same.",
    "stopped": ["direct marketing and profiling for it, through every channel"],
    "stopped_on": date(2026, 11, 22),
    "ends": "Ends when the check is done.",
    "review_on": date(2027, 1, 20),
    "set_on": date(2026, 11, 21),
    "ground": "it is excessive (Article 12(5)(b))",
    "article": "12(5)",
    "facts": "The same copy was given nine days ago.",
    "grounds": "of the complexity of your request",
    "length": "3 months, counted from the day we received your request",
    "what": "your request",
    "after": "act on your request",
    "costs": ["Postage: 6.99 EUR"],
    "total": "6.99 EUR",
    "about": "authority",
    "question": "Which years do you mean?",
    "asked_on": date(2026, 11, 24),
    "our_grounds": "Fraud of this very kind cost three customers.",
    "weighed": "The person moves house often for work.",
    "result": "the decision is changed",
    "reasons": "The income was read from the wrong column.",
    "answer": "We have your address from you.",
    "notice_version": "2026-03",
    "answered_by": "without undue delay",
    "controller": "Sample Logistics SE, 2 Sample Street",
    "forwarded_on": date(2026, 11, 24),
    "first_sent_on": date(2026, 11, 20),
    "first": "RD-2026-004100-8",
    "first_on": date(2026, 11, 3),
    "reminded_on": date(2026, 12, 9),
    "what_happened": "A letter with your name was put into another envelope.",
    "consequences": "The other person learned your address.",
    "measures": "We took the letter back.",
    "authority_name": "The Sampleland Authority",
    "their_reference": "S-17/26",
    "disclosed_on": date(2026, 11, 24),
    "contents": "The record of the case and both letters.",
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
    LetterKind.RECEIPT: ("Article 12(3)", "23 December 2026", "costs you nothing"),
    LetterKind.IDENTITY_QUESTION: (
        "Article 12(6)",
        "reasonable doubt",
        "7 December 2026",
        "- sign in to your account\n- call us\n",
    ),
    LetterKind.ANSWER: ("Article 15", "Article 77", "Article 79", "- Web shop: nothing held"),
    LetterKind.NO_DATA_HELD: ("Article 15(1)", "Article 77", "Article 79", "- Customer profiles\n"),
    # a refusal names its reason, the complaint and the remedy: Article 12(4)
    LetterKind.NOT_IDENTIFIED: (
        "Article 11(2)",
        "Article 12(2)",
        "the details match several people",
        "Article 77",
        "Article 79",
    ),
    LetterKind.PORTABILITY_ANSWER: (
        "Article 20", "Article 20(2)", "Article 20(3)", "Article 77", "Article 79", "- Web shop: nothing held",
    ),
    LetterKind.ANSWERED_OUTSIDE: ("Article 77", "Article 79", "judicial remedy"),
    LetterKind.REFUSAL: (
        "because it is excessive", "Article 12(4)", "nine days ago", "complain to a supervisory authority",
        "Article 77", "judicial remedy", "Article 79",
    ),
    LetterKind.PARTLY_ANSWERED: (
        "Article 12(5)", "- Customer profiles: 3 records\n", "- Web shop: not done yet, because it did not answer", "Article 12(4)",
        "Article 77", "judicial remedy", "Article 79",
    ),
    LetterKind.WITHDRAWAL_CONFIRMED: ("24 November 2026", "take it back", "ask again"),
    LetterKind.OBJECTION_CONFIRMED: ("Article 21(3)", "22 November 2026", "- direct marketing and profiling", "Article 77"),
    LetterKind.CONSENT_WITHDRAWN: ("Article 7(3)", "22 November 2026", "stays lawful", "Article 77"),
    # the person is told before a restriction is lifted: Article 18(3); recipients are told: Article 19
    LetterKind.RESTRICTION_SET: ("Article 18(1)", "Article 18(2)", "20 January 2027", "Article 18(3)", "Article 19"),
    # every point that is not changed has its reason, the complaint and the remedy: Article 12(4)
    LetterKind.RECTIFIED: ("Article 16", "- City, in: Customer profiles\n", "searched again"),
    LetterKind.PARTLY_RECTIFIED: (
        "- City, in: Customer profiles\n", "- Postcode. It is right.\n", "Article 12(4)", "Article 77", "Article 79",
        "supplementary statement", "Article 18(1)(a)",
    ),
    LetterKind.NOT_RECTIFIED: (
        "- Postcode. It is right.\n", "Article 12(4)", "Article 77", "Article 79", "supplementary statement",
        "Article 18(1)(a)",
    ),
    LetterKind.ERASURE_CARRIED_OUT: (
        "Article 17(1)", "- Customer profiles: device\n", "processed unlawfully", "nothing that would recognise you",
        "backups", "Article 19", "Article 77", "Article 79",
    ),
    # what stays has its reason, the complaint and the remedy: Article 12(4)
    LetterKind.ERASURE_PARTLY: (
        "- Customer profiles: device\n", "- Web shop: event, because of a legal obligation", "Article 12(4)", "Article 19",
        "Article 77", "Article 79",
    ),
    LetterKind.ERASURE_REFUSED: ("- Web shop: event", "Article 12(4)", "Article 17", "Article 77", "Article 79"),
    LetterKind.KEPT_PART_ERASED: ("Article 17(1)", "24 November 2026", "- Customer profiles: device\n", "Nothing else", "Article 77"),
    LetterKind.OLD_ADDRESS_NOTICE: ("24 November 2026", "- E-mail address\n", "does not show the new data", "tell us at once"),
    LetterKind.RECIPIENT_NOTICE: ("Article 19", "24 November 2026", "Marker One", "- City: Newtown\n"),
    LetterKind.RESTRICTION_ENDS: ("Article 18(3)", "2 November 2026", "before it does", "erased all the same"),
    LetterKind.PUBLIC_NOTICE: ("Article 17(2)", "24 November 2026", "Marker One", "www.example.com/team", "any link", "copy or replication"),
    LetterKind.RECIPIENTS_NAMED: ("Article 19", "- Marker Carrier: contact; told on 24 November 2026\n", "Article 77", "Article 79"),
    LetterKind.RESTRICTION_WILL_BE_LIFTED: ("Article 18(3)", "before we do", "21 November 2026", "several people"),
    LetterKind.EXTENSION: (
        "Article 12(3)", "because of the complexity", "nine days ago", "3 months", "Article 77", "judicial remedy",
    ),
    LetterKind.FEE_ANNOUNCEMENT: (
        "fee of 6.99 EUR", "Article 12(5)", "Nothing is charged yet", "- Postage: 6.99 EUR\n", "You withdraw", "7 December 2026",
        "Article 77",
    ),
    LetterKind.CLARIFICATION_QUESTION: ("act for the person", "Which years do you mean?", "7 December 2026"),
    LetterKind.REPRESENTATIVE_UNPROVEN: ("Article 12(6)", "- a power of attorney\n", "7 December 2026", "destroy it", "at any time"),
    LetterKind.LATE_ANSWER: ("23 December 2026", "the details match", "Article 77", "Article 79"),
    LetterKind.KEPT_PART_ERASED: ("Article 17(1)", "24 November 2026", "- Customer profiles: device\n"),
    LetterKind.OBJECTION_UPHELD: ("Article 21(1)", "22 November 2026", "- direct marketing", "Article 17(1)(c)", "Article 18(3)"),
    # a refusal names its reason, the complaint and the remedy: Article 12(4)
    LetterKind.OBJECTION_NOT_UPHELD: (
        "Article 21(1)", "because our grounds override", "Fraud of this very kind", "moves house often", "Article 12(4)",
        "Article 77", "judicial remedy", "Article 79",
    ),
    LetterKind.HUMAN_REVIEW_ANSWERED: ("Article 22(3)", "the decision is changed", "wrong column", "Article 77", "Article 79"),
    LetterKind.NOTICE_ANSWERED: ("We have your address from you.", "version 2026-03", "Article 13 and Article 14"),
    LetterKind.COMPLAINT_ACKNOWLEDGED: ("confirm its receipt", "We answer without undue delay."),
    LetterKind.COMPLAINT_ANSWERED: ("did not handle the matter before", "wrong column", "Article 77", "Article 79"),
    LetterKind.FORWARDED: ("Sample Logistics SE", "24 November 2026"),
    LetterKind.NO_ANSWER: (
        "Which years do you mean?", "24 November 2026", "9 December 2026", "Article 12(6)", "Article 77", "Article 79", "close it",
    ),
    LetterKind.DUPLICATE: ("RD-2026-004100-8", "3 November 2026", "without undue delay", "something else"),
    LetterKind.NOT_A_REQUEST: ("do not read it so", "came on 23 November 2026", "Article 77", "Article 79"),
    LetterKind.OUTSIDE: ("Article 12(4)", "does not apply", "Article 77", "Article 79"),
    LetterKind.RESENT: ("20 November 2026", "came back"),
    LetterKind.MISDELIVERY_NOTICE: ("Article 34", "another envelope", "learned your address", "took the letter back"),
    LetterKind.DISCLOSURE_NOTICE: ("24 November 2026", "The Sampleland Authority", "Article 15(1)(c)"),
    LetterKind.AUTHORITY_COVER: ("The Sampleland Authority", "S-17/26", "both letters"),
    LetterKind.REMINDER: ("24 November 2026", "Which years do you mean?", "7 December 2026", "ask us again"),
}


# The person's own letter is no business of a recipient; the others are no answer to one.
UNDATED = {LetterKind.RECIPIENT_NOTICE, LetterKind.PUBLIC_NOTICE, LetterKind.MISDELIVERY_NOTICE, LetterKind.DISCLOSURE_NOTICE}


@pytest.mark.parametrize("kind", LetterKind)
def test_each_letter_says_what_the_law_wants(kind: LetterKind) -> None:
    text = draft(kind, FACTS).whole
    for words in ARTICLES[kind]:
        assert words in text
    assert "23 November 2026" in text or kind in UNDATED
    assert "{" not in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("kind", LetterKind)
def test_a_missing_fact_is_named(kind: LetterKind) -> None:
    for fact in LETTERS[kind].required:
        with pytest.raises(Invalid, match=fact.replace("_", " ")):
            draft(kind, {name: value for name, value in FACTS.items() if name != fact})
        with pytest.raises(Invalid, match=fact.replace("_", " ")):
            draft(kind, {**FACTS, fact: ""})


@pytest.mark.parametrize("kind", LetterKind)
def test_the_table_of_letters_names_every_fact_that_a_text_uses(kind: LetterKind) -> None:
    assert draft(kind, {name: FACTS[name] for name in LETTERS[kind].required})
    for fact in LETTERS[kind].required:
        changed = FACTS[fact] + ["CHANGED"] if isinstance(FACTS[fact], list) else FACTS[fact]
        changed = date(2031, 1, 1) if isinstance(changed, date) else changed
        changed = "CHANGED" if isinstance(changed, str) else changed
        assert draft(kind, {**FACTS, fact: changed}) != draft(kind, FACTS)


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_is_whole_and_printed_with_the_worst_facts_that_there_are(kind: LetterKind) -> None:
    """The longest and the strangest texts in every fact: nothing is obeyed, nothing is lost, nothing fails."""
    long = "W" * 300 + " " + " ".join(text for text in HOSTILE if text.isascii()) + " " + ARABIC
    worst = {
        name: [long] * 3 if isinstance(value, list) else value if isinstance(value, date) or name == "about" else long
        for name, value in FACTS.items()
    }
    text = draft(kind, worst).whole
    assert text.count("{{ 7*7 }}") >= 1
    assert print_letter(kind, text, HEAD).pdf_bytes.startswith(b"%PDF")


@pytest.mark.parametrize("kind", LetterKind)
def test_what_the_law_demands_stands_outside_the_text_that_people_edit(kind: LetterKind) -> None:
    row, drafted = LETTERS[kind], draft(kind, FACTS)
    assert drafted.whole == f"{drafted.text.strip()}\n\n{drafted.passages}"
    for fact in row.stands - row.optional:
        changed = FACTS[fact] + ["CHANGED"] if isinstance(FACTS[fact], list) else FACTS[fact]
        changed = date(2031, 1, 1) if isinstance(changed, date) else changed
        changed = ("fee" if fact == "about" else "CHANGED") if isinstance(changed, str) else changed
        assert draft(kind, {**FACTS, fact: changed}).passages != drafted.passages, fact
    if row.remedies:
        assert "complain to a supervisory authority (Article 77), for example to the supervisory authority" in drafted.passages
        assert "judicial remedy (Article 79)" in drafted.passages
    assert "dpo@example.com" in drafted.passages
    assert "supervisory authority (Article 77)" not in drafted.text, "said once, where nobody edits it away"


@pytest.mark.parametrize("law", sorted(statutes_in(TEMPLATES / "en")))
@pytest.mark.parametrize("kind", LetterKind)
def test_each_letter_cites_the_law_that_it_is_written_under(kind: LetterKind, law: str) -> None:
    """A wrong one would tell a person in Zurich of rights that only the Regulation gives."""
    facts = {**FACTS, "right": "access", "ground": "it is excessive (Article 12(5)(b))"}
    text, under = draft(kind, facts, law=law).whole, statute(law)
    others = [statute(each).name for each in statutes_in(TEMPLATES / "en") if each != law]
    assert not [name for name in others if name.removeprefix("the ") in text.replace(under.name, "")]
    cited = set(re.findall(r"Article \d+(?:\(\w+\))*", text))
    if law in {"ch", "br", "us_ca"}:
        tables = " ".join([*under.articles.values(), *under.elsewhere.values(), under.complaint, under.remedy])
        assert not [each for each in cited if each not in tables]
        assert "GDPR" not in text
        assert "Recital" not in text
    if law == "eu_institution":
        assert not cited & {"Article 12(3)", "Article 12(4)", "Article 77", "Article 79", "Article 13"}
    if LETTERS[kind].remedies:
        assert under.complaint.replace("{authority}", FACTS["authority"]) in text
        assert under.remedy in text
    assert not [each for each in ("()", "  ", "under ,") if each in text]


def test_an_article_that_a_law_does_not_have_is_not_cited() -> None:
    swiss, union, british = statute("ch"), statute("eu_institution"), statute("uk")
    assert (swiss.note("5(2)"), swiss.full("5(2)"), swiss.note("12(4)")) == ("", swiss.name, " (Article 26(4))")
    assert swiss.full("15(1)") == "Article 25 of the Federal Act on Data Protection (FADP)"
    assert swiss.full("12(3)") == "Article 18 of the Data Protection Ordinance (DPO)"
    assert (union.art("17(3)(e)"), union.note("21(3)"), union.art("21(1)")) == ("Article 19(3)(e)", "", "Article 23(1)")
    assert british.full("22(3)") == "Article 22C of the UK General Data Protection Regulation (UK GDPR)"
    assert british.art("11(2), 12(2)") == "Article 11(2) and Article 12(2)"
    assert swiss.said("It is excessive (Article 12(5)(b)); Articles 11(2) and 12(2).") == (
        f"It is excessive (Article 26(1)(c)); {swiss.name}."
    )
    assert statute().said("As Article 12(4) says (Article 5(2)).") == "As Article 12(4) says (Article 5(2))."


def test_every_profile_of_the_clock_names_a_law_that_the_letters_know() -> None:
    assert {profiles().on(each, date(2026, 11, 23)).law for each in profiles().ids()} == set(statutes_in(TEMPLATES / "en"))


def test_a_fact_is_text_and_never_a_template() -> None:
    text = draft(LetterKind.RECEIPT, {**FACTS, "salutation": "Dear {{ 7*7 }} <b>{% raw %}"}).text
    assert text.startswith("Dear {{ 7*7 }} <b>{% raw %},")


def test_a_letter_prints_each_word_as_it_was_written() -> None:
    left = [text for text in HOSTILE if text.isascii()]
    words = pdf_words(print_letter(LetterKind.RECEIPT, "\n\n".join(left), HEAD).pdf_bytes)
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
    base = pdf_words(print_letter(LetterKind.RECEIPT, "Q", HEAD).pdf_bytes)
    words = pdf_words(print_letter(LetterKind.RECEIPT, "Q " + text, HEAD).pdf_bytes)
    # a reader of PDF gives right-to-left text in the order of the page, so the letters are counted
    for character in set(squeeze(text)) - set("\u200d\u200f\ufe0f"):
        assert words.count(character) - base.count(character) >= squeeze(text).count(character)


def test_hostile_words_are_harmless_in_every_field_of_the_head() -> None:
    for text in HOSTILE:
        head = Head(text, (text,), (text,), MADE_ON, text, text, text, (text,))
        assert print_letter(LetterKind.ANSWER, text, head).pdf_bytes.startswith(b"%PDF")


def test_a_letter_is_tagged_a4_and_the_same_each_time() -> None:
    text = draft(LetterKind.ANSWER, FACTS).whole
    letter = print_letter(LetterKind.ANSWER, text, HEAD)
    assert letter == print_letter(LetterKind.ANSWER, text, HEAD)
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
        print_letter(LetterKind.RECEIPT, text, HEAD)


def test_a_long_text_of_arabic_takes_the_pages_it_needs() -> None:
    letter = print_letter(LetterKind.RECEIPT, "\n\n".join([ARABIC] * 30), HEAD)
    assert len(PdfReader(io.BytesIO(letter.pdf_bytes)).pages) > 1


def test_a_letter_to_a_representative_says_on_whose_behalf_they_asked() -> None:
    text = draft(LetterKind.RECEIPT, {**FACTS, "on_behalf_of": "Marker Two"}).text
    assert text.startswith("Dear Marker One,\n\nYou asked us on behalf of Marker Two:")
    assert "on behalf" not in draft(LetterKind.RECEIPT, {**FACTS, "on_behalf_of": ""}).whole
