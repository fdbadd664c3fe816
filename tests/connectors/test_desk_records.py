"""The desk's own records of a person."""

import pytest

from core.connectors.desk_records import CLOSED, DeskRecords
from core.store.encryption import Cell, encrypt
from core.store.engine import new_id
from core.store.keys import KeyKind
from tests.conftest import NOW
from tests.permits import own


@pytest.fixture
def case(store):
    """Keep one case of the person s1 and one of s2, each with a message in and a note."""
    for subject in ("s1", "s2"):
        case_ref, message = new_id(), f"{subject}-message"
        with store.transaction() as tx:
            tx._cursor.execute(
                "insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_ref, "
                "subject_state, person, identity_state, sealed_to_names, version) "
                "values ($c, $s, $n, $n, 'mail', 'x', $s, 'decided', ''::blob, 'open', false, 1)",
                {"c": case_ref, "s": subject, "n": NOW},
            )
            for number, direction in ((message, "in"), (f"{message}-out", "out")):
                tx.run(
                    "cases.add_message", id=number, case_ref=case_ref, direction=direction, channel="mail",
                    received_at=NOW, entered_at=NOW, entered_by="x", sender=None, subject=None, sent_at=None,
                        arrived_at=None, within=None, remarks=None,
                    body=encrypt(store, case_ref, f"words of {subject}", Cell("messages", number, "body")),
                )
            tx.run(
                "cases.add_address", id=message, case_ref=case_ref, kind="email", standing="new", added_at=NOW, added_by="x",
                address=encrypt(store, case_ref, f"{subject}@example.com", Cell("reply_addresses", message, "address")),
            )
            store.commit(tx)
        if subject == "s1":
            mine = case_ref
    return mine


def tables(store, subject="s1"):
    with store.transaction() as tx:
        return {each.table: each.rows for each in DeskRecords(store).export(tx, own(subject)).tables}


def test_the_persons_own_words_are_given_and_nobody_elses(store, case):
    held = tables(store)
    assert [row["body"] for row in held["messages"]] == ["words of s1"]
    assert [row["address"] for row in held["reply_addresses"]] == ["s1@example.com"]
    assert [row["reference"] for row in held["cases"]] == ["s1"]
    assert "s2" not in str(held)


def test_a_text_whose_key_is_gone_says_so_and_stops_nothing(store, case):
    store.keys.destroy(KeyKind.CASE, case)
    held = tables(store)
    assert held["messages"][0]["body"] == CLOSED
    assert held["messages"][0]["received_at"] == NOW


def test_an_erasure_keeps_the_request_file_with_ground_and_end(store, case):
    with store.transaction() as tx:
        kept = {each.table: each for each in DeskRecords(store).erase(tx, own("s1"), NOW).kept}
    assert {"cases", "messages", "reply_addresses"} <= set(kept)
    assert all(each.ground and each.until for each in kept.values())
    assert tables(store)["messages"]
