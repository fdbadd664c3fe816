"""Spell an identifier loosely, to propose possible matches and to err towards not contacting; never to identify."""

import re
import unicodedata

import idna

from core.law.errors import Invalid
from core.matching.normal_forms import normal, unseen

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


def loose_variants(kind: str, text: str, region: str | None = None) -> tuple[str, ...]:
    """Give the loose spellings of an identifier, its normal form first where it has one; empty if nothing can be read.

    Two identifiers are possibly the same when their variants share a member: store all of one side, ask with all of
    the other. Covers plus tags, dots and compatibility forms (NFKC), invisible characters, letters that look alike,
    and for telephone numbers a missing country. Everything found so is a proposal for a human.
    """
    found: dict[str, None] = {}
    seen = "".join(character for character in text if not unseen(character))
    plain = unicodedata.normalize("NFKC", seen)
    for spelling in (text, seen, plain):
        _add(found, kind, spelling, region)
    if kind == "email":
        _add_email(found, plain)
    elif kind == "phone":
        for form in tuple(found):
            digits = re.sub(r"\D", "", form.partition(";")[0])
            found[digits[-9:].lstrip("0") or "0"] = None
    else:
        bare = re.sub(r"[\W_]+", "", _latin(plain))
        if bare:
            found[bare] = None
    return tuple(found)


def suppression_forms(kind: str, text: str, region: str | None = None) -> tuple[str, ...]:
    """Give the forms under which a suppression is both written and checked: the normal form and that without plus tag.

    A person who objected as jo@ must not be written to as jo+news@, nor the other way round; both share a member.
    Raises Invalid as `normal` does.
    """
    form = normal(kind, text, region)
    if kind != "email":
        return (form,)
    return tuple(dict.fromkeys((form, _without_tag(form))))


def _add(found: dict[str, None], kind: str, text: str, region: str | None) -> None:
    try:
        found.setdefault(normal(kind, text, region))
    except Invalid:
        return  # a spelling that cannot be read proposes nobody


def _add_email(found: dict[str, None], plain: str) -> None:
    for form in tuple(found):
        _add(found, "email", _without_tag(form), None)
        _add(found, "email", _without_dots(_without_tag(form)), None)
    local, _, domain = plain.rpartition("@")
    alike = _latin(local) + "@" + ".".join(_latin(_shown(label)) for label in domain.split("."))
    _add(found, "email", alike, None)
    _add(found, "email", _without_dots(_without_tag(alike)), None)


def _without_tag(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _without_dots(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.replace('.', '') or local}@{domain}"


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
