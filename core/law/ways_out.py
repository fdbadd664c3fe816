"""How an answer leaves: by which way, over which channel, its secret over which other one, and for how long."""

from datetime import datetime, timedelta
from enum import StrEnum

from core.law.errors import Invalid

DAYS = 7  # a link stands for a week where nobody says otherwise
WRONG_CODES = 3  # the third wrong code ends a link
MAILING, MAILED, ARRIVED, UNMAILED = "waiting", "sent", "arrived", "refused"  # how far the mail with a link is
SENT_BY_LINK = "link"  # how a request is marked as sent whose package the person fetched themselves


class Way(StrEnum):
    """A way out that goes together with a secret; a download and a print have none."""

    LINK = "link"  # with a code
    ARCHIVE = "archive"  # with a passphrase


CHANNELS = {
    "email": "E-mail", "post": "Letter", "hand_over": "Handed over in person", "phone": "Read out on the telephone",
    "text_message": "Text message",
}
SECRET_CHANNELS = ("phone", "text_message", "post", "email", "hand_over")
# What was approved is an address: a way out goes there, and nowhere else.
_TO_ADDRESS = {
    "email": ("email",), "post": ("post",), "hand_over": ("hand_over",),
    "representative": ("email", "post", "hand_over"),
}
PRINTED_TO = frozenset({"post", "hand_over", "representative"})


def way_channels(address_kind: str) -> tuple[str, ...]:
    """Return the channels that reach the approved address.

    >>> way_channels("email")
    ('email',)
    """
    return _TO_ADDRESS.get(address_kind, ())


def check_way(address_kind: str, channel: str) -> None:
    """Refuse a channel that does not lead to the approved address (Art. 32: only to whom it was approved for)."""
    if channel not in way_channels(address_kind):
        raise Invalid("The release was approved for another kind of address. Choose the way that leads there.", "channel")


def check_apart(channel: str, secret_channel: str) -> None:
    """Refuse a secret on the channel of what it opens: whoever reads that one channel would hold both.

    >>> check_apart("email", "phone")
    >>> check_apart("email", "email")
    Traceback (most recent call last):
    core.law.errors.Invalid: A code or passphrase never goes the way of what it opens. Choose another channel for it.
    """
    if secret_channel not in SECRET_CHANNELS:
        raise Invalid("Choose how the code or passphrase reaches the person.", "secret_channel")
    if channel == secret_channel:
        raise Invalid(
            "A code or passphrase never goes the way of what it opens. Choose another channel for it.", "secret_channel"
        )


def ends_at(now: datetime, package_end: datetime, days: int) -> datetime:
    """Return when a way out ends: after so many days, never later than the package itself."""
    if days < 1:
        raise Invalid("It stands for at least one day.", "days")
    return min(now + timedelta(days=days), package_end)


def standing(state: str, end_reason: str | None, expires_at: datetime, package_state: str, now: datetime) -> str:
    """Return how a way out stands: waiting, fetched, expired, wrong_codes, revoked or replaced."""
    if state != "waiting":
        return "fetched" if state == "fetched" else end_reason or "revoked"
    if expires_at <= now or package_state in {"expired", "failed"}:
        return "expired"
    return "waiting" if package_state == "released" else "replaced"
