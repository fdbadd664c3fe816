"""An extension on its way: ground and facts, the notice, the approval of another than the handler, the day it was told."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.actions.answers.approvals import GIVEN_BACK, Approvable, Bound, words_of
from core.actions.answers.letters import drafting
from core.actions.cases.clock import clock_of, deadline, profile_of
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import digest, has_passages, text_of
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.law.acts import Act
from core.law.clock import extension
from core.law.clock.deadlines import Deadline, due
from core.law.clock.extension import ExtensionStanding, Ground
from core.law.clock.profiles import Profile
from core.law.errors import Conflict, NotPossible
from core.law.kinds import PATHS, By
from core.law.letters import LetterKind
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import ApprovalRecord, LetterRecord, PrintedLetter, RequestRecord


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension as it is shown: grounds, facts, the notice, and how it stands; empty fields where none is prepared."""

    request_id: str
    standing: ExtensionStanding
    may_prepare: str  # empty, or the sentence why no extension can be prepared now
    notice_due: date | None  # the last day on which the person can be told with effect
    strict_due: date | None  # the same in the strict reading, which ignores every pause
    strict_late: bool
    new_due: date | None  # the last day after an extension told today, or the one that was told
    caps: bool  # the law itself sets the length; else the day is told to the person
    id: str = ""
    approval_id: str = ""  # where it is compared
    version: int = 0
    grounds: tuple[Ground, ...] = ()
    facts: str = ""
    until: date | None = None
    letter_id: str = ""
    letter: str = ""
    lacks: tuple[str, ...] = ()  # what a notice drafted in one piece lost
    told_on: date | None = None
    prepared_by: str = ""
    prepared_at: datetime | None = None
    asked_of: str = ""
    returned: str = ""  # what the approver wrote when giving it back
    may_decide: str = ""  # empty, or the sentence why this person may not approve


@repeated
def prepare(
    desk: Desk, request_id: str, grounds: list[str], told: str, *, until: date | None = None, version: int, key: str
) -> str:
    """Prepare the one extension of a request and draft its notice; return the extension's id.

    EXT-1: complexity, number of requests or both, with the facts. A preparation made before takes the new words.
    Raises NotPossible where the law or the day forbids it, Invalid with what is missing.
    """
    with act(desk, Act.EXTENSION_PREPARE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        held = now.tx.one("clock.extension", request_id=request_id)
        profile, dates = _require_possible(desk, now, at, held)
        if held is not None and held["state"] == "asked":
            raise NotPossible("This extension waits for its approval: wait for the decision, or have it given back.")
        chosen = extension.require_grounds(grounds, told)
        day = extension.require_until(profile, dates, until)
        words = read_text(told, "facts")
        drafted = drafting.write(desk, now, at, LetterKind.EXTENSION, {
            "grounds": " and ".join(each.sentence for each in chosen), "facts": words,
            "until": _new_due(desk, now, at, day), "length": _length(profile),
        })
        letter_id = drafting.keep_again(desk, now, at, LetterKind.EXTENSION, drafted, held["letter_id"] if held else None)
        number, case_ref = (held["id"] if held else new_id(desk.now)), at.case.case_ref
        row = {
            "id": number, "grounds": ",".join(each.code for each in chosen), "until": day, "letter_id": letter_id,
            "facts": encrypt(desk.store, case_ref, words, Cell("extensions", number, "facts")),
            "prepared_by": desk.person.account_id,
            "prepared_at": desk.now,
        }
        if held is None:
            now.tx.run("clock.add_extension", request_id=request_id, case_ref=case_ref, **row)
        else:
            guard(now.tx.run("clock.renew_extension", version=held["version"], **row))
        now.object_kind, now.object_id, now.result = "extension", number, number
        now.detail |= {"grounds": [each.code for each in chosen], "letter": LetterKind.EXTENSION.value}
        _note(desk, now, at, "prepared", ",".join(each.code for each in chosen))
    return number


@repeated
def of_request(desk: Desk, request_id: str) -> Extension:
    """Return how the extension of a request stands, prepared or not; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        return _shown(desk, now, at, now.tx.one("clock.extension", request_id=request_id))


class ExtensionApproval(Approvable[Extension]):
    """The approval that the period is extended with exactly this notice; it counts from the day its letter is sent."""

    code, called = "extension", "the approval of the extension"
    asks, opens, approves = Act.EXTENSION_ASK, Act.EXTENSION_OPEN, Act.EXTENSION_APPROVE
    returns = Act.EXTENSION_RETURN

    def bind(self, desk: Desk, now: Now, *, version: int | None, address_id: str | None) -> Bound:
        """Bind the notice; `version` is the extension's own.

        Raises NotPossible once the last day is over, while nothing is prepared, or where the letter lacks a part.
        """
        held = now.tx.one("clock.extension", request_id=now.at.request.id)
        if held is None or held["state"] != "prepared":
            raise NotPossible("Prepare the extension first.")
        if version is not None and version != held["version"]:
            raise Conflict("Somebody changed this meanwhile. Look at it again, then repeat your step.")
        _require_possible(desk, now, now.at, held)
        text = _said(desk, now, held)
        return Bound(held["id"], digest(desk.store, text), detail={"grounds": held["grounds"].split(",")})

    def asked(self, desk: Desk, now: Now, approver_id: str, version: int | None) -> None:
        """Have the extension wait for its approval."""
        held = found(now.tx.one("clock.extension", request_id=now.at.request.id), "extension")
        guard(now.tx.run("clock.stand_extension", id=held["id"], version=held["version"], state="asked"))

    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> Extension:
        """Return the extension beside its letter."""
        return replace(_shown(desk, now, now.at, _held(now)), approval_id=approval.id, may_decide=barred)

    def check(self, desk: Desk, now: Now, approval: ApprovalRecord, *, confirmed: bool) -> None:
        """Raise NotPossible once the last day of the notice is over, or where the letter is another."""
        held = _held(now)
        _require_possible(desk, now, now.at, held)
        if approval.hash != digest(desk.store, _said(desk, now, held)):
            raise NotPossible("The letter was changed since the approval was asked for. Give it back to its preparer.")

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Have the extension count from the day on which its letter is sent."""
        held = _held(now)
        guard(now.tx.run("clock.stand_extension", id=held["id"], version=held["version"], state="approved"))
        _note(desk, now, now.at, "approved", held["grounds"])
        now.detail["grounds"] = held["grounds"].split(",")

    def returned(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Have its preparer take it up again, with the reason."""
        super().returned(desk, now, approval, words)
        held = _held(now)
        guard(now.tx.run("clock.stand_extension", id=held["id"], version=held["version"], state="prepared"))
        _note(desk, now, now.at, "returned", held["grounds"])


EXTENSION = ExtensionApproval()


def _held(now: Now) -> Row:
    """Return the extension that an approval is of."""
    return found(now.tx.one("clock.extension_by_id", id=now.at.of(ApprovalRecord).thing_id), "extension")


def _require_possible(desk: Desk, now: Now, at: Opened, held: Row | None) -> tuple[Profile, Deadline]:
    profile, dates = profile_of(at.request), deadline(now.tx, at.request, today_of(desk))
    extension.require_possible(_barred(desk, at, held, dates))
    return profile, dates


def _barred(desk: Desk, at: Opened, held: Row | None, dates: Deadline) -> str:
    if (path := PATHS.get(Kind(at.request.kind))) is not None and path.by is By.LETTER:
        return "The day is the authority's own: ask it for more time, and enter the day that it then names."
    told_on = held["told_on"] if held else None
    return extension.barred(profile_of(at.request), dates, today_of(desk), told_on=told_on, **_ended(at.request))


def _ended(request: RequestRecord) -> dict[str, bool]:
    return {"sent": request.sent_at is not None, "closed": request.state == State.CLOSED}


def _new_due(desk: Desk, now: Now, at: Opened, until: date | None) -> date | None:
    """Return the last day if the person is told today; None while a question is open, or no day was chosen yet."""
    return due(replace(clock_of(now.tx, at.request), extended=today_of(desk), extended_to=until)).final_due


def _length(profile: Profile) -> str:
    whole = profile.extension.total if profile.extension else None
    return f"{whole.words()}, counted from the day we received your request" if whole else "the time named here"


def _letter(now: Now, held: Row) -> LetterRecord:
    return found(now.tx.record(PrintedLetter, "letters.one", id=held["letter_id"]), "letter")


def _said(desk: Desk, now: Now, held: Row) -> str:
    """Return the text of the notice. Raises NotPossible where one drafted in one piece lacks its reasons (EXT-2)."""
    letter = _letter(now, held)
    text = text_of(desk.store, letter)
    if not has_passages(letter):
        extension.require_whole(text)
    return text


def _note(desk: Desk, now: Now, at: Opened, outcome: str, grounds: str) -> None:
    last = extension.notice_due(deadline(now.tx, at.request, today_of(desk)))
    deciding.keep(desk, now, at.request, [
        extension.record_of(outcome, grounds.split(","), deciding.under(at.request), notice_due=last)
    ])


def _shown(desk: Desk, now: Now, at: Opened, held: Row | None) -> Extension:
    today, profile = today_of(desk), profile_of(at.request)
    dates, told_on = deadline(now.tx, at.request, today), held["told_on"] if held else None
    ends = _ended(at.request)
    barred = _barred(desk, at, held, dates)
    standing = extension.standing(
        profile, dates, today, state=held["state"] if held else "none", told_on=told_on, **ends
    )
    told = told_on is not None
    plain = Extension(
        at.request.id, standing, barred, extension.notice_due(dates), dates.safe_notice_due,
        extension.is_strict_late(dates, told_on or today), dates.final_due if told or barred else None,
        profile.extension is not None and profile.extension.total is not None,
    )
    if not told and not barred:
        plain = replace(plain, new_due=_new_due(desk, now, at, held["until"] if held else None))
    if held is None:
        return plain
    case_ref, letter = at.case.case_ref, _letter(now, held)
    text = text_of(desk.store, letter)
    last = next(reversed(now.tx.records(ApprovalRecord, "approvals.of_thing", thing=EXTENSION.code, thing_id=held["id"])), None)
    return replace(
        plain, id=held["id"], version=held["version"],
        grounds=tuple(extension.GROUNDS[code] for code in held["grounds"].split(",")),
        facts=decrypt(desk.store, case_ref, held["facts"], Cell("extensions", held["id"], "facts")), until=held["until"],
        letter_id=held["letter_id"], letter=text, told_on=told_on,
        lacks=() if has_passages(letter) else extension.missing(text),
        prepared_by=held["prepared_by"], prepared_at=held["prepared_at"],
        asked_of=last.approver_id if last is not None else "",
        returned=words_of(desk.store, last) if last is not None and last.decision == GIVEN_BACK else "",
    )

