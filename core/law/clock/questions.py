"""What may be asked of the person, what a question does to the clock, and when a missing answer ends a request."""

import re
from datetime import date, timedelta
from enum import StrEnum

from core.law.clock.explanation import BARS
from core.law.clock.pauses import PROMPT_WORKING_DAYS, Bar
from core.law.clock.profiles import Profile
from core.law.errors import Invalid, NotPossible
from core.law.records import Record, Under, record
from core.law.rights.suppression import STATE_OF
from core.law.typed import LONGEST, read_text
from core.law.ways import RIGHTS, Kind


class About(StrEnum):
    """What a question is about, as a record names it."""

    IDENTITY = "identity"
    AUTHORITY = "authority"
    CLARIFICATION = "clarification"


QUESTIONS = {
    "identity": "Who is asking (Art. 12(6))", "authority": "May they act for the person",
    "clarification": "What is asked for (Recital 63)",
}
WHY = {
    "identity": "the facts that give rise to reasonable doubt",
    "authority": "the facts that leave the authority in doubt",
    "clarification": "what is unclear and, for the clock to stop, what shows a large quantity of data",
}
OF_THE_CASE = frozenset({"identity", "authority"})  # one person asks: the answer serves every request of the case
SET_TIME = timedelta(days=14)  # for the answer to a question, and again after the reminder (our policy)
LEAST_WORDS = 20  # characters below which no fact is told

_DOCUMENT = re.compile(
    r"\bpassports?\b|\b(identity|identification|id)[ -]?(cards?|documents?|papers?|cop(y|ies)|scans?)\b"
    r"|\bcop(y|ies) of (your|an|the|a) (id|identity|identification)\b|\bdriv(ing|er'?s) licen[cs]es?\b|\bpersonalausweis\b",
    re.IGNORECASE,
)
_BLANKET = re.compile(
    r"\b(our|company|internal|standard|general|usual) (policy|policies|procedure|process|practice|rule)s?\b"
    r"|\b(always|routinely|by default|as a rule|as usual|in every case)\b"
    r"|\b(every|each|all|any) (requests?|requesters?|applicants?|persons?|people|customers?|cases?)\b|\beverybody\b|\beveryone\b",
    re.IGNORECASE,
)


def demands_document(question: str) -> bool:
    """Say whether a question asks for an identity document.

    >>> demands_document("Please send a copy of your passport."), demands_document("Which were your last two orders?")
    (True, False)
    """
    return _DOCUMENT.search(question) is not None


def read_question(kind: str, question: str, reason: str) -> tuple[str, str]:
    """Return a question to the person and the facts that justify it, as they are kept.

    Raises Invalid where one of them is lacking (PAU-1) or is no text, or where it demands proof of everybody.

    PAU-5: a document is asked for only in reasonable doubt about this person; "we always ask" is no doubt, and a blanket
    demand infringes Articles 12(6) and 5(1)(c).
    """
    if kind not in QUESTIONS:
        raise Invalid("Choose what the question is about.", "kind")
    question = read_text(question, "question", "the question to the person", longest=LONGEST)
    reason = read_text(reason, "reason", WHY[kind], needed=False)
    if not reason:
        raise Invalid(f"Write {WHY[kind]}: without them the question does not pause the clock.", "reason")
    document = demands_document(question)
    if kind == "clarification" and document:
        raise Invalid(
            "This asks who the person is: choose that, and write the facts that give rise to reasonable doubt (Art. 12(6)).",
            "kind",
        )
    if kind in OF_THE_CASE and (_BLANKET.search(reason) or (document and len(reason) < LEAST_WORDS)):
        what = "A demand for an identity document" if document else "A proof asked"
        raise Invalid(
            f"{what} of everybody is unlawful (Art. 12(6), 5(1)(c)). Write the facts of this case that give rise to "
            "reasonable doubt about who is asking, or choose a lighter way such as a code to the address held.", "reason",
        )
    return question, reason


def waits(right: Kind, kind: str) -> bool:
    """Say whether a request of this right waits for the answer to a question of this kind at all.

    An objection to marketing and a withdrawal of consent wait for nothing (Art. 7(3), 21(3)): what they stop is stopped. A
    question about identity holds up only what needs a proof of it.

    >>> waits(Kind.OBJECTION_MARKETING, "authority"), waits(Kind.ACCESS, "authority"), waits(Kind.INFORMATION, "identity")
    (False, True, False)
    """
    return right not in STATE_OF and (kind != About.IDENTITY or RIGHTS[right].needs_identity)


def bar_of(right: Kind, kind: str, *, large: bool) -> Bar | None:
    """Return why a question of this kind about a request of this right stops no clock; None where nothing bars it.

    What is asked for is clarified at the cost of the person's time only for an access request, and only where a `large`
    quantity of data about them is processed (Recital 63; section 54(3C) DPA 2018).

    >>> bar_of(Kind.ACCESS, "clarification", large=True), bar_of(Kind.ACCESS, "clarification", large=False)
    (None, <Bar.NOT_LARGE: 'not_large'>)
    >>> bar_of(Kind.ERASURE, "clarification", large=True), bar_of(Kind.ERASURE, "identity", large=False)
    (<Bar.NOT_ACCESS: 'not_access'>, None)
    """
    if kind != About.CLARIFICATION:
        return None
    if right is not Kind.ACCESS:
        return Bar.NOT_ACCESS
    return None if large else Bar.NOT_LARGE


def effect(kind: str, profile: Profile, bar: Bar | None = None) -> str:
    """Return what an open question of this kind does to the clock under the profile, as one sentence.

    >>> from core.law.clock.profiles import Period
    >>> effect("clarification", Profile("x", "1", date(2020, 1, 1), "X", "s", Period("month", 1)))
    'Under X this question does not stop the clock.'
    """
    if bar is not None:
        return f"This question does not stop the clock: {BARS[bar]}."
    if kind in profile.restart_on:
        return f"Under {profile.name} the period starts anew when the answer comes."
    if kind in profile.pause_on:
        return "The clock stands still until the answer comes."
    return f"Under {profile.name} this question does not stop the clock."


def stops(kind: str, profile: Profile, bar: Bar | None = None) -> bool:
    """Say whether a question of this kind stops the clock under the profile at all."""
    return bar is None and (kind in profile.restart_on or kind in profile.pause_on)


def record_of(
    kind: str, profile: Profile, under: Under, *, asked: date, late: bool, bar: Bar | None = None
) -> Record:
    """Return whether the pinned law recognises the pause of a question that carries its reasons (PAU-1, PAU-4).

    >>> from core.law.clock.profiles import Period
    >>> bare = Profile("x", "1", date(2020, 1, 1), "X", "s", Period("month", 1))
    >>> made = record_of("clarification", bare, Under("x@2020-01-01"), asked=date(2026, 3, 2), late=False)
    >>> made.granted, made.sentence
    (False, 'Under X this question does not stop the clock.')
    """
    recognised = stops(kind, profile, bar)
    late_words_too = " It was asked late: the suspension may not be recognised." if recognised and late else ""
    return record(
        recognised, "recognised" if recognised else "not_recognised",
        article="Recital 63" if kind == About.CLARIFICATION else "12(6)", rule="PAU-4" if recognised and late else "PAU-1",
        under=under, sentence=effect(kind, profile, bar) + late_words_too, about=About(kind), asked=asked, late=late,
        barred={bar} if bar is not None else set(),
    )


def late_words(asked: date, *, again: bool = False) -> str:
    """Return the warning about a question that was asked late; `again` where it followed an answer that was not enough."""
    since = "the answer that was not enough" if again else "receipt"
    return (
        f"Asked on {asked:%d %b %Y}, more than {PROMPT_WORKING_DAYS} working days after {since}: the suspension may not be "
        "recognised, because it was not asked without undue delay. Keep the safe day in view."
    )


def require_unanswered(kind: str | None, asked: date | None, reminded: date | None, today: date) -> date:
    """Return the day of the reminder, where a request may end because no answer came; else raise NotPossible (REF-3).

    The set time must be over, and that of one reminder too.

    A question about the scope never ends a request: the reasonable search is done, and its result is sent.
    """
    if kind is None or asked is None:
        raise NotPossible("Record the question to the person first: without an open question no answer is missing.")
    if kind not in OF_THE_CASE:
        raise NotPossible(
            "A question about the scope does not end the request: make the reasonable search and send its result."
        )
    if reminded is None or reminded < asked + SET_TIME:
        first = asked + SET_TIME
        raise NotPossible(
            f"The person has until {first:%d %b %Y} to answer, and one reminder goes out after that: draft it under Letters "
            "and mark it as sent."
        )
    if today <= reminded + SET_TIME:
        raise NotPossible(
            f"The reminder went out on {reminded:%d %b %Y}: the person has until {reminded + SET_TIME:%d %b %Y} to answer."
        )
    return reminded
