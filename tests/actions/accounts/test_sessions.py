"""Sessions: in, out, idle, absolute, revoked at once, proven again for one step."""

from datetime import timedelta

import pytest

from core.actions.accounts import accounts, sessions
from core.actions.desk import things
from core.actions.desk.act import act
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, SignedOut, StepUpNeeded
from core.law.roles import Role
from core.store.engine import Store
from tests.actions.signing import COST, WORD, enter, entries, first_administrator, founded, grant, later, make_account
from tests.conftest import NOW


def at(**spent):
    return NOW + timedelta(**spent)


def test_a_session_is_resolved_by_its_token_alone_and_kept_as_a_hash(store):
    token, desk = first_administrator(store)
    person = sessions.resolve_session(store, NOW, token)
    assert (person.name, person.roles) == ("Root Marker", {Role.ADMINISTRATOR})
    assert person.sign_in_ref == desk.person.sign_in_ref
    for wrong in (None, "", token[:-1], token + "x", "x" * 43, object(), desk.person.session_hash):
        assert sessions.resolve_session(store, NOW, wrong) is None
    assert [row["outcome"] for row in entries(store)][-1:] == ["done"]


@pytest.mark.parametrize(("name", "password"), [
    ("root", "not the password at all"), ("nobody", WORD), ("", WORD), ("root", ""), ("root", "x" * 2**20),
    ("x" * 5000, WORD),
])
def test_every_failure_reads_the_same_and_is_entered(store, name, password):
    first_administrator(store)
    before = len(entries(store))
    with pytest.raises(SignedOut) as told:
        enter(store, name, password=password)
    assert str(told.value) == sessions.NOT_IN
    assert [row["outcome"] for row in entries(store)][before:] == ["refused.signed_out"]


def test_a_disabled_account_and_one_without_a_role_stay_outside(store):
    _, root = first_administrator(store)
    account = make_account(root, "leaver")
    with pytest.raises(NotAllowed, match="role"):
        enter(store, "leaver")
    grant(root, account, Role.STEWARD)
    token, _ = enter(store, "leaver")
    accounts.disable_account(root, account, key="disable-01")
    assert sessions.resolve_session(store, NOW, token) is None
    with pytest.raises(SignedOut) as told:
        enter(store, "leaver")
    assert str(told.value) == sessions.NOT_IN


def test_fifteen_minutes_without_use_end_it_and_polling_is_no_use(store):
    token, _ = first_administrator(store)
    assert sessions.resolve_session(store, at(minutes=14), token)
    assert sessions.resolve_session(store, at(minutes=28), token)
    for minute in (30, 36, 42):
        assert sessions.resolve_session(store, at(minutes=minute), token, active=False)
    assert sessions.resolve_session(store, at(minutes=43), token, active=False) is None
    assert sessions.resolve_session(store, at(minutes=29), token) is None  # ended for good


def test_eight_hours_end_it_however_busy(store):
    token, _ = first_administrator(store)
    for tens in range(1, 48):
        assert sessions.resolve_session(store, at(minutes=10 * tens), token)
    assert sessions.resolve_session(store, at(hours=8), token) is None


def test_last_seen_is_written_at_most_once_a_minute_and_outlives_the_process(tmp_path):
    store = Store.create(tmp_path / "desk.duckdb", "bench", NOW)
    token, desk = first_administrator(store)

    def written():
        with store.transaction() as tx:
            return tx.one("sessions.open", session_hash=desk.person.session_hash, now=NOW)["seen_at"]

    sessions.resolve_session(store, at(seconds=59), token)
    assert written() == NOW
    sessions.resolve_session(store, at(seconds=61), token)
    assert written() == at(seconds=61)
    sessions.resolve_session(store, at(seconds=90), token)
    assert written() == at(seconds=61)
    store.close()
    store = Store.open(tmp_path / "desk.duckdb", NOW)
    assert sessions.resolve_session(store, at(minutes=16), token, active=False)
    assert sessions.resolve_session(store, at(minutes=17), token, active=False) is None
    store.close()


def test_a_second_sign_in_ends_the_first_and_says_so_in_the_log(store):
    token, _ = first_administrator(store)
    fresh, _ = enter(store, "root")
    assert sessions.resolve_session(store, NOW, token) is None
    assert sessions.resolve_session(store, NOW, fresh)
    assert '"ended_sessions":1' in entries(store)[-1]["details"].replace(" ", "")


def test_signing_out_ends_this_session_and_twice_is_once(store):
    token, _ = first_administrator(store)
    sessions.sign_out(store, NOW, token)
    sessions.sign_out(store, NOW, token)
    assert sessions.resolve_session(store, NOW, token) is None
    assert [row["act"] for row in entries(store)].count("sign.out") == 1


def test_a_role_change_ends_the_sessions_at_once(store):
    _, second, dpo = founded(store)
    account = make_account(second, "steward")
    grant(second, account, Role.STEWARD)
    token, _ = enter(store, "steward")
    grant(second, account, Role.MANAGER)
    assert sessions.resolve_session(store, NOW, token) is None
    token, desk = enter(store, "steward")
    assert desk.person.roles == {Role.STEWARD, Role.MANAGER}
    held = next(each for each in accounts.list_accounts(dpo) if each.id == account).roles
    accounts.end_role(dpo, held[0].id, key="end-of-role")
    assert sessions.resolve_session(store, NOW, token) is None


def test_a_role_that_ends_by_its_date_counts_no_more_in_a_running_session(store):
    _, root = first_administrator(store)
    account = make_account(root, "short")
    grant(root, account, Role.STEWARD, NOW.date())
    grant(root, account, Role.MANAGER)
    evening = NOW.replace(hour=23, minute=58)
    token, desk = enter(store, "short", evening)
    assert desk.person.roles == {Role.STEWARD, Role.MANAGER}
    assert sessions.resolve_session(store, evening + timedelta(minutes=3), token).roles == {Role.MANAGER}


def test_a_step_up_serves_one_act_on_one_thing_once_within_five_minutes(store):
    _, root = first_administrator(store)
    desk = root

    def propose(desk, thing):
        with act(desk, Act.ROLE_PROPOSE, things.account(thing)):
            pass

    with pytest.raises(StepUpNeeded) as needed:
        propose(desk, "a" * 32)
    assert (needed.value.act, needed.value.thing) == ("role.propose", "a" * 32)
    sessions.step_up(desk, WORD, Act.ROLE_PROPOSE, "a" * 32, cost=COST)
    with pytest.raises(StepUpNeeded):
        propose(desk, "b" * 32)
    with pytest.raises(StepUpNeeded), act(desk, Act.ROLE_CONFIRM, things.account("a" * 32)):
        pass
    with pytest.raises(StepUpNeeded):
        propose(later(desk, minutes=5, seconds=1), "a" * 32)
    propose(later(desk, minutes=5), "a" * 32)
    with pytest.raises(StepUpNeeded):
        propose(desk, "a" * 32)


def test_a_step_up_of_an_act_that_failed_is_still_there(store):
    _, desk = first_administrator(store)
    sessions.step_up(desk, WORD, Act.ROLE_PROPOSE, "", cost=COST)
    with pytest.raises(ValueError, match="x"), act(desk, Act.ROLE_PROPOSE):
        raise ValueError("x")
    with act(desk, Act.ROLE_PROPOSE):
        pass


def test_a_step_up_is_the_session_s_own_and_shows_in_the_person(store):
    token, desk = first_administrator(store)
    sessions.step_up(desk, WORD, Act.ROLE_PROPOSE, "t", cost=COST)
    seen = type(desk)(store, sessions.resolve_session(store, NOW, token), NOW)
    assert sessions.stepped_up(seen, Act.ROLE_PROPOSE, "t")
    assert not sessions.stepped_up(seen, Act.ROLE_PROPOSE, "u")
    assert not sessions.stepped_up(later(seen, minutes=6), Act.ROLE_PROPOSE, "t")
    _, again = enter(store, "root")
    with pytest.raises(StepUpNeeded), act(again, Act.ROLE_PROPOSE, things.account("t")):
        pass


def test_a_wrong_password_gives_no_step_up_and_counts(store):
    _, desk = first_administrator(store)
    for _ in range(10):
        with pytest.raises(Invalid):
            sessions.step_up(desk, "not the password at all", Act.ROLE_PROPOSE, cost=COST)
    with pytest.raises(Invalid):
        sessions.step_up(desk, WORD, Act.ROLE_PROPOSE, cost=COST)
    sessions.step_up(later(desk, minutes=16), WORD, Act.ROLE_PROPOSE, cost=COST)


def test_changing_one_s_password_ends_every_session(store):
    token, desk = first_administrator(store)
    with pytest.raises(Invalid, match="not your password"):
        sessions.change_password(desk, "wrong, wrong, wrong", "a new password of tests", key="change-01", cost=COST)
    with pytest.raises(Invalid, match="15"):
        sessions.change_password(desk, WORD, "short", key="change-02", cost=COST)
    sessions.change_password(desk, WORD, "a new password of tests", key="change-03", cost=COST)
    assert sessions.resolve_session(store, NOW, token) is None
    with pytest.raises(SignedOut):
        enter(store, "root")
    assert enter(store, "root", password="a new password of tests")


def test_no_password_token_or_name_reaches_the_log(store):
    token, _ = first_administrator(store)
    with pytest.raises(SignedOut):
        enter(store, "marker-of-a-name", password="marker-of-a-password")
    text = str(entries(store))
    for secret in (token, WORD, "marker-of-a-name", "marker-of-a-password", "Root Marker", "127.0.0.1"):
        assert secret not in text
