"""An extension on its way: ground and facts, the notice, the approval of another than the handler, the day it was told."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.actions.answers.letters import letters
from core.actions.answers.letters.letter_facts import facts
from core.actions.cases.clock import clock_of, deadline, profile_of
from core.actions.cases.letter_source import LetterFacts, language_of
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.asking import barred_second, check_asked
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import digest
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, listed
from core.documents.letter import LetterKind
from core.documents.letter import draft as draft_text
from core.law.acts import Act
from core.law.clock import extension
from core.law.clock.deadlines import Deadline, due
from core.law.clock.extension import ExtensionStanding, Ground
from core.law.clock.profiles import Profile
from core.law.errors import NotPossible
from core.law.kinds import PATHS, By
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

OWN_WORK = "You handle this request, prepared the extension or checked the identity: another person must decide."


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
    version: int = 0
    grounds: tuple[Ground, ...] = ()
    facts: str = ""
    until: date | None = None
    letter_id: str = ""
    letter: str = ""
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
        language = language_of(desk, now, at.case, LetterKind.EXTENSION)
        given = facts(LetterKind.EXTENSION, LetterFacts(desk, now, at, None, language=language))
        text = draft_text(LetterKind.EXTENSION, given | {
            "grounds": " and ".join(each.sentence for each in chosen), "facts": words,
            "until": _new_due(desk, now, at, day), "length": _length(profile),
        }, language)
        letter_id = letters.draft_again(desk, now, at, LetterKind.EXTENSION, text, held["letter_id"] if held else None)
        number, case_ref = (held["id"] if held else new_id(desk.now)), at.case["case_ref"]
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
        _note(desk, now, Act.EXTENSION_PREPARE, at, "prepared", ",".join(each.code for each in chosen))
    return number


@repeated
def ask(
    desk: Desk, request_id: str, *, approver_id: str, deputy_id: str | None = None, deputy_after_days: int = 3,
    version: int, key: str,
) -> None:
    """Ask a named person, and after some days a deputy, to approve the extension with this very notice.

    `version` is the extension's own. Raises NotPossible once the last day is over or where the letter lacks a part,
    Invalid for a person who handles the request, may not approve, or is kept apart from the case.
    """
    with act(desk, Act.EXTENSION_ASK, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at
        held = _prepared(now, request_id)
        _require_possible(desk, now, at, held)
        text = _letter_text(desk, now, held)
        extension.require_whole(text)
        check_asked(desk, now, approver_id, deputy_id, deputy_after_days)
        guard(now.tx.run(
            "clock.ask_extension", id=held["id"], version=version, letter_hash=digest(desk.store, text),
            asked_by=desk.person.account_id, asked_at=desk.now, approver_id=approver_id, deputy_id=deputy_id,
            deputy_from=desk.now + timedelta(days=deputy_after_days) if deputy_id else None,
        ))
        now.object_kind, now.object_id = "extension", held["id"]
        now.detail |= {"grounds": held["grounds"].split(","), "deputy": int(deputy_id is not None)}


@repeated
def compare(desk: Desk, extension_id: str) -> Extension:
    """Open the extension that is to be approved: facts and letter; one entry for 15 minutes."""
    with act(desk, Act.EXTENSION_OPEN, things.extension(extension_id), disclosure=True) as now:
        held, at = _asked(now)
        return replace(_shown(desk, now, at, held), may_decide=barred_second(desk, now, Act.EXTENSION_APPROVE))


@repeated
def approve(desk: Desk, extension_id: str, *, key: str) -> None:
    """Approve the extension with exactly this notice; it counts from the day on which its letter is sent.

    Raises NotAllowed for the handler and for people not asked, NotPossible once the last day of the notice is over.
    """
    with act(desk, Act.EXTENSION_APPROVE, things.extension(extension_id), key=key) as now:
        if now.earlier is not None:
            return
        held, at = _asked(now)
        _require_possible(desk, now, at, held)
        text = _letter_text(desk, now, held)
        if held["letter_hash"] != digest(desk.store, text):
            raise NotPossible("The letter was changed since the approval was asked for. Give it back to its preparer.")
        extension.require_whole(text)
        _decide(desk, now, held, "approved", "")
        _note(desk, now, Act.EXTENSION_APPROVE, at, "approved", held["grounds"])
        now.detail["grounds"] = held["grounds"].split(",")


@repeated
def give_back(desk: Desk, extension_id: str, reason: str, *, key: str) -> None:
    """Give the extension back to its preparer with a reason, which is kept with the case."""
    with act(desk, Act.EXTENSION_RETURN, things.extension(extension_id), key=key) as now:
        if now.earlier is not None:
            return
        held, at = _asked(now)
        words = read_text(reason, "reason")
        _decide(desk, now, held, "prepared", words)
        _note(desk, now, Act.EXTENSION_RETURN, at, "returned", held["grounds"])
        now.words = words


@repeated
def of_request(desk: Desk, request_id: str) -> Extension:
    """Return how the extension of a request stands, prepared or not; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        return _shown(desk, now, at, now.tx.one("clock.extension", request_id=request_id))


def waiting(desk: Desk) -> list[Row]:
    """Return the extensions that wait for this person: reference, right, last day of the notice; nobody's name."""
    with look(desk, Act.QUEUE_LOOK) as now:
        return listed(desk, now.tx, now.tx.rows("clock.extensions_waiting", account_id=desk.person.account_id, now=desk.now))


def _require_possible(desk: Desk, now: Now, at: Opened, held: Row | None) -> tuple[Profile, Deadline]:
    profile, dates = profile_of(at.request), deadline(now.tx, at.request, today_of(desk))
    extension.require_possible(_barred(desk, at, held, dates))
    return profile, dates


def _barred(desk: Desk, at: Opened, held: Row | None, dates: Deadline) -> str:
    if (path := PATHS.get(Kind(at.request["kind"]))) is not None and path.by is By.LETTER:
        return "The day is the authority's own: ask it for more time, and enter the day that it then names."
    told_on = held["told_on"] if held else None
    return extension.barred(profile_of(at.request), dates, today_of(desk), told_on=told_on, **_ended(at.request))


def _ended(request: Row) -> dict[str, bool]:
    return {"sent": request["sent_at"] is not None, "closed": request["state"] == State.CLOSED}


def _new_due(desk: Desk, now: Now, at: Opened, until: date | None) -> date | None:
    """Return the last day if the person is told today; None while a question is open, or no day was chosen yet."""
    return due(replace(clock_of(now.tx, at.request), extended=today_of(desk), extended_to=until)).final_due


def _length(profile: Profile) -> str:
    whole = profile.extension.total if profile.extension else None
    return f"{whole.words()}, counted from the day we received your request" if whole else "the time named here"


def _prepared(now: Now, request_id: str) -> Row:
    held = now.tx.one("clock.extension", request_id=request_id)
    if held is None or held["state"] != "prepared":
        raise NotPossible("Prepare the extension first.")
    return held


def _asked(now: Now) -> tuple[Row, Opened]:
    """Return the extension that an act is about, while it waits for its decision."""
    at = now.at
    if at.row["state"] != "asked":
        raise NotPossible("This was decided already.")
    return at.row, at


def _letter_text(desk: Desk, now: Now, held: Row) -> str:
    row = found(now.tx.one("letters.one", id=held["letter_id"]), "letter")
    return decrypt(desk.store, row["case_ref"], row["body"], Cell("letters", row["id"], "body"))


def _decide(desk: Desk, now: Now, held: Row, state: str, words: str) -> None:
    sealed = encrypt(desk.store, held["case_ref"], words, Cell("extensions", held["id"], "words")) if words else None
    guard(now.tx.run(
        "clock.decide_extension", id=held["id"], version=held["version"], state=state,
        decided_by=desk.person.account_id, decided_at=desk.now, words=sealed,
    ))


def _note(desk: Desk, now: Now, what: Act, at: Opened, outcome: str, grounds: str) -> None:
    last = extension.notice_due(deadline(now.tx, at.request, today_of(desk)))
    deciding.keep(desk, now, what, at.request, [
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
        at.request["id"], standing, barred, extension.notice_due(dates), dates.safe_notice_due,
        extension.is_strict_late(dates, told_on or today), dates.final_due if told or barred else None,
        profile.extension is not None and profile.extension.total is not None,
    )
    if not told and not barred:
        plain = replace(plain, new_due=_new_due(desk, now, at, held["until"] if held else None))
    if held is None:
        return plain
    case_ref = at.case["case_ref"]
    return replace(
        plain, id=held["id"], version=held["version"],
        grounds=tuple(extension.GROUNDS[code] for code in held["grounds"].split(",")),
        facts=decrypt(desk.store, case_ref, held["facts"], Cell("extensions", held["id"], "facts")), until=held["until"],
        letter_id=held["letter_id"], letter=_letter_text(desk, now, held), told_on=told_on,
        prepared_by=held["prepared_by"], prepared_at=held["prepared_at"], asked_of=held["approver_id"] or "",
        returned=decrypt(
            desk.store, case_ref, held["words"], Cell("extensions", held["id"], "words")
        ) if held["state"] == "prepared" else "",
    )

