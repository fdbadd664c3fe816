"""Rectification (Article 16): what may be corrected or completed, and which fields recognise people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.law.records import Record, Under, record
from core.law.workflow import Closing

# Whoever changes one of these can take over a file, or leave objections behind under the old one.
RECOGNISING = frozenset({
    "email", "phone", "customer_id", "national_id", "birth_date", "given_name", "family_name",
})  # fmt: skip
TITLES = {
    "email": "E-mail address", "phone": "Telephone number", "customer_id": "Customer number",
    "national_id": "National number", "birth_date": "Birth date", "given_name": "Given name",
    "family_name": "Family name", "address": "Address", "postcode": "Postcode", "city": "City", "country": "Country",
    "language": "Language", "supplementary_statement": "Supplementary statement",
}
UNIQUE = frozenset({"customer_id", "national_id"})  # two people never hold the same
WARNED = timedelta(days=90)
STATEMENT = "supplementary_statement"


class Finding(StrEnum):
    """What was found about one point that the person contests."""

    INACCURATE = "inaccurate"
    INCOMPLETE = "incomplete"
    CONTESTED = "contested"
    OPINION = "opinion"
    ACCURATE = "accurate"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a finding: whether the data change, and what is offered where they do not."""

    change: bool
    article: str
    sentence: str
    restriction: bool = False  # restriction is offered while the accuracy is verified
    statement: bool = False  # a supplementary statement is offered


OUTCOMES: dict[Finding, Outcome] = {
    Finding.INACCURATE: Outcome(True, "16", "The data are inaccurate: they are corrected."),
    Finding.INCOMPLETE: Outcome(True, "16", "The data are incomplete: they are completed.", statement=True),
    Finding.CONTESTED: Outcome(
        False, "18(1)(a)", "Whether the data are accurate is not settled: restriction is offered while it is verified.",
        restriction=True, statement=True,
    ),
    Finding.OPINION: Outcome(
        False, "16", "An opinion that is faithfully recorded as one is not inaccurate: a statement can stand beside it.",
        statement=True,
    ),
    Finding.ACCURATE: Outcome(
        False, "16", "The data are accurate: they stay, and a statement can stand beside them.", statement=True,
    ),
}  # fmt: skip


class Proof(StrEnum):
    """How it was shown that the new value is the person's own; the kind is recorded, never the document."""

    CODE_NEW = "code_new"
    CODE_OLD = "code_old"
    DOCUMENT = "document"
    REGISTER = "register"
    IN_PERSON = "in_person"


_REACHED = frozenset({"email", "phone"})
_BY_REACH = frozenset({Proof.CODE_NEW, Proof.IN_PERSON})
_BY_PAPER = frozenset({Proof.DOCUMENT, Proof.REGISTER, Proof.IN_PERSON})


def lacking(fields: Iterable[str], proofs: Collection[Proof]) -> str:
    """Return what is still to be proven for changed fields that recognise people, or nothing.

    A new address or number is proven by reaching the person there; a name, a birth date, a number given by others by
    what shows it.

    >>> lacking(["email"], [Proof.CODE_OLD])
    'Prove that the new address or number reaches the person: by a code sent there, or in person.'
    >>> lacking(["city", "birth_date"], [Proof.DOCUMENT])
    ''
    """
    changed, held = recognises(fields), frozenset(proofs)
    if changed & _REACHED and not held & _BY_REACH:
        return "Prove that the new address or number reaches the person: by a code sent there, or in person."
    if changed - _REACHED and not held & _BY_PAPER:
        return "Prove the new name, birth date or number: by a document that was seen, a register, or in person."
    return ""


def title_of(field: str) -> str:
    """Return the words for a field; a column of the company's own keeps its name.

    >>> title_of("email"), title_of("attribute:colour")
    ('E-mail address', 'colour')
    """
    return TITLES.get(field, field.partition(":")[2] or field)


def decide(finding: Finding) -> Outcome:
    """Return what follows from a finding (Article 16; Article 18(1)(a)).

    >>> decide(Finding.OPINION).change, decide(Finding.CONTESTED).restriction
    (False, True)
    """
    return OUTCOMES[finding]


def recognises(fields: Iterable[str]) -> frozenset[str]:
    """Return those of the fields by which people are recognised: they need proof of the new value and its trail.

    >>> sorted(recognises(["city", "birth_date", "email"]))
    ['birth_date', 'email']
    """
    return RECOGNISING & frozenset(fields)


def outcome(findings: Collection[Finding], *, statement: bool = False) -> Closing:
    """Return how a request ends by its findings. A statement alone completes the data, so it fulfils the request.

    >>> outcome([Finding.INACCURATE, Finding.ACCURATE])
    <Closing.PARTLY_FULFILLED: 'partly_fulfilled'>
    >>> outcome([Finding.OPINION])
    <Closing.REFUSED: 'refused'>
    >>> outcome([Finding.OPINION], statement=True)
    <Closing.PARTLY_FULFILLED: 'partly_fulfilled'>
    """
    done = [OUTCOMES[each].change for each in findings] + ([True] if statement else [])
    if done and all(done):
        return Closing.FULFILLED
    return Closing.PARTLY_FULFILLED if any(done) else Closing.REFUSED


def warned_until(changed_on: date) -> date:
    """Return the last day on which an access or an erasure of the same person is shown with a warning.

    >>> warned_until(date(2026, 1, 1))
    datetime.date(2026, 4, 1)
    """
    return changed_on + WARNED


def age_on(born: date, day: date) -> int:
    """Return the age in full years; who was born on 29 February comes of age on 1 March of a common year.

    >>> age_on(date(2010, 11, 24), date(2026, 11, 23)), age_on(date(2010, 11, 24), date(2026, 11, 24))
    (15, 16)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def crosses(old: date | None, new: date | None, day: date, limit: int) -> bool:
    """Whether a corrected birth date moves the person across the age limit of a child's consent (Article 8(1)).

    `day` is the day of the consent. An unknown birth date counts as of age, as it did when the consent was taken.

    >>> crosses(date(2000, 1, 1), date(2010, 1, 1), date(2025, 12, 31), 16)
    True
    """
    ages = [born is None or age_on(born, day) >= limit for born in (old, new)]
    return ages[0] != ages[1]


def record_of(finding: Finding, under: Under, *, recognises_people: bool, shared: bool = False) -> Record:
    """Return the decision on one point that the person contests (Article 16); no value of it enters.

    >>> made = record_of(Finding.OPINION, Under("eu_gdpr@2018-05-25", "local.profiles.city"), recognises_people=False)
    >>> made.granted, made.outcome, made.article
    (False, 'left', '16')
    """
    found = decide(finding)
    return record(
        found.change, "corrected" if found.change else "left", article=found.article, rule="REC", under=under,
        sentence=found.sentence, finding=finding, recognises_people=recognises_people, shared=shared,
    )
