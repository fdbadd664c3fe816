"""What is asked of the desk, one row each: article, plain words, what the desk does, what may be undone."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a person, or an authority, asks for; a request is about exactly one."""

    ACCESS = "access"
    PORTABILITY = "portability"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    ERASURE = "erasure"
    OBJECTION_MARKETING = "objection_marketing"
    OBJECTION = "objection"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    INFORMATION = "information"
    COMPLAINT = "complaint"
    HUMAN_REVIEW = "human_review"
    INQUIRY = "authority_inquiry"
    DISCLOSURE = "authority_disclosure"


class Course(StrEnum):
    """How an answer comes to be; each has its own acts in the table of moves."""

    COPY = "copy"  # a package is built, approved for one address, and handed over
    PLAN = "plan"  # decided table by table, approved or not, and carried out system by system
    RECORD = "record"  # what the law asks for is recorded, and a letter answers (`kinds.PATHS`)


class Asker(StrEnum):
    """Who can ask for a thing: the person themselves, or an authority about people."""

    PERSON = "person"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Right:
    """One right. `verb` is what systems are told: a connector's verb, `suppress` for the desk's own list, or none.

    A reversible right can be undone and may not wait.
    """

    kind: Kind
    article: str
    name: str
    sentence: str
    verb: str
    course: Course
    reversible: bool
    needs_identity: bool
    asker: Asker = Asker.PERSON


RIGHTS: dict[Kind, Right] = {
    row.kind: row
    for row in (
        Right(
            Kind.ACCESS, "15", "Access", "The person gets a copy of their data and is told how they are used.",
            "export", Course.COPY, False, True,
        ),
        Right(
            Kind.PORTABILITY, "20", "Portable copy",
            "The person gets the data they provided in a form that a machine can read.",
            "export", Course.COPY, False, True,
        ),
        Right(
            Kind.RECTIFICATION, "16", "Correction", "Wrong data are corrected and incomplete data completed.",
            "rectify", Course.PLAN, False, True,
        ),
        Right(
            Kind.RESTRICTION, "18", "Restriction", "The data stay stored and are used for nothing else.",
            "restrict", Course.PLAN, True, True,
        ),
        Right(
            Kind.ERASURE, "17", "Erasure", "The data are deleted, except what a ground of the law keeps.",
            "erase", Course.PLAN, False, True,
        ),
        Right(
            Kind.OBJECTION_MARKETING, "21(2)", "Objection to marketing",
            "Direct marketing stops at once, without any weighing of interests.",
            "suppress", Course.PLAN, True, False,
        ),
        Right(
            Kind.OBJECTION, "21(1)", "Objection", "Use for our own or public interests stops unless compelling.",
            "restrict", Course.RECORD, True, False,
        ),
        Right(
            Kind.CONSENT_WITHDRAWAL, "7(3)", "Withdrawal of consent", "What rested on the consent stops from now on.",
            "suppress", Course.PLAN, True, False,
        ),
        Right(
            Kind.INFORMATION, "13, 14", "Question about the notice", "The person is told what the notice says.",
            "", Course.RECORD, False, False,
        ),
        Right(
            Kind.COMPLAINT, "38(4)", "Complaint", "Somebody who did not handle the matter before looks at it again.",
            "", Course.RECORD, False, False,
        ),
        Right(
            Kind.HUMAN_REVIEW, "22(3)", "Human review", "A human looks again at a decision that a machine took.",
            "", Course.RECORD, False, True,
        ),
        Right(
            Kind.INQUIRY, "31, 58(1)", "Inquiry of a supervisory authority",
            "The authority gets what it asked for, by the day its letter names.",
            "", Course.RECORD, False, False, Asker.AUTHORITY,
        ),
        Right(
            Kind.DISCLOSURE, "6, 48", "Disclosure to a public authority",
            "A public authority gets data about people where a law says so, and the disclosure is logged.",
            "", Course.RECORD, False, False, Asker.AUTHORITY,
        ),
    )
}  # fmt: skip


class Ruling(StrEnum):
    """What a plan gives the person of what they asked: all of it, or not, be it for a part alone (Art. 12(4))."""

    GRANTED = "granted"
    REFUSED = "refused"


def needs_second(kind: Kind, ruling: Ruling) -> bool:
    """Return whether a second person approves the plan: what cannot be undone, and whatever the person is refused.

    A stop that is granted can be undone and may not wait; one that is refused leaves the person without it.

    >>> needs_second(Kind.OBJECTION, Ruling.GRANTED), needs_second(Kind.OBJECTION, Ruling.REFUSED)
    (False, True)
    """
    return ruling is Ruling.REFUSED or not RIGHTS[kind].reversible


OF_PERSONS = tuple(kind for kind, right in RIGHTS.items() if right.asker is Asker.PERSON)
