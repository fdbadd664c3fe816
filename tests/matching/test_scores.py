from dataclasses import replace
from datetime import date

import pytest

from core.matching.likeness import address_key, city_key, name_key, postcode_key
from core.matching.scores import LIKELY, Asked, Candidate, Score, least, rank, score

BORN = date(1980, 4, 7)
WHOLE = Asked(
    given_name="Given",
    family_name="Marker",
    birth_date=BORN,
    postcode="2600",
    address="12 Sample Street",
    city="Testville",
)


def held(
    ref="a", given="Given", family="Marker", born=BORN, address="12 Sample Street", city="Testville", postcode="2600"
):
    return Candidate(ref, f"c-{ref}", given, family, born, address_key(address), city_key(city), postcode_key(postcode))


def test_everything_equal_is_one_with_every_reason():
    assert score(WHOLE, held()) == Score(
        1.0, ("name equal", "birth date equal", "address equal", "postcode equal", "city equal")
    )


def test_nothing_equal_is_nothing():
    stranger = held("b", "Quux", "Zzyzx", date(1951, 12, 30), "9 Other Road", "Farplace", "4815")
    assert score(WHOLE, stranger).value == 0
    assert rank(WHOLE, [stranger]) == []


@pytest.mark.parametrize(
    "asked",
    [
        Asked(name="Given Marker"),
        Asked(given_name="Given", family_name="Marker"),
        Asked(name="Marker"),
        Asked(family_name="Marker"),
    ],
)
def test_a_name_alone_is_possible_and_never_more(asked):
    ((found, result),) = rank(asked, [held()])
    assert found.subject_ref == "a"
    assert result.value <= 0.30 < LIKELY
    assert not result.likely
    assert result.why[0].startswith("name equal")


def test_name_and_birth_date_alone_are_not_yet_likely():
    assert not score(Asked(name="Given Marker", birth_date=BORN), held()).likely
    assert score(Asked(name="Given Marker", birth_date=BORN, postcode="2600"), held()).likely


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"given": "Marker", "family": "Given"}, "given and family name swapped"),
        ({"born": date(1980, 7, 4)}, "birth date with day and month swapped"),
        ({"born": date(1981, 4, 7)}, "birth date one digit off"),
        ({"born": date(1908, 4, 7)}, "birth date with two digits swapped"),
        ({"born": None}, "no birth date held"),
        ({"family": "Marcker"}, "name equal in part"),
        ({"given": "Giwen", "family": "Marcker"}, "name alike"),
        ({"given": "", "family": "Givenmarker"}, "name alike"),
        ({"address": "12samplestreet"}, "address alike"),
        ({"address": "Sample Street 12"}, "address alike"),
        ({"address": ""}, "no address held"),
        ({"postcode": "2060"}, "postcode alike"),
        ({"postcode": "4815"}, "postcode differs"),
        ({"postcode": ""}, "no postcode held"),
        ({"city": "Tesstvile"}, "city alike"),
        ({"city": "Farplace"}, "city differs"),
    ],
)
def test_a_single_slip_is_named_and_the_person_stays_likely(change, reason):
    result = score(WHOLE, held(**change))
    assert reason in result.why
    assert result.likely
    assert result.value < 1


@pytest.mark.parametrize("field", ["given", "family", "born", "address", "city", "postcode"])
def test_equal_beats_missing_and_missing_beats_different(field):
    empty = {"born": None}.get(field, "")
    other = {"born": date(1951, 12, 30)}.get(field, "9 zzyzx")
    equal, missing, differs = (score(WHOLE, held(**change)).value for change in ({}, {field: empty}, {field: other}))
    assert equal > missing > differs


def test_a_swap_counts_less_than_the_names_in_place():
    in_place, swapped = score(WHOLE, held()), score(WHOLE, held(given="Marker", family="Given"))
    assert in_place.value > swapped.value > score(WHOLE, held(given="Quux", family="Zzyzx")).value


def test_only_what_is_asked_is_weighed_and_named():
    result = score(Asked(birth_date=BORN), held())
    assert result.why == ("birth date equal",)
    assert score(Asked(), held()) == Score(0.0, ())
    assert rank(Asked(), [held()]) == []


def test_somebody_without_a_name_is_found_by_the_rest():
    nameless = held(given=None, family=None)
    assert "no name held" in score(WHOLE, nameless).why
    assert score(WHOLE, nameless).likely
    assert score(replace(WHOLE, given_name=None), held()).value == pytest.approx(0.88)


def test_long_names_cut_elsewhere_and_other_scripts():
    assert score(Asked(name="Maria de la Cruz"), held(given="Maria", family="de la Cruz")).why == ("name equal",)
    assert score(Asked(name="de la Cruz Maria"), held(given="Maria", family="de la Cruz")).why == (
        "given and family name swapped",
    )
    assert score(Asked(name="Anna Maria Cruz"), held(given="Anna Maria", family="Cruz")).why == ("name equal",)
    arabic = "م" * 299 + "ب"
    assert score(Asked(name=arabic), held(given="", family=arabic)).value == pytest.approx(0.18)
    assert score(Asked(name="محمد علي"), held(given="", family="محمد علي")).why == ("name equal",)
    assert score(Asked(name="王小明"), held(given="", family="王小明")).value > 0


def test_the_order_is_by_score_then_by_reference_and_cut_at_top():
    twins = [
        held("b"),
        held("a"),
        held("c", postcode="2601"),
        held("d", "Quux", "Zzyzx", None, "9 Other Road", "Farplace", "4815"),
    ]
    assert [person.subject_ref for person, _ in rank(WHOLE, twins)] == ["a", "b", "c"]
    assert [person.subject_ref for person, _ in rank(WHOLE, twins, top=2)] == ["a", "b"]


def test_the_least_value_falls_with_what_is_asked():
    assert least(Asked(city="Testville")) < least(Asked(name="Given Marker")) <= least(WHOLE)
    assert [
        person.subject_ref for person, _ in rank(Asked(city="Testville"), [held(), held("b", city="Farplace")])
    ] == ["a"]


def test_reasons_hold_no_value():
    for change in ({}, {"given": "Other"}, {"born": date(1951, 12, 30)}, {"address": "9 Other Road"}):
        words = " ".join(score(WHOLE, held(**change)).why).lower()
        for value in ("given m", "marker", "1980", "1951", "sample", "testville", "2600", "other"):
            assert value not in words


def test_a_row_of_the_query_becomes_a_candidate():
    row = {
        "subject_ref": "s",
        "customer_id": None,
        "given_name": "Given",
        "family_name": None,
        "birth_date": BORN,
        "address": "12 Sample Street",
        "language": "en",
        "address_key": "12 sample street",
        "city_key": None,
        "postcode_key": "2600",
    }
    assert Candidate.read(row) == Candidate("s", None, "Given", None, BORN, "12 sample street", "", "2600")


def test_the_keys_of_the_question_are_the_keys_beside_the_profiles():
    assert WHOLE.keys() == {
        "name_key": name_key("Given", "Marker"),
        "birth_date": BORN,
        "postcode_key": "2600",
        "address_key": "12 sample street",
        "city_key": "testville",
    }
    assert Asked(name="Given Marker").keys()["name_key"] == WHOLE.keys()["name_key"]
    assert set(Asked().keys().values()) == {None}
