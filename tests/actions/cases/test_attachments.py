"""Files of a case: handed out sealed-open to whoever works on it, logged, and kept from the others."""

from datetime import date

import pytest

from core.actions.cases import attachments, cases, intake
from core.law.errors import NotAllowed, NotFound
from core.law.roles import Role
from tests.conftest import desk_of

SCAN = b"%PDF-1.7 MARKER"


def scanned(store):
    desk = desk_of(store, Role.STEWARD)
    taken = intake.take_in(desk, intake.Intake(
        ("access",), "post", date(2026, 11, 20), name="Marker", files=(("Marker Name.pdf", SCAN),)
    ), key="a-key-of-tests")
    (message,) = cases.open_case(desk, taken.case_ref).messages
    return taken.case_ref, message["attachments"][0]["id"]


def test_the_bytes_come_back_whole_under_a_name_of_the_desk(store):
    _, attachment = scanned(store)
    got = attachments.fetch(desk_of(store, Role.DPO), attachment)
    assert (got.content, got.media_type) == (SCAN, "application/pdf")
    assert "Marker" not in got.file_name
    with store.transaction() as tx:
        last = tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)[-1]
    assert (last["act"], last["outcome"]) == ("attachment.fetch", "done")
    assert last["case_ref"]


def test_a_sealed_case_keeps_its_files(store):
    case_ref, attachment = scanned(store)
    with store.transaction() as tx:
        tx.run("cases.seal", case_ref=case_ref)
        store.commit(tx)
    with pytest.raises(NotAllowed, match="sealed"):
        attachments.fetch(desk_of(store, Role.STEWARD), attachment)


def test_others_and_unknown_files_are_refused(store):
    _, attachment = scanned(store)
    with pytest.raises(NotAllowed):
        attachments.fetch(desk_of(store, Role.MANAGER), attachment)
    with pytest.raises(NotFound):
        attachments.fetch(desk_of(store, Role.STEWARD), "nothing")
