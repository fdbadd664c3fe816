"""Which rights reach a use of data, by its legal basis: the one table of rights by basis (ERA, POR, OBJ-1, CON-1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import Invalid
from core.law.ways import RIGHTS, Kind


class Basis(StrEnum):
    """The letters of Article 6(1); `ea` stands in the law of the United Kingdom alone."""

    CONSENT = "a"
    CONTRACT = "b"
    OBLIGATION = "c"
    VITAL = "d"
    PUBLIC_TASK = "e"
    RECOGNISED = "ea"
    INTERESTS = "f"


@dataclass(frozen=True, slots=True)
class Row:
    """One basis: its words, and what each right does to a use that rests on it.

    `erasure` holds the letters of Article 17(1) that can reach the use, `exception` the letter of 17(3) that usually
    covers it for as long as the task or duty lasts; `marketing` is None where no marketing can rest on this basis.
    """

    words: str
    erasure: str
    exception: str
    portability: bool
    objection: bool
    marketing: bool | None
    withdrawal: bool


# The table of rights by legal basis. Read it by line: a use that rests on consent can be erased by (a), (b), (d), (e)
# and (f) of Article 17(1), is portable, is not objected to under 21(1) but withdrawn, and so on.
TABLE: Mapping[Basis, Row] = {
    Basis.CONSENT:     Row("consent",                        "abdef", "",  True,  False, True,  True),
    Basis.CONTRACT:    Row("a contract",                     "ade",   "",  True,  False, True,  False),
    Basis.OBLIGATION:  Row("a legal obligation",             "ade",   "b", False, False, None,  False),
    Basis.VITAL:       Row("somebody's vital interests",     "ade",   "",  False, False, None,  False),
    Basis.PUBLIC_TASK: Row("a task in the public interest",  "acde",  "b", False, True,  True,  False),
    Basis.RECOGNISED:  Row("a recognised legitimate interest", "acde", "", False, True,  True,  False),
    Basis.INTERESTS:   Row("our legitimate interests",       "acde",  "",  False, True,  True,  False),
}  # fmt: skip
ALWAYS = frozenset({Kind.ACCESS, Kind.RECTIFICATION, Kind.RESTRICTION})  # whatever the basis
BY_BASIS = (
    Kind.ACCESS, Kind.RECTIFICATION, Kind.RESTRICTION, Kind.ERASURE, Kind.PORTABILITY, Kind.OBJECTION,
    Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL,
)
_NAMED = re.compile(r"6\(1\)\((ea|[a-f])\)")
_EXPLICIT = "9(2)(a)"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an item: the basis on which one purpose uses it, and whether that purpose is direct marketing.

    `explicit` says that special categories of data rest on explicit consent, 9(2)(a), besides the basis of Article 6.
    """

    basis: Basis
    purpose: str = ""
    marketing: bool = False
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a right reaches a use, the article that says so, and why in plain words."""

    applies: bool
    article: str
    reason: str


def use_of(text: str, purpose: str = "", *, marketing: bool = False) -> Use:
    """Return the use that a catalogue's legal basis describes. Raises Invalid where it names no point of Article 6(1).

    >>> use_of("Art. 6(1)(b) with 9(2)(a)", "care").explicit
    True
    """
    return Use(basis_of(text), purpose, marketing, _EXPLICIT in text)


def basis_of(text: str) -> Basis:
    """Return the letter of Article 6(1) in a catalogue's legal basis. Raises Invalid where it names none.

    >>> basis_of("Art. 6(1)(f): the interest in protecting customers' accounts")
    <Basis.INTERESTS: 'f'>
    """
    named = _NAMED.search(text)
    if named is None:
        raise Invalid("The data catalogue gives a legal basis outside of Article 6(1). Complete the catalogue.", "basis")
    return Basis(named[1])


def erasure_grounds(use: Use) -> frozenset[str]:
    """Return the letters of Article 17(1) that can reach a use.

    On any basis an objection to marketing reaches a marketing use (c), and a withdrawal what rested on 9(2)(a) (b).

    >>> sorted(erasure_grounds(Use(Basis.CONTRACT))), sorted(erasure_grounds(Use(Basis.CONTRACT, marketing=True)))
    (['a', 'd', 'e'], ['a', 'c', 'd', 'e'])
    """
    return frozenset(TABLE[use.basis].erasure + "c" * use.marketing + "b" * use.explicit)


def reach(kind: Kind, use: Use) -> Reach:
    """Return whether a right reaches one use of an item, with its reason. Raises Invalid for what is no such right.

    >>> reach(Kind.PORTABILITY, Use(Basis.PUBLIC_TASK))
    Reach(applies=False, article='20(3)', reason='a task in the public interest carries no portable copy')
    >>> reach(Kind.OBJECTION, Use(Basis.CONSENT)).reason
    'it rests on consent: the person withdraws it instead'
    >>> reach(Kind.OBJECTION_MARKETING, Use(Basis.CONTRACT, marketing=True)).applies
    True
    """
    row = TABLE[use.basis]
    if kind in ALWAYS:
        return Reach(True, RIGHTS[kind].article, "this right reaches every use, whatever its legal basis")
    if kind is Kind.ERASURE:
        return _erasure(row, use)
    if kind is Kind.PORTABILITY:
        return _portability(row, use)
    if kind is Kind.OBJECTION:
        return _objection(row, use)
    if kind is Kind.OBJECTION_MARKETING:
        return _marketing(row, use)
    if kind is Kind.CONSENT_WITHDRAWAL:
        if row.withdrawal or use.explicit:
            return Reach(True, "7(3)", "it rests on consent, which is withdrawn at any time")
        return Reach(False, "7(3)", f"it rests on {row.words}, not on consent")
    raise Invalid(f"{RIGHTS[kind].name} does not depend on a legal basis.", "kind")


def reached(kind: Kind, uses: Iterable[Use]) -> tuple[Use, ...]:
    """Return those uses of an item that a right reaches: it is judged for each purpose by itself.

    >>> [use.purpose for use in reached(Kind.OBJECTION, [Use(Basis.CONTRACT, "orders"), Use(Basis.INTERESTS, "fraud")])]
    ['fraud']
    """
    return tuple(use for use in uses if reach(kind, use).applies)


def _erasure(row: Row, use: Use) -> Reach:
    grounds = ", ".join(f"({letter})" for letter in sorted(erasure_grounds(use)))
    if not row.exception:
        return Reach(True, "17(1)", f"it rests on {row.words}: Article 17(1){grounds} can reach it")
    limit = f"17(3)({row.exception})"
    return Reach(True, limit, f"it rests on {row.words}: to that extent Article {limit} keeps it; beyond, 17(1){grounds} "
                              "can reach it")


def _portability(row: Row, use: Use) -> Reach:
    if row.portability or use.explicit:
        words = row.words if row.portability else "explicit consent"
        return Reach(True, "20(1)(a)", f"it rests on {words}; only what was provided or observed, by automated means")
    if use.basis is Basis.PUBLIC_TASK:
        return Reach(False, "20(3)", f"{row.words} carries no portable copy")
    return Reach(False, "20(1)(a)", f"it rests on {row.words}, not on consent or a contract")


def _objection(row: Row, use: Use) -> Reach:
    if row.objection:
        return Reach(True, "21(1)", f"it rests on {row.words}, to which the person may object")
    instead = ": the person withdraws it instead" if use.basis is Basis.CONSENT else ", to which nobody objects"
    return Reach(False, "21(1)", f"it rests on {row.words}{instead}")


def _marketing(row: Row, use: Use) -> Reach:
    if use.marketing:  # 21(2), (3): at any time, no exception, whatever basis the register names
        return Reach(True, "21(2)", "it is direct marketing, which stops at any time whatever it rests on")
    if row.marketing is None:
        return Reach(False, "21(2)", f"no direct marketing can rest on {row.words}")
    return Reach(False, "21(2)", "this use is not direct marketing")
