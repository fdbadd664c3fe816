"""Suppression: five legal states that are never mixed, what each stops, since when, and who ends it (RES-4, OBJ-2, CON-1)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.law.acts import ACTS, Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Record, Under, record
from core.law.rights.erasure import Exemption
from core.law.rights.kept import serves
from core.law.rights.restriction import Gateway, Ground, Operation, may_process
from core.law.roles import Role
from core.law.ways import Kind

ALL = "all"
UPHELD_GROUND = "21.1.upheld"  # of an entry for a use to which the person objected with success
MARKETING = "direct_marketing"  # profiling for it included (Article 21(2))


class Legal(StrEnum):
    """Five legal states that are never mixed (RES-4), each with its own end."""

    RESTRICTION = "restriction"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    DO_NOT_IMPORT = "do_not_import"
    DECEASED = "deceased"


@dataclass(frozen=True)
class StateRule:
    """One row of the table of legal states: article, name, what it means, what ends it, and by which act; that says who may.

    An expiry by its own date is no act of anybody.
    """

    article: str
    name: str
    sentence: str
    end_rule: str
    ends: str
    ended_by: Act


STATES: dict[Legal, StateRule] = {
    Legal.RESTRICTION: StateRule(
        "18", "Restriction", "The data are only stored.", "lifted_after_notice",
        "A DPO proposes, the person is told, a second person lifts it.", Act.RESTRICTION_LIFT,
    ),
    Legal.OBJECTION: StateRule(
        "21(3)", "Objection to marketing", "No direct marketing and no profiling for it.", "newer_opt_in",
        "Nobody lifts it: only the person's own newer, proven opt-in ends it.", Act.SUPPRESSION_END,
    ),
    Legal.WITHDRAWAL: StateRule(
        "7(3)", "Withdrawal of consent", "Nothing more that rests on this consent.", "newer_opt_in",
        "Nobody lifts it: only the person's own newer, proven opt-in ends it.", Act.SUPPRESSION_END,
    ),
    Legal.DO_NOT_IMPORT: StateRule(
        "17", "Erased, kept out", "An import does not bring the person back.", "end_date",
        "Ends on its date, or when the person proves a new relation dated after the erasure.", Act.SUPPRESSION_END,
    ),
    Legal.DECEASED: StateRule(
        "Recital 27", "Deceased", "No direct marketing, and no letter to this person.", "shown_alive",
        "Nobody lifts it: a Data Protection Officer takes it back in its case where it is shown that the person lives.",
        Act.DEATH_CORRECT,
    ),
}  # fmt: skip

def may_end(state: Legal) -> frozenset[Role]:
    """Return the roles that may end an entry of this state, each by the rule of the state.

    >>> sorted(may_end(Legal.RESTRICTION)), sorted(may_end(Legal.DECEASED))
    ([<Role.APPROVER: 'approver'>, <Role.DPO: 'dpo'>], [<Role.DPO: 'dpo'>])
    """
    return frozenset(ACTS[STATES[state].ended_by].who)


CHANNELS = {ALL: "All channels", "email": "E-mail", "phone": "Telephone", "sms": "Text message", "post": "Post",
            "app": "App and device"}
STATE_OF: dict[Kind, Legal] = {
    Kind.OBJECTION_MARKETING: Legal.OBJECTION, Kind.CONSENT_WITHDRAWAL: Legal.WITHDRAWAL,
}


@dataclass(frozen=True)
class Scope:
    """What is stopped: one purpose on some channels; `all` stands for every one."""

    purpose: str = ALL
    channels: tuple[str, ...] = (ALL,)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return one (purpose, channel) for each entry."""
        return tuple((self.purpose, channel) for channel in self.channels)


def scope_of(state: Legal, purpose: str = "", channels: Sequence[str] = (), own_words: str = "") -> Scope:
    """Return what a request stops (OBJ-2, CON-1): everything, and less only in the person's own words.

    An objection is about all direct marketing and its profiling, a withdrawal about every consent. Words that limit it
    need what they limit it to: without it more would be stopped than the person said, and nobody would see it.

    >>> scope_of(Legal.OBJECTION)
    Scope(purpose='direct_marketing', channels=('all',))
    >>> scope_of(Legal.OBJECTION, channels=["phone"], own_words="just do not call me").channels
    ('phone',)
    >>> scope_of(Legal.OBJECTION, channels=["phone"])
    Traceback (most recent call last):
    ...
    core.law.errors.Invalid: Without the person's own words it stops everything. Write down the words that limit it.
    """
    if state not in {Legal.OBJECTION, Legal.WITHDRAWAL}:
        return Scope()
    whole = MARKETING if state is Legal.OBJECTION else ALL
    named = tuple(dict.fromkeys(channel for channel in channels if channel != ALL))
    if unknown := [channel for channel in named if channel not in CHANNELS]:
        raise Invalid(f"There is no such channel ({len(unknown)}). Choose from the list.", "channels")
    # What somebody wants to go on hearing of is for them to say: an objection is about marketing as a whole.
    wanted = purpose if purpose and state is Legal.WITHDRAWAL else whole
    narrower = bool(named) or wanted != whole
    if narrower and not own_words.strip():
        raise Invalid("Without the person's own words it stops everything. Write down the words that limit it.", "limits")
    if own_words.strip() and not (named or purpose):
        raise Invalid(
            "The words limit it to nothing yet. Choose the channels or the purpose they mean, or take the words out: then "
            "it stops everything.", "limits",
        )
    return Scope(wanted, named or (ALL,))


def covers(purpose: str, channel: str, asked_purpose: str = ALL, asked_channel: str = ALL) -> bool:
    """Whether an entry for (purpose, channel) says anything about the purpose and channel asked for.

    >>> covers("direct_marketing", "all", "newsletter", "email"), covers("direct_marketing", "phone", "x", "email")
    (True, False)
    """
    same_purpose = asked_purpose == ALL or purpose in {ALL, MARKETING, asked_purpose}
    return same_purpose and (ALL in {channel, asked_channel} or channel == asked_channel)


def end_by_opt_in(state: Legal, started_at: datetime, opted_in_at: datetime, evidence: str, now: datetime) -> str:
    """Return the ground on which an entry ends: the person's newer opt-in (OBJ-2, CON-1), or a new relation.

    Raises NotAllowed for a restriction, which is lifted otherwise; NotPossible for one that is not newer; Invalid
    without evidence and for a day in the future.

    >>> moment = datetime(2026, 3, 1)
    >>> end_by_opt_in(Legal.OBJECTION, moment, datetime(2026, 4, 1), "double opt-in", datetime(2026, 5, 1))
    'newer_opt_in'
    >>> end_by_opt_in(Legal.OBJECTION, moment, moment, "double opt-in", datetime(2026, 5, 1))
    Traceback (most recent call last):
    ...
    core.law.errors.NotPossible: This opt-in is not newer than the entry, so it does not end it.
    """
    if state is Legal.DECEASED:
        raise NotAllowed("This person has died: no opt-in ends it. Where that was wrong, a DPO takes it back in its case.")
    if state is Legal.RESTRICTION:
        raise NotAllowed("A restriction is lifted by a DPO and a second person, after the person was told.")
    if not evidence.strip():
        raise Invalid("Write down the evidence: without it, the entry stands.", "evidence")
    if opted_in_at > now:
        raise Invalid("This lies in the future. Enter the day on which the person did it.", "opted_in_at")
    if opted_in_at <= started_at:
        raise NotPossible("This opt-in is not newer than the entry, so it does not end it.")
    return "new_relation" if state is Legal.DO_NOT_IMPORT else "newer_opt_in"


def lift(state: Legal) -> None:
    """Refuse to lift what only the person can end: an objection and a withdrawal, whoever asks."""
    if STATES[state].ended_by is not Act.RESTRICTION_LIFT:
        raise NotAllowed(f"{STATES[state].name}: {STATES[state].ends}")


def require_annullable(state: Legal) -> None:
    """Refuse to annul what ends by a rule of its own: a restriction is lifted, a death is corrected in its case.

    The others are annulled by two where they were made by mistake: they never stood for the person.
    """
    if state is Legal.RESTRICTION:
        raise NotPossible("A restriction is lifted by a DPO and a second person, after the person was told.")
    if state is Legal.DECEASED:
        raise NotPossible("A death is corrected in its case, by a Data Protection Officer.")


# What stops marketing, and goes on with a person to whatever identifier they get.
STOPPING = frozenset({Legal.OBJECTION, Legal.WITHDRAWAL, Legal.DECEASED})


def record_of(state: Legal, under: Under, *, limited: bool, stopped: bool, widened: bool = False) -> Record:
    """Return the effect of an objection to marketing or a withdrawal: at once, without any balancing (OBJ-2, CON-1).

    `limited` by the person's own words; `stopped` where an address or number was there to stop; `widened` once the
    person was found and everything they hold is stopped too.

    >>> made = record_of(Legal.OBJECTION, Under("eu_gdpr@2018-05-25"), limited=False, stopped=True)
    >>> made.granted, made.article, made.rule
    (True, '21(3)', 'OBJ-2')
    """
    row = STATES[state]
    outcome = "widened" if widened else "in_effect" if stopped else "waits_for_the_person"
    more = {
        "widened": "It now covers every address and number that the person holds.",
        "in_effect": "It has effect from the receipt.",
        "waits_for_the_person": "No address or number was named: it takes effect for all that the person holds once found.",
    }[outcome]
    return record(
        True, outcome, article=row.article, rule="OBJ-2" if state is Legal.OBJECTION else "CON-1", under=under,
        sentence=f"{row.sentence} {more}", state=state, limited=limited, stopped=stopped,
    )


# Uses that reach a person for a purpose: they need a basis on record, and no stop.
_REACHING = frozenset({Operation.CAMPAIGN, Operation.AUDIENCE})
# Uses that a stop of their purpose bars: profiling for direct marketing is part of it (Article 21(2)).
_STOPPABLE = _REACHING | {Operation.ANALYTICS}


class Why(StrEnum):
    """Why data may not be used; where several hold, the first of these."""

    RESTRICTED = "restricted"
    DECEASED = "deceased"
    ERASED = "erased"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    NO_BASIS = "no_basis"


WHY: dict[Why, str] = {
    Why.RESTRICTED: "The data are restricted and only stored.",
    Why.DECEASED: "The person has died: nothing reaches them.",
    Why.ERASED: "The person was erased; what is left serves its ground alone.",
    Why.OBJECTED: "The person objected to it.",
    Why.WITHDRAWN: "The person withdrew the consent.",
    Why.UNKNOWN: "Nobody here is known by it.",
    Why.NO_BASIS: "No basis for this purpose and channel is on record.",
}
_BARS: dict[Legal, Why] = {
    Legal.DECEASED: Why.DECEASED, Legal.DO_NOT_IMPORT: Why.ERASED, Legal.OBJECTION: Why.OBJECTED,
    Legal.WITHDRAWAL: Why.WITHDRAWN,
}


class Barred(NotAllowed):
    """A use that may not be; `why` is its reason as a code."""

    def __init__(self, why: Why, sentence: str = "") -> None:
        super().__init__(sentence or WHY[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is on record about one person, or about everybody who holds one identifier, before their data are used.

    `about` is the person; `stops` are entries as (state, purpose, channel); `kept` says on which grounds an erasure left
    something; `bases` are the (purpose, channel) that everybody meant agreed to, or that a documented exception covers.
    """

    about: str = ""
    known: bool = True
    stops: frozenset[tuple[Legal, str, str]] = frozenset()
    restrictions: frozenset[Ground] = frozenset()
    kept: frozenset[Exemption] = frozenset()
    bases: frozenset[tuple[str, str]] = frozenset()


class May:
    """That data about one person may be used so, as `may_use` found; nothing else makes one, so who has one has asked."""

    __slots__ = ("about", "channel", "gateway", "operation", "purpose")

    def __init__(
        self, key: object, about: str, purpose: str, channel: str, operation: Operation, gateway: Gateway | None
    ) -> None:
        if key is not _KEY:
            raise TypeError("Ask may_use: only it says that data may be used.")
        self.about, self.purpose, self.channel = about, purpose, channel
        self.operation, self.gateway = operation, gateway

    def require(self, *operations: Operation) -> str:
        """Return the person it is about. Raises NotAllowed for another use than was asked for."""
        if self.operation not in operations:
            raise NotAllowed("This use was not asked for: nothing was read or changed.")
        return self.about


_KEY = object()


def may_use(
    item: OnRecord, purpose: str, channel: str, operation: Operation, gateway: Gateway | None = None
) -> May:
    """Return that data may be used so. Raises Barred with the reason: the one question before any use (RES-1, RES-4, OBJ-2).

    No stop forbids storing. A restriction stops all else but what a gateway of 18(2) opens, which the entry in the log
    names; the person's own request is one. What reaches a person needs more: that they are known, a basis on record for
    this very purpose and channel, and nothing that stops it. Whatever is not known bars: the question fails closed.

    >>> letter = ("newsletter", "email")
    >>> agreed = OnRecord("jo", bases=frozenset({letter}))
    >>> may_use(agreed, *letter, Operation.AUDIENCE).about
    'jo'
    >>> objected = frozenset({(Legal.OBJECTION, MARKETING, ALL)})
    >>> may_use(OnRecord("jo", stops=objected, bases=agreed.bases), *letter, Operation.AUDIENCE)
    Traceback (most recent call last):
    ...
    core.law.rights.suppression.Barred: The person objected to it.
    >>> may_use(agreed, "newsletter", "phone", Operation.AUDIENCE)
    Traceback (most recent call last):
    ...
    core.law.rights.suppression.Barred: No basis for this purpose and channel is on record.
    """
    if operation is Operation.STORE:
        return May(_KEY, item.about, purpose, channel, operation, None)
    try:
        passed = may_process(item.restrictions, operation, gateway)
    except NotAllowed as refusal:
        raise Barred(Why.RESTRICTED, str(refusal)) from None
    if operation in _STOPPABLE and (bars := _bars(item.stops, purpose, channel)):
        raise Barred(min(bars, key=list(Why).index))
    try:
        serves(item.kept, operation)
    except NotAllowed as refusal:
        raise Barred(Why.ERASED, str(refusal)) from None
    if operation in _REACHING:
        if not item.known:
            raise Barred(Why.UNKNOWN)
        if (purpose, channel) not in item.bases or ALL in {purpose, channel}:
            raise Barred(Why.NO_BASIS)
    return May(_KEY, item.about, purpose, channel, operation, passed)


def _bars(stops: Collection[tuple[Legal, str, str]], purpose: str, channel: str) -> list[Why]:
    return [
        _BARS[state] for state, about, through in stops
        if state in _BARS and (state in {Legal.DECEASED, Legal.DO_NOT_IMPORT} or covers(about, through, purpose, channel))
    ]
