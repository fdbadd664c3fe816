"""Spell an identifier loosely, to propose possible matches and to err towards not contacting; never to identify."""

import re
import unicodedata
from contextlib import suppress

import idna

from core.law.errors import Invalid
from core.matching.normal_forms import LONGEST, unseen
from core.matching.readings import cleaned, read_one

_LONGEST = 4 * LONGEST
_NATIONAL = 9  # last digits of a telephone number that are compared: without the country, which people leave out
_HOSTS = {"googlemail.com": "gmail.com"}

# Letters that are drawn like a Latin one, after case folding; the common part of Unicode's confusables (UTS 39).
_LOOKALIKES = {
    ord(drawn): latin
    for latin, drawings in {
        "a": "аɑα", "ae": "ӕ", "b": "ьβ", "c": "сϲ", "d": "ԁ", "e": "еєε", "f": "ϝ", "g": "ɡց", "h": "һ", "i": "іıɩι",
        "j": "јϳ", "k": "кκ", "l": "ӏ", "m": "м", "n": "пη", "o": "оοօ", "p": "рρ", "q": "ԛ", "r": "гᴦ", "s": "ѕ",
        "t": "тτ", "u": "υս", "v": "ѵν", "w": "ԝω", "x": "хχ", "y": "уүγ", "z": "ᴢ",
    }.items()
    for drawn in drawings
}


def loose_form(kind: str, text: str, region: str | None = None) -> str:
    """Give the one loose spelling of an identifier, or of a text that should be one; empty where nothing is left of it.

    Two that share it are possibly the same: plus tags, dots, the two names of one mail host, compatibility forms (NFKC),
    invisible characters, letters that look alike, and for telephone numbers a missing country are all spelled alike.
    Equal normal forms have equal loose forms. Everything found so is a proposal for a human.

    >>> loose_form("email", "Ilse.Amsel+news@googlemail.com") == loose_form("email", "ilseamsel@gmail.com")
    True
    >>> loose_form("phone", "0 40 / 555 01 02") == loose_form("phone", "+49 40 5550102")
    True
    """
    try:
        plain = read_one(kind, text, region)
    except Invalid:
        seen = "".join(character for character in text[:_LONGEST] if not unseen(character))
        plain = cleaned(kind, unicodedata.normalize("NFKC", seen))
        with suppress(Invalid):  # what is no identifier is compared by what is left of it
            plain = read_one(kind, plain, region)
    return loose_of(kind, plain)


def loose_of(kind: str, form: str) -> str:
    """Give the loose spelling of a normal form; `loose_form` is for texts as they came."""
    if kind == "email" and "@" in form:
        return _loose_email(form)
    if kind == "phone" and (digits := _digits(form.partition(";")[0])):
        return digits[-_NATIONAL:].lstrip("0") or "0"
    return re.sub(r"[\W_]+", "", _latin(form)) or "".join(form.split())


def suppression_forms(kind: str, text: str, region: str | None = None) -> tuple[str, ...]:
    """Give the forms under which a suppression is both written and checked: normal, without plus tag, by the host's one name.

    A person who objected as jo@ must not be written to as jo+news@, nor the other way round; both share a member.
    Raises Invalid as `normal` does.
    """
    form = read_one(kind, text, region)
    if kind != "email":
        return (form,)
    plain = _without_tag(form)
    local, _, host = plain.rpartition("@")
    return tuple(dict.fromkeys((form, plain, f"{local}@{_HOSTS.get(host, host)}")))


def _loose_email(address: str) -> str:
    local, _, domain = unicodedata.normalize("NFKC", address).rpartition("@")
    host = ".".join(_latin(_shown(label)) for label in domain.strip(". ").split("."))
    local = _latin("".join(_without_tag(f"{local}@").removesuffix("@").split()))
    return f"{local.replace('.', '') or local}@{_HOSTS.get(host, host)}"


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdecimal())


def _without_tag(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _latin(text: str) -> str:
    """Fold case and accents, and write letters that look like a Latin one as that one."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return unicodedata.normalize("NFKC", bare.translate(_LOOKALIKES))


def _shown(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return idna.ulabel(label.lower())
    except (idna.IDNAError, UnicodeError):
        return label
