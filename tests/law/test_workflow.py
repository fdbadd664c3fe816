"""Workflow: no dead ends, no way round the approval, nothing leaves the end."""

import pytest

from core.law.acts import ACTS, Act
from core.law.errors import NotPossible
from core.law.kinds import PATHS
from core.law.ways import RIGHTS, Course, Kind, Ruling, needs_second
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
    for kind in Kind:  # what is answered from a record is carried out nowhere; a refusal of anything waits for an approval
        recorded = RIGHTS[kind].course is Course.RECORD
        assert reachable(kind) == set(State) - ({State.CARRYING_OUT} if recorded else set())
    for state in OPEN_STATES:
        for kind in Kind:
            for sent in (True, False):
                assert any(move.target is State.CLOSED for move in moves_from(state, kind, sent=sent))


def test_a_closed_request_never_moves():
    assert not [move for move in MOVES if move.source is State.CLOSED]
    for step in Step:
        with pytest.raises(NotPossible, match="closed request"):
            after(State.CLOSED, step, Kind.ACCESS, by=Act.REQUEST_CLOSE)


def test_a_move_is_told_by_state_step_act_and_condition():
    assert len({(move.source, move.step, move.act, move.when, move.course) for move in MOVES}) == len(MOVES)
    assert {move.step for move in MOVES} == set(Step)


def test_every_move_of_every_kind_is_made_by_an_act_that_some_role_may_do():
    for kind in Kind:
        for state in OPEN_STATES:
            for ruling in Ruling:
                for sent in (True, False):
                    for move in moves_from(state, kind, ruling, sent=sent):
                        assert ACTS[move.act].who, f"{kind}: nobody may {move.act}, which makes the step {move.step}"


def test_each_course_has_its_own_acts_and_no_act_of_another_moves_it():
    asks = {Course.COPY: Act.RELEASE_ASK, Course.PLAN: Act.PLAN_ASK}
    for kind in Kind:
        for course, act in asks.items():
            if RIGHTS[kind].course is course:
                assert after(State.IN_PROGRESS, Step.ASK_APPROVAL, kind, Ruling.REFUSED, by=act) is State.AWAITING_APPROVAL
            else:
                with pytest.raises(NotPossible):
                    after(State.IN_PROGRESS, Step.ASK_APPROVAL, kind, Ruling.REFUSED, by=act)
    with pytest.raises(NotPossible):
        after(State.CARRYING_OUT, Step.CARRIED_OUT, Kind.ERASURE, by=Act.PACKAGE_RELEASE)
    with pytest.raises(NotPossible, match=r"\.$"):
        after(State.AWAITING_APPROVAL, Step.APPROVE, Kind.ERASURE, by=Act.RELEASE_APPROVE)


def test_what_has_no_plan_has_a_path_of_its_own():
    assert {kind for kind in Kind if RIGHTS[kind].course is Course.RECORD} == set(PATHS)


def test_what_cannot_be_undone_is_carried_out_only_after_an_approval():
    into = [move for move in MOVES if move.target is State.CARRYING_OUT and move.when is not When.ALONE]
    assert {(move.source, move.step) for move in into} == {(State.AWAITING_APPROVAL, Step.APPROVE)}
    with pytest.raises(NotPossible):
        after(State.IN_PROGRESS, Step.CARRY_OUT, Kind.ACCESS, by=Act.REQUEST_CARRY_OUT)


def test_reversible_rights_skip_the_approval():
    kinds = {kind for kind in Kind if RIGHTS[kind].reversible}
    assert kinds == {Kind.RESTRICTION, Kind.OBJECTION, Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL}
    for kind in kinds - set(PATHS):
        assert after(State.IN_PROGRESS, Step.CARRY_OUT, kind, by=Act.REQUEST_CARRY_OUT) is State.CARRYING_OUT
        with pytest.raises(NotPossible):
            after(State.IN_PROGRESS, Step.ASK_APPROVAL, kind, by=Act.PLAN_ASK)
        with pytest.raises(NotPossible):
            after(State.IN_PROGRESS, Step.CARRY_OUT, kind, Ruling.REFUSED, by=Act.REQUEST_CARRY_OUT)
        assert after(State.IN_PROGRESS, Step.ASK_APPROVAL, kind, Ruling.REFUSED, by=Act.PLAN_ASK) is State.AWAITING_APPROVAL


def test_whoever_is_refused_anything_has_a_second_person_look_at_it():
    assert {kind for kind in Kind if not needs_second(kind, Ruling.GRANTED)} == {
        Kind.RESTRICTION, Kind.OBJECTION, Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL,
    }
    assert all(needs_second(kind, Ruling.REFUSED) for kind in Kind)
    assert [move.source for move in MOVES if move.step is Step.REFUSE] == [State.AWAITING_APPROVAL]
    for kind in Kind:
        assert after(State.IN_PROGRESS, Step.ASK_REFUSAL, kind, Ruling.REFUSED, by=Act.REFUSAL_ASK) is State.AWAITING_APPROVAL
        with pytest.raises(NotPossible):
            after(State.IN_PROGRESS, Step.ASK_REFUSAL, kind, Ruling.GRANTED, by=Act.REFUSAL_ASK)


@pytest.mark.parametrize(
    ("state", "step", "by", "sent", "target"),
    [
        (State.AWAITING_APPROVAL, Step.RETURN, Act.RELEASE_RETURN, False, State.IN_PROGRESS),
        (State.CARRYING_OUT, Step.HAND_BACK, Act.REQUEST_HAND_BACK, False, State.IN_PROGRESS),
        (State.READY_TO_SEND, Step.REVISE, Act.REQUEST_REVISE, False, State.IN_PROGRESS),
        (State.READY_TO_SEND, Step.SEND, Act.ANSWER_SENT, False, State.READY_TO_SEND),
        (State.READY_TO_SEND, Step.CAME_BACK, Act.ANSWER_CAME_BACK, True, State.READY_TO_SEND),
        (State.READY_TO_SEND, Step.CLOSE_ANSWERED, Act.REQUEST_CLOSE, True, State.CLOSED),
        (State.CARRYING_OUT, Step.WITHDRAW, Act.REQUEST_WITHDRAW, False, State.CLOSED),
        (State.IN_PROGRESS, Step.WITHDRAW, Act.FEE_OUTCOME, False, State.CLOSED),
    ],
)
def test_ways_on_and_back(state, step, by, sent, target):
    assert after(state, step, Kind.ACCESS, by=by, sent=sent) is target


def test_nothing_is_closed_as_answered_before_it_is_sent_nor_without_action_afterwards():
    with pytest.raises(NotPossible, match="ready to send"):
        after(State.READY_TO_SEND, Step.CLOSE_ANSWERED, Kind.ACCESS, by=Act.REQUEST_CLOSE)
    with pytest.raises(NotPossible):
        after(State.READY_TO_SEND, Step.CLOSE, Kind.ACCESS, by=Act.REQUEST_CLOSE, sent=True)
    with pytest.raises(NotPossible):
        after(State.READY_TO_SEND, Step.SEND, Kind.ACCESS, by=Act.ANSWER_SENT, sent=True)


def test_buttons_are_the_open_moves_whose_act_is_allowed():
    def drawn(*allowed: Act) -> tuple[Step, ...]:
        return open_steps(State.AWAITING_APPROVAL, set(allowed), Kind.ACCESS)

    assert drawn(Act.RELEASE_APPROVE, Act.RELEASE_RETURN) == (Step.RETURN, Step.APPROVE)
    assert drawn(Act.REQUEST_WITHDRAW, Act.FEE_OUTCOME) == (Step.WITHDRAW,), "each step is one button"
    assert drawn() == ()


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
