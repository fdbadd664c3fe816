"""Who is there: absences with the one who stands in, and the days on which the desk is shut."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Absence:
    """From which day to which, both included, an account is away, and who stands in."""

    id: str
    account_id: str
    first: date
    last: date
    deputy_id: str | None


@dataclass(frozen=True, slots=True)
class Closure:
    """From which day to which, both included, the desk is shut."""

    id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Presence:
    """The absences and closures that end on a day or after it."""

    absences: tuple[Absence, ...]
    closures: tuple[Closure, ...]

    def away(self, account_id: str, day: date) -> Absence | None:
        """Return the absence that an account has on a day; None where it is there."""
        return next(
            (each for each in self.absences if each.account_id == account_id and each.first <= day <= each.last), None
        )

    def stand_in(self, account_id: str, day: date, able: Callable[[str], bool] | None = None) -> str | None:
        """Return who does an account's work on a day: itself, else its deputy, else the deputy's own; None where nobody does.

        `able` leaves out a deputy who may not do the work, and with them whoever stands in for them.
        """
        seen: set[str] = set()
        who: str | None = account_id
        while who is not None and who not in seen:
            if able is not None and who != account_id and not able(who):
                return None
            seen.add(who)
            absence = self.away(who, day)
            if absence is None:
                return who
            who = absence.deputy_id
        return None

    def stood_in_for(self, account_id: str, day: date) -> list[str]:
        """Return the accounts that are away on a day and whose work this account does."""
        away = {each.account_id for each in self.absences if each.first <= day <= each.last}
        return sorted(who for who in away - {account_id} if self.stand_in(who, day) == account_id)

    def closed(self) -> frozenset[date]:
        """Return every day on which the desk is shut."""
        return frozenset(day for each in self.closures for day in days(each.first, each.last))


def days(first: date, last: date) -> Iterator[date]:
    """Return every day from one to another, both included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def read_presence(tx: Tx, since: date) -> Presence:
    """Return the absences and closures that end on a day or after it."""
    return Presence(
        tuple(
            Absence(row["id"], row["account_id"], row["first_day"], row["last_day"], row["deputy_id"])
            for row in tx.rows("presence.absences", since=since)
        ),
        tuple(Closure(row["id"], row["first_day"], row["last_day"]) for row in tx.rows("presence.closures", since=since)),
    )


def acting_for(tx: Tx, account_id: str, today: date) -> list[str]:
    """Return an account, and those that are away today and whose work it does."""
    return [account_id, *read_presence(tx, today).stood_in_for(account_id, today)]
