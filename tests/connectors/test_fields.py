"""Laying columns onto fields, and reading dates, times and choices."""

from datetime import date, datetime

import pytest

from core.connectors.fields import FIELDS, lay, propose, read_choice, read_date, read_instant, settle
from core.law.errors import Invalid

FEBRL = ["rec_id", "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
         "date_of_birth", "soc_sec_id"]


def test_the_columns_of_a_linkage_file_are_proposed():
    assert propose(FEBRL) == {
        "customer_id": ["rec_id"], "given_name": ["given_name"], "family_name": ["surname"], "city": ["suburb"],
        "postcode": ["postcode"], "birth_date": ["date_of_birth"], "national_id": ["soc_sec_id"],
        "address": ["street_number", "address_1", "address_2"],
    }


@pytest.mark.parametrize(("columns", "mapping"), [
    (["email", "email2", "mobile", "phone"], {"email": ["email", "email2"], "phone": ["mobile", "phone"]}),
    (["E-Mail 1", "E-Mail (private)", "Work Phone", "Phone 2"],
     {"email": ["E-Mail 1", "E-Mail (private)"], "phone": ["Work Phone", "Phone 2"]}),
    (["customer_id", "customer_id2", "given_name", "given_name2"], {"customer_id": ["customer_id"], "given_name": ["given_name"]}),
    (["mailing", "email_opt_in", "phone_model"], {}),
])
def test_every_column_of_addresses_and_numbers_is_proposed(columns, mapping):
    assert propose(columns) == mapping


def test_several_identifiers_of_a_row_stand_beside_each_other():
    row = {"email": "a@x.example", "email2": "", "mobile": "1", "phone": "2", "given_name": "Jo"}
    assert lay(row, propose(list(row))) == {"email": "a@x.example", "phone": "1 ::: 2", "given_name": "Jo"}


def test_a_given_mapping_wins_and_joins_with_a_space():
    mapping = settle(FEBRL, {"address": ["address_1", "address_2"]}, FIELDS, ("customer_id",))
    row = dict.fromkeys(FEBRL, "") | {"address_1": "road", "address_2": "", "rec_id": "1"}
    assert lay(row, mapping)["address"] == "road"
    assert lay(row | {"address_2": "house"}, mapping)["address"] == "road house"


@pytest.mark.parametrize(("given", "sentence"), [
    ({"shoe": ["rec_id"]}, "no field"), ({"city": ["nowhere"]}, "no column nowhere"), ({"customer_id": []}, "customer_id"),
])
def test_a_mapping_that_does_not_fit_is_refused(given, sentence):
    with pytest.raises(Invalid, match=sentence):
        settle(FEBRL, given, FIELDS, ("customer_id",))


@pytest.mark.parametrize("text", ["1980-02-29", "19800229"])
def test_two_ways_of_writing_a_birth_date(text):
    assert read_date(text) == date(1980, 2, 29)


@pytest.mark.parametrize("text", ["20260231", "1980-2-29", "29.02.1980", "", "1980-0229", "00000101", "१९८०-०२-२९"])
def test_no_day_is_no_day(text):
    with pytest.raises(Invalid):
        read_date(text)


def test_a_time_with_a_zone_becomes_utc_and_one_without_is_utc():
    assert read_instant("2026-03-03T10:00+01:00") == datetime(2026, 3, 3, 9)
    assert read_instant("2026-03-03 10:00") == datetime(2026, 3, 3, 10)
    for text in ("yesterday", "0001-01-01T00:00+12:00", ""):
        with pytest.raises(Invalid):
            read_instant(text)


def test_a_choice_is_never_guessed():
    assert read_choice("Yes") is True
    assert read_choice("0") is False
    with pytest.raises(Invalid):
        read_choice("maybe")
