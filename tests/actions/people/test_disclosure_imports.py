"""Disclosures from a file: only added, once, of people who are here; printed in the package, and told under Article 19."""

import io
import zipfile

import pytest

from core.actions.answers.letters import recipients
from core.actions.desk.desk import operator_desk
from core.actions.people import imports
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import Store, new_id
from tests.actions import correcting
from tests.actions.conftest import import_people, take_in
from tests.conftest import NOW, desk_of

HEAD = "customer_id,recipient,categories,at,basis,reference\n"
GOOD = HEAD + 'c1,Marker Carrier,"orders; address",2026-03-03T10:00:00+01:00,contract,delivery 7\n'


@pytest.fixture
def steward(store):
    return desk_of(store, Role.STEWARD, name="steward")


def take(desk, text, **changes):
    return imports.import_disclosures(desk, text.encode(), **({"key": new_id()} | changes))


def log_of(store, subject):
    with store.transaction() as tx:
        return tx.rows("desk_records.disclosure_log", subject=subject)


def test_rows_are_entered_once_whatever_the_order_of_categories(store, steward):
    people = import_people(store, 2)
    assert take(steward, GOOD).added == 1
    again = take(steward, GOOD.replace("orders; address", "address,orders").replace("Marker Carrier", " Marker  Carrier "))
    assert (again.added, again.already_held, again.rejected) == (0, 1, 0)
    (row,) = log_of(store, people[1])
    assert (row["recipient"], row["categories"], row["basis"], row["act"], row["source"]) == (
        "Marker Carrier", "address, orders", "contract", "delivery 7", "import")
    assert str(row["disclosed_at"]) == "2026-03-03 09:00:00"
    assert log_of(store, people[0]) == []
    other = take(steward, GOOD.replace("delivery 7", "delivery 8"))
    assert (other.added, len(log_of(store, people[1]))) == (1, 2)


@pytest.mark.parametrize(("row", "reason"), [
    ("c9,Marker,orders,2026-03-03,contract,", "nobody with this customer_id"), (",Marker,orders,2026-03-03,contract,", "no customer_id"),
    ("c1,,orders,2026-03-03,contract,", "who received"), ("c1,Marker,;,2026-03-03,contract,", "which data"),
    ("c1,Marker,orders,2026-03-03,,", "on what basis"), ("c1,Marker,orders,yesterday,contract,", "written like"),
    ("c1,Marker,orders,2026-11-24,contract,", "future"), (f"c1,{'Marker' * 40},orders,2026-03-03,contract,", "longer than 200"),
    ("c1,Mar\x07ker,orders,2026-03-03,contract,", "control character"),
])
def test_a_bad_row_is_named_by_number_and_reason_and_the_others_are_taken(store, steward, entries, row, reason):
    import_people(store, 2)
    done = take(steward, GOOD + row + "\n")
    assert (done.added, [number for number, _ in done.rejects]) == (1, [2])
    assert reason in done.rejects[0][1]
    assert "Marker" not in str(done)
    assert not [each for each in entries() if "Marker" in str(each) or "delivery" in str(each)]


def test_a_file_without_a_needed_column_changes_nothing(store, steward):
    people = import_people(store, 2)
    with pytest.raises(Invalid, match="recipient"):
        take(steward, GOOD.replace("recipient", "receiver"))
    assert take(steward, GOOD.replace("recipient", "receiver"), mapping={"recipient": ["receiver"]}).added == 1
    assert len(log_of(store, people[1])) == 1


def test_only_a_steward_or_dpo_imports_in_a_live_store(tmp_path, store):
    with pytest.raises(NotAllowed):
        take(desk_of(store, Role.APPROVER), GOOD)
    live = Store.create(tmp_path / "live.duckdb", "live", NOW)
    with pytest.raises(NotAllowed, match="Import page"):
        take(operator_desk(live, "root", NOW), GOOD)
    live.close()


def test_the_preview_proposes_the_columns(steward):
    seen = imports.preview(steward, GOOD.encode(), "disclosures")
    assert set(seen.mapping) == {"customer_id", "recipient", "categories", "at", "basis", "reference"}
    assert (seen.row_count, seen.attributes) == (1, ())


def test_the_access_package_prints_what_was_imported_of_this_person_only(empty_walk):
    people = import_people(empty_walk.store, 3)
    take(empty_walk.steward, GOOD + 'c2,Marker Other,orders,2026-03-03,contract,\n')
    walk = take_in(empty_walk, people[1], 1)
    with zipfile.ZipFile(io.BytesIO(walk.fetched().content)) as archive:
        page = archive.read("answer.html").decode()
    assert "Marker Carrier" in page
    assert "Marker Other" not in page


def test_an_imported_recipient_is_told_of_a_correction(empty_walk):
    people = import_people(empty_walk.store, 3)
    take(empty_walk.steward, GOOD)
    made = correcting.take_in(empty_walk, "rectification", people[1], 1)
    made.propose("city", "Newtown")
    made.corrected()
    (notice,) = recipients.list_notices(made.steward, made.request_id)
    assert (notice.recipient, notice.categories) == ("Marker Carrier", "address, orders")
