"""When a fee may be charged, what must be written down, and what the person must be told before (Articles 12(5), 15(3))."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from core.law.errors import Invalid, NotPossible
from core.law.records import Record, Under, record
from core.law.refusal import require_circumstances
from core.law.ways import RIGHTS, Kind

LEAST_WORDS = 20  # characters below which no fact is told
LONGEST_ITEM = 120
MOST_ITEMS = 12
LARGEST = Decimal("10000")
CURRENCIES = ("EUR", "GBP", "CHF", "USD", "DKK", "SEK", "NOK", "PLN", "CZK", "HUF", "RON", "BGN", "ISK")
# Withdrawing a consent is as easy as giving it (7(3)), and direct marketing is objected to free of charge (Recital 70).
FREE = frozenset({Kind.CONSENT_WITHDRAWAL, Kind.OBJECTION_MARKETING, Kind.COMPLAINT, Kind.INQUIRY, Kind.DISCLOSURE})


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground for a fee: article, name, the words that complete "because", for which rights, and what is to be shown."""

    code: str
    article: str
    title: str
    sentence: str
    rights: frozenset[Kind] | None  # None: every right that is not free in any case
    evidence: bool  # the controller bears the burden of proof (FEE-1)


GROUNDS: dict[str, Ground] = {
    row.code: row
    for row in (
        Ground("unfounded", "12(5)", "Manifestly unfounded", "your request is manifestly unfounded", None, True),
        Ground("excessive", "12(5)", "Excessive, in particular repetitive",
               "your request is excessive, in particular because of its repetitive character", None, True),
        # Apart from the others: no abuse is needed, and the first copy stays free (FEE-3).
        Ground("further_copies", "15(3)", "Further copies",
               "you asked for further copies; the first copy is free", frozenset({Kind.ACCESS}), False),
    )
}  # fmt: skip
OUTCOMES = {
    "paid": "Paid", "withdrawn": "The person withdrew", "not_paid": "Not paid", "waived": "We do without the fee",
}
# What an announcement must say, each with words that stand in a letter that says it (FEE-3).
PARTS = {"reasons": ("because",), "choice": ("withdraw",), "complaint": ("compla", "supervisory authority")}
PART_NAMES = {
    "reasons": "the reasons", "choice": "the choice to withdraw",
    "complaint": "the possibility of a complaint to a supervisory authority",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """One item of the administrative cost, in the currency of the fee."""

    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answered:
    """An earlier answer to the same person: on which local day, and what of it that is held changed since (None: unknown)."""

    answered_on: date
    changed: tuple[str, ...] | None


def never(kind: Kind) -> str:
    """Return why a right is free in any case, empty where a fee is thinkable.

    >>> never(Kind.ACCESS)
    ''
    """
    if kind in FREE:
        return f"{RIGHTS[kind].name} is free of charge in any case: no fee can be announced."
    return ""


def grounds(kind: Kind) -> tuple[Ground, ...]:
    """Return the grounds on which a fee for this right is thinkable.

    >>> [ground.code for ground in grounds(Kind.ERASURE)]
    ['unfounded', 'excessive']
    """
    if never(kind):
        return ()
    return tuple(each for each in GROUNDS.values() if each.rights is None or kind in each.rights)


def require_ground(kind: Kind, code: str, facts: str, evidence: str, circumstances: Collection[str] = ()) -> Ground:
    """Return the ground of a fee. Raises NotPossible where the right is free, Invalid with what is missing (FEE-1).

    Without the evidence record there is no fee; the number of requests alone is none (FEE-2).
    """
    if reason := never(kind):
        raise NotPossible(reason)
    ground = next((each for each in grounds(kind) if each.code == code), None)
    if ground is None:
        raise Invalid(f"Choose a ground on which a fee for this right ({RIGHTS[kind].name.lower()}) is thinkable.", "ground")
    if len(facts.strip()) < LEAST_WORDS:
        raise Invalid("Write the facts of this case that make the ground true: the person reads them.", "facts")
    if ground.evidence and len(evidence.strip()) < LEAST_WORDS:
        raise Invalid(
            "Write down the evidence: the burden of proof is ours (Art. 12(5)), and the number of requests alone is none. "
            "Without it there is no fee.", "evidence",
        )
    require_circumstances(code, circumstances)
    return ground


def read_costs(lines: str) -> tuple[Cost, ...]:
    r"""Read the administrative cost, one item a line: what it is, then the amount. Raises Invalid, naming the line.

    >>> read_costs("Copying 210 pages 21.00\nPostage 6,99")
    (Cost(title='Copying 210 pages', amount=Decimal('21.00')), Cost(title='Postage', amount=Decimal('6.99')))
    """
    found = []
    for number, line in enumerate((line for line in lines.splitlines() if line.strip()), 1):
        title, _, amount = line.strip().rpartition(" ")
        title = title.strip(" :;\t")
        try:
            value = Decimal(amount.replace(",", ".")).quantize(Decimal("0.01"))
            sound = Decimal(0) < value <= LARGEST and Decimal(amount.replace(",", ".")) == value
        except InvalidOperation:
            sound = False
        if not title or not sound:
            raise Invalid(
                f"Line {number} of the cost needs what it is and, after a blank, its amount, such as: Postage 6.99", "costs"
            )
        if len(title) > LONGEST_ITEM:
            raise Invalid(f"Line {number} of the cost is longer than {LONGEST_ITEM} characters.", "costs")
        found.append(Cost(title, value))
    if not found:
        raise Invalid("Itemise the administrative cost: one item a line, with its amount.", "costs")
    if len(found) > MOST_ITEMS:
        raise Invalid(f"Name at most {MOST_ITEMS} items of cost.", "costs")
    return tuple(found)


def total(costs: Sequence[Cost]) -> Decimal:
    r"""Return the fee: the sum of the itemised cost, never more (FEE-3).

    >>> total(read_costs("Copies 21.00\nPostage 6.99"))
    Decimal('27.99')
    """
    return sum((each.amount for each in costs), Decimal(0))


def missing(letter: str) -> tuple[str, ...]:
    """Return which of its parts an announcement lacks.

    >>> missing("A fee of 5 EUR, because of the copies. You may complain to a supervisory authority.")
    ('choice',)
    """
    text = " ".join(letter.lower().split())
    return tuple(part for part, words in PARTS.items() if not all(word in text for word in words))


def require_whole(letter: str, amount: str) -> None:
    """Raise NotPossible, naming the parts, where an announcement lacks one, or the amount itself."""
    names = [PART_NAMES[part] for part in missing(letter)] + ([] if amount in letter else [f"the fee of {amount}"])
    if names:
        raise NotPossible(f"The letter lacks {', '.join(names)}: a fee is announced with all of it. Complete it first.")


def require_outcome(outcome: str, announced_on: date | None, on: date, today: date) -> None:
    """Raise NotPossible where no announcement went out before, Invalid for an outcome or a day that cannot be (FEE-3)."""
    if outcome not in OUTCOMES:
        raise Invalid("Choose what became of the fee.", "outcome")
    if announced_on is None and outcome != "waived":
        raise NotPossible("Announce the fee first: send its letter and mark it as sent. Nothing is charged before.")
    if on > today or (announced_on is not None and on < announced_on):
        raise Invalid("The day lies between the announcement and today.", "outcome_on")


def hint(kind: Kind, earlier: Sequence[Answered], today: date) -> str:
    """Return the hint that a request may be repetitive, or what changed since the last answer (FEE-4); never a decision.

    Only an answer to the same right counts, and only where what is held now is known; empty where nothing points to it.

    >>> hint(Kind.ACCESS, [Answered(date(2026, 11, 2), ())], date(2026, 11, 23))[:49]
    'The same right was answered on 02 Nov 2026, 21 da'
    >>> hint(Kind.ACCESS, [Answered(date(2026, 11, 2), ("Web shop: Orders",))], date(2026, 11, 23))[49:]
    'ys ago. Since then this has changed: Web shop: Orders. So it asks for something new, and is hardly a repetition.'
    """
    known = [each for each in earlier if each.changed is not None]
    if not known:
        return ""
    last = max(known, key=lambda each: each.answered_on)
    ago = f"The same right was answered on {last.answered_on:%d %b %Y}, {(today - last.answered_on).days} days ago"
    if last.changed:
        return (
            f"{ago}. Since then this has changed: {', '.join(last.changed)}. So it asks for something new, and is hardly a "
            "repetition."
        )
    return (
        f"{ago}, and what the systems hold has not "
        f"changed since. This is a hint, not a ground: whether {RIGHTS[kind].name.lower()} is asked in the same scope, and "
        "whether it is excessive, is yours to decide and to show; the number of requests alone does not do (C-416/23)."
    )


def record_of(kind: Kind, ground: Ground, under: Under, *, announced_on: date, reply_by: date) -> Record:
    """Return the decision that the answer is not free: announced, so that the person may withdraw first (FEE-1, FEE-3).

    >>> made = record_of(Kind.ACCESS, GROUNDS["further_copies"], Under("eu_gdpr@2018-05-25"),
    ...     announced_on=date(2026, 3, 2), reply_by=date(2026, 3, 30))
    >>> made.granted, made.article, made.sentence
    (False, '15(3)', 'A fee is announced, because you asked for further copies; the first copy is free.')
    """
    return record(
        False, "announced", article=ground.article, rule="FEE-3", under=under,
        sentence=f"A fee is announced, because {ground.sentence}.", right=kind, announced_on=announced_on, reply_by=reply_by,
        evidence=ground.evidence,
    )
