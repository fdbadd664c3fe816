"""Absences and deputies, entered by oneself or by a manager, and the days on which the desk is shut; no reason is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, look, new_id, repeated
from core.actions.desk.asking import may
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.presence import Absence, Closure, Presence, days, read_presence
from core.law.acts import Act, Scope, scope
from core.law.errors import Invalid, NotPossible
from core.law.typed import check_day

LONGEST = 366  # days of one absence
KEPT = timedelta(days=365)  # an absence that is over is kept so long, for the figures, and no longer
WORK = (Act.PACKAGE_FETCH, Act.RELEASE_APPROVE)  # what is done for somebody who is away: handling requests, deciding


@dataclass(frozen=True, slots=True)
class AbsenceShown:
    """An absence as it is listed.

    `gap` is the first day ahead on which nobody stands in, `holds` how many open requests the one who is away has.
    """

    absence: Absence
    name: str
    deputy: str
    running: bool
    gap: date | None
    holds: int


@dataclass(frozen=True, slots=True)
class Who:
    """The absences that are not over, the one's own alone where the role sees no others, and the days ahead that are shut."""

    absences: tuple[AbsenceShown, ...]
    closures: tuple[Closure, ...]


def list_absences(desk: Desk) -> Who:
    """Return who is away and will be, and when the desk is shut. Stewards and approvers see their own absences."""
    with look(desk, Act.ABSENCE_LOOK) as now:
        today = today_of(desk)
        presence = read_presence(now.tx, today)
        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
        open_of = {row["owner_id"]: int(row["number"]) for row in now.tx.rows("presence.open_of_owners")}
        own = scope(desk.person.roles, Act.ABSENCE_LOOK) is Scope.OWN
        shown = [
            AbsenceShown(
                each, names.get(each.account_id, ""), names.get(each.deputy_id or "", ""), each.first <= today,
                _gap(presence, each, today), open_of.get(each.account_id, 0),
            )
            for each in presence.absences if not own or each.account_id == desk.person.account_id
        ]
    return Who(tuple(shown), presence.closures)


@repeated
def enter(
    desk: Desk, account_id: str, first: date, last: date, deputy_id: str | None = None, *, key: str
) -> str:
    """Enter from which day to which, both included, somebody is away, and who stands in; return the absence's id.

    Raises Invalid for days that are none, are over or are entered already, and for a deputy who cannot do the work or is
    away then too; NotAllowed for somebody else's absence where the role enters one's own.
    """
    with act(desk, Act.ABSENCE_ENTER, things.colleague(account_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        today = today_of(desk)
        _check_days(first, last, today)
        if not may(desk, now, account_id, Act.ACCOUNT_COLLEAGUES):
            raise Invalid("Choose a colleague who works on requests.", "account_id")
        presence = read_presence(now.tx, today)
        if any(each.account_id == account_id and _meet(each, first, last) for each in presence.absences):
            raise Invalid("An absence in these days is entered already: end it first, or choose other days.", "first")
        entered = Absence(new_id(desk.now), account_id, first, last, deputy_id or None)
        if entered.deputy_id is not None:
            _check_deputy(desk, now, entered, presence)
        now.tx.run("presence.forget_absences", before=today - KEPT)
        now.tx.run(
            "presence.enter_absence", id=entered.id, account_id=account_id, first_day=first, last_day=last,
            deputy_id=entered.deputy_id, entered_by=desk.person.account_id, now=desk.now,
        )
        now.object_kind, now.object_id, now.result = "absence", entered.id, entered.id
        now.detail |= {"days": (last - first).days + 1, "deputy": int(entered.deputy_id is not None)}
    return entered.id


@repeated
def end(desk: Desk, absence_id: str, *, key: str) -> None:
    """End an absence: one that has not begun is gone, one that runs ended yesterday. Raises NotPossible for one that is over."""
    with act(desk, Act.ABSENCE_END, things.absence(absence_id), key=key) as now:
        if now.earlier is not None:
            return
        row, today = now.at.row, today_of(desk)
        if row["last_day"] < today:
            raise NotPossible("This absence is over.")
        if row["first_day"] >= today:
            guard(now.tx.run("presence.forget_absence", id=absence_id))
        else:
            guard(now.tx.run("presence.end_absence", id=absence_id, last_day=today - timedelta(days=1)))


@repeated
def shut(desk: Desk, first: date, last: date, *, key: str) -> str:
    """Enter days, both included, on which the desk is shut; no legal date moves by it. Return the closure's id."""
    with act(desk, Act.CLOSURE_ENTER, key=key) as now:
        now.object_kind = "closure"
        if now.earlier is not None:
            return now.earlier
        today = today_of(desk)
        _check_days(first, last, today)
        if any(_meet(each, first, last) for each in read_presence(now.tx, today).closures):
            raise Invalid("The desk is shut on some of these days already: take those back first, or choose others.", "first")
        number = new_id(desk.now)
        now.tx.run(
            "presence.enter_closure", id=number, first_day=first, last_day=last, entered_by=desk.person.account_id, now=desk.now
        )
        now.object_id = now.result = number
        now.detail["days"] = (last - first).days + 1
    return number


@repeated
def open_again(desk: Desk, closure_id: str, *, key: str) -> None:
    """Take back days on which the desk was to be shut."""
    with act(desk, Act.CLOSURE_END, things.closure(closure_id), key=key) as now:
        if now.earlier is not None:
            return
        if not now.tx.run("presence.forget_closure", id=closure_id):
            raise NotPossible("These days are taken back already.")


def deputies(desk: Desk, account_id: str) -> list[tuple[str, str]]:
    """Return (account id, name) of those who can stand in for somebody: they can do at least one kind of their work."""
    with look(desk, Act.ABSENCE_LOOK, things.colleague(account_id)) as now:
        rows = now.tx.rows("accounts.holders", now=desk.now)
        names = {row["id"]: row["name"] for row in rows}
        return [(who, name) for who, name in names.items() if who != account_id and _can_stand_in(desk, now, account_id, who)]


def words_of_absence(desk: Desk) -> dict[str, str]:
    """Return of every colleague who is away today how a list says it behind their name."""
    with look(desk, Act.ACCOUNT_COLLEAGUES) as now:
        today = today_of(desk)
        presence = read_presence(now.tx, today)
        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
    away = [each for each in presence.absences if each.first <= today]
    return {each.account_id: _words(each, presence, names, today) for each in away}


def _words(absence: Absence, presence: Presence, names: dict[str, str], today: date) -> str:
    stands = presence.stand_in(absence.account_id, today)
    return f"away until {absence.last.day} {absence.last:%b}" + (
        f", {names.get(stands, 'a colleague')} stands in" if stands else ", nobody stands in"
    )


def _check_days(first: date, last: date, today: date) -> None:
    check_day(first, "first", "the first day")
    check_day(last, "last", "the last day")
    if last < first:
        raise Invalid("The last day lies before the first.", "last")
    if last < today:
        raise Invalid("These days are over: enter the days from today on.", "last")
    if (last - first).days >= LONGEST:
        raise Invalid(f"Enter at most {LONGEST} days at once.", "last")


def _check_deputy(desk: Desk, now: Now, entered: Absence, presence: Presence) -> None:
    deputy = entered.deputy_id or ""
    if deputy == entered.account_id:
        raise Invalid("Choose another person as the deputy.", "deputy_id")
    if not _can_stand_in(desk, now, entered.account_id, deputy):
        raise Invalid("Choose a deputy who can do this person's work: who handles requests, or who approves.", "deputy_id")
    with_it = Presence((*presence.absences, entered), presence.closures)
    if any(with_it.stand_in(entered.account_id, day) is None for day in days(entered.first, entered.last)):
        raise Invalid("The deputy is away on some of these days too: choose another person.", "deputy_id")


def _can_stand_in(desk: Desk, now: Now, account_id: str, deputy_id: str) -> bool:
    works = [what for what in WORK if may(desk, now, account_id, what)]
    if not works:
        return may(desk, now, deputy_id, Act.ACCOUNT_COLLEAGUES)
    return any(may(desk, now, deputy_id, what) for what in works)


def _meet(each: Absence | Closure, first: date, last: date) -> bool:
    return each.first <= last and first <= each.last


def _gap(presence: Presence, each: Absence, today: date) -> date | None:
    ahead: Iterable[date] = days(max(each.first, today), each.last)
    return next((day for day in ahead if presence.stand_in(each.account_id, day) is None), None)
