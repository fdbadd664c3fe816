"""The one door: every act on every kind of thing, in a case that this person may not see, or that is their own work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions.desk import things
from core.actions.desk.act import act, look
from core.actions.desk.opening import WORKED
from core.law.acts import ACTS, Act, Effect, Scope
from core.law.errors import Invalid, NotAllowed, NotFound, Refused, StepUpNeeded
from core.law.roles import Role
from core.store.engine import Store, new_id
from tests.actions.things_of import FREE, TABLES, File, pairs, plant, update
from tests.conftest import NOW, desk_of
from tests.house.reading import ROOT
from tests.stores import fresh

OF_A_CASE = [(what, kind) for what, kind in pairs() if kind in TABLES or kind == "person"]
ME = "account-somebody"
PEOPLE = [role for role in Role if role not in {Role.WORKER, Role.PUBLIC}]
ASKED = {"approval": "approvals"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    store = Store.open(fresh(tmp_path_factory.mktemp("doors") / "desk.duckdb"), NOW)
    yield store
    store.close()


@pytest.fixture(scope="module")
def others(shared):
    """A case sealed to somebody else, one about this person, one about somebody close, and an ordinary one."""
    files = {"sealed": File(shared, sealed=True), "own": File(shared), "related": File(shared), "free": File(shared)}
    plant(shared, "case_named", case_ref=files["sealed"].case_ref, account_id="account-named")
    for relation in ("own", "related"):
        plant(shared, "account_people", account_id=ME, subject_ref=files[relation].subject, relation=relation)
    return files


def purpose(what):
    return "request" if ACTS[what].purpose else None


def do(desk, what, of, **more):
    """Do an act with nothing in it; return how it ended, in words that a change of any flag would change."""
    with_purpose = {"purpose": purpose(what)} | more
    try:
        with act(desk, what, of, **with_purpose):
            return "done"
    except Refused as refusal:
        return f"{type(refusal).__name__}: {refusal}"


def last(store):
    with store.transaction() as tx:
        return tx.rows("log.all_rows", chain=store.chain, first=store.tip.count - 1, last=store.tip.count)[0]


@pytest.mark.parametrize("whose", ["sealed", "own", "related"])
def test_nothing_of_a_case_that_is_kept_from_somebody_opens_to_them_by_its_id(shared, others, whose):
    wrong = []
    for what, kind in OF_A_CASE:
        if what is Act.PERSON_RELATE:  # to say that somebody is close, nothing of theirs is opened
            continue
        for role in PEOPLE:
            if role not in ACTS[what].who:
                continue
            for opens in (do, glance) if role is min(ACTS[what].who) else (do,):
                before = shared.tip.count
                ended = opens(desk_of(shared, role), what, others[whose].of(kind))
                if not ended.startswith("NotAllowed") or shared.tip.count != before + 1 or (
                    last(shared)["outcome"] != "refused.not_allowed"
                ):
                    wrong.append((what.value, kind, role.value, opens.__name__, ended))
    assert wrong == []


def glance(desk, what, of):
    try:
        with look(desk, what, of):
            return "done"
    except Refused as refusal:
        return f"{type(refusal).__name__}: {refusal}"


def test_whoever_is_named_for_a_sealed_case_goes_in(shared, others):
    for what, kind in OF_A_CASE:
        for role in (Role.DPO, Role.STEWARD):
            if ACTS[what].who.get(role) is Scope.YES and not ACTS[what].second:
                assert do(desk_of(shared, role, name="named"), what, others["sealed"].of(kind)) == "done", (what, kind)


def test_the_desks_own_worker_and_the_public_carry_on_in_a_sealed_case(shared, others):
    for what, kind in OF_A_CASE:
        for role in (Role.WORKER, Role.PUBLIC):
            if role in ACTS[what].who:
                assert do(desk_of(shared, role), what, others["sealed"].of(kind)) == "done", (what, kind)


def test_an_approver_opens_nothing_of_a_case_in_which_they_are_not_asked(shared, others):
    within = [(what, kind) for what, kind in OF_A_CASE if ACTS[what].who.get(Role.APPROVER) is Scope.CASE]
    assert {Act.CASE_OPEN, Act.ATTACHMENT_FETCH, Act.PLAN_OPEN, Act.RELEASE_OPEN, Act.LETTER_OPEN} <= {each for each, _ in within}
    for what, kind in within:
        ended = do(desk_of(shared, Role.APPROVER), what, others["free"].of(kind))
        assert ended.startswith("NotAllowed"), (what, kind, ended)


def test_who_sees_totals_only_opens_no_single_thing(shared, others):
    assert "totals only" in glance(desk_of(shared, Role.ANALYST), Act.QUEUE_LOOK, others["free"].of("request"))
    with look(desk_of(shared, Role.ANALYST), Act.QUEUE_LOOK) as now:
        assert now.least == 5
    with look(desk_of(shared, Role.STEWARD), Act.QUEUE_LOOK) as now:
        assert now.least == 0


def test_a_denied_look_is_entered_once_for_each_thing(shared, others):
    desk, file = desk_of(shared, Role.STEWARD), others["sealed"]
    before = shared.tip.count
    for _ in range(3):
        assert glance(desk, Act.CASE_OPEN, file.of("package")).startswith("NotAllowed")
    assert shared.tip.count == before + 1
    assert (last(shared)["object_kind"], last(shared)["object_id"]) == ("package", file.ids["package"])
    glance(desk, Act.CASE_OPEN, file.of("letter"))
    assert shared.tip.count == before + 2


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_what_is_not_there_is_not_found_and_entered(shared, kind):
    what = next(each for each, its in OF_A_CASE if its == kind)
    desk = desk_of(shared, *ACTS[what].who)
    with pytest.raises(NotFound), act(desk, what, getattr(things, kind)("0" * 32), purpose=purpose(what)):
        pytest.fail("the body must not run")
    assert last(shared)["outcome"] == "refused.not_found"


# How somebody can have worked on a case: the table, whose column names them, and whether it hangs on the request.
WORK = [
    ("taken_in", "cases", "taken_in_by"), ("taken_in", "messages", "entered_by"), ("handled", "requests", "owner_id"),
    ("prepared", "requests", "prepared_by"), ("prepared", "plans", "made_by"), ("prepared", "plan_terms", "chosen_by"),
    ("prepared", "extensions", "prepared_by"), ("prepared", "fees", "prepared_by"),
    ("prepared", "rectifications", "proposed_by"), ("identity", "identity_checks", "checked_by"),
    ("identity", "rectification_proofs", "recorded_by"), ("identity", "representatives", "identity_by"),
    ("person", "case_deciders", "account_id"), ("address", "reply_addresses", "added_by"),
    ("authority", "representatives", "added_by"), ("authority", "representatives", "checked_by"),
    ("letter", "letters", "drafted_by"), ("letter", "letter_editors", "account_id"),
    ("recorded", "needs_met", "recorded_by"), ("recorded", "restriction_terms", "recorded_by"),
    ("recorded", "raised_questions", "answered_by"), ("recorded", "children", "recorded_by"),
    ("recorded", "deaths", "recorded_by"), ("recorded", "owner_tasks", "answered_by"),
]


DECIDING = [(what, kind) for what, kind in OF_A_CASE if ACTS[what].second and getattr(things, kind)("").kind.worked_on]


def asked_in(shared):
    """A case in which everything that can be asked is asked of this person, who has done nothing in it."""
    file = File(shared)
    for table in ASKED.values():
        update(shared, f"update {table} set approver_id = $me where case_ref = $case", me=ME, case=file.case_ref)
    return file


def test_whoever_did_nothing_else_in_a_case_decides_what_is_asked_of_them(shared):
    assert {kind for _, kind in DECIDING} == {*ASKED, "kept_item", "rectification"}
    file = asked_in(shared)
    for what, kind in DECIDING:
        for role in ACTS[what].who:
            assert do(desk_of(shared, role), what, file.of(kind)) == "done", (what, kind, role)


@pytest.mark.parametrize(("how", "table", "column"), WORK)
def test_whoever_worked_on_a_case_is_no_second_person_in_it(shared, how, table, column):
    file = asked_in(shared)
    if table in {"cases", "requests"}:
        key, value = ("case_ref", file.case_ref) if table == "cases" else ("id", file.request_id)
        update(shared, f"update {table} set {column} = $me where {key} = $value", me=ME, value=value)
    else:
        plant(shared, table, **{
            "id": new_id(), "case_ref": file.case_ref, "request_id": file.request_id, "letter_id": file.ids["letter"],
            column: ME,
        })
    for kind, what in {kind: what for what, kind in DECIDING}.items():
        ended = do(desk_of(shared, Role.DPO, Role.APPROVER), what, file.of(kind))
        assert ended == f"NotAllowed: You {WORKED[how]}: another person must decide.", (what, kind)
    assert last(shared)["outcome"] == "refused.not_allowed"


def test_work_in_another_case_bars_from_nothing(shared):
    mine, file = File(shared), asked_in(shared)
    plant(shared, "identity_checks", id=new_id(), case_ref=mine.case_ref, checked_by=ME)
    assert do(desk_of(shared, Role.DPO), Act.RELEASE_APPROVE, file.of("approval")) == "done"


def test_every_way_to_work_on_a_case_is_tried():
    assert {how for how, _, _ in WORK} == set(WORKED)
    sql = (ROOT / "core/store/sql/queries/opening.sql").read_text("utf-8")
    assert sql.split("-- name: workers")[1].count("select") == len(WORK)


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_only_the_person_asked_decides_and_the_deputy_from_their_day_on(shared, kind):
    file = File(shared)
    update(
        shared, f"update {ASKED[kind]} set approver_id = 'account-asked', deputy_id = $me, deputy_from = $day "
        "where case_ref = $case", me=ME, day=NOW + timedelta(days=3), case=file.case_ref,
    )
    what = next(each for each, its in OF_A_CASE if its == kind and ACTS[each].second)
    for role in (Role.DPO, Role.APPROVER):
        assert "asked of another person" in do(desk_of(shared, role), what, file.of(kind))
        assert do(desk_of(shared, role, name="asked"), what, file.of(kind)) == "done"
        assert do(desk_of(shared, role, now=NOW + timedelta(days=3)), what, file.of(kind)) == "done"
        assert do(desk_of(shared, role, name="nobody"), what, file.of(kind)).startswith("NotAllowed")


def test_the_dpo_approves_an_own_letter_only_where_its_form_asks_for_both(shared):
    file = File(shared)
    update(shared, "update approvals set approver_id = $me where case_ref = $case", me=ME, case=file.case_ref)
    update(shared, "update letters set drafted_by = $me where case_ref = $case", me=ME, case=file.case_ref)
    dpo, approver = desk_of(shared, Role.DPO), desk_of(shared, Role.APPROVER)
    assert "You drafted" in do(dpo, Act.LETTER_APPROVE, file.of("approval"))
    update(shared, "update letters set kind = 'authority_cover' where case_ref = $case", case=file.case_ref)
    assert do(dpo, Act.LETTER_APPROVE, file.of("approval")) == "done"
    assert "You drafted" in do(approver, Act.LETTER_APPROVE, file.of("approval"))


def test_what_is_somebodys_own_is_theirs_alone(shared):
    file = File(shared)
    own = [(what, kind) for what, kind in OF_A_CASE if Scope.OWN in ACTS[what].who.values()]
    assert {kind for _, kind in own} == {"package", "way_out", "document", "document_to_end"}
    for what, kind in own:
        assert do(desk_of(shared, Role.STEWARD), what, file.of(kind)).startswith("NotAllowed"), (what, kind)
    update(shared, "update requests set owner_id = $me where id = $id", me=ME, id=file.request_id)
    update(shared, "update identity_documents set checker_id = $me where case_ref = $case", me=ME, case=file.case_ref)
    for what, kind in own:
        assert do(desk_of(shared, Role.STEWARD), what, file.of(kind)) == "done", (what, kind)


def test_a_request_is_taken_where_it_is_free_and_given_back_where_it_is_ones_own(shared):
    file, what = File(shared), Act.REQUEST_ASSIGN
    assert do(desk_of(shared, Role.STEWARD), what, file.of("request")) == "done"
    update(shared, "update requests set owner_id = 'account-other' where id = $id", id=file.request_id)
    assert "a manager assigns" in do(desk_of(shared, Role.STEWARD), what, file.of("request"))
    assert do(desk_of(shared, Role.MANAGER), what, file.of("request")) == "done"
    update(shared, "update requests set owner_id = $me where id = $id", me=ME, id=file.request_id)
    assert do(desk_of(shared, Role.STEWARD), what, file.of("request")) == "done"


def test_a_second_sending_of_a_form_is_told_what_came_of_the_first_even_where_it_gave_the_thing_away(shared):
    file, desk = File(shared), desk_of(shared, Role.STEWARD)
    for _ in range(2):
        with act(desk, Act.REQUEST_ASSIGN, file.of("request"), key=f"key-{file.request_id}") as now:
            if now.earlier is None:
                now.tx.run("requests.assign", id=file.request_id, owner_id="account-other", version=1)
                now.result = "given"
    assert now.earlier == "given"


def test_opening_a_case_is_one_entry_whatever_of_it_is_read(shared):
    file, desk = File(shared), desk_of(shared, Role.STEWARD)
    before = shared.tip.count
    for kind in sorted(TABLES):
        with act(desk, Act.CASE_OPEN, file.of(kind), disclosure=True) as now:
            assert now.at.case.case_ref == file.case_ref
    assert shared.tip.count == before + 1
    assert (last(shared)["case_ref"], last(shared)["object_id"]) == (file.case_ref, None)


# Flipping any flag of any line of the table changes what happens at the door.


@pytest.fixture(scope="module")
def standings(shared):
    """A case with which this person has nothing to do, one in which they are asked, and one that is their own work."""
    files = {name: File(shared) for name in ("strange", "asked", "own work", "another's")}
    update(shared, "update requests set owner_id = 'account-other' where id = $id", id=files["another's"].request_id)
    for name in ("asked", "own work"):
        for table in ASKED.values():
            update(
                shared, f"update {table} set approver_id = $me where case_ref = $case", me=ME, case=files[name].case_ref
            )
    case_ref = files["own work"].case_ref
    for table, column in (
        ("requests", "owner_id"), ("holds", "release_asked_by"), ("restriction_lifts", "proposed_by"),
        ("suppression_annulments", "asked_by"), ("closing_checks", "closed_by"), ("identity_documents", "checker_id"),
    ):
        update(shared, f"update {table} set {column} = $me where case_ref = $case", me=ME, case=case_ref)
    return files


def outcomes(store, standings, what, kind, roles):
    """Return how an act ends for these roles in every standing: what the table decides, as it is seen from outside."""
    seen = {"nobody": do(desk_of(store), what, standings["own work"].of(kind))}
    for role in roles:
        for name, file in standings.items():
            ended = do(desk_of(store, role), what, file.of(kind))
            seen[role, name] = (ended, last(store)["details"] if ended == "done" else "")
        free = standings["asked" if ACTS[what].second else "own work"].of(kind)
        seen[role, "not stepped up"] = do(desk_of(store, role, stepped_up=False), what, free)
        seen[role, "no purpose"] = do(desk_of(store, role), what, free, purpose=None)
    return seen


def flips(what):
    """Every line that differs from an act's own by one flag, and the roles that feel it."""
    line, holders = ACTS[what], sorted(ACTS[what].who)
    yield "effect", replace(line, effect=Effect.NONE if line.effect else Effect.VIEWED), holders
    yield "purpose", replace(line, purpose=not line.purpose), holders
    yield "step_up", replace(line, step_up=not line.step_up), holders
    yield "anyone", replace(line, anyone=not line.anyone), []
    if line.second:
        yield "second", replace(line, second=False), holders
    for role in Role:
        if role in line.who:
            yield f"without {role}", replace(line, who={each: its for each, its in line.who.items() if each != role}), [role]
        else:
            yield f"with {role}", replace(line, who={**line.who, role: Scope.YES}), [role]
    for role, its in line.who.items():
        if its in {Scope.OWN, Scope.FREE, Scope.CASE}:
            yield f"{role} beyond {its}", replace(line, who={**line.who, role: Scope.YES}), [role]


@pytest.mark.parametrize("what", [
    Act.PACKAGE_FETCH, Act.RELEASE_APPROVE, Act.CASE_OPEN, Act.HOLD_RELEASE, Act.RESTRICTION_LIFT, Act.CLOSING_CHECK,
    Act.REQUEST_ASSIGN, Act.DOCUMENT_SEE, Act.PERSON_OPEN,
])
def test_flipping_any_flag_of_a_line_changes_an_outcome(shared, standings, monkeypatch, what):
    kind = next(its for each, its in OF_A_CASE if each is what)
    for flag, line, roles in flips(what):
        before = outcomes(shared, standings, what, kind, roles)
        with monkeypatch.context() as flipped:
            flipped.setitem(ACTS, what, line)
            assert outcomes(shared, standings, what, kind, roles) != before, flag


def test_the_refusals_name_what_is_missing(shared, others):
    desk = desk_of(shared, Role.STEWARD)
    with pytest.raises(Invalid, match="purpose"), act(desk, Act.PERSON_OPEN, others["free"].of("person")):
        pass
    approver = desk_of(shared, Role.DPO, stepped_up=False)
    file = File(shared)
    update(shared, "update approvals set approver_id = $me where case_ref = $case", me=ME, case=file.case_ref)
    with pytest.raises(StepUpNeeded) as needed, act(approver, Act.RELEASE_APPROVE, file.of("approval")):
        pass
    assert needed.value.thing == file.ids["approval"]


def test_every_kind_of_thing_is_tried_or_has_nothing_of_a_case():
    assert {kind for _, kind in pairs()} <= set(TABLES) | FREE | {"person", "role", "suppression_export"}
    assert isinstance(things.case("x").kind, things.ThingKind)


def test_a_person_is_opened_from_their_own_case_only(shared, others):
    desk = desk_of(shared, Role.STEWARD)
    other = things.person(new_id(), others["free"].case_ref)
    assert "about another person" in do(desk, Act.PERSON_OPEN, other)
    assert do(desk, Act.PERSON_OPEN, things.person(new_id(), None)) == "done"


def test_a_sealed_person_is_opened_by_nobody_else_from_any_case(shared, others):
    subject = others["sealed"].subject
    second = File(shared, subject=subject)
    for case_ref in (None, second.case_ref):
        assert "sealed" in do(desk_of(shared, Role.STEWARD), Act.PERSON_OPEN, things.person(subject, case_ref))
    assert do(desk_of(shared, Role.STEWARD), Act.CASE_NOTE, second.of("case")) == "done", "the ordinary case itself is open"


def test_a_person_kept_from_somebody_is_not_decided_to_be_whom_a_case_is_about(shared, others):
    desk, file = desk_of(shared, Role.STEWARD), others["free"]
    for whose in ("sealed", "own", "related"):
        with pytest.raises(NotAllowed), act(
            desk, Act.CASE_PERSON, file.of("case"), beside=things.person(others[whose].subject)
        ):
            pytest.fail("the body must not run")


def test_a_package_of_whom_a_case_was_about_before_stays_shut_to_whoever_is_close_to_either(shared, others):
    file = others["own"]
    update(shared, "update packages set subject_ref = 'before' where case_ref = $case", case=file.case_ref)
    assert do(desk_of(shared, Role.DPO), Act.WAY_OUT_REVOKE, file.of("way_out")).startswith("NotAllowed")
    assert do(desk_of(shared, Role.DPO), Act.RELEASE_OPEN, file.of("approval")).startswith("NotAllowed")
    with pytest.raises(NotAllowed), look(desk_of(shared, Role.DPO), Act.CASE_OPEN, file.of("package")):
        pytest.fail("the body must not run")
