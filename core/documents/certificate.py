"""The certificate of an erasure: what was erased, what stays and why, each token that is left, and its three dates.

It names nobody. Who asked stands in the file of the request, under the reference, as long as that file is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.documents import page
from core.documents.dates import written
from core.documents.outline import Item, Outline, Section
from core.documents.statutes import Statute
from core.law.languages import FALLBACK

_KINDS = {"email": "e-mail addresses", "phone": "telephone numbers", "customer_id": "customer numbers",
          "national_id": "national numbers", "device_id": "devices"}
_NOTHING = "None: nothing is kept that would recognise the person."
_NOBODY = "This page names nobody: who asked stands in the file of the request alone."
_DONE = "The desk carried it out, and then searched again by every address and number that was known."
_ENDS = "the person's own newer, proven consent"  # what alone ends an objection or a withdrawal


@dataclass(frozen=True, slots=True)
class TokenLine:
    """Keyed hashes that stay: what they stop or prove, in words, of which kinds of value, how many, why, and their last day."""

    what: str
    kinds: tuple[str, ...]
    hashes: int
    why: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says; days are local ones of the controller.

    `systems` are (title, result, rows erased), `erased` (system, what, rows, why), `kept` (system, what, rows, why, until),
    `recipients` (who was told of it, how far). `purged_on` and `backups_gone_on` are None while that is to come, and the last
    where no backup held them; `backups_expected_on` is the day by which the `backups_left` are deleted, where it is known.
    """

    reference: str
    controller: str
    law: Statute
    because: tuple[str, ...]
    made_on: date
    approved_on: date
    erased_on: date
    purged_on: date | None
    backups_gone_on: date | None
    backups_expected_on: date | None
    backups_left: int
    key_destroyed: bool
    systems: tuple[tuple[str, str, int], ...]
    erased: tuple[tuple[str, str, int, str], ...]
    kept: tuple[tuple[str, str, int, str, str], ...]
    tokens: tuple[TokenLine, ...]
    recipients: tuple[tuple[str, str], ...]


def print_certificate(told: Certificate) -> bytes:
    """Return the certificate as PDF; the same facts give the same bytes."""
    return page.as_pdf(lay_out(told), FALLBACK, told.controller, told.made_on)


def lay_out(told: Certificate) -> Outline:
    """Return the page, still without any layout."""
    return Outline(
        title=f"Certificate of erasure ({told.reference})",
        heading="Certificate of erasure",
        intro=(
            f"{told.controller} erased personal data under {told.law.full('17(1)')}, because {_because(told)}.",
            f"Made on {written(told.made_on)}, reference {told.reference}. {_NOBODY}",
            f"The plan was approved on {written(told.approved_on)} by another person than the one who prepared it. {_DONE}",
        ),
        systems=tuple((title, result, f"{rows:,}") for title, result, rows in told.systems),
        sections=(
            Section("When the data are gone", (Item("", head=("From", "When"), rows=_dates(told)),), (_key(told),)),
            Section("What was erased", (_table(("System", "What", "Rows", "Why"), told.erased, "Nothing held any rows."),)),
            Section("What stays, and why", (_table(
                ("System", "What", "Rows", "Why", "Kept"), told.kept, "Nothing but the file of the request itself.",
            ),), (f"The file of the request stays, to show that it was answered{told.law.note('5(2)')}.",)),
            Section("Coded fingerprints that stay", (_table(
                ("What it is", "Made of", "Number", "Why", "Until"), map(_token, told.tokens), _NOTHING,
            ),)),
            Section("Who else was told", (_table(
                ("Recipient", "How far"), told.recipients, "The disclosure log named no recipient.",
            ),), (f"Recipients are told of an erasure{told.law.note('19')}.",)),
        ),
    )


def _because(told: Certificate) -> str:
    return told.law.said("; because ".join(told.because))


def _dates(told: Certificate) -> tuple[tuple[str, str], ...]:
    if not told.backups_gone_on and not told.backups_left:
        backups = "no backup held them"
    elif told.backups_gone_on:
        backups = written(told.backups_gone_on)
    elif told.backups_expected_on:
        backups = f"expected on {written(told.backups_expected_on)}; until then {_backups(told.backups_left)}"
    else:
        backups = f"not yet, and no day is set: {_backups(told.backups_left)}"
    return (
        ("The systems", written(told.erased_on)),
        ("The bytes of the store", written(told.purged_on) if told.purged_on else "not yet: when the store is next written anew"),
        ("The last backup that held them", backups),
    )


def _backups(number: int) -> str:
    return f"{number} older backup{'s hold' if number > 1 else ' holds'} them, cleared before anybody works with one"


def _key(told: Certificate) -> str:
    if told.key_destroyed:
        return "The key that opened the person's sealed texts is destroyed, in every copy of the store that came after."
    return "The key that opens the person's sealed texts stays, because some of what stays is sealed with it."


def _token(line: TokenLine) -> tuple[str, str, str, str, str]:
    kinds = ", ".join(_KINDS.get(each, each) for each in line.kinds)
    until = written(line.until) if line.until else _ENDS
    return line.what, kinds, f"{line.hashes:,}", line.why, until


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]], nothing: str) -> Item:
    told = tuple(tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows)
    return Item("", head=head, rows=told) if told else Item("", (nothing,))
