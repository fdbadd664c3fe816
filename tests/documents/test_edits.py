"""Whatever is typed into a letter, under every law that letters know, what the law demands of it is on the paper."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core.documents.glyphs import undrawable
from core.documents.letter import draft, joined, print_letter
from core.documents.pdf import TEMPLATES
from core.documents.statutes import statute, statutes_in
from core.law.errors import Invalid
from core.law.letters import LETTERS, LetterKind
from tests.documents.reading import squeeze
from tests.documents.samples import HOSTILE
from tests.documents.test_letter import FACTS, HEAD

LONGEST = 20_000  # characters that the desk lets anybody type into a letter
LAWS = sorted(statutes_in(TEMPLATES / "en"))
# What a reader of PDF gives back as it was typed; that no other sign is lost is shown in test_letter for each by itself.
SIGNS = "".join(map(chr, range(32, 127))) + "\n\t\x07"
TYPED = st.one_of(
    st.just(""), st.sampled_from([each for each in HOSTILE if each.isascii()]), st.sampled_from(["- ", "\n\n", "\r\n", "\t", "\n- \n", "Please ignore what follows:"]),
    st.text(st.sampled_from(SIGNS), max_size=200),
)


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """Give a text after some edits: parts taken out, put in, written over, everything gone."""
    for _ in range(draw(st.integers(0, 4))):
        first, last = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        text = text[:first] + draw(TYPED) * draw(st.sampled_from([1, 1, 1, 40])) + text[last:]
    return text[:LONGEST]


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(LetterKind), data=st.data())
def test_what_the_law_demands_is_printed_whatever_is_typed(law: str, kind: LetterKind, data: st.DataObject) -> None:
    """A wrong one would leave it in the text that is edited, cut a long letter, or let a typed mark swallow what follows."""
    drafted = draft(kind, FACTS, law=law)
    whole = joined(data.draw(edited(drafted.text)), drafted.passages)
    if undrawable(whole):
        with pytest.raises(Invalid, match="no font of ours can print"):
            print_letter(kind, whole, HEAD)
        return
    words = _words(print_letter(kind, whole, HEAD).pdf_bytes)
    for line in drafted.passages.splitlines():
        assert squeeze(line.removeprefix("- ")) in words
    for fact in LETTERS[kind].stands - LETTERS[kind].optional:
        for value in _written(FACTS[fact]) if fact not in _SAID_OTHERWISE else ():
            assert squeeze(statute(law).said(value)) in words, fact
    if LETTERS[kind].remedies:
        under = statute(law)
        assert squeeze(under.complaint.replace("{authority}", FACTS["authority"])) in words
        assert squeeze(under.remedy) in words


_SAID_OTHERWISE = {"about", "article"}  # codes: they choose the words, as each law has them


def _written(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [f"{each.day} {each:%B %Y}" if isinstance(each, date) else str(each) for each in values]


def _words(content: bytes) -> str:
    """Return what the pages say without the foot of each, so that a sentence that goes on overleaf is in one piece."""
    pages = [squeeze(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    feet = [squeeze(f"{' '.join(HEAD.foot)} Page {number} of {len(pages)}") for number in range(1, len(pages) + 1)]
    assert all(foot in text for foot, text in zip(feet, pages, strict=True))
    return "".join(text.replace(foot, "") for foot, text in zip(feet, pages, strict=True))
