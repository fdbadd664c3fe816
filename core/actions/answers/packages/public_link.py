"""Fetching a package by its link: the one thing that somebody without an account can do here, once, with the code."""

import hmac
import re
import threading
from datetime import datetime

from core.actions.answers.packages.handing_over import MEDIA_TYPE, approved, take
from core.actions.answers.packages.links import code_hash, token_hash
from core.actions.answers.packages.ways_out import end, is_open, require_open, way_of
from core.actions.desk import things, throttle
from core.actions.desk.act import act, enter_refusal, guard, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk, public_desk
from core.law.acts import Act
from core.law.errors import NotFound, Refused
from core.law.ways_out import WRONG_CODES
from core.store.durable import Unwritten
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

    `source` is where the attempt comes from (an address), kept as a keyed hash only: after ten links from one place that
    do not exist or have ended, further such ones are not even entered for fifteen minutes. A link that is open is looked at
    whatever else came from there: it has its own three tries. Raises LinkRefused, the same for a link that is unknown,
    used, revoked, replaced or past its time, and for a wrong code; Unwritten on a full disk.
    """
    desk = public_desk(store, now)
    digits = "".join(letter for letter in code[:40] if letter.isascii() and letter.isdigit())
    with store.transaction() as tx:
        row = tx.one("ways_out.by_token", token_hash=token_hash(store, token[:200]))
    known = row if _TOKEN.fullmatch(token) else None
    if (known is None or not is_open(known, now)) and not throttle.begin_attempt(store, now, f"package:{source}"):
        raise LinkRefused(REFUSED)
    if known is None:
        code_hash(store, "unknown", digits)
        refusal = LinkRefused(REFUSED)
        enter_refusal(desk, Act.LINK_TRY, refusal)
        raise refusal
    way_id = str(known["id"])
    with _ONE_AT_A_TIME:
        try:
            delivery = _fetch(desk, way_id) if _is_right(desk, way_id, digits) else None
        except Unwritten:  # a full disk, which says the same of a link that there is not
            raise
        except Refused:
            raise LinkRefused(REFUSED) from None
    if delivery is None:
        raise LinkRefused(REFUSED)
    return delivery


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
