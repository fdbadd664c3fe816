"""The decision mirror: counts as somebody else would count them, of other requests alone, and nothing below five."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from core.actions.answers import approvals, mirror
from core.actions.answers.letters import letters
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.refusal.refusals import REFUSAL
from core.law.errors import NotAllowed, NotFound
from core.law.rights.mirror import FEW, Question
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions import correcting
from tests.actions.answers.erasure.test_erasures import TAX, planned
from tests.actions.answers.refusal import test_extensions, test_fees, test_refusals
from tests.actions.conftest import import_people
from tests.conftest import NOW, desk_of

EARLY = datetime(2025, 3, 2, 12)
PLANNED, REFUSED = "plan.approve", "refusal.approve"
COLUMNS = (
    "id", "case_ref", "request_id", "act", "item", "granted", "outcome", "article", "rule", "profile", "inputs", "sentence",
    "words", "actor_ref", "decided_at",
)
KEPT, ERASED = ("retain", "17(3)(b)"), ("erase", "17(1)(a)")


@dataclass
class Other:
    """A request decided before; its decisions are act, item, outcome, article, day after the first, and facts."""

    decisions: list = field(default_factory=list)
    kind: str = "erasure"
    state: str = "closed"
    closing: str | None = "fulfilled"
    sealed: bool = False
    id: str = field(default_factory=new_id)
    fee: tuple | None = None  # ground, outcome


def decided(*ways, item="local.events", act=PLANNED, first=0, **more):
    """Return a request on whose item an act decided, once for each way, a day apart."""
    return Other([(act, item, *way, first + number) for number, way in enumerate(ways)], **more)


def tell(store, others, own=()):
    """Enter made-up requests with their decisions; `own` are decisions of a request that is there."""
    every = [(each.id, row) for each in others for row in each.decisions] + list(own)
    with store.transaction() as tx:
        for each in others:
            tx._cursor.execute(
                "insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_state, person, "
                "identity_state, sealed_to_names, version) values ($id, 'r', $at, $at, 'email', 'x', 'open', '', 'proven', "
                "$sealed, 1)", {"id": f"case-{each.id}", "at": EARLY, "sealed": each.sealed},
            )
            tx._cursor.execute(
                "insert into requests (id, case_ref, reference, kind, state, closing, received_at, profile_id, profile_version, "
                "calendar_id, calendar_version, zone, clock_state, closed_at, version) values ($id, $case, 'r', $kind, $state, "
                "$closing, $at, 'eu_gdpr', '1', 'DE', '1', 'UTC', 'running', $at, 1)",
                {"id": each.id, "case": f"case-{each.id}", "kind": each.kind, "state": each.state, "closing": each.closing,
                 "at": EARLY},
            )
            if each.fee:
                tx._cursor.execute(
                    "insert into fees (id, request_id, case_ref, state, ground, facts, evidence, costs, currency, letter_id, "
                    "prepared_by, prepared_at, announced_on, reply_by, outcome, version) values ($id, $id, $id, 'ended', "
                    "$ground, '', '', '', 'EUR', 'l', 'x', $at, $day, $day, $outcome, 1)",
                    {"id": each.id, "ground": each.fee[0], "outcome": each.fee[1], "at": EARLY, "day": EARLY.date()},
                )
        columns = [
            (new_id(), "c", request_id, act, item, True, outcome, article, "X", "p", json.dumps(facts, separators=(",", ":")),
             "s", None, "a", EARLY + timedelta(days=day))
            for request_id, (act, item, outcome, article, day, *facts) in every
        ]
        if columns:
            tx.bulk("decisions.add_all", dict(zip(COLUMNS, map(list, zip(*columns, strict=True)), strict=True)), {"words": "binary"})
        store.commit(tx)


def of(walk, *about, desk=None):
    return mirror.of_request(desk or walk.steward, walk.request_id, about or mirror.ON_THE_ANSWER)


def row(walk, title="Events", *about):
    return next(each for each in of(walk, *about).rows if each.title == title)


def kept(erasure):
    """Plan an erasure in which the events are kept for the tax."""
    planned(erasure, "erasure_partly", claims=(TAX,))
    return erasure


def made_up(seed=7, number=60):
    """Return requests of every sort: decided again and again, undecided, taken back, of another right, erased years later."""
    chance = random.Random(seed)
    ways = {"retain": ("17(3)(b)", "17(3)(e)"), "erase": ("17(1)(a)", "17(1)(d)"), "no_ground": ("17(1)",), "held": ("17(3)(e)",)}
    made = []
    for _ in range(number):
        rows = []
        for item in ("local.events", "local.devices", "desk"):
            for day in range(chance.choice((0, 1, 1, 2, 3))):
                outcome = chance.choice(list(ways))
                rows.append((PLANNED, item, outcome, chance.choice(ways[outcome]), day * 10 + chance.randrange(9)))
        rows += chance.choice(([], [("kept.erase", "local.events", "erase", "17(1)(a)", 500)], [("kept.prolong", "local.events", *KEPT, 400)]))
        state = chance.choice(("closed", "closed", "closed", "ready_to_send", "carrying_out", "in_progress", "awaiting_approval"))
        closing = chance.choice(("fulfilled", "partly_fulfilled", "refused", "withdrawn", "duplicate")) if state == "closed" else None
        made.append(Other(rows, chance.choice(("erasure",) * 4 + ("restriction",)), state, closing, chance.random() < 0.1))
    return made


def counted(others, item):
    """Count as somebody would who reads every file: treatment and article of the last approved plan of each request."""
    found, first = Counter(), None
    for each in others:
        undecided = each.state in {"in_progress", "awaiting_approval"} or each.closing in {"withdrawn", "duplicate"}
        rows = [one for one in each.decisions if one[0] == PLANNED and one[1] == item]
        if each.kind != "erasure" or undecided or not rows:
            continue
        _, _, outcome, article, day = max(rows, key=lambda one: one[4])
        words = "erased" if outcome == "erase" else "kept"
        found[f"{words} {'for want of a ground (Art. 17(1))' if article == '17(1)' else f'under Art. {article}'}"] += 1
        first = min(day, first if first is not None else day)
    return found, first


def test_the_counts_are_those_of_an_independent_count(erasure):
    others = made_up()
    tell(erasure.store, others)
    shown = row(kept(erasure))
    wanted, first = counted(others, "local.events")
    assert dict(shown.ways) == dict(wanted)
    assert len(wanted) == 5, "every way is there"
    day = (EARLY + timedelta(days=first)).date()
    assert shown.here == "kept under Art. 17(3)(b)"
    assert shown.summary.endswith(f"in {wanted.total()} like cases since {day.day} {day:%b %Y}")
    assert "Devices" not in {each.title for each in of(erasure).rows}, "a table that holds nothing of the person is no item"


def test_a_request_decided_twice_counts_once_by_its_last_decision(erasure):
    tell(erasure.store, [decided(ERASED, KEPT) for _ in range(5)])
    assert row(kept(erasure)).ways == (("kept under Art. 17(3)(b)", 5),)


def test_an_erasure_years_later_of_what_was_kept_is_no_decision_on_the_request(erasure):
    later = ("kept.erase", "local.events", *ERASED, 3000)
    tell(erasure.store, [Other([(PLANNED, "local.events", *KEPT, 0), later]) for _ in range(5)])
    shown = of(kept(erasure))
    assert row(erasure).ways == (("kept under Art. 17(3)(b)", 5),)
    assert shown.warning == ""


def test_what_was_taken_back_or_refused_as_a_whole_afterwards_is_no_like_case(erasure):
    whole = (REFUSED, "", "refused", "12(5)", 9)
    tell(erasure.store, [
        *[decided(ERASED) for _ in range(4)], decided(ERASED, state="in_progress", closing=None),
        decided(ERASED, closing="withdrawn"), Other([(PLANNED, "local.events", *ERASED, 0), whole], closing="refused"),
    ])
    assert row(kept(erasure)).ways == ()
    tell(erasure.store, [Other([whole, (PLANNED, "local.events", *ERASED, 10)])])
    assert row(erasure).ways == (("erased under Art. 17(1)(a)", 5),), "refused first, then planned: the plan decided"


def test_an_own_request_never_counts_itself(erasure):
    tell(erasure.store, [decided(ERASED) for _ in range(4)])
    kept(erasure).approve()
    assert erasure.state == "carrying_out"
    assert (row(erasure).ways, of(erasure).warning) == ((), "")
    tell(erasure.store, [decided(ERASED)])
    assert row(erasure).ways == (("erased under Art. 17(1)(a)", 5),)


def test_sealed_cases_are_counted_only_where_five_are_shown(erasure):
    tell(erasure.store, [decided(ERASED), decided(ERASED), decided(KEPT), decided(KEPT, sealed=True)])
    shown = row(kept(erasure))
    assert (shown.ways, shown.unlike) == ((), "")
    assert shown.summary == f"Events, kept under Art. 17(3)(b): {FEW}"
    assert FEW == "Fewer than five like cases: nothing to compare with yet."
    tell(erasure.store, [decided(ERASED, sealed=True)])
    assert dict(row(erasure).ways) == {"erased under Art. 17(1)(a)": 3, "kept under Art. 17(3)(b)": 2}


def test_four_fifths_exactly_are_marked_and_the_approval_of_it_is_noted(erasure, entries):
    tell(erasure.store, [*[decided(ERASED) for _ in range(4)], decided(KEPT)])
    assert of(kept(erasure)).warning == (
        "Events: kept under Art. 17(3)(b) here, while 4 of 5 like cases since 2 Mar 2025 ended otherwise (4 erased)."
    )
    erasure.approve()
    assert noted(entries, PLANNED) == [1]


def test_one_case_less_than_four_fifths_is_neither_marked_nor_noted(erasure, entries):
    tell(erasure.store, [*[decided(ERASED) for _ in range(7)], decided(KEPT), decided(KEPT)])
    assert of(kept(erasure)).warning == ""
    erasure.approve()
    assert noted(entries, PLANNED) == [None]


def noted(entries, act):
    return [json.loads(each["details"]).get("unlike") for each in entries() if (each["act"], each["outcome"]) == (act, "done")]


def test_a_refusal_stands_beside_how_the_others_ended_whatever_their_ground(walk, entries):
    others = [
        *[Other(kind="access") for _ in range(6)], Other(kind="access", closing="partly_fulfilled"),
        Other([(REFUSED, "", "refused", "12(5)", 0)], "access", closing="refused"),
        Other([(REFUSED, "", "refused", "15(4)", 0), (REFUSED, "", "refused", "12(5)", 4)], "access", closing="refused"),
        Other([(REFUSED, "", "refused", "15(4)", 0)], "access"),  # taken back, and answered
        Other(kind="access", closing="withdrawn"), Other(kind="access", state="in_progress", closing=None),
        Other(kind="portability"), Other([(REFUSED, "", "refused", "12(5)", 0)], "erasure", closing="refused"),
    ]
    tell(walk.store, others)
    assert of(walk).rows == (), "nothing is prepared yet"
    letter = test_refusals.prepare(walk)
    (shown,) = of(walk).rows
    assert dict(shown.ways) == {"answered in full": 7, "answered in part": 1, "refused under Art. 12(5)": 2}
    assert (of(walk).warning, shown.unlike) == ("", ""), "most requests are answered: a mark would always stand"
    asked = test_refusals.ask(walk)
    assert of(walk, desk=walk.approver).rows == (shown,), "who is asked in the case reads the same"
    approvals.approve(walk.approver, REFUSAL, asked, key=new_id())
    assert noted(entries, REFUSED) == [None]
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    test_refusals.send(walk)
    test_refusals.close(walk)
    assert of(walk) == mirror.Mirror((), ""), "a closed request never moves"


def test_refusals_on_another_ground_make_no_refusal_unequal(walk):
    tell(walk.store, [Other([(REFUSED, "", "refused", "15(4)", 0)], "access", closing="refused") for _ in range(5)])
    test_refusals.prepare(walk)
    assert (len(of(walk).rows), of(walk).warning) == (1, "")


def extension(outcome, state="closed", ground="complexity", day=0):
    act = "extension.return" if outcome == "returned" else "extension.approve"
    return (act, "", outcome, "12(3)", day, ["grounds", ground], ["notice_due", "2026-01-01"])


def test_an_extension_given_back_counts_when_its_request_is_closed_and_not_before(walk):
    prepared = ("extension.prepare", "", "prepared", "12(3)", 30, ["grounds", "number"])
    late = ("letter.sent", "", "late", "12(3)", 40, ["grounds", "number"])
    tell(walk.store, [
        *[Other([extension("returned"), extension("approved", day=3), prepared, late], "access") for _ in range(2)],
        Other([extension("approved", ground="complexity number")], "access", "in_progress", None),
        *[Other([extension("returned")], "access") for _ in range(2)],
        Other([extension("returned")], "access", "in_progress", None), Other([prepared], "access"),
    ])
    test_extensions.prepare(walk)
    assert of(walk).rows == (), "an extension is no answer"
    (shown,) = of(walk, Question.EXTENSION).rows
    assert shown.here == "extended (complexity)"
    assert dict(shown.ways) == {
        "extended (complexity)": 2, "extended (complexity, number)": 1, "not extended (complexity)": 2,
    }


def test_a_fee_that_was_dropped_is_none(walk):
    tell(walk.store, [
        *[Other(kind="access") for _ in range(2)], Other(kind="access", fee=("excessive", "waived")),
        Other(kind="access", fee=("excessive", "paid")), Other(kind="access", closing="refused"),
    ])
    test_fees.prepare(walk)
    (shown,) = of(walk, Question.PAYMENT).rows
    assert dict(shown.ways) == {"answered free of charge": 3, shown.here: 1, "refused": 1}


def test_an_objection_is_compared_by_the_use_that_it_is_against(walk):
    mine = test_refusals.asked_for(walk, "objection")
    use, prevails = "purposes.contract", ["prevails", "compelling"]
    weighed = [("need.record", use, "not_upheld", "21(1)", day, prevails) for day in (0, 1)]
    upheld = ("need.record", use, "upheld", "21(1)", 0, ["prevails", "nothing"])
    tell(mine.store, [
        *[Other([upheld], "objection") for _ in range(5)], Other([("need.record", "purposes.service", *weighed[0][2:])], "objection"),
        Other([weighed[0]], "objection", "in_progress", None), Other([("need.record", "", "in_effect", "21(1)", 0)], "objection"),
    ], own=[(mine.request_id, each) for each in weighed])
    (shown,) = of(mine).rows
    assert (shown.here, shown.ways) == ("not upheld (compelling)", (("upheld", 5),))
    assert of(mine).warning.startswith("Keeping the customer account and fulfilling contracts: not upheld (compelling) here")


def test_several_points_of_one_table_are_one_case(empty_walk):
    mine = correcting.take_in(empty_walk, "rectification", import_people(empty_walk.store, 3)[1], 1)
    done, left = ("corrected", "16", 0, ["finding", "inaccurate"]), ("left", "16", 0, ["finding", "opinion"])
    item = (PLANNED, "local.profiles")
    tell(mine.store, [
        *[Other([(*item, *done), (*item, *done)], "rectification") for _ in range(3)],
        Other([(*item, *done), (*item, *left)], "rectification"), Other([(*item, *left)], "rectification"),
    ])
    mine.propose("city", "Newtown")
    mine.plan()
    (shown,) = of(mine).rows
    assert dict(shown.ways) == {"corrected (inaccurate)": 3, "partly corrected": 1, "left as it is (opinion)": 1}
    assert shown.here == "corrected (inaccurate)"


def test_who_may_not_open_the_case_gets_nothing(erasure):
    tell(erasure.store, [decided(ERASED) for _ in range(9)])
    kept(erasure)
    for role in (Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            of(erasure, desk=desk_of(erasure.store, role, name=role.value))
    approval = erasure.ask_plan()
    assert of(erasure, desk=erasure.approver).warning
    with pytest.raises(NotAllowed):
        of(erasure, desk=desk_of(erasure.store, Role.APPROVER, name="another"))
    with pytest.raises(NotFound):
        mirror.of_request(erasure.steward, "nothing")
    approvals.give_back(erasure.approver, PLAN, approval, "Look again.", key=new_id())
    dpo = desk_of(erasure.store, Role.DPO, name="deputy")
    with erasure.store.transaction() as tx:
        tx.run("cases.name_person", case_ref=erasure.case_ref, account_id=dpo.person.account_id)
        tx._cursor.execute("update cases set sealed_to_names = true where case_ref = $ref", {"ref": erasure.case_ref})
        erasure.store.commit(tx)
    with pytest.raises(NotAllowed):
        of(erasure)
    assert of(erasure, desk=dpo).rows


def test_what_is_read_names_nobody_and_no_request(erasure):
    others = [decided(ERASED, sealed=True) for _ in range(9)]
    tell(erasure.store, others)
    text = str(of(kept(erasure)))
    assert not any(each.id in text or f"case-{each.id}" in text for each in others)
    assert erasure.case_ref not in text
