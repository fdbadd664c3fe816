"""A browser in which somebody signed in before: it is not slowed down with the strangers who try their name.

A signed text in a cookie, as OWASP describes it (Slow Down Online Guessing Attacks with Device Cookies); nothing is kept
here. It opens nothing: the password and the code are asked as ever, and its own ten failures make a stranger of it.
"""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from core.store.engine import Store

VALID = timedelta(days=180)
_TEXT = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})")


def issue(store: Store, now: datetime, name: str) -> str:
    """Return what a browser keeps after somebody of this sign-in name has signed in there."""
    told = f"{int(now.timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{told}.{_signed(store, name, told)}"


def known(store: Store, now: datetime, name: str, kept: str) -> str:
    """Return the mark of the browser that keeps this text for that name; '' where it is not ours, another's or too old."""
    found = _TEXT.fullmatch(kept)
    if found is None:
        return ""
    age = now.timestamp() - int(found[1])
    sound = hmac.compare_digest(_signed(store, name, f"{found[1]}.{found[2]}"), found[3])
    return found[2] if sound and age < VALID.total_seconds() else ""


def label(store: Store, name: str) -> str:
    """Return under what a browser keeps the text of this name, so that several people may use one browser."""
    return store.keyed_hash("device-names", name).hex()[:16]


def _signed(store: Store, name: str, told: str) -> str:
    return store.keyed_hash("devices", f"{name}\n{told}").hex()
