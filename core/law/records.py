"""A decision as a record: what was decided, by which rule, from which facts, in plain words (Art. 5(2), accountability).

Facts are the rows of the law's own tables, dates, and yes or no; what somebody typed, and what is held about a person,
can be no part of a record, so that it can stand in the log and in every export.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from core.law.errors import Invalid

Fact = StrEnum | date | bool | None
Facts = Mapping[str, Fact | Collection[StrEnum]]

_RULE = re.compile(r"[A-Z]{3}(?:-[1-9][0-9]?)?")
_PIN = re.compile(r"[a-z0-9_]+@[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ITEM = re.compile(r"[a-z0-9_]*(?:\.[a-z0-9_]+)*")
_KEY = re.compile(r"[a-z][a-z_]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POINT = re.compile(r"([0-9]+)\.([0-9]+)(?:\.([a-z]))?")


@dataclass(frozen=True, slots=True)
class Under:
    """Under which law a decision is taken: the pinned profile (`id@version`), and for which item of the catalogue."""

    profile: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision. `item` is empty where it is about the request as a whole; `inputs` are sorted by their name."""

    granted: bool
    outcome: str
    article: str
    rule: str
    profile: str
    item: str
    inputs: tuple[tuple[str, str], ...]
    sentence: str

    def text(self) -> str:
        """Return the record in its one canonical spelling: sorted keys, no blanks, ASCII."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def record(
    granted: bool, outcome: str, *, article: str, rule: str, under: Under, sentence: str, **inputs: Fact | Collection[StrEnum]
) -> Record:
    """Return the record of a decision. Raises Invalid where a part of it is missing or could carry somebody's data.

    >>> class Colour(StrEnum):
    ...     RED = "red"
    >>> made = record(True, "open", article="15", rule="ACC-1", under=Under("eu_gdpr@2018-05-25", "profiles.people"),
    ...     sentence="The recipients are named.", colour=Colour.RED, asked=date(2026, 3, 2), told=True)
    >>> made.inputs
    (('asked', '2026-03-02'), ('colour', 'red'), ('told', 'yes'))
    >>> read(made.text()) == made
    True
    >>> record(True, "open", article="15", rule="ACC-1", under=Under("eu_gdpr@2018-05-25"), sentence="Named.", name="Jo")
    Traceback (most recent call last):
    ...
    core.law.errors.Invalid: A record holds codes, dates and yes or no; the fact 'name' is none of them.
    """
    facts = tuple((name, _plain(name, inputs[name])) for name in sorted(inputs))
    made = Record(granted, str(outcome), article, rule, under.profile, under.item, facts, sentence)
    return _sound(made)


def inputs_of(made: Record) -> str:
    """Return the facts of a record as one text: canonical, and read again by `facts_of`."""
    return json.dumps([list(each) for each in made.inputs], separators=(",", ":"), ensure_ascii=True)


def facts_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return the facts that `inputs_of` wrote."""
    return tuple((str(name), str(value)) for name, value in json.loads(text))


def plainly(name: str, value: str) -> tuple[str, str]:
    """Return a fact of a record as people read it: no code of ours, days with their month's name.

    >>> plainly("refusal_due", "2026-03-02"), plainly("grounds", "17.1.a 17.1.d"), plainly("evidence", "yes")
    (('Refusal due', '02 Mar 2026'), ('Grounds', 'Art. 17(1)(a), Art. 17(1)(d)'), ('Evidence', 'yes'))
    """
    shown = []
    for word in value.split():
        if _DAY.fullmatch(word):
            shown.append(f"{date.fromisoformat(word):%d %b %Y}")
        elif point := _POINT.fullmatch(word):
            shown.append(f"Art. {point[1]}({point[2]})" + (f"({point[3]})" if point[3] else ""))
        elif name == "bases":
            shown.append(f"Art. 6(1)({word})" if word.isalpha() else f"Art. {word}")
        else:
            shown.append(word.replace("_", " "))
    return name.replace("_", " ").capitalize(), ", ".join(shown)


def read(text: str) -> Record:
    """Return the record that `text` spells. Raises Invalid where it spells none."""
    try:
        table = json.loads(text)
        made = Record(**table | {"inputs": tuple((str(name), str(value)) for name, value in table["inputs"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("This is not the text of a decision.", "record") from error
    return _sound(made)


def _plain(name: str, value: Fact | Collection[StrEnum]) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, datetime):
        raise Invalid(f"A record holds days, not moments: the fact '{name}' is a moment.", "record")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) and isinstance(value, Collection) and all(isinstance(one, StrEnum) for one in value):
        return " ".join(sorted(str(one) for one in value)) or "none"
    raise Invalid(f"A record holds codes, dates and yes or no; the fact '{name}' is none of them.", "record")


def _sound(made: Record) -> Record:
    whole = (
        _RULE.fullmatch(made.rule) and _PIN.fullmatch(made.profile) and _ITEM.fullmatch(made.item)
        and made.article and made.outcome and made.sentence.endswith(".")
        and all(_KEY.fullmatch(name) for name, _ in made.inputs)
    )
    if not whole:
        raise Invalid("A decision names its rule, its article, the version of its profile and a sentence.", "record")
    return made
