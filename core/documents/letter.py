"""The letters of a case: their words drafted from facts, edited by people, printed on the controller's head."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.documents import pdf
from core.documents.dates import written
from core.documents.glyphs import require_drawable
from core.law.errors import Invalid

TEXT_LIMIT = 40_000  # characters of a letter, some fifteen pages


class Kind(StrEnum):
    """The letters that there are."""

    RECEIPT = "receipt"
    IDENTITY_QUESTION = "identity_question"
    ANSWER = "answer"
    NO_DATA_HELD = "no_data_held"
    NOT_IDENTIFIED = "not_identified"
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed"


@dataclass(frozen=True)
class Form:
    """One row of the table of letters: its subject line, what it needs, its step and who must approve it."""

    subject: str
    article: str
    step: str
    required: frozenset[str]
    approval: str
    language: str = "en"


NOBODY = "nobody"
ANOTHER = "another person than the one who drafted it"
ALWAYS = frozenset({"salutation", "received_on", "right"})
REMEDY = frozenset({"authority", "dpo_contact"})

FORMS: Mapping[Kind, Form] = {
    Kind.RECEIPT: Form(
        "We have received your request", "12(3)", "after the request was taken in",
        ALWAYS | {"due_on", "dpo_contact"}, NOBODY,
    ),
    Kind.IDENTITY_QUESTION: Form(
        "A question before we can answer", "12(6)", "while the identity is in doubt",
        ALWAYS | {"doubt", "proofs", "reply_by", "dpo_contact"}, NOBODY,
    ),
    Kind.ANSWER: Form(
        "The answer to your request", "15", "when the access package is released",
        ALWAYS | REMEDY | {"systems", "delivery"}, ANOTHER,
    ),
    Kind.NO_DATA_HELD: Form(
        "The answer to your request", "15(1)", "when every system was searched and holds nothing",
        ALWAYS | REMEDY | {"searched"}, ANOTHER,
    ),
    Kind.NOT_IDENTIFIED: Form(
        "We cannot act on your request", "11(2)", "when the identity stayed unproven",
        ALWAYS | REMEDY | {"reason", "helps"}, ANOTHER,
    ),
    Kind.WITHDRAWAL_CONFIRMED: Form(
        "You have withdrawn your request", "12(3)", "when the person takes the request back",
        ALWAYS | {"withdrawn_on", "done_before", "dpo_contact"}, NOBODY,
    ),
}  # fmt: skip


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


_TEMPLATES = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(pdf.TEMPLATES),
    undefined=StrictUndefined,
    autoescape=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["written"] = written


def draft(kind: Kind, facts: Mapping[str, Any]) -> str:
    """Return the text of a letter to edit, an empty line between paragraphs; `Invalid` names a missing fact."""
    form = FORMS[kind]
    missing = sorted(name for name in form.required if facts.get(name) in (None, "", ()))
    if missing:
        raise Invalid(f"The letter '{form.subject}' still needs: {', '.join(missing).replace('_', ' ')}.", missing[0])
    try:
        text = _TEMPLATES.get_template(f"{form.language}/{kind}.txt").render(facts)
    except UndefinedError as error:
        raise Invalid(f"The letter '{form.subject}' lacks a fact that its text needs.") from error
    return text.strip() + "\n"


def print_letter(kind: Kind, text: str, head: Head) -> Letter:
    """Return the letter as PDF/A and PDF/UA, A4; `Invalid` where it is empty, too long, or cannot be printed whole."""
    form = FORMS[kind]
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
        "title": f"{form.subject} ({head.reference})",
        "author": head.controller,
        "language": form.language,
        "subject": pdf.words(form.subject),
        "controller": pdf.words(head.controller),
        "contact": _lines(head.contact),
        "address": _lines(head.address),
        "date": pdf.words(written(head.made_on)),
        "reference": pdf.words(head.reference),
        "body": [part for paragraph in _paragraphs(text) for part in _parts(paragraph)],
        "closing": pdf.words("Yours sincerely"),
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
