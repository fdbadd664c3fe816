"""Intake: a message becomes a case with one request per right, each with its own clock."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from core.actions.cases.clock import set_dates
from core.actions.cases.dropped import own_hosts, reader, writers
from core.actions.cases.representatives import Acting, check_acting, enter
from core.actions.desk import deciding
from core.actions.desk.act import Now, act, found, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import Establishment, establishment
from core.actions.suppression.suppressions import Limits, suppress_at_intake
from core.law import references
from core.law.acts import Act
from core.law.clock.deadlines import Clock, due
from core.law.clock.profiles import Profile
from core.law.errors import Invalid, Refused
from core.law.identity import Channel
from core.law.kinds import PATHS, By, due_by_letter, own_profile
from core.law.languages import LANGUAGES
from core.law.rights.suppression import STATE_OF, record_of
from core.law.typed import check_day, read_text
from core.law.ways import OF_PERSONS, RIGHTS, Asker, Kind
from core.law.workflow import State
from core.matching.normal_forms import normal
from core.messages.incoming import Incoming, addresses_in, clean
from core.store.datafiles import calendars, clock_version, profiles
from core.store.encryption import Cell, encrypt, encrypt_bytes
from core.store.engine import random_ref
from core.store.records import RequestRecord

CHANNELS = {
    Channel.EMAIL: "E-mail", Channel.POST: "Letter", Channel.TELEPHONE: "Telephone", Channel.COUNTER: "In person",
    Channel.ACCOUNT: "Signed-in account",
}
LIMITS = {"name": 300, "email": 320, "phone": 40, "address": 500, "subject": 500, "body": 20_000,
          "further": 2_000, "own_words": 2_000, "for_name": 300, "for_email": 320, "for_phone": 40, "for_address": 500,
          "stop_purpose": 60}
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
    further: str = ""  # further addresses and numbers that the message names, one a line
    stop_channels: tuple[str, ...] = ()  # only these, in the person's own words
    stop_purpose: str = ""
    own_words: str = ""
    language: str = ""  # in which the person writes: a code of core.law.languages, empty where it is not said
    named_day: date | None = None  # by which an authority wants its answer, as its letter says
    capacity: str = ""  # where somebody acts for another: who asks is above, for whom below
    for_name: str = ""
    for_email: str = ""
    for_phone: str = ""
    for_address: str = ""


@dataclass(frozen=True)
class TakenIn:
    """What intake made."""

    case_ref: str
    reference: str
    requests: tuple[tuple[str, str, str], ...]  # id, reference, right
    earlier_cases: int  # open cases from the same address or number
    suppressed: int = 0  # addresses and numbers to which marketing stopped with the intake


def preview_due(desk: Desk, received_on: date, right: str) -> date | None:
    """Return the day on which an answer would be due; for the hint beside the form (no personal data, no entry)."""
    here = establishment(desk.store)
    noon = datetime(received_on.year, received_on.month, received_on.day, 12)  # noqa: DTZ001 - local, made aware next
    try:
        if (path := PATHS.get(Kind(right))) is not None and path.by is By.LETTER:
            return None
        profile = _profile(Kind(right), here, received_on)
        clock = Clock(here.local(here.utc(noon)), here.zone, profile, calendars().get(here.calendar_id))
        dates = due(clock)
        return dates.final_due or dates.acknowledge_by
    except (ValueError, OverflowError, Refused):
        return None


@repeated
def take_in(desk: Desk, what: Intake, *, key: str) -> TakenIn:
    """Take in one message with all the rights it uses: one case, one key, a request and a clock for each right.

    Receipt counts from when it arrived, not from when it is typed. Raises Invalid with the field to mend.
    """
    files = reader(desk.person, Act.CASE_TAKE_IN, what.files)
    with desk.store.numbering, act(desk, Act.CASE_TAKE_IN, key=key) as now:
        if now.earlier is not None:
            return _taken(now, now.earlier)
        here = establishment(desk.store)
        kinds = kinds_of(what.rights, tuple(Kind))
        received = received_at(here, what, desk.now)
        check_texts(what, here.region)
        named_day = _named_day(kinds, here.local(received).date(), what.named_day)
        read = files()
        name, address = sender_of(here, what, read)
        if not (what.body.strip() or any(each.body or each.parts for each in read)):
            raise Invalid("There is no message: drop the file, or write down what the person said.", "body")
        if not name and not address and not what.phone.strip() and not what.address.strip():
            raise Invalid("Write down who is asking: a name, an address or a number.", "name")
        asker = {"name": name, "email": address, "phone": what.phone.strip(), "address": what.address.strip()}
        if what.language:
            asker["language"] = what.language
        person = represented(what) if what.capacity else asker
        acting = Acting(
            what.capacity, asker["name"], asker["email"], asker["phone"], asker["address"],
            tuple(kind.value for kind in kinds), here.local(received).date(),
        ) if what.capacity else None
        if acting is not None:
            check_acting(desk.store, acting, here.local(desk.now).date())
        # Every check lies before: the key of a case is made for one that is taken in, and for none that is refused.
        case_ref, reference = random_ref(), _next_reference(now, here.local(desk.now).year)
        now.tx.run(
            "cases.add", case_ref=case_ref, reference=reference, created_at=desk.now, received_at=received,
            channel=what.channel, taken_in_by=desk.person.account_id, subject_state="open",
            person=encrypt(desk.store, case_ref, json.dumps(person, ensure_ascii=False), Cell("cases", case_ref, "person")),
            identity_state="open",
        )
        earlier = _keep_identifiers(desk, now, here, case_ref, person)
        if acting is not None:
            _keep_identifiers(desk, now, here, case_ref, asker)  # their later messages belong here too
            enter(desk, now, case_ref, acting, here.local(desk.now).date())
        for kind, value in (("email", person["email"]), ("post", person["address"])):
            if value:
                each = new_id()
                now.tx.run(
                    "cases.add_address", id=each, case_ref=case_ref, kind=kind, standing="new",
                    address=encrypt(desk.store, case_ref, value, Cell("reply_addresses", each, "address")),
                    added_at=desk.now, added_by=desk.person.account_id,
                )
        first, *_ = add_texts(desk, now, case_ref, what, read, received)
        numbered = {kind: f"{reference}/{number}" for number, kind in enumerate(kinds, start=1)}
        opened = open_requests(
            now, here, case_ref, numbered if len(kinds) > 1 else dict.fromkeys(kinds, reference), received, named_day
        )
        stops = [each for each in named(here, what, person, read) if not what.capacity or not is_own(each[1], asker)]
        stopped = suppress_at_intake(desk, now, case_ref, kinds, stops, limits_of(what))
        for request in opened:
            keep_right(now, first, request, opened=True, stopped=stopped)
        note_stops(desk, now, opened, limits_of(what), stopped)
        now.case, now.result, now.object_kind, now.object_id = case_ref, case_ref, None, None
        now.detail |= {"requests": len(kinds), "kinds": [kind.value for kind in kinds], "channel": what.channel}
        return _taken(now, case_ref, earlier)


def add_texts(
    desk: Desk, now: Now, case_ref: str, what: Intake, read: list[Incoming], received: datetime
) -> list[str]:
    """Keep the messages and their attachments under the case key, the typed note, then each file; return their ids.

    A message attached to a mail is kept as a further one, after the mail it came with.
    """
    typed = [Incoming(what.name, what.email, what.subject, clean(what.body))] if what.body.strip() else []
    return [_keep_message(desk, now, case_ref, what.channel, each, received) for each in (*typed, *read)]


def _keep_message(
    desk: Desk, now: Now, case_ref: str, channel: str, message: Incoming, received: datetime, within: str | None = None
) -> str:
    number = new_id()

    def sealed(text: str, column: str) -> bytes | None:
        return encrypt(desk.store, case_ref, text, Cell("messages", number, column)) if text else None

    now.tx.run(
        "cases.add_message", id=number, case_ref=case_ref, direction="in", channel=channel,
        received_at=received, entered_at=desk.now, entered_by=desk.person.account_id,
        sender=sealed(" ".join(filter(None, (message.sender_name, message.sender_address))), "sender"),
        subject=sealed(message.subject, "subject"),
        body=sealed(message.body, "body") or encrypt(desk.store, case_ref, "", Cell("messages", number, "body")),
        sent_at=message.sent_at, arrived_at=message.arrived_at, within=within,
        remarks=sealed("\n".join(message.remarks), "remarks"),
    )
    for part in message.parts:
        each = new_id()
        now.tx.run(
            "cases.add_attachment", id=each, case_ref=case_ref, message_id=number, media_type=part.media_type[:100],
            size_bytes=len(part.content), original=part.original,
            name=encrypt(desk.store, case_ref, part.name, Cell("attachments", each, "name")),
            content=encrypt_bytes(desk.store, case_ref, part.content, Cell("attachments", each, "content")),
        )
    for inner in message.messages:
        _keep_message(desk, now, case_ref, channel, inner, received, number)
    return number


def open_requests(
    now: Now, here: Establishment, case_ref: str, references: Mapping[Kind, str], received: datetime,
    named_day: date | None = None,
) -> list[RequestRecord]:
    """Open a request for each right under its reference, with a clock of its own from the receipt; return the rows.

    A kind with a clock of its own law gets that one; the day that an authority's letter names stands for its request.
    """
    calendar = calendars().get(here.calendar_id)
    rows = []
    for kind, reference in references.items():
        profile = _profile(kind, here, here.local(received).date())
        number = new_id()
        now.tx.run(
            "requests.add", id=number, case_ref=case_ref, kind=kind.value, state=State.RECEIVED.value,
            reference=reference, received_at=received, profile_id=profile.id, profile_version=profile.version,
            calendar_id=calendar.id, calendar_version=clock_version(), zone=here.zone,
        )
        if named_day is not None:
            now.tx.run(
                "needs.name_day", id=new_id(), request_id=number, case_ref=case_ref, day=named_day, named_at=received
            )
        rows.append(found(now.tx.record(RequestRecord, "requests.one", id=number), "request"))
        set_dates(now.tx, rows[-1])
    return rows


def references_after(standing: Sequence[RequestRecord], count: int = 1) -> list[str]:
    """Return the references of the next requests of a case that holds these: its numbers go on, whatever became of them."""
    last = max(int(row.reference.partition("/")[2] or 1) for row in standing)
    return [f"{standing[0].reference.partition('/')[0]}/{number}" for number in range(last + 1, last + 1 + count)]


def open_beside(now: Now, here: Establishment, request: RequestRecord, kind: Kind, received: datetime) -> RequestRecord:
    """Open a request of a further right in the case of another, for the same owner, and return it as it was opened."""
    guard(now.tx.run("cases.touch", case_ref=request.case_ref))  # two at a time do not take the same reference
    (reference,) = references_after(now.tx.records(RequestRecord, "requests.of_case", case_ref=request.case_ref))
    (opened,) = open_requests(now, here, request.case_ref, {kind: reference}, received)
    if request.owner_id:
        guard(now.tx.run("requests.assign", id=opened.id, owner_id=request.owner_id, version=opened.version))
    return opened


def keep_right(now: Now, message_id: str, request: RequestRecord, *, opened: bool, stopped: int) -> None:
    """Record that a message opened or joined a request, and how many addresses and numbers it stopped at once."""
    now.tx.run(
        "cases.add_message_right", message_id=message_id, case_ref=request.case_ref, request_id=request.id,
        kind=request.kind, opened=opened, stopped=stopped if Kind(request.kind) in STATE_OF else 0,
    )


def note_stops(desk: Desk, now: Now, requests: Iterable[RequestRecord], limits: Limits, stopped: int) -> None:
    """Keep the effect that an objection to marketing or a withdrawal has at once, as a decision on its request (OBJ-2)."""
    for request in requests:
        state = STATE_OF.get(Kind(request.kind))
        if state is not None:
            deciding.keep(desk, now, request, [record_of(
                state, deciding.under(request), limited=bool(limits.own_words.strip()), stopped=stopped > 0
            )])


def limits_of(what: Intake) -> Limits:
    """Return what narrows a stop, in the person's own words."""
    return Limits(what.stop_purpose.strip(), what.stop_channels, what.own_words)


def kinds_of(rights: tuple[str, ...], offered: Collection[Kind] = OF_PERSONS) -> list[Kind]:
    """Return the rights, each once. Raises Invalid for none, for an unknown one, and for an authority's among a person's."""
    if not rights:
        raise Invalid("Tick at least one right that the person uses.", "rights")
    if set(rights) - set(offered):
        known = ", ".join(RIGHTS[kind].name for kind in offered)
        raise Invalid(f"There is no such right. Choose from: {known}.", "rights")
    kinds = [Kind(right) for right in dict.fromkeys(rights)]
    if len(kinds) > 1 and any(RIGHTS[kind].asker is Asker.AUTHORITY for kind in kinds):
        raise Invalid("What an authority asks for is taken in by itself, apart from the rights of a person.", "rights")
    return kinds


def _named_day(kinds: list[Kind], received: date, named: date | None) -> date | None:
    """Return the day that an authority's letter names; None for what a person asks. Raises Invalid without it."""
    if not any(kind in PATHS and PATHS[kind].by is By.LETTER for kind in kinds):
        return None
    return due_by_letter(kinds[0], received, named)


def _profile(kind: Kind, here: Establishment, day: date) -> Profile:
    """Return the clock of a kind: that of its own law where there is one on that day, else the establishment's."""
    try:
        return profiles().on(own_profile(kind, here.profile_id), day)
    except Invalid:
        return profiles().on(here.profile_id, day)


def received_at(here: Establishment, what: Intake, present: datetime) -> datetime:
    """Return the receipt as naive UTC, noon where no time is known. Raises Invalid for the channel and for the day."""
    if what.channel not in set(Channel):
        raise Invalid("Choose the channel through which the message came.", "channel")
    if what.received_on > here.local(present).date():
        raise Invalid("The receipt lies in the future. Enter when the message arrived.", "received_on")
    if what.received_on < EARLIEST:
        raise Invalid("The receipt lies before 25 May 2018, the first day of the Regulation.", "received_on")
    utc = here.utc(datetime.combine(what.received_on, what.received_time or time(12)))
    if what.received_time is not None and utc > present:
        raise Invalid("The receipt lies in the future. Enter when the message arrived.", "received_on")
    return min(utc, present)


def check_texts(what: Intake, region: str) -> None:
    """Raise Invalid, with the field, for what is too long, is no text, is no address or number, or names no day."""
    if what.named_day is not None:
        check_day(what.named_day, "due_day", "the day named")
    for name, limit in LIMITS.items():
        read_text(getattr(what, name), name, needed=False, longest=limit)
    if what.language and what.language not in LANGUAGES:
        raise Invalid("Choose the language from the list.", "language")
    for email, phone in ((what.email, what.phone), (what.for_email, what.for_phone)):
        if email.strip():
            normal("email", email)
        if phone.strip():
            normal("phone", phone, region)
    for number, (kind, value) in enumerate(_further(what.further), 1):
        try:
            normal(kind, value, region)
        except Invalid:
            raise Invalid(f"Line {number} is neither an e-mail address nor a telephone number.", "further") from None


def sender_of(here: Establishment, what: Intake, read: list[Incoming]) -> tuple[str, str]:
    """Return the name and address that were typed, else those of who wrote the first file that has them."""
    name, address = what.name.strip(), what.email.strip()
    for message in read:
        for writer in writers(here, message)[:1]:
            if not address or address.casefold() == writer.address.casefold():
                name = name or writer.name.strip()[: LIMITS["name"]]
            address = address or writer.address.strip()[: LIMITS["email"]]
    return name, address


def represented(what: Intake) -> dict[str, str]:
    """Return for whom somebody acts. Raises Invalid where nothing says so."""
    person = {
        "name": what.for_name.strip(), "email": what.for_email.strip(), "phone": what.for_phone.strip(),
        "address": what.for_address.strip(),
    }
    if not any(person.values()):
        raise Invalid("Write down for whom they act: a name, an address or a number.", "for_name")
    return person


def is_own(value: str, asker: dict[str, str]) -> bool:
    """Whether an address or number is that of whoever acts: what the person objects to does not stop it."""
    return value.strip().casefold() in {asker["email"].casefold(), asker["phone"].casefold()}


def named(
    here: Establishment, what: Intake, person: dict[str, str], read: list[Incoming]
) -> list[tuple[str, str]]:
    """Return (kind, value) of whatever the message came from or names; the company's own addresses are nobody's."""
    found = [("email", person["email"]), ("phone", person["phone"]), *_further(what.further)]
    own = own_hosts(here)
    told = dict.fromkeys([*addresses_in(what.body), *(each for one in read for each in one.named)])
    found += [("email", address) for address in told if address.rpartition("@")[2].casefold() not in own]
    return [(kind, value) for kind, value in found if value]


def _further(text: str) -> list[tuple[str, str]]:
    """Read the further addresses and numbers, one a line. Raises Invalid for a line that is neither."""
    lines = [line.strip() for line in text.replace(",", "\n").replace(";", "\n").splitlines() if line.strip()]
    return [("email" if "@" in line else "phone", line) for line in lines]


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
    rows = now.tx.records(RequestRecord, "requests.of_case", case_ref=case_ref)
    reference = rows[0].reference.partition("/")[0]
    stopped = found(now.tx.one("suppression.counted_of_case", case_ref=case_ref), "case")["entries"]
    return TakenIn(
        case_ref, reference, tuple((row.id, row.reference, row.kind) for row in rows), earlier, int(stopped)
    )
