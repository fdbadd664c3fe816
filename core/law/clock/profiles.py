"""Which periods a law sets: dated profiles read from text, picked by the day of receipt."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.law.errors import Invalid

UNITS = ("month", "week", "day", "working_day", "hour")
KINDS = ("identity", "authority", "clarification", "fee")
COUNTS = ("half_open", "inclusive")
REFUSALS = ("base", "final", "none")


@dataclass(frozen=True)
class Period:
    """A length of time: `n` of `unit`; `first_day_counts` when the day of receipt is day 1."""

    unit: str
    n: int
    first_day_counts: bool = False

    def words(self) -> str:
        """Return the length as a person would say it."""
        name = self.unit.replace("_", " ")
        return f"{self.n} {name}" + ("" if self.n == 1 else "s")


@dataclass(frozen=True)
class Extension:
    """EXT-1: one extension; `total` is counted from the anchor, None where the end is the date told to the person."""

    total: Period | None
    moves_with_pause: bool


@dataclass(frozen=True)
class Arguable:
    """A rule by which the period could end later than we count it; `from_next_day`: the day after receipt is day 1."""

    source: str
    roll: bool = False
    from_next_day: bool = False


@dataclass(frozen=True)
class Profile:
    """The clock of one law in one version; a request pins `id@version` at receipt."""

    id: str
    version: str
    valid_from: date
    name: str
    source: str
    period: Period | None
    checked: str = "not said"  # what of the source was read, or that it could not be opened
    no_period: str = ""
    extension: Extension | None = None
    acknowledgement: Period | None = None
    target: Period | None = None  # what an authority recommends, or we aim at: never a date of the law
    pause_on: Mapping[str, str] = field(default_factory=dict)
    restart_on: frozenset[str] = frozenset()
    roll: bool = False
    refusal_by: str = "none"
    ends_at_first_contact: bool = False
    latest_arguable: Arguable | None = None
    age_limit: int = 16  # Article 8(1): the age from which a child's own consent is enough
    law: str = "gdpr"  # under which the letters are written

    @property
    def pin(self) -> str:
        """Return what a request stores: `uk_gdpr@2026-02-05`."""
        return f"{self.id}@{self.version}"


class Profiles:
    """Every profile in every version; `on` picks the one valid on a day of receipt."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        """Take profiles in any order; two of one id and start date are a fault of the data."""
        self._versions: dict[str, list[Profile]] = {}
        for profile in profiles:
            self._versions.setdefault(profile.id, []).append(profile)
        for versions in self._versions.values():
            versions.sort(key=lambda each: each.valid_from)
            if len({each.valid_from for each in versions}) < len(versions):
                raise Invalid(f"The profile {versions[0].id} has two versions from the same day.", "profile")

    def ids(self) -> list[str]:
        """Return every profile's id, sorted."""
        return sorted(self._versions)

    def on(self, profile_id: str, day: date) -> Profile:
        """Return the version of `profile_id` valid on `day`, the local day of receipt; Invalid when there is none."""
        versions = self._versions.get(profile_id)
        if not versions:
            raise Invalid(f"There is no such profile. Choose one of: {', '.join(self.ids())}.", "profile")
        valid = [each for each in versions if each.valid_from <= day]
        if not valid:
            first = versions[0].valid_from.isoformat()
            raise Invalid(f"The profile {profile_id} applies to what was received from {first} on.", "profile")
        return valid[-1]

    def pinned(self, pin: str) -> Profile:
        """Return the profile a request stored as `id@version`; Invalid when the data no longer hold it."""
        for versions in self._versions.values():
            for each in versions:
                if each.pin == pin:
                    return each
        raise Invalid("The pinned profile version is not among the data files.", "profile")


def read_profiles(texts: Iterable[str]) -> Profiles:
    """Parse TOML texts, one profile version each, into Profiles; Invalid with a sentence when one is malformed.

    >>> text = '''id = "x"
    ... version = "2020-01-01"
    ... valid_from = 2020-01-01
    ... name = "X"
    ... source = "none"
    ... period = {unit = "month", n = 1}'''
    >>> read_profiles([text]).on("x", date(2024, 1, 31)).period
    Period(unit='month', n=1, first_day_counts=False)
    """
    return Profiles([_profile(text) for text in texts])


def _profile(text: str) -> Profile:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"A profile is not readable as TOML: {error}.", "profile") from error
    name = str(table.get("id", "without id"))
    try:
        pause_on = {str(kind): str(count) for kind, count in dict(table.pop("pause_on", {})).items()}
        restart_on = frozenset(table.pop("restart_on", []))
        period, acknowledgement = _period(table.pop("period", None)), _period(table.pop("acknowledgement", None))
        target = _period(table.pop("target", None))
        extension = _extension(table.pop("extension", None))
        arguable = table.pop("latest_arguable", None)
        profile = Profile(
            **table,
            period=period,
            acknowledgement=acknowledgement,
            target=target,
            extension=extension,
            pause_on=pause_on,
            restart_on=restart_on,
            latest_arguable=None if arguable is None else Arguable(**arguable),
        )
    except (TypeError, ValueError, KeyError) as error:
        raise Invalid(f"The profile {name} has a missing, unknown or malformed entry: {error}.", "profile") from error
    _check(profile)
    return profile


def _period(table: Any) -> Period | None:
    return None if table is None else Period(**table)


def _extension(table: Any) -> Extension | None:
    if table is None:
        return None
    told = table["unit"] == "told_date"
    return Extension(None if told else Period(table["unit"], table["n"]), table["moves_with_pause"])


def _sound(period: Period) -> bool:
    # Months and weeks end on the same date or weekday; "day 1" has a meaning for counted days only.
    counted = period.unit in ("day", "working_day") or not period.first_day_counts
    return period.unit in UNITS and type(period.n) is int and period.n > 0 and counted


def _check(profile: Profile) -> None:
    periods = [profile.period, profile.acknowledgement, profile.target, profile.extension.total if profile.extension else None]
    sound = (
        all(each is None or _sound(each) for each in periods)
        and set(profile.pause_on) | profile.restart_on <= set(KINDS)
        and set(profile.pause_on.values()) <= set(COUNTS)
        and not set(profile.pause_on) & profile.restart_on
        and profile.refusal_by in REFUSALS
        and (profile.period is None) == bool(profile.no_period)
        and type(profile.valid_from) is date
        and type(profile.age_limit) is int and 13 <= profile.age_limit <= 18
    )
    if not sound:
        raise Invalid(f"The profile {profile.id} has an entry that no rule knows.", "profile")
