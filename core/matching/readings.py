"""Read what people write for an identifier: several in one cell, with marks around them that say nothing."""

import re
import unicodedata
from dataclasses import dataclass

from core.law.errors import Invalid
from core.matching.normal_forms import LONGEST, normal, outer_blanks_removed, unseen

BETWEEN = " ::: "
"""What stands between several values of one kind where they are written as one text."""

MOST = 50  # values read of one cell; what follows is kept unread
_DIGITS = 15  # of a telephone number at most, E.164 6.2.1; more are two numbers
_APOSTROPHES = "'’‘`´"
_MARKS = re.compile(r"\s*(?::::|[\r\n\u2028\u2029]+)\s*")
_LISTED = re.compile(r"\s*(?::::|\||[\r\n\u2028\u2029]+|[;,](?!\s*ext))\s*", re.IGNORECASE)
_JOINED = re.compile(r"\s+(?:and|or|und|oder|et|ou|y|e|&)\s+|(?<=\d)\s*/\s*(?=[+(]|\d)|\s+/\s+", re.IGNORECASE)
_MAILS = re.compile(r"\s*[;,|/]\s*|\s+(?:and|or|und|oder|et|ou|y|e|&)\s+|\s+", re.IGNORECASE)
_BRACKETED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_MAIL_LABEL = re.compile(r"^(?:mailto:|e-?mail\s*:)\s*", re.IGNORECASE)
_AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*", re.IGNORECASE)
# Words only, never any letters: a customer number such as K-1705550101 is no telephone number with a label.
_PHONE_LABEL = re.compile(
    r"^(?:(?:tel|telefon|telephone|phone|fon|mobile?|mob|cell|handy|home|work|office|private?|privat)\b\s*[.:]*|[tmph]\s*[.:])\s*"
    r"(?=[\d+(])", re.IGNORECASE,
)
_COUNTRY = re.compile(r"^\(\s*(\+\s*\d{1,3}|00\s*\d{1,3})\s*\)")
_GLUED = re.compile(r"(?<=\d)\s*(?:x|ext|extension)\.?\s*(\d{1,7})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readings:
    """The values of one text: those read, as (value, normal form), and those that are no such identifier, with reasons."""

    read: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """Return why the first unread value is none; empty where all was read."""
        return self.unread[0][1] if self.unread else ""


def read_one(kind: str, text: str, region: str | None = None) -> str:
    """Return the normal form of one identifier as people write it: labels, brackets and invisible marks around it fall.

    Nothing falls that could tell two people apart. Raises Invalid as `normal` does.

    >>> read_one("phone", "Tel.: (+49) 40 5550102"), read_one("email", "Ilse <mailto:ilse@amsel.example>")
    ('+49405550102', 'ilse@amsel.example')
    """
    try:
        return normal(kind, text, region)
    except Invalid:
        plain = cleaned(kind, text)
        if plain == text:
            raise
        return normal(kind, plain, region)


def read_all(kind: str, text: str, region: str | None = None) -> Readings:
    """Return every identifier that a text holds, each once; what is none stays, with the sentence that says why.

    >>> read_all("email", "a@x.example ::: b@x.example").read
    (('a@x.example', 'a@x.example'), ('b@x.example', 'b@x.example'))
    >>> read_all("phone", "none").sentence
    'A telephone number has digits, blanks and + - ( ) . / only.'
    """
    whole = outer_blanks_removed(text)
    if (one := _form_of_one(kind, whole, region)) is not None:
        return Readings(((whole, one),), ())
    found: dict[str, str] = {}
    unread: dict[str, str] = {}
    for value in several(kind, text, region):
        try:
            found.setdefault(read_one(kind, value, region), value)
        except Invalid as refusal:
            unread.setdefault(value, str(refusal))
    return Readings(tuple((value, form) for form, value in found.items()), tuple(unread.items()))


def several(kind: str, text: str, region: str | None = None) -> tuple[str, ...]:
    """Return the single values of a cell. A customer number is one, whatever it holds; so is what reads as one value."""
    whole = outer_blanks_removed(text)
    if not whole:
        return ()
    if kind == "customer_id" or _form_of_one(kind, whole, region) is not None:
        return (whole,)
    parts = [whole]
    if kind == "email" and (bracketed := _BRACKETED.findall(whole)) and len(bracketed) == whole.count("@"):
        parts = bracketed
    else:
        for between in (_MARKS, _LISTED, _MAILS if kind == "email" else _JOINED):
            parts = [piece for part in parts for piece in _split(kind, part, between, region)]
    kept = tuple(dict.fromkeys(parts))
    return kept if len(kept) <= MOST else (*kept[:MOST], BETWEEN.join(kept[MOST:]))


def cleaned(kind: str, text: str) -> str:
    """Return a text without what says nothing: invisible marks, a spreadsheet's apostrophe, quotes, labels, brackets."""
    if len(text) > 4 * LONGEST:
        return text
    plain = outer_blanks_removed("".join(each for each in text if not unseen(each)) if kind == "phone" else _inner(text))
    plain = outer_blanks_removed(plain.strip(_APOSTROPHES + '"'))
    if kind == "email":
        return _cleaned_mail(plain)
    if kind == "phone":
        return _cleaned_phone(unicodedata.normalize("NFKC", plain))
    return plain


def _inner(text: str) -> str:
    """Strip invisible characters at the ends only: within an address they may be there to deceive."""
    first, last = 0, len(text)
    while first < last and (unseen(text[first]) or text[first].isspace()):
        first += 1
    while last > first and (unseen(text[last - 1]) or text[last - 1].isspace()):
        last -= 1
    return text[first:last]


def _cleaned_mail(plain: str) -> str:
    if (bracketed := _BRACKETED.search(plain)) and plain.count("@") == 1:
        plain = bracketed[1]
    plain = _MAIL_LABEL.sub("", plain).partition("?subject=")[0]
    return outer_blanks_removed(_AT.sub("@", plain).strip("<>.,;:" + _APOSTROPHES + '"'))


def _cleaned_phone(plain: str) -> str:
    plain = _PHONE_LABEL.sub("", plain)
    plain = _COUNTRY.sub(r"\1 ", plain)
    return outer_blanks_removed(_GLUED.sub(r";ext=\1", plain).rstrip(".,;"))


def _form_of_one(kind: str, text: str, region: str | None) -> str | None:
    """Return the normal form of a text that is one identifier as it stands, None where it is none or several."""
    if kind != "customer_id" and _MARKS.search(text):
        return None
    if kind == "phone" and sum(each.isdecimal() for each in text) > _DIGITS:
        return None
    try:
        return read_one(kind, text, region)
    except Invalid:
        return None


def _split(kind: str, text: str, between: re.Pattern[str], region: str | None) -> list[str]:
    if _form_of_one(kind, text, region) is not None:
        return [text]
    parts = [outer_blanks_removed(part) for part in between.split(text)]
    parts = [part for part in parts if part]
    # Words beside an address are no address of their own: only what could be one is taken apart.
    able = sum(("@" in part or bool(_AT.search(part))) if kind == "email" else _could_be_number(part) for part in parts)
    apart = between is _MARKS or kind in {"device_id", "national_id"} or able == len(parts)
    return parts if apart else [text]


def _could_be_number(text: str) -> bool:
    return sum(each.isdecimal() for each in text) >= 5
