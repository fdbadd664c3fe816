"""Access: no answer with a gap, actual recipients, redactions each weighed, and lookers without their names."""

from datetime import date

import pytest

from core.law.errors import Invalid, NotPossible
from core.law.records import Under
from core.law.rights.access import (
    CHECKLIST,
    NEVER_OMITTED,
    Against,
    Look,
    Point,
    Redaction,
    Told,
    check_redactions,
    missing,
    recipients,
    record_of,
    require_whole,
    who_looked,
)

WHOLE = [Told(point, True) for point in Point]
HARM, LESS = "It names who complained about them.", "A name left in would give them away at once."


def test_the_checklist_has_every_point_of_the_article():
    assert set(CHECKLIST) == set(Point)
    assert {rule.article for rule in CHECKLIST.values()} == {"15(1)", *(f"15(1)({letter})" for letter in "abcdefgh"), "15(2)", "15(3)"}
    assert set(NEVER_OMITTED) == {Point.CONFIRMATION, Point.RIGHTS, Point.COMPLAINT}


@pytest.mark.parametrize("point", Point)
def test_each_point_is_told_or_left_out_with_a_reason_where_it_may_be(point):
    others = [each for each in WHOLE if each.point is not point]
    assert missing(others) == (point,)
    assert missing([*others, Told(point, False)]) == (point,)
    assert missing([*others, Told(point, False, "  ")]) == (point,)
    assert missing([*others, Told(point, True, "it does not apply")]) == (point,)  # a contradiction
    left_out = missing([*others, Told(point, False, "nothing of it is there")])
    assert left_out == ((point,) if point in NEVER_OMITTED else ())


def test_no_data_is_an_answer_of_its_own():
    """FRM-2: confirmation, rights and complaint are told in any case."""
    nothing = [Told(point, point in NEVER_OMITTED, "" if point in NEVER_OMITTED else "no data are held") for point in Point]
    require_whole(nothing)
    with pytest.raises(NotPossible, match=r"15\(1\)\(f\)"):
        require_whole([each for each in nothing if each.point is not Point.COMPLAINT])


@pytest.mark.parametrize(("facts", "names", "article"), [
    ({}, ("Bank", "Carrier"), "15(1)(c)"),
    ({"wants_categories": True}, (), "15(1)(c)"),
    ({"impossible": "the log is lost"}, (), "15(1)(c)"),
    ({"impossible": "  "}, ("Bank", "Carrier"), "15(1)(c)"),
    ({"excessive": "asked for daily"}, (), "12(5)"),
    ({"excessive": ""}, ("Bank", "Carrier"), "15(1)(c)"),
])
def test_actual_recipients_are_named_unless_a_reason_is_recorded(facts, names, article):
    told = recipients(["Carrier", "Bank", "Carrier"], ["delivery"], **facts)
    assert (told.names, told.article, told.categories) == (names, article, ("delivery",))


@pytest.mark.parametrize(("harm", "less"), [("", LESS), ("short", LESS), (HARM, ""), (HARM, "short")])
def test_each_redaction_is_weighed_by_itself(harm, less):
    whole = Redaction("notes.1", Against.OTHER_PERSON, HARM, LESS, "a")
    with pytest.raises(Invalid):
        check_redactions([whole, Redaction("notes.2", Against.TRADE_SECRET, harm, less, "a")], ["notes.1", "notes.2", "notes.3"])


def test_a_copy_is_never_blacked_out_whole():
    both = [Redaction(f"notes.{n}", Against.OTHER_PERSON, HARM, LESS, "a") for n in (1, 2)]
    check_redactions(both, ["notes.1", "notes.2", "notes.3"])
    check_redactions([], [])
    with pytest.raises(NotPossible, match=r"15\(4\)"):
        check_redactions(both, ["notes.1", "notes.2"])
    with pytest.raises(Invalid, match="not in the copy"):
        check_redactions(both, ["notes.1", "notes.3"])


LOOKS = [Look(date(2026, 3, 4), "request", "f3"), Look(date(2026, 3, 2), "quality", "b1"), Look(date(2026, 3, 5), "quality", "f3")]


def test_who_looked_is_a_number_of_this_answer_alone():
    told = who_looked(LOOKS)
    assert [(each.day.day, each.actor) for each in told] == [(2, "colleague 1"), (4, "colleague 2"), (5, "colleague 2")]
    assert not {each.actor for each in told} & {each.actor for each in LOOKS}
    assert [each.actor for each in who_looked(LOOKS[:1])] == ["colleague 1"]  # the number is not the person


def test_a_colleague_is_named_only_where_it_was_weighed():
    told = who_looked(LOOKS, {"f3": "Without the name they cannot sue the right person."})
    assert [each.actor for each in told] == ["colleague 1", "f3", "f3"]
    with pytest.raises(Invalid):
        who_looked(LOOKS, {"f3": "they asked"})


def test_the_record_names_points_and_not_what_was_told():
    made = record_of([each for each in WHOLE if each.point is not Point.SOURCE], Under("eu_gdpr@2018-05-25"))
    assert (made.granted, dict(made.inputs)["lacking"]) == (False, "15.1.g")
    assert record_of(WHOLE, Under("eu_gdpr@2018-05-25")).granted
