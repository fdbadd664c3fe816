"""Badges: words for each state, and colours that can be read on their background."""

import pytest

from core.law import outside
from core.law.letters import LETTERS, LetterKind
from core.law.workflow import Closing, State, Step
from pages.parts import badges
from pages.request import timeline


def luminance(colour):
    parts = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("pair", [badges.LATE, badges.SOON])
def test_a_deadline_can_be_read_light_and_dark(pair):
    assert contrast(pair[0], "#ffffff") >= 4.5
    assert contrast(pair[1], "#11161d") >= 4.5


def test_every_state_step_closing_and_letter_has_words():
    assert set(badges.STAGES) == set(State)
    assert set(badges.CLOSINGS) == set(Closing)
    assert set(timeline._STEPS) == set(Step)
    assert set(LETTERS) == set(LetterKind)
    assert set(outside.OUTCOMES) == set(outside.Done)
    assert badges.stage_words("closed", "fulfilled") == "Fulfilled"
    assert badges.stage_words("in_progress") == "In progress"
    assert [badges.stage_words("ready_to_send", sent=sent) for sent in (False, True)] == ["Ready to send", "Sent"]
