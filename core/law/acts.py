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
    FREE = "own or free"  # only what is theirs, or nobody's
    CASE = "in the case"  # only inside a case that asks for it
    CELLS = "cells >= 5"  # only totals of at least five
    DEMO = "demo and bench stores"


SMALLEST_CELL = 5  # who sees totals only sees no smaller number


class Act(StrEnum):
    """Everything anyone can do here. An act enters with the code that does it."""

    QUEUE_LOOK = "queue.look"
    QUEUE_FETCH = "queue.fetch"
    BOARD_LOOK = "board.look"
    BOARD_FETCH = "board.fetch"
    FIGURES_SWITCH = "figures.switch"
    PERMISSIONS_LOOK = "permissions.look"
    CATALOGUE_LOOK = "catalogue.look"
    CASE_TAKE_IN = "case.take_in"
    CASE_OPEN = "case.open"
    CASE_MESSAGE = "case.message"
    CASE_NOTE = "case.note"
    CASE_SEAL = "case.seal"
    ABSENCE_LOOK = "absence.look"
    ABSENCE_ENTER = "absence.enter"
    ABSENCE_END = "absence.end"
    CLOSURE_ENTER = "closure.enter"
    CLOSURE_END = "closure.end"
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
    REQUEST_REOPEN = "request.reopen"
    CLOSING_CHECK = "closing.check"
    CLOSING_SHARE = "closing.share"
    REQUEST_REVISE = "request.revise"
    REQUEST_HAND_BACK = "request.hand_back"
    IDENTITY_RECORD = "identity.record"
    IDENTITY_COMPARE = "identity.compare"
    REPRESENTATIVE_ADD = "representative.add"
    REPRESENTATIVE_IDENTITY = "representative.identity"
    CHILD_RECORD = "child.record"
    DEATH_RECORD = "death.record"
    DEATH_CORRECT = "death.correct"
    AUTHORITY_CHECK = "authority.check"
    AUTHORITY_END = "authority.end"
    DOCUMENT_ADD = "identity.document_add"
    DOCUMENT_SEE = "identity.document_see"
    DOCUMENT_END = "identity.document_end"
    RECTIFY_PROPOSE = "rectify.propose"
    RECTIFY_OPEN = "rectify.open"
    RECTIFY_PROVE = "rectify.prove"
    RECTIFY_DECIDE = "rectify.decide"
    RECTIFY_NOTICE = "rectify.notice"
    RECIPIENT_NOTICE = "recipient.notice"
    CERTIFICATE_FETCH = "certificate.fetch"
    ERASURE_WISH = "erasure.wish"
    PERSON_FIND = "person.find"
    PERSON_OPEN = "person.open"
    PERSON_SHOW = "person.show"
    PERSON_RELATE = "person.relate"
    PERSON_IMPORT = "person.import"
    EVENT_IMPORT = "event.import"
    DISCLOSURE_IMPORT = "disclosure.import"
    CONSENT_IMPORT = "consent.import"
    IMPORT_LOOK = "import.look"
    SUPPRESSION_LOOK = "suppression.look"
    SUPPRESSION_ADD = "suppression.add"
    SUPPRESSION_CHECK = "suppression.check"
    SUPPRESSION_IMPORT = "suppression.import"
    SUPPRESSION_END = "suppression.end"
    SUPPRESSION_OPEN = "suppression.open"
    SUPPRESSION_ANNUL_ASK = "suppression.annul_ask"
    SUPPRESSION_ANNUL_OPEN = "suppression.annul_open"
    SUPPRESSION_ANNUL = "suppression.annul"
    SUPPRESSION_ANNUL_REFUSE = "suppression.annul_refuse"
    SUPPRESSION_EXPIRE = "suppression.expire"
    SUPPRESSION_OUT_ASK = "suppression.out_ask"
    SUPPRESSION_OUT_APPROVE = "suppression.out_approve"
    SUPPRESSION_OUT_REFUSE = "suppression.out_refuse"
    SUPPRESSION_OUT_FETCH = "suppression.out_fetch"
    AUDIENCE_CHECK = "audience.check"
    RAISED_ANSWER = "raised.answer"
    RESTRICTION_TERMS = "restriction.terms"
    RESTRICTION_REVIEW = "restriction.review"
    RESTRICTION_PROPOSE = "restriction.propose"
    RESTRICTION_LIFT = "restriction.lift"
    RESTRICTION_KEEP = "restriction.keep"
    HOLD_LOOK = "hold.look"
    HOLD_SET = "hold.set"
    HOLD_RELEASE_ASK = "hold.release_ask"
    HOLD_RELEASE = "hold.release"
    KEPT_PROLONG = "kept.prolong"
    KEPT_CONFIRM = "kept.confirm"
    KEPT_ERASE = "kept.erase"
    NEED_RECORD = "need.record"
    EXPORT_PREPARE = "export.prepare"
    REFUSAL_PREPARE = "refusal.prepare"
    REFUSAL_ASK = "refusal.ask"
    REFUSAL_OPEN = "refusal.open"
    REFUSAL_APPROVE = "refusal.approve"
    REFUSAL_SWITCH = "refusal.switch"
    OUTSIDE_RECORD = "outside.record"
    OUTSIDE_ASK = "outside.ask"
    OUTSIDE_OPEN = "outside.open"
    OUTSIDE_APPROVE = "outside.approve"
    EXTENSION_PREPARE = "extension.prepare"
    EXTENSION_ASK = "extension.ask"
    EXTENSION_OPEN = "extension.open"
    EXTENSION_APPROVE = "extension.approve"
    EXTENSION_RETURN = "extension.return"
    FEE_PREPARE = "fee.prepare"
    FEE_COMPARE = "fee.compare"
    FEE_OUTCOME = "fee.outcome"
    DEADLINE_RECOMPUTE = "deadline.recompute"
    PACKAGE_LOOK = "package.look"
    PLAN_CHOOSE = "plan.choose"
    PLAN_PREPARE = "plan.prepare"
    PLAN_ASK = "plan.ask"
    PLAN_OPEN = "plan.open"
    PLAN_APPROVE = "plan.approve"
    OWNER_ASK = "owner.ask"
    OWNER_OPEN = "owner.open"
    OWNER_ANSWER = "owner.answer"
    OWNER_FORGET = "owner.forget"
    REQUEST_CARRY_OUT = "request.carry_out"
    CARRYING_START = "carrying.start"
    CARRYING_END = "carrying.end"
    KEY_DESTROY = "key.destroy"
    PACKAGE_READ = "package.read"
    PACKAGE_BUILD = "package.build"
    RELEASE_ASK = "release.ask"
    RELEASE_OPEN = "release.open"
    RELEASE_APPROVE = "release.approve"
    RELEASE_RETURN = "release.return"
    PACKAGE_RELEASE = "package.release"
    PACKAGE_FETCH = "package.fetch"
    PACKAGE_EXPIRE = "package.expire"
    LINK_MAKE = "link.make"
    LINK_SHOW = "link.show"
    LINK_CODE = "link.code"
    LINK_MAIL_ASK = "link.mail_ask"
    LINK_MAIL_READY = "link.mail_ready"
    LINK_MAIL = "link.mail"
    LINK_MAIL_FAILED = "link.mail_failed"
    LINK_TRY = "link.try"
    LINK_FETCH = "link.fetch"
    ARCHIVE_MAKE = "archive.make"
    ARCHIVE_PASSPHRASE = "archive.passphrase"  # noqa: S105 - the name of an act
    ARCHIVE_FETCH = "archive.fetch"
    PRINT_FETCH = "print.fetch"
    WAY_OUT_PASS_ON = "way_out.pass_on"  # noqa: S105 - as above
    WAY_OUT_REVOKE = "way_out.revoke"
    LETTER_DRAFT = "letter.draft"
    LETTER_DISCARD = "letter.discard"
    LETTER_ASK = "letter.ask"
    LETTER_OPEN = "letter.open"
    LETTER_APPROVE = "letter.approve"
    LETTER_RETURN = "letter.return"
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
    ACCOUNT_TEAM = "account.team"
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
    STORE_LOOK = "store.look"
    STORE_PURGE = "store.purge"
    STORE_BACKUP = "store.backup"
    STORE_FORGET = "store.forget_backup"
    STORE_DRILL = "store.drill"
    STORE_RESTORE = "store.restore"
    STORE_ACCEPT = "store.accept_loss"
    FIND_SWITCH = "find.switch"
    FIND_USES = "find.uses"


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


D, S, A, M, N, K, X, U, O, W, P = (  # noqa: E741 - one letter a role keeps the table readable
    Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.MARKETER, Role.ADMINISTRATOR, Role.SETUP,
    Role.OPERATOR, Role.WORKER, Role.PUBLIC,
)
_OWN = {Role.DPO: Scope.OWN, Role.STEWARD: Scope.OWN}  # whoever handles the request
_IN = {Role.DPO: Scope.YES, Role.APPROVER: Scope.CASE}  # whoever is asked in the case
_EVERY = (D, S, A, M, N, K, X, U)
_V, _E, _DL = Effect.VIEWED, Effect.EDITED, Effect.DOWNLOADED
_BOARDS, _TAKE, _CASE = "Queue and boards without names", "Take in and keep a case", "Open a case"
_ASSIGN, _IDENT, _PERSON = "Assign", "Verify identity; write letters", "Find and open a person"
_PREP, _APPROVE, _CARRY = "Import people; prepare", "Approve, never own work", "Carry out, download, mark sent"
_STOP, _OUT, _LIFT = "Suppress; check one", "Suppression list out", "Lift a restriction, never alone"
_HOLD = "Holds, released by two"
_HAND, _CLOSED = "Hand over a released package", "Check closings, never own"
_LOG, _ACC, _SELF, _STORE = "Log", "Accounts and roles, never own", "Every signed-in person", "The store"

ACTS: dict[Act, Line] = {
    Act.BOARD_LOOK: Line(_BOARDS, "looked at the board", _may(D, S, A, M, O, analyst=Scope.CELLS)),
    Act.BOARD_FETCH: Line(
        _BOARDS, "downloaded a table of the board", _may(D, S, A, M, analyst=Scope.CELLS), Effect.DOWNLOADED
    ),
    Act.FIGURES_SWITCH: Line(_BOARDS, "switched figures of single people on or off", _may(D)),
    Act.QUEUE_LOOK: Line(_BOARDS, "looked at the queue", _may(D, S, A, M, analyst=Scope.CELLS)),
    Act.QUEUE_FETCH: Line(_BOARDS, "downloaded the list of requests", _may(D, S, A, M), Effect.DOWNLOADED),
    Act.CASE_TAKE_IN: Line(_TAKE, "took in a case", _may(D, S), _E),
    Act.CASE_MESSAGE: Line(_TAKE, "added a message to the case", _may(D, S), _E),
    Act.CASE_NOTE: Line(_TAKE, "wrote an internal note", _may(D, S), _E),
    Act.ADDRESS_ADD: Line(_TAKE, "added an address for the answer", _may(D, S), _E),
    Act.DRAFT_KEEP: Line(_TAKE, "kept a half-filled form", _may(D, S), _E),
    Act.DRAFT_OPEN: Line(_TAKE, "took up their own kept form again", _may(D, S), _V),
    Act.REQUEST_START: Line(_TAKE, "started work on the request", _may(D, S)),
    Act.REQUEST_ASK: Line(_TAKE, "asked the person a question that pauses the clock", _may(D, S)),
    Act.REQUEST_ANSWERED: Line(_TAKE, "recorded the answer that ends the pause", _may(D, S)),
    Act.REQUEST_WITHDRAW: Line(_TAKE, "closed the request as withdrawn", _may(D, S)),
    Act.REQUEST_CLOSE: Line(_TAKE, "closed the request without action", _may(D, S)),
    Act.REQUEST_REOPEN: Line(_CLOSED, "opened a linked request for one that was closed by mistake", _may(D, S)),
    Act.CLOSING_CHECK: Line(_CLOSED, "checked how a colleague closed a request", _may(D, S), _E, second=True),
    Act.CLOSING_SHARE: Line(_CLOSED, "set how many closings are checked", _may(D)),
    Act.REQUEST_REVISE: Line(_TAKE, "took the answer back to work on it", _may(D, S)),
    Act.REQUEST_HAND_BACK: Line(_CARRY, "handed the request back: it could not be carried out", _may(W)),
    Act.CASE_OPEN: Line(_CASE, "opened the case file", _may(D, S, approver=Scope.CASE), _V),
    Act.ATTACHMENT_FETCH: Line(
        _CASE, "downloaded a file of the case", _may(D, S, approver=Scope.CASE), Effect.DOWNLOADED
    ),
    Act.CASE_SEAL: Line(_CASE, "sealed the case to named people", _may(D)),
    Act.REQUEST_ASSIGN: Line(_ASSIGN, "assigned the request", _may(D, M, steward=Scope.FREE, approver=Scope.FREE)),
    Act.ABSENCE_LOOK: Line(_ASSIGN, "looked at who is away", _may(D, M, steward=Scope.OWN, approver=Scope.OWN)),
    Act.ABSENCE_ENTER: Line(
        _ASSIGN, "entered an absence and who stands in", _may(D, M, steward=Scope.OWN, approver=Scope.OWN)
    ),
    Act.ABSENCE_END: Line(_ASSIGN, "ended an absence", _may(D, M, steward=Scope.OWN, approver=Scope.OWN)),
    Act.CLOSURE_ENTER: Line(_ASSIGN, "entered days on which the desk is shut", _may(D, M)),
    Act.CLOSURE_END: Line(_ASSIGN, "took back days on which the desk is shut", _may(D, M)),
    Act.IDENTITY_RECORD: Line(_IDENT, "recorded the outcome of the identity check", _may(D, S), _E),
    Act.IDENTITY_COMPARE: Line(_IDENT, "compared facts that were told with those held", _may(D, S), _V),
    Act.REPRESENTATIVE_ADD: Line(_TAKE, "entered who acts for the person", _may(D, S), _E),
    Act.REPRESENTATIVE_IDENTITY: Line(_IDENT, "recorded the identity of a representative", _may(D, S), _E),
    Act.CHILD_RECORD: Line(_IDENT, "recorded the child for whom a parent asks", _may(D, S), _E),
    Act.DEATH_RECORD: Line(_STOP, "recorded that a person has died, which stops marketing to them", _may(D, S), _E),
    Act.DEATH_CORRECT: Line(_STOP, "took back a death that was recorded wrongly", _may(D), _E),
    Act.AUTHORITY_CHECK: Line(_IDENT, "checked the authority of a representative, never their own", _may(D, S), _E),
    Act.AUTHORITY_END: Line(_IDENT, "recorded the end of an authority", _may(D, S), _E),
    Act.DOCUMENT_ADD: Line(_IDENT, "kept a proof document apart, for its checker alone", _may(D, S), _E),
    Act.DOCUMENT_SEE: Line(
        _IDENT, "looked at a proof document as its checker", _may(dpo=Scope.OWN, steward=Scope.OWN), _V
    ),
    Act.DOCUMENT_END: Line(
        _IDENT, "destroyed a proof document with its key", _may(W, dpo=Scope.OWN, steward=Scope.OWN), Effect.DELETED
    ),
    Act.LETTER_DRAFT: Line(_IDENT, "drafted a letter", _may(D, S), _E),
    Act.LETTER_DISCARD: Line(_IDENT, "deleted the draft of a letter", _may(D, S), Effect.DELETED),
    Act.LETTER_FETCH: Line(_IDENT, "downloaded a letter", _may(D, S), _DL),
    Act.LETTER_SENT: Line(_IDENT, "marked a letter as sent", _may(D, S)),
    Act.PERSON_FIND: Line(_PERSON, "searched for a person", _may(D, S, operator=Scope.DEMO), _V, purpose=True),
    Act.PERSON_OPEN: Line(_PERSON, "opened a person", _may(D, S, approver=Scope.CASE), _V, purpose=True),
    Act.PERSON_SHOW: Line(_PERSON, "unmasked a person's data", _may(D, S, approver=Scope.CASE), _V, purpose=True),
    Act.CASE_PERSON: Line(_PERSON, "decided which person the case is about", _may(D, S), _E),
    Act.PERSON_RELATE: Line(_PERSON, "declared a person as own or related", _may(*_EVERY)),
    Act.FIND_SWITCH: Line(_PERSON, "switched the operator's search on or off", _may(D)),
    Act.FIND_USES: Line(_PERSON, "looked at what the command line searched for", _may(D)),
    Act.PERSON_IMPORT: Line(_PREP, "imported people", _may(D, S, operator=Scope.DEMO), _E),
    Act.EVENT_IMPORT: Line(_PREP, "imported events", _may(D, S, operator=Scope.DEMO), _E),
    Act.CONSENT_IMPORT: Line(_PREP, "imported consents", _may(D, S, operator=Scope.DEMO), _E),
    Act.DISCLOSURE_IMPORT: Line(_PREP, "imported disclosures to recipients", _may(D, S, operator=Scope.DEMO), _E),
    Act.IMPORT_LOOK: Line(_PREP, "looked at earlier imports", _may(D, S)),
    Act.SUPPRESSION_LOOK: Line(_STOP, "looked at the suppression list", _may(D, S, A)),
    Act.SUPPRESSION_ADD: Line(_STOP, "added an entry to the suppression list", _may(D, S), _E),
    Act.SUPPRESSION_CHECK: Line(
        _STOP, "checked whether a value is suppressed", _may(D, S, operator=Scope.DEMO), _V, purpose=True
    ),
    Act.SUPPRESSION_IMPORT: Line(_STOP, "imported suppressions", _may(D, S, operator=Scope.DEMO), _E),
    Act.SUPPRESSION_END: Line(
        _STOP, "recorded what the person did since, which ends an entry of the suppression list", _may(D, S), _E
    ),
    Act.SUPPRESSION_OPEN: Line(_STOP, "opened an entry of the suppression list", _may(D, S), _V),
    Act.SUPPRESSION_ANNUL_ASK: Line(_STOP, "asked to annul an entry made by mistake", _may(D, S)),
    Act.SUPPRESSION_ANNUL_OPEN: Line(_STOP, "opened the evidence that an entry was a mistake", _may(D, S, A), _V),
    Act.SUPPRESSION_ANNUL: Line(_STOP, "annulled an entry made by mistake", _may(D, A), _E, second=True, step_up=True),
    Act.SUPPRESSION_ANNUL_REFUSE: Line(_STOP, "kept an entry that was held for a mistake", _may(D, A), second=True),
    Act.SUPPRESSION_EXPIRE: Line(
        _STOP, "deleted suppression entries whose end date came", _may(W), Effect.DELETED
    ),
    Act.SUPPRESSION_OUT_ASK: Line(_OUT, "asked to export the suppression list", _may(S), purpose=True),
    Act.SUPPRESSION_OUT_APPROVE: Line(
        _OUT, "approved an export of the suppression list", _may(D, A), second=True, step_up=True
    ),
    Act.SUPPRESSION_OUT_REFUSE: Line(_OUT, "refused an export of the suppression list", _may(D, A), second=True),
    Act.SUPPRESSION_OUT_FETCH: Line(
        _OUT, "downloaded the suppression list", _may(steward=Scope.OWN), _DL, step_up=True
    ),
    Act.AUDIENCE_CHECK: Line(_OUT, "checked who of an audience may be reached", _may(operator=Scope.DEMO), _DL),
    Act.RAISED_ANSWER: Line(_STOP, "said what becomes of data that were left without a legal ground", _may(D, S), _E),
    Act.RESTRICTION_TERMS: Line(_STOP, "recorded the ground of a restriction", _may(D, S), _E),
    Act.RESTRICTION_REVIEW: Line(_STOP, "looked at a restriction again, which stands on", _may(D), _E),
    Act.RESTRICTION_PROPOSE: Line(_LIFT, "proposed to lift a restriction", _may(D)),
    Act.RESTRICTION_LIFT: Line(
        _LIFT, "lifted a restriction", _may(D, A), _E, second=True, step_up=True
    ),
    Act.RESTRICTION_KEEP: Line(
        _LIFT, "kept a restriction that was proposed for lifting", _may(D, A), second=True
    ),
    Act.HOLD_LOOK: Line(_HOLD, "looked at the holds and at what is kept", _may(D, S, A)),
    Act.HOLD_SET: Line(_HOLD, "set a hold: nothing it covers is deleted", _may(D, S)),
    Act.HOLD_RELEASE_ASK: Line(_HOLD, "asked for the release of a hold", _may(D, A)),
    Act.HOLD_RELEASE: Line(_HOLD, "released a hold as the second of two people", _may(D, A), second=True),
    Act.KEPT_PROLONG: Line(_PREP, "kept longer what an erasure had left, on a ground with its day", _may(D, S), _E),
    Act.KEPT_CONFIRM: Line(
        _APPROVE, "confirmed that what an erasure had left is erased", _may(D, A), second=True, step_up=True
    ),
    Act.KEPT_ERASE: Line(_CARRY, "erased on its day what an erasure had left", _may(W), Effect.DELETED),
    Act.RECTIFY_PROPOSE: Line(_PREP, "proposed a correction", _may(D, S), _E),
    Act.RECTIFY_OPEN: Line(
        _PERSON, "compared the old and new values of a correction", _may(D, S, approver=Scope.CASE), _V
    ),
    Act.RECTIFY_PROVE: Line(_IDENT, "recorded the proof of a changed identifier", _may(D, S), _E),
    Act.RECTIFY_DECIDE: Line(
        _APPROVE, "decided about a new value that another person holds", _may(D, A), second=True
    ),
    Act.RECTIFY_NOTICE: Line(_PREP, "gave the reason why no notice goes to the old address", _may(D, S), _E),
    Act.RECIPIENT_NOTICE: Line(_CARRY, "recorded a notice to a recipient", _may(D, S), _E),
    Act.ERASURE_WISH: Line(
        _PREP, "recorded that the person wants the erasure of what they had wanted kept", _may(D, S), _E
    ),
    Act.CERTIFICATE_FETCH: Line(_CARRY, "downloaded the certificate of an erasure", _may(D, S, approver=Scope.CASE), _DL),
    Act.NEED_RECORD: Line(_PREP, "recorded what a request of this kind needs for its answer", _may(D, S), _E),
    Act.LETTER_ASK: Line(_PREP, "asked for the approval of a letter", _may(D, S)),
    Act.LETTER_OPEN: Line(_APPROVE, "compared a letter for its approval", _IN, _V),
    Act.LETTER_APPROVE: Line(_APPROVE, "approved a letter", _IN, second=True, step_up=True),
    Act.LETTER_RETURN: Line(_APPROVE, "returned a letter to its preparer", _IN, second=True),
    Act.EXPORT_PREPARE: Line(_PREP, "prepared an export of the person's data", _may(D, S), purpose=True),
    Act.RELEASE_ASK: Line(_PREP, "asked for the release of a package", _may(D, S)),
    Act.PLAN_CHOOSE: Line(_PREP, "chose the grounds and exceptions of a plan", _may(D, S), _E),
    Act.PLAN_PREPARE: Line(_PREP, "prepared a plan of what is done with the person's data", _may(D, S), purpose=True),
    Act.PLAN_ASK: Line(_PREP, "asked for the approval of a plan", _may(D, S)),
    Act.PLAN_OPEN: Line(_APPROVE, "compared a plan for its approval", _IN, _V),
    Act.PLAN_APPROVE: Line(_APPROVE, "approved a plan", _IN, second=True, step_up=True),
    Act.RELEASE_OPEN: Line(_APPROVE, "compared a package for its release", _IN, _V),
    Act.RELEASE_APPROVE: Line(_APPROVE, "approved the release of a package", _IN, second=True, step_up=True),
    Act.REFUSAL_PREPARE: Line(_PREP, "prepared the refusal of a request", _may(D, S), _E),
    Act.REFUSAL_ASK: Line(_PREP, "asked for the approval of a refusal", _may(D, S)),
    Act.REFUSAL_OPEN: Line(_APPROVE, "compared a refusal for its approval", _IN, _V),
    Act.REFUSAL_APPROVE: Line(_APPROVE, "approved a refusal", _IN, second=True, step_up=True),
    Act.REFUSAL_SWITCH: Line(_ACC, "set who may decide a refusal", _may(X)),
    Act.OUTSIDE_RECORD: Line(_PREP, "recorded what was answered outside the desk", _may(D, S), _E),
    Act.OUTSIDE_ASK: Line(_PREP, "asked for the approval of an answer outside the desk", _may(D, S)),
    Act.OUTSIDE_OPEN: Line(_APPROVE, "compared an answer outside the desk for its approval", _IN, _V),
    Act.OUTSIDE_APPROVE: Line(_APPROVE, "approved an answer outside the desk", _IN, second=True, step_up=True),
    Act.EXTENSION_PREPARE: Line(_PREP, "prepared an extension of the period", _may(D, S), _E),
    Act.EXTENSION_ASK: Line(_PREP, "asked for the approval of an extension", _may(D, S)),
    Act.EXTENSION_OPEN: Line(_APPROVE, "compared an extension for its approval", _IN, _V),
    Act.EXTENSION_APPROVE: Line(_APPROVE, "approved an extension", _IN, second=True),
    Act.EXTENSION_RETURN: Line(_APPROVE, "returned an extension to its preparer", _IN, second=True),
    Act.FEE_PREPARE: Line(_PREP, "prepared the announcement of a fee", _may(D, S), _E),
    Act.FEE_COMPARE: Line(_PREP, "compared what is held with what an earlier answer gave", _may(D, S), _V),
    Act.FEE_OUTCOME: Line(_TAKE, "recorded what became of a fee", _may(D, S)),
    Act.DEADLINE_RECOMPUTE: Line(_CARRY, "worked out a due date anew after a change of the calendar", _may(W)),
    Act.PACKAGE_LOOK: Line(_CARRY, "looked at the packages of all requests", _may(D, S)),
    Act.RELEASE_RETURN: Line(_APPROVE, "returned a package or a plan to its preparer", _IN, second=True),
    Act.OWNER_ASK: Line(_CARRY, "asked the owners of systems worked in by hand to search them", _may(D, S)),
    Act.OWNER_OPEN: Line(_CARRY, "opened who the person is, to tell the owner of a system", _may(D, S), _V),
    Act.OWNER_ANSWER: Line(_CARRY, "recorded what the owner of a system found or did", _may(D, S), _E),
    Act.OWNER_FORGET: Line(_CARRY, "deleted the rows that owners had found, of a closed case", _may(W), Effect.DELETED),
    Act.REQUEST_CARRY_OUT: Line(_CARRY, "had a plan carried out that can be undone", _may(D, S)),
    Act.CARRYING_START: Line(_CARRY, "began to carry out a plan in a system", _may(W)),
    Act.CARRYING_END: Line(_CARRY, "carried out a plan in a system, and searched again", _may(W), _E),
    Act.KEY_DESTROY: Line(_CARRY, "destroyed the key of an erased person", _may(W), Effect.DELETED),
    Act.PACKAGE_READ: Line(_CARRY, "read the person's data for a package", _may(W), _V),
    Act.PACKAGE_BUILD: Line(_CARRY, "built a package", _may(W)),
    Act.PACKAGE_RELEASE: Line(_CARRY, "made the approved package ready to fetch", _may(W)),
    Act.PACKAGE_EXPIRE: Line(_CARRY, "deleted the bytes of an expired package", _may(W), Effect.DELETED),
    Act.PACKAGE_FETCH: Line(
        _CARRY, "downloaded a released package", _may(dpo=Scope.OWN, steward=Scope.OWN), _DL, step_up=True
    ),
    Act.LINK_MAKE: Line(_HAND, "made a package link", _OWN, step_up=True),
    Act.LINK_SHOW: Line(_HAND, "was shown a package link, once", _OWN),
    Act.LINK_CODE: Line(_HAND, "was shown the code of a package link, once", _OWN),
    Act.LINK_MAIL_ASK: Line(_HAND, "asked for a package link to be sent by mail", _OWN),
    Act.LINK_MAIL_READY: Line(_HAND, "made a package link good for its mail", _may(W)),
    Act.LINK_MAIL: Line(_HAND, "sent a package link by mail", _may(W)),
    Act.LINK_MAIL_FAILED: Line(_HAND, "could not send a package link by mail; the link is void", _may(W)),
    Act.LINK_TRY: Line(_HAND, "tried a package link without the right code", _may(P)),
    Act.LINK_FETCH: Line(_HAND, "fetched the package by its link", _may(P), _DL),
    Act.ARCHIVE_MAKE: Line(_HAND, "chose an encrypted archive for the package", _OWN),
    Act.ARCHIVE_PASSPHRASE: Line(_HAND, "was shown the passphrase of an archive, once", _OWN),
    Act.ARCHIVE_FETCH: Line(_HAND, "downloaded the package as an encrypted archive", _OWN, _DL, step_up=True),
    Act.PRINT_FETCH: Line(_HAND, "downloaded the package's pages to print", _OWN, _DL, step_up=True),
    Act.WAY_OUT_PASS_ON: Line(_HAND, "recorded how a link, archive, code or passphrase was passed on", _OWN),
    Act.WAY_OUT_REVOKE: Line(_HAND, "revoked a link or an archive", _may(D, S)),
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
    Act.ACCOUNT_TEAM: Line(_ACC, "set the team of an account", _may(X)),
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
    Act.STORE_LOOK: Line(_STORE, "looked up when the store was purged and backed up", _may(D, S, A, X, O, W)),
    Act.STORE_PURGE: Line(_STORE, "wrote the store anew, so that deleted data are gone", _may(O, W), Effect.DELETED),
    Act.STORE_BACKUP: Line(_STORE, "wrote a backup of the store", _may(O)),
    Act.STORE_DRILL: Line(_STORE, "tried on an empty folder whether a backup comes back", _may(O)),
    Act.STORE_FORGET: Line(_STORE, "recorded that a backup was deleted", _may(O)),
    Act.STORE_RESTORE: Line(_STORE, "brought the store back from a backup, erasures repeated", _may(O), Effect.DELETED),
    Act.STORE_ACCEPT: Line(_STORE, "went on without keys, ledger or log entries that are lost for good", _may(O)),
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


def may_take(roles: Collection[Role]) -> bool:
    """Whether somebody can take a request: whoever owns one hands its answer over in the end."""
    return may(roles, Act.REQUEST_ASSIGN) and may(roles, Act.PACKAGE_FETCH)


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
