"""Systems worked in by hand: asked of their owners, counted in by what they answer, done there, and never forgotten."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from core.actions.answers import approvals, carrying, plans, progress, reopening, requests, sending
from core.actions.answers.erasure import erasures
from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.letters import letters
from core.actions.answers.owners import owner_tasks
from core.actions.answers.owners.owner_files import Holding, read_file
from core.actions.answers.packages import packages
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import cases, intake
from core.connectors import catalogue
from core.connectors.registered import connector_of
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.rights.owners import Asked, Stands
from core.law.roles import Role
from core.store.engine import new_id
from core.work.tasks import HANDLERS, Task
from tests.actions.answers.refusal import test_refusals
from tests.actions.answers.restriction import test_restriction_lifts as restriction
from tests.actions.answers.restriction.test_restriction_lifts import mine  # noqa: F401 - a fixture
from tests.actions.approving import approve_letter
from tests.actions.conftest import take_in
from tests.actions.correcting import LATER
from tests.actions.correcting import take_in as take_in_right
from tests.catalogues import ARCHIVE, archive, write_with_archive  # noqa: F401 - a fixture
from tests.conftest import NOW, desk_of
from tests.permits import own

pytestmark = pytest.mark.usefixtures("archive")
CONTRACTS = b"Number of the contract,signed\nK-17,2019-03-02\nK-18,2020-07-11\n"
NOTHING = {"contracts": Holding(0), "invoices": Holding(0)}
FOUND = {"contracts": Holding(2), "invoices": Holding(1)}


def tasks(walk, asked=Asked.SEARCH):
    return [each for each in owner_tasks.list_tasks(walk.steward, walk.request_id) if each.asked is asked]


def answer(walk, holdings, task=None, **more):
    task = task or tasks(walk)[-1]
    owner_tasks.answer(
        walk.steward, task.id, "M. Archive", "Protocol of the day", holdings,
        **({"version": task.version, "key": new_id()} | more),
    )


def state_of(walk):
    plan = plans.open_plan(walk.steward, walk.request_id)
    return next((each.state, each.rows) for each in plan.systems if each.code == "archive")


def choose(erasure, *claims):
    erasures.choose(erasure.steward, erasure.request_id, ("17.1.a", "17.1.d"), claims, version=erasure.version, key=new_id())


def planned(erasure, holdings, letter, *claims):
    """Ask, answer, choose and plan, and draft the letter; return its id."""
    owner_tasks.ask(erasure.steward, erasure.request_id, key=new_id())
    answer(erasure, holdings)
    choose(erasure, *claims)
    erasure.plan()
    return erasure.letter(letter, send=False)


def test_a_plan_asks_every_owner_once_for_the_whole_case_and_says_so(walk, entries):
    walk.prepare()
    (task,) = tasks(walk)
    assert (task.title, task.owner, task.stands, task.due_on) == (
        "Paper archive", "The head of the archive", Stands.OPEN, date(2026, 11, 28)
    )
    assert state_of(walk) == ("asked", 0)
    walk.prepare()
    assert len(tasks(walk)) == 1, "a second plan asks nobody twice"
    with pytest.raises(NotPossible, match="asked already"):
        owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    (entry,) = [row for row in entries() if row["act"] == "plan.prepare" or row["act"] == "export.prepare"][:1]
    assert json.loads(entry["details"])["owners_asked"] == 1


def test_a_copy_holds_the_rows_that_the_owner_found_and_is_not_closed_before(walk):
    walk.prepare()
    with pytest.raises(Invalid, match="The person gets a copy"):
        answer(walk, FOUND)
    answer(walk, {"contracts": read_file("archive", "contracts", CONTRACTS), "invoices": Holding(0)})
    (task,) = tasks(walk)
    assert (task.stands, task.who, task.rows) == (
        Stands.ANSWERED, "M. Archive", {"Contracts on paper": 2, "Invoices on paper": 0}
    )
    walk.prepare()
    assert state_of(walk) == ("found", 2)
    content = walk.fetched().content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (name,) = [each for each in package.namelist() if "contracts" in each and each.endswith(".csv")]
        assert "K-17" in package.read(name).decode()


def test_a_package_without_the_owners_answer_says_so_and_the_request_stays_open(walk):
    walk.fetched()
    letter = letters.draft(walk.steward, walk.case_ref, "partly_answered", walk.request_id, key=new_id())
    text = next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)
    assert "Paper archive: not done yet, because it is searched by hand, and that is not finished" in text
    approve_letter(walk.steward, letter, walk.approver)
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=new_id())
    with pytest.raises(NotPossible, match=r"Paper archive \(until 28 Nov 2026\)"):
        sending.close(walk.steward, walk.request_id, "partly_fulfilled", version=walk.version, key=new_id())
    (task,) = tasks(walk)
    owner_tasks.cannot(walk.steward, task.id, "M. Archive", "The cellar is flooded", version=task.version, key=new_id())
    sending.close(walk.steward, walk.request_id, "partly_fulfilled", version=walk.version, key=new_id())
    assert walk.row().closing == "partly_fulfilled"


def test_an_erasure_waits_for_the_search_then_for_the_owner_and_takes_the_found_rows_with_it(erasure, entries):
    choose(erasure)
    erasure.plan()
    erasure.letter("erasure_partly", send=False)
    with pytest.raises(NotPossible, match="has not answered yet: Paper archive"):
        erasure.ask_plan()
    answer(erasure, FOUND)
    erasure.plan()
    letter = erasure.letter("erasure_carried_out", send=False)
    text = next(each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter)
    assert "Paper archive: contracts on paper" in text
    erasure.approve()
    erasure.carry()
    assert erasure.state == "carrying_out", "nothing is done there before its owner says so"
    (task,) = tasks(erasure, Asked.ERASE)
    seen = owner_tasks.tell(erasure.steward, task.id)
    assert seen.lines == ("Contracts on paper (2): erase", "Invoices on paper (1): erase")
    assert seen.how == "Shred the file, and enter it in the protocol."
    assert ("email", "marker-1@example.com") in seen.person
    assert not [text for name, text in seen.person if name == "family_name"], "what is erased here already is not known any more"
    answer(erasure, None, task)
    erasure.carry()
    assert erasure.state == "ready_to_send"
    (done,) = [each for each in erasure.carryings() if each.system == "archive"]
    assert (done.state, done.touched) == ("done", {"contracts": 2, "invoices": 1})
    with erasure.store.transaction() as tx:
        assert tx.rows("owners.findings", case_ref=erasure.case_ref, system="archive") == []
    letters.mark_sent(erasure.steward, letter, "email", NOW.date(), key=new_id())
    erasure.close()
    assert erasure.row().closing == "fulfilled"
    said = [json.loads(row["details"]) for row in entries() if row["act"] == "owner.answer"]
    assert [(each["verb"], each["answer"]) for each in said] == [("search", "answered"), ("erase", "answered")]


def test_what_must_stay_in_the_archive_is_asked_to_stay_and_goes_on_its_day(erasure):
    tax = Claim("archive", "invoices", "17.3.b", "Section 147 of the Fiscal Code", date(2026, 12, 31), masked=("amount",))
    invoice = Holding(1, ({"number": "I-1", "amount": "9.90"},))
    letter = planned(erasure, FOUND | {"invoices": invoice}, "erasure_partly", tax)
    erasure.approve()
    erasure.carry()
    (task,) = tasks(erasure, Asked.ERASE)
    assert owner_tasks.open_question(erasure.steward, task.id).lines == (
        "Contracts on paper (2): erase", "Invoices on paper (1): keep, with these emptied: amount, 2026-12-31",
    )
    answer(erasure, None, task)
    erasure.carry()
    with erasure.store.transaction() as tx:
        (kept,) = tx.rows("owners.findings", case_ref=erasure.case_ref, system="archive")
    assert (kept["table_name"], kept["row_count"], kept["content"]) == ("invoices", 1, None)
    letters.mark_sent(erasure.steward, letter, "email", NOW.date(), key=new_id())
    erasure.close("partly_fulfilled")
    new_year = NOW + timedelta(days=45)
    worker = desk_of(erasure.store, Role.WORKER, now=new_year)
    HANDLERS[Task.EXPIRE](worker, "clockwork")
    HANDLERS[Task.EXPIRE](worker, "clockwork")
    (first, second) = tasks(erasure, Asked.ERASE)
    assert (first.stands, second.stands) == (Stands.ANSWERED, Stands.OPEN), "the owner is asked once"
    assert not second.may_be_given_up
    with pytest.raises(NotPossible, match="stays asked"):
        owner_tasks.cannot(erasure.steward, second.id, "M. Archive", "No time", version=second.version, key=new_id())
    assert owner_tasks.open_question(erasure.steward, second.id).lines == (
        "Invoices on paper: Number of the invoice, Amount",
    )
    answer(erasure, None, second)
    HANDLERS[Task.EXPIRE](worker, "clockwork")
    with erasure.store.transaction() as tx:
        assert tx.rows("owners.findings", case_ref=erasure.case_ref, system="archive") == []
    assert any(each.kind == "kept_part_erased" for each in letters.list_letters(erasure.steward, erasure.case_ref))


def test_an_owner_who_cannot_sends_the_request_back_to_work(erasure):
    planned(erasure, FOUND, "erasure_carried_out")
    erasure.approve()
    erasure.carry()
    (task,) = tasks(erasure, Asked.ERASE)
    owner_tasks.cannot(erasure.steward, task.id, "M. Archive", "The file is lent to a court", version=task.version, key=new_id())
    erasure.carry()
    assert erasure.state == "in_progress"
    (failed,) = [each for each in erasure.carryings() if each.system == "archive"]
    assert (failed.state, "Paper archive" in failed.trouble) == ("failed", True)


def test_where_the_archive_holds_nothing_its_owner_is_not_asked_to_erase(erasure):
    planned(erasure, NOTHING, "erasure_carried_out")
    erasure.approve()
    erasure.carry()
    assert tasks(erasure, Asked.ERASE) == []
    assert erasure.state == "ready_to_send"


def test_rows_found_anew_after_the_approval_are_not_erased_by_it(erasure):
    planned(erasure, FOUND, "erasure_carried_out")
    erasure.approve()
    erasure.carry()
    (task,) = tasks(erasure, Asked.ERASE)
    owner_tasks.ask(erasure.steward, erasure.request_id, "archive", key=new_id())
    answer(erasure, {"contracts": Holding(3), "invoices": Holding(1)})
    answer(erasure, None, task)
    for hour in range(1, 7):  # tried again until it is given up
        erasure.carry(LATER + timedelta(hours=hour))
    assert erasure.state == "in_progress"
    with erasure.store.transaction() as tx:
        assert len(tx.rows("owners.findings", case_ref=erasure.case_ref, system="archive")) == 2


def test_no_data_held_needs_every_owners_answer_too(empty_walk):
    walk = take_in(empty_walk, None)
    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=walk.case_ref)["version"]
    cases.decide_person(walk.steward, walk.case_ref, None, version=version, key=new_id())
    def close():
        requests.close(walk.steward, walk.request_id, "no_data_held", "searched", version=walk.version, key=new_id())

    with pytest.raises(NotPossible, match="Have the owner search first: Paper archive"):
        close()
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    answer(walk, {"contracts": read_file("archive", "contracts", CONTRACTS), "invoices": Holding(0)})
    with pytest.raises(NotPossible, match="found data of the person: Paper archive"):
        close()


def test_a_withdrawn_request_asks_nobody_any_more(walk):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    requests.withdraw(walk.steward, walk.request_id, "The person wrote", version=walk.version, key=new_id())
    (task,) = tasks(walk)
    assert task.stands is Stands.WITHDRAWN
    with pytest.raises(NotPossible, match="not asked any more"):
        answer(walk, NOTHING, task)
    assert owner_tasks.late(desk_of(walk.store, Role.STEWARD, now=NOW + timedelta(days=60))) == []


def test_rows_that_have_served_are_deleted_when_the_case_is_over(walk, entries):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    answer(walk, {"contracts": read_file("archive", "contracts", CONTRACTS), "invoices": Holding(0)})
    worker = desk_of(walk.store, Role.WORKER)
    assert owner_tasks.forget(worker) == 0
    requests.withdraw(walk.steward, walk.request_id, "The person wrote", version=walk.version, key=new_id())
    assert owner_tasks.forget(worker) == 1
    assert owner_tasks.forget(worker) == 0
    assert [row["outcome"] for row in entries() if row["act"] == "owner.forget"] == ["done"]
    with walk.store.transaction() as tx:
        rows = tx.rows("owners.findings", case_ref=walk.case_ref, system="archive")
    assert [(row["row_count"], row["content"]) for row in rows] == [(2, None), (0, None)]


def test_a_question_whose_day_is_over_is_listed_until_it_is_answered(walk):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    on_time = desk_of(walk.store, Role.MANAGER, now=NOW + timedelta(days=5))
    after = desk_of(walk.store, Role.MANAGER, now=NOW + timedelta(days=6))
    assert owner_tasks.late(on_time) == []
    (late,) = owner_tasks.late(after)
    assert (late.title, late.owner, late.due_on) == ("Paper archive", "The head of the archive", date(2026, 11, 28))
    (task,) = owner_tasks.list_tasks(walk.at(walk.steward, NOW + timedelta(days=6)), walk.request_id)
    assert task.late
    answer(walk, NOTHING)
    assert owner_tasks.late(after) == []


@pytest.mark.parametrize(("holdings", "sentence"), [
    ({"contracts": Holding(0)}, "Say how many rows were found: Invoices on paper"),
    ({"contracts": Holding(-1), "invoices": Holding(0)}, "Say how many rows"),
    ({"contracts": Holding(3, ({"number": "1"},)), "invoices": Holding(0)}, "has 1 rows, not 3"),
    (NOTHING | {"letters": Holding(0)}, "not in the data catalogue"),
])
def test_an_answer_that_is_amiss_is_refused_and_changes_nothing(walk, holdings, sentence):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    with pytest.raises(Invalid, match=sentence):
        answer(walk, holdings)
    assert tasks(walk)[0].stands is Stands.OPEN


@pytest.mark.parametrize(("file", "sentence"), [
    (b"number,colour\n1,red\n", "Column 2 of the file is no column of this table"),
    (b"number,Number of the contract\n1,2\n", "stands twice"),
    (b"", "empty"),
    (b"\xff\xfen", "UTF-16"),
    (b"number\n1\x07\n", "control character"),
])
def test_a_file_that_is_amiss_is_refused_with_its_place(file, sentence):
    with pytest.raises(Invalid, match=sentence):
        read_file("archive", "contracts", file)


def test_an_answer_needs_who_gave_it_and_what_shows_it_and_counts_once(walk):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    (task,) = tasks(walk)
    for who, evidence, sentence in (("", "x", "who answered"), ("x", " ", "what shows it")):
        with pytest.raises(Invalid, match=f"(?i){sentence}"):
            owner_tasks.answer(walk.steward, task.id, who, evidence, NOTHING, version=task.version, key=new_id())
    with pytest.raises(Conflict):
        answer(walk, NOTHING, version=task.version + 1)
    key = new_id()
    answer(walk, NOTHING, key=key)
    answer(walk, NOTHING, task, key=key)  # a second click of the same button
    with pytest.raises(NotPossible, match="answered already"):
        answer(walk, NOTHING, task)


def test_only_the_desk_asks_and_answers_and_whoever_recorded_an_answer_is_no_second_person(erasure):
    owner_tasks.ask(erasure.steward, erasure.request_id, key=new_id())
    (task,) = tasks(erasure)
    for who in (erasure.approver, desk_of(erasure.store, Role.ANALYST), desk_of(erasure.store, Role.MARKETER)):
        with pytest.raises(NotAllowed):
            owner_tasks.answer(who, task.id, "x", "x", NOTHING, version=task.version, key=new_id())
        with pytest.raises(NotAllowed):
            owner_tasks.tell(who, task.id)
    both = desk_of(erasure.store, Role.STEWARD, Role.APPROVER, name="approver")
    owner_tasks.answer(both, task.id, "M. Archive", "Protocol", NOTHING, version=task.version, key=new_id())
    choose(erasure)
    erasure.plan()
    erasure.letter("erasure_carried_out", send=False)
    with pytest.raises(Invalid, match="recorded what the answer rests on"):
        erasure.ask_plan()


def test_no_word_of_an_answer_reaches_the_log(walk, entries):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    answer(walk, {"contracts": read_file("archive", "contracts", CONTRACTS), "invoices": Holding(0)})
    for _ in range(3):  # a dialog is drawn anew with every key typed in it
        assert owner_tasks.tell(walk.steward, tasks(walk)[0].id).person
    assert owner_tasks.open_question(walk.steward, tasks(walk)[0].id).person == ()
    assert [row["act"] for row in entries()].count("owner.open") == 1
    text = str(entries())
    for word in ("M. Archive", "Protocol", "K-17", "marker-1"):
        assert word not in text


def test_the_desk_keeps_the_rows_sealed(walk):
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    answer(walk, {"contracts": read_file("archive", "contracts", CONTRACTS), "invoices": Holding(0)})
    with walk.store.transaction() as tx:
        rows = tx._cursor.execute("select * from owner_findings").fetchall() + tx._cursor.execute("select * from owner_tasks").fetchall()
    assert "K-17" not in str(rows)
    assert "M. Archive" not in str(rows)
    assert packages.state(walk.steward, walk.request_id) is None


def test_the_checklist_says_what_waits_for_whom(erasure):
    def steps():
        told = progress.of_request(erasure.steward, erasure.request_id)
        return told.next.title, told.next.why

    choose(erasure)
    erasure.plan()
    assert steps() == (
        "Record what the owners of other systems answer", "0 of 1 questions about systems worked in by hand are answered."
    )
    (task,) = tasks(erasure)
    owner_tasks.answer(
        erasure.at(erasure.steward, NOW + timedelta(hours=1)), task.id, "M. Archive", "Protocol", FOUND, version=1, key=new_id()
    )
    assert steps() == ("Prepare the plan", "An owner answered since: prepare it again.")
    later = erasure.at(erasure.steward, NOW + timedelta(hours=2))
    plans.prepare_plan(later, erasure.request_id, version=erasure.version, purpose="request", key=new_id())
    assert steps()[0] == "Have the letter and the address ready"
    letters.draft(later, erasure.case_ref, "erasure_carried_out", erasure.request_id, key=new_id())
    erasure.approve()
    erasure.carry()
    assert steps()[0] == "Record what the owners of other systems answer"


def test_a_restriction_is_marked_by_the_owner_and_taken_off_by_them_when_it_is_lifted(mine):
    walk, request = mine, restriction.asked(mine)
    restriction.record(walk, request)
    owner_tasks.ask(walk.steward, request.id, key=new_id())
    (task,) = owner_tasks.list_tasks(walk.steward, request.id)
    answer(walk, FOUND, task)
    assert restriction.carry(walk, request).state == "carrying_out"
    (_, mark) = owner_tasks.list_tasks(walk.steward, request.id)
    assert (mark.asked, owner_tasks.open_question(walk.steward, mark.id).lines[0]) == (
        Asked.RESTRICT, "Contracts on paper (2): mark as restricted"
    )
    answer(walk, None, mark)
    walk.work()
    assert walk.row(request.id).state == "ready_to_send"
    number = restriction.propose(walk)
    restriction.tell(walk, request, NOW + timedelta(hours=1))
    restriction.lift(walk, number)
    (_, _, off) = owner_tasks.list_tasks(walk.steward, request.id)
    assert (off.asked, off.stands) == (Asked.LIFT, Stands.OPEN)
    with pytest.raises(NotPossible, match="stays asked"):
        owner_tasks.cannot(walk.steward, off.id, "M. Archive", "No time", version=off.version, key=new_id())
    answer(walk, None, off)


def test_where_the_archive_holds_nothing_a_lifted_restriction_asks_nobody(mine):
    walk, request = mine, restriction.asked(mine)
    restriction.record(walk, request)
    owner_tasks.ask(walk.steward, request.id, key=new_id())
    answer(walk, NOTHING, owner_tasks.list_tasks(walk.steward, request.id)[0])
    assert restriction.carry(walk, request).state == "ready_to_send"
    number = restriction.propose(walk)
    restriction.tell(walk, request, NOW + timedelta(hours=1))
    restriction.lift(walk, number)
    assert len(owner_tasks.list_tasks(walk.steward, request.id)) == 1


def taken_in(walk, kind):
    """Take in a request of a kind by the walk's person that needs no proof, and start it."""
    return take_in_right(walk, kind, walk.subject, 1)


def test_nobody_looks_through_an_archive_for_a_newsletter(walk):
    stop = taken_in(walk, "objection_marketing")
    stop.plan()
    assert tasks(stop) == []
    carrying.start(stop.steward, stop.request_id, version=stop.version, key=new_id())
    stop.carry()
    assert stop.state == "ready_to_send"
    assert {each.system for each in stop.carryings()} == {"desk", "local"}
    stop.letter("objection_confirmed")
    stop.close()
    assert stop.row().closing == "fulfilled"


@pytest.mark.parametrize(("kind", "use", "letter"), [
    ("objection_marketing", "marketing", "objection_confirmed"), ("consent_withdrawal", "marketing", "consent_withdrawn"),
])
def test_an_archive_that_serves_marketing_is_searched_and_stopped_by_its_owner(
    walk, kind, use, letter, tmp_path, monkeypatch
):
    path = write_with_archive(tmp_path, ARCHIVE.replace('uses = ["contract"]', f'uses = ["{use}"]', 1))
    monkeypatch.setenv("RIGHTSDESK_CATALOGUE", str(path))
    catalogue.catalogue.cache_clear()
    stop = taken_in(walk, kind)
    stop.plan()
    answer(stop, FOUND)
    stop.plan()
    carrying.start(stop.steward, stop.request_id, version=stop.version, key=new_id())
    stop.carry()
    assert stop.state == "carrying_out"
    (task,) = tasks(stop, Asked.SUPPRESS)
    assert owner_tasks.open_question(stop.steward, task.id).lines == ("Contracts on paper (2): stop the use",)
    answer(stop, None, task)
    stop.carry()
    assert stop.state == "ready_to_send"


def test_a_copy_is_never_made_of_rows_of_which_only_the_number_is_known(walk):
    """The rows have served with the closing of the first request; a number alone would print empty lines as the person's data."""
    owner_tasks.ask(walk.steward, walk.request_id, key=new_id())
    answer(walk, {"contracts": read_file("archive", "contracts", CONTRACTS), "invoices": Holding(0)})
    requests.withdraw(walk.steward, walk.request_id, "A mistake of ours", version=walk.version, key=new_id())
    owner_tasks.forget(desk_of(walk.store, Role.WORKER))
    walk.request_id = reopening.reopen(walk.steward, walk.request_id, "It was the other one", version=walk.version, key=new_id())
    requests.start(walk.steward, walk.request_id, version=walk.version, key=new_id())
    walk.prepare()
    assert state_of(walk) == ("asked", 0)
    (_, anew) = tasks(walk)
    assert anew.stands is Stands.OPEN


def test_a_refusal_is_closed_without_a_search(walk):
    walk.prepare()
    letter = test_refusals.prepare(walk)
    approvals.approve(walk.approver, REFUSAL, test_refusals.ask(walk), key=new_id())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=new_id())
    sending.close(walk.steward, walk.request_id, "refused", version=walk.version, key=new_id())
    assert tasks(walk)[0].stands is Stands.WITHDRAWN


def test_what_was_done_before_the_last_search_is_not_done_since(erasure):
    """The connector itself says no, whoever asks it: rows found later were never erased by the owner."""
    planned(erasure, FOUND, "erasure_carried_out")
    erasure.approve()
    erasure.carry()
    answer(erasure, None, tasks(erasure, Asked.ERASE)[0])
    later = erasure.at(erasure.steward, NOW + timedelta(days=1))
    with erasure.store.transaction() as tx:
        tx._cursor.execute("update owner_tasks set answered_at = $at where verb = 'search'", {"at": later.now})
        system = connector_of(erasure.store, "archive", erasure.case_ref)
        with pytest.raises(NotPossible, match="has not said yet that it is done"):
            system.erase(tx, own(erasure.subject), NOW)


def test_one_owner_who_cannot_takes_back_what_the_others_were_asked(erasure, tmp_path, monkeypatch):
    cellar = ARCHIVE.replace("systems.archive", "systems.cellar").replace('"archive"', '"cellar"').replace("Paper", "Cellar")
    monkeypatch.setenv("RIGHTSDESK_CATALOGUE", str(write_with_archive(tmp_path, ARCHIVE + cellar)))
    catalogue.catalogue.cache_clear()
    owner_tasks.ask(erasure.steward, erasure.request_id, key=new_id())
    for task in tasks(erasure):
        answer(erasure, FOUND, task)
    choose(erasure)
    erasure.plan()
    erasure.letter("erasure_carried_out", send=False)
    erasure.approve()
    erasure.carry()
    first, second = tasks(erasure, Asked.ERASE)
    owner_tasks.cannot(erasure.steward, first.id, "M. Archive", "Lent to a court", version=first.version, key=new_id())
    erasure.carry()
    assert [each.stands for each in tasks(erasure, Asked.ERASE)] == [Stands.CANNOT, Stands.WITHDRAWN]
    assert second.title == "Cellar archive"


def test_a_search_for_the_case_goes_on_while_another_of_its_requests_is_open(empty_walk):
    taken = intake.take_in(
        empty_walk.steward, intake.Intake(("access", "erasure"), "email", NOW.date(), email="marker-1@example.com", body="W"),
        key=new_id(),
    )
    empty_walk.case_ref, (first, second) = taken.case_ref, (each[0] for each in taken.requests)
    owner_tasks.ask(empty_walk.steward, first, key=new_id())

    def stands():
        return [each.stands for each in owner_tasks.list_tasks(empty_walk.steward, second)]

    for request, expected in ((first, Stands.OPEN), (second, Stands.WITHDRAWN)):
        requests.withdraw(
            empty_walk.steward, request, "The person wrote", version=empty_walk.row(request).version, key=new_id()
        )
        assert stands() == [expected]
