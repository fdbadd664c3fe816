"""A refusal from its ground to the closing: burden of proof, three parts, another person, exactly the approved letter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actions.answers import approvals, needs, requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.refusal import refusal_settings, refusals
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import cases, intake
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.roles import Role
from core.law.ways import OF_PERSONS, Kind
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import new_id
from tests.actions.conftest import MAIL, hold_role
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW, desk_of

FACTS = "FACTWORDS: the same copy was given nine days ago and nothing changed since."
EVIDENCE = "EVIDENCEWORDS: request RD-2026-000001-1, answered on 11 November."


def asked_for(walk, kind, number=2):
    """Return a walk with a request of a right in progress, of nobody yet."""
    taken = intake.take_in(
        walk.steward, intake.Intake((kind,), "email", date(2026, 11, 20), email=MAIL.format(number), name="M", body="W"),
        key=new_id(),
    )
    mine = replace(walk, case_ref=taken.case_ref, request_id=taken.requests[0][0], subject="")
    requests.start(walk.steward, mine.request_id, version=mine.version, key=new_id())
    return mine


def prepare(walk, ground="excessive", told=FACTS, evidence=EVIDENCE, **changes):
    given = {"version": walk.version, "key": walk.key(), "circumstances": ["number", "unchanged"]} | changes
    return refusals.prepare(walk.steward, walk.request_id, ground, told, evidence, **given)


@pytest.mark.parametrize("ground", ["excessive", "unfounded"])
@pytest.mark.parametrize("circumstances", [[], ["number"], ["telepathy", "stated"]])
def test_the_number_of_requests_alone_bears_no_refusal(walk, ground, circumstances):
    with pytest.raises(Invalid) as refusal:
        prepare(walk, ground, circumstances=circumstances)
    assert refusal.value.field == "circumstances"
    assert refusals.of_request(walk.steward, walk.request_id) is None
    prepare(walk, ground, circumstances=["stated"])
    assert refusals.of_request(walk.steward, walk.request_id).circumstances == ("stated",)


def ask(walk, **changes):
    given = {"approver_id": walk.approver.person.account_id, "version": walk.version, "key": walk.key()} | changes
    return approvals.ask(walk.steward, REFUSAL, walk.request_id, **given)


def approved(walk, **changes):
    letter = prepare(walk, **changes)
    approvals.approve(walk.approver, REFUSAL, ask(walk), key=walk.key())
    return letter


def send(walk):
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=walk.key())


def close(walk, ending="refused"):
    sending.close(walk.steward, walk.request_id, ending, version=walk.version, key=walk.key())


def text_of(walk, letter):
    return next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)


def test_the_whole_way_of_a_refusal(walk, entries):
    letter = prepare(walk)
    body = text_of(walk, letter)
    for words in ("excessive", FACTS, "complain to a supervisory authority", "judicial remedy", "Article 12(4)"):
        assert words in body
    assert "EVIDENCEWORDS" not in body
    approval = ask(walk)
    assert walk.state == "awaiting_approval"
    shown = approvals.compare(walk.approver, REFUSAL, approval)
    assert (shown.ground.code, shown.facts, shown.evidence, shown.letter) == ("excessive", FACTS, EVIDENCE, body)
    assert shown.may_decide == ""
    approvals.approve(walk.approver, REFUSAL, approval, key=walk.key())
    assert walk.state == "ready_to_send"
    assert walk.work() == 0, "nothing is carried out in any system"
    with pytest.raises(NotPossible, match="letter of the refusal as sent"):
        send(walk)
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    send(walk)
    for ending in ("fulfilled", "partly_fulfilled", "no_data_held"):
        with pytest.raises(NotPossible):
            close(walk, ending)
    close(walk)
    assert (walk.state, walk.row().closing) == ("closed", "refused")
    acts = [row["act"] for row in entries() if row["outcome"] == "done"]
    assert [each for each in acts if each.startswith("refusal")] == [
        "refusal.prepare", "refusal.ask", "refusal.open", "refusal.approve",
    ]
    assert not [row for row in entries() if "FACTWORDS" in str(row) or "EVIDENCEWORDS" in str(row)]


@pytest.mark.parametrize("kind", [kind for kind in OF_PERSONS if kind is not Kind.OBJECTION_MARKETING])
def test_every_right_but_one_can_be_refused_also_what_can_be_undone_and_of_nobody_known(walk, kind):
    mine = asked_for(walk, kind.value)
    if kind is Kind.OBJECTION:  # a Data Protection Officer is heard first
        with pytest.raises(NotPossible, match="gave an opinion"):
            approved(mine)
        needs.record(
            desk_of(walk.store, Role.DPO, name="deputy"), mine.request_id, "opinion", {"opinion": "agrees"},
            {"words": "It may be refused on this ground."}, version=mine.version, key=mine.key(),
        )
    letter = approved(mine)
    assert mine.state == "ready_to_send"
    letters.mark_sent(mine.steward, letter, "post", NOW.date(), key=mine.key())
    send(mine)
    close(mine)
    assert mine.row().closing == "refused"


def test_an_objection_to_marketing_is_never_refused(walk):
    mine = asked_for(walk, "objection_marketing")
    with pytest.raises(NotPossible, match=r"21\(3\)"):
        prepare(mine)
    assert mine.state == "in_progress"
    with pytest.raises(NotPossible):
        ask(mine)


def test_without_evidence_or_facts_there_is_no_refusal(walk):
    for changes in ({"evidence": ""}, {"told": "no"}, {"ground": "legal_claims"}, {"ground": "whim"}):
        with pytest.raises(Invalid):
            prepare(walk, **changes)
    assert letters.list_letters(walk.steward, walk.case_ref) == ()


def test_a_letter_that_lacks_a_part_is_neither_asked_for_nor_approved_nor_sent(walk):
    letter = prepare(walk)
    whole = text_of(walk, letter)
    in_one_piece(walk.store, letter, whole.replace("judicial remedy", "chat with us"))
    with pytest.raises(NotPossible, match="judicial remedy"):
        ask(walk)
    letters.save(walk.steward, letter, whole + "\n\nMore words.", key=walk.key())
    with pytest.raises(NotPossible, match="Another person must approve"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    approval = ask(walk)
    with pytest.raises(NotPossible, match="handed in"):
        letters.save(walk.steward, letter, "Other words because.", key=walk.key())
    approvals.approve(walk.approver, REFUSAL, approval, key=walk.key())
    with pytest.raises(NotPossible, match="handed in"):
        letters.save(walk.steward, letter, "Other words because.", key=walk.key())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())


def test_a_letter_changed_behind_the_approval_goes_back(walk):
    letter = prepare(walk)
    approval = ask(walk)
    with walk.store.transaction() as tx:
        row = tx.one("letters.one", id=letter)
        cell = Cell("letters", letter, "body")
        text = decrypt(walk.store, walk.case_ref, row["body"], cell) + "!"
        tx.run("letters.save", id=letter, body=encrypt(walk.store, walk.case_ref, text, cell))
        walk.store.commit(tx)
    with pytest.raises(approvals.DataChanged):
        approvals.approve(walk.approver, REFUSAL, approval, key=walk.key())
    assert walk.state == "in_progress"


def test_own_work_is_never_approved_and_nobody_else_than_the_one_asked(walk):
    prepare(walk)
    for who in ("account-steward", "account-checker"):
        with pytest.raises(Invalid):
            ask(walk, approver_id=who)
    hold_role(walk.store, "account-other", Role.APPROVER)
    approval = ask(walk)
    for desk in (
        desk_of(walk.store, Role.APPROVER, name="other"), desk_of(walk.store, Role.DPO, Role.APPROVER, name="steward"),
        desk_of(walk.store, Role.STEWARD, name="approver"), desk_of(walk.store, Role.MANAGER, name="approver"),
    ):
        with pytest.raises(NotAllowed):
            approvals.approve(desk, REFUSAL, approval, key=walk.key())
    stale = desk_of(walk.store, Role.APPROVER, name="approver", stepped_up=False)
    with pytest.raises(StepUpNeeded):
        approvals.approve(stale, REFUSAL, approval, key=walk.key())
    assert walk.state == "awaiting_approval"


def test_a_data_protection_officer_decides_alone_only_where_it_is_set(walk):
    dpo = desk_of(walk.store, Role.DPO, name="deputy")
    prepare(walk)
    with pytest.raises(Invalid, match="administrator"):
        ask(walk, approver_id="account-deputy")
    approval = ask(walk, deputy_id=None)
    approvals.give_back(walk.approver, REFUSAL, approval, "Ask the officer.", key=walk.key())
    for role in (Role.DPO, Role.STEWARD, Role.APPROVER):
        with pytest.raises(NotAllowed):
            refusal_settings.let_dpo_decide(desk_of(walk.store, role), alone=True, key=walk.key())
    administrator = desk_of(walk.store, Role.ADMINISTRATOR)
    assert not refusal_settings.dpo_decides(administrator)
    refusal_settings.let_dpo_decide(administrator, alone=True, key=walk.key())
    approval = ask(walk, approver_id="account-deputy")
    refusal_settings.let_dpo_decide(administrator, alone=False, key=walk.key())
    assert "administrator" in approvals.compare(dpo, REFUSAL, approval).may_decide
    with pytest.raises(NotAllowed, match="administrator"):
        approvals.approve(dpo, REFUSAL, approval, key=walk.key())
    refusal_settings.let_dpo_decide(administrator, alone=True, key=walk.key())
    approvals.approve(dpo, REFUSAL, approval, key=walk.key())
    assert walk.state == "ready_to_send"


def test_a_returned_refusal_can_be_changed_or_answered_after_all(walk):
    prepare(walk)
    approvals.give_back(walk.approver, REFUSAL, ask(walk), "Too thin.", key=walk.key())
    assert walk.state == "in_progress"
    first = prepare(walk)
    assert prepare(walk, told=FACTS + " And more.") == first, "the unsent letter takes the new words"
    assert "And more." in text_of(walk, first)
    walk.prepare()
    assert refusals.of_request(walk.steward, walk.request_id) is None
    walk.work()
    assert packages.state(walk.steward, walk.request_id).state == "built"


def test_a_refusal_ends_a_package_and_a_closing_as_refused_needs_a_refusal(walk):
    walk.prepare()
    walk.work()
    old = walk.package_id
    prepare(walk)
    with walk.store.transaction() as tx:
        assert tx.one("packages.one", id=old)["state"] == "expired"
        assert tx.one("packages.content", id=old)["content"] is None
    walk.fetched()
    send(walk)
    with pytest.raises(NotPossible, match="ground"):
        close(walk, "refused")
    close(walk, "fulfilled")


def test_an_approval_of_another_kind_does_not_let_a_refusal_through(walk):
    prepare(walk)
    approval = ask(walk)
    with pytest.raises((NotPossible, Invalid)):
        approvals.approve(walk.approver, RELEASE, approval, key=walk.key())
    assert walk.state == "awaiting_approval"
    other = asked_for(walk, "access")
    other_package = replace(other)
    with pytest.raises(NotPossible, match="Prepare the refusal"):
        ask(other_package)


def test_the_day_of_a_refusal_is_said_and_a_late_one_is_not_stopped(walk, entries):
    prepare(walk)
    shown = refusals.of_request(walk.steward, walk.request_id)
    assert shown.due == walk.row().base_due
    assert not shown.late
    late = NOW + timedelta(days=60)
    approval = approvals.ask(
        walk.at(walk.steward, late), REFUSAL, walk.request_id, approver_id="account-approver", version=walk.version, key=walk.key()
    )
    assert approvals.compare(walk.at(walk.approver, late), REFUSAL, approval).late
    approvals.approve(walk.at(walk.approver, late), REFUSAL, approval, key=walk.key())
    assert walk.state == "ready_to_send"
    assert '"late":1' in next(row["details"] for row in reversed(entries()) if row["act"] == "refusal.approve")


def test_the_same_command_twice_and_an_old_page(walk):
    key, version = walk.key(), walk.version
    first = prepare(walk, version=version, key=key)
    assert prepare(walk, version=version, key=key) == first
    with pytest.raises(Conflict):
        prepare(walk, version=version)
    assert len(letters.list_letters(walk.steward, walk.case_ref)) == 1
    with pytest.raises(NotPossible, match="with the refusal"):
        letters.draft(walk.steward, walk.case_ref, "refusal", walk.request_id, key=walk.key())


def test_sealed_cases_stay_sealed(walk):
    for name in ("dpo", "steward"):
        with walk.store.transaction() as tx:
            tx.run("accounts.add", id=f"account-{name}", actor_ref=f"actor-{name}", sign_in_name=name, name=name,
                   password_hash=None, now=NOW, made_by="x")
            walk.store.commit(tx)
    cases.seal_to(desk_of(walk.store, Role.DPO, name="dpo"), walk.case_ref, ["account-dpo"], key=new_id())
    with pytest.raises(NotAllowed):
        prepare(walk)
