"""Which proof of identity is enough: a ladder of right, data and channel, never more than is needed (12(6); PAU-5, PAU-6)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import Invalid, NotPossible
from core.law.records import Record, Under, record
from core.law.ways import RIGHTS, Kind


class Proof(StrEnum):
    """A way of showing who asks; the outcome is recorded, never the document or the facts."""

    SIGNED_IN = "signed_in"  # came from the person's signed-in account
    MAIL_HELD = "mail_held"  # written from the e-mail address held
    CODE = "code"  # a code sent to the address or phone held came back
    CALL_BACK = "call_back"  # called back on the number held
    TWO_FACTS = "two_facts"  # two facts held about the person were right
    DOCUMENT = "document"  # an identity document, only in reasonable doubt


class Channel(StrEnum):
    """The way a request came in."""

    ACCOUNT = "account"
    EMAIL = "email"
    POST = "post"
    TELEPHONE = "telephone"
    COUNTER = "counter"


class Data(StrEnum):
    """How much harm the data would do in the wrong hands; the most sensitive data that the right reaches decide."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"  # Articles 9 and 10, accounts and numbers that pay or identify, where somebody is or was


@dataclass(frozen=True)
class Decision:
    """What the rule says, for a person to weigh: whether it is enough, under which article, and why."""

    granted: bool
    article: str
    sentence: str


Ways = tuple[frozenset[Proof], ...]


def _ways(*ways: tuple[Proof, ...]) -> Ways:
    return tuple(frozenset(way) for way in ways)


_P = Proof
# Nothing leaves and nothing is lost by a mistake: any one proof is enough.
_LIGHT = _ways(*((proof,) for proof in Proof))
# The data leave, change or vanish. A sender and a voice can be forged, so these two need a second sign.
_FIRM = _ways((_P.SIGNED_IN,), (_P.CODE,), (_P.DOCUMENT,))
_MAIL = (*_FIRM, *_ways((_P.MAIL_HELD, _P.TWO_FACTS), (_P.MAIL_HELD, _P.CALL_BACK)))
_VOICE = (*_FIRM, *_ways((_P.CALL_BACK, _P.TWO_FACTS)))
# A stolen mailbox, telephone or session alone never opens sensitive data: two signs of a different kind do.
_STRICT = _ways(
    (_P.SIGNED_IN, _P.CODE), (_P.SIGNED_IN, _P.TWO_FACTS), (_P.CODE, _P.TWO_FACTS), (_P.CODE, _P.CALL_BACK),
    (_P.DOCUMENT, _P.CODE), (_P.DOCUMENT, _P.TWO_FACTS),
)
_SEEN = (*_STRICT, *_ways((_P.DOCUMENT,)))  # at the counter the face stands beside the document

FIRM_RIGHTS = (Kind.ACCESS, Kind.PORTABILITY, Kind.RECTIFICATION, Kind.ERASURE)
# The ladder: for a right that gives data away, changes or deletes them, by channel and kind of data.
LADDER: dict[tuple[Channel, Data], Ways] = {
    (Channel.ACCOUNT, Data.ORDINARY): _FIRM,
    (Channel.EMAIL, Data.ORDINARY): _MAIL,
    (Channel.POST, Data.ORDINARY): _VOICE,
    (Channel.TELEPHONE, Data.ORDINARY): _VOICE,
    (Channel.COUNTER, Data.ORDINARY): _VOICE,
    (Channel.ACCOUNT, Data.SENSITIVE): _STRICT,
    (Channel.EMAIL, Data.SENSITIVE): _STRICT,
    (Channel.POST, Data.SENSITIVE): _STRICT,
    (Channel.TELEPHONE, Data.SENSITIVE): _STRICT,
    (Channel.COUNTER, Data.SENSITIVE): _SEEN,
}
# PAU-6: what Article 11(2) switches off where we show that nobody can be told apart in the data. Articles 21 and 22,
# and the withdrawal of consent, are not among them.
SWITCHED_OFF = frozenset({Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION, Kind.PORTABILITY})


def ladder(right: Kind, channel: Channel, data: Data = Data.ORDINARY) -> Ways:
    """Return the sets of proofs of which one is enough, the least intrusive first; empty when none is needed.

    >>> ladder(Kind.OBJECTION_MARKETING, Channel.TELEPHONE, Data.SENSITIVE)
    ()
    >>> frozenset({Proof.CODE}) in ladder(Kind.ACCESS, Channel.EMAIL)
    True
    >>> frozenset({Proof.CODE}) in ladder(Kind.ACCESS, Channel.EMAIL, Data.SENSITIVE)
    False
    """
    if not RIGHTS[right].needs_identity:
        return ()
    return LADDER[channel, data] if right in FIRM_RIGHTS else _LIGHT


def enough(
    right: Kind, channel: Channel, proofs: Collection[Proof], reasonable_doubt_reason: str = "",
    data: Data = Data.ORDINARY,
) -> Decision:
    """Decide whether `proofs` show well enough who asks for `right` through `channel`.

    Raises Invalid when a document was asked for without the facts that make the doubt reasonable (PAU-5): a blanket
    demand for identity cards infringes Articles 12(6) and 5(1)(c).

    >>> enough(Kind.ACCESS, Channel.EMAIL, [Proof.MAIL_HELD]).granted
    False
    >>> enough(Kind.ACCESS, Channel.EMAIL, [Proof.MAIL_HELD, Proof.TWO_FACTS]).granted
    True
    """
    if Proof.DOCUMENT in proofs and not reasonable_doubt_reason.strip():
        raise Invalid(
            "A document may be asked for only in reasonable doubt. Write down the facts that give rise to it.",
            "reasonable_doubt_reason",
        )
    ways = ladder(right, channel, data)
    if not ways:
        return Decision(True, "12(2)", "This right needs no proof of identity beyond finding the person.")
    held = frozenset(proofs)
    if any(way <= held for way in ways):
        return Decision(True, "12(6)", "The proof is enough for this right and this way of asking.")
    if not held:
        return Decision(False, "12(6)", "No proof is recorded yet. A code to the address held is the lightest way.")
    if data is Data.SENSITIVE and right in FIRM_RIGHTS and Proof.CODE in held:
        return Decision(False, "12(6)", "The data are sensitive: a second sign of another kind completes the proof.")
    return Decision(False, "12(6)", "The proof is not enough for this right. A code to the address held completes it.")


def lacking(
    right: Kind, channel: Channel, held: Collection[Proof], data: Data = Data.ORDINARY
) -> Ways:
    """Return the least that is still lacking, each set enough by itself; empty when nothing is.

    A document is named only where nothing lighter completes what is held (PAU-5).

    >>> lacking(Kind.ACCESS, Channel.EMAIL, [Proof.MAIL_HELD]) == _ways(
    ...     (Proof.SIGNED_IN,), (Proof.CODE,), (Proof.TWO_FACTS,), (Proof.CALL_BACK,))
    True
    >>> lacking(Kind.OBJECTION_MARKETING, Channel.EMAIL, [])
    ()
    """
    ways, known = ladder(right, channel, data), frozenset(held)
    if not ways or any(way <= known for way in ways):
        return ()
    rest = dict.fromkeys(way - known for way in ways)
    least = min(len(each) for each in rest)
    short = [each for each in rest if len(each) == least]
    return tuple(each for each in short if Proof.DOCUMENT not in each) or tuple(short)


def answers(
    right: Kind, channel: Channel, asked: Collection[Proof], doubt: str, data: Data = Data.ORDINARY
) -> Ways:
    """Return the ways in which the person can answer a question that asks for these proofs: each enough by itself.

    Raises as `require_question`, and Invalid where all the proofs asked for would still not be enough.

    >>> answers(Kind.ACCESS, Channel.EMAIL, [Proof.CODE, Proof.DOCUMENT], "the name differs from the one held")
    (frozenset({<Proof.CODE: 'code'>}), frozenset({<Proof.DOCUMENT: 'document'>}))
    """
    require_question(right, channel, asked, doubt)
    ways = tuple(way for way in ladder(right, channel, data) if way <= set(asked))
    if not ways:
        raise Invalid("All of these proofs together are not enough for this right. Add one, such as a code.", "proofs")
    if all(Proof.DOCUMENT in way for way in ways):
        raise Invalid("A document is never the only way. Offer a lighter one beside it, such as a code.", "proofs")
    return ways


def require_question(right: Kind, channel: Channel, asked: Collection[Proof], doubt: str) -> None:
    """Refuse a question of identity that asks too much (PAU-1, PAU-5; Articles 12(6) and 5(1)(c)).

    Raises NotPossible where the right needs no proof, Invalid without the facts of the doubt, and for a blanket demand:
    a document asked for with no lighter way beside it.

    >>> require_question(Kind.ACCESS, Channel.EMAIL, [Proof.CODE, Proof.DOCUMENT], "the name differs from the one held")
    >>> require_question(Kind.ACCESS, Channel.EMAIL, [Proof.DOCUMENT], "the name differs from the one held")
    Traceback (most recent call last):
    ...
    core.law.errors.Invalid: A document is never the only way. Offer a lighter one beside it, such as a code.
    """
    if not ladder(right, channel):
        raise NotPossible(f"{RIGHTS[right].name} needs no proof of identity: nothing may be asked for.")
    if not doubt.strip():
        raise Invalid("Write down the facts that make it doubtful who is asking.", "reasonable_doubt_reason")
    if not asked:
        raise Invalid("Say by which proofs the person can answer.", "proofs")
    if set(asked) == {Proof.DOCUMENT}:
        raise Invalid("A document is never the only way. Offer a lighter one beside it, such as a code.", "proofs")


def switched_off(right: Kind, *, shown: bool, supplied: bool) -> bool:
    """Whether Article 11(2) switches a right off (PAU-6).

    It does where we showed, and the burden is ours, that we cannot tell the person apart in the data, and the person
    supplied nothing with which we can.

    >>> switched_off(Kind.ACCESS, shown=True, supplied=False), switched_off(Kind.ACCESS, shown=False, supplied=False)
    (True, False)
    >>> switched_off(Kind.OBJECTION, shown=True, supplied=False)
    False
    """
    return right in SWITCHED_OFF and shown and not supplied


def record_of(
    right: Kind, channel: Channel, proofs: Collection[Proof], under: Under, reasonable_doubt_reason: str = "",
    data: Data = Data.ORDINARY, *, failed: bool = False,
) -> Record:
    """Return the decision on who is asking: method and outcome, never the document, the facts or the doubt (PAU-5).

    `failed` says that whoever checked found the person not proven, whatever the proofs would be enough for.

    >>> made = record_of(Kind.ACCESS, Channel.EMAIL, [Proof.MAIL_HELD, Proof.TWO_FACTS], Under("eu_gdpr@2018-05-25"))
    >>> made.granted, dict(made.inputs)["proofs"]
    (True, 'mail_held two_facts')
    """
    decision = enough(right, channel, proofs, reasonable_doubt_reason, data)
    if failed:
        decision = Decision(False, "12(6)", "The check did not prove who is asking; the person is told why.")
    return record(
        decision.granted, "proven" if decision.granted else "not_proven", article=decision.article, rule="PAU-5",
        under=under, sentence=decision.sentence, right=right, channel=channel, data=data, proofs=set(proofs),
        doubt=bool(reasonable_doubt_reason.strip()),
    )
