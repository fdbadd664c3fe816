"""The letters of a case: their words drafted from facts, edited by people, printed on the controller's head."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2.exceptions import UndefinedError

from core.documents import pdf
from core.documents.glyphs import require_drawable
from core.documents.languages import CONTACT, LAW, PASSAGES, REMEDIES, TEXT, templates_of, words_of
from core.documents.statutes import GDPR, statute
from core.law.errors import Invalid
from core.law.languages import FALLBACK
from core.law.letters import REMEDY, LetterKind, lacking

TEXT_LIMIT = 40_000  # characters of a letter, some fifteen pages


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted letter: the text that people edit, the passages that are printed below it whatever is typed, its language."""

    text: str
    passages: str
    language: str = FALLBACK

    @property
    def whole(self) -> str:
        """The letter as it is printed."""
        return joined(self.text, self.passages)


def joined(text: str, passages: str) -> str:
    """Return the whole text of a letter from its two parts."""
    return f"{text.strip()}\n\n{passages.strip()}\n" if passages else text


@dataclass(frozen=True)
class Head:
    """What stands around the text: who writes, to whom, when, under which reference, and who signs."""

    controller: str
    contact: tuple[str, ...]
    address: tuple[str, ...]
    made_on: date
    reference: str
    signer: str
    office: str = ""
    foot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A printed letter and the SHA-256 of its bytes, in hexadecimal."""

    pdf_bytes: bytes
    sha256: str


def subject_of(code: str) -> str:
    """Return the subject line of a letter as the desk shows it, in English."""
    return words_of(FALLBACK).subjects[code]


def draft(kind: LetterKind, facts: Mapping[str, Any], language: str = FALLBACK, law: str = GDPR) -> Draft:
    """Return a letter to edit, an empty line between paragraphs; `Invalid` names a missing fact.

    `law` is the code of the law under which it is written: its articles, its authority and its remedy stand in it. A
    letter to a representative says, below its salutation, `on_behalf_of` whom they asked.
    """
    missing = lacking(kind, (name for name, value in facts.items() if value not in (None, "", ())))
    if missing:
        raise Invalid(f"The letter '{subject_of(kind)}' still needs: {', '.join(missing).replace('_', ' ')}.", missing[0])
    template, words = templates_of(language).get_template(f"{kind}.txt"), words_of(language).plain
    under = statute(law, language)
    given = {**facts, LAW: under, CONTACT: _filled(words["questions"], facts), REMEDIES: " ".join(
        _filled(each, facts) for each in (under.complaint, under.remedy, words["help"]) if each
    )}
    try:
        text, passages = (_clean("".join(template.blocks[part](template.new_context(given)))) for part in (TEXT, PASSAGES))
    except UndefinedError as error:
        raise Invalid(f"The letter '{subject_of(kind)}' lacks a fact that its text needs.") from error
    if facts.get("on_behalf_of"):
        salutation, _, rest = text.partition("\n\n")
        behalf = words["on_behalf"].replace("{name}", str(facts["on_behalf_of"]))
        text = f"{salutation}\n\n{behalf}\n\n{rest}"
    return Draft(text, passages, language)


def _filled(sentence: str, facts: Mapping[str, Any]) -> str:
    for name in REMEDY:
        sentence = sentence.replace(f"{{{name}}}", str(facts.get(name, "")))
    return sentence


def _clean(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def print_letter(kind: LetterKind, text: str, head: Head, language: str = FALLBACK) -> Letter:
    """Return the letter as PDF/A and PDF/UA, A4; `Invalid` where it is empty, too long, or cannot be printed whole."""
    words = words_of(language)
    subject = words.subjects[kind]
    if not text.strip():
        raise Invalid("The letter has no text yet.", "text")
    if len(text) > TEXT_LIMIT:
        raise Invalid(
            f"The letter has {len(text)} characters; {TEXT_LIMIT} at most. Put what is long into the package.", "text"
        )
    require_drawable(text, "text")
    for field in ("controller", "reference", "signer", "office"):
        require_drawable(getattr(head, field), field)
    for field in ("contact", "address", "foot"):
        require_drawable("\n".join(getattr(head, field)), field)
    data = {
        "title": f"{subject} ({head.reference})",
        "author": head.controller,
        "language": language,
        "subject": pdf.words(subject),
        "controller": pdf.words(head.controller),
        "contact": _lines(head.contact),
        "address": _lines(head.address),
        "date": pdf.words(words.written(head.made_on)),
        "reference": pdf.words(head.reference),
        "body": [part for paragraph in _paragraphs(text) for part in _parts(paragraph)],
        "labels": {"date": words.plain["date"], "reference": words.plain["reference"], "page": words.plain["page"]},
        "closing": pdf.words(words.plain["closing"]),
        "signer": pdf.words(head.signer),
        "office": pdf.words(head.office),
        "foot": _lines(head.foot),
    }
    made = pdf.set_page("letter.typ", data, head.made_on)
    return Letter(made, hashlib.sha256(made).hexdigest())


def _lines(lines: tuple[str, ...]) -> list[dict[str, Any]]:
    return [pdf.words(line) for line in lines]


def _paragraphs(text: str) -> list[str]:
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [part for part in parts if part.strip()]


def _parts(paragraph: str) -> list[dict[str, Any]]:
    # a line that begins with "- " stands by itself as a point of a list; other lines keep their breaks
    parts: list[dict[str, Any]] = []
    for line in paragraph.strip("\n").split("\n"):
        if line.startswith("- "):
            parts.append({"point": True, "lines": [pdf.words(line[2:])]})
        elif parts and not parts[-1]["point"]:
            parts[-1]["lines"].append(pdf.words(line))
        else:
            parts.append({"point": False, "lines": [pdf.words(line)]})
    return parts
