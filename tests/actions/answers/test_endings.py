"""Every ending without action is told by its letter; only where nothing was asked may the reason why not stand in its place."""

from datetime import date

import pytest

from core.actions.answers import endings, progress, requests
from core.actions.answers.letters import letters
from core.actions.cases import cases, identity, intake
from core.law.errors import Invalid, NotPossible
from core.law.roles import Role
from core.law.workflow import ENDINGS, MAY_STAY_UNTOLD, TOLD_BY, Closing, Step, require_told
from core.store.engine import new_id
from tests.conftest import NOW, desk_of

UNTOLD = "WHYUNTOLD: the sender is a machine that reads no answers."
WORDS = {
    "duplicate": ("You had asked us for the same before", "RD-2026-", "2 November 2026"),
    "forwarded": ("OTHERWORDS", "We passed your request on"),
    "not_a_request": ("WHYWORDS", "do not read it so", "judicial remedy (Article 79)"),
    "outside": ("WHYWORDS", "does not apply", "judicial remedy (Article 79)"),
}
TOLD = {"forwarded": {"controller": "OTHERWORDS Ltd, Street 1"}, "not_a_request": {"reason": "WHYWORDS of this case."},
        "outside": {"reason": "WHYWORDS of this case."}}


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD, name="steward")


def taken(desk, *rights):
    return intake.take_in(
        desk, intake.Intake(rights or ("access",), "email", date(2026, 11, 2), email="marker@example.com", body="B"), key=new_id()
    )


def close(desk, request_id, closing, untold=""):
    with desk.store.transaction() as tx:
        version = tx.one("requests.one", id=request_id)["version"]
    requests.close(desk, request_id, closing, "WHYCLOSED", version=version, key=new_id(), untold=untold)


def tell(desk, case_ref, request_id, closing):
    letter = letters.draft(desk, case_ref, closing, request_id, told=TOLD.get(closing), key=new_id())
    letters.mark_sent(desk, letter, "email", NOW.date(), key=new_id())
    return next(each.text for each in letters.list_letters(desk, case_ref) if each.id == letter)


def test_every_ending_without_action_has_a_letter():
    assert set(TOLD_BY) == set(ENDINGS[Step.CLOSE])
    assert {letter.value for letter in TOLD_BY.values()} == {ending.value for ending in TOLD_BY}


@pytest.mark.parametrize("closing", sorted(WORDS))
def test_it_ends_once_its_letter_is_out_and_no_sooner(desk, closing, entries):
    if closing == "duplicate":
        taken(desk)
    case = taken(desk)
    request = case.requests[0][0]
    with pytest.raises(NotPossible, match="Or write why nobody is told"):
        close(desk, request, closing)
    letter = letters.draft(desk, case.case_ref, closing, request, told=TOLD.get(closing), key=new_id())
    with pytest.raises(NotPossible, match="Or write why nobody is told"):
        close(desk, request, closing)
    assert not endings.is_told(desk, request, Closing(closing))
    letters.mark_sent(desk, letter, "email", NOW.date(), key=new_id())
    text = next(each.text for each in letters.list_letters(desk, case.case_ref) if each.id == letter)
    for words in WORDS[closing]:
        assert words in text
    assert endings.is_told(desk, request, Closing(closing))
    close(desk, request, closing, UNTOLD)
    assert cases.open_case(desk, case.case_ref).requests[0].closing == closing
    (row,) = [each for each in entries() if each["act"] == "request.close" and each["outcome"] == "done"]
    assert '"told":1' in row["details"], "whoever was told was told, whatever is typed beside it"


@pytest.mark.parametrize("closing", sorted(WORDS))
def test_where_nobody_can_be_told_the_reason_is_kept_with_the_case_and_not_in_the_log(desk, closing, entries):
    if closing == "duplicate":
        taken(desk)
    case = taken(desk)
    with pytest.raises(Invalid) as refusal:
        close(desk, case.requests[0][0], closing, "spam")
    assert refusal.value.field == "untold"
    close(desk, case.requests[0][0], closing, UNTOLD)
    (row,) = [each for each in entries() if each["act"] == "request.close" and each["outcome"] == "done"]
    assert '"told":0' in row["details"]
    assert "WHYUNTOLD" not in "".join(str(each) for each in entries())
    with desk.store.transaction() as tx:
        assert not [each for each in tx.rows("requests.moves", request_id=case.requests[0][0]) if "WHYUNTOLD" in str(each)]


@pytest.mark.parametrize("closing", ["not_a_request", "outside", "forwarded"])
def test_the_letter_about_one_request_tells_nothing_of_another(desk, closing):
    case = taken(desk, "access", "erasure")
    first, second = (each[0] for each in case.requests)
    tell(desk, case.case_ref, first, closing)
    close(desk, first, closing)
    with pytest.raises(NotPossible, match="Send the person the letter"):
        close(desk, second, closing)


def test_the_checklist_of_one_request_is_not_ticked_by_the_letter_about_another(desk):
    case = taken(desk, "access", "erasure")
    first, second = (each[0] for each in case.requests)
    identity.record(desk, case.case_ref, [], "failed", "Nobody answered.", key=new_id())

    def is_ticked(request):
        return next(each.done for each in progress.of_request(desk, request).items if "why nothing is done" in each.title)

    tell(desk, case.case_ref, first, "outside")
    assert (is_ticked(first), is_ticked(second)) == (True, False)


@pytest.mark.parametrize("closing", sorted(set(TOLD_BY) - MAY_STAY_UNTOLD))
def test_what_goes_against_the_person_is_told_in_any_case(closing):
    with pytest.raises(NotPossible, match="mark it as sent"):
        require_told(closing, set(TOLD_BY.values()) - {TOLD_BY[closing]}, UNTOLD)
    require_told(closing, [TOLD_BY[closing]], "")


def test_nobody_is_told_of_a_first_request_that_is_not_there(desk):
    case = taken(desk)
    with pytest.raises(NotPossible, match="no duplicate"):
        letters.draft(desk, case.case_ref, "duplicate", case.requests[0][0], key=new_id())
    assert Closing.DUPLICATE in MAY_STAY_UNTOLD
