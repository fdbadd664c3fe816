"""The embedded profile store."""

from datetime import date

import pytest

from core.actions.people import imports
from core.connectors.connector import Wanted
from core.connectors.identifiers import TELLING
from core.connectors.local import Local
from core.law.errors import Invalid, NotFound
from core.law.roles import Role
from core.matching.scores import Asked
from core.store.keys import KeyKind
from tests.conftest import NOW, desk_of
from tests.permits import own

SUBJECT_TABLES = ("profiles", "identifiers", "identifier_values", "attributes", "consents", "devices", "events")
PEOPLE = """customer_id,email,phone,device_id,national_id,given_name,family_name,birth_date,city,shirt
c-1,Jo@Example.com,+49 30 1234567,AA-BB-CC-DD-EE-FF,12 34,Mark,One,1980-02-29,Berlin,M
c-2,jo@example.com,,,,Mark,Two,not a day,Bonn,L
"""
EVENTS = "customer_id,at,kind,channel,detail\nc-1,2026-03-03T10:00:00+01:00,order,shop,marker-event-detail\n"
CONSENTS = "customer_id,purpose,channel,given,at\nc-1,newsletter,email,true,2026-01-01\n"


@pytest.fixture
def local(store):
    desk = desk_of(store, Role.STEWARD)
    imports.import_people(desk, PEOPLE.encode(), key="import-0001")
    imports.import_events(desk, EVENTS.encode(), key="import-0002")
    imports.import_consents(desk, CONSENTS.encode(), key="import-0003")
    return Local(store)


def ref_of(store, customer):
    with store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=[customer])
    return row["subject_ref"]


def exact(store, local, value):
    with store.transaction() as tx:
        return local.find(tx, Wanted(value=value)).exact


@pytest.mark.parametrize(("value", "kind"), [
    ("c-1", "customer_id"), ("+49 (30) 1234567", "phone"), ("aa:bb:cc:dd:ee:ff", "device_id"), ("12-34", "national_id"),
])
def test_a_person_is_found_by_any_kind_of_identifier_however_it_is_written(store, local, value, kind):
    (found,) = exact(store, local, value)
    assert (found.source_id, found.kinds, found.shared) == ("c-1", (kind,), False)


def test_two_people_on_one_identifier_both_stand_there_marked(store, local):
    found = exact(store, local, "JO@example.com")
    assert {(each.source_id, each.shared) for each in found} == {("c-1", True), ("c-2", True)}


def test_the_value_itself_decides_where_two_hashes_are_equal(store, local, monkeypatch):
    from core.connectors import identifiers

    monkeypatch.setattr(identifiers, "short_hash", lambda store, *_: hash_of(store))
    with store.transaction() as tx:
        assert tx.rows("people.by_hash", hashes=[hash_of(store)])
        assert local.find(tx, Wanted(value="stranger@example.com")).exact == ()


def hash_of(store):
    return int.from_bytes(store.keyed_hash("identifiers", "customer_id\0c-1")[:8], "big")


def rows_of(tx, store):
    return tx.rows("people.held_hashes", hashes=[hash_of(store)])


def test_an_export_opens_what_was_sealed(store, local):
    with store.transaction() as tx:
        tables = {each.table: each.rows for each in local.export(tx, own(ref_of(store, "c-1"))).tables}
        second = {each.table: each.rows for each in local.export(tx, own(ref_of(store, "c-2"))).tables}
    assert tables["events"][0]["detail"] == "marker-event-detail"
    assert tables["events"][0]["happened_at"].hour == 9
    assert tables["attributes"][0]["value"] == "M"
    assert tables["consents"][0]["given"] is True
    assert tables["profiles"][0]["birth_date"] == date(1980, 2, 29)
    assert second["profiles"][0]["birth_date"] is None
    assert second["profiles"][0]["source_texts"] == {"birth_date": "not a day"}


def test_a_rectified_identifier_is_found_anew_and_no_longer_by_the_old(store, local):
    ref = ref_of(store, "c-1")
    with store.transaction() as tx:
        done = local.rectify(tx, own(ref), {"email": "new@example.com", "family_name": "Neu"}, NOW)
        store.commit(tx)
    assert set(done.touched) == {"email", "family_name"}
    assert [each.subject_ref for each in exact(store, local, "new@example.com")] == [ref]
    (left,) = exact(store, local, "jo@example.com")
    assert (left.source_id, left.shared) == ("c-2", False)
    with store.transaction() as tx:
        assert local.find(tx, Wanted(asked=Asked(name="Mark Neu"))).possible[0].subject_ref == ref


@pytest.mark.parametrize("changes", [{"email": "no address"}, {"birth_date": "20260231"}, {"customer_id": None}, {"h": "1"}])
def test_a_rectification_that_cannot_be_read_changes_nothing(store, local, changes):
    with store.transaction() as tx, pytest.raises(Invalid):
        local.rectify(tx, own(ref_of(store, "c-1")), {"city": "Bonn"} | changes, NOW)


def test_an_erasure_leaves_no_row_in_any_table_of_people(store, local):
    ref = ref_of(store, "c-1")
    with store.transaction() as tx:
        counts = local.erase(tx, own(ref), NOW).touched
        store.commit(tx)
    assert counts["events"] == counts["consents"] == counts["devices"] == counts["profiles"] == 1
    assert set(counts) == set(SUBJECT_TABLES)
    assert exact(store, local, "c-1") == ()
    with store.transaction() as tx:
        assert rows_of(tx, store) == []
        assert {each.rows for each in local.export(tx, own(ref)).tables} == {()}
    (other,) = exact(store, local, "jo@example.com")
    assert not other.shared
    assert store.keys.destroy(KeyKind.SUBJECT, ref)


def test_a_sealed_text_dies_with_the_subject_key(store, local):
    ref = ref_of(store, "c-1")
    store.keys.destroy(KeyKind.SUBJECT, ref)
    with store.transaction() as tx, pytest.raises(NotFound):
        local.export(tx, own(ref))


def test_a_restriction_is_marked_once_for_each_ground(store, local):
    ref = ref_of(store, "c-1")
    with store.transaction() as tx:
        counts = [local.restrict(tx, ref, ground, None, NOW).touched["restrictions"] for ground in
                  ("accuracy", "accuracy", "claims")]
    assert counts == [1, 0, 1]


@pytest.mark.parametrize(("held", "asked"), [
    ("x@faß.de", "x@fass.de"), ("jo.x@example.com", "jox@example.com"), ("jo+a@example.com", "jo@example.com"),
    ("jo@example.com", "jo@ex\u0430mple.com"), ("İan@example.com", "ian@example.com"),
])
def test_a_near_spelling_is_never_an_exact_match(store, held, asked):
    desk = desk_of(store, Role.STEWARD)
    imports.import_people(desk, f"customer_id,email\nc-9,{held}\n".encode(), key="import-0009")
    local = Local(store)
    assert [each.source_id for each in exact(store, local, held)] == ["c-9"]
    assert exact(store, local, asked) == ()


def test_a_near_spelling_is_proposed_with_its_reason(store, local):
    with store.transaction() as tx:
        found = local.find(tx, Wanted(value="jo+news@example.com"))
    assert found.exact == ()
    assert {each.why for each in found.possible} == {("email spelled alike",)}


SEVERAL = """customer_id,email,email2,mobile,phone,national_id
q1,ilse@amsel.example,office@amsel.example ::: ilse@amsel.example,+49 170 5550101,(+49) 40 5550102 / 040 5550109,
q7,,,,\u202a+49 40 5550701\u202c,
q14,ilse.amsel@googlemail.com,see notes,,ask reception,
""".replace("\\u202a", "\u202a").replace("\\u202c", "\u202c")


@pytest.fixture
def several(store):
    """Give people with several addresses and numbers, in several columns and cells, some of them no identifiers."""
    store.facts["establishment.region"] = "DE"
    done = imports.import_people(desk_of(store, Role.STEWARD), SEVERAL.encode(), key="import-0010")
    assert [(row, field) for row, field, _ in done.warnings] == [(3, "email"), (3, "phone")]
    return Local(store)


@pytest.mark.parametrize(("value", "customer"), [
    ("ilse@amsel.example", "q1"), ("Office@amsel.example", "q1"), ("+49 170 5550101", "q1"), ("+49405550102", "q1"),
    ("tel:+49-40-5550109", "q1"), ("+49 40 5550701", "q7"), ("someone@x.example; office@amsel.example", "q1"),
])
def test_every_identifier_of_a_kind_is_one(store, several, value, customer):
    assert [each.source_id for each in exact(store, several, value)] == [customer]


@pytest.mark.parametrize(("wanted", "customer"), [
    (Wanted(value="ilseamsel@gmail.com"), "q14"), (Wanted(identifiers={"email": "See Notes"}), "q14"),
    (Wanted(identifiers={"phone": "ASK Reception!"}), "q14"), (Wanted(value="ilse+shop@amsel.example"), "q1"),
    (Wanted(value="+43 170 5550101"), "q1"), (Wanted(value="Q-7"), "q7"),
])
def test_what_is_spelled_alike_is_possible_and_never_exact(store, several, wanted, customer):
    with store.transaction() as tx:
        found = several.find(tx, wanted)
    assert found.exact == ()
    assert [each.source_id for each in found.possible] == [customer]
    assert "spelled alike" in found.possible[0].why[0]


def test_nothing_leads_to_a_person_by_what_an_update_or_a_correction_settled(store, several):
    desk, person = desk_of(store, Role.STEWARD), ref_of(store, "q14")
    told = b"customer_id,phone\nq14,+49 40 5550199\n"
    imports.import_people(desk, told, update=True, key="import-0011")
    assert [each.source_id for each in exact(store, several, "+49405550199")] == ["q14"]
    with store.transaction() as tx:
        assert several.find(tx, Wanted(identifiers={"phone": "ask reception"})).possible == ()
        several.rectify(tx, own(person), {"email": "ilse.amsel@googlemail.com"}, NOW)
        assert several.find(tx, Wanted(identifiers={"email": "see notes"})).possible == ()
        assert [each.source_id for each in several.find(tx, Wanted(value="ilseamsel@gmail.com")).possible] == ["q14"]
        several.rectify(tx, own(person), {"email": "a@x.example\nb@x.example"}, NOW)
        assert {each.source_id for each in several.find(tx, Wanted(value="b@x.example")).exact} == {"q14"}
        assert several.find(tx, Wanted(value="ilseamsel@gmail.com")).possible == ()


def test_an_erasure_leaves_no_spelling_behind(store, several):
    person = ref_of(store, "q14")
    with store.transaction() as tx:
        several.erase(tx, own(person), NOW)
        assert several.find(tx, Wanted(value="ilseamsel@gmail.com")).possible == ()
        assert not tx._cursor.execute("select 1 from identifiers where subject_ref = $who", {"who": person}).fetchall()


def test_a_store_of_an_older_desk_is_spelled_anew(store, several):
    with store.transaction() as tx:
        tx._cursor.execute("delete from identifiers where kind like 'loose:%'")
        assert several.find(tx, Wanted(value="ilseamsel@gmail.com")).possible == ()
        while several.spell(tx, most=1):
            pass
        assert [each.source_id for each in several.find(tx, Wanted(value="ilseamsel@gmail.com")).possible] == ["q14"]
        assert [each.source_id for each in several.find(tx, Wanted(identifiers={"email": "see notes"})).possible] == ["q14"]


def test_a_number_of_the_company_is_nobodys_telephone(store, several):
    assert exact(store, several, "K-1705550101") == ()


def test_what_many_people_hold_proposes_nobody(store, several):
    """A placeholder that stands in every second row tells nobody from another, and would disclose ten of them."""
    rows = "".join(f"n{number},not known\n" for number in range(TELLING + 1))
    imports.import_people(desk_of(store, Role.STEWARD), f"customer_id,phone\n{rows}".encode(), key="import-0012")
    with store.transaction() as tx:
        assert several.find(tx, Wanted(identifiers={"phone": "Not known"})).possible == ()
        several.erase(tx, own(ref_of(store, "n0")), NOW)
        assert len(several.find(tx, Wanted(identifiers={"phone": "Not known"}), top=50).possible) == TELLING
