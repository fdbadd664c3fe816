"""Objection to direct marketing (21(2), (3)) and withdrawal of consent (7(3)): what stops, what ends it (OBJ-2, OBJ-3, CON-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Record, Under, record
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
    """One row of the table of legal states: article, name, what it means, what ends it, and who can lift it."""

    article: str
    name: str
    sentence: str
    end_rule: str
    ends: str
    lifted_by_us: bool


STATES: dict[Legal, StateRule] = {
    Legal.RESTRICTION: StateRule(
        "18", "Restriction", "The data are only stored.", "lifted_after_notice",
        "A DPO proposes, the person is told, a second person lifts it.", True,
    ),
    Legal.OBJECTION: StateRule(
        "21(3)", "Objection to marketing", "No direct marketing and no profiling for it.", "newer_opt_in",
        "Nobody lifts it: only the person's own newer, proven opt-in ends it.", False,
    ),
    Legal.WITHDRAWAL: StateRule(
        "7(3)", "Withdrawal of consent", "Nothing more that rests on this consent.", "newer_opt_in",
        "Nobody lifts it: only the person's own newer, proven opt-in ends it.", False,
    ),
    Legal.DO_NOT_IMPORT: StateRule(
        "17", "Erased, kept out", "An import does not bring the person back.", "end_date",
        "Ends on its date, or when the person proves a new relation dated after the erasure.", False,
    ),
    Legal.DECEASED: StateRule(
        "Recital 27", "Deceased", "No direct marketing, and no letter to this person.", "shown_alive",
        "Nobody lifts it: a Data Protection Officer takes it back in its case where it is shown that the person lives.",
        False,
    ),
}  # fmt: skip

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

    An objection is about all direct marketing and its profiling, a withdrawal about every consent.

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
    if not STATES[state].lifted_by_us:
        raise NotAllowed(f"{STATES[state].name}: {STATES[state].ends}")


# What stops marketing, and goes on with a person to whatever identifier they get.
STOPPING = frozenset({Legal.OBJECTION, Legal.WITHDRAWAL, Legal.DECEASED})
# Signals of a machine that say what the person wants (Article 21(5)); they count as an objection in the person's own words.
SIGNALS = {
    "list_unsubscribe": "one click on unsubscribe in a message", "privacy_control": "the privacy control of a browser",
}


def signalled(signal: str) -> Legal:
    """Return the legal state that an automated signal brings about. Raises Invalid for one that we do not know.

    >>> signalled("list_unsubscribe")
    <Legal.OBJECTION: 'objection'>
    """
    if signal not in SIGNALS:
        raise Invalid("There is no such signal.", "signal")
    return Legal.OBJECTION


def told_apart(*, at_first: bool, explicit: bool, apart: bool) -> bool:
    """Whether the right to object was told as Article 21(4) demands (OBJ-3).

    That is at the first communication at the latest, explicitly, and apart from everything else.

    >>> told_apart(at_first=True, explicit=True, apart=False)
    False
    """
    return at_first and explicit and apart


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
