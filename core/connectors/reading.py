"""Read the fields of a person as they came: what can be read becomes a value, what cannot stays as source text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.connectors.connector import Wanted
from core.connectors.fields import IDENTIFIERS, LONGEST, PLAIN, read_date
from core.connectors.identifiers import Held
from core.law.errors import Invalid
from core.matching.likeness import address_key, city_key, name_key, postcode_key
from core.matching.readings import BETWEEN, read_all

KEY_COLUMNS = ("name_key", "address_key", "city_key", "postcode_key")


@dataclass(slots=True)
class Read:
    """One person as read: values by column, identifiers, and the fields that could not be read with their reasons."""

    values: dict[str, str | date | None] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)  # field -> the text as it came
    alike: list[Held] = field(default_factory=list)  # what is no identifier, to be found by whoever spells it like that
    reasons: dict[str, str] = field(default_factory=dict)  # field -> why, without a value


def read_person(subject_ref: str, fields: Mapping[str, str], region: str | None = None) -> Read:
    """Read the fields given; an empty one is left out. `region` is the country of telephone numbers without one.

    A field of identifiers may hold several, each of which becomes one; what is none stays as source text.
    """
    read = Read()
    country = fields.get("country", "")
    home = country if len(country) == 2 and country.isascii() and country.isalpha() else region
    for name, text in fields.items():
        if not text:
            continue
        try:
            if name in IDENTIFIERS:
                found = read_all(name, text, home)
                read.held += [Held(subject_ref, name, value, form) for value, form in found.read]
                read.alike += [Held(subject_ref, name, value) for value, _ in found.unread]
                if found.unread:
                    read.unread[name] = BETWEEN.join(value for value, _ in found.unread)
                    read.reasons[name] = found.sentence
            elif name == "birth_date":
                read.values[name] = read_date(text)
            elif name in PLAIN:
                read.values[name] = _fitting(name, text)
        except Invalid as refusal:
            read.unread[name] = text
            read.reasons[name] = str(refusal)
    return read


def unread(wanted: Wanted, region: str | None = None) -> tuple[str, ...]:
    """Return a sentence for each text asked that is no identifier, so that "nobody" is never said of a writing slip.

    A value of any kind counts as the address or number that it looks like. No sentence quotes a text.

    >>> unread(Wanted(value="jo smith@x.example")), unread(Wanted(value="C-5512"))
    (('An e-mail address has the form name@example.com, without blanks or brackets.',), ())
    """
    asked = dict(wanted.identifiers)
    if kind := _looks_like(wanted.value or ""):
        asked.setdefault(kind, wanted.value or "")
    return tuple(dict.fromkeys(
        reason for kind, text in asked.items() for _, reason in read_all(kind, text, region).unread
    ))


def keys_of(values: Mapping[str, object]) -> dict[str, str]:
    """Return the columns by which people are alike, made from the columns that hold the values."""
    text = {name: value if isinstance(value, str) else None for name, value in values.items()}
    return {
        "name_key": name_key(text.get("given_name"), text.get("family_name")),
        "address_key": address_key(text.get("address")),
        "city_key": city_key(text.get("city")),
        "postcode_key": postcode_key(text.get("postcode")),
    }


def _looks_like(value: str) -> str:
    if "@" in value:
        return "email"
    return "phone" if value.strip().startswith(("+", "00", "(", "tel:")) else ""


def _fitting(name: str, text: str) -> str:
    if len(text) > LONGEST:
        raise Invalid(f"The field is longer than {LONGEST} characters.", name)
    return text
