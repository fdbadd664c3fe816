"""A package link by mail: asked for by its handler, sent by the worker, recorded, or void where it cannot leave."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from core.actions.answers.packages.handing_over import approved
from core.actions.answers.packages.links import require_link, require_not_handed, token_hash
from core.actions.answers.packages.ways_out import open_way, require_open, way_of
from core.actions.cases.addresses import address_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import UNSET, establishment
from core.actions.desk.public_address import public_address
from core.actions.desk.tasks import Task, enqueue
from core.law.acts import Act
from core.law.errors import Invalid, NotFound, NotPossible
from core.law.ways_out import ARRIVED, MAILING, check_way
from core.messages import outgoing
from core.messages.outgoing import Mail, MailRefused
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

GIVEN_UP = (
    "The mail server took no mail in several tries, so the link is void. Tell the operator, then send it again or show "
    "the link."
)


@dataclass(frozen=True, slots=True)
class Sending:
    """How far the mail with a link is: its state, how often it was tried, and a mark that changes with the link."""

    state: str
    tries: int
    version: int


def mail_is_set() -> bool:
    """Whether the operator set a mail server, so that a link can go by mail from here."""
    return outgoing.settings().is_set


@repeated
def ask(desk: Desk, way_id: str, *, key: str) -> None:
    """Have the link sent to the approved e-mail address by the worker, once; the click itself sends nothing.

    The link is drawn when the mail is about to leave. Raises NotPossible while no mail server is set, where the link
    was handed out already, or does not go by e-mail; NotAllowed for anybody but the handler.
    """
    if not outgoing.settings().is_set:
        raise NotPossible("This desk sends no mail: show the link and pass it on yourself.")
    public_address(desk.store)
    with act(desk, Act.LINK_MAIL_ASK, things.way_out(way_id), key=key) as now:
        if now.earlier is not None:
            return
        row, packed = open_way(desk, now)
        require_link(row)
        require_not_handed(row)
        if row["channel"] != "email":
            raise NotPossible("This link does not go by e-mail.")
        check_way(address_of(desk, now, packed.at.case, row["address_id"]).kind, "email")
        mail_id = new_id(desk.now)
        guard(now.tx.run(
            "ways_out.ask_mail", id=way_id, version=row["version"], mail_id=mail_id, account_id=desk.person.account_id
        ))
        enqueue(desk, now, Task.MAIL_LINK, mail_id)


def sending(desk: Desk, way_id: str) -> Sending:
    """Return how far the mail with a link is, for a page that waits for it; names nobody."""
    with look(desk, Act.CASE_OPEN, things.way_out(way_id)) as now:
        row = found(now.tx.one("ways_out.mail", id=way_id), "way out")
    return Sending(row["mail_state"] or "", int(row["mail_tries"] or 0), int(row["version"]))


def send(desk: Desk, mail_id: str) -> None:
    """Make the link good, send it, and record that it left; may be repeated, and then sends the same link.

    The link is good before it leaves, so that nobody gets one that does not work. Where the server refuses it for
    good, or it may not leave any more, it is void. Raises MailFailed where a later try may succeed.
    """
    way_id = _way_of(desk, mail_id)
    try:
        mail = _ready(desk, way_id, mail_id)
    except (NotPossible, NotFound, Invalid) as refusal:  # taken back, revoked, closed, or its time is over meanwhile
        _void(desk, way_id, mail_id, str(refusal))
        return
    if mail is not None:
        try:
            outgoing.send(outgoing.settings(), mail)
        except (MailRefused, Invalid) as refusal:
            _void(desk, way_id, mail_id, str(refusal))
            return
    _record(desk, way_id, mail_id, left=mail is not None)


def give_up(desk: Desk, mail_id: str) -> None:
    """Make a link void that could not be sent in several tries; one that was fetched meanwhile had arrived."""
    way_id = _way_of(desk, mail_id)
    _record(desk, way_id, mail_id, left=False)
    _void(desk, way_id, mail_id, GIVEN_UP)


def _way_of(desk: Desk, mail_id: str) -> str:
    with look(desk, Act.LINK_MAIL_READY) as now:
        return str(found(now.tx.one("ways_out.of_mail", mail_id=mail_id), "mail with a link")["id"])


@repeated
def _ready(desk: Desk, way_id: str, mail_id: str) -> Mail | None:
    """Return the mail, its link good from now on; None where nothing is left to be sent."""
    with act(desk, Act.LINK_MAIL_READY, things.way_out(way_id)) as now:
        row, packed = way_of(now)
        if row["mail_id"] != mail_id or row["mail_state"] != MAILING:
            now.unlogged = True
            return None
        require_open(row, desk.now)
        approved(desk, now, packed)
        address = address_of(desk, now, packed.at.case, row["address_id"])
        check_way(address.kind, "email")
        token = _token(desk, now, row)
        link = f"{public_address(desk.store)}/package/{token}"
        return _words(desk, address.address, packed.at.request.reference, link, row["expires_at"])


def _token(desk: Desk, now: Now, row: Row) -> str:
    """Return the link of an earlier try, or draw one: sealed beside its hash until the mail is recorded."""
    cell = Cell("ways_out", row["id"], "mail_token")
    if row["mail_token"] is not None:
        now.unlogged = True
        return decrypt(desk.store, row["case_ref"], row["mail_token"], cell)
    token = secrets.token_urlsafe(32)
    guard(now.tx.run(
        "ways_out.show", id=row["id"], version=row["version"], now=desk.now, token_hash=token_hash(desk.store, token)
    ))
    now.tx.run("ways_out.keep_mail_token", id=row["id"], token=encrypt(desk.store, row["case_ref"], token, cell))
    return token


@repeated
def _record(desk: Desk, way_id: str, mail_id: str, *, left: bool) -> None:
    """Record that the mail left: because it just did, or because its link was opened."""
    with act(desk, Act.LINK_MAIL, things.way_out(way_id)) as now:
        row, _ = way_of(now)
        if row["mail_id"] != mail_id or row["mail_state"] not in ({MAILING, ARRIVED} if left else {ARRIVED}):
            now.unlogged = not left  # a mail that left is entered, whatever became of its link meanwhile
            return
        guard(now.tx.run("ways_out.mailed", id=way_id, version=row["version"], now=desk.now))


@repeated
def _void(desk: Desk, way_id: str, mail_id: str, trouble: str) -> None:
    with act(desk, Act.LINK_MAIL_FAILED, things.way_out(way_id)) as now:
        row, _ = way_of(now)
        if row["mail_id"] != mail_id or row["mail_state"] != MAILING:
            now.unlogged = True
            return
        guard(now.tx.run("ways_out.unmail", id=way_id, version=row["version"], trouble=trouble))


def _words(desk: Desk, to: str, reference: str, link: str, expires_at: datetime) -> Mail:
    here = establishment(desk.store)
    until = here.local(expires_at)
    contact = f": {here.contact}" if here.contact != UNSET else ""
    return Mail(
        to=to, subject=f"Your request {reference}",
        body=(
            f"Our answer to your request {reference} is ready. You can fetch it once, until "
            f"{until:%d %B %Y, %H:%M} ({here.zone}):\n\n{link}\n\n"
            "The page asks for a code of eight digits, which you get from us in another way. We never ask you for "
            f"this code.\n\nIf you did not ask us for anything, please tell us{contact}.\n\n{here.controller}\n"
        ),
    )
