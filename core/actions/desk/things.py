"""What an act can be about: for each kind of thing its name, where it lies, whose it is, and whose own work it was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ThingKind:
    """One kind of thing. Columns are those of its own row, which its query gives.

    The people whose own work a thing is cannot be its second person; `owners` are those to whom Scope.OWN lets it be
    theirs, where it is not simply whoever handles the request.
    """

    word: str  # as a sentence says it: There is no such ...
    query: str = ""  # the control query that gives its row; none where nothing of it is kept in a row of its own
    name: str = ""  # the kind of object as the log writes it; empty where the log has a column for it
    owners: tuple[str, ...] = ()
    theirs: str = "Only the person who handles this request may hand over its package."  # said to whom it is not theirs
    makers: Mapping[str, str] = field(default_factory=dict)  # column and what that person did: You ... this.
    worked_on: bool = False  # whoever worked on its request or its case is no second person either
    asked: bool = False  # one person was asked to decide it, after some days a deputy


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing, by its id; a person may be opened from the case that is about them."""

    kind: ThingKind
    id: str
    case: str | None = None


CASE, REQUEST = ThingKind("case", "cases.one"), ThingKind("request", "requests.one")
PERSON, PSEUDONYM = ThingKind("person"), ThingKind("pseudonym")


def case(case_ref: str) -> Thing:
    """Return a case, with all its requests."""
    return Thing(CASE, case_ref)


def request(request_id: str) -> Thing:
    """Return a request, and with it its case."""
    return Thing(REQUEST, request_id)


def person(subject_ref: str, case_ref: str | None = None) -> Thing:
    """Return a data subject; `case_ref` is the case from which they are opened, if any."""
    return Thing(PERSON, subject_ref, case_ref)


def pseudonym(subject_ref: str) -> Thing:
    """Return a data subject by the pseudonym alone, as the log knows them: nothing of theirs is opened."""
    return Thing(PSEUDONYM, subject_ref)


def _thing(kind: ThingKind) -> Callable[[str], Thing]:
    def made(thing_id: str) -> Thing:
        return Thing(kind, thing_id)

    return made


_ASKED = {"asked_by": "asked for it"}

absence = _thing(ThingKind(
    "absence", "presence.absence", "absence", owners=("account_id",),
    theirs="You can end your own absences; a manager ends those of others.",
))
annulment = _thing(ThingKind("annulment", "suppression.annulment", "annulment", makers=_ASKED))
actor = _thing(ThingKind("pseudonym", name="actor"))
account = _thing(ThingKind("account", name="account"))
act = _thing(ThingKind("act", name="act"))
approval = _thing(ThingKind("approval", "approvals.one", "approval", makers=_ASKED, worked_on=True, asked=True))
attachment = _thing(ThingKind("file", "cases.attachment", "attachment"))
backup = _thing(ThingKind("backup", name="backup"))
carrying = _thing(ThingKind("system to carry out", "carrying.one", "carrying"))
colleague = _thing(ThingKind(
    "colleague", "accounts.by_id", "account", owners=("id",),
    theirs="You can enter your own absences; a manager enters those of others.",
))
closure = _thing(ThingKind("closure", name="closure"))
closing_check = _thing(ThingKind("check", "closing_checks.one", "closing_check", makers={"closed_by": "closed the request"}))
document = _thing(ThingKind(
    "document", "identity.document", "document", owners=("checker_id",),
    theirs="Only the person who checks it may see this document.",
))
document_to_end = _thing(ThingKind(
    "document", "identity.document", "document", owners=("checker_id", "added_by"),
    theirs="Only its checker, or whoever added it, may destroy this document.",
))
draft = _thing(ThingKind("form", name="draft"))
fee = _thing(ThingKind("fee", "clock.fee", "fee"))
hold = _thing(ThingKind("hold", "holds.one", "hold", makers={"release_asked_by": "asked for its release"}))
kept_item = _thing(ThingKind("kept part", "kept.one", "kept_item", worked_on=True))
letter = _thing(ThingKind("letter", "letters.one", "letter"))
notice = _thing(ThingKind("notice", "rectification.notice", "notice"))
owner_task = _thing(ThingKind("question to an owner", "owners.one", "owner_task"))
package = _thing(ThingKind("package", "packages.one", "package"))
question = _thing(ThingKind("question", name="question"))
rectification = _thing(ThingKind(
    "proposed correction", "rectification.one", "rectification", makers={"proposed_by": "proposed it"}, worked_on=True,
))
representative = _thing(ThingKind("representative", "representatives.one", "representative"))
restriction_lift = _thing(ThingKind(
    "proposal", "suppression.lift", "restriction_lift", makers={"proposed_by": "proposed it"},
))
role = _thing(ThingKind("role", "accounts.role", "role", makers={
    "account_id": "are the person it is about", "proposed_by": "proposed it", "made_by": "made the account",
}))
subject_key = _thing(ThingKind("person", name="subject"))
suppression = _thing(ThingKind("entry", "suppression.one", "suppression"))
suppression_export = _thing(ThingKind(
    "export", "suppression.export", "suppression_export", owners=("asked_by",),
    theirs="Only the person who asked for this list may download it.", makers=_ASKED, asked=True,
))
way_out = _thing(ThingKind("way out", "ways_out.one", "way_out"))
