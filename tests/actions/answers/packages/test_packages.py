"""The package of a person: built whole and only theirs, released once approved, fetched once, deleted in time."""

import re
import threading
from datetime import timedelta

import pytest

from core.actions.answers import approvals, requests
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import assigning
from core.actions.desk.desk import worker_desk
from core.actions.desk.establishment import Establishment, keep
from core.actions.people import imports
from core.documents import package as package_of_access
from core.law.errors import Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.roles import Role
from core.store.engine import new_id
from core.work.worker import run_due
from tests.actions.conftest import hold_role, import_people, take_in
from tests.conftest import NOW, desk_of
from tests.documents.reading import files_of, squeeze, texts_of

MARKS = (r"marker(\d{4,})x", r"marker-(\d+)@")


def disclosed(walk):
    with walk.store.transaction() as tx:
        return tx.rows("desk_records.disclosure_log", subject=walk.subject)


def test_the_whole_way_of_a_package(walk, entries):
    assert packages.state(walk.steward, walk.request_id) is None
    walk.prepare()
    assert packages.state(walk.steward, walk.request_id).state == "waiting"
    assert walk.work() == 1
    built = packages.state(walk.steward, walk.request_id)
    assert built.state == "built"
    assert built.counts["local"] >= 3
    assert built.counts["desk"] >= 3
    approvals.approve(walk.approver, RELEASE, walk.ask(), key=walk.key())
    assert walk.state == "carrying_out"
    walk.work()
    assert walk.state == "ready_to_send"
    released = packages.state(walk.steward, walk.request_id)
    assert released.state == "released"
    assert NOW < released.expires_at <= NOW + timedelta(days=30)
    got = packages.fetch(walk.steward, walk.package_id, key=walk.key())
    told = texts_of(got.content)
    assert "marker0001x" in told
    assert "marker0000x" not in told
    assert "BODYWORDS" in told, "the person's own message is part of what we hold"
    assert "Given" not in got.file_name
    (row,) = disclosed(walk)
    assert row["recipient"] == "the person themselves"
    assert "master data" in row["categories"]
    assert "usage" not in row["categories"], "no event was held, so none was disclosed"
    with walk.store.transaction() as tx:
        assert tx.one("packages.content", id=walk.package_id)["content"] is None
    acts = [row["act"] for row in entries() if row["outcome"] == "done"]
    assert [each for each in acts if each.startswith(("package", "release", "export"))] == [
        "export.prepare", "package.read", "package.build", "release.ask", "release.approve", "package.release", "package.fetch",
    ]


def test_a_package_names_the_law_of_its_request(empty_walk):
    """A wrong one would tell a person in Zurich that they may complain under Article 77."""
    people = import_people(empty_walk.store, 1)
    with empty_walk.store.transaction() as tx:
        keep(empty_walk.store, tx, Establishment("S", "s@example.com", "d@example.com", "A", "ch_fadp", "CH-ZH", "Europe/Zurich", "CH"))
        empty_walk.store.commit(tx)
    walk = take_in(empty_walk, people[0], 0)
    walk.released()
    files = files_of(packages.fetch(walk.steward, walk.package_id, key=walk.key()).content)
    for page in ("answer.html", "answer.pdf"):
        told = squeeze(files[page])
        assert squeeze("under Article 25 of the Federal Act on Data Protection (FADP)") in told
        assert squeeze("(Article 49 FADP): A") in told
        assert squeeze("to correct your data (Article 32(1))") in told
        for wrong in ("GDPR", "2016/679", "Article77", "Article16)"):
            assert wrong not in told


def between(monkeypatch, step):
    """Do a step once between the reading and the keeping of a package; no transaction stands open then."""
    made = package_of_access.build

    def build(answer):
        if step.pending:
            step.pending = False
            step()
        return made(answer)

    monkeypatch.setattr(package_of_access, "build", build)


class Once:
    def __init__(self, what):
        self.what, self.pending = what, True

    def __call__(self):
        self.what()


def test_a_request_withdrawn_while_its_package_is_made_gets_none(walk, monkeypatch, entries):
    walk.prepare()
    between(monkeypatch, Once(lambda: requests.withdraw(
        walk.steward, walk.request_id, "Taken back.", version=walk.version, key=walk.key())))
    walk.work()
    assert walk.state == "closed"
    assert packages.state(walk.steward, walk.request_id).state == "waiting", "its bytes were not kept"
    packages.build(worker_desk(walk.store, NOW), walk.package_id)
    assert packages.state(walk.steward, walk.request_id).state == "expired"
    assert "package.build" not in [row["act"] for row in entries()]


def test_what_changes_while_a_package_is_made_is_found_at_its_approval(walk, monkeypatch):
    walk.prepare()
    csv = b"customer_id,city\nc1,Elsewhere\n"
    between(monkeypatch, Once(lambda: imports.import_people(walk.steward, csv, update=True, key=walk.key())))
    walk.work()
    assert packages.state(walk.steward, walk.request_id).state == "built"
    with pytest.raises(NotPossible, match="changed"):
        approvals.approve(walk.approver, RELEASE, walk.ask(), key=walk.key())
    assert walk.state == "in_progress"


def test_a_package_that_ended_while_it_was_made_stays_ended(walk, monkeypatch):
    walk.prepare()
    first = walk.package_id
    between(monkeypatch, Once(walk.prepare))
    packages.build(worker_desk(walk.store, NOW), first)
    with walk.store.transaction() as tx:
        assert (tx.one("packages.one", id=first)["state"], tx.one("packages.one", id=walk.package_id)["state"]) == (
            "expired", "waiting")


def test_a_second_fetch_is_refused_with_the_same_and_with_another_key(walk):
    walk.released()
    key = walk.key()
    packages.fetch(walk.steward, walk.package_id, key=key)
    for each in (key, walk.key()):
        with pytest.raises(NotPossible, match="fetched already"):
            packages.fetch(walk.steward, walk.package_id, key=each)
    assert len(disclosed(walk)) == 1


def test_only_the_handler_fetches_and_only_freshly_proven(walk):
    walk.released()
    with pytest.raises(NotAllowed, match="handles"):
        packages.fetch(walk.checker, walk.package_id, key=walk.key())
    with pytest.raises(NotAllowed):
        packages.fetch(walk.approver, walk.package_id, key=walk.key())
    stale = desk_of(walk.store, Role.STEWARD, name="steward", stepped_up=False)
    with pytest.raises(StepUpNeeded):
        packages.fetch(stale, walk.package_id, key=walk.key())
    assert packages.state(walk.steward, walk.request_id).state == "released"


@pytest.mark.parametrize("meanwhile", ["taken back", "replaced", "replaced and approved", "withdrawn"])
def test_a_released_package_that_is_no_more_the_answer_is_not_fetched(walk, meanwhile):
    walk.released()
    first = walk.package_id
    if meanwhile == "withdrawn":
        requests.withdraw(walk.steward, walk.request_id, "Taken back.", version=walk.version, key=new_id())
    else:
        requests.revise(walk.steward, walk.request_id, "Something is missing.", version=walk.version, key=new_id())
    if meanwhile.startswith("replaced"):
        walk.prepare()
        walk.work()
    if meanwhile.endswith("approved"):
        approvals.approve(walk.approver, RELEASE, walk.ask(), key=walk.key())
        walk.work()
        assert walk.state == "ready_to_send"
    with pytest.raises(NotPossible):
        packages.fetch(walk.steward, first, key=new_id())
    assert disclosed(walk) == []


def test_a_request_goes_to_nobody_who_could_not_hand_its_answer_over(walk):
    hold_role(walk.store, "account-only", Role.APPROVER)
    manager = desk_of(walk.store, Role.MANAGER, name="manager")
    with pytest.raises(Invalid, match="steward or a data protection officer") as refusal:
        assigning.assign(manager, walk.request_id, "account-only", version=walk.version, key=new_id())
    assert refusal.value.field == "owner"
    hold_role(walk.store, "account-only", Role.STEWARD)
    assigning.assign(manager, walk.request_id, "account-only", version=walk.version, key=new_id())


def test_nothing_is_fetched_before_its_release(walk):
    walk.prepare()
    walk.work()
    with pytest.raises(NotPossible, match="not released"):
        packages.fetch(walk.steward, walk.package_id, key=walk.key())


def test_a_page_cannot_build_or_release(walk):
    walk.prepare()
    for verb in (packages.build, packages.release):
        with pytest.raises(NotAllowed):
            verb(walk.steward, walk.package_id)


def test_nothing_is_released_without_an_approval(walk):
    walk.prepare()
    walk.work()
    packages.release(worker_desk(walk.store, NOW), walk.package_id)
    assert packages.state(walk.steward, walk.request_id).state == "built"


def test_build_and_release_may_be_repeated(walk, entries):
    walk.released()
    before = len(entries())
    for verb in (packages.build, packages.release):
        verb(worker_desk(walk.store, NOW), walk.package_id)
    assert len(entries()) == before
    assert packages.state(walk.steward, walk.request_id).state == "released"


def test_bytes_are_deleted_after_thirty_days_and_not_before(walk):
    walk.released()
    assert packages.expire(worker_desk(walk.store, NOW + timedelta(days=29, hours=23))) == 0
    late = NOW + timedelta(days=30)
    with pytest.raises(NotPossible, match="expired"):
        packages.fetch(walk.at(walk.steward, late), walk.package_id, key=walk.key())
    assert packages.expire(worker_desk(walk.store, late)) == 1
    assert packages.state(walk.steward, walk.request_id).state == "expired"
    with walk.store.transaction() as tx:
        assert tx.one("packages.content", id=walk.package_id)["content"] is None


def test_parallel_fetches_give_the_bytes_once(walk):
    walk.released()
    got, refused = [], []

    def fetch():
        try:
            got.append(packages.fetch(walk.steward, walk.package_id, key=new_id()))
        except NotPossible:
            refused.append(1)

    threads = [threading.Thread(target=fetch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(refused)) == (1, 5)
    assert len(disclosed(walk)) == 1


def foreign_markers(walk, count, threads, plant=None):
    """Build, approve and fetch packages for marked people in parallel; return the files in which a foreign marker stands.

    `plant` may lay something into the rows of these people first.
    """
    people = import_people(walk.store, count)
    if plant:
        plant(people)
    walks = [take_in(walk, people[n], n) for n in range(count)]
    for each in walks:
        each.prepare()
    workers = [threading.Thread(target=run_due, args=(walk.store, NOW)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run_due(walk.store, NOW + timedelta(minutes=5))
    for each in walks:
        approvals.approve(each.approver, RELEASE, each.ask(), key=each.key())
    run_due(walk.store, NOW + timedelta(minutes=5))
    foreign = []
    for each in walks:
        files = files_of(packages.fetch(each.steward, each.package_id, key=each.key()).content)
        found = {name: {int(n) for mark in MARKS for n in re.findall(mark, told)} for name, told in files.items()}
        assert {name for name in ("answer.html", "answer.pdf", "data.json", "data.xlsx") if each.number not in found[name]} == set()
        foreign += [(each.number, name) for name, held in found.items() if held - {each.number}]
    return foreign


def test_packages_of_six_people_built_in_four_threads_hold_no_marker_of_another(empty_walk):
    assert foreign_markers(empty_walk, 6, 4) == []


def test_a_stranger_in_a_row_is_found_in_every_file_that_shows_it(empty_walk):
    """The search of the test before this one sees what it is there for, in each form that a package has."""

    def plant(people):
        with empty_walk.store.transaction() as tx:
            changed = "update attributes set value = 'marker0000x' where subject_ref = $subject and name = 'colour'"
            assert tx._cursor.execute(changed, {"subject": people[1]}).fetchone() == (1,)
            empty_walk.store.commit(tx)

    found = foreign_markers(empty_walk, 2, 1, plant)
    assert {number for number, _ in found} == {1}
    assert {name.rpartition(".")[2] for _, name in found} == {"html", "pdf", "json", "xlsx", "csv"}


@pytest.mark.prove
def test_a_thousand_packages_built_in_sixteen_threads_hold_no_marker_of_another(empty_walk, capsys):
    assert foreign_markers(empty_walk, 1000, 16) == []
    with capsys.disabled():
        print("\n1,000 packages of 1,000 marked people built in 16 threads: 0 markers of another")
