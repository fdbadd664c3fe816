"""What holds for all dates, restrictions and letters, besides what the files of each rule hold by themselves."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.law.clock.calendars import Calendars, read_overrides
from core.law.clock.deadlines import Clock, add, due
from core.law.clock.pauses import Pause
from core.law.clock.profiles import read_profiles
from core.law.errors import NotAllowed, NotPossible
from core.law.letters import LETTERS
from core.law.refusal import PARTS, require_whole
from core.law.rights.bases import Basis, Use
from core.law.rights.items import Item, for_us
from core.law.rights.restriction import Gateway, Ground, Operation, Restriction, may_process
from core.store.datafiles import calendars, override_text, profile_texts, profiles

QUICK = settings(max_examples=120)
PLACES = st.sampled_from([
    ("eu_gdpr", "DE"), ("eu_gdpr", "HU"), ("eu_gdpr", "BG"), ("fr_gdpr", "FR"), ("uk_gdpr", "GB-SCT"), ("ch_fadp", "CH-ZH"),
    ("us_ca_cpra", "US-CA"),
])
RECEIPTS = st.dates(date(2024, 1, 1), date(2030, 6, 30))


def clock(place, received, *pauses, books=None):
    known, days = books or (profiles(), calendars())
    moment = datetime.fromisoformat(f"{received}T12:00+00:00")
    return Clock(moment, "UTC", known.on(place[0], received), days.get(place[1]), pauses)


@QUICK
@given(PLACES, RECEIPTS)
def test_the_roll_never_goes_back_and_the_nominal_date_is_a_month_away(place, received):
    of = clock(place, received)
    found, nominal = due(of), add(received, of.profile.period, of.calendar)
    assert found.base_due >= nominal >= received + timedelta(days=28)
    assert of.calendar.works(found.base_due) or not of.profile.roll
    assert (found.base_due - nominal).days <= 6  # the longest roll there is: Hungary, Christmas 2024


@QUICK
@given(PLACES, RECEIPTS, st.integers(0, 20), st.integers(0, 20))
def test_what_is_reckoned_again_from_the_same_data_is_the_same(place, received, asked, waited):
    pause = Pause("identity", received + timedelta(days=asked), received + timedelta(days=asked + waited))
    once = clock(place, received, pause)
    again = replace(once, profile=profiles().pinned(once.profile.pin), calendar=calendars().get(once.calendar.id))
    assert due(again) == due(once)


def test_a_new_reading_of_the_data_changes_no_date():
    fresh = read_profiles(profile_texts()), Calendars(read_overrides(override_text()))
    for number in range(200):
        received = date(2025, 1, 1) + timedelta(days=5 * number)
        assert due(clock(("eu_gdpr", "DE"), received, books=fresh)) == due(clock(("eu_gdpr", "DE"), received))


@QUICK
@given(
    st.lists(st.builds(Restriction, st.sampled_from(Ground), st.just(datetime(2026, 3, 2))), min_size=1, max_size=4),
    st.sampled_from([Operation.RETENTION, Operation.ACCOUNT_CLOSURE]), st.sampled_from([None, *Gateway]), st.sampled_from(Basis),
)
def test_what_is_restricted_is_never_deleted_by_us(standing, deletion, gateway, basis):
    with pytest.raises(NotAllowed):
        may_process(standing, deletion, gateway)
    assert not for_us(deletion, Item((Use(basis),), restrictions=tuple(standing)), gateway).open


SAID = {
    "reasons": "because the same copy was given", "complaint": "a complaint with a supervisory authority",
    "remedy": "a judicial remedy",
}
FILLER = st.text("xyz 12.,\n", max_size=30)


@QUICK
@given(st.sets(st.sampled_from(list(PARTS))), st.lists(FILLER, min_size=4, max_size=4))
def test_a_refusal_without_one_of_the_three_parts_cannot_be_sent(parts, filler):
    letter = " ".join(word for part, around in zip(sorted(parts), filler, strict=False) for word in (around, SAID[part])) + filler[3]
    if parts == set(PARTS):
        require_whole(letter)
        return
    with pytest.raises(NotPossible):
        require_whole(letter)


@pytest.mark.parametrize("code", sorted(LETTERS))
def test_every_letter_that_goes_against_the_person_carries_complaint_and_remedy(code):
    letter = LETTERS[code]
    assert letter.remedies is (letter.required >= {"authority", "dpo_contact"})
