"""On behalf of another: two identities, the extent and end of an authority, and where the answer goes."""

from datetime import date, timedelta

import pytest

from core.actions.answers import approvals, progress, requests
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import addresses, clock, identity, identity_documents, intake, joining, representatives
from core.actions.cases.representatives import Acting
from core.actions.desk.establishment import Establishment, keep
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.representatives import Goes
from core.store.engine import new_id
from core.store.keys import KeyKind
from core.work.worker import run_due
from tests.actions.conftest import MAIL, Walk
from tests.conftest import NOW
from tests.grounds import ground
from tests.permits import own

LAWYER = "kanzlei@lawyer.example"
TODAY = NOW.date()


def asked(walk, subject=None, *, rights=("access",), capacity="agent", **changes) -> Walk:
    """Take in what a lawyer asks for the first marked person, and bring it to where a plan could be made."""
    told = {"name": "Marker Counsel", "email": LAWYER, "body": "I act for her.", "for_name": "Given0001x Family0001x",
            "for_email": MAIL.format(1)} | changes
    taken = intake.take_in(
        walk.steward, intake.Intake(rights, "email", date(2026, 11, 20), capacity=capacity, **told), key=new_id()
    )
    mine = Walk(walk.store, walk.steward, walk.approver, walk.checker, taken.case_ref, taken.requests[0][0], subject or "", 1)
    requests.start(walk.steward, mine.request_id, version=mine.version, key=new_id())
    if subject:
        decide(mine, subject)
        identity.record(walk.checker, mine.case_ref, ["code"], "proven", key=new_id())
    return mine


def decide(walk, subject):
    from core.actions.cases import cases

    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=walk.case_ref)["version"]
    cases.decide_person(walk.steward, walk.case_ref, subject, version=version, key=new_id())


def shown(walk):
    return representatives.show(walk.steward, walk.case_ref)


def identify(walk, proofs=("register",), outcome="proven", reason=""):
    row = shown(walk).row
    representatives.record_identity(
        walk.checker, row["id"], list(proofs), outcome, reason, version=row["version"], key=new_id()
    )


def check(walk, desk=None, outcome="sufficient", **changes):
    row = shown(walk).row
    told = {"rights": ["access"], "since": date(2026, 11, 1), "until": date(2026, 12, 31)} | changes
    representatives.check(
        desk or walk.checker, row["id"], outcome, "WHATSHOWS it", version=row["version"], key=new_id(), **told
    )


def proven(walk, **changes):
    identify(walk)
    check(walk, **changes)
    return walk


def address(walk, kind):
    return next(each for each in addresses.list_addresses(walk.steward, walk.case_ref) if each.kind == kind)


@ground("three_people", "empty_walk")
def lawyer(three_people, empty_walk):
    return asked(empty_walk, three_people[1])


def test_a_lawyer_with_a_power_of_attorney_gets_the_answer_to_the_person_unless_it_says_otherwise(lawyer):
    with pytest.raises(NotPossible, match="representative is still open"):
        lawyer.prepare()
    identify(lawyer)
    with pytest.raises(NotPossible, match="power of attorney"):
        lawyer.prepare()
    check(lawyer)
    lawyer.prepare()
    lawyer.work()
    with pytest.raises(NotPossible, match="goes to the person"):
        lawyer.ask(address_id=address(lawyer, "representative").id)
    lawyer.ask(address_id=address(lawyer, "email").id)
    assert address(lawyer, "email").standing == "held"


def test_an_authority_to_receive_sends_it_there_and_the_new_address_needs_the_approvers_own_confirmation(lawyer, store):
    proven(lawyer, answers_to_representative=True)
    lawyer.prepare()
    lawyer.work()
    there = address(lawyer, "representative")
    assert (there.address, there.standing) == (LAWYER, "new")
    approval = lawyer.ask(address_id=there.id)
    assert approvals.compare(lawyer.approver, RELEASE, approval).needs_confirmation
    with pytest.raises(Invalid, match="new"):
        approvals.approve(lawyer.approver, RELEASE, approval, key=new_id())
    approvals.approve(lawyer.approver, RELEASE, approval, confirmed=True, key=new_id())
    lawyer.work()
    packages.fetch(lawyer.steward, lawyer.package_id, key=new_id())
    with store.transaction() as tx:
        (told,) = tx.rows("desk_records.disclosure_log", subject=lawyer.subject)
    assert told["recipient"] == "the person's representative"


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"rights": ["erasure"]}, "does not cover this right"),
    ({"until": TODAY - timedelta(days=1)}, "does not cover this day"),
    ({"since": TODAY + timedelta(days=1), "until": None}, "does not cover this day"),
    ({"outcome": "insufficient"}, "Nobody checked the authority yet"),
])
def test_outside_its_scope_before_or_after_it_and_unchecked_nothing_is_done(lawyer, changes, sentence):
    proven(lawyer, **changes)
    with pytest.raises(NotPossible, match=sentence):
        lawyer.prepare()
    assert list(shown(lawyer).refused) == ["access"]


def test_the_next_step_is_the_authority_until_it_carries_the_right(lawyer):
    def step():
        return progress.of_request(lawyer.steward, lawyer.request_id)

    assert step().next.act is Act.AUTHORITY_CHECK
    proven(lawyer)
    assert step().next.act is Act.EXPORT_PREPARE
    assert [item.done for item in step().items if item.act is Act.AUTHORITY_CHECK] == [True]


def test_who_asks_for_themselves_has_no_such_step(walk):
    items = progress.of_request(walk.steward, walk.request_id).items
    assert Act.AUTHORITY_CHECK not in {item.act for item in items}


def test_the_last_day_counts(lawyer):
    proven(lawyer, until=TODAY)
    lawyer.prepare()


def test_an_authority_that_is_revoked_or_ends_meanwhile_stops_approval_and_handing_over(lawyer):
    proven(lawyer, until=TODAY)
    lawyer.prepare()
    lawyer.work()
    approval = lawyer.ask(address_id=address(lawyer, "email").id)
    tomorrow = lawyer.at(lawyer.approver, NOW + timedelta(days=1))
    with pytest.raises(NotPossible, match="does not cover this day"):
        approvals.approve(tomorrow, RELEASE, approval, key=new_id())
    approvals.approve(lawyer.approver, RELEASE, approval, key=new_id())
    lawyer.work()
    row = shown(lawyer).row
    representatives.end(lawyer.checker, row["id"], "revoked", version=row["version"], key=new_id())
    with pytest.raises(NotPossible, match="revoked"):
        packages.fetch(lawyer.steward, lawyer.package_id, key=new_id())


def test_a_person_who_carries_on_themselves_needs_no_authority_any_more(lawyer):
    row = shown(lawyer).row
    representatives.end(lawyer.checker, row["id"], "own", version=row["version"], key=new_id())
    assert shown(lawyer) is None
    lawyer.prepare()


def test_nobody_checks_the_authority_by_which_they_act_themselves(walk):
    acting = Acting("agent", "Marker Colleague", rights=("access",), account_id=walk.checker.person.account_id)
    representatives.add(walk.steward, walk.case_ref, acting, key=new_id())
    for does in (identify, check):
        with pytest.raises(NotAllowed, match="act for this person yourself"):
            does(walk)
    check(walk, walk.steward)


def test_two_identities_are_proven_each_for_itself(empty_walk, three_people):
    walk = asked(empty_walk)
    decide(walk, three_people[1])
    proven(walk)
    assert "person represented is still open" in shown(walk).refused["access"]
    identity.record(walk.checker, walk.case_ref, ["code"], "proven", key=new_id())
    assert shown(walk).covered


@pytest.mark.parametrize(("proofs", "outcome", "reason"), [
    ([], "proven", ""), (["mail_held"], "proven", ""), (["document"], "proven", " "), (["register"], "perhaps", ""),
])
def test_a_representatives_identity_needs_a_proof_and_a_document_a_doubt(lawyer, proofs, outcome, reason):
    with pytest.raises(Invalid):
        identify(lawyer, proofs, outcome, reason)
    assert shown(lawyer).row["identity_state"] == "open"


def test_documents_of_a_representative_die_with_the_outcome_each_with_its_own(lawyer, store):
    kept = {
        proves: identity_documents.add(
            lawyer.checker, lawyer.case_ref, b"%PDF-1.7", proves=proves, representative_id=shown(lawyer).row["id"],
            checker_id=lawyer.checker.person.account_id, key=new_id(),
        ) for proves in ("identity", "authority")
    }
    refs = {}
    with store.transaction() as tx:
        refs = {proves: tx.one("identity.document", id=each)["key_ref"] for proves, each in kept.items()}
    identify(lawyer)
    assert [store.keys.holds(KeyKind.PROOF, refs[each]) for each in ("identity", "authority")] == [False, True]
    check(lawyer)
    assert not store.keys.holds(KeyKind.PROOF, refs["authority"])


def test_an_objection_by_a_lawyer_stops_marketing_to_the_person_and_not_to_the_lawyer(empty_walk, three_people):
    walk = asked(empty_walk, rights=("objection_marketing",))
    from core.connectors.suppressed import standing, tokens

    def states(value):
        with walk.store.transaction() as tx:
            return {row["state"] for row in standing(tx, tokens(walk.store, "email", value), TODAY)}

    joining.add_message(
        walk.steward, walk.case_ref,
        intake.Intake(("objection_marketing",), "email", TODAY, email=LAWYER, body="And stop it, I said."), key=new_id(),
    )
    assert states(MAIL.format(1)) == {"objection"}
    assert states(LAWYER) == set()
    assert shown(walk).covered  # nothing is asked for an objection


def test_the_authority_question_starts_the_month_anew_where_the_law_says_so(empty_walk, three_people, store):
    here = Establishment("Sample Ltd", "privacy@example.com", "dpo@example.com", "ICO", "uk_gdpr", "GB-ENG", "Europe/London", "GB")
    with store.transaction() as tx:
        keep(store, tx, here)
        store.commit(tx)
    walk = asked(empty_walk)
    before = walk.row().final_due
    clock.ask(walk.steward, walk.request_id, "authority", "Please send the power of attorney.",
              "The letter names none.", key=new_id(), asked_on=date(2026, 11, 21))
    later = walk.at(walk.steward, NOW + timedelta(days=3))
    clock.answered(later, walk.request_id, "authority", date(2026, 11, 25), key=new_id())
    assert before == date(2026, 12, 21)
    assert walk.row().final_due == date(2026, 12, 29)  # the 25th is Christmas; the 28th stands in for Boxing Day


def test_the_letter_says_what_the_authority_lacks(lawyer):
    with pytest.raises(NotPossible, match="question"):
        letters.draft(lawyer.steward, lawyer.case_ref, "representative_unproven", lawyer.request_id, key=new_id())
    clock.ask(lawyer.steward, lawyer.request_id, "authority", "Please send it.", "The letter names none.", key=new_id())
    letters.draft(lawyer.steward, lawyer.case_ref, "representative_unproven", lawyer.request_id, key=new_id())
    (letter,) = letters.list_letters(lawyer.steward, lawyer.case_ref)
    assert letter.body.startswith("Dear Marker Counsel,")
    assert "on behalf of Given0001x Family0001x" in letter.text
    assert "a power of attorney for this right" in letter.text
    letters.mark_sent(lawyer.steward, letter.id, "post", TODAY, key=new_id())


def test_an_outcome_is_written_to_the_person_and_to_a_representative_only_by_authority(lawyer):
    there = address(lawyer, "representative").id
    proven(lawyer)
    lawyer.prepare()
    lawyer.work()
    with pytest.raises(NotPossible, match="goes to the person"):
        letters.draft(lawyer.steward, lawyer.case_ref, "answer", lawyer.request_id, address_id=there, key=new_id())
    letters.draft(lawyer.steward, lawyer.case_ref, "answer", lawyer.request_id, key=new_id())
    (letter,) = letters.list_letters(lawyer.steward, lawyer.case_ref)
    assert letter.body.startswith("Dear Given0001x Family0001x,")


def test_the_representatives_address_is_never_taken_for_the_persons(lawyer):
    with pytest.raises(Invalid, match="representative's"):
        addresses.add(lawyer.steward, lawyer.case_ref, "email", LAWYER.upper(), key=new_id())


@pytest.mark.parametrize("changes", [
    {"capacity": "friend"}, {"name": " "}, {"rights": ()}, {"rights": ("flying",)}, {"email": "nothing"},
    {"since": date(2026, 2, 2), "until": date(2026, 2, 1)},
])
def test_a_representation_without_what_it_needs_is_refused(walk, changes):
    told = {"capacity": "agent", "name": "Marker Counsel", "rights": ("access",)} | changes
    with pytest.raises(Invalid):
        representatives.add(walk.steward, walk.case_ref, Acting(**told), key=new_id())
    assert shown(walk) is None


def test_only_one_acts_at_a_time_and_not_while_an_answer_is_under_way(lawyer, walk):
    acting = Acting("guardian", "Marker Guardian", rights=("access",))
    with pytest.raises(NotPossible, match="already"):
        representatives.add(lawyer.steward, lawyer.case_ref, acting, key=new_id())
    walk.prepare()
    walk.work()
    walk.ask()
    with pytest.raises(NotPossible, match="take it back"):
        representatives.add(walk.steward, walk.case_ref, acting, key=new_id())


def test_for_whom_somebody_acts_is_asked_at_intake(empty_walk):
    with pytest.raises(Invalid, match="for whom"):
        asked(empty_walk, for_name="", for_email="")


def test_names_and_what_shows_an_authority_are_in_no_log_row(lawyer, entries):
    proven(lawyer)
    log = str(entries())
    for word in ("Counsel", "WHATSHOWS", LAWYER):
        assert word not in log
    (entry,) = [row for row in entries() if row["act"] == "authority.check"]
    assert '"right.access":"authorised"' in str(entry["details"]).replace(" ", "")
    assert run_due(lawyer.store, NOW) == 0


def test_what_the_desk_holds_of_it_is_in_the_persons_own_copy(lawyer):
    from core.connectors.desk_records import DeskRecords

    with lawyer.store.transaction() as tx:
        held = {each.table: each.rows for each in DeskRecords(lawyer.store).export(tx, own(lawyer.subject)).tables}
    assert [row["capacity"] for row in held["representatives"]] == ["agent"]
    assert Goes.PERSON is shown(lawyer).goes_to
