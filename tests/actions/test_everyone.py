"""Every act by every role, signed out and with an ended session: what the table does not allow does not happen."""

from datetime import timedelta

import pytest

from core.actions.accounts import sessions
from core.actions.accounts.samples import demo_accounts
from core.actions.desk.act import act
from core.actions.desk.desk import Desk
from core.law.acts import ACTS, Act
from core.law.errors import NotAllowed
from core.law.roles import Role
from core.store.engine import Store
from pages.parts.screens import screens
from tests.conftest import NOW, desk_of

PASSWORD = "a password of the demo kind"
MOST_IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=8)
# Written out here, not read from the table, so that a row widened by mistake is seen: who may do the gravest acts.
GRAVEST = {
    Act.RELEASE_APPROVE: {Role.DPO, Role.APPROVER}, Act.PACKAGE_FETCH: {Role.DPO, Role.STEWARD},
    Act.PERSON_OPEN: {Role.DPO, Role.STEWARD, Role.APPROVER}, Act.PERSON_SHOW: {Role.DPO, Role.STEWARD, Role.APPROVER},
    Act.PERSON_FIND: {Role.DPO, Role.STEWARD, Role.OPERATOR}, Act.CASE_OPEN: {Role.DPO, Role.STEWARD, Role.APPROVER},
    Act.CASE_TAKE_IN: {Role.DPO, Role.STEWARD}, Act.LOG_LOOK: {Role.DPO, Role.ANALYST}, Act.CASE_SEAL: {Role.DPO},
    Act.ROLE_PROPOSE: {Role.ADMINISTRATOR}, Act.ROLE_CONFIRM: {Role.DPO, Role.ADMINISTRATOR},
    Act.ACCOUNT_CREATE: {Role.ADMINISTRATOR}, Act.PACKAGE_READ: {Role.WORKER}, Act.PACKAGE_BUILD: {Role.WORKER},
    Act.PACKAGE_RELEASE: {Role.WORKER},
    Act.REFUSAL_APPROVE: {Role.DPO, Role.APPROVER}, Act.REFUSAL_SWITCH: {Role.ADMINISTRATOR},
    Act.LINK_MAKE: {Role.DPO, Role.STEWARD}, Act.LINK_SHOW: {Role.DPO, Role.STEWARD}, Act.LINK_FETCH: {Role.PUBLIC},
    Act.LINK_TRY: {Role.PUBLIC}, Act.ARCHIVE_FETCH: {Role.DPO, Role.STEWARD}, Act.PRINT_FETCH: {Role.DPO, Role.STEWARD},
    Act.FIGURES_SWITCH: {Role.DPO}, Act.ACCOUNT_TEAM: {Role.ADMINISTRATOR},
    Act.BOARD_FETCH: {Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST},
    Act.QUEUE_FETCH: {Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER},
    Act.LOG_EXPORT: {Role.OPERATOR}, Act.FIND_SWITCH: {Role.DPO},
    Act.SUPPRESSION_END: {Role.DPO, Role.STEWARD}, Act.SUPPRESSION_OUT_ASK: {Role.STEWARD},
    Act.SUPPRESSION_OUT_APPROVE: {Role.DPO, Role.APPROVER}, Act.SUPPRESSION_OUT_FETCH: {Role.STEWARD},
    Act.SUPPRESSION_CHECK: {Role.DPO, Role.STEWARD, Role.OPERATOR}, Act.RESTRICTION_PROPOSE: {Role.DPO},
    Act.SUPPRESSION_OPEN: {Role.DPO, Role.STEWARD}, Act.SUPPRESSION_ANNUL: {Role.DPO, Role.APPROVER},
    Act.RESTRICTION_REVIEW: {Role.DPO}, Act.AUDIENCE_CHECK: {Role.OPERATOR},
    Act.RESTRICTION_LIFT: {Role.DPO, Role.APPROVER},
    Act.STORE_PURGE: {Role.OPERATOR, Role.WORKER}, Act.STORE_BACKUP: {Role.OPERATOR}, Act.STORE_DRILL: {Role.OPERATOR}, Act.STORE_FORGET: {Role.OPERATOR},
    Act.STORE_RESTORE: {Role.OPERATOR},
    Act.DOCUMENT_SEE: {Role.DPO, Role.STEWARD}, Act.DOCUMENT_END: {Role.DPO, Role.STEWARD, Role.WORKER},
    Act.AUTHORITY_CHECK: {Role.DPO, Role.STEWARD}, Act.DEATH_CORRECT: {Role.DPO},
    Act.HOLD_SET: {Role.DPO, Role.STEWARD}, Act.HOLD_RELEASE: {Role.DPO, Role.APPROVER}, Act.KEPT_ERASE: {Role.WORKER},
}  # fmt: skip
PAGES = {
    "home": set(Role) - {Role.OPERATOR, Role.WORKER, Role.PUBLIC},
    "queue": {Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST},
    "board": {Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST},
    "absences": {Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER}, "exports": {Role.DPO, Role.STEWARD},
    "intake": {Role.DPO, Role.STEWARD}, "request": {Role.DPO, Role.STEWARD, Role.APPROVER},
    "profile": {Role.DPO, Role.STEWARD}, "imports": {Role.DPO, Role.STEWARD}, "logbook": {Role.DPO, Role.ANALYST},
    "accounts": {Role.DPO, Role.ADMINISTRATOR}, "permissions": set(Role) - {Role.OPERATOR, Role.WORKER, Role.PUBLIC},
    "catalogue": {Role.DPO, Role.STEWARD, Role.APPROVER, Role.ADMINISTRATOR, Role.SETUP},
    "suppression": {Role.DPO, Role.STEWARD, Role.APPROVER}, "holds": {Role.DPO, Role.STEWARD, Role.APPROVER},
    "own_account": set(Role) - {Role.OPERATOR, Role.WORKER, Role.PUBLIC},
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    store = Store.create(tmp_path_factory.mktemp("everyone") / "desk.duckdb", "demo", NOW)
    yield store
    store.close()


def attempt(desk: Desk, what: Act) -> bool:
    purpose = "request" if ACTS[what].purpose else None
    try:
        with act(desk, what, purpose=purpose):
            pass
    except NotAllowed:
        return False
    return True


def test_every_act_by_every_role_is_allowed_only_by_its_line(shared):
    wrong = [
        (what.value, role.value) for what in Act for role in Role
        if attempt(desk_of(shared, role), what) != (role in ACTS[what].who)
    ]
    assert wrong == []


@pytest.mark.parametrize("what", list(Act))
def test_a_person_without_a_role_does_nothing_but_what_is_open_to_any_account(shared, what):
    assert attempt(desk_of(shared), what) == ACTS[what].anyone


def test_the_gravest_acts_are_in_the_hands_they_were_given_to():
    assert {what: set(ACTS[what].who) for what in GRAVEST} == GRAVEST


def test_every_act_has_a_line_a_sentence_and_somebody_who_may():
    assert set(ACTS) == set(Act)
    assert all(line.sentence and line.who and line.family for line in ACTS.values())
    assert not any(Role.MARKETER in line.who for line in ACTS.values() if line.effect.value)


def test_every_page_is_offered_to_its_roles_only():
    offered = {name: set(ACTS[page.ACT].who) - {Role.OPERATOR, Role.WORKER, Role.PUBLIC} for name, page in screens().items()}
    assert offered == PAGES


@pytest.mark.parametrize("role", ["dpo", "steward", "approver", "manager", "analyst", "marketer", "administrator", "setup"])
def test_signed_out_idle_and_expired_sessions_are_nobody(shared, role):
    if not hasattr(shared, "ready"):
        demo_accounts(shared, NOW, PASSWORD, cost=4)
        shared.ready = True
    now = NOW + timedelta(seconds=1)
    token = sessions.sign_in(shared, now, role, PASSWORD, "", "127.0.0.1").token
    assert sessions.resolve_session(shared, now + timedelta(minutes=14), token) is not None
    assert sessions.resolve_session(shared, now + timedelta(minutes=14) + MOST_IDLE + timedelta(minutes=1), token) is None
    token = sessions.sign_in(shared, now, role, PASSWORD, "", "127.0.0.1").token
    for minutes in range(10, 8 * 60, 10):
        assert sessions.resolve_session(shared, now + timedelta(minutes=minutes), token) is not None
    assert sessions.resolve_session(shared, now + LONGEST + timedelta(minutes=1), token) is None
    token = sessions.sign_in(shared, now, role, PASSWORD, "", "127.0.0.1").token
    sessions.sign_out(shared, now, token)
    assert sessions.resolve_session(shared, now, token) is None
    assert sessions.resolve_session(shared, now, None) is None
    assert sessions.resolve_session(shared, now, "guessed") is None
