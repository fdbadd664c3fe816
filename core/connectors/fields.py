"""The fields of an imported person, and how the columns of a file are laid onto them."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from core.law.errors import Invalid
from core.law.typed import check_day
from core.matching.normal_forms import KINDS
from core.matching.readings import BETWEEN

IDENTIFIERS = KINDS
SEVERAL = frozenset(KINDS) - {"customer_id"}  # of which one person has more than one, in more than one column
PLAIN = ("given_name", "family_name", "address", "city", "postcode", "country", "language")
FIELDS = ("customer_id", "email", "phone", "device_id", "national_id", "given_name", "family_name", "birth_date",
          "address", "city", "postcode", "country", "language")
ASKED = (*FIELDS, "name", "value")  # what a file of people looked for may hold besides
EVENT = ("customer_id", "at", "kind", "channel", "detail")
CONSENT = ("customer_id", "purpose", "channel", "given", "at", "text_version", "source")
DISCLOSURE = ("customer_id", "recipient", "categories", "at", "basis", "reference")
ATTRIBUTE = "attribute:"  # before the name of a further column of the company's own, where fields are named
LONGEST = 1000  # characters of one field; what is longer is kept as source text

# Other names of the same columns, as files of linkage tests and of shops carry them.
_OTHER_NAMES = {
    "rec_id": "customer_id", "customer": "customer_id", "customer_number": "customer_id", "e_mail": "email",
    "e_mail_address": "email", "email_address": "email", "telephone": "phone", "phone_number": "phone",
    "mobile": "phone", "soc_sec_id": "national_id", "first_name": "given_name", "forename": "given_name",
    "surname": "family_name", "last_name": "family_name", "date_of_birth": "birth_date", "born": "birth_date",
    "mail": "email", "tel": "phone",
    "telefon": "phone", "telefone": "phone", "cell": "phone", "cellphone": "phone", "mobil": "phone", "handy": "phone",
    "suburb": "city", "town": "city", "zip": "postcode", "postal_code": "postcode", "street": "address",
}
# Words that say which of several e-mail addresses or numbers a column holds.
_WHICH = frozenset({
    "home", "private", "personal", "work", "office", "business", "company", "second", "secondary", "third", "primary", "main",
    "alternative", "alternate", "alt", "other", "further", "additional", "old", "new", "day", "evening", "daytime", "mobile",
    "landline", "no", "nr", "number", "address",
})
_ADDRESS_PARTS = ("street_number", "address_1", "address_2")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
_TRUE, _FALSE = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})

Mapped = dict[str, list[str]]


def propose(columns: Sequence[str], fields: Sequence[str] = FIELDS) -> Mapped:
    """Propose which columns make up each field, by their names; a column that fits none is left out.

    Of e-mail addresses, telephone, device and national numbers every column counts, of the rest the first.

    >>> propose(["rec_id", "surname", "street_number", "address_1", "state"])
    {'customer_id': ['rec_id'], 'family_name': ['surname'], 'address': ['street_number', 'address_1']}
    >>> propose(["email", "email2", "mobile", "work_phone"])
    {'email': ['email', 'email2'], 'phone': ['mobile', 'work_phone']}
    """
    mapping: Mapped = {}
    for column in columns:
        plain = re.sub(r"\W+", "_", column.strip().lower())
        field = plain if plain in fields else _OTHER_NAMES.get(plain, "") or _one_of_several(plain)
        if field in fields and (field not in mapping or field in SEVERAL):
            mapping.setdefault(field, []).append(column)
    parts = [column for part in _ADDRESS_PARTS for column in columns if column.strip().lower() == part]
    if parts and "address" in fields and "address" not in mapping:
        mapping["address"] = parts
    return mapping


def _one_of_several(plain: str) -> str:
    """Return the kind of identifier that a column like `email2` or `work_phone` holds; empty where it is none."""
    words = [word.rstrip("0123456789") for word in plain.split("_")]
    bare = "_".join(word for word in words if word and word not in _WHICH)
    field = bare if bare in SEVERAL else _OTHER_NAMES.get(bare, "")
    return field if field in SEVERAL else ""


def settle(
    columns: Sequence[str], given: Mapping[str, Sequence[str]] | None, fields: Sequence[str], needed: Sequence[str]
) -> Mapped:
    """Return the mapping that is used: what was given wins over what the names propose.

    Raises Invalid when a field or column is not there, or a needed field has no column.
    """
    mapping = propose(columns, fields)
    for field, wanted in (given or {}).items():
        if field not in fields:
            raise Invalid(f"There is no field of this name to map to. The fields are: {', '.join(fields)}.", "map")
        if missing := [each for each in wanted if each not in columns]:
            raise Invalid(f"The file has no column {', '.join(missing)}: check the mapping of {field}.", "map")
        mapping[field] = list(wanted)
    if absent := [field for field in needed if not mapping.get(field)]:
        raise Invalid(
            f"The file has no column for {', '.join(absent)}. Name the column so, or map one to it.", "file"
        )
    return mapping


def lay(row: Mapping[str, str], mapping: Mapped) -> dict[str, str]:
    """Return the row by field, empty columns left out; several are joined by a space, or as identifiers beside each other."""
    return {
        field: (BETWEEN if field in SEVERAL else " ").join(row[name] for name in names if row[name])
        for field, names in mapping.items()
    }


def read_date(text: str) -> date:
    """Read YYYY-MM-DD or YYYYMMDD. Raises Invalid for anything else, and for a day that no calendar has."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise Invalid("A birth date is written YYYY-MM-DD or YYYYMMDD.", "birth_date")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid("The birth date is no day of the calendar.", "birth_date") from None


def read_instant(text: str) -> datetime:
    """Read an ISO 8601 date and time as naive UTC; a time without a zone is taken as UTC. Raises Invalid."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("A time is written like 2026-03-03T10:00:00+01:00.", "at") from None
    check_day(read.date(), "at", "the time")
    return read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read


def read_choice(text: str) -> bool:
    """Read whether a consent was given: true, yes, 1 or false, no, 0. Raises Invalid."""
    plain = text.strip().lower()
    if plain not in _TRUE | _FALSE:
        raise Invalid("Whether a consent was given is written true or false.", "given")
    return plain in _TRUE
