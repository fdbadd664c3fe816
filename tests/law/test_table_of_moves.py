"""Every kind in every state, by every step, role, ruling and ending, against a table written by hand: nothing more, nothing less."""

from itertools import product

import pytest

from core.law.acts import ACTS
from core.law.errors import NotPossible
from core.law.roles import Role
from core.law.ways import Kind, Ruling
from core.law.workflow import Closing, State, Step, after, end, moves_from

COPIES = "access portability"
STOPS = "consent_withdrawal objection_marketing restriction"
PLANS = f"erasure rectification {STOPS}"
RECORDS = "authority_disclosure authority_inquiry complaint human_review information objection"
EVERY, DESK, SECOND, WORKER = f"{COPIES} {PLANS} {RECORDS}", "dpo steward", "approver dpo", "worker"
ANY, GRANTED, REFUSED = "granted refused", "granted", "refused"
# State, step, where it leads, of which kinds, by whom, with which ruling, and whether the answer is out: no, yes, or either.
TABLE = (
    ("received", "start", "in_progress", EVERY, DESK, ANY, "either"),
    ("in_progress", "ask_approval", "awaiting_approval", COPIES, DESK, ANY, "either"),
    ("in_progress", "ask_approval", "awaiting_approval", "erasure rectification", DESK, ANY, "either"),
    ("in_progress", "ask_approval", "awaiting_approval", STOPS, DESK, REFUSED, "either"),  # a stop waits for nobody
    ("in_progress", "carry_out", "carrying_out", STOPS, DESK, GRANTED, "either"),
    ("in_progress", "ask_refusal", "awaiting_approval", EVERY, DESK, REFUSED, "either"),
    ("in_progress", "ask_outside", "awaiting_approval", EVERY, DESK, ANY, "either"),
    ("in_progress", "settle", "ready_to_send", RECORDS, DESK, ANY, "either"),
    ("awaiting_approval", "return", "in_progress", EVERY, SECOND, ANY, "either"),
    ("awaiting_approval", "approve", "carrying_out", f"{COPIES} {PLANS}", SECOND, ANY, "either"),
    ("awaiting_approval", "refuse", "ready_to_send", EVERY, SECOND, ANY, "either"),
    ("awaiting_approval", "accept_outside", "ready_to_send", EVERY, SECOND, ANY, "either"),
    ("carrying_out", "hand_back", "in_progress", EVERY, WORKER, ANY, "either"),
    ("carrying_out", "carried_out", "ready_to_send", f"{COPIES} {PLANS}", WORKER, ANY, "either"),
    ("carrying_out", "carried_out", "ready_to_send", STOPS, DESK, GRANTED, "either"),  # of somebody whom no system knows
    ("ready_to_send", "revise", "in_progress", EVERY, DESK, ANY, "no"),
    ("ready_to_send", "send", "ready_to_send", EVERY, DESK, ANY, "no"),
    ("ready_to_send", "came_back", "ready_to_send", EVERY, DESK, ANY, "yes"),
    ("ready_to_send", "close_answered", "closed", EVERY, DESK, ANY, "yes"),
    *((state, "withdraw", "closed", EVERY, DESK, ANY, "either") for state in (
        "received", "in_progress", "awaiting_approval", "carrying_out", "ready_to_send",
    )),
    *((state, "close", "closed", EVERY, DESK, ANY, "no") for state in (
        "received", "in_progress", "awaiting_approval", "carrying_out", "ready_to_send",
    )),
)
ENDS = {
    "close_answered": "fulfilled partly_fulfilled refused no_data_held",
    "withdraw": "withdrawn",
    "close": "not_identified no_data_held no_answer duplicate forwarded not_a_request outside",
}


def written() -> dict[tuple[str, ...], str]:
    """The table taken apart: kind, state, step, role, ruling and whether the answer is out, with where it leads."""
    found = {}
    for state, step, target, kinds, roles, rulings, out in TABLE:
        sent = {"no": (False,), "yes": (True,), "either": (False, True)}[out]
        for kind, role, ruling, each in product(kinds.split(), roles.split(), rulings.split(), sent):
            found[kind, state, step, role, ruling, str(each)] = target
    return found


def test_the_law_makes_every_move_of_the_table_and_no_other():
    made = {}
    for kind, state, ruling, sent in product(Kind, State, Ruling, (False, True)):
        for move in moves_from(state, kind, ruling, sent=sent):
            for role in ACTS[move.act].who:
                key = (kind.value, state.value, move.step.value, role.value, ruling.value, str(sent))
                assert made.setdefault(key, move.target.value) == move.target.value, f"{key} leads to two places"
    table = written()
    assert {each: made[each] for each in made.keys() - table.keys()} == {}
    assert {each: table[each] for each in table.keys() - made.keys()} == {}
    assert made == table


@pytest.mark.parametrize("step", Step)
def test_a_step_that_is_not_in_the_table_is_refused_with_a_sentence_whoever_tries(step):
    table = written()
    for kind, state, ruling, sent in product(Kind, State, Ruling, (False, True)):
        for act in {move.act for source in State for move in moves_from(source, kind, ruling, sent=sent) if move.step is step}:
            told = {
                table[kind.value, state.value, step.value, role.value, ruling.value, str(sent)] for role in ACTS[act].who
                if (kind.value, state.value, step.value, role.value, ruling.value, str(sent)) in table
            }
            if not told:
                with pytest.raises(NotPossible, match=r"\.$"):
                    after(state, step, kind, ruling, by=act, sent=sent)


def test_each_step_ends_a_request_in_its_own_ways_only():
    for step, closing in product(Step, Closing):
        if closing.value in ENDS.get(step.value, "").split():
            assert end(step, closing) is closing
        else:
            with pytest.raises(NotPossible, match=r"\.$"):
                end(step, closing)


def test_nobody_but_the_desk_its_second_person_and_the_worker_moves_anything():
    movers = {role for _, _, _, role, _, _ in written()}
    assert movers == {"dpo", "steward", "approver", "worker"}
    assert movers < {role.value for role in Role}
