"""What is entered for each need of a kind with a path of its own: choices, texts and days, declared once (ADM-1, OBJ-1).

core/law/kinds.py says which needs a kind has; here stands how each is met, so that one form and one action serve all.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed
from core.law.kinds import PATHS, Handler, Need, require_handler
from core.law.rights.balancing import FOLLOWS, Outcome
from core.law.roles import Role
from core.law.typed import Field, Pick, check_day, read_picks, read_texts
from core.law.ways import Kind
from core.law.workflow import Closing

USE = "use"  # a pick whose options are the purposes of the data catalogue
CASE, ELSEWHERE = "case", "elsewhere"
WANTED = "wanted"
ARTICLES = {"6.1.c": "Art. 6(1)(c)", "6.1.e": "Art. 6(1)(e)", "48": "Art. 48"}  # on which an authority asks
NOW, UNTIL, SILENT = "now", "until", "silent"


class Met(StrEnum):
    """How a need is met: somebody records it, or the desk sees it in what was done."""

    RECORDED = "recorded"
    ACKNOWLEDGED = "acknowledged"  # the letter that confirms the receipt is marked as sent
    HELD = "held"  # follows from the link: an open inquiry holds the case it names
    DRAFTED = "drafted"
    APPROVED = "approved"  # the letter, as its row demands


@dataclass(frozen=True, slots=True)
class Ask:
    """How one need is met: its short name, the choices, texts and day that are entered, and who alone may enter it."""

    title: str
    met: Met = Met.RECORDED
    picks: tuple[Pick, ...] = ()
    texts: tuple[Field, ...] = ()
    day: str = ""  # the words beside a day, empty where none is entered
    only: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was entered for one need, as its form gave it."""

    picks: Mapping[str, str]
    texts: Mapping[str, str]
    day: date | None = None


ASKS: Mapping[Need, Ask] = {
    Need.GROUNDS: Ask(
        "The person's grounds", texts=(Field("grounds", "What the person says of their own situation"),),
    ),
    Need.RESTRICTION_OFFERED: Ask("Restriction offered", picks=(
        Pick("wish", "What the person wants until it is decided", {
            WANTED: "Restriction: a request for it is opened in this case",
            "declined": "No restriction", "silent": "It was offered; the person has not answered",
        }),
    )),
    Need.BALANCING: Ask(
        "The balancing",
        picks=(
            Pick(USE, "The use to which the person objects", {}),
            Pick("prevails", "What we demonstrate", {
                "nothing": "Nothing that overrides: the objection is upheld and the use stops",
                "compelling": "Compelling legitimate grounds that override the person's interests",
                "claims": "The establishment, exercise or defence of legal claims",
            }),
        ),
        texts=(
            Field("our_grounds", "Our grounds for this use, also where they do not prevail"),
            Field("persons_situation", "The person's situation, and what the use means for them"),
            Field("reference", "The legal claim for which the data are needed, where claims are the ground", 0),
        ),
    ),
    Need.OWN_VIEW: Ask(
        "The person's own view", picks=(Pick("view", "Did the person put their view?", {
            "given": "Yes: it is written down here", "asked": "The person was asked and gave none",
        }),), texts=(Field("words", "The view, or how and when the person was asked"),),
    ),
    Need.REVIEWED: Ask(
        "The human review",
        picks=(
            Pick("power", "Could you have changed the decision?", {
                "yes": "Yes: I did not take part in it, and I may change it",
                "no": "No",
            }),
            Pick("result", "The result", {
                "changed": "The decision is changed", "kept": "The decision stays as it was",
            }),
        ),
        texts=(Field("reasons", "The reasons. They stand in the letter"),),
    ),
    Need.LINKED: Ask(
        "The matter it is about",
        picks=(Pick("about", "What is it about?", {
            CASE: "A case of this desk", ELSEWHERE: "No case of this desk: what it was, and who decided, is written down",
        }),),
        texts=(
            Field("reference", "Reference of the case, such as RD-2026-004217-3", 0),
            Field("matter", "The matter and who decided it, where it was no case of this desk", 0),
        ),
    ),
    Need.ACKNOWLEDGED: Ask("Confirm the receipt", Met.ACKNOWLEDGED),
    Need.LOOKED_AT: Ask(
        "Looked at by another person",
        picks=(Pick("result", "The result", {
            "justified": "The complaint is justified", "partly": "The complaint is justified in part",
            "unjustified": "The complaint is not justified",
        }),),
        texts=(Field("reasons", "The reasons. They stand in the letter"),),
    ),
    Need.CURRENT_VERSION: Ask("What the notice says", texts=(
        Field("notice_version", "Version of the notice that applies today", 1),
        Field("answer", "The answer, as this version gives it. It stands in the letter"),
    )),
    Need.DUE_DAY: Ask(
        "The day of the letter", texts=(Field("their_reference", "Reference of the authority, as its letter names it", 1),),
        day="Answer by, as the letter says",
    ),
    Need.HOLD: Ask("Hold the case", Met.HELD),
    Need.PACK: Ask(
        "The evidence pack",
        picks=(Pick("seen", "Was a redacted view of it looked at?", {
            "yes": "Yes: nobody else's data are in it, and it is attached", "no": "Not yet",
        }),),
        texts=(Field("contents", "What the pack holds. It stands in the cover letter"),),
    ),
    Need.LEGAL_BASIS: Ask(
        "The legal basis",
        picks=(Pick("basis", "On what it rests", {
            "6.1.c": "A legal obligation of ours (Art. 6(1)(c))", "6.1.e": "A task in the public interest (Art. 6(1)(e))",
            "48": "An international agreement, for an authority of a third country (Art. 48)",
        }),),
        texts=(
            Field("law", "The law and section on which the authority asks", 3),
            Field("their_reference", "Reference of the authority, as its letter names it", 1),
        ),
    ),
    Need.OPINION: Ask(
        "The opinion of the Data Protection Officer",
        picks=(Pick("opinion", "The opinion", {
            "agrees": "It may go on as it is recorded", "less": "It may go on with less data", "against": "Against it",
        }),),
        texts=(Field("words", "The opinion in words"),), only=frozenset({Role.DPO}),
    ),
    Need.DISCLOSURE_LOG: Ask(
        "What is disclosed of whom", texts=(
            Field("categories", "Categories of data that are disclosed, separated by commas", 3),
            Field("what", "What exactly is disclosed. It stands in the cover letter, and in the notice to the person"),
        ),
    ),
    Need.NOTICE_PLANNED: Ask(
        "When the person is told",
        picks=(Pick("when", "When is the person told?", {
            NOW: "Now", UNTIL: "When the law no longer demands silence, on the day below",
            SILENT: "The law demands silence and names no end: looked at again on the day below",
        }),),
        texts=(Field("law", "The law that demands silence, where one does", 0),), day="The day, where silence is demanded",
    ),
    Need.APPROVED: Ask("Have the answer approved", Met.APPROVED),
    Need.LETTER: Ask("Draft the answer", Met.DRAFTED),
}  # fmt: skip

# The letter that answers a kind; the one of an objection follows from its balancing.
def answer_letter(kind: Kind, outcome: str) -> str:
    """Return the code of the letter that answers a kind; empty while an objection is not weighed yet, or is refused.

    >>> answer_letter(Kind.OBJECTION, "not_upheld"), answer_letter(Kind.OBJECTION, ""), answer_letter(Kind.COMPLAINT, "")
    ('objection_not_upheld', '', 'complaint_answered')
    """
    if kind is Kind.OBJECTION:
        return FOLLOWS[Outcome(outcome)].letter if outcome in {Outcome.UPHELD, Outcome.NOT_UPHELD} else ""
    return PATHS[kind].answer if kind in PATHS else ""


def ending(kind: Kind, outcome: str) -> Closing:
    """Return how an answered request ends: an objection that is not upheld is refused, all others are fulfilled.

    >>> ending(Kind.OBJECTION, "not_upheld").value, ending(Kind.HUMAN_REVIEW, "kept").value
    ('refused', 'fulfilled')
    """
    refused = kind is Kind.OBJECTION and outcome != Outcome.UPHELD
    return Closing.REFUSED if refused else Closing.FULFILLED


def opinion_owed(kind: Kind, outcome: str) -> bool:
    """Whether a Data Protection Officer is asked before the answer: before every disclosure, and unless an objection is upheld.

    >>> opinion_owed(Kind.OBJECTION, "upheld"), opinion_owed(Kind.OBJECTION, "not_upheld"), opinion_owed(Kind.COMPLAINT, "")
    (False, True, False)
    """
    return Need.OPINION in PATHS[kind].needs and not (kind is Kind.OBJECTION and outcome == Outcome.UPHELD)


# Whoever took part before may still say what the matter is; everything else is for another person.
_OPEN_TO_ALL = frozenset({Need.LINKED})


def require_recordable(
    kind: Kind, need: Need, who: str, roles: Collection[Role], before: Collection[str], met: Collection[Need]
) -> Ask:
    """Return how a need is entered. Raises Invalid for a need that this kind does not have or that nobody enters.

    Raises NotAllowed for whoever may not handle the kind or took part before, and for an opinion by anybody but the DPO.

    >>> require_recordable(Kind.DISCLOSURE, Need.OPINION, "s", [Role.STEWARD], [], []).title
    Traceback (most recent call last):
    ...
    core.law.errors.NotAllowed: The opinion of the Data Protection Officer: recorded by dpo only.
    """
    path = PATHS.get(kind)
    if path is None or need not in path.needs:
        raise Invalid("A request of this kind does not need this.", "need")
    ask = ASKS[need]
    if ask.met is not Met.RECORDED:
        raise Invalid("Nobody records this: the desk sees it in what was done.", "need")
    require_handler(kind, who, roles, before if need not in _OPEN_TO_ALL else ())
    if ask.only and not ask.only & set(roles):
        raise NotAllowed(f"{ask.title}: recorded by {' or '.join(sorted(ask.only))} only.")
    if path.handler is Handler.ANOTHER and need not in _OPEN_TO_ALL and Need.LINKED in path.needs and Need.LINKED not in met:
        raise Invalid("Say first what the matter is about: only then is it known who took part in it before.", "need")
    return ask


def read_answer(need: Need, given: Answer, uses: Collection[str], today: date) -> Answer:
    """Return what was entered for a need, whole. Raises Invalid with the first field that is amiss.

    >>> read_answer(Need.DUE_DAY, Answer({}, {"their_reference": "S-17/26"}), (), date(2026, 3, 2))
    Traceback (most recent call last):
    ...
    core.law.errors.Invalid: Enter the day: Answer by, as the letter says.
    """
    ask = ASKS[need]
    picks = read_picks(tuple(pick for pick in ask.picks if pick.name != USE), given.picks)
    if any(pick.name == USE for pick in ask.picks):
        if given.picks.get(USE, "") not in uses:
            raise Invalid("Choose the use to which the person objects.", USE)
        picks[USE] = given.picks[USE]
    texts, day = read_texts(ask.texts, given.texts), given.day
    if day is not None:
        check_day(day, "day")
    if need is Need.DUE_DAY and day is None:
        raise Invalid(f"Enter the day: {ask.day}.", "day")
    if need is Need.LINKED:
        _require_matter(picks["about"], texts)
    elif need is Need.NOTICE_PLANNED:
        _require_silence(picks["when"], texts, day, today)
        day = None if picks["when"] == NOW else day
    elif need is Need.PACK and picks["seen"] != "yes":
        raise Invalid("Look at a redacted view of the pack first: it must hold nobody else's data.", "seen")
    return Answer(picks, texts, day if ask.day else None)


def _require_matter(about: str, texts: Mapping[str, str]) -> None:
    if about == CASE and not texts["reference"]:
        raise Invalid("Write the reference of the case it is about.", "reference")
    if about == ELSEWHERE and len(texts["matter"]) < Field("matter", "").least:
        raise Invalid("Write down what the matter was and who decided it.", "matter")


def _require_silence(when: str, texts: Mapping[str, str], day: date | None, today: date) -> None:
    if when == NOW:
        return
    if len(texts["law"]) < 3:
        raise Invalid("Name the law that demands silence; without one the person is told now.", "law")
    if day is None or day <= today:
        raise Invalid("Enter a day after today: until then the law demands silence, or then it is looked at again.", "day")
