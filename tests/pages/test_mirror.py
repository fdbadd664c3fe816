"""The decision mirror on the request page: numbers by a click that stays, the warning without one, wherever an answer goes by."""

from streamlit.testing.v1 import AppTest

from core.law.rights.mirror import FEW
from tests.actions.answers.refusal import test_extensions, test_fees, test_refusals
from tests.actions.answers.refusal.test_refusals import ask, prepare
from tests.actions.answers.test_mirror import ERASED, Other, decided, kept, tell
from tests.actions.conftest import empty_walk, erasure, people_here, walk  # noqa: F401 - fixtures

SEATS: dict[str, object] = {}
SWITCH = "How like cases were decided"


def script(place: str, request_id: str, approval_id: str) -> None:
    from core.actions.cases import cases
    from pages.parts import visit
    from pages.request import carry_panel, decision, extension_panel, fee_panel
    from pages.request.answers import need_panel, refusal_panel
    from tests.pages.test_mirror import SEATS

    desk = SEATS["desk"]
    file = cases.open_case(desk, cases.case_of(desk, request_id))
    (request,) = file.requests
    visit.arrive(request_id)
    if place == "prepare":
        refusal_panel.draw(desk, file, request)
    elif place == "approve":
        refusal_panel.decide(desk, approval_id)
    elif place == "send":
        decision._send(desk, request, None)
    elif place == "plan":
        carry_panel.ask(desk, file, request)
    elif place == "approve_plan":
        carry_panel.decide(desk, approval_id)
    else:
        extension_panel.draw(desk, file, request)
        fee_panel.draw(desk, request)
        need_panel.draw(desk, file, request)


def drawn(walk, desk, place, approval_id=""):
    SEATS["desk"] = desk
    ran = AppTest.from_function(script, args=(place, walk.request_id, approval_id), default_timeout=60).run()
    assert not ran.exception
    return ran


def warned(ran):
    return [each.value for each in ran.warning if "like cases" in each.value]


def test_a_refusal_has_the_numbers_and_is_never_marked_for_most_requests_are_answered(walk):
    tell(walk.store, [Other(kind="access") for _ in range(5)])
    prepare(walk)
    ran = drawn(walk, walk.steward, "prepare")
    assert (warned(ran), [each.label for each in ran.toggle]) == ([], [SWITCH])
    approval = ask(walk)
    ran = drawn(walk, walk.approver, "approve", approval)
    assert (warned(ran), [each.label for each in ran.toggle]) == ([], [SWITCH])


def test_the_numbers_come_by_a_click_and_stay(walk):
    tell(walk.store, [Other(kind="access") for _ in range(5)])
    prepare(walk)
    ran = drawn(walk, walk.steward, "prepare")
    assert not ran.dataframe
    (switch,) = [each for each in ran.toggle if each.label == SWITCH]
    switch.set_value(True).run()
    for _ in range(2):
        (table,) = ran.dataframe
        assert table.value.to_dict("records") == [
            {"What": "Access", "Here": "refused under Art. 12(5)", "Like cases": "answered in full", "Number": 5}
        ]
        ran.run()


def test_below_five_there_is_a_sentence_in_place_of_numbers(walk):
    tell(walk.store, [Other(kind="access") for _ in range(4)])
    prepare(walk)
    ran = drawn(walk, walk.steward, "prepare")
    next(each for each in ran.toggle if each.label == SWITCH).set_value(True).run()
    assert (warned(ran), list(ran.dataframe)) == ([], [])
    assert FEW in [each.value for each in ran.caption]


def test_where_nothing_is_prepared_nothing_is_compared(walk):
    tell(walk.store, [Other(kind="access") for _ in range(9)])
    ran = drawn(walk, walk.steward, "prepare")
    assert (warned(ran), list(ran.toggle)) == ([], [])


def test_a_plan_is_marked_while_it_is_prepared_approved_and_sent(erasure):
    tell(erasure.store, [decided(ERASED) for _ in range(5)])
    kept(erasure)
    said = ["Events: kept under Art. 17(3)(b) here, while 5 of 5 like cases since 2 Mar 2025 ended otherwise (5 erased)."]
    assert warned(drawn(erasure, erasure.steward, "plan")) == said
    assert warned(drawn(erasure, erasure.approver, "approve_plan", erasure.ask_plan())) == said
    ran = drawn(erasure, erasure.steward, "send")
    assert warned(ran) == said
    assert [each.label for each in ran.button] == ["Mark as sent…"], "it stops nothing"
    assert not ran.button[0].disabled


def test_an_extension_a_fee_and_an_objection_have_it_where_they_are_prepared(walk):
    mine = test_refusals.asked_for(walk, "objection")
    weighed = ("need.record", "purposes.contract", "upheld", "21(1)", 0, ["prevails", "nothing"])
    tell(mine.store, [], own=[(mine.request_id, weighed)])
    test_extensions.prepare(mine)
    test_fees.prepare(mine)
    ran = drawn(mine, mine.steward, "other")
    assert [each.key.split("_")[1] for each in ran.toggle if each.label == SWITCH] == ["extension", "fee", "objection"]
