"""Bring an identifier into the one form in which spellings of the same thing are equal and two things never are."""

import re
import unicodedata

import idna
import phonenumbers

from core.law.errors import Invalid

NORMAL_FORM = 1
"""The version of these rules; kept beside every hash made of a normal form, because old hashes need old rules."""

KINDS = ("email", "phone", "customer_id", "device_id", "national_id")
"""The kinds of identifier that have a normal form."""

LONGEST = 254  # octets of an e-mail address, RFC 5321 4.5.3.1.3; plenty for the other kinds

# Drawn as nothing, though Unicode counts them as letters, marks or symbols rather than as format characters.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, format (zero width, direction), surrogates, separators
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_NOT_IN_LOCAL = re.compile(r'[\s"(),:;<>@\[\]\\]')  # RFC 5322 3.2.3: what an unquoted local part cannot hold
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_MAC = re.compile(r"[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:;\s*ext=|,?\s*\b(?:ext|extension|x)\b\.?:?|#)\s*(\d{1,7})$", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().\-/‐‑‒–—]+")

_NAMES = {
    "email": "e-mail address",
    "phone": "telephone number",
    "customer_id": "customer number",
    "device_id": "device number",
    "national_id": "national number",
}


def normal(kind: str, text: str, region: str | None = None) -> str:
    """Give the normal form of an identifier; equal forms mean the same identifier, and the form of a form is itself.

    `kind` is one of KINDS; `region` is the two-letter country whose telephone numbers are meant where `text` names
    none. Raises Invalid, with a sentence that never quotes `text`, for what cannot be such an identifier; KeyError
    for an unknown kind. Rules: NFC (UAX 15), domains by IDNA 2008 (RFC 5891) after UTS 46 non-transitional mapping,
    telephone numbers by E.164.

    >>> normal("email", " Jo.Example+News@EXAMPLE.com. ")
    'jo.example+news@example.com'
    >>> normal("email", "x@faß.example") == normal("email", "x@fass.example")
    False
    >>> normal("phone", "(030) 1234567", region="DE")
    '+49301234567'
    """
    form = {
        "email": _email,
        "phone": lambda seen: _phone(seen, region),
        "customer_id": _as_given,
        "device_id": _device,
        "national_id": _national,
    }[kind](_visible(kind, text))
    if not form:
        raise Invalid(f"The {_NAMES[kind]} holds no letter and no digit.", kind)
    if len(form.encode()) > LONGEST:
        raise Invalid(f"The {_NAMES[kind]} is longer than {LONGEST} characters.", kind)
    return form


def unseen(character: str) -> bool:
    """Say whether a character shows nothing: control, zero width, writing direction, filler, variation selector."""
    return character in _BLANK or unicodedata.category(character) in _UNSEEN


def outer_blanks_removed(text: str) -> str:
    """Strip blanks, tabs and line ends only; str.strip would also drop control characters that must be refused."""
    first, last = 0, len(text)
    while first < last and _is_blank(text[first]):
        first += 1
    while last > first and _is_blank(text[last - 1]):
        last -= 1
    return text[first:last]


def _is_blank(character: str) -> bool:
    return character in "\t\r\n" or unicodedata.category(character) == "Zs"


def _visible(kind: str, text: str) -> str:
    text = outer_blanks_removed(text)
    if not text:
        raise Invalid(f"The {_NAMES[kind]} is empty.", kind)
    if len(text) > 4 * LONGEST:
        raise Invalid(f"The {_NAMES[kind]} is longer than {LONGEST} characters.", kind)
    if any(unseen(character) for character in text):
        raise Invalid(f"The {_NAMES[kind]} holds characters that cannot be seen; type it anew.", kind)
    return unicodedata.normalize("NFC", text)


def _email(text: str) -> str:
    local, at_sign, domain = text.rpartition("@")
    if not at_sign or not local or _NOT_IN_LOCAL.search(local):
        raise Invalid("An e-mail address has the form name@example.com, without blanks or brackets.", "email")
    # The local part belongs to the receiving host (RFC 5321 2.4). Hosts treat ASCII case alike in practice; anything
    # further (dots, plus tags, other scripts' case) would join mailboxes of different people.
    local = local.translate(_ASCII_LOWER)
    if len(local.encode()) > 64:
        raise Invalid("The part before the @ of an e-mail address has at most 64 characters.", "email")
    return f"{local}@{_domain(domain)}"


def _domain(text: str) -> str:
    sentence = "The part after the @ is not the name of a domain."
    try:
        mapped = text.translate(_ASCII_LOWER) if text.isascii() else idna.uts46_remap(text, False, False)
        labels = [_a_label(label) for label in mapped.removesuffix(".").split(".")]
    except (idna.IDNAError, UnicodeError):
        raise Invalid(sentence, "email") from None
    domain = ".".join(labels)
    if len(labels) < 2 or len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Invalid(sentence, "email")
    return domain


def _a_label(label: str) -> str:
    # Underscores stand in names of real hosts, and IDNA would refuse them; so plain ASCII is only matched by pattern.
    if label.isascii() and not label.startswith("xn--"):
        return label
    return idna.alabel(label).decode("ascii")


def _phone(text: str, region: str | None) -> str:
    extension = _EXTENSION.search(text)
    number = outer_blanks_removed(text[: extension.start()]) if extension else text
    if not _PHONE.fullmatch(number):
        raise Invalid("A telephone number has digits, blanks and + - ( ) . / only.", "phone")
    digits = "".join(str(unicodedata.digit(character)) for character in number if character.isdecimal())
    if len(digits) < 3:
        raise Invalid("A telephone number has at least three digits.", "phone")
    # Two desks of one switchboard share the number and not the person, so the extension stays part of the form.
    tail = f";ext={int(extension[1])}" if extension else ""
    plus = "+" if number.startswith("+") else ""
    home = (region or "").upper()
    try:
        parsed = phonenumbers.parse(plus + digits, home if home in phonenumbers.SUPPORTED_REGIONS else None)
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) + tail
    except phonenumbers.NumberParseException:
        pass  # without a country, or shorter than any of its numbers: its digits are all that can be compared
    if plus:
        raise Invalid("The telephone number begins with + but is no number of any country.", "phone")
    return digits + tail


def _as_given(text: str) -> str:
    # A company's own numbers may differ in case or punctuation alone; only the company knows, so nothing is folded.
    return text


def _device(text: str) -> str:
    if _UUID.fullmatch(text):
        plain = text.replace("-", "").lower()
        return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
    if _MAC.fullmatch(text):
        return text.replace("-", ":").lower()
    return text


def _national(text: str) -> str:
    # "+" stays: in Finland and Sweden it tells a person born a century earlier.
    kept = (c for c in text if c not in "./" and not c.isspace() and unicodedata.category(c) != "Pd")
    return unicodedata.normalize("NFC", "".join(kept)).translate({code: code - 32 for code in range(97, 123)})
