"""The establishment that answers: its name, contacts, zone, calendar and clock profile, kept as facts of the store."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.law.errors import Invalid
from core.law.typed import read_text
from core.store.datafiles import calendars, profiles
from core.store.engine import Store, Tx

UNSET = "not set"  # what a contact is while nobody gave one


@dataclass(frozen=True)
class Establishment:
    """Who answers, and by which clock."""

    controller: str
    contact: str
    dpo_contact: str
    authority: str
    profile_id: str = "eu_gdpr"
    calendar_id: str = "DE"
    zone: str = "Europe/Berlin"
    region: str = "DE"  # of telephone numbers written without a country code

    def check(self) -> None:
        """Raise Invalid when the zone, the calendar or the profile is unknown, or a name is missing."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise Invalid(f"{self.zone} is no time zone. Use a name such as Europe/Berlin.", "zone") from None
        calendars().get(self.calendar_id)
        profiles().on(self.profile_id, datetime.now(UTC).date())
        for name, value in asdict(self).items():
            read_text(value, name, f"the establishment's {name.replace('_', ' ')}", longest=300)

    def local(self, moment: datetime) -> datetime:
        """Return a naive UTC moment as local time of the establishment, with its offset."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone))

    def utc(self, local: datetime) -> datetime:
        """Return a naive local time of the establishment as naive UTC."""
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC).replace(tzinfo=None)


def establishment(store: Store) -> Establishment:
    """Return the establishment of this store."""
    names = Establishment.__dataclass_fields__
    kept = {name: store.facts[f"establishment.{name}"] for name in names if f"establishment.{name}" in store.facts}
    if len(kept) < len(names):
        return Establishment("The controller", UNSET, UNSET, "the supervisory authority")
    return Establishment(**kept)


def named(store: Store) -> str:
    """Return the name of the company whose desk this is; nothing where none was given."""
    return str(store.facts.get("establishment.controller", ""))


def keep(store: Store, tx: Tx, what: Establishment) -> None:
    """Write the establishment down as facts of the store, inside the caller's act."""
    what.check()
    for name, value in asdict(what).items():
        tx.run("store.forget_fact", name=f"establishment.{name}")
        tx.run("store.put_fact", name=f"establishment.{name}", fact=value)
        store.facts[f"establishment.{name}"] = value
