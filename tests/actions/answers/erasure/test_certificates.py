"""The certificate of an erasure: what went, what stays and why, every token, three dates, and nobody's name."""

import io
import re
from datetime import date, datetime, timedelta

import pytest
from pypdf import PdfReader

from core.actions.answers import carrying
from core.actions.answers.erasure import certificates, kept_ends, kept_parts
from core.actions.desk.desk import operator_desk, worker_desk
from core.actions.oversight import purges
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import new_id
from core.store.ledger import BACKUP, FORGOTTEN, PURGED
from tests.actions.answers.erasure.test_consent_proofs import CLAIM, agreed
from tests.actions.answers.erasure.test_erasures import TAX, planned
from tests.actions.answers.erasure.test_made_public import PUBLIC
from tests.actions.correcting import disclosed
from tests.actions.things_of import plant
from tests.conftest import NOW, desk_of

GROUNDS = ("17.1.a", "17.1.d")
PERSON = ("Given0001x", "Family0001x", "marker0001x", "marker-1@example.com", "1 Sample Street", "eventmarker1")


def erase(erasure, letter="erasure_carried_out", **terms):
    planned(erasure, letter, grounds=GROUNDS, **terms)
    erasure.approve()
    erasure.carry()


def read(erasure, who=None):
    paper = certificates.fetch(who or erasure.steward, erasure.request_id)
    assert paper.file_name == f"certificate-{erasure.row().reference}.pdf"
    assert b"/Lang" in paper.content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages).split())


def test_before_anything_is_erased_there_is_nothing_to_certify(erasure, entries):
    for step in (lambda: None, lambda: planned(erasure, grounds=GROUNDS), erasure.approve):
        step()
        with pytest.raises(NotPossible, match="nothing to certify"):
            certificates.fetch(erasure.steward, erasure.request_id)
    erasure.carry()
    certificates.fetch(erasure.steward, erasure.request_id)
    assert [row["outcome"] for row in entries() if row["act"] == Act.CERTIFICATE_FETCH] == [
        *["refused.not_possible"] * 3, "done",
    ]


def test_a_refusal_has_no_certificate(erasure):
    planned(erasure, "erasure_refused", grounds=("17.1.f",))
    erasure.approve()
    erasure.carry()
    with pytest.raises(NotPossible, match="nothing to certify"):
        certificates.fetch(erasure.steward, erasure.request_id)


def test_it_says_what_went_and_names_nobody(erasure):
    disclosed(erasure, erasure.subject, "Marker Carrier")
    erase(erasure)
    text = read(erasure)
    for part in (
        erasure.row().reference, "Article 17(1)", "no longer needed", "processed unlawfully", "approved on 23 November 2026",
        "Nothing but the file of the request itself", "None: nothing is kept that would recognise the person",
        "Marker Carrier still to be told", "the file of the request, which stays", "is destroyed",
        "The last backup that held them no backup held them",
    ):
        assert part in text, part
    for name in PERSON:
        assert name not in text
    assert read(erasure, erasure.approver) == text
    assert carrying.carryings_of(erasure.steward, erasure.request_id)[0].tokens == ()


def test_it_names_what_stays_and_every_token_with_its_reason_and_end(erasure):
    agreed(erasure)
    plant(erasure.store, "suppressions", id="s1", state="objection", h=b"h" * 32, kind="email", purpose="direct_marketing",
          channel="all", ground="objection.request", subject_ref=erasure.subject, started_at=NOW, source="desk", version=1)
    erase(erasure, "erasure_partly", claims=(CLAIM, TAX), public=PUBLIC)
    text = read(erasure)
    for part in (
        "emptied in part", "a legal obligation", "Section 147 of the Fiscal Code", "until 31 December 2034",
        "Consents, but for their proof 1", "Proof of consent", "Article 17(3)(e)", "31 December 2029",
        "Objection to marketing", "Article 21(3)", "the person's own newer, proven consent",
        "Erased, kept out", "to honour what the person stopped", "22 November 2029",
        "Marker Engine (made public)",
    ):
        assert part in text, part
    tokens = {each.what: each for row in carrying.carryings_of(erasure.steward, erasure.request_id) for each in row.tokens}
    assert set(tokens) == {"consent", "objection", "do_not_import"}
    with erasure.store.transaction() as tx:
        for what, table in (("consent", "consent_proofs"), ("objection", "suppressions where state = 'objection'"),
                            ("do_not_import", "suppressions where state = 'do_not_import'")):
            (count,) = tx._cursor.execute(f"select count(distinct h) from {table}").fetchone()
            assert tokens[what].hashes == count > 0, "each one is counted, none is left out"


def test_a_wish_is_named_as_a_wish(erasure):
    erase(erasure, wished=True)
    assert "at the person's wish" in read(erasure)


def test_its_three_dates_come_one_by_one(erasure, monkeypatch):
    monkeypatch.delenv(purges.BACKUP_DAYS, raising=False)
    store = erasure.store
    store.ledger.add(BACKUP, "b1", f"0 0 {'0' * 64}", NOW - timedelta(days=20))
    store.ledger.add(BACKUP, "b2", f"0 0 {'0' * 64}", NOW - timedelta(days=1))
    erase(erasure)
    text = read(erasure)
    assert "not yet: when the store is next written anew" in text
    assert "not yet, and no day is set: 2 older backups hold them" in text
    monkeypatch.setenv(purges.BACKUP_DAYS, "30")
    assert "expected on 22 December 2026; until then 2 older backups hold them" in read(erasure)
    store.ledger.add(FORGOTTEN, "b2", "", NOW + timedelta(hours=1))
    assert "expected on 3 December 2026; until then 1 older backup holds them" in read(erasure)
    store.ledger.add(PURGED, str(len(store.ledger)), f"0 {'0' * 64}", NOW + timedelta(hours=2))
    store.ledger.add(FORGOTTEN, "b1", "", NOW + timedelta(days=9))
    text = read(erasure)
    assert "The bytes of the store 23 November 2026" in text
    assert "The last backup that held them 2 December 2026" in text


@pytest.mark.parametrize("told", ["0", "-3", "thirty", "3651", "9.5", "²"])
def test_a_setting_that_is_no_number_of_days_is_told_and_names_no_day(erasure, monkeypatch, told):
    monkeypatch.setenv(purges.BACKUP_DAYS, told)
    with pytest.raises(Invalid, match=purges.BACKUP_DAYS):
        purges.backup_days()
    erasure.store.ledger.add(BACKUP, "b1", f"0 0 {'0' * 64}", NOW)
    erasure.store.ledger.add("erased", erasure.subject, "", NOW)
    dates = purges.dates_of(operator_desk(erasure.store, "tester", NOW), erasure.subject)
    assert (dates.backups_left, dates.expected_on) == (1, None)


def test_what_was_kept_stands_in_it_as_it_stands_today(erasure):
    erase(erasure, "erasure_partly", claims=(TAX,))
    (part,) = kept_parts.of_request(erasure.steward, erasure.request_id)
    kept_parts.prolong(
        erasure.steward, part.id, "17.3.e", "claim 9 of March", date(2036, 5, 1), "It is pending.", version=part.version, key=new_id()
    )
    text = read(erasure)
    for words in ("claim 9 of March", "Article 17(3)(e)", "until 1 May 2036"):
        assert words in text
    assert "Fiscal Code" not in text
    kept_ends.erase_due(worker_desk(erasure.store, datetime(2036, 5, 2, 12)))
    assert "until 2 May 2036, when it was erased" in read(erasure)


def test_an_erasure_that_was_handed_back_half_done_is_certified_whole(erasure):
    agreed(erasure)
    erase(erasure, "erasure_partly", claims=(CLAIM,))
    before = read(erasure)
    again = new_id()
    with erasure.store.transaction() as tx:
        cursor = tx._cursor
        plan = erasure.row().plan_id
        body = decrypt(erasure.store, erasure.case_ref, tx.one("plans.one", id=plan)["body"], Cell("plans", plan, "body"))
        cursor.execute("insert into plans select * replace ($new as id) from plans where id = $old", {"new": again, "old": plan})
        empty = re.sub(r'"rows":\d+', '"rows":0', body)
        cursor.execute("update plans set body = $b where id = $new", {
            "b": encrypt(erasure.store, erasure.case_ref, empty, Cell("plans", again, "body")), "new": again})
        cursor.execute("update approvals set thing_id = $new where thing_id = $old", {"new": again, "old": plan})
        cursor.execute("update requests set plan_id = $new where id = $r", {"new": again, "r": erasure.request_id})
        erasure.store.commit(tx)
    for words in ("Master data 1", "Identifiers", "Consents, but for their proof 1", "Proof of consent"):
        assert words in before
        assert words in read(erasure), "what the first plan erased, and the token that it left"


def test_an_approver_who_was_not_asked_in_the_case_gets_none(erasure):
    erase(erasure)
    other = desk_of(erasure.store, Role.APPROVER, name="unasked")
    with pytest.raises(NotAllowed):
        certificates.fetch(other, erasure.request_id)
