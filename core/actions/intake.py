"""Intake: a message becomes a case with one request per right, each with its own clock."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time

from core.actions.act import Now, act, new_id, repeated
from core.actions.clock import set_dates
from core.actions.desk import Desk
from core.actions.establishment import Establishment, establishment
from core.law import references
from core.law.acts import Act
from core.law.deadlines import Clock, due
from core.law.errors import Invalid, Refused
from core.law.identity import Channel
from core.law.rights import RIGHTS, Kind
from core.law.workflow import State
from core.matching.forms import normal
from core.messages.incoming import Incoming, clean, read_message
from core.store.datafiles import calendars, profiles
from core.store.engine import random_ref
from core.store.keys import KeyKind

CHANNELS = {
    Channel.EMAIL: "E-mail", Channel.POST: "Letter", Channel.TELEPHONE: "Telephone", Channel.COUNTER: "In person",
    Channel.ACCOUNT: "Signed-in account",
}
LIMITS = {"name": 300, "email": 320, "phone": 40, "address": 500, "subject": 500, "body": 20_000}
EARLIEST = date(2018, 5, 25)  # the Regulation applies from this day on (Art. 99(2))


@dataclass(frozen=True)
class Intake:
    """What is typed or dropped at intake; dates and times are local to the establishment."""

    rights: tuple[str, ...]
    channel: str
    received_on: date
    received_time: time | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    subject: str = ""
    body: str = ""
    files: tuple[tuple[str, bytes], ...] = field(default=())


@dataclass(frozen=True)
class TakenIn:
    """What intake made."""

    case_ref: str
    reference: str
    requests: tuple[tuple[str, str, str], ...]  # id, reference, right
    earlier_cases: int  # open cases from the same address or number


def preview_due(desk: Desk, received_on: date, right: str) -> date | None:
    """Return the day on which an answer would be due; for the hint beside the form (no personal data, no entry)."""
    here = establishment(desk.store)
    noon = datetime(received_on.year, received_on.month, received_on.day, 12)  # noqa: DTZ001 - local, made aware next
    try:
        Kind(right)
        profile = profiles().on(here.profile_id, received_on)
        clock = Clock(here.local(here.utc(noon)), here.zone, profile, calendars().get(here.calendar_id))
        return due(clock).final_due
    except (ValueError, Refused):
        return None


@repeated
def take_in(desk: Desk, what: Intake, *, key: str) -> TakenIn:
    """Take in one message with all the rights it uses: one case, one key, a request and a clock for each right.

    Receipt counts from when it arrived, not from when it is typed. Raises Invalid with the field to mend.
    """
    with act(desk, Act.CASE_TAKE_IN, key=key) as now:
        if now.earlier is not None:
            return _taken(now, now.earlier)
        here = establishment(desk.store)
        kinds = _kinds(what.rights)
        received = _received(desk, here, what)
        _check_texts(what, here.region)
        read = [read_message(name, content) for name, content in what.files]
        case_ref, reference = random_ref(), _next_reference(now, here.local(desk.now).year)
        keys = desk.store.keys
        keys.ensure(KeyKind.CASE, case_ref)
        name, address = _sender(what, read)
        if not (what.body.strip() or any(each.body or each.parts for each in read)):
            raise Invalid("There is no message: drop the file, or write down what the person said.", "body")
        if not name and not address and not what.phone.strip() and not what.address.strip():
            raise Invalid("Write down who is asking: a name, an address or a number.", "name")
        person = {"name": name, "email": address, "phone": what.phone.strip(), "address": what.address.strip()}
        now.tx.run(
            "cases.add", case_ref=case_ref, reference=reference, created_at=desk.now, received_at=received,
            channel=what.channel, taken_in_by=desk.person.account_id, subject_state="open",
            person=keys.seal(KeyKind.CASE, case_ref, json.dumps(person, ensure_ascii=False), "cases:person"),
            identity_state="open",
        )
        earlier = _keep_identifiers(desk, now, here, case_ref, person)
        for kind, value in (("email", address), ("post", what.address.strip())):
            if value:
                each = new_id()
                now.tx.run(
                    "cases.add_address", id=each, case_ref=case_ref, kind=kind, standing="new",
                    address=keys.seal(KeyKind.CASE, case_ref, value, f"reply_addresses:{each}"), added_at=desk.now,
                )
        add_texts(desk, now, case_ref, what, read, received)
        profile = profiles().on(here.profile_id, here.local(received).date())
        calendar = calendars().get(here.calendar_id)
        for number, kind in enumerate(kinds, start=1):
            request = {
                "id": new_id(), "case_ref": case_ref, "kind": kind.value, "state": State.RECEIVED.value,
                "reference": reference if len(kinds) == 1 else f"{reference}/{number}", "received_at": received,
                "profile_id": profile.id, "profile_version": profile.version, "calendar_id": calendar.id,
                "calendar_version": calendar.version, "zone": here.zone,
            }
            now.tx.run("requests.add", **request)
            set_dates(now.tx, request)
        now.case, now.result = case_ref, case_ref
        now.detail |= {"requests": len(kinds), "kinds": [kind.value for kind in kinds], "channel": what.channel}
        return _taken(now, case_ref, earlier)


def add_texts(
    desk: Desk, now: Now, case_ref: str, what: Intake, read: list[Incoming], received: datetime
) -> None:
    """Keep the messages and their attachments under the case key: the typed note, then each file."""
    keys = desk.store.keys
    typed = [Incoming(what.name, what.email, what.subject, clean(what.body))] if what.body.strip() else []
    for message in (*typed, *read):
        number = new_id()

        def sealed(text: str, place: str, number: str = number) -> bytes | None:
            return keys.seal(KeyKind.CASE, case_ref, text, f"messages:{number}:{place}") if text else None

        sender = " ".join(part for part in (message.sender_name, message.sender_address) if part)
        now.tx.run(
            "cases.add_message", id=number, case_ref=case_ref, direction="in", channel=what.channel,
            received_at=received, entered_at=desk.now, entered_by=desk.person.account_id,
            sender=sealed(sender, "sender"), subject=sealed(message.subject, "subject"),
            body=sealed(message.body, "body") or keys.seal(KeyKind.CASE, case_ref, "", f"messages:{number}:body"),
        )
        for part in message.parts:
            each = new_id()
            now.tx.run(
                "cases.add_attachment", id=each, case_ref=case_ref, message_id=number, media_type=part.media_type[:100],
                size_bytes=len(part.content),
                name=keys.seal(KeyKind.CASE, case_ref, part.name, f"attachments:{each}:name"),
                content=keys.seal_bytes(KeyKind.CASE, case_ref, part.content, f"attachments:{each}:content"),
            )


def _kinds(rights: tuple[str, ...]) -> list[Kind]:
    if not rights:
        raise Invalid("Tick at least one right that the person uses.", "rights")
    try:
        return [Kind(right) for right in dict.fromkeys(rights)]
    except ValueError:
        known = ", ".join(right.name for right in RIGHTS.values())
        raise Invalid(f"There is no such right. Choose from: {known}.", "rights") from None


def _received(desk: Desk, here: Establishment, what: Intake) -> datetime:
    if what.channel not in set(Channel):
        raise Invalid("Choose the channel through which the message came.", "channel")
    moment = datetime.combine(what.received_on, what.received_time or time(12))
    utc = here.utc(moment)
    today = here.local(desk.now).date()
    if what.received_on > today or (what.received_time is not None and utc > desk.now):
        raise Invalid("The receipt lies in the future. Enter when the message arrived.", "received_on")
    if what.received_on < EARLIEST:
        raise Invalid("The receipt lies before 25 May 2018, the first day of the Regulation.", "received_on")
    return min(utc, desk.now)


def _check_texts(what: Intake, region: str) -> None:
    for name, limit in LIMITS.items():
        value: str = getattr(what, name)
        if len(value) > limit:
            raise Invalid(f"The {name} is longer than {limit:,} characters. Shorten it.", name)
        if "\x00" in value:
            raise Invalid(f"The {name} holds a NUL character. Type it again.", name)
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise Invalid(f"The {name} holds half a character. Type it again.", name) from None
    if what.email.strip():
        normal("email", what.email)
    if what.phone.strip():
        normal("phone", what.phone, region)


def _sender(what: Intake, read: list[Incoming]) -> tuple[str, str]:
    name, address = what.name.strip(), what.email.strip()
    for message in read:
        name = name or message.sender_name.strip()[: LIMITS["name"]]
        address = address or message.sender_address.strip()[: LIMITS["email"]]
    return name, address


def _keep_identifiers(desk: Desk, now: Now, here: Establishment, case_ref: str, person: dict[str, str]) -> int:
    """Keep keyed hashes of the addresses the case came from, and count the open cases that share one."""
    shared: set[str] = set()
    for kind in ("email", "phone"):
        if not person[kind]:
            continue
        try:
            form = normal(kind, person[kind], here.region)
        except Invalid:
            continue  # a sender's address may be no address at all; the message is kept as it came
        hashed = desk.store.keyed_hash("identifiers", f"{kind}\0{form}")
        shared |= {row["case_ref"] for row in now.tx.rows("cases.sharing", h=hashed)}
        now.tx.run("cases.add_identifier", case_ref=case_ref, h=hashed)
    return len(shared)


def _next_reference(now: Now, year: int) -> str:
    row = now.tx.one("cases.last_number", year=year)
    number = (row["last_number"] if row else 0) + 1
    now.tx.run("cases.keep_number" if row else "cases.first_number", year=year, last_number=number)
    return references.make(year, number)


def _taken(now: Now, case_ref: str, earlier: int = 0) -> TakenIn:
    rows = now.tx.rows("requests.of_case", case_ref=case_ref)
    reference = rows[0]["reference"].partition("/")[0]
    return TakenIn(
        case_ref, reference, tuple((row["id"], row["reference"], row["kind"]) for row in rows), earlier
    )
