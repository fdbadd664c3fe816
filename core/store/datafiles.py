"""Reads the data files that the law needs: clock profiles, calendar changes and the sources of the calendars."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.law.clock.calendars import Calendars, read_overrides, read_sources
from core.law.clock.deadlines import RULES
from core.law.clock.profiles import Profiles, read_profiles
from core.law.representatives import DeathRule, read_death_rules

DATA = Path(__file__).resolve().parents[2] / "data"


def profile_texts() -> list[str]:
    """Return the text of every file in data/profiles, in the order of their names."""
    return [path.read_text(encoding="utf-8") for path in sorted((DATA / "profiles").glob("*.toml"))]


def override_text() -> str:
    """Return the table of calendar changes as CSV text."""
    return (DATA / "calendars" / "overrides.csv").read_text(encoding="utf-8")


def source_text() -> str:
    """Return the table of the acts that designate public holidays as CSV text."""
    return (DATA / "calendars" / "sources.csv").read_text(encoding="utf-8")


@cache
def profiles() -> Profiles:
    """Return every clock profile; read once a process, because a change of data comes with a start."""
    return read_profiles(profile_texts())


@cache
def calendars() -> Calendars:
    """Return every calendar with our changes; read once a process, so that their years are drawn once."""
    return Calendars(read_overrides(override_text()), read_sources(source_text()))


def clock_version() -> str:
    """Return the version of all by which days are worked out: calendars, profiles and the rules themselves (CLK-11).

    A request keeps the one under which its days were worked out last.
    """
    return f"{calendars().version}, laws {_digest(*profile_texts())}, rules {RULES}"


@cache
def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


@cache
def death_rules() -> Mapping[str, DeathRule]:
    """Return what national laws give to those whom a dead person leaves behind, by country; read once a process."""
    return read_death_rules((DATA / "deceased.toml").read_text(encoding="utf-8"))
