"""What a person writes down or chooses in a form of the law: declared once, drawn by the page, checked by the action."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.law.errors import Invalid

LEAST_WORDS = 20  # characters below which nothing is told
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """A text: its name, its words on the screen, and the fewest characters that say anything; 0 where it may be empty."""

    name: str
    label: str
    least: int = LEAST_WORDS


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice of one: its name, its words on the screen, and the words of each code."""

    name: str
    label: str
    options: Mapping[str, str]


def read_texts(fields: tuple[Field, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of all fields without outer blanks. Raises Invalid, with the field, for the first that is amiss.

    >>> read_texts((Field("reason", "Why it is late"),), {"reason": " Two systems could not be reached in time. "})
    {'reason': 'Two systems could not be reached in time.'}
    """
    read = {}
    for field in fields:
        words = given.get(field.name, "").strip()
        if len(words) < field.least:
            raise Invalid(f"Write it down in a sentence: {field.label}.", field.name)
        if len(words) > LONGEST:
            raise Invalid(f"This is longer than {LONGEST:,} characters: {field.label}. Shorten it.", field.name)
        if "\x00" in words or any("\ud800" <= letter <= "\udfff" for letter in words):
            raise Invalid(f"This holds a character that is no text: {field.label}. Type it again.", field.name)
        read[field.name] = words
    return read


def read_picks(picks: tuple[Pick, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Return the codes chosen. Raises Invalid, with the name, for the first choice that is not made from its options.

    >>> read_picks((Pick("result", "Result", {"kept": "It stays"}),), {"result": "kept"})
    {'result': 'kept'}
    """
    for pick in picks:
        if given.get(pick.name, "") not in pick.options:
            raise Invalid(f"Choose: {pick.label}.", pick.name)
    return {pick.name: given[pick.name] for pick in picks}
