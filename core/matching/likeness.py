"""Bring names and addresses into the keys by which people are searched for when no identifier is known."""

import re
import unicodedata

LONGEST_KEY = 400
"""Characters kept of a key. Longer names exist, but nobody is told from another by what follows."""

# Letters with a stroke or joined letters, which Unicode does not take apart and people write without.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
# Signs put on letters: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs and the stretching stroke.
# Marks of other scripts (Indic vowels, the Japanese voicing mark) are letters in all but name and stay.
_SIGNS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_JOINED = frozenset("'’‘ʼ`´ʹ＇′")  # within a word: O'Brien is obrien
_ASCII_GAP = re.compile(r"[^a-z0-9]+")
_COUNTRY_PREFIX = re.compile(r"\s*[a-z]{1,3}\s*-\s*(?=\d)")


def name_key(*parts: str | None) -> str:
    """Give the key of a name: its parts in the order given, case folded, accents and punctuation gone.

    Any script survives; empty and missing parts are skipped, and a name without a letter has the empty key.

    >>> name_key("Zoë", "O'Brien-Łukasz")
    'zoe obrien lukasz'
    """
    return _key(" ".join(part for part in parts if part))


def address_key(*parts: str | None) -> str:
    """Give the key of an address (street, house number, further lines), by the rules of `name_key`."""
    return _key(" ".join(part for part in parts if part))


def city_key(text: str | None) -> str:
    """Give the key of a town or suburb, by the rules of `name_key`."""
    return _key(text or "")


def postcode_key(text: str | None) -> str:
    """Give the key of a postal code: letters and digits only, without a country put before it.

    >>> postcode_key(" sw1A 1aa"), postcode_key("D-10115")
    ('sw1a1aa', '10115')
    """
    folded = _fold((text or "")[:LONGEST_KEY])
    return "".join(c for c in _COUNTRY_PREFIX.sub("", folded, count=1) if c.isalnum())[:LONGEST_KEY]


def _key(text: str) -> str:
    text = text[:LONGEST_KEY]
    if text.isascii():
        return _ASCII_GAP.sub(" ", text.replace("'", "").replace("`", "").lower()).strip()
    written = "".join(_written(character) for character in _fold(text))
    return " ".join(unicodedata.normalize("NFC", written).split())[:LONGEST_KEY].rstrip()


def _fold(text: str) -> str:
    # Folding case can leave compatibility forms and marks out of order, hence compatibility first and composing last.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", _SIGNS.sub("", apart.translate(_PLAIN)))


def _written(character: str) -> str:
    if character in _JOINED:
        return ""
    category = unicodedata.category(character)
    if category[0] in "LNM" or category in ("So", "Co", "Cn"):  # So: emoji; Cn: letters newer than this Python
        return "" if "\ufe00" <= character <= "\ufe0f" else character
    return "" if category == "Cf" else " "
