"""Which proof of identity is enough: a ladder of right and channel, never more than the right needs (Article 12(6))."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import Invalid
from core.law.rights import RIGHTS, Kind


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

FIRM_RIGHTS = (Kind.ACCESS, Kind.PORTABILITY, Kind.RECTIFICATION, Kind.ERASURE)
_BY_CHANNEL = {
    Channel.ACCOUNT: _FIRM,
    Channel.EMAIL: _MAIL,
    Channel.POST: _VOICE,
    Channel.TELEPHONE: _VOICE,
    Channel.COUNTER: _VOICE,
}


def ladder(right: Kind, channel: Channel) -> Ways:
    """Return the sets of proofs of which one is enough, the least intrusive first; empty when none is needed.

    >>> ladder(Kind.OBJECTION_MARKETING, Channel.TELEPHONE)
    ()
    """
    if not RIGHTS[right].needs_identity:
        return ()
    return _BY_CHANNEL[channel] if right in FIRM_RIGHTS else _LIGHT


def enough(right: Kind, channel: Channel, proofs: Collection[Proof], reasonable_doubt_reason: str = "") -> Decision:
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
    ways = ladder(right, channel)
    if not ways:
        return Decision(True, "12(2)", "This right needs no proof of identity beyond finding the person.")
    held = frozenset(proofs)
    if any(way <= held for way in ways):
        return Decision(True, "12(6)", "The proof is enough for this right and this way of asking.")
    if not held:
        return Decision(False, "12(6)", "No proof is recorded yet. A code to the address held is the lightest way.")
    return Decision(False, "12(6)", "The proof is not enough for this right. A code to the address held completes it.")
