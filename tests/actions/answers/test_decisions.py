"""Every act that decides leaves one record for each item, with its rule and its law; an act that fails leaves none."""

from datetime import date, datetime, timedelta

import pytest

from core.actions.answers import approvals, carrying, decisions
from core.actions.answers.erasure import kept_ends, kept_parts
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.portability import portability
from core.actions.answers.restriction import restriction_lifts, stopping
from core.actions.cases import cases, clock, identity
from core.actions.desk import things
from core.actions.desk.act import act
from core.actions.desk.gateways import use_for
from core.actions.people import imports
from core.connectors.catalogue import catalogue
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import TAX, planned
from tests.actions.answers.refusal import test_extensions, test_fees, test_refusals
from tests.actions.answers.restriction import test_restriction_lifts
from tests.actions.conftest import import_people
from tests.actions.correcting import take_in
from tests.actions.oversight.test_holds import put
from tests.conftest import NOW, desk_of

LAW = "eu_gdpr@2018-05-25"


def rows(store):
    with store.transaction() as tx:
        return tx._cursor.execute(
            "select act, item, granted, outcome, rule, profile, actor_ref, request_id from decisions order by decided_at, id"
        ).fetchall()


def of(walk, what, request_id=None):
    """Return what an act left on the walk's request: item, granted, outcome, rule; all under the pinned law."""
    found = [row for row in rows(walk.store) if row[0] == what and row[7] == (request_id or walk.request_id)]
    assert {row[5] for row in found} <= {LAW}
    return [tuple(row[1:5]) for row in found]


def case(walk, kind, number=1):
    people = import_people(walk.store, 3)
    imports.import_events(
        walk.steward, b"customer_id,at,kind,channel,detail\nc1,2026-01-02T10:00:00,order,web,eventmarker1", key=new_id()
    )
    return take_in(walk, kind, people[number], number)


def refusal(walk):
    mine = case(walk, "access")
    test_refusals.approved(mine)
    return mine, "refusal.approve", [("", True, "refused", "REF-1")]


def extension_prepared(walk):
    mine = case(walk, "access")
    test_extensions.prepare(mine)
    return mine, "extension.prepare", [("", True, "prepared", "EXT-1")]


def extension_approved(walk):
    mine = case(walk, "access")
    test_extensions.approved(mine)
    return mine, "extension.approve", [("", True, "approved", "EXT-3")]


def extension_told(walk):
    mine = case(walk, "access")
    test_extensions.send(mine, test_extensions.approved(mine), test_extensions.LAST)
    return mine, "letter.sent", [("", True, "effective", "EXT-2")]


def extension_late(walk):
    mine = case(walk, "access")
    letter = test_extensions.approved(mine)
    test_extensions.send(mine, letter, test_extensions.LAST + timedelta(days=1))
    return mine, "letter.sent", [("", False, "late", "EXT-2")]


def fee(walk):
    mine = case(walk, "access")
    test_fees.announced(mine)
    return mine, "letter.sent", [("", False, "announced", "FEE-3")]


def pause(walk):
    mine = case(walk, "access")
    clock.ask(mine.steward, mine.request_id, "clarification", "Which years?", "They hold nine thousand rows.", large=True, key=new_id())
    return mine, "request.ask", [("", True, "recognised", "PAU-1")]


def pause_asked_late(walk):
    mine, later = case(walk, "access"), NOW + timedelta(days=14)
    clock.ask(
        mine.at(mine.steward, later), mine.request_id, "clarification", "Which years?", "They hold nine thousand rows.",
        large=True, key=new_id(),
    )
    return mine, "request.ask", [("", True, "recognised", "PAU-4")]


def identity_proven(walk):
    mine = case(walk, "access")
    return mine, "identity.record", [("", True, "proven", "PAU-5")]


def identity_failed(walk):
    mine = case(walk, "access")
    identity.record(mine.checker, mine.case_ref, ["code"], "failed", "WHYWORDS", key=new_id())
    return mine, "identity.record", [("", True, "proven", "PAU-5"), ("", False, "not_proven", "PAU-5")]


def erasure(walk):
    mine = case(walk, "erasure")
    planned(mine, "erasure_partly", claims=(TAX,))
    mine.approve()
    tables = [(f"local.{name}", True, "erase", "ERA") for name in catalogue().tables("local") if name != "events"]
    return mine, "plan.approve", [*tables, ("local.events", False, "retain", "ERA"), ("desk", False, "retain", "ERA-3")]


def erasure_without_ground(walk):
    mine = case(walk, "erasure")
    planned(mine, "erasure_refused", grounds=("17.1.f",))
    mine.approve()
    tables = [(f"local.{name}", False, "no_ground", "ERA") for name in catalogue().tables("local")]
    return mine, "plan.approve", [*tables, ("desk", False, "retain", "ERA-3")]


def portable_copy(walk):
    mine = case(walk, "portability")
    mine.released()
    return mine, "release.approve", [
        (f"{each.system}.{each.table}.{each.column}", each.included, "in" if each.included else "out", "POR")
        for each in portability.decided(catalogue())
    ]


def access_copy(walk):
    mine = case(walk, "access")
    mine.released()
    return mine, "release.approve", [("", True, "whole", "ACC-2")]


def restriction_set(walk):
    mine = restricted(walk)
    return mine, "request.carry_out", [("", True, "restricted", "RES-2")]


def restricted(walk):
    mine = case(walk, "restriction")
    test_restriction_lifts.record(mine, mine.row())
    mine.plan()
    carrying.start(mine.steward, mine.request_id, version=mine.version, key=new_id())
    mine.carry()
    return mine


def lifting(walk):
    mine = restricted(walk)
    dpo, number, later = (
        desk_of(mine.store, Role.DPO, name="deputy"), standing_id(mine), NOW + timedelta(hours=2)
    )
    lift = restriction_lifts.propose(dpo, number[0], "WHYWORDS", version=number[1], key=new_id())
    return mine, lift, later


def standing_id(walk):
    with walk.store.transaction() as tx:
        return tx._cursor.execute("select id, version from suppressions where state = 'restriction'").fetchone()


def restriction_lifted(walk):
    mine, lift, later = lifting(walk)
    mine.letter("restriction_will_be_lifted")
    restriction_lifts.lift(mine.at(mine.approver, later + timedelta(days=1)), lift, key=new_id())
    return mine, "restriction.lift", [("", True, "lifted", "RES-3")]


def restriction_kept(walk):
    mine, lift, _ = lifting(walk)
    restriction_lifts.keep(mine.approver, lift, key=new_id())
    return mine, "restriction.keep", [("", False, "kept", "RES-3")]


def objection_at_intake(walk):
    mine = case(walk, "objection_marketing")
    return mine, "case.take_in", [("", True, "in_effect", "OBJ-2")]


def objection_widened(walk):
    mine = case(walk, "objection_marketing")
    mine.plan()
    carrying.start(mine.steward, mine.request_id, version=mine.version, key=new_id())
    return mine, "request.carry_out", [("", True, "widened", "OBJ-2")]


def withdrawal_of_nobody(walk):
    mine = take_in(walk, "consent_withdrawal", None, 1)
    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=mine.case_ref)["version"]
    cases.decide_person(mine.steward, mine.case_ref, None, version=version, key=new_id())
    stopping.confirm_for_nobody(mine.steward, mine.request_id, version=mine.version, key=new_id())
    return mine, "request.carry_out", [("", True, "in_effect", "CON-1")]


def correction(walk):
    mine = case(walk, "rectification")
    mine.propose("city", "Newtown")
    mine.propose("attribute:colour", finding="opinion", reason="It is an opinion of ours, recorded as one.")
    mine.plan()
    mine.approve()
    return mine, "plan.approve", [("local.profiles", True, "corrected", "REC"), ("local.attributes", False, "left", "REC")]


def kept_longer(walk):
    mine = kept(walk)
    (part,) = kept_parts.list_kept(mine.steward)
    kept_parts.prolong(
        mine.steward, part.id, "17.3.e", "Suit 7 O 12/26", date(2036, 1, 1), version=part.version, key=new_id()
    )
    return mine, "kept.prolong", [("local.events", False, "retain", "ERA")]


def kept_erased(walk):
    mine = kept(walk)
    kept_ends.erase_due(desk_of(mine.store, Role.WORKER, name="worker", now=datetime(2035, 1, 1, 12)))
    return mine, "kept.erase", [("local.events", True, "erase", "ERA")]


def kept(walk):
    mine, _, _ = erasure(walk)
    mine.carry()
    return mine


def erasure_on_hold(walk):
    mine = case(walk, "erasure")
    put(mine)
    planned(mine, "erasure_refused")
    mine.approve()
    tables = [(f"local.{name}", False, "held", "ERA") for name in catalogue().tables("local")]
    return mine, "plan.approve", [*tables, ("desk", False, "retain", "ERA-3")]


TABLE = [
    kept_longer, kept_erased, erasure_on_hold,
    refusal, extension_prepared, extension_approved, extension_told, extension_late, fee, pause, pause_asked_late,
    identity_proven, identity_failed, erasure, erasure_without_ground, portable_copy, access_copy, restriction_set,
    restriction_lifted, restriction_kept, objection_at_intake, objection_widened, withdrawal_of_nobody, correction,
]


@pytest.mark.parametrize("decide", TABLE, ids=lambda each: each.__name__)
def test_each_act_that_decides_leaves_exactly_one_record_for_each_item(empty_walk, decide):
    walk, what, wanted = decide(empty_walk)
    assert sorted(of(walk, what)) == sorted(wanted)


def test_a_record_tells_who_when_and_why_and_holds_no_typed_word(empty_walk):
    mine, _, _ = erasure(empty_walk)
    shown = {each.item: each for each in decisions.of_request(mine.steward, mine.request_id)}
    kept = shown["Events"]
    assert (kept.article, kept.law, kept.granted) == ("17(3)(b)", LAW, False)
    assert ("Until", "31 Dec 2034") in kept.facts
    assert "legal obligation" in kept.sentence
    assert kept.words.startswith("Section 147")
    assert kept.what == "approved a plan"
    assert kept.at == NOW
    with mine.store.transaction() as tx:
        plain = str(tx._cursor.execute("select * from decisions").fetchall())
    for typed in ("Section 147", "WHYWORDS", "Marker", "BODYWORDS"):
        assert typed not in plain


def test_an_act_that_is_refused_or_fails_leaves_no_record(empty_walk):
    mine = case(empty_walk, "erasure")
    before = rows(mine.store)
    planned(mine, "erasure_partly", claims=(TAX,))
    approval = mine.ask_plan()
    with pytest.raises(NotAllowed):
        approvals.approve(mine.steward, PLAN, approval, key=new_id())
    with pytest.raises(NotPossible):
        identity.record(mine.checker, mine.case_ref, [], "failed", "WHYWORDS", key=new_id())
    with pytest.raises(Invalid):
        clock.ask(mine.steward, mine.request_id, "clarification", "Which?", "", key=new_id())
    assert rows(mine.store) == before, "asking and preparing decide nothing"


def test_a_repeated_command_leaves_its_record_once(empty_walk):
    mine, key = case(empty_walk, "access"), new_id()
    for _ in range(2):
        clock.ask(mine.steward, mine.request_id, "clarification", "Which years?", "They hold nine thousand rows.", key=key)
    assert len(of(mine, "request.ask")) == 1


def test_a_use_that_the_restriction_bars_is_a_decision_on_its_request_though_the_act_is_refused(empty_walk):
    mine = restricted(empty_walk)
    with mine.store.transaction() as tx:
        tx._cursor.execute(
            "update requests set kind = 'complaint', state = 'in_progress', plan_id = null where id = $id",
            {"id": mine.request_id},
        )
        mine.store.commit(tx)
    for _ in range(2):
        with pytest.raises((NotAllowed, NotPossible)):
            using(mine)
    assert of(mine, "person.open") == [("", False, "closed", "RES-1")]


def using(mine):
    with act(mine.steward, Act.PERSON_OPEN, things.person(mine.subject), purpose="request") as now:
        use_for(now, mine.subject, mine.row())


def test_an_approver_reads_the_decisions_of_a_case_only_when_asked_in_it(empty_walk):
    mine = case(empty_walk, "access")
    with pytest.raises(NotAllowed):
        decisions.of_request(mine.approver, mine.request_id)
    mine.prepare()
    mine.work()
    mine.ask()
    assert decisions.of_request(mine.approver, mine.request_id)


def test_the_copy_of_the_person_names_the_decisions_on_earlier_requests(empty_walk):
    mine = case(empty_walk, "access")
    with mine.store.transaction() as tx:
        (row,) = tx.rows("desk_records.decisions", subject=mine.subject)
    assert set(row) == {"subject_ref", "case_ref", "item", "granted", "outcome", "article", "sentence", "decided_at"}
