"""Fetching a package by its link: the one thing that somebody without an account can do here, once, with the code."""

import hmac
import re
import threading
from datetime import datetime

from core.actions import things, throttle
from core.actions.act import act, enter_refusal, repeated
from core.actions.answering import Delivery
from core.actions.clock import guard
from core.actions.desk import Desk, public_desk
from core.actions.handing_over import MEDIA_TYPE, approved, take
from core.actions.links import code_hash, token_hash
from core.actions.ways_out import end, require_open, way_of
from core.law.acts import Act
from core.law.errors import NotFound, Refused
from core.law.ways_out import WRONG_CODES
from core.store.engine import Store

REFUSED = (
    "This did not work. A link works once, for a limited time, and ends after three wrong codes. "
    "Check the code, or ask whoever sent you the link for a new one."
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ONE_AT_A_TIME = threading.Lock()  # parallel guesses at one code are counted one after another


class LinkRefused(NotFound):
    """Whatever was wrong: one sentence for all, so that a guesser learns nothing."""


def fetch(store: Store, now: datetime, token: str, code: str, source: str) -> Delivery:
    """Return the approved bytes for the right link and code, once.

    `source` is where the attempt comes from (an address), kept as a keyed hash only: after ten failures from one
    place nothing is looked at for fifteen minutes. Raises LinkRefused, the same for a link that is unknown, used,
    revoked, replaced or past its time, for a wrong code, and for a place that has to wait.
    """
    attempt = throttle.begin_attempt(store, now, f"package:{source}")
    if attempt is None:
        raise LinkRefused(REFUSED)
    desk = public_desk(store, now)
    digits = "".join(letter for letter in code[:40] if letter.isascii() and letter.isdigit())
    with _ONE_AT_A_TIME:
        try:
            way_id = _try(desk, token, digits)
            delivery = _fetch(desk, way_id) if way_id else None
        except Refused:
            raise LinkRefused(REFUSED) from None
    if delivery is None:
        raise LinkRefused(REFUSED)
    throttle.forgive(store, attempt, f"package-link:{way_id}")
    return delivery


def _try(desk: Desk, token: str, digits: str) -> str:
    """Return the id of the link when it is open and the code is right; '' for a wrong code, which is counted."""
    hashed = token_hash(desk.store, token[:200])
    with desk.store.transaction() as tx:
        row = tx.one("ways_out.by_token", token_hash=hashed)
    if row is None or not _TOKEN.fullmatch(token):
        code_hash(desk.store, "unknown", digits)
        refusal = LinkRefused(REFUSED)
        enter_refusal(desk, Act.LINK_TRY, refusal)
        raise refusal
    return str(row["id"]) if _is_right(desk, str(row["id"]), digits) else ""


@repeated
def _is_right(desk: Desk, way_id: str, digits: str) -> bool:
    with act(desk, Act.LINK_TRY, things.way_out(way_id)) as now:
        row, packed = way_of(now)
        require_open(row, desk.now)
        approved(desk, now, packed)
        given = code_hash(desk.store, way_id, digits)
        if hmac.compare_digest(given, row["code_hash"] or "0" * len(given)):
            now.unlogged = True  # what follows is the fetch, with an entry of its own
            return True
        guard(now.tx.run("ways_out.wrong_code", id=way_id, version=row["version"]))
        tries = row["wrong_codes"] + 1
        if tries >= WRONG_CODES:
            end(desk, now, row | {"version": row["version"] + 1}, "wrong_codes")
        now.detail |= {"wrong_codes": tries, "ended": int(tries >= WRONG_CODES)}
    return False


@repeated
def _fetch(desk: Desk, way_id: str) -> Delivery:
    with act(desk, Act.LINK_FETCH, things.way_out(way_id)) as now:
        row, packed = way_of(now)
        require_open(row, desk.now)
        content = take(desk, now, Act.LINK_FETCH, packed, way_out=way_id)
        guard(now.tx.run("ways_out.fetched", id=way_id, version=row["version"], now=desk.now, passphrase=None))
    return Delivery(f"{packed.name}.zip", MEDIA_TYPE, content)
