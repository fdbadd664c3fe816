"""One case of the years while it is written down: how it came in, its dates by the law, and its row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from core.actions.desk.act import Before
from core.connectors.suppressed import Mark, tokens
from core.demo.scenes import WISHES
from core.demo.years.book import Person, Teller
from core.demo.years.happened import Past, PastCase, Way
from core.law.acts import Act
from core.law.clock.deadlines import Clock, Deadline, due
from core.law.clock.pauses import Pause
from core.law.clock.profiles import Profile
from core.law.clock.questions import bar_of, waits
from core.law.identity import Channel
from core.law.records import Record, Under, inputs_of
from core.law.rights.suppression import STATE_OF, scope_of
from core.law.rights.suppression import record_of as stop_record
from core.law.ways import Kind
from core.law.workflow import Closing
from core.matching.normal_forms import normal
from core.store.datafiles import calendars, profiles
from core.store.encryption import Cell, encrypt
from core.store.engine import new_id


@dataclass
class CaseTold:
    """One case while it is written down."""

    teller: Teller
    ref: str
    reference: str
    past: PastCase
    person: Person
    ids: list[str] = field(default_factory=list)
    message: str = ""
    address: str = ""
    weighed: bool = False
    changes: int = 1
    identity: str = "open"
    row: dict[str, Any] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        """Add a row of this case."""
        self.teller.book.rows[table].append({"case_ref": self.ref, **row})

    def seal(self, text: str, cell: Cell) -> bytes | None:
        """Seal a text with the key of this case; None for an empty one."""
        return encrypt(self.teller.cast.store, self.ref, text, cell) if text else None

    def enter(
        self, who: str, what: Act, at: datetime, *, request: str | None = None, thing: tuple[str, str] | None = None,
        purpose: str | None = None, words: str = "", **detail: Any,
    ) -> None:
        """Enter an act on this case; whoever the case is about by then stands in it."""
        _, ref, role = self.teller.person(who)
        subject = self.person.subject if self.weighed and what is not Act.CASE_OPEN else None
        self.teller.book.entries.append(Before(
            ref, role, what, at, case=self.ref, subject=subject, request=request, object_kind=thing[0] if thing else None,
            object_id=thing[1] if thing else None, purpose=purpose, words=words, detail=detail,
        ))

    def decide(self, number: int, what: Act, at: datetime, who: str, made: Record) -> None:
        """Keep a decision on a request."""
        self.add(
            "decisions", id=new_id(at), request_id=self.ids[number], act=what.value, item=made.item, granted=made.granted,
            outcome=made.outcome, article=made.article, rule=made.rule, profile=made.profile, inputs=inputs_of(made),
            sentence=made.sentence, words=None, actor_ref=self.teller.person(who)[1], decided_at=at,
        )

    @property
    def by_mail(self) -> bool:
        """Whether the person writes from an address on the net."""
        return self.past.channel in {Channel.EMAIL, Channel.ACCOUNT}

    def account(self, who: str) -> str:
        """Return the id of a demo account, or of the worker."""
        return self.teller.person(who)[0]

    def arrive(self) -> None:
        """Take the message in: case, addresses, the message and a request for each right."""
        past, store = self.past, self.teller.cast.store
        person = {
            "name": self.person.name, "email": self.person.email if self.by_mail else "", "phone": "",
            "address": "" if self.by_mail else self.person.address,
        }
        first = [each for each in past.requests if past.joined is None or each.received < past.joined]
        self.message = self.message_in(past.received, past.entered, past.clerk, [each.kind for each in first], person["email"])
        self.ids = [new_id(each.received if each not in first else past.entered) for each in past.requests]
        if person["email"]:
            hashed = store.keyed_hash("identifiers", f"email\0{normal('email', person['email'], self.teller.here.region)}")
            self.add("case_identifiers", h=hashed)
        self.address = new_id(past.entered)
        kind, value = ("email", person["email"]) if self.by_mail else ("post", person["address"])
        self.add(
            "reply_addresses", id=self.address, kind=kind, standing="new", added_at=past.entered,
            address=self.seal(value, Cell("reply_addresses", self.address, "address")), added_by=self.account(past.clerk),
        )
        self.row = {
            "reference": self.reference, "created_at": past.entered, "received_at": past.received,
            "channel": past.channel.value, "taken_in_by": self.account(past.clerk),
            "person": self.seal(json.dumps(person, ensure_ascii=False), Cell("cases", self.ref, "person")),
        }
        stopped = self._stop(first, person["email"])
        states = [STATE_OF[each.kind].value for each in first if each.kind in STATE_OF]
        more: dict[str, Any] = {"suppressed": stopped, "states": states} if states else {}
        self.enter(
            past.clerk, Act.CASE_TAKE_IN, past.entered, requests=len(first), kinds=[each.kind.value for each in first],
            channel=past.channel.value, **more,
        )
        for number, each in enumerate(first):
            self.right_of(number, each.kind, self.message, stopped)
            if each.kind in STATE_OF:
                self.decide(number, Act.CASE_TAKE_IN, past.entered, past.clerk, stop_record(
                    STATE_OF[each.kind], self.under(each), limited=False, stopped=stopped > 0
                ))

    def message_in(self, received: datetime, entered: datetime, clerk: str, kinds: Sequence[Kind], email: str) -> str:
        """Write a message that came in and return its id."""
        number = new_id(entered)
        wishes = ", and ".join(WISHES.get(kind, "please give us what our letter asks for") for kind in kinds)
        self.add(
            "messages", id=number, direction="in", channel=self.past.channel.value, received_at=received, entered_at=entered,
            entered_by=self.account(clerk),
            sender=self.seal(" ".join(filter(None, (self.person.name, email))), Cell("messages", number, "sender")),
            subject=self.seal("My data" if email else "", Cell("messages", number, "subject")),
            body=self.seal(
                f"Good day, {wishes}.\n\n{self.person.name}\n\n(This is a made-up message of the demo store.)",
                Cell("messages", number, "body"),
            ),
        )
        return number

    def right_of(self, number: int, kind: Kind, message: str, stopped: int) -> None:
        """Write by which message a request was opened."""
        self.add(
            "message_rights", message_id=message, request_id=self.ids[number], kind=kind.value, opened=True,
            stopped=stopped if kind in STATE_OF else 0,
        )

    def _stop(self, requests: Sequence[Past], email: str) -> int:
        """Stop the address from which an objection to marketing or a withdrawal came."""
        states = [STATE_OF[each.kind] for each in requests if each.kind in STATE_OF]
        if not states or not email:
            return 0
        self.teller.book.marks += [
            Mark(
                state, h, "email", purpose, channel, f"{state.value}.request", self.past.received, "intake", self.ref,
                self.person.subject if self.past.known else None, value=email,
            )
            for state in states for purpose, channel in scope_of(state, "", (), "").pairs()
            for h in tokens(self.teller.cast.store, "email", email)
        ]
        return 1

    def profile(self, request: Past) -> Profile:
        """Return the clock of a request by the day of its receipt."""
        return profiles().on(self.teller.here.profile_id, self.day(request.received))

    def under(self, request: Past) -> Under:
        """Return the law under which a request is decided."""
        profile = self.profile(request)
        return Under(f"{profile.id}@{profile.version}")

    def day(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return self.teller.here.local(moment).date()

    def dates(self, request: Past, *, bare: bool = False) -> Deadline:
        """Return the dates of a request by the law; `bare` as they were before anything moved them."""
        here, question = self.teller.here, request.question
        pauses = () if bare or question is None or not waits(request.kind, question.kind) else (Pause(
            question.kind, self.day(question.asked), self.day(question.answered) if question.answered else None,
            bar_of(request.kind, question.kind, large=True),
        ),)
        told = request.extension
        return due(Clock(
            request.received.replace(tzinfo=UTC), here.zone, self.profile(request), calendars().get(here.calendar_id), pauses,
            extended=None if bare or told is None else self.day(told.told), named=request.named,
        ))

    def close_case(self) -> None:
        """Write the row of the case as it stood at its end."""
        nobody = any(each.closing is Closing.NO_DATA_HELD or (each.way is Way.OUTSIDE and not self.past.known)
                     for each in self.past.requests)
        decided = self.weighed and self.person.subject is not None
        self.add(
            "cases", **self.row, subject_ref=self.person.subject if decided else None,
            subject_state="decided" if decided else "nobody" if nobody else "open", identity_state=self.identity,
            sealed_to_names=False, version=self.changes,
        )
