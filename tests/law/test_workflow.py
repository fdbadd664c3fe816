"""Workflow: no dead ends, no way round the approval, nothing leaves the end."""

import pytest

from core.law.errors import NotPossible
from core.law.kinds import PATHS
from core.law.ways import RIGHTS, Kind, Ruling, needs_second
from core.law.workflow import (
    ENDINGS,
    MOVES,
    OPEN_STATES,
    Closing,
    State,
    Step,
    When,
    after,
    end,
    moves_from,
    open_steps,
)


def reachable(kind: Kind) -> set[State]:
    found, old = {State.RECEIVED}, set()
    while found != old:
        old = set(found)
        for state in old:
            for sent in (True, False):
                for ruling in Ruling:
                    found |= {move.target for move in moves_from(state, kind, ruling, sent=sent)}
    return found


def test_every_state_is_reached_and_every_open_state_has_a_way_out():
    for kind in Kind:  # what has its own path is carried out nowhere; a refusal of anything waits for an approval
        assert reachable(kind) == set(State)
    for state in OPEN_STATES:
        for kind in Kind:
            for sent in (True, False):
                assert any(move.target is State.CLOSED for move in moves_from(state, kind, sent=sent))


def test_a_closed_request_never_moves():
    assert not [move for move in MOVES if move.source is State.CLOSED]
    for step in Step:
        with pytest.raises(NotPossible, match="closed request"):
            after(State.CLOSED, step, Kind.ACCESS)


def test_a_move_is_told_by_state_step_and_condition_alone():
    assert len({(move.source, move.step, move.when) for move in MOVES}) == len(MOVES)
    assert {move.step for move in MOVES} == set(Step)
    assert all(move.act for move in MOVES)


def test_what_cannot_be_undone_is_carried_out_only_after_an_approval():
    into = [move for move in MOVES if move.target is State.CARRYING_OUT and move.when is not When.ALONE]
    assert [(move.source, move.step) for move in into] == [(State.AWAITING_APPROVAL, Step.APPROVE)]
    with pytest.raises(NotPossible):
        after(State.IN_PROGRESS, Step.CARRY_OUT, Kind.ACCESS)


def test_reversible_rights_skip_the_approval():
    kinds = {kind for kind in Kind if RIGHTS[kind].reversible}
    assert kinds == {Kind.RESTRICTION, Kind.OBJECTION, Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL}
    for kind in kinds - set(PATHS):
        assert after(State.IN_PROGRESS, Step.CARRY_OUT, kind) is State.CARRYING_OUT
        with pytest.raises(NotPossible):
            after(State.IN_PROGRESS, Step.ASK_APPROVAL, kind)
        with pytest.raises(NotPossible):
            after(State.IN_PROGRESS, Step.CARRY_OUT, kind, Ruling.REFUSED)
        assert after(State.IN_PROGRESS, Step.ASK_APPROVAL, kind, Ruling.REFUSED) is State.AWAITING_APPROVAL


def test_whoever_is_refused_anything_has_a_second_person_look_at_it():
    assert {kind for kind in Kind if not needs_second(kind, Ruling.GRANTED)} == {
        Kind.RESTRICTION, Kind.OBJECTION, Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL,
    }
    assert all(needs_second(kind, Ruling.REFUSED) for kind in Kind)
    assert [move.source for move in MOVES if move.step is Step.REFUSE] == [State.AWAITING_APPROVAL]
    for kind in Kind:
        assert after(State.IN_PROGRESS, Step.ASK_REFUSAL, kind, Ruling.REFUSED) is State.AWAITING_APPROVAL
        with pytest.raises(NotPossible):
            after(State.IN_PROGRESS, Step.ASK_REFUSAL, kind, Ruling.GRANTED)


@pytest.mark.parametrize(
    ("state", "step", "sent", "target"),
    [
        (State.AWAITING_APPROVAL, Step.RETURN, False, State.IN_PROGRESS),
        (State.CARRYING_OUT, Step.HAND_BACK, False, State.IN_PROGRESS),
        (State.READY_TO_SEND, Step.REVISE, False, State.IN_PROGRESS),
        (State.READY_TO_SEND, Step.SEND, False, State.READY_TO_SEND),
        (State.READY_TO_SEND, Step.CAME_BACK, True, State.READY_TO_SEND),
        (State.READY_TO_SEND, Step.CLOSE_ANSWERED, True, State.CLOSED),
        (State.CARRYING_OUT, Step.WITHDRAW, False, State.CLOSED),
    ],
)
def test_ways_on_and_back(state, step, sent, target):
    assert after(state, step, Kind.ACCESS, sent=sent) is target


def test_nothing_is_closed_as_answered_before_it_is_sent_nor_without_action_afterwards():
    with pytest.raises(NotPossible, match="ready to send"):
        after(State.READY_TO_SEND, Step.CLOSE_ANSWERED, Kind.ACCESS)
    with pytest.raises(NotPossible):
        after(State.READY_TO_SEND, Step.CLOSE, Kind.ACCESS, sent=True)
    with pytest.raises(NotPossible):
        after(State.READY_TO_SEND, Step.SEND, Kind.ACCESS, sent=True)


def test_buttons_are_the_open_moves_whose_act_is_allowed():
    def drawn(*allowed: str) -> list[Step]:
        return [move.step for move in open_steps(State.AWAITING_APPROVAL, set(allowed), Kind.ACCESS)]

    assert drawn("release.approve", "release.return") == [Step.RETURN, Step.APPROVE]
    assert drawn("request.withdraw") == [Step.WITHDRAW]
    assert drawn() == []


def test_every_ending_has_its_step():
    assert {closing for found in ENDINGS.values() for closing in found} == set(Closing)
    assert set(ENDINGS) == {move.step for move in MOVES if move.target is State.CLOSED}
    assert end(Step.CLOSE, Closing.DUPLICATE) is Closing.DUPLICATE
    for step, closing in (
        (Step.CLOSE, Closing.FULFILLED),
        (Step.CLOSE, Closing.REFUSED),
        (Step.START, Closing.OUTSIDE),
    ):
        with pytest.raises(NotPossible, match=r"\.$"):
            end(step, closing)
