"""The package link: made by the request's handler, shown once or mailed, its code shown once, both kept as hashes."""

import secrets

from core.actions.answers.packages.handing_over import packed_of
from core.actions.answers.packages.ways_out import add, open_way
from core.actions.desk import things
from core.actions.desk.act import act, guard, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.public_address import public_address
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.ways_out import DAYS, MAILING, Way
from core.store.engine import Row, Store

CODE_DIGITS = 8
SHOWN = "The link was shown or sent already, and the desk does not know it any more. Revoke it and make a new one."
CODE_SHOWN = "The code was shown already, and the desk does not know it any more. Revoke the link and make a new one."


@repeated
def make(desk: Desk, package_id: str, *, channel: str, code_channel: str, days: int = DAYS, key: str) -> str:
    """Make a link to the released package and return its id; the link and its code are drawn when they are shown.

    Raises NotAllowed for anybody but the handler, Invalid for channels, NotPossible where nothing may leave.
    """
    public_address(desk.store)
    with act(desk, Act.LINK_MAKE, things.package(package_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        packed = packed_of(now.at)
        return add(desk, now, packed, Way.LINK, channel=channel, secret_channel=code_channel, days=days)


@repeated
def show_link(desk: Desk, way_id: str, *, key: str) -> str:
    """Return the whole link, once: it is drawn now, and only its keyed hash is kept."""
    address = public_address(desk.store)
    token = secrets.token_urlsafe(32)
    with act(desk, Act.LINK_SHOW, things.way_out(way_id), key=key) as now:
        row, _ = open_way(desk, now)
        require_link(row)
        if now.earlier is not None:
            raise NotPossible(SHOWN)
        require_not_handed(row)
        guard(now.tx.run(
            "ways_out.show", id=way_id, version=row["version"], now=desk.now, token_hash=token_hash(desk.store, token)
        ))
    return f"{address}/package/{token}"


@repeated
def show_code(desk: Desk, way_id: str, *, key: str) -> str:
    """Return the eight digits of the code, once, as they are read out: in two groups of four."""
    code = f"{secrets.randbelow(10 ** CODE_DIGITS):0{CODE_DIGITS}d}"
    with act(desk, Act.LINK_CODE, things.way_out(way_id), key=key) as now:
        row, _ = open_way(desk, now)
        require_link(row)
        if now.earlier is not None or row["secret_shown_at"] is not None:
            raise NotPossible(CODE_SHOWN)
        guard(now.tx.run(
            "ways_out.show_code", id=way_id, version=row["version"], now=desk.now,
            code_hash=code_hash(desk.store, way_id, code),
        ))
    return f"{code[:4]} {code[4:]}"


def token_hash(store: Store, token: str) -> str:
    """Return the keyed hash under which a link is found."""
    return store.keyed_hash("package-links", token).hex()


def code_hash(store: Store, way_id: str, code: str) -> str:
    """Return the keyed hash of a code, bound to its link: without the store's secret nobody can try codes against it."""
    return store.keyed_hash("package-codes", f"{way_id}:{code}").hex()


def require_link(row: Row) -> None:
    """Refuse an archive."""
    if row["way"] != Way.LINK:
        raise NotPossible("This is no link.")


def require_not_handed(row: Row) -> None:
    """Refuse a link that was shown or mailed, or whose mail is on the way."""
    if row["mail_state"] == MAILING:
        raise NotPossible("The mail with this link is on its way. Wait for its outcome, or revoke the link.")
    if row["shown_at"] is not None:
        raise NotPossible(SHOWN)
