"""The form of an answer, over every way of asking and every wish."""

import pytest

from core.law.identity import Channel
from core.law.rights.form import Form, answers, form_of

ELECTRONIC = {Channel.ACCOUNT, Channel.EMAIL}


@pytest.mark.parametrize("channel", Channel)
def test_an_electronic_request_gets_an_electronic_answer_where_possible(channel):
    assert (form_of(channel).form is Form.ELECTRONIC) is (channel in ELECTRONIC)
    assert form_of(channel, electronic_possible=False).form is Form.PAPER


@pytest.mark.parametrize("channel", Channel)
def test_the_person_s_wish_goes_first_and_a_voice_never_proves_itself(channel):
    assert form_of(channel, Form.PAPER).form is Form.PAPER
    assert form_of(channel, Form.ELECTRONIC).form is Form.ELECTRONIC
    assert form_of(channel, Form.ELECTRONIC, electronic_possible=False).form is Form.PAPER
    assert form_of(channel, Form.ORAL).form is not Form.ORAL
    assert form_of(channel, Form.ORAL, proven_otherwise=True).form is Form.ORAL
    assert form_of(channel, proven_otherwise=True).form is not Form.ORAL


def test_nothing_held_is_an_answer_and_a_silent_system_is_none():
    assert [answers(held) for held in (True, False, None)] == [True, True, False]
