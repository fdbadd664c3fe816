"""The one table of acts: who may do what, and the sentence that the log prints."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import NotAllowed
from core.law.roles import Role


class Effect(StrEnum):
    """What an act does with personal data; the log shows it as a column of its own."""

    NONE = ""
    VIEWED = "viewed"
    EDITED = "edited"
    DELETED = "deleted"
    DOWNLOADED = "downloaded"


class Scope(StrEnum):
    """How far a role may go with an act."""

    YES = "yes"
    OWN = "own"  # only what the person owns or is
    CASE = "in the case"  # only inside a case that asks for it
    SECOND = "second"  # only as the second person
    CELLS = "cells >= 5"  # only totals of at least five
    DEMO = "demo and bench stores"


class Act(StrEnum):
    """Everything anyone can do here. An act enters with the code that does it."""

    QUEUE_LOOK = "queue.look"
    PERMISSIONS_LOOK = "permissions.look"
    CATALOGUE_LOOK = "catalogue.look"
    CASE_TAKE_IN = "case.take_in"
    CASE_OPEN = "case.open"
    CASE_MESSAGE = "case.message"
    CASE_NOTE = "case.note"
    CASE_SEAL = "case.seal"
    ATTACHMENT_FETCH = "attachment.fetch"
    CASE_PERSON = "case.person"
    DRAFT_KEEP = "draft.keep"
    DRAFT_OPEN = "draft.open"
    REQUEST_START = "request.start"
    REQUEST_ASSIGN = "request.assign"
    ADDRESS_ADD = "address.add"
    REQUEST_ASK = "request.ask"
    REQUEST_ANSWERED = "request.answered"
    REQUEST_WITHDRAW = "request.withdraw"
    REQUEST_CLOSE = "request.close"
    REQUEST_REVISE = "request.revise"
    REQUEST_HAND_BACK = "request.hand_back"
    IDENTITY_RECORD = "identity.record"
    PERSON_FIND = "person.find"
    PERSON_OPEN = "person.open"
    PERSON_SHOW = "person.show"
    PERSON_RELATE = "person.relate"
    PERSON_IMPORT = "person.import"
    EVENT_IMPORT = "event.import"
    CONSENT_IMPORT = "consent.import"
    IMPORT_LOOK = "import.look"
    EXPORT_PREPARE = "export.prepare"
    PACKAGE_BUILD = "package.build"
    RELEASE_ASK = "release.ask"
    RELEASE_OPEN = "release.open"
    RELEASE_APPROVE = "release.approve"
    RELEASE_RETURN = "release.return"
    PACKAGE_RELEASE = "package.release"
    PACKAGE_FETCH = "package.fetch"
    PACKAGE_EXPIRE = "package.expire"
    LETTER_DRAFT = "letter.draft"
    LETTER_FETCH = "letter.fetch"
    LETTER_SENT = "letter.sent"
    ANSWER_SENT = "answer.sent"
    ANSWER_CAME_BACK = "answer.came_back"
    LOG_LOOK = "log.look"
    LOG_ACTOR = "log.actor"
    LOG_VERIFY = "log.verify"
    LOG_EXPORT = "log.export"
    ACCOUNT_LOOK = "account.look"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_DISABLE = "account.disable"
    ACCOUNT_INVITE = "account.invite"
    ACCOUNT_LINK = "account.link"
    ROLE_PROPOSE = "role.propose"
    ROLE_CONFIRM = "role.confirm"
    ROLE_END = "role.end"
    PASSWORD_SET = "password.set"  # noqa: S105 - the name of an act
    ACCOUNT_OWN = "account.own"
    ACCOUNT_COLLEAGUES = "account.colleagues"
    FACTOR_SET = "factor.set"
    SIGN_IN = "sign.in"
    SIGN_OUT = "sign.out"
    STEP_UP = "sign.step_up"
    STORE_CREATE = "store.create"
    STORE_BOOTSTRAP = "store.bootstrap"
    FIND_SWITCH = "find.switch"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the act, who may, what the log prints."""

    family: str
    sentence: str
    who: Mapping[Role, Scope]
    effect: Effect = Effect.NONE
    purpose: bool = False  # a purpose code must be named
    second: bool = False  # never the person who prepared
    step_up: bool = False  # a fresh proof of who sits there
    anyone: bool = False  # also an account that holds no role yet

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may do this at all."""
        return frozenset(self.who)


def _may(*roles: Role, **scoped: Scope) -> dict[Role, Scope]:
    return dict.fromkeys(roles, Scope.YES) | {Role(name): scope for name, scope in scoped.items()}


D, S, A, M, N, K, X, U, O, W = (  # noqa: E741 - one letter a role keeps the table readable
    Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.MARKETER, Role.ADMINISTRATOR, Role.SETUP,
    Role.OPERATOR, Role.WORKER,
)
_EVERY = (D, S, A, M, N, K, X, U)
_V, _E, _DL = Effect.VIEWED, Effect.EDITED, Effect.DOWNLOADED
_BOARDS, _TAKE, _CASE = "Queue and boards without names", "Take in and keep a case", "Open a case"
_ASSIGN, _IDENT, _PERSON = "Assign", "Verify identity; write letters", "Find and open a person"
_PREP, _APPROVE, _CARRY = "Import people; prepare", "Approve, never own work", "Carry out, download, mark sent"
_LOG, _ACC, _SELF, _STORE = "Log", "Accounts and roles, never own", "Every signed-in person", "The store"

ACTS: dict[Act, Line] = {
    Act.QUEUE_LOOK: Line(_BOARDS, "looked at the queue", _may(D, S, A, M, analyst=Scope.CELLS)),
    Act.CASE_TAKE_IN: Line(_TAKE, "took in a case", _may(D, S), _E),
    Act.CASE_MESSAGE: Line(_TAKE, "added a message to the case", _may(D, S), _E),
    Act.CASE_NOTE: Line(_TAKE, "wrote an internal note", _may(D, S), _E),
    Act.ADDRESS_ADD: Line(_TAKE, "added an address for the answer", _may(D, S), _E),
    Act.DRAFT_KEEP: Line(_TAKE, "kept a half-filled form", _may(D, S), _E),
    Act.DRAFT_OPEN: Line(_TAKE, "took up a kept form again", _may(dpo=Scope.OWN, steward=Scope.OWN), _V),
    Act.REQUEST_START: Line(_TAKE, "started work on the request", _may(D, S)),
    Act.REQUEST_ASK: Line(_TAKE, "asked the person a question that pauses the clock", _may(D, S)),
    Act.REQUEST_ANSWERED: Line(_TAKE, "recorded the answer that ends the pause", _may(D, S)),
    Act.REQUEST_WITHDRAW: Line(_TAKE, "closed the request as withdrawn", _may(D, S)),
    Act.REQUEST_CLOSE: Line(_TAKE, "closed the request without action", _may(D, S)),
    Act.REQUEST_REVISE: Line(_TAKE, "took the answer back to work on it", _may(D, S)),
    Act.REQUEST_HAND_BACK: Line(_CARRY, "handed the request back: it could not be carried out", _may(W)),
    Act.CASE_OPEN: Line(_CASE, "opened the case file", _may(D, S, approver=Scope.CASE), _V),
    Act.ATTACHMENT_FETCH: Line(
        _CASE, "downloaded a file of the case", _may(D, S, approver=Scope.CASE), Effect.DOWNLOADED
    ),
    Act.CASE_SEAL: Line(_CASE, "sealed the case to named people", _may(D)),
    Act.REQUEST_ASSIGN: Line(_ASSIGN, "assigned the request", _may(D, M, steward=Scope.OWN, approver=Scope.OWN)),
    Act.IDENTITY_RECORD: Line(_IDENT, "recorded the outcome of the identity check", _may(D, S), _E),
    Act.LETTER_DRAFT: Line(_IDENT, "drafted a letter", _may(D, S), _E),
    Act.LETTER_FETCH: Line(_IDENT, "downloaded a letter", _may(D, S), _DL),
    Act.LETTER_SENT: Line(_IDENT, "marked a letter as sent", _may(D, S)),
    Act.PERSON_FIND: Line(_PERSON, "searched for a person", _may(D, S, operator=Scope.DEMO), _V, purpose=True),
    Act.PERSON_OPEN: Line(_PERSON, "opened a person", _may(D, S, approver=Scope.CASE), _V, purpose=True),
    Act.PERSON_SHOW: Line(_PERSON, "unmasked a person's data", _may(D, S, approver=Scope.CASE), _V, purpose=True),
    Act.CASE_PERSON: Line(_PERSON, "decided which person the case is about", _may(D, S), _E),
    Act.PERSON_RELATE: Line(_PERSON, "declared a person as own or related", _may(*_EVERY)),
    Act.FIND_SWITCH: Line(_PERSON, "switched the operator's search on or off", _may(D)),
    Act.PERSON_IMPORT: Line(_PREP, "imported people", _may(D, S, operator=Scope.DEMO), _E),
    Act.EVENT_IMPORT: Line(_PREP, "imported events", _may(D, S, operator=Scope.DEMO), _E),
    Act.CONSENT_IMPORT: Line(_PREP, "imported consents", _may(D, S, operator=Scope.DEMO), _E),
    Act.IMPORT_LOOK: Line(_PREP, "looked at earlier imports", _may(D, S)),
    Act.EXPORT_PREPARE: Line(_PREP, "prepared an export of the person's data", _may(D, S), purpose=True),
    Act.RELEASE_ASK: Line(_PREP, "asked for the release of a package", _may(D, S)),
    Act.RELEASE_OPEN: Line(_APPROVE, "compared a package for its release", _may(D, A), _V),
    Act.RELEASE_APPROVE: Line(_APPROVE, "approved the release of a package", _may(D, A), second=True, step_up=True),
    Act.RELEASE_RETURN: Line(_APPROVE, "returned a package to its preparer", _may(D, A), second=True),
    Act.PACKAGE_BUILD: Line(_CARRY, "built a package", _may(W), _V),
    Act.PACKAGE_RELEASE: Line(_CARRY, "made the approved package ready to fetch", _may(W)),
    Act.PACKAGE_EXPIRE: Line(_CARRY, "deleted the bytes of an expired package", _may(W), Effect.DELETED),
    Act.PACKAGE_FETCH: Line(
        _CARRY, "downloaded a released package", _may(dpo=Scope.OWN, steward=Scope.OWN), _DL, step_up=True
    ),
    Act.ANSWER_SENT: Line(_CARRY, "marked the answer as sent", _may(D, S)),
    Act.ANSWER_CAME_BACK: Line(_CARRY, "recorded that the answer came back", _may(D, S)),
    Act.LOG_LOOK: Line(_LOG, "looked at the log", _may(D, N), _V),
    Act.LOG_ACTOR: Line(_LOG, "opened the name behind a pseudonym", _may(D), _V, purpose=True),
    Act.LOG_VERIFY: Line(_LOG, "verified the log", _may(D, N, O)),
    Act.LOG_EXPORT: Line(_LOG, "exported the log", _may(O), _DL),
    Act.ACCOUNT_LOOK: Line(_ACC, "looked at the accounts", _may(D, X)),
    Act.ACCOUNT_CREATE: Line(_ACC, "made an account", _may(X)),
    Act.ACCOUNT_INVITE: Line(_ACC, "made a new one-time token for an account", _may(X)),
    Act.ACCOUNT_DISABLE: Line(_ACC, "disabled an account", _may(X)),
    Act.ACCOUNT_LINK: Line(_ACC, "linked an account to the person it belongs to", _may(D)),
    Act.ROLE_PROPOSE: Line(_ACC, "granted or proposed a role", _may(X), step_up=True),
    Act.ROLE_CONFIRM: Line(_ACC, "confirmed a role", _may(D, X), second=True, step_up=True),
    Act.ROLE_END: Line(_ACC, "ended a role or shortened it", _may(D, X)),
    Act.PERMISSIONS_LOOK: Line(_SELF, "looked at the permissions", _may(*_EVERY)),
    Act.CATALOGUE_LOOK: Line(_SELF, "looked at the data catalogue", _may(D, S, A, X, U)),
    Act.PASSWORD_SET: Line(_SELF, "set their own password", _may(*_EVERY), anyone=True),
    Act.ACCOUNT_OWN: Line(_SELF, "looked at their own account", _may(*_EVERY)),
    Act.ACCOUNT_COLLEAGUES: Line(_ASSIGN, "looked up colleagues to assign or ask", _may(D, S, A, M)),
    Act.FACTOR_SET: Line(_SELF, "changed their one-time codes", _may(*_EVERY)),
    Act.SIGN_IN: Line(_SELF, "signed in", _may(*_EVERY)),
    Act.SIGN_OUT: Line(_SELF, "signed out", _may(*_EVERY)),
    Act.STEP_UP: Line(_SELF, "proved again who they are", _may(*_EVERY)),
    Act.STORE_CREATE: Line(_STORE, "created the store", _may(O)),
    Act.STORE_BOOTSTRAP: Line(_STORE, "made the token for the first administrator", _may(O)),
}

PURPOSES = {
    "request": "Handling a request",
    "identity": "Identity check",
    "quality": "Quality check",
    "complaint": "Complaint",
    "authority": "Inquiry of an authority",
    "test": "System test",
    "operator": "Operator look-up",
}


def may(roles: Collection[Role], act: Act) -> bool:
    """Whether any of the roles may do the act at all (its scope is checked where the thing is known)."""
    return any(role in ACTS[act].who for role in roles)


def require(roles: Collection[Role], act: Act) -> Role:
    """Return the role under which the act is done: the widest scope wins, so that the log names the right hat.

    Raises NotAllowed when none of the roles has a line.

    >>> require([Role.MANAGER, Role.STEWARD], Act.CASE_TAKE_IN)
    <Role.STEWARD: 'steward'>
    >>> require([Role.ANALYST], Act.CASE_TAKE_IN)
    Traceback (most recent call last):
    core.law.errors.NotAllowed: Your role (analyst) may not do this: take in and keep a case.
    """
    line = ACTS[act]
    held = [role for role in line.who if role in roles]
    if not held:
        names = ", ".join(sorted(roles)) or "none"
        raise NotAllowed(f"Your role ({names}) may not do this: {line.family[0].lower()}{line.family[1:]}.")
    return min(held, key=lambda role: line.who[role] is not Scope.YES)


def scope(roles: Collection[Role], act: Act) -> Scope:
    """Return how far these roles may go with the act (require must have passed)."""
    return ACTS[act].who[require(roles, act)]
