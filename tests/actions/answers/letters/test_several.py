"""One letter that tells of several requests of a case: of each the same, each told by it, none of another case."""

from datetime import date

import pytest

from core.actions.answers import endings, requests
from core.actions.answers.letters import letter_choices, letters
from core.actions.cases import clock, intake, joining
from core.law.errors import Invalid, NotPossible
from core.law.letters import LETTERS, SEVERAL
from core.law.roles import Role
from core.law.workflow import Closing
from core.store.engine import new_id
from tests.conftest import NOW, desk_of

WHY = {"reason": "WHYWORDS of this case."}


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD, name="steward")


def taken(desk, *rights, email="marker@example.com"):
    made = intake.take_in(
        desk, intake.Intake(rights, "email", date(2026, 11, 2), name="M", email=email, body="B"), key=new_id()
    )
    return made.case_ref, [each[0] for each in made.requests]


def draft(desk, case_ref, request, kind, also=(), told=None):
    return letters.draft(desk, case_ref, kind, request, also=also, told=told, key=new_id())


def shown(desk, case_ref, letter):
    return next(each for each in letters.list_letters(desk, case_ref) if each.id == letter)


def close(desk, request, closing):
    with desk.store.transaction() as tx:
        version = tx.one("requests.one", id=request)["version"]
    requests.close(desk, request, closing, "WHYCLOSED", version=version, key=new_id())


def test_it_names_each_right_and_tells_of_each_request(desk):
    case_ref, (access, erasure, marketing) = taken(desk, "access", "erasure", "objection_marketing")
    letter = draft(desk, case_ref, access, "outside", [erasure], WHY)
    found = shown(desk, case_ref, letter)
    assert "your request: access; erasure." in found.text
    assert (found.request_id, found.also) == (access, (erasure,))
    offered = {each.code: each.why_not for each in letter_choices.choices(desk, erasure)}
    assert "there already" in offered["outside"]
    assert not {each.code: each.why_not for each in letter_choices.choices(desk, marketing)}["outside"]
    letters.mark_sent(desk, letter, "email", NOW.date(), key=new_id())
    assert [endings.is_told(desk, each, Closing.OUTSIDE) for each in (access, erasure, marketing)] == [True, True, False]
    close(desk, access, "outside")
    close(desk, erasure, "outside")
    with pytest.raises(NotPossible, match="Send the person the letter"):
        close(desk, marketing, "outside")


def test_where_it_would_say_something_else_each_has_its_own(desk):
    case_ref, (access,) = taken(desk, "access")
    joined = joining.add_message(
        desk, case_ref, intake.Intake(("erasure",), "email", date(2026, 11, 9), email="marker@example.com", body="B"), key=new_id()
    )
    (erasure, reference, _) = joined.opened[0]
    with pytest.raises(NotPossible, match=f"{reference} this letter would say something else"):
        draft(desk, case_ref, access, "receipt", [erasure])
    assert letters.list_letters(desk, case_ref) == ()
    clock.ask(desk, access, "identity", "Which two orders?", "Two people of this name are held.", key=new_id())
    with pytest.raises(NotPossible, match="something else"):
        draft(desk, case_ref, access, "identity_question", [erasure])


def test_a_question_and_its_letter_are_for_the_whole_case(desk):
    case_ref, (access, erasure) = taken(desk, "access", "erasure")
    clock.ask(desk, access, "identity", "Which two orders?", "Two people of this name are held.", key=new_id())
    text = shown(desk, case_ref, draft(desk, case_ref, erasure, "identity_question", [access])).text
    assert "erasure; access" in text


def test_only_some_letters_tell_of_several(desk):
    case_ref, (access, erasure) = taken(desk, "access", "erasure")
    astray = dict.fromkeys(("what_happened", "consequences", "measures"), "MARKERWORDS of this very case.")
    with pytest.raises(NotPossible, match="tells of one request"):
        draft(desk, case_ref, access, "misdelivery_notice", [erasure], astray)
    letter = draft(desk, case_ref, access, "forwarded", [erasure, erasure, access], {"controller": "Another Ltd, Street 1"})
    assert shown(desk, case_ref, letter).also == (erasure,)


def test_a_request_of_another_case_or_of_none_is_refused(desk):
    case_ref, (access,) = taken(desk, "access")
    _, (stranger,) = taken(desk, "access", email="stranger@example.com")
    for other in (stranger, "nothing"):
        with pytest.raises(Invalid) as refusal:
            draft(desk, case_ref, access, "outside", [other], WHY)
        assert refusal.value.field == "also"
    assert letters.list_letters(desk, case_ref) == ()


def test_what_cannot_be_written_of_one_by_itself_cannot_be_written_of_it_beside_another(desk):
    case_ref, (access, erasure) = taken(desk, "access", "erasure")
    draft(desk, case_ref, erasure, "outside", told=WHY)
    with pytest.raises(NotPossible, match="there already"):
        draft(desk, case_ref, access, "outside", [erasure], WHY)


def test_a_draft_that_is_deleted_tells_of_nothing(desk):
    case_ref, (access, erasure) = taken(desk, "access", "erasure")
    letter = draft(desk, case_ref, access, "outside", [erasure], WHY)
    letters.discard(desk, case_ref, letter, key=new_id())
    with desk.store.transaction() as tx:
        assert tx.rows("letters.told_of", case_ref=case_ref) == []
    draft(desk, case_ref, erasure, "outside", [access], WHY)


def test_what_gives_or_decides_something_tells_of_one_request():
    decided = {code for code, row in LETTERS.items() if row.approval.value != "nobody"}
    assert {kind.value for kind in SEVERAL} & decided == {"no_data_held", "not_identified", "no_answer"}
