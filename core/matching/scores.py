"""Weigh how much a person held resembles the person asked for, and say why; a human decides who it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.matching.closeness import Text, alike
from core.matching.likeness import address_key, city_key, name_key, postcode_key

POSSIBLE = 0.20
"""The least value at which a person is proposed when every field was asked; see `least`."""

LIKELY = 0.65
"""From here on several fields speak for the person. A name alone reaches 0.30 and so is never more than possible."""

# What a field adds when it is equal, and takes when it differs clearly. What is missing on a side adds and takes
# nothing. Weights sum to 1. Addresses change and are shared, a birth date neither changes nor tells twins apart.
_EQUAL = {"given": 0.12, "family": 0.18, "birth": 0.30, "address": 0.20, "postcode": 0.10, "city": 0.10}
_DIFFERS = {"given": 0.06, "family": 0.08, "birth": 0.12, "address": 0.06, "postcode": 0.04, "city": 0.04}
_NAME_GOOD = 0.25  # points of a name from which no other reading of it is tried
_ALIKE = 0.55  # likeness under which two texts count as different


@dataclass(frozen=True, slots=True)
class Asked:
    """The person looked for, as far as known: `given_name` and `family_name`, or else a whole `name`, and the rest."""

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    postcode: str | None = None
    address: str | None = None
    city: str | None = None

    def keys(self) -> dict[str, str | date | None]:
        """Give the parameters of the query `candidates`; a field that is not asked is None."""
        return {
            "name_key": name_key(self.given_name, self.family_name) or name_key(self.name) or None,
            "birth_date": self.birth_date,
            "postcode_key": postcode_key(self.postcode) or None,
            "address_key": address_key(self.address) or None,
            "city_key": city_key(self.city) or None,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person held, as the query `candidates` gives them; the keys are those of core.matching.likeness."""

    subject_ref: str
    customer_id: str | None
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    address_key: str
    city_key: str
    postcode_key: str

    @classmethod
    def read(cls, row: Mapping[str, object]) -> "Candidate":
        """Take the fields that are weighed out of a row given as column -> value; further columns are left alone."""
        born = row["birth_date"]
        return cls(
            str(row["subject_ref"]),
            _text(row["customer_id"]),
            _text(row["given_name"]),
            _text(row["family_name"]),
            born if isinstance(born, date) else None,
            _text(row["address_key"]) or "",
            _text(row["city_key"]) or "",
            _text(row["postcode_key"]) or "",
        )


@dataclass(frozen=True, slots=True)
class Score:
    """How much two descriptions of a person agree: `value` from 0 to 1, and `why` in words that hold no value."""

    value: float
    why: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Say whether several fields speak for the person; otherwise it is possible at most."""
        return self.value >= LIKELY


class _Looked:
    """The person asked for, taken apart once for many candidates."""

    def __init__(self, asked: Asked) -> None:
        self.birth_date = asked.birth_date
        given, family = name_key(asked.given_name), name_key(asked.family_name)
        whole = f"{given} {family}".strip() or name_key(asked.name)
        words = whole.split(" ")
        if not given and not family and len(words) > 1:
            # Where a name is cut into given and family name is a guess; both ends are tried.
            cuts = {(" ".join(words[:1]), " ".join(words[1:])), (" ".join(words[:-1]), " ".join(words[-1:]))}
        else:
            cuts = {(given, family)} if given or family else {("", whole)}
        self.cuts = tuple((Text(one), Text(other)) for one, other in sorted(cuts))
        self.whole = Text(whole)
        self.address = Text(address_key(asked.address))
        self.city = Text(city_key(asked.city))
        self.postcode = Text(postcode_key(asked.postcode))
        self.given_asked = any(one.key for one, _ in self.cuts)

    def weight(self) -> float:
        """Sum what the fields asked could add at most."""
        told = {
            "given": self.given_asked,
            "family": any(other.key for _, other in self.cuts),
            "birth": self.birth_date is not None,
            "address": bool(self.address.key),
            "postcode": bool(self.postcode.key),
            "city": bool(self.city.key),
        }
        return sum(_EQUAL[field] for field, is_told in told.items() if is_told)


def score(asked: Asked, candidate: Candidate) -> Score:
    """Weigh one person held against the person asked for; see `Score`."""
    return _score(_Looked(asked), candidate)


def least(asked: Asked) -> float:
    """Give the value under which nobody is proposed: POSSIBLE, or less where few fields are asked."""
    return _least(_Looked(asked))


def rank(asked: Asked, candidates: Iterable[Candidate], top: int = 5) -> list[tuple[Candidate, Score]]:
    """Order people by score, the best first, at most `top`, leaving out those under `least`; ties by subject_ref.

    Proposes only: the first place is no decision, and two people of equal score stand side by side.
    """
    looked = _Looked(asked)
    floor = _least(looked)
    scored = [(candidate, _score(looked, candidate)) for candidate in candidates]
    proposed = [pair for pair in scored if pair[1].value >= floor and pair[1].value > 0]
    return sorted(proposed, key=lambda pair: (-pair[1].value, pair[0].subject_ref))[:top]


def _least(looked: _Looked) -> float:
    return min(POSSIBLE, 0.6 * looked.weight())


def _score(looked: _Looked, candidate: Candidate) -> Score:
    why: list[str] = []
    total = _name(looked, candidate, why) + _birth(looked.birth_date, candidate.birth_date, why)
    total += _field("address", looked.address, candidate.address_key, why)
    total += _field("postcode", looked.postcode, candidate.postcode_key, why)
    total += _field("city", looked.city, candidate.city_key, why)
    return Score(round(min(max(total, 0.0), 1.0), 4), tuple(why))


def _field(field: str, asked: Text, held: str, why: list[str]) -> float:
    if not asked.key:
        return 0.0
    if not held:
        why.append(f"no {field} held")
        return 0.0
    likeness = alike(asked, held)
    why.append(f"{field} {_word(likeness)}")
    return _points(field, likeness)


def _word(likeness: float) -> str:
    return "equal" if likeness == 1 else "alike" if likeness >= _ALIKE else "differs"


def _points(field: str, likeness: float) -> float:
    """Turn a likeness of 0 to 1 into points: full when equal, falling to nothing at _ALIKE and to the loss at 0."""
    if likeness >= _ALIKE:
        return _EQUAL[field] * (0.25 + 0.75 * (likeness - _ALIKE) / (1 - _ALIKE))
    return -_DIFFERS[field] * (1 - likeness / _ALIKE)


def _name(looked: _Looked, candidate: Candidate, why: list[str]) -> float:
    if not looked.whole.key:
        return 0.0
    given, family = name_key(candidate.given_name), name_key(candidate.family_name)
    if not given and not family:
        why.append("no name held")
        return 0.0
    best, reason = -1.0, ""
    for one, other in looked.cuts:
        for swapped in (False, True):
            if best >= _NAME_GOOD:
                break
            first, last = (other, one) if swapped else (one, other)
            points, word = _pair(first, last, given, family)
            if swapped and first.key and last.key:
                points, word = points * 0.95, "given and family name swapped" if points > 0 else word
            if points > best:
                best, reason = points, word
    # Parts run together, cut elsewhere or moved from one field to the other: the whole is compared as well.
    likeness = 0.95 * alike(looked.whole, f"{given} {family}") if given and family and best < _NAME_GOOD else 0.0
    if likeness >= _ALIKE and (together := _points("given", likeness) + _points("family", likeness)) > best:
        best, reason = together, "name alike"
    why.append(reason)
    return best


def _pair(first: Text, last: Text, given: str, family: str) -> tuple[float, str]:
    total, words = 0.0, set()
    for field, asked, held in (("given", first, given), ("family", last, family)):
        if asked.key and held:
            likeness = alike(asked, held)
            total += _points(field, likeness)
            words.add(_word(likeness))
        elif asked.key or held:
            words.add("missing")
    if words <= {"equal"}:
        return total, "name equal"
    if "equal" in words:
        return total, "name equal in part"
    return total, "name alike" if "alike" in words else "name differs"


def _birth(asked: date | None, held: date | None, why: list[str]) -> float:
    if asked is None:
        return 0.0
    if held is None:
        why.append("no birth date held")
        return 0.0
    if asked == held:
        why.append("birth date equal")
        return _EQUAL["birth"]
    if (asked.year, asked.month, asked.day) == (held.year, held.day, held.month):
        why.append("birth date with day and month swapped")
        return 0.75 * _EQUAL["birth"]
    one, other = f"{asked:%Y%m%d}", f"{held:%Y%m%d}"
    apart = [place for place in range(8) if one[place] != other[place]]
    if len(apart) == 1:
        why.append("birth date one digit off")
        return 0.6 * _EQUAL["birth"]
    first, last = apart[0], apart[-1]
    if len(apart) == 2 and last == first + 1 and (one[first], one[last]) == (other[last], other[first]):
        why.append("birth date with two digits swapped")
        return 0.6 * _EQUAL["birth"]
    why.append("birth date differs")
    return -_DIFFERS["birth"] * (1 if len(apart) > 2 else 0.5)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
