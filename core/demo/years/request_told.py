"""One request of the years while it is written down: its moves, letters, approvals and plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.actions.answers.planned import PlanBody
from core.actions.desk.letter_text import sealed
from core.demo.years.case_told import CaseTold
from core.demo.years.happened import Asked, Past
from core.documents.languages import words_of
from core.documents.letter import Draft
from core.documents.letter import draft as draft_text
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.ways import RIGHTS, Asker
from core.law.workflow import State, Step
from core.store.encryption import Cell
from core.store.engine import new_id

MINUTE = timedelta(minutes=1)


@dataclass
class RequestTold:
    """One request while it is written down."""

    told: CaseTold
    number: int
    past: Past
    state: State = State.RECEIVED
    version: int = 1
    plan: str | None = None
    package: str | None = None
    approver: str | None = None
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

    def letter(
        self, kind: LetterKind, drafted: datetime, sent: datetime, who: str, facts: Mapping[str, Any], *, act: Act | None = None,
    ) -> str:
        """Write a letter that was drafted and went out; `act` drafted it where that was no act of its own. Return its id."""
        number, text = new_id(drafted), self.draft(kind, facts)
        self.keep(number, kind, text, drafted, sent, who)
        if act is None:
            self.enter(who, Act.LETTER_DRAFT, drafted, thing=("letter", number), letter=kind.value)
        return number

    def draft(self, kind: LetterKind, facts: Mapping[str, Any]) -> Draft:
        """Return the text of a letter in this request."""
        told, past, words = self.told, self.past, words_of("en")
        right = RIGHTS[past.kind]
        return draft_text(kind, {
            "salutation": words.salutation(told.person.name if right.asker is Asker.PERSON else ""), "on_behalf_of": "",
            "received_on": told.day(past.received), "right": words.rights[past.kind],
            "authority": told.teller.here.authority, "dpo_contact": told.teller.here.dpo_contact, **facts,
        }, "en", told.profile(past).law)

    def keep(self, number: str, kind: LetterKind, text: Draft, drafted: datetime, sent: datetime, who: str) -> None:
        """Keep a letter that went out, and enter its sending."""
        told, account = self.told, self.told.account(who)
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

    def approve(
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
            address_id=told.address if thing == "package" else None, asked_by=told.account(owner), asked_at=asked.asked,
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

    def make_plan(self, body: PlanBody, verb: str, at: datetime, text: str = "") -> str:
        """Keep the plan of this request and return its id."""
        told, number = self.told, new_id(at)
        told.add(
            "plans", id=number, request_id=self.id, subject_ref=told.person.subject or "" if told.weighed else "", made_at=at,
            made_by=told.account(self.past.owner), plan_hash=body.hash, verb=verb,
            body=told.seal(text or body.text, Cell("plans", number, "body")),
        )
        self.plan, self.version = number, self.version + 1
        return number
