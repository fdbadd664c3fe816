"""Every letter of the desk: for which rights and at which step, what it must say, approved by whom.

A letter is a text that people edit and, below it, the passages that the law demands, which nobody edits: they are printed
whatever is typed. The wording and the printing are the business of core/documents; a letter printed there obeys its row.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed
from core.law.typed import Field
from core.law.ways import OF_PERSONS, Kind


class LetterKind(StrEnum):
    """The letters that there are, by their codes."""

    RECEIPT = "receipt"
    IDENTITY_QUESTION = "identity_question"
    ANSWER = "answer"
    NO_DATA_HELD = "no_data_held"
    NOT_IDENTIFIED = "not_identified"
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed"
    OBJECTION_CONFIRMED = "objection_confirmed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RESTRICTION_SET = "restriction_set"
    RESTRICTION_WILL_BE_LIFTED = "restriction_will_be_lifted"
    PORTABILITY_ANSWER = "portability_answer"
    REFUSAL = "refusal"
    ANSWERED_OUTSIDE = "answered_outside"
    PARTLY_ANSWERED = "partly_answered"
    RECTIFIED = "rectified"
    PARTLY_RECTIFIED = "partly_rectified"
    NOT_RECTIFIED = "not_rectified"
    OLD_ADDRESS_NOTICE = "old_address_notice"
    RECIPIENT_NOTICE = "recipient_notice"
    RECIPIENTS_NAMED = "recipients_named"
    RESTRICTION_ENDS = "restriction_ends"
    PUBLIC_NOTICE = "public_notice"
    ERASURE_CARRIED_OUT = "erasure_carried_out"
    ERASURE_PARTLY = "erasure_partly"
    ERASURE_REFUSED = "erasure_refused"
    EXTENSION = "extension"
    FEE_ANNOUNCEMENT = "fee_announcement"
    CLARIFICATION_QUESTION = "clarification_question"
    REMINDER = "reminder"
    REPRESENTATIVE_UNPROVEN = "representative_unproven"
    LATE_ANSWER = "late_answer"
    KEPT_PART_ERASED = "kept_part_erased"
    OBJECTION_UPHELD = "objection_upheld"
    OBJECTION_NOT_UPHELD = "objection_not_upheld"
    HUMAN_REVIEW_ANSWERED = "human_review_answered"
    NOTICE_ANSWERED = "notice_answered"
    COMPLAINT_ACKNOWLEDGED = "complaint_acknowledged"
    COMPLAINT_ANSWERED = "complaint_answered"
    FORWARDED = "forwarded"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    NOT_A_REQUEST = "not_a_request"
    OUTSIDE = "outside"
    RESENT = "resent"
    MISDELIVERY_NOTICE = "misdelivery_notice"
    DISCLOSURE_NOTICE = "disclosure_notice"
    AUTHORITY_COVER = "authority_cover"


class To(StrEnum):
    """Whom a letter is for."""

    PERSON = "person"
    OLD_ADDRESS = "old_address"
    RECIPIENT = "recipient"  # to whom the data were disclosed (Article 19)
    AUTHORITY = "authority"


class Approval(StrEnum):
    """Who approves a letter before it goes."""

    NOBODY = "nobody"
    ANOTHER = "another"  # another person than the one who drafted it
    DPO_AND_APPROVER = "dpo_and_approver"


HEAD = frozenset({"salutation", "received_on", "right"})
REMEDY = frozenset({"authority", "dpo_contact"})  # complaint and judicial remedy: Articles 12(4), 77, 79


@dataclass(frozen=True, slots=True)
class Letter:
    """One row: the code, its title, its article, for which rights, when it goes, what it must hold, to whom and approved by whom.

    `required` are the facts without which it is not drafted, `stands` those of them that nobody may edit away. `remedies`
    says that it tells of a decision against the person, so that Article 12(4) demands all three parts; `again` that a
    request can need it more than once.
    """

    code: str
    title: str  # as the desk's lists call it
    article: str
    rights: frozenset[Kind]
    step: str
    required: frozenset[str]
    approval: Approval = Approval.NOBODY
    to: To = To.PERSON
    remedies: bool = False
    optional: frozenset[str] = frozenset()  # what the letter says where it is there
    stands: frozenset[str] = frozenset()
    again: bool = False


_ALL = frozenset(OF_PERSONS)
_CHANGES = frozenset({Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION})
_IN_PARTS = frozenset({
    Kind.ACCESS, Kind.PORTABILITY, Kind.RESTRICTION, Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL,
})
_PROVEN = frozenset({Kind.ACCESS, Kind.PORTABILITY, Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION, Kind.HUMAN_REVIEW})


def _one(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


def _row(
    code: str, title: str, article: str, rights: frozenset[Kind], step: str, *facts: str, approval: Approval = Approval.NOBODY,
    to: To = To.PERSON, remedies: bool = False, head: frozenset[str] = HEAD,
    optional: frozenset[str] = frozenset(), edited: str = "", again: bool = False,
) -> Letter:
    closing = REMEDY if remedies else frozenset({"dpo_contact"})
    stands = frozenset(facts) | optional
    return Letter(
        code, title, article, rights, step, head | closing | set(facts), approval, to, remedies, optional,
        stands - set(edited.split()), again,
    )


_SECOND = Approval.ANOTHER
LETTERS: Mapping[str, Letter] = {
    row.code: row
    for row in (
        # While a request is open
        _row("receipt", "Receipt", "12(3)", _ALL, "after intake", "due_on"),
        _row("identity_question", "Identity question", "12(6)", _PROVEN, "while it is doubtful who asks", "doubt", "proofs",
             "reply_by", again=True),
        _row("representative_unproven", "Authority not sufficient", "12(6)", _ALL, "while an authority is not shown",
             "missing", "reply_by", again=True),
        _row("clarification_question", "Question to the person", "12(3), Recital 63", _ALL, "while the scope is unclear",
             "about", "question", "reason", "reply_by", again=True),
        _row("extension", "Extension", "12(3)", _ALL, "before the first month ends", "grounds", "facts", "length",
             approval=_SECOND, remedies=True, optional=frozenset({"until"})),
        _row("fee_announcement", "Fee announcement", "12(5), 15(3)", _ALL, "before a fee is charged", "ground", "article",
             "facts", "what", "after", "costs", "total", "reply_by", remedies=True, again=True),
        _row("reminder", "Reminder", "12(3)", _ALL, "before closing without an answer", "asked_on", "question", "reply_by",
             again=True),
        _row("late_answer", "Answer is late", "12(3)", _ALL, "when the due date has passed", "due_on", "reason",
             remedies=True, again=True),
        # Answers
        _row("answer", "Answer", "15", _one(Kind.ACCESS), "when the package is released", "systems", "delivery",
             approval=_SECOND, remedies=True, edited="systems delivery"),
        _row("portability_answer", "Portable copy", "20", _one(Kind.PORTABILITY), "when the copy is released", "systems",
             "delivery", approval=_SECOND, remedies=True, edited="systems delivery"),
        _row("no_data_held", "No data held", "15(1)", _PROVEN - {Kind.HUMAN_REVIEW}, "when nothing is held", "searched",
             approval=_SECOND, remedies=True),
        _row("partly_answered", "Done in part", "12(4)", _IN_PARTS,
             "when a system could not be reached, so that a part is missing", "article", "done", "open", approval=_SECOND,
             remedies=True, edited="article done"),
        _row("not_identified", "Not identified", "11(2), 12(2)", _PROVEN, "when the identity stayed unproven", "reason",
             "helps", approval=_SECOND, remedies=True),
        _row("rectified", "Corrected", "16", _one(Kind.RECTIFICATION), "when all is corrected", "corrected", "told",
             remedies=True, edited="corrected"),
        _row("partly_rectified", "Corrected in part", "16, 12(4)", _one(Kind.RECTIFICATION), "when a part is corrected",
             "corrected", "unchanged", "told", approval=_SECOND, remedies=True, edited="corrected"),
        _row("not_rectified", "Not corrected", "16, 12(4)", _one(Kind.RECTIFICATION), "when nothing is corrected",
             "unchanged", approval=_SECOND, remedies=True),
        _row("erasure_carried_out", "Erased", "17", _one(Kind.ERASURE), "before the plan is approved", "erased", "because",
             "afterwards", approval=_SECOND, remedies=True, edited="because"),
        _row("erasure_partly", "Erased in part", "17(3), 12(4)", _one(Kind.ERASURE), "before the plan is approved", "erased",
             "because", "kept", "afterwards", approval=_SECOND, remedies=True, edited="because"),
        _row("erasure_refused", "Not erased", "12(4)", _one(Kind.ERASURE), "before the plan is approved", "kept",
             approval=_SECOND, remedies=True),
        _row("kept_part_erased", "Kept part erased", "17", _one(Kind.ERASURE), "when what was kept is erased on its day",
             "erased", "erased_on", "rest", approval=_SECOND, again=True, remedies=True),
        _row("restriction_set", "Restriction set", "18(1)", _one(Kind.RESTRICTION, Kind.OBJECTION, Kind.RECTIFICATION),
             "when the restriction is set", "ground", "ends", "review_on", remedies=True, edited="ground", again=True),
        _row("restriction_will_be_lifted", "Restriction will be lifted", "18(3)",
             _one(Kind.RESTRICTION, Kind.OBJECTION, Kind.RECTIFICATION), "before a restriction is lifted", "ground",
             "reason", "set_on", remedies=True, again=True),
        _row("restriction_ends", "Restriction ends with the erasure", "18(3)", _one(Kind.ERASURE),
             "before restricted data are erased", "restrictions", optional=frozenset({"asked_again"}), again=True),
        _row("objection_confirmed", "Objection confirmed", "21(3)", _one(Kind.OBJECTION_MARKETING),
             "when marketing has stopped", "stopped", "stopped_on", remedies=True),
        _row("objection_upheld", "Objection upheld", "21(1)", _one(Kind.OBJECTION), "when the objection is upheld",
             "stopped", "stopped_on"),
        _row("objection_not_upheld", "Objection not upheld", "21(1), 12(4)", _one(Kind.OBJECTION),
             "when our grounds prevail", "our_grounds", "weighed", approval=_SECOND, remedies=True),
        _row("consent_withdrawn", "Withdrawal of consent confirmed", "7(3)", _one(Kind.CONSENT_WITHDRAWAL),
             "when the consent is withdrawn", "stopped", "stopped_on", remedies=True),
        _row("human_review_answered", "Human review answered", "22(3)", _one(Kind.HUMAN_REVIEW),
             "when a human has looked again", "result", "reasons", remedies=True),
        _row("notice_answered", "Question answered", "13, 14", _one(Kind.INFORMATION), "when the question is answered",
             "answer", "notice_version", edited="answer"),
        _row("complaint_acknowledged", "Complaint acknowledged", "38(4)", _one(Kind.COMPLAINT),
             "within the law's time after receipt", "answered_by"),
        _row("complaint_answered", "Complaint answered", "38(4), 77", _one(Kind.COMPLAINT), "when another person has looked",
             "result", "reasons", remedies=True),
        _row("refusal", "Refusal", "12(4)", _ALL - {Kind.OBJECTION_MARKETING}, "when the request is refused", "ground",
             "article", "facts", approval=_SECOND, remedies=True),
        _row("answered_outside", "Answered outside the desk", "12(3), 12(4)", _ALL,
             "when the request was answered outside the desk", "article", approval=_SECOND, remedies=True,
             optional=frozenset({"done", "nothing", "kept", "open"}), edited="article"),
        # Endings and what comes after
        _row("withdrawal_confirmed", "Withdrawal confirmed", "12(3)", _ALL, "when the person takes the request back",
             "withdrawn_on", "done_before"),
        _row("forwarded", "Forwarded", "12(2)", _ALL, "when another controller answers", "controller", "forwarded_on"),
        _row("no_answer", "Closed without an answer", "12(2), 12(6)", _ALL,
             "when neither a question nor its reminder was answered", "asked_on", "question", "reason", "reminded_on",
             approval=_SECOND, remedies=True),
        _row("duplicate", "Asked twice", "12(3)", _ALL, "before it is closed as a duplicate", "first", "first_on",
             "answered_by"),
        _row("not_a_request", "No request", "12(4)", _ALL, "before it is closed as no request", "reason", remedies=True),
        _row("outside", "Outside the rules", "12(4)", _ALL, "before it is closed as outside the rules", "reason",
             remedies=True),
        _row("resent", "Sent again", "12(3)", _ALL, "when a letter came back", "first_sent_on", again=True),
        _row("recipients_named", "Recipients named", "19", _CHANGES, "when the person asks whom we told", "recipients",
             remedies=True, again=True),
        _row("misdelivery_notice", "Data went astray", "34", _ALL, "when data went to the wrong person", "what_happened",
             "consequences", "measures", approval=Approval.DPO_AND_APPROVER, head=frozenset({"salutation"}), again=True),
        _row("disclosure_notice", "Notice of a disclosure", "13, 14, 15(1)(c)", _one(Kind.DISCLOSURE),
             "when silence is no longer demanded", "authority_name", "what", "disclosed_on", approval=_SECOND,
             head=frozenset({"salutation"}), again=True),
        # To others
        _row("old_address_notice", "Notice to the old address", "16", _one(Kind.RECTIFICATION),
             "when a field that recognises people changes", "changed", "changed_on", "contact_us", to=To.OLD_ADDRESS,
             again=True),
        _row("recipient_notice", "Notice to a recipient", "19", _CHANGES, "after a change, to each recipient", "person",
             "categories", "change", "done_on", "details", "duty", to=To.RECIPIENT, head=frozenset({"salutation"}),
             again=True),
        _row("public_notice", "Notice about data made public", "17(2)", _one(Kind.ERASURE),
             "after an erasure, to each who processes what was public", "person", "where", "done_on", to=To.RECIPIENT,
             head=frozenset({"salutation"}), again=True),
        _row("authority_cover", "Cover letter to an authority", "31, 58(1)", _one(Kind.INQUIRY, Kind.DISCLOSURE),
             "with the pack, to the authority", "authority_name", "their_reference", "contents",
             approval=Approval.DPO_AND_APPROVER, to=To.AUTHORITY, head=frozenset({"salutation", "received_on"})),
    )
}  # fmt: skip
# They go to others who have the data, never to the person.
TO_RECIPIENTS = frozenset(LetterKind(code) for code, row in LETTERS.items() if row.to is To.RECIPIENT)
# One of these may tell of several requests of a case at once: they say nothing of what the person gets.
SEVERAL = frozenset({
    LetterKind.RECEIPT, LetterKind.IDENTITY_QUESTION, LetterKind.REPRESENTATIVE_UNPROVEN, LetterKind.REMINDER,
    LetterKind.LATE_ANSWER, LetterKind.NO_DATA_HELD, LetterKind.NOT_IDENTIFIED, LetterKind.NO_ANSWER, LetterKind.FORWARDED,
    LetterKind.NOT_A_REQUEST, LetterKind.OUTSIDE, LetterKind.WITHDRAWAL_CONFIRMED,
})
# Approved together with what they tell of: a package, a plan, a refusal, an extension, what was done outside the desk.
_WITH_ITS_DECISION = frozenset({
    "answer", "portability_answer", "partly_rectified", "not_rectified", "erasure_carried_out", "erasure_partly",
    "erasure_refused", "refusal", "extension", "answered_outside",
})
APPROVED_ALONE = frozenset(
    code for code, row in LETTERS.items() if row.approval is not Approval.NOBODY and code not in _WITH_ITS_DECISION
)
# What a fact is called to whoever drafts a letter, in the order in which it is told.
FACT_WORDS: Mapping[str, str] = {
    "due_on": "the last day", "doubt": "the doubt", "proofs": "the ways to settle it", "missing": "what is missing",
    "about": "what is asked about", "asked_on": "the day of the question",
    "reply_by": "the day to answer by", "question": "the question", "ground": "the ground",
    "grounds": "the grounds", "article": "the article", "facts": "the facts", "length": "the length", "until": "the new day",
    "what": "what it is for", "costs": "each cost", "total": "the sum", "after": "what follows", "searched": "where we searched",
    "done": "what was done", "nothing": "where nothing is held", "erased": "what was erased", "erased_on": "the day",
    "kept": "what stays and why", "open": "what is missing and why", "unchanged": "what stays as it is and why",
    "reason": "the reason", "reasons": "the reasons", "result": "the result", "helps": "what helps", "told": "who is told",
    "rest": "what still stays", "afterwards": "what is kept afterwards", "ends": "how it ends", "review_on": "the day of review",
    "set_on": "since when", "stopped": "what is stopped", "stopped_on": "since when", "our_grounds": "our grounds",
    "weighed": "what was weighed", "answered_by": "until when we answer", "notice_version": "the version of the notice",
    "withdrawn_on": "the day", "done_before": "what was done before", "controller": "who answers", "forwarded_on": "the day",
    "first_sent_on": "the day of the first sending",
    "first": "the request that came first", "first_on": "the day it came", "reminded_on": "the day of the reminder",
    "recipients": "who received the data and was told",
    "what_happened": "what happened", "consequences": "the consequences", "measures": "the measures",
    "authority_name": "the authority", "disclosed_on": "the day", "changed": "what was changed", "changed_on": "the day",
    "contact_us": "where to turn", "person": "the person", "categories": "the categories", "change": "the change",
    "where": "where it was public", "restrictions": "what is restricted", "asked_again": "what we ask again",
    "done_on": "the day", "details": "the details", "duty": "the duty", "their_reference": "their reference",
    "contents": "the contents",
}
# What no record of the desk holds: whoever drafts the letter writes it down.
TYPED: Mapping[str, tuple[Field, ...]] = {
    "late_answer": (Field("reason", "Why the answer is late: the facts, no more"),),
    "forwarded": (Field("controller", "Which controller answers, with its address", 5),),
    "not_a_request": (Field("reason", "What the message is, and what becomes of it: the person reads it"),),
    "outside": (Field("reason", "Why the rules do not apply to it: the facts of this case"),),
    "misdelivery_notice": (
        Field("what_happened", "What happened, and which data it concerns (Art. 34(2))"),
        Field("consequences", "The likely consequences (Art. 33(3)(c))"),
        Field("measures", "What is done about it, and what the person can do (Art. 33(3)(d))"),
    ),
    "disclosure_notice": (Field("to", "Name and address of the person who is told", 5),),
}


def of_right(kind: Kind) -> tuple[Letter, ...]:
    """Return the letters that a request of this right can need, in the order of the table.

    >>> [letter.code for letter in of_right(Kind.DISCLOSURE)]
    ['disclosure_notice', 'authority_cover']
    """
    return tuple(letter for letter in LETTERS.values() if kind in letter.rights)


def stands_in(code: str) -> str:
    """Return in words what stands in a letter whatever is typed into it.

    >>> stands_in("receipt"), stands_in("erasure_refused")
    ('the last day, the way to us', 'what stays and why, the complaint and the remedy')
    """
    row = LETTERS[code]
    facts = [words for name, words in FACT_WORDS.items() if name in row.stands]
    return ", ".join([*facts, "the complaint and the remedy" if row.remedies else "the way to us"])


def lacking(code: str, facts: Iterable[str]) -> tuple[str, ...]:
    """Return which required fields of a letter are not there yet, sorted. Raises Invalid for an unknown letter.

    >>> lacking("extension", ["salutation", "received_on", "right", "authority", "dpo_contact", "grounds", "length"])
    ('facts',)
    """
    if code not in LETTERS:
        raise Invalid("There is no such letter.", "kind")
    return tuple(sorted(LETTERS[code].required - set(facts)))


def require_approved(code: str, drafted_by: str, approved_by: Collection[str], *, by_dpo: bool = True) -> None:
    """Refuse a letter without the approvals its row demands.

    `by_dpo` says that a Data Protection Officer is among those who approved.

    >>> require_approved("receipt", "a", [])
    >>> require_approved("refusal", "a", ["a"])
    Traceback (most recent call last):
    ...
    core.law.errors.NotAllowed: Another person than the one who drafted it approves this letter.
    """
    letter = LETTERS[code]
    others = set(approved_by) - {drafted_by}
    if letter.approval is not Approval.NOBODY and not others:
        raise NotAllowed("Another person than the one who drafted it approves this letter.")
    if letter.approval is Approval.DPO_AND_APPROVER and (len(set(approved_by)) < 2 or not by_dpo):
        raise NotAllowed("The Data Protection Officer and an approver approve this letter together.")
