"""Explanations: the sentences under a due date name what moved it."""

from datetime import date, datetime

import pytest

from core.law.clock.deadlines import Clock, due
from core.law.clock.pauses import Pause
from core.store.datafiles import calendars, profiles

NOON = "2026-03-02T10:00+00:00"


def steps(profile: str, calendar: str, received: str, *pauses: Pause, **events: date) -> str:
    moment = datetime.fromisoformat(received)
    version = profiles().on(profile, moment.date())
    return " ".join(due(Clock(moment, "UTC", version, calendars().get(calendar), pauses, **events)).steps)


@pytest.mark.parametrize(
    ("begin", "pauses", "events", "words"),
    [
        (("eu_gdpr", "DE", "2026-03-03T10:00+00:00"), (), {}, "Fri 2026-04-03 is Good Friday"),
        (
            ("eu_gdpr", "IE", "2026-01-14T10:00+00:00"),
            (),
            {},
            "Sat 2026-02-14 is a weekend: the next working day is Mon",
        ),
        (
            ("fr_gdpr", "FR", "2026-06-10T10:00+00:00"),
            (Pause("clarification", date(2026, 6, 12)),),
            {},
            "does not stop the clock",
        ),
        (("eu_gdpr", "IE", NOON), (Pause("identity", date(2026, 3, 4), date(2026, 3, 11)),), {}, "7 suspended days"),
        (("eu_gdpr", "IE", NOON), (Pause("identity", date(2026, 3, 4)),), {}, "stands still since Wed"),
        (("eu_gdpr", "IE", NOON), (), {"extended": date(2026, 3, 9)}, "3 months, counted from 2026-03-02"),
        (("br_lgpd", "BR", NOON), (), {"extended": date(2026, 3, 9)}, "knows no extension"),
        (("eu_gdpr", "IE", NOON), (), {"restart": date(2026, 3, 9)}, "knows no restart"),
        (("uk_gdpr", "GB-ENG", NOON), (), {"restart": date(2026, 3, 9)}, "runs anew from Mon 2026-03-09"),
        (("eu_art14_notice", "DE", "2026-03-10T10:00+00:00"), (), {"first_contact": date(2026, 3, 20)}, "comes first"),
        (("uk_complaint", "GB-ENG", "2026-07-01T10:00+00:00"), (), {}, "acknowledged by Thu 2026-07-30"),
        (("eu_breach72", "DE", NOON), (), {}, "72 hours elapse"),
    ],
)
def test_the_sentence_is_there(begin, pauses, events, words):
    assert words in steps(*begin, *pauses, **events)
