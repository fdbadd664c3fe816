"""Files dropped into a form: read before any act begins, offered to fill the form in, and compared with what is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.desk.act import look
from core.actions.desk.desk import Desk, Person
from core.actions.desk.establishment import Establishment, establishment
from core.law.acts import Act, may
from core.law.errors import Invalid
from core.messages.incoming import Incoming, addresses_in, read_message

SHOWN, END = 5_000, 1_000  # characters of a long text that are shown, and how many of them are its last
INSIDE = "From, in the message attached"
Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who may be the one who asks: as what the mail names them, and their name and address."""

    role: str  # "From", "Reply-To" or "From, in the message attached"
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """What one file says of itself, without its bytes; days and times are the desk's local ones."""

    file: str
    writers: tuple[Writer, ...] = ()  # who asks is the first; the others are offered
    subject: str = ""  # of the message in which they ask: where a colleague passes one on, that is the one attached
    arrived: datetime | None = None  # that message at our server, as its Received line says, else when it was sent
    by_server: bool = False  # whether `arrived` is the server's word and not the sender's
    texts: tuple[str, ...] = ()  # of it and the messages attached, each as an excerpt
    files: tuple[str, ...] = ()
    messages: int = 0  # attached, at any depth
    remarks: tuple[str, ...] = ()
    refused: str = ""  # why it cannot be taken


def excerpt(text: str) -> str:
    """Return the beginning and the end of a long text: a reply stands in the one or the other."""
    if len(text) <= SHOWN:
        return text
    return f"{text[: SHOWN - END]} …\n\n… {len(text) - SHOWN:,} characters more …\n\n… {text[-END:]}"


def reader(person: Person, what: Act, files: Files) -> Callable[[], list[Incoming]]:
    """Read files now, before the act that takes them; return how the act gets them.

    What cannot be read raises Invalid there, so that the refusal is logged with its act. Nothing is read for a person
    whom the act will refuse.
    """
    if not may(person.roles, what):
        return list
    try:
        read = [read_message(name, content) for name, content in files]
    except Invalid as fault:
        refusal = fault

        def refused() -> list[Incoming]:
            raise refusal

        return refused
    return lambda: read


def look_at(desk: Desk, files: Files) -> list[Dropped]:
    """Return what each file says of itself, for the form into which it was dropped; nothing is kept and nothing sent.

    Raises NotAllowed for a person who takes in no messages.
    """
    with look(desk, Act.CASE_TAKE_IN):
        here = establishment(desk.store)
    return [_look_at(here, name, content) for name, content in files]


def _look_at(here: Establishment, name: str, content: bytes) -> Dropped:
    try:
        read = read_message(name, content)
    except Invalid as fault:
        return Dropped(name, refused=str(fault))
    inside, asking = list(read.walk()), _asking(here, read)
    return Dropped(
        name, tuple(writers(here, read)), asking.subject or read.subject,
        here.local(asking.moment) if asking.moment else None, asking.arrived_at is not None,
        tuple(excerpt(each.body) for each in inside if each.body.strip()),
        tuple(part.name for each in inside for part in each.parts if not part.original), len(inside) - 1,
        tuple(dict.fromkeys(remark for each in inside for remark in each.remarks)),
    )


def _asking(here: Establishment, read: Incoming) -> Incoming:
    """Return the message, the mail itself or one inside, that came from whoever is taken to ask."""
    first = next(iter(writers(here, read)), None)
    if first is not None and first.role == INSIDE:
        inside = (each for each in read.walk() if each is not read)
        return next((each for each in inside if first.address in {each.sender_address, each.reply_address}), read)
    return read


def writers(here: Establishment, read: Incoming) -> list[Writer]:
    """Return who may be asking, the likeliest first.

    That is the sender; where the mail comes from our own house, a web form or a colleague who passes it on, it is its
    Reply-To or who wrote the message attached. A Reply-To of a stranger's mail is offered and never taken by itself: the
    answer would go to an address of which the sender only says that it is theirs.
    """
    sender = Writer("From", read.sender_name, read.sender_address)
    offered = [Writer("Reply-To", read.reply_name or read.sender_name, read.reply_address)] if read.reply_address else []
    offered += [
        Writer(INSIDE, each.name, each.address) for message in read.messages for each in writers(here, message)[:1]
    ]
    ours = own_hosts(here) | ({_host(read.sender_address)} & {_host(each) for each in addresses_in(read.to)})
    others = [each for each in offered if each.address and _host(each.address) not in ours]
    from_us = not sender.address or _host(sender.address) in ours
    if from_us and others and read.reply_address and not read.reply_name and others[0].role == "Reply-To":
        others[0] = Writer("Reply-To", "", others[0].address)  # the web form's own name is not the person's
    ordered = [*others, sender] if from_us else [sender, *others]
    seen: dict[str, Writer] = {}
    for each in ordered:
        if each.name or each.address:
            seen.setdefault(each.address.casefold() or each.name, each)
    return list(seen.values())


def own_hosts(here: Establishment) -> set[str]:
    """Return the mail hosts of the controller, as its contacts name them: their addresses are nobody's."""
    return {_host(each) for each in addresses_in(here.contact, here.dpo_contact)}


def differences(found: Sequence[Dropped], received_on: date | None, email: str) -> list[str]:
    """Say where what is typed differs from what the files say: a receipt later than the mail, another sender."""
    told = []
    for each in found:
        if each.arrived and received_on and received_on > each.arrived.date():
            days = (received_on - each.arrived.date()).days
            source = "arrived at your server" if each.by_server else "was sent"
            told.append(
                f"This mail {source} on {each.arrived:%d %B %Y}, {days} day{'s' if days != 1 else ''} before the receipt "
                "entered. The clock runs from the day it reached you, whoever opened it first."
            )
        known = {writer.address.casefold() for writer in each.writers if writer.address}
        if email.strip() and known and email.strip().casefold() not in known:
            told.append("The e-mail address typed is not the one this mail came from.")
    return list(dict.fromkeys(told))


def _host(address: str) -> str:
    return address.rpartition("@")[2].casefold()
