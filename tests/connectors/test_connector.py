"""What every connected system must hold to, asked of each one in the folder."""

import importlib
import pkgutil
from datetime import timedelta

import pytest

import core.connectors
from core.actions.people import imports
from core.connectors.catalogue import catalogue
from core.connectors.connector import Wanted, WrongPerson, only_of
from core.law.errors import NotFound
from core.law.roles import Role
from tests.conftest import NOW, desk_of
from tests.permits import own

VERBS = ("find", "export", "rectify", "restrict", "erase")
MARKED = """customer_id,email,given_name,family_name,phone
c-1,one@example.com,Mark One,Marker,+49301234567
c-2,two@example.com,Mark Two,Marker,+49301234568
"""


def connectors():
    for module in pkgutil.iter_modules(core.connectors.__path__):
        loaded = importlib.import_module(f"core.connectors.{module.name}")
        for name, each in vars(loaded).items():
            if isinstance(each, type) and each.__module__ == loaded.__name__ and name != "Connector" and \
                    all(hasattr(each, verb) for verb in VERBS):
                yield each


@pytest.fixture(params=list(connectors()), ids=lambda each: each.__name__)
def connector(request, store):
    imports.import_people(desk_of(store, Role.STEWARD), MARKED.encode(), key="import-0001")
    return request.param(store)


def subject_of(store, customer="c-1"):
    with store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=[customer])
    return row["subject_ref"]


def test_both_systems_of_the_desk_are_asked():
    assert {each.__name__ for each in connectors()} == {"Local", "DeskRecords"}


def test_an_export_holds_every_declared_table_and_no_undeclared_column(connector, store):
    ref = subject_of(store)
    with store.transaction() as tx:
        exported = connector.export(tx, own(ref))
    assert (exported.system, exported.subject_ref) == (connector.system, ref)
    assert {each.table for each in exported.tables} == set(catalogue().tables(connector.system))
    for each in exported.tables:
        assert all(row["subject_ref"] == ref for row in each.rows)
        assert all(catalogue().undeclared(each.table, list(row)) == [] for row in each.rows)


def test_an_export_of_nobody_is_empty_and_still_names_every_table(connector, store):
    with store.transaction() as tx:
        exported = connector.export(tx, own("0" * 32))
    assert exported.tables
    assert all(each.rows == () for each in exported.tables)


def test_each_verb_may_be_repeated(connector, store):
    ref = subject_of(store)
    for verb in (
        lambda tx: connector.restrict(tx, ref, "accuracy", None, NOW),
        lambda tx: connector.rectify(tx, own(ref), {"given_name": "Marked", "email": "new@example.com"}, NOW),
        lambda tx: connector.export(tx, own(ref)),
        lambda tx: connector.erase(tx, own(ref), NOW),
    ):
        outcomes = []
        for _ in range(2):
            with store.transaction() as tx:
                outcomes.append(verb(tx))
                store.commit(tx)
        assert {each.system for each in outcomes} == {connector.system}
        assert outcomes[1].subject_ref == ref


def test_an_erasure_leaves_the_other_person_alone(connector, store):
    ref, other = subject_of(store), subject_of(store, "c-2")
    with store.transaction() as tx:
        before = connector.export(tx, own(other))
        connector.erase(tx, own(ref), NOW + timedelta(hours=1))
        assert connector.export(tx, own(other)) == before
        assert connector.find(tx, Wanted(value="two@example.com")).exact == \
            type(connector)(store).find(tx, Wanted(value="two@example.com")).exact
        assert connector.find(tx, Wanted(value="one@example.com")).exact == ()


def test_somebody_elses_row_stops_the_disclosure():
    with pytest.raises(WrongPerson, match="nothing is shown"):
        only_of("s1", [{"subject_ref": "s1"}, {"subject_ref": "s2"}])


def test_what_the_desk_keeps_is_named_with_ground_and_end(store):
    from core.connectors.desk_records import DeskRecords

    imports.import_people(desk_of(store, Role.STEWARD), MARKED.encode(), key="import-0001")
    ref = subject_of(store)
    with store.transaction() as tx:
        tx.run("people.restrict", id="r1", subject=ref, system="local", ground="accuracy", case_ref=None, now=NOW)
        done = DeskRecords(store).erase(tx, own(ref), NOW)
    (kept,) = done.kept
    assert (kept.table, kept.rows, done.touched) == ("restrictions", 1, {})
    assert kept.ground
    assert kept.until


def test_a_person_who_is_not_here_cannot_be_rectified(store):
    from core.connectors.local import Local

    with store.transaction() as tx, pytest.raises(NotFound):
        Local(store).rectify(tx, own("0" * 32), {"city": "Berlin"}, NOW)
