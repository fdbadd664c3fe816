"""Writes a made-up history down: the rows that the desk's acts would have left, and the entry of each act in the log."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.actions.answers.need_records import sealed_answer
from core.actions.answers.planned import PlanBody
from core.actions.desk.act import Before
from core.actions.desk.establishment import Establishment
from core.actions.desk.letter_text import digest, sealed
from core.actions.people.inventory import FAILED as FAILED_NOTE
from core.actions.people.inventory import Inventory
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.connectors.suppressed import Mark, tokens
from core.demo.cast import Cast
from core.demo.history import Asked, Past, PastCase, Way
from core.demo.scenes import PROOFS, WISHES
from core.documents.languages import words_of
from core.documents.letter import Draft
from core.documents.letter import draft as draft_text
from core.law import references
from core.law.acts import Act
from core.law.clock import extension
from core.law.clock.deadlines import Clock, Deadline, due, local_date
from core.law.clock.pauses import Pause
from core.law.clock.profiles import Profile
from core.law.clock.questions import is_late, waits
from core.law.clock.questions import record_of as question_record
from core.law.identity import Channel, Proof
from core.law.identity import record_of as identity_record
from core.law.kinds import PATHS, Need
from core.law.letters import LETTERS, Approval, LetterKind
from core.law.needs import Answer, answer_letter
from core.law.outside import Done, Line, terms_of
from core.law.progress import Facts
from core.law.records import Record, Under, inputs_of
from core.law.refusal import GROUNDS
from core.law.rights.access import record_copy
from core.law.rights.suppression import ALL, STATE_OF, UPHELD_GROUND, scope_of
from core.law.rights.suppression import record_of as stop_record
from core.law.ways import RIGHTS, Asker, Kind
from core.law.workflow import SAMPLED, Closing, State, Step
from core.matching.normal_forms import normal
from core.store.datafiles import calendars, profiles
from core.store.encryption import Cell, encrypt
from core.store.engine import new_id

WORKER = ("worker", "worker", "worker")  # account, pseudonym in the log, role
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
QUESTIONS = {
    "identity": ("Which two of your last orders can you name?", "The address is not the one that we hold for this name."),
    "clarification": ("Which of your two accounts do you mean?", "Two accounts under this name are held."),
}
REASONS = {
    Closing.WITHDRAWN: "Found the answer in the account.", Closing.NOT_A_REQUEST: "A question about an order, no request.",
    Closing.OUTSIDE: "About a company of which no data are used here.", Closing.DUPLICATE: "The same was asked before.",
    Closing.FORWARDED: "Meant for another controller; passed on with the person's consent.",
    Closing.NOT_IDENTIFIED: "The person could not show who they are.",
    Closing.NO_DATA_HELD: "Nobody in the systems is the person.",
    Closing.NO_ANSWER: "No answer came to the question and its reminder.",
}
FAILED = "None of the answers given fitted what we hold"
FACTS = "The same was asked and answered in full twice this month."
EVIDENCE = "Both answers of this month, with the days on which they went out."
DONE = "it was done by the team of this system, by hand"
TICKET = "Ticket of the team: done by hand, looked at again the next day."
DEMANDS = "Section 93 of the Fiscal Code"
OTHER = "Example Payments Ltd, Example Street 9, 10115 Berlin"
NEEDS: Mapping[Kind, tuple[tuple[Need, str, Mapping[str, str], Mapping[str, str]], ...]] = {
    Kind.OBJECTION: (
        (Need.GROUNDS, "recorded", {}, {"grounds": "The profile of the orders shows an illness to whoever reads it."}),
        (Need.RESTRICTION_OFFERED, "declined", {"wish": "declined"}, {}),
        (Need.BALANCING, "", {}, {
            "our_grounds": "Orders are looked at so that fraud is seen before the goods leave.",
            "persons_situation": "The person fears what the profile shows; few people can read it.", "reference": "",
        }),
        (Need.OPINION, "agrees", {"opinion": "agrees"}, {"words": "The balancing holds what the law asks for."}),
    ),
    Kind.HUMAN_REVIEW: (
        (Need.LINKED, "elsewhere", {"about": "elsewhere"}, {"reference": "", "matter": "A credit limit that a machine set."}),
        (Need.OWN_VIEW, "given", {"view": "given"}, {"words": "The person has a new income since then."}),
        (Need.REVIEWED, "changed", {"power": "yes", "result": "changed"}, {"reasons": "The new income was not known then."}),
    ),
    Kind.COMPLAINT: (
        (Need.LINKED, "elsewhere", {"about": "elsewhere"}, {"reference": "", "matter": "An answer by telephone, of the shop."}),
        (Need.LOOKED_AT, "partly", {"result": "partly"}, {"reasons": "The answer was right, and it came too late."}),
    ),
    Kind.INFORMATION: ((Need.CURRENT_VERSION, "recorded", {}, {
        "notice_version": "4", "answer": "Your address came from your first order, as the notice says in its part 2.",
    }),),
    Kind.INQUIRY: (
        (Need.DUE_DAY, "named", {}, {"their_reference": "S-17"}),
        (Need.LINKED, "elsewhere", {"about": "elsewhere"}, {"reference": "", "matter": "How the shop stores consents."}),
        (Need.PACK, "yes", {"seen": "yes"}, {"contents": "The record of processing and the texts of the consents."}),
    ),
    Kind.DISCLOSURE: (
        (Need.LEGAL_BASIS, "6.1.c", {"basis": "6.1.c"}, {"law": DEMANDS, "their_reference": "F-204"}),
        (Need.OPINION, "agrees", {"opinion": "agrees"}, {"words": "The law names these data and these years."}),
        (Need.DISCLOSURE_LOG, "named", {}, {"categories": "orders", "what": "The orders of one year."}),
        (Need.NOTICE_PLANNED, "now", {"when": "now"}, {"law": ""}),
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: the name and ways to reach them, and their place in the systems where these hold them."""

    name: str
    email: str
    address: str
    subject: str | None


@dataclass
class Book:
    """What is written down so far: rows by table, the entries of the log, what was stopped, the last number of each year."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    entries: list[Before] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    closed_so: dict[str, int] = field(default_factory=dict)
    disclosed: list[tuple[str, str, datetime]] = field(default_factory=list)  # of whom, to whom, when
    requests: dict[int, str] = field(default_factory=dict)  # place of a case -> id of its first request


@dataclass
class Teller:
    """Writes one case after the other into the book, as the accounts of the cast."""

    cast: Cast
    book: Book
    inventories: Sequence[Inventory]
    here: Establishment
    last: datetime  # before which everything lies
    who: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bodies: dict[tuple[int, bool], tuple[PlanBody, str]] = field(default_factory=dict)

    def person(self, name: str) -> tuple[str, str, str]:
        """Return account, pseudonym and role of a demo account, or of the worker."""
        if name == "worker":
            return WORKER
        if name not in self.who:
            desk = self.cast.desk(name)
            self.who[name] = (desk.person.account_id, desk.person.actor_ref, next(iter(desk.person.roles)).value)
        return self.who[name]

    def body(self, who: int, *, whole: bool = True) -> tuple[PlanBody, str]:
        """Return what a plan about a person shows, and its text; not `whole` where a system did not answer."""
        place = who % len(self.inventories)
        if (place, whole) not in self.bodies:
            held = self.inventories[place]
            systems = held.systems if whole else tuple(
                each if each.code == desk_records.SYSTEM else replace(
                    each, state="failed", note=FAILED_NOTE, tables=tuple(replace(table, rows=0) for table in each.tables)
                ) for each in held.systems
            )
            made = PlanBody(systems, (), held.hash)
            self.bodies[place, whole] = (made, made.text)
        return self.bodies[place, whole]

    def tell(self, place: int, case: str, past: PastCase, person: Person) -> None:
        """Write a case with all its requests, from its arrival to its end; `case` is its reference in the store, with a key."""
        book, here = self.book, self.here
        year = here.local(past.entered).year
        book.numbers[year] = book.numbers.get(year, 0) + 1
        reference = references.make(year, book.numbers[year])
        told = CaseTold(self, case, reference, past, person)
        told.arrive()
        for number, request in enumerate(past.requests):
            book.requests.setdefault(place, told.ids[number])
            told.play(number, request)
        told.receipt()
        told.close_case()


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

    def _account(self, who: str) -> str:
        return self.teller.person(who)[0]

    def arrive(self) -> None:
        """Take the message in: case, addresses, the message and a request for each right."""
        past, store = self.past, self.teller.cast.store
        person = {
            "name": self.person.name, "email": self.person.email if self.by_mail else "", "phone": "",
            "address": "" if self.by_mail else self.person.address,
        }
        first = [each for each in past.requests if past.joined is None or each.received < past.joined]
        self.message = self._message(past.received, past.entered, past.clerk, [each.kind for each in first], person["email"])
        self.ids = [new_id(each.received if each not in first else past.entered) for each in past.requests]
        if person["email"]:
            hashed = store.keyed_hash("identifiers", f"email\0{normal('email', person['email'], self.teller.here.region)}")
            self.add("case_identifiers", h=hashed)
        self.address = new_id(past.entered)
        kind, value = ("email", person["email"]) if self.by_mail else ("post", person["address"])
        self.add(
            "reply_addresses", id=self.address, kind=kind, standing="new", added_at=past.entered,
            address=self.seal(value, Cell("reply_addresses", self.address, "address")), added_by=self._account(past.clerk),
        )
        self._case_row = {
            "reference": self.reference, "created_at": past.entered, "received_at": past.received,
            "channel": past.channel.value, "taken_in_by": self._account(past.clerk),
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
            self._right(number, each.kind, self.message, stopped)
            if each.kind in STATE_OF:
                self.decide(number, Act.CASE_TAKE_IN, past.entered, past.clerk, stop_record(
                    STATE_OF[each.kind], self.under(each), limited=False, stopped=stopped > 0
                ))

    def _message(self, received: datetime, entered: datetime, clerk: str, kinds: Sequence[Kind], email: str) -> str:
        number = new_id(entered)
        wishes = ", and ".join(WISHES.get(kind, "please give us what our letter asks for") for kind in kinds)
        self.add(
            "messages", id=number, direction="in", channel=self.past.channel.value, received_at=received, entered_at=entered,
            entered_by=self._account(clerk),
            sender=self.seal(" ".join(filter(None, (self.person.name, email))), Cell("messages", number, "sender")),
            subject=self.seal("My data" if email else "", Cell("messages", number, "subject")),
            body=self.seal(
                f"Good day, {wishes}.\n\n{self.person.name}\n\n(This is a made-up message of the demo store.)",
                Cell("messages", number, "body"),
            ),
        )
        return number

    def _right(self, number: int, kind: Kind, message: str, stopped: int) -> None:
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
            question.kind, self.day(question.asked), self.day(question.answered) if question.answered else None
        ),)
        told = request.extension
        return due(Clock(
            request.received.replace(tzinfo=UTC), here.zone, self.profile(request), calendars().get(here.calendar_id), pauses,
            extended=None if bare or told is None else self.day(told.told), named=request.named,
        ))

    def play(self, number: int, request: Past) -> None:
        """Write one request: its moves, what was decided and sent, and how it ended."""
        Playing(self, number, request).play()

    def receipt(self) -> None:
        """Confirm the receipt to the person, where that was done."""
        past, request = self.past, self.past.requests[0]
        final = self.dates(request, bare=True).final_due
        if past.receipt is None or final is None or RIGHTS[request.kind].asker is Asker.AUTHORITY:
            return
        Playing(self, 0, request).letter(LetterKind.RECEIPT, past.receipt, past.receipt, past.clerk, {"due_on": final})

    def close_case(self) -> None:
        """Write the row of the case as it stood at its end."""
        nobody = any(each.closing is Closing.NO_DATA_HELD or (each.way is Way.OUTSIDE and not self.past.known)
                     for each in self.past.requests)
        decided = self.weighed and self.person.subject is not None
        self.add(
            "cases", **self._case_row, subject_ref=self.person.subject if decided else None,
            subject_state="decided" if decided else "nobody" if nobody else "open", identity_state=self.identity,
            sealed_to_names=False, version=self.changes,
        )

    identity: str = "open"
    _case_row: dict[str, Any] = field(default_factory=dict)


@dataclass
class Playing:
    """One request while it is written down."""

    told: CaseTold
    number: int
    past: Past
    state: State = State.RECEIVED
    version: int = 1
    plan: str | None = None
    package: str | None = None
    approver: str | None = None
    own: set[str] = field(default_factory=set)
    met: tuple[str, ...] = ()
    outs: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The request's id."""
        return self.told.ids[self.number]

    def enter(self, who: str, what: Act, at: datetime, **more: Any) -> None:
        """Enter an act on this request."""
        self.told.enter(who, what, at, request=self.id, **more)

    def move(self, who: str, what: Act, at: datetime, step: Step, target: State, *, words: str = "", **more: Any) -> None:
        """Move the request, and enter the act that moved it."""
        number = new_id(at)
        self.told.add(
            "request_moves", id=number, request_id=self.id, from_state=self.state.value, to_state=target.value,
            step=step.value, account_id=self.told.teller.person(who)[0], happened_at=at,
            words=self.told.seal(words, Cell("request_moves", number, "words")),
        )
        self.enter(who, what, at, words=words, **{"from": self.state.value, "to": target.value}, **more)
        self.state, self.version = target, self.version + 1

    def play(self) -> None:
        """Write the request from its receipt to its end."""
        past, owner = self.past, self.past.owner
        joined = self.told.past.joined
        if joined is not None and past.received == joined:
            message = self.told._message(joined, joined, owner, [past.kind], self.told.person.email)
            self.told._right(self.number, past.kind, message, 0)
            self.told.enter(owner, Act.CASE_MESSAGE, joined, files=0, kinds=[past.kind.value], requests=1, identity_again=0)
        giver = owner if owner.startswith("steward") else "manager"
        self.enter(giver, Act.REQUEST_ASSIGN, past.assigned, assigned=1)
        self.version += 1
        self.move(owner, Act.REQUEST_START, past.started, Step.START, State.IN_PROGRESS)
        self._ask()
        if past.weighed is not None:
            self._weigh(past.weighed)
        {
            Way.COPY: self._copy, Way.STOP: self._carry, Way.OUTSIDE: self._bound, Way.REFUSAL: self._bound,
            Way.RECORD: self._record, Way.NONE: self._plainly,
        }[past.way]()
        self._extend()
        if past.way is not Way.NONE:
            self._send()
        self._row()

    def _ask(self) -> None:
        past, asked = self.past, self.past.question
        if asked is None:
            return
        told, number, owner = self.told, new_id(asked.asked), past.owner
        question, reason = QUESTIONS[asked.kind]
        told.add(
            "pauses", id=number, request_id=self.id, kind=asked.kind, asked_on=told.day(asked.asked),
            answered_on=told.day(asked.answered) if asked.answered else None, proofs=None,
            reason=told.seal(reason, Cell("pauses", number, "reason")),
            question=told.seal(question, Cell("pauses", number, "question")),
        )
        calendar = calendars().get(told.teller.here.calendar_id)
        receipt = local_date(past.received.replace(tzinfo=UTC), told.teller.here.zone)
        told.decide(self.number, Act.REQUEST_ASK, asked.asked, owner, question_record(
            asked.kind, told.profile(past), told.under(past), asked=told.day(asked.asked),
            late=is_late(told.day(asked.asked), receipt, calendar),
        ))
        self.enter(owner, Act.REQUEST_ASK, asked.asked, kind=asked.kind, requests=1, proofs=[], decisions=1)
        until = told.day(asked.asked) + 14 * DAY
        if asked.kind == "identity":
            self.letter(LetterKind.IDENTITY_QUESTION, asked.asked, asked.asked + 9 * MINUTE, owner, {
                "doubt": reason.rstrip("."), "proofs": ["two of your last orders"], "reply_by": until,
            })
        else:
            self.letter(LetterKind.CLARIFICATION_QUESTION, asked.asked, asked.asked + 9 * MINUTE, owner, {
                "about": asked.kind, "question": question, "reason": reason.rstrip("."), "reply_by": until,
            })
        if asked.answered is not None:
            self.enter(owner, Act.REQUEST_ANSWERED, asked.answered, kind=asked.kind)
        if asked.reminded is not None:
            self.letter(LetterKind.REMINDER, asked.reminded, asked.reminded + 9 * MINUTE, owner, {
                "asked_on": told.day(asked.asked), "question": question, "reply_by": told.day(asked.reminded) + 14 * DAY,
            })

    def _weigh(self, at: datetime) -> None:
        """Search for the person, decide who it is, and record how they showed it."""
        told, past, owner = self.told, self.past, self.past.owner
        if past.kind is Kind.INQUIRY or told.weighed:
            return
        known = told.past.known
        self.told.enter(
            owner, Act.PERSON_FIND, at - 20 * MINUTE, purpose="request", asked=1, exact=int(known), fields=["value"],
            possible=0, withheld=0,
        )
        told.enter(owner, Act.CASE_OPEN, at - 15 * MINUTE)
        if past.closing is Closing.NOT_IDENTIFIED:
            self._identity(at, "failed")
            return
        if not known and past.closing is not Closing.NO_DATA_HELD and past.way is not Way.OUTSIDE:
            return
        told.weighed = known
        told.add("case_deciders", account_id=told._account(owner), decided_at=at - 10 * MINUTE)
        told.changes += 1
        told.enter(owner, Act.CASE_PERSON, at - 10 * MINUTE, changed=0, decision="person" if known else "nobody")
        if RIGHTS[past.kind].needs_identity and past.way is not Way.NONE:
            self._identity(at, "proven")

    def _identity(self, at: datetime, outcome: str) -> None:
        told, owner, number = self.told, self.past.owner, new_id(at)
        known, failed = told.past.known, outcome == "failed"
        proofs = [] if failed else PROOFS[told.past.channel.value] if known else ["document"]
        reason = f"{FAILED}." if failed else "" if known else "No address was held against which the letter could be checked."
        told.add(
            "identity_checks", id=number, checked_at=at, checked_by=told._account(owner), proofs=",".join(proofs),
            outcome=outcome, reason=told.seal(reason, Cell("identity_checks", number, "reason")), data="ordinary",
        )
        told.identity, told.changes = outcome, told.changes + 1
        told.decide(self.number, Act.IDENTITY_RECORD, at, owner, identity_record(
            self.past.kind, told.past.channel, [Proof(each) for each in proofs], told.under(self.past), reason, failed=failed,
        ))
        told.enter(owner, Act.IDENTITY_RECORD, at, outcome=outcome, proofs=proofs, data="ordinary", documents=0, decisions=1)

    def letter(
        self, kind: LetterKind, drafted: datetime, sent: datetime, who: str, facts: Mapping[str, Any], *, act: Act | None = None,
    ) -> str:
        """Write a letter that was drafted and went out; `act` drafted it where that was no act of its own. Return its id."""
        number, text = new_id(drafted), self._draft(kind, facts)
        self._keep(number, kind, text, drafted, sent, who)
        if act is None:
            self.enter(who, Act.LETTER_DRAFT, drafted, thing=("letter", number), letter=kind.value)
        return number

    def _draft(self, kind: LetterKind, facts: Mapping[str, Any]) -> Draft:
        told, past, words = self.told, self.past, words_of("en")
        right = RIGHTS[past.kind]
        return draft_text(kind, {
            "salutation": words.salutation(told.person.name if right.asker is Asker.PERSON else ""), "on_behalf_of": "",
            "received_on": told.day(past.received), "right": words.rights[past.kind],
            "authority": told.teller.here.authority, "dpo_contact": told.teller.here.dpo_contact, **facts,
        }, "en", told.profile(past).law)

    def _keep(self, number: str, kind: LetterKind, text: Draft, drafted: datetime, sent: datetime, who: str) -> None:
        told, account = self.told, self.told._account(who)
        by = "email" if told.by_mail else "post"
        told.add(
            "letters", id=number, request_id=self.id, kind=kind.value, language="en", drafted_at=drafted, drafted_by=account,
            address_id=told.address, sent_at=sent, sent_by=account, sent_channel=by,
            **sealed(told.teller.cast.store, told.ref, number, text),
        )
        self.enter(
            who, Act.LETTER_SENT, sent, thing=("letter", number), letter=kind.value, channel=by,
            sent_on=told.day(sent).isoformat(),
        )
        self.own.add(kind.value)

    def _approve(
        self, thing: str, thing_id: str, bound: str, asked: Asked, acts: tuple[Act, Act, Act, Act], *,
        step: tuple[Step, Step, State] | None = None, approver: str = "approver", **more: Any,
    ) -> None:
        """Write an approval with what was done for it; `step` moves the request with its asking and its decision."""
        told, owner, number = self.told, self.past.owner, new_id(asked.asked)
        decision = "given_back" if asked.given_back else "approved"
        account, _, role = told.teller.person(approver)
        words = "Please look at it once more: a table is missing in the letter." if asked.given_back else ""
        told.add(
            "approvals", id=number, request_id=self.id, thing=thing, thing_id=thing_id, hash=bound,
            address_id=told.address if thing == "package" else None, asked_by=told._account(owner), asked_at=asked.asked,
            approver_id=account, deputy_id=None, deputy_from=None, decision=decision, decided_by=account, decided_role=role,
            decided_at=asked.decided, words=told.seal(words, Cell("approvals", number, "words")), words_under="approvals",
        )
        ask, opens, approves, returns = acts
        seen: dict[str, Any] = {"thing": ("approval", number)}
        if step is None:
            self.enter(owner, ask, asked.asked, **seen, deputy=0, **more)
        else:
            self.move(owner, ask, asked.asked, step[0], State.AWAITING_APPROVAL, **seen, deputy=0, **more)
            self.approver = account
        self.enter(approver, opens, asked.decided - 12 * MINUTE if asked.decided - asked.asked > 13 * MINUTE else asked.asked,
                   **seen)
        if asked.given_back:
            if step is None:
                self.enter(approver, returns, asked.decided, words=words, reason=decision, **seen)
            else:
                self.move(approver, returns, asked.decided, Step.RETURN, State.IN_PROGRESS, words=words, reason=decision, **seen)
        elif step is None:
            self.enter(approver, approves, asked.decided, **seen, **more)
        else:
            self.move(approver, approves, asked.decided, step[1], step[2], **seen, **more)

    def _plan(self, body: PlanBody, verb: str, at: datetime, text: str = "") -> str:
        told, number = self.told, new_id(at)
        told.add(
            "plans", id=number, request_id=self.id, subject_ref=told.person.subject or "" if told.weighed else "", made_at=at,
            made_by=told._account(self.past.owner), plan_hash=body.hash, verb=verb,
            body=told.seal(text or body.text, Cell("plans", number, "body")),
        )
        self.plan, self.version = number, self.version + 1
        return number

    def _copy(self) -> None:
        """Build a package, have it released, and fetch it."""
        told, past, owner = self.told, self.past, self.past.owner
        body, text = told.teller.body(told.past.who, whole=past.closing is not Closing.PARTLY_FULFILLED)
        systems = body.systems
        made = past.prepared or past.started
        plan, package = self._plan(body, "export", made, text), new_id(made)
        counts = {each.code: each.rows for each in systems}
        sha = digest(told.teller.cast.store, f"{package} package")
        rows = {f"rows.{code}": number for code, number in counts.items()}
        missing = [each.code for each in systems if each.state == "failed"]
        fetched = (past.sent or past.closed) - 15 * MINUTE
        fetched = max(fetched, past.carried or fetched)
        told.add(
            "packages", id=package, request_id=self.id, plan_id=plan, subject_ref=told.person.subject, state="fetched",
            built_at=made + MINUTE, expires_at=past.approvals[-1].decided + 30 * DAY, sha256=sha,
            size_bytes=90_000 + 61 * sum(counts.values()), counts=json.dumps(counts, sort_keys=True), fetched_at=fetched,
            fetched_by=told._account(owner), version=4, left_by="download", look_ups=False,
        )
        self.package = package
        self.outs = {"planned": True, "package_state": "fetched", "unreached": len(missing)}
        self.enter(
            owner, Act.EXPORT_PREPARE, made, thing=("plan", plan), purpose="request", look_ups=0, missing=missing,
            verb="export", **rows,
        )
        self.enter("worker", Act.PACKAGE_READ, made + MINUTE, thing=("package", package), missing=missing, **rows)
        self.enter("worker", Act.PACKAGE_BUILD, made + MINUTE, thing=("package", package), sha256=sha)
        for asked in past.approvals:
            self._approve(
                "package", package, sha, asked,
                (Act.RELEASE_ASK, Act.RELEASE_OPEN, Act.RELEASE_APPROVE, Act.RELEASE_RETURN),
                step=(Step.ASK_APPROVAL, Step.APPROVE, State.CARRYING_OUT), plan=body.hash, sha256=sha,
            )
        told.decide(self.number, Act.RELEASE_APPROVE, past.approvals[-1].decided, "approver", record_copy(
            told.under(past), systems_left_out=bool(missing)
        ))
        self.move(
            "worker", Act.PACKAGE_RELEASE, past.carried or made, Step.CARRIED_OUT, State.READY_TO_SEND,
            thing=("package", package), sha256=sha,
        )
        self.enter(owner, Act.PACKAGE_FETCH, fetched, thing=("package", package), sha256=sha)
        if missing:
            titles = [each.title for each in systems if each.code in missing]
            self.letter(LetterKind.PARTLY_ANSWERED, past.carried or made, past.sent or made, owner, {
                "article": RIGHTS[past.kind].article, "done": [f"{each.title}: {each.rows} records" for each in systems
                                                               if each.code not in missing],
                "open": [f"{title}: not done yet, because it did not answer in full" for title in titles],
            })
            self.outs["part_told"] = True

    def _carry(self) -> None:
        """Carry a stop out in every system, and draft the letter that says so."""
        told, past, owner = self.told, self.past, self.past.owner
        body, text = told.teller.body(told.past.who)
        made, ended = past.prepared or past.started, past.carried or past.closed
        plan = self._plan(body, "suppress", made, text)
        self.enter(
            owner, Act.PLAN_PREPARE, made, thing=("plan", plan), purpose="request", verb="suppress", missing=[],
            **{f"rows.{each.code}": each.rows for each in body.systems},
        )
        self.move(owner, Act.REQUEST_CARRY_OUT, made, Step.CARRY_OUT, State.CARRYING_OUT, systems=len(body.systems))
        for place, system in enumerate(body.systems):
            number, last = new_id(made), place == len(body.systems) - 1
            result = json.dumps({"touched": {"suppressions": 1 - place}, "kept": [], "trouble": ""})
            told.add(
                "carryings", id=number, request_id=self.id, plan_id=plan, subject_ref=told.person.subject, system=system.code,
                verb="suppress", state="done", started_at=made, ended_at=ended,
                result=told.seal(result, Cell("carryings", number, "result")), version=3,
            )
            seen: dict[str, Any] = {"thing": ("carrying", number), "system": system.code, "verb": "suppress"}
            self.enter("worker", Act.CARRYING_START, made, **seen)
            if last:
                self.move("worker", Act.CARRYING_END, ended, Step.CARRIED_OUT, State.READY_TO_SEND, kept=0, **seen)
            else:
                self.enter("worker", Act.CARRYING_END, ended, kept=0, **seen)
        kind = LetterKind.OBJECTION_CONFIRMED if past.kind is Kind.OBJECTION_MARKETING else LetterKind.CONSENT_WITHDRAWN
        what = "direct marketing and profiling for it" if past.kind is Kind.OBJECTION_MARKETING else "all that rests on a consent"
        self.letter(kind, ended, past.sent or ended, owner, {
            "stopped": [f"{what}, through every channel"], "stopped_on": told.day(past.received),
        })
        self.outs = {
            "planned": True, "systems": len(body.systems), "systems_done": len(body.systems), "outcome_told": True,
            "stopped": int(told.by_mail),
        }

    def _bound(self) -> None:
        """Prepare a refusal, or what was done outside the desk, with the letter that is the answer, and have it approved."""
        told, past, owner = self.told, self.past, self.past.owner
        store, at = told.teller.cast.store, past.prepared or past.started
        refused = past.way is Way.REFUSAL
        number = new_id(at)
        lines = [
            Line(each.code, Done.DONE, DONE, TICKET) for each in catalogue().systems if each.code != "desk"
        ]
        facts: dict[str, Any]
        if refused:
            ground = GROUNDS["no_ground" if past.kind in (GROUNDS["no_ground"].rights or ()) else "excessive"]
            kind, facts = LetterKind.REFUSAL, {"ground": ground.sentence, "article": ground.article, "facts": FACTS}
            terms: dict[str, Any] = {"ground": ground.code, "facts": FACTS, "evidence": EVIDENCE, "letter_id": number}
        else:
            titles = {each.code: each.title for each in catalogue().systems}
            kind, facts = LetterKind.ANSWERED_OUTSIDE, {
                "article": RIGHTS[past.kind].article, "done": [f"{titles[each.system]}: {each.told}" for each in lines],
                "nothing": [], "kept": [], "open": [],
            }
            terms = {"reason": "The team did it before the desk was connected to this system.", "lines": terms_of(lines),
                     "letter_id": number}
        text = self._draft(kind, facts)
        body = PlanBody((), (), "", terms | {"letter": digest(store, text.whole)})
        plan = self._plan(body, "refuse" if refused else "outside", at)
        self.enter(owner, Act.REFUSAL_PREPARE if refused else Act.OUTSIDE_RECORD, at, thing=("plan", plan), letter=kind.value)
        acts = (Act.REFUSAL_ASK, Act.REFUSAL_OPEN, Act.REFUSAL_APPROVE, Act.RELEASE_RETURN) if refused else (
            Act.OUTSIDE_ASK, Act.OUTSIDE_OPEN, Act.OUTSIDE_APPROVE, Act.RELEASE_RETURN)
        steps = (Step.ASK_REFUSAL, Step.REFUSE) if refused else (Step.ASK_OUTSIDE, Step.ACCEPT_OUTSIDE)
        for asked in past.approvals:
            self._approve(
                "refusal" if refused else "outside", plan, body.hash, asked, acts, step=(*steps, State.READY_TO_SEND),
                plan=body.hash,
            )
        self._keep(number, kind, text, at, past.sent or at, owner)
        self.outs = {"refused": refused, "outside": not refused}

    def _record(self) -> None:
        """Record what the law asks for, one need after the other, and answer by letter."""
        told, past, owner = self.told, self.past, self.past.owner
        store, begun, ready = told.teller.cast.store, past.weighed or past.started, past.prepared or past.closed
        upheld = past.closing is Closing.FULFILLED
        held: dict[Need, Answer] = {}
        if past.kind is Kind.COMPLAINT:
            self.letter(LetterKind.COMPLAINT_ACKNOWLEDGED, past.started, past.started + 9 * MINUTE, owner, {
                "answered_by": "without undue delay"})
        needs = [each for each in NEEDS[past.kind] if not (each[0] is Need.OPINION and past.kind is Kind.OBJECTION and upheld)]
        for place, each in enumerate(needs):
            need, outcome, picks, texts = self._as_it_was(each)
            at = begun + (ready - begun) * (place + 1) / (len(needs) + 1)
            at = at.replace(microsecond=0)
            answer = Answer(picks, texts, past.named if need is Need.DUE_DAY else None)
            held[need] = answer
            number, who = new_id(at), "dpo" if need is Need.OPINION else owner
            told.add(
                "needs_met", id=number, request_id=self.id, need=need.value, outcome=outcome,
                about_case=told.ref if outcome == "case" else None, day=answer.day, recorded_by=told._account(who),
                recorded_at=at, version=self.version,
                answer=sealed_answer(told.teller.cast.desk("dpo"), told.ref, number, answer),
            )
            self.enter(who, Act.NEED_RECORD, at, thing=("need", number), need=need.value, outcome=outcome)
            self.version += 1
        if upheld and past.kind is Kind.OBJECTION and told.weighed and told.by_mail:
            told.teller.book.marks += [
                Mark(STATE_OF[Kind.OBJECTION_MARKETING], h, "email", "security", ALL, UPHELD_GROUND, ready, "request",
                     told.ref, told.person.subject, value=told.person.email)
                for h in tokens(store, "email", told.person.email)
            ]
        if past.named is not None:
            told.add("named_days", id=new_id(past.received), request_id=self.id, day=past.named, named_at=past.received)
        self._answer_by_letter(held, ready, "upheld" if upheld else "not_upheld")
        self.met = tuple(need.value for need in PATHS[past.kind].needs)

    def _as_it_was(
        self, usual: tuple[Need, str, Mapping[str, str], Mapping[str, str]]
    ) -> tuple[Need, str, Mapping[str, str], Mapping[str, str]]:
        """Return what was recorded for a need: the balancing as the request ended, the case where it is about this one."""
        need, _, _, texts = usual
        if need is Need.BALANCING:
            upheld = self.past.closing is Closing.FULFILLED
            prevails = "nothing" if upheld else "compelling"
            return need, "upheld" if upheld else "not_upheld", {"use": "security", "prevails": prevails}, texts
        if need is Need.LINKED and self.told.past.joined is not None:
            return need, "case", {"about": "case"}, {"reference": self.told.reference, "matter": ""}
        return usual

    def _answer_by_letter(self, held: Mapping[Need, Answer], ready: datetime, outcome: str) -> None:
        told, past = self.told, self.past
        kind = LetterKind(answer_letter(past.kind, outcome if past.kind is Kind.OBJECTION else ""))
        number, text = new_id(ready), self._draft(kind, self._answer_facts(kind, held))
        bound = digest(told.teller.cast.store, text.whole.strip())
        self.enter(past.owner, Act.LETTER_DRAFT, ready, thing=("letter", number), letter=kind.value)
        acts = (Act.LETTER_ASK, Act.LETTER_OPEN, Act.LETTER_APPROVE, Act.LETTER_RETURN)
        both = LETTERS[kind].approval is Approval.DPO_AND_APPROVER
        for asked in past.approvals:
            for approver in ("approver", "dpo") if both else ("approver",):
                self._approve("letter", number, bound, asked, acts, approver=approver, letter=kind.value)
        sent = past.sent or ready
        self._keep(number, kind, text, ready, sent, past.owner)
        del told.teller.book.entries[-1]  # the letter's sending moves the request with it: one entry for both
        self.move(
            past.owner, Act.LETTER_SENT, sent, Step.SETTLE, State.READY_TO_SEND, thing=("letter", number), letter=kind.value,
            channel="email" if told.by_mail else "post", sent_on=told.day(sent).isoformat(),
        )

    def _answer_facts(self, kind: LetterKind, held: Mapping[Need, Answer]) -> dict[str, Any]:
        texts = {need: dict(each.texts) for need, each in held.items()}
        if kind is LetterKind.OBJECTION_UPHELD:
            day = self.told.day(self.past.prepared or self.past.closed)
            return {"stopped": [catalogue().purposes["security"].title], "stopped_on": day}
        if kind is LetterKind.OBJECTION_NOT_UPHELD:
            weighed = texts[Need.BALANCING]
            return {"our_grounds": weighed["our_grounds"], "weighed": weighed["persons_situation"]}
        if kind is LetterKind.NOTICE_ANSWERED:
            return texts[Need.CURRENT_VERSION]
        if kind is LetterKind.HUMAN_REVIEW_ANSWERED:
            return {"result": "the decision is changed", "reasons": texts[Need.REVIEWED]["reasons"]}
        if kind is LetterKind.COMPLAINT_ANSWERED:
            return {"result": "your complaint is justified in part", "reasons": texts[Need.LOOKED_AT]["reasons"]}
        inquiry = self.past.kind is Kind.INQUIRY
        return {
            "authority_name": self.told.person.name, "contents": texts[Need.PACK]["contents"] if inquiry else
            texts[Need.DISCLOSURE_LOG]["what"],
            "their_reference": texts[Need.DUE_DAY if inquiry else Need.LEGAL_BASIS]["their_reference"],
        }

    def _extend(self) -> None:
        """Write the extension with its notice, its approval and the day it was told."""
        told, past, given = self.told, self.past, self.past.extension
        if given is None:
            return
        number, owner, facts = new_id(given.prepared), past.owner, "More requests came in these weeks than in a whole year."
        final = told.dates(past).final_due
        grounds = "number" if "number" in extension.GROUNDS else next(iter(extension.GROUNDS))
        letter = self.letter(LetterKind.EXTENSION, given.prepared, given.told, owner, {
            "grounds": extension.GROUNDS[grounds].sentence, "facts": facts, "until": final,
            "length": "three months, counted from the day we received your request",
        }, act=Act.EXTENSION_PREPARE)
        row = next(each for each in reversed(told.teller.book.rows["letters"]) if each["id"] == letter)
        told.add(
            "extensions", id=number, request_id=self.id, state="approved", grounds=grounds,
            facts=told.seal(facts, Cell("extensions", number, "facts")), until=None, letter_id=row["id"],
            prepared_by=told._account(owner), prepared_at=given.prepared, told_on=told.day(given.told), version=4,
        )
        self.enter(
            owner, Act.EXTENSION_PREPARE, given.prepared, thing=("extension", number), grounds=[grounds], letter="extension",
        )
        bound = digest(told.teller.cast.store, self._draft(LetterKind.EXTENSION, {
            "grounds": extension.GROUNDS[grounds].sentence, "facts": facts, "until": final,
            "length": "three months, counted from the day we received your request",
        }).whole)
        self._approve(
            "extension", number, bound, Asked(given.prepared + 30 * MINUTE, given.approved),
            (Act.EXTENSION_ASK, Act.EXTENSION_OPEN, Act.EXTENSION_APPROVE, Act.EXTENSION_RETURN), grounds=[grounds],
        )
        told.decide(self.number, Act.LETTER_SENT, given.told, owner, extension.record_of(
            "effective", [grounds], told.under(past), notice_due=None, told_on=told.day(given.told)
        ))

    def _plainly(self) -> None:
        """Close without action, after the letter that the law asks for before."""
        told, past, owner = self.told, self.past, self.past.owner
        closing, at = past.closing, past.prepared or past.closed
        letter: tuple[LetterKind, dict[str, Any]] | None = None
        if closing is Closing.NOT_IDENTIFIED:
            letter = (LetterKind.NOT_IDENTIFIED, {"reason": FAILED, "helps": ["two of your last orders"]})
        elif closing is Closing.NO_DATA_HELD:
            letter = (LetterKind.NO_DATA_HELD, {"searched": [each.title for each in catalogue().systems]})
        elif closing is Closing.FORWARDED:
            letter = (LetterKind.FORWARDED, {"controller": OTHER, "forwarded_on": told.day(past.closed)})
        if letter is not None:
            number, text = new_id(at), self._draft(*letter)
            self.enter(owner, Act.LETTER_DRAFT, at, thing=("letter", number), letter=letter[0].value)
            for asked in past.approvals:
                self._approve(
                    "letter", number, digest(told.teller.cast.store, text.whole.strip()), asked,
                    (Act.LETTER_ASK, Act.LETTER_OPEN, Act.LETTER_APPROVE, Act.LETTER_RETURN), letter=letter[0].value,
                )
            last = past.approvals[-1].decided if past.approvals else at
            self._keep(number, letter[0], text, at, last + (past.closed - last) * 0.5, owner)
        self.outs = {"told": closing in {Closing.NOT_IDENTIFIED, Closing.NO_DATA_HELD}}
        drawn = self._draw() if closing in SAMPLED else {}
        if closing is Closing.DUPLICATE and told.past.first is not None:
            first = told.teller.book.requests[told.past.first]
            told.add("duplicates", request_id=self.id, first_id=first)
            drawn["first"] = first
        withdrawn = closing is Closing.WITHDRAWN
        self.move(
            owner, Act.REQUEST_WITHDRAW if withdrawn else Act.REQUEST_CLOSE, past.closed,
            Step.WITHDRAW if withdrawn else Step.CLOSE, State.CLOSED, words=REASONS[closing], closing=closing.value, **drawn,
        )

    def _draw(self) -> dict[str, Any]:
        """Draw the closing for a check as the desk does, and have it found right by another person."""
        told, past, book = self.told, self.past, self.told.teller.book
        book.closed_so[past.owner] = book.closed_so.get(past.owner, 0) + 1
        lot = int.from_bytes(told.teller.cast.store.keyed_hash("closing_checks", self.id)[:8])
        if book.closed_so[past.owner] > 10 and lot % 5:
            return {"drawn_for_check": 0}
        number, checker = new_id(past.closed), "dpo" if past.owner != "dpo" else "approver"
        at = min(past.closed + 2 * DAY, told.teller.last)
        words = "The message says what was written down."
        told.add(
            "closing_checks", id=number, request_id=self.id, closing=past.closing.value, closed_by=told._account(past.owner),
            drawn_at=past.closed, verdict="right", checked_by=told._account(checker), checked_at=at,
            reason=told.seal(words, Cell("closing_checks", number, "reason")), opened_id=None, version=2,
        )
        self.enter(checker, Act.CLOSING_CHECK, at, words=words, verdict="right", closing=past.closing.value)
        return {"drawn_for_check": 1}

    def _send(self) -> None:
        """Send the answer, once more where it came back, and close."""
        past, owner, told = self.past, self.past.owner, self.told
        by = "email" if told.by_mail else "post"

        def send(at: datetime, day: date) -> None:
            self.move(
                owner, Act.ANSWER_SENT, at, Step.SEND, State.READY_TO_SEND, channel=by, sent_on=day.isoformat(),
            )

        entered = past.entered or past.closed
        send(entered, told.day(past.sent or entered))
        if past.kind is Kind.DISCLOSURE and told.weighed:
            told.teller.book.disclosed.append((told.person.subject or "", told.person.name, entered))
        if past.back is not None:
            came, again = past.back
            self.move(
                owner, Act.ANSWER_CAME_BACK, came, Step.CAME_BACK, State.READY_TO_SEND,
                words="The mail system answered that the box is full.", day=told.day(came).isoformat(),
            )
            send(again, told.day(again))
        self.move(owner, Act.REQUEST_CLOSE, past.closed, Step.CLOSE_ANSWERED, State.CLOSED, closing=past.closing.value)

    def _row(self) -> None:
        """Write the request as it stood at its end, and what was recorded about it then."""
        told, past, here = self.told, self.past, self.told.teller.here
        profile, calendar, dates = told.profile(past), calendars().get(here.calendar_id), told.dates(past)
        end = dates.deadline_end_utc
        suffix = "" if self.number == 0 and len(told.past.requests) == 1 else f"/{self.number + 1}"
        told.add(
            "requests", id=self.id, reference=told.reference + suffix, kind=past.kind.value, state="closed",
            closing=past.closing.value, owner_id=told._account(past.owner), received_at=past.received, profile_id=profile.id,
            profile_version=profile.version, calendar_id=calendar.id, calendar_version=calendar.version, zone=here.zone,
            base_due=dates.base_due, final_due=dates.final_due, safe_due=dates.safe_due,
            clock_state="paused" if dates.paused_since else "running",
            prepared_by=told._account(past.owner) if self.plan else None, approver_id=self.approver, plan_id=self.plan,
            package_id=self.package, sent_at=past.sent, came_back_at=None, closed_at=past.closed, version=self.version,
            due_end=end.replace(tzinfo=None) if end else None,
        )
        nobody = past.closing is Closing.NO_DATA_HELD or (past.way is Way.OUTSIDE and not told.past.known)
        facts = Facts(**{
            "state": State.CLOSED, "closing": past.closing, "acknowledged": told.past.receipt is not None,
            "identity_state": told.identity, "subject_state": "decided" if told.weighed else "nobody" if nobody else "open",
            "package_state": None, "sent": past.sent is not None, "told": False, "met": self.met,
            "answered": bool(self.met), **self.outs,
        })
        told.add("closed_facts", request_id=self.id, facts=json.dumps(asdict(facts), sort_keys=True))
