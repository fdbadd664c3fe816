"""Restriction of processing (Article 18): its grounds, what it allows, how it ends and how it is lifted (RES-1 to RES-3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Record, Under, record
from core.law.ways import RIGHTS, Kind


class Ground(StrEnum):
    """Why the data are restricted: Article 18(1)(a) to (d)."""

    ACCURACY = "18.1.a"
    UNLAWFUL = "18.1.b"
    CLAIMS = "18.1.c"
    OBJECTION = "18.1.d"


class Gateway(StrEnum):
    """The four uses that Article 18(2) leaves open; the caller names one, and it is logged."""

    CONSENT = "18.2.consent"
    CLAIMS = "18.2.claims"
    OTHER_PERSON = "18.2.other_person"
    PUBLIC_INTEREST = "18.2.public_interest"


class Operation(StrEnum):
    """What somebody wants to do with restricted data."""

    STORE = "store"
    OWN_REQUEST = "own_request"  # the person's own access, portability, rectification or erasure: consent, in it
    CAMPAIGN = "campaign"
    AUDIENCE = "audience"
    ANALYTICS = "analytics"
    LOOK_UP = "look_up"  # somebody of ours opens the person without a request of theirs
    EDIT = "edit"
    RETENTION = "retention"
    ACCOUNT_CLOSURE = "account_closure"
    LEGAL_CLAIM = "legal_claim"
    PROTECT_OTHER = "protect_other"
    PUBLIC_INTEREST = "public_interest"


@dataclass(frozen=True)
class Restriction:
    """One restriction of one person's data; several stand beside each other."""

    ground: Ground
    started_at: datetime


@dataclass(frozen=True)
class GroundRule:
    """One row of the table of grounds: its article, its words, and what ends it (RES-2)."""

    article: str
    sentence: str
    end_rule: str
    ends: str


GROUNDS: dict[Ground, GroundRule] = {
    Ground.ACCURACY: GroundRule(
        "18(1)(a)", "The person says that the data are wrong; we are checking.", "verified",
        "Ends when the check is done: the data are corrected, or shown to be right.",
    ),
    Ground.UNLAWFUL: GroundRule(
        "18(1)(b)", "The processing is unlawful, and the person wants restriction instead of erasure.", "agreed",
        "Ends when the person agrees, or with the erasure.",
    ),
    Ground.CLAIMS: GroundRule(
        "18(1)(c)", "We no longer need the data; the person needs them for legal claims.", "claim_finished",
        "Ends when the claim is finished.",
    ),
    Ground.OBJECTION: GroundRule(
        "18(1)(d)", "The person objected under Article 21(1); it is being decided whose grounds prevail.", "balanced",
        "Ends when the balancing is decided.",
    ),
}  # fmt: skip

GATEWAYS: dict[Gateway, str] = {
    Gateway.CONSENT: "the person's consent, which their own request contains",
    Gateway.CLAIMS: "legal claims",
    Gateway.OTHER_PERSON: "the protection of another person's rights",
    Gateway.PUBLIC_INTEREST: "an important public interest of the Union or a Member State",
}

_WANTED_KEPT = frozenset({Ground.UNLAWFUL, Ground.CLAIMS})
# Which gateway can carry which use. Our own campaigns, audiences, analytics, edits and the clearing away of data have
# none (RES-1): naming one does not help them.
_OPEN: dict[Operation, frozenset[Gateway]] = {
    Operation.OWN_REQUEST: frozenset({Gateway.CONSENT}),
    Operation.LEGAL_CLAIM: frozenset({Gateway.CLAIMS}),
    Operation.PROTECT_OTHER: frozenset({Gateway.OTHER_PERSON}),
    Operation.PUBLIC_INTEREST: frozenset({Gateway.PUBLIC_INTEREST}),
}


def may_process(
    standing: Collection[Restriction | Ground], operation: Operation, gateway: Gateway | None = None
) -> Gateway | None:
    """Return the gateway that the entry names, or None where none is needed; NotAllowed where there is none (RES-1).

    What stands on the data may be given by its grounds alone: one is enough, whichever it is and since when.
    Storing is always allowed, and everything is where no restriction stands.

    >>> held = [Restriction(Ground.ACCURACY, datetime(2026, 11, 23))]
    >>> may_process(held, Operation.STORE) is None
    True
    >>> may_process(held, Operation.OWN_REQUEST, Gateway.CONSENT)
    <Gateway.CONSENT: '18.2.consent'>
    >>> may_process(held, Operation.CAMPAIGN, Gateway.CONSENT)
    Traceback (most recent call last):
    ...
    core.law.errors.NotAllowed: The data are restricted and only stored (Article 18). The four gateways of Article \
18(2) are: the person's consent, which their own request contains; legal claims; the protection of another person's \
rights; an important public interest of the Union or a Member State. None of them opens this use.
    """
    if not standing or operation is Operation.STORE:
        return None
    if gateway is not None and gateway in _OPEN.get(operation, frozenset()):
        return gateway
    words = "; ".join(GATEWAYS.values())
    closing = "None of them opens this use." if operation not in _OPEN else "Name the one that opens this use."
    raise NotAllowed(
        "The data are restricted and only stored (Article 18). The four gateways of Article 18(2) are: "
        f"{words}. {closing}"
    )


def asks_again(standing: Collection[Restriction]) -> bool:
    """Whether the person had wanted the data kept: their wish to have them erased now is asked for again (18(1)(b), (c)).

    >>> asks_again([Restriction(Ground.ACCURACY, datetime(2026, 11, 23))])
    False
    """
    return any(each.ground in _WANTED_KEPT for each in standing)


def require_told_of_end(
    standing: Collection[Restriction], told_at: datetime | None, wanted_at: datetime | None
) -> None:
    """Refuse the person's own erasure, which ends a restriction, before they were told so and, where needed, asked again.

    Told counts from after the restriction was set (Article 18(3), RES-2); so does the word that the data are to be erased,
    of somebody who had wanted them kept: instead of an erasure, or for a claim of their own (18(1)(b), (c)).

    >>> held = [Restriction(Ground.CLAIMS, datetime(2026, 11, 2))]
    >>> require_told_of_end(held, datetime(2026, 11, 3), datetime(2026, 11, 5))
    >>> require_told_of_end(held, datetime(2026, 11, 3), None)
    Traceback (most recent call last):
    ...
    core.law.errors.NotPossible: The person had wanted these data kept (Article 18(1)(b) and (c)). Ask whether they want them \
erased all the same, and record what they said.
    """
    if not standing:
        return
    last = max(each.started_at for each in standing)
    if told_at is None or told_at < last:
        raise NotPossible(
            "A restriction stands on these data, and the erasure ends it. Tell the person first (Article 18(3)): send the letter "
            "'Restriction ends with the erasure'."
        )
    if asks_again(standing) and (wanted_at is None or wanted_at < last):
        raise NotPossible(
            "The person had wanted these data kept (Article 18(1)(b) and (c)). Ask whether they want them erased all the same, "
            "and record what they said."
        )


def record_of(
    standing: Collection[Restriction], operation: Operation, under: Under, gateway: Gateway | None = None
) -> Record:
    """Return whether a use is open while restrictions stand, with the gateway that opens it (Article 18(2), RES-1).

    >>> held = [Restriction(Ground.CLAIMS, datetime(2026, 11, 23))]
    >>> under = Under("eu_gdpr@2018-05-25", "profiles.people")
    >>> record_of(held, Operation.RETENTION, under).sentence
    'The data are restricted and only stored; nothing of Article 18(2) opens this use.'
    >>> record_of(held, Operation.OWN_REQUEST, under, Gateway.CONSENT).sentence
    "The data are restricted; this use is open by the person's consent, which their own request contains."
    """
    try:
        opened = may_process(standing, operation, gateway)
    except NotAllowed:
        granted, outcome = False, "closed"
        sentence = "The data are restricted and only stored; nothing of Article 18(2) opens this use."
    else:
        granted, outcome = True, "open"
        sentence = (
            f"The data are restricted; this use is open by {GATEWAYS[opened]}." if opened
            else "Storing is always open." if operation is Operation.STORE else "No restriction stands."
        )
    return record(
        granted, outcome, article="18(2)", rule="RES-1", under=under, sentence=sentence, operation=operation,
        gateway=gateway, grounds={each.ground for each in standing},
    )


class Event(StrEnum):
    """What can end a restriction."""

    VERIFIED = "verified"
    AGREED = "agreed"
    ERASED = "erased"
    CLAIM_FINISHED = "claim_finished"
    BALANCED = "balanced"


# RES-2: an event ends the restrictions of its own ground and leaves every other standing.
ENDS: dict[Ground, frozenset[Event]] = {
    Ground.ACCURACY: frozenset({Event.VERIFIED}),
    Ground.UNLAWFUL: frozenset({Event.AGREED, Event.ERASED}),
    Ground.CLAIMS: frozenset({Event.CLAIM_FINISHED}),
    Ground.OBJECTION: frozenset({Event.BALANCED}),
}


def due_to_end(standing: Collection[Restriction], event: Event) -> tuple[Restriction, ...]:
    """Return those restrictions whose reason an event ended; the others stand on (RES-2, RES-3).

    >>> both = [Restriction(Ground.ACCURACY, datetime(2026, 1, 1)), Restriction(Ground.CLAIMS, datetime(2026, 2, 1))]
    >>> [each.ground for each in due_to_end(both, Event.VERIFIED)]
    [<Ground.ACCURACY: '18.1.a'>]
    """
    return tuple(each for each in standing if event in ENDS[each.ground])


def gateway_of(right: Kind) -> Gateway | None:
    """Return the gateway that a person's own request opens: their consent to what it asks, where systems act on it.

    >>> gateway_of(Kind.ERASURE), gateway_of(Kind.COMPLAINT)
    (<Gateway.CONSENT: '18.2.consent'>, None)
    """
    return Gateway.CONSENT if RIGHTS[right].verb else None


def ground_of(code: str) -> Ground:
    """Return the ground of a code; Invalid where there is no such ground."""
    try:
        return Ground(code)
    except ValueError:
        raise Invalid("Choose one of the four grounds of Article 18(1).", "ground") from None


def may_lift(
    *, proposed_by: str, lifted_by: str, proposed_at: datetime, informed_at: datetime | None, lifted_at: datetime
) -> None:
    """Refuse to lift a restriction unless the person was told first and a second person lifts it (18(3), RES-2, RES-3).

    The notice must follow the proposal and lie strictly before the lifting: `informed_at < lifted_at`.

    >>> may_lift(
    ...     proposed_by="a", lifted_by="b", proposed_at=datetime(2026, 1, 1), informed_at=datetime(2026, 1, 2),
    ...     lifted_at=datetime(2026, 1, 3),
    ... )
    """
    if informed_at is None:
        raise NotPossible("Tell the person first (Article 18(3)): send the letter that says so and mark it as sent.")
    if informed_at < proposed_at:
        raise NotPossible("The person was told before this lifting was proposed. Tell them anew.")
    if informed_at >= lifted_at:
        raise NotPossible("The person must be told before the restriction is lifted. Lift it later.")
    if proposed_by == lifted_by:
        raise NotAllowed("You proposed this lifting: another person must lift the restriction.")


def record_set(ground: Ground, under: Under, *, review_on: date) -> Record:
    """Return the decision to restrict (Article 18(1)).

    >>> record_set(Ground.CLAIMS, Under("eu_gdpr@2018-05-25"), review_on=date(2027, 1, 1)).article
    '18(1)(c)'
    """
    row = GROUNDS[ground]
    return record(
        True, "restricted", article=row.article, rule="RES-2", under=under, sentence=f"{row.sentence} The data are only stored.",
        ground=ground, review_on=review_on,
    )


def record_lift(ground: Ground, under: Under, *, lifted: bool, told_on: date | None) -> Record:
    """Return the decision on a proposal to lift: lifted after the person was told, or kept (18(3), RES-2, RES-3).

    >>> record_lift(Ground.CLAIMS, Under("eu_gdpr@2018-05-25"), lifted=False, told_on=None).sentence
    'The restriction stays: its lifting was not confirmed.'
    """
    sentence = (
        "The restriction is lifted: the person was told before, and a second person confirmed it." if lifted
        else "The restriction stays: its lifting was not confirmed."
    )
    return record(
        lifted, "lifted" if lifted else "kept", article="18(3)", rule="RES-3", under=under, sentence=sentence,
        ground=ground, told_on=told_on,
    )
