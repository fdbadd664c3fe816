"""A person who has died: marketing stops everywhere, no letter reaches them, and only an heir with a rule goes on."""

from datetime import date

import pytest

from core.actions.answers import requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.cases import deaths, representatives
from core.actions.cases.intake import Intake, take_in
from core.actions.desk.act import act
from core.actions.desk.establishment import Establishment, keep
from core.actions.suppression import suppression_list, suppressions
from core.connectors.suppressed import replay, standing, tokens, tokens_of_subject
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.representatives import Goes
from core.law.roles import Role
from core.law.workflow import Closing, State
from core.store.engine import Store, new_id
from tests.actions.cases.test_representatives import LAWYER, address, asked, decide, proven
from tests.actions.conftest import MAIL, Walk, import_people
from tests.conftest import NOW, desk_of

DIED = date(2026, 10, 4)
TODAY = NOW.date()


@pytest.fixture
def people(empty_walk):
    return import_people(empty_walk.store, 3)


@pytest.fixture
def daughter(empty_walk, people):
    """Give what a daughter asks as an heir, both identities and the inheritance proven, nothing said of a death yet."""
    return proven(asked(empty_walk, people[1], capacity="heir"))


def die(walk, **changes):
    told = {"died_on": DIED, "source": "certificate"} | changes
    return deaths.record(walk.steward, walk.case_ref, told["died_on"], told["source"], key=new_id())


def states(store: Store, value: str, kind: str = "email") -> set[str]:
    with store.transaction() as tx:
        return {row["state"] for row in standing(tx, tokens(store, kind, value), TODAY)}


def move_to(store, country):
    here = Establishment("Sample", "privacy@example.com", "dpo@example.com", "The authority", "eu_gdpr", country,
                         "Europe/Madrid", country)
    with store.transaction() as tx:
        keep(store, tx, here)
        store.commit(tx)


def test_marketing_stops_at_once_on_every_identifier_of_the_dead_and_on_none_of_the_daughters(daughter, store):
    assert die(daughter) > 1
    with store.transaction() as tx:
        held = {each.h for each in tokens_of_subject(store, tx, daughter.subject)}
        stopped = {bytes(row["h"]) for row in standing(tx, held, TODAY) if row["state"] == "deceased"}
    assert stopped == held
    assert states(store, LAWYER) == set()
    assert states(store, MAIL.format(2)) == set()


def test_the_state_outlives_a_restore_and_an_erasure_and_no_opt_in_ends_it(daughter, store):
    die(daughter)
    with store.transaction() as tx:  # never committed: the store itself keeps its entries
        tx._cursor.execute("delete from suppressions")
        replay(store, tx, store.ledger.entries(), NOW)
        assert {row["state"] for row in standing(tx, tokens(store, "email", MAIL.format(1)), TODAY)} == {"deceased"}
    (entry, *_) = suppression_list.list_entries(daughter.steward, suppression_list.Listed("deceased"))
    with pytest.raises(NotAllowed, match="died"):
        suppression_list.end_entry(
            daughter.steward, entry["id"], "email", MAIL.format(1), happened_on=TODAY, evidence="a click",
            version=entry["version"], key=new_id(),
        )
    with act(daughter.steward, Act.SUPPRESSION_ADD) as now:
        suppressions.after_erasure(daughter.steward, now, daughter.subject, daughter.case_ref, wished=False)
    assert states(store, MAIL.format(1)) == {"deceased"}


def test_no_letter_goes_to_the_dead_in_no_case_of_theirs(daughter, walk_of_the_dead):
    request_id, case_ref = walk_of_the_dead.request_id, walk_of_the_dead.case_ref
    letters.draft(walk_of_the_dead.steward, case_ref, "receipt", request_id, key=new_id())
    (drafted,) = letters.list_letters(walk_of_the_dead.steward, case_ref)
    die(daughter)
    with pytest.raises(NotPossible, match="has died"):
        letters.mark_sent(walk_of_the_dead.steward, drafted.id, "post", TODAY, key=new_id())
    letters.discard(walk_of_the_dead.steward, case_ref, drafted.id, key=new_id())
    with pytest.raises(NotPossible, match="has died"):
        letters.draft(walk_of_the_dead.steward, case_ref, "receipt", request_id, key=new_id())
    with pytest.raises(NotPossible, match="has died"):
        walk_of_the_dead.prepare()


def test_an_answer_on_its_way_stops_where_it_is_when_the_person_dies(walk):
    walk.released()
    die(walk)
    with pytest.raises(NotPossible, match="has died"):
        packages.fetch(walk.steward, walk.package_id, key=new_id())


def test_an_answer_that_was_fetched_is_not_sent_to_the_dead(walk):
    walk.fetched()
    die(walk)
    with pytest.raises(NotPossible, match="has died"):
        sending.mark_sent(walk.steward, walk.request_id, "email", TODAY, version=walk.version, key=new_id())


@pytest.fixture
def walk_of_the_dead(daughter):
    """Give an older case of the very person, who asked in their lifetime."""
    from tests.actions.conftest import take_in as bring

    return bring(daughter, daughter.subject, 1)


def test_where_no_rule_gives_heirs_anything_it_is_closed_outside_and_the_daughter_is_written_to(daughter, store):
    with pytest.raises(NotPossible, match="record the death first"):
        daughter.prepare()
    die(daughter)
    with pytest.raises(NotPossible, match=r"does not apply to the dead.*outside"):
        daughter.prepare()
    assert representatives.show(daughter.steward, daughter.case_ref).goes_to is Goes.REPRESENTATIVE
    letters.draft(daughter.steward, daughter.case_ref, "receipt", daughter.request_id, key=new_id())
    (letter,) = letters.list_letters(daughter.steward, daughter.case_ref)
    assert letter.body.startswith("Dear Marker Counsel,")
    letters.mark_sent(daughter.steward, letter.id, "email", TODAY, key=new_id())
    requests.close(
        daughter.steward, daughter.request_id, Closing.OUTSIDE, "The person died.", version=daughter.version, key=new_id(),
        untold="Counsel was told on the telephone, and no letter reaches the dead.",
    )
    assert daughter.state == State.CLOSED


def test_under_a_national_rule_the_heir_gets_the_answer_and_the_dead_no_package(empty_walk, people, store):
    move_to(store, "ES")
    heir = proven(asked(empty_walk, people[1], capacity="heir"))
    die(heir)
    heir.prepare()
    heir.work()
    with pytest.raises(NotPossible, match="has died"):
        heir.ask(address_id=address(heir, "email").id)
    heir.ask(address_id=address(heir, "representative").id)


@pytest.mark.parametrize(("country", "right", "died_on", "changes", "sentence"), [
    ("ES", "portability", DIED, {}, "Relatives and heirs"),
    ("ES", "access", DIED, {"ruled_out": True}, "ruled it out"),
    ("EE", "access", date(2016, 11, 23), {}, "More than 10 years"),
])
def test_a_national_rule_has_its_rights_its_years_and_the_will_of_the_dead(
    empty_walk, people, store, country, right, died_on, changes, sentence
):
    move_to(store, country)
    heir = proven(asked(empty_walk, people[1], rights=(right,), capacity="heir"), rights=[right], **changes)
    die(heir, died_on=died_on)
    with pytest.raises(NotPossible, match=sentence):
        heir.prepare()


def test_another_authority_ends_with_the_death(empty_walk, people, store):
    move_to(store, "ES")
    lawyer = proven(asked(empty_walk, people[1]))
    die(lawyer)
    with pytest.raises(NotPossible, match="ended with the death"):
        lawyer.prepare()


def test_who_is_decided_later_is_stopped_then_and_who_was_decided_wrongly_goes_free(empty_walk, people, store):
    walk = asked(empty_walk, for_email="")
    assert die(walk) == 1  # the case itself, until the person is found
    decide(walk, people[2])
    assert states(store, MAIL.format(2)) == {"deceased"}
    decide(walk, people[1])
    assert (states(store, MAIL.format(2)), states(store, MAIL.format(1))) == (set(), {"deceased"})


def test_a_death_of_nobody_known_stops_nobody(empty_walk, store):
    taken = take_in(
        empty_walk.steward, Intake(("access",), "email", date(2026, 11, 20), email=LAWYER, body="My father died."), key=new_id()
    )
    walk = Walk(store, empty_walk.steward, empty_walk.approver, empty_walk.checker, taken.case_ref, taken.requests[0][0])
    with pytest.raises(NotPossible, match="Decide first"):
        die(walk)
    assert states(store, LAWYER) == set()


def test_a_daughter_who_first_wrote_as_herself_is_not_stopped_with_her_father(empty_walk, people, store):
    taken = take_in(
        empty_walk.steward, Intake(("access",), "email", date(2026, 11, 20), email=LAWYER, body="My father died."), key=new_id()
    )
    walk = Walk(store, empty_walk.steward, empty_walk.approver, empty_walk.checker, taken.case_ref, taken.requests[0][0])
    acting = representatives.Acting("heir", "Marker Daughter", LAWYER.upper(), rights=("access",))
    representatives.add(walk.steward, walk.case_ref, acting, key=new_id())
    decide(walk, people[1])
    die(walk)
    assert (states(store, LAWYER), states(store, MAIL.format(1))) == (set(), {"deceased"})


@pytest.mark.parametrize("changes", [{"source": "rumour"}, {"died_on": date(2026, 11, 24)}])
def test_a_death_without_its_day_or_source_is_refused(daughter, changes):
    with pytest.raises(Invalid):
        die(daughter, **changes)


def test_a_death_recorded_wrongly_is_taken_back_by_a_data_protection_officer_on_evidence(daughter, store, entries):
    die(daughter)
    with pytest.raises(NotPossible, match="on record already"):
        die(daughter)
    dpo = desk_of(store, Role.DPO, name="dpo")
    with pytest.raises(NotAllowed):
        deaths.correct(daughter.steward, daughter.case_ref, "They rang.", key=new_id())
    with pytest.raises(Invalid):
        deaths.correct(dpo, daughter.case_ref, " ", key=new_id())
    assert deaths.correct(dpo, daughter.case_ref, "WORDSOFLIFE they rang us.", key=new_id()) > 1
    assert states(store, MAIL.format(1)) == set()
    assert deaths.show(dpo, daughter.case_ref) is None
    with store.transaction() as tx:
        assert replay(store, tx, store.ledger.entries(), NOW) == 0
    assert "WORDSOFLIFE" not in str(entries())
