"""Who may be reached: only who is known, agreed to this very thing, and is stopped by nothing; whatever fails, nobody."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actions.cases import cases, intake
from core.actions.people import imports
from core.actions.suppression import audiences, suppression_files, suppression_list
from core.connectors import audience
from core.connectors.catalogue import catalogue
from core.connectors.local import Local
from core.connectors.suppressed import standing, tokens
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, Refused
from core.law.roles import Role
from core.store.engine import new_id
from tests.conftest import NOW, desk_of
from tests.grounds import begin, ground
from tests.permits import own

LETTER = {"purpose": "newsletter", "channel": "email"}
PEOPLE = """customer_id,email,phone
c0,p0@x.example,+49 40 5550100
c1,p1@x.example,+49 40 5550101
c2,p2@x.example;shared@x.example,
c3,p3@x.example;shared@x.example,
c4,p4@x.example,
"""
EVERY = [f"p{number}@x.example" for number in range(5)]


def agreed(desk, customer, purpose="newsletter", channel="email", given=True, at="2026-01-01T10:00:00"):
    content = f"customer_id,purpose,channel,given,at,text_version,source\n{customer},{purpose},{channel},{given},{at},v1,web\n"
    return imports.import_consents(desk, content.encode(), key=new_id())


@ground()
def people_who_agreed(store):
    """Five people, of whom four agreed to the newsletter by e-mail, and two share an address."""
    made = desk_of(store, Role.STEWARD)
    imports.import_people(made, PEOPLE.encode(), key=new_id())
    for number in range(4):
        agreed(made, f"c{number}")
    return made


@pytest.fixture
def desk(people_who_agreed):
    return people_who_agreed


def check(desk, values, **more):
    return audiences.check_audience(desk_of(desk.store, Role.OPERATOR), values, "email", **LETTER | more)


def reached(desk, values=EVERY, **more):
    found = check(desk, values, **more)
    return [values[place] for place in found.places]


def ref_of(desk, customer):
    with desk.store.transaction() as tx:
        return tx.rows("people.by_customer", customers=[customer])[0]["subject_ref"]


def say(desk, right, email, *, subject=None, **more):
    taken = intake.take_in(
        desk, intake.Intake((right,), "email", NOW.date(), email=email, body="x", **more), key=new_id()
    )
    if subject is not None:
        with desk.store.transaction() as tx:
            version = tx.one("cases.one", case_ref=taken.case_ref)["version"]
        cases.decide_person(desk, taken.case_ref, subject, version=version, key=new_id())
    return taken


def test_known_and_agreed_is_reached_in_the_order_asked_and_all_else_is_not(desk):
    values = ["stranger@x.example", "P1@X.example", "no address", "p4@x.example", "p0@x.example", "p0+shop@x.example"]
    assert reached(desk, values) == ["P1@X.example", "p0@x.example"]


def test_reasons_are_told_from_five_on(desk):
    strangers = [f"s{number}@x.example" for number in range(5)]
    found = check(desk, [*strangers, *EVERY, "none", "p4@x.example"])
    assert (found.asked, found.contactable, dict(found.reasons)) == (12, 4, {"unknown": 5})


@pytest.mark.parametrize(("purpose", "channel"), [("newsletter", "phone"), ("survey", "email"), ("nobody knows", "post")])
def test_another_purpose_or_channel_than_agreed_reaches_nobody(desk, purpose, channel):
    assert reached(desk, purpose=purpose, channel=channel) == []


def test_an_objection_from_an_alias_stops_that_alias_and_from_a_shared_address_the_address(desk):
    say(desk, "objection_marketing", "p0+alias@x.example")
    say(desk, "objection_marketing", "shared@x.example")
    asked = ["p0@x.example", "p0+alias@x.example", "shared@x.example", "p2@x.example", "p3@x.example"]
    assert reached(desk, asked) == ["p2@x.example", "p3@x.example"]


def test_once_the_person_is_found_all_they_hold_is_stopped(desk):
    say(desk, "objection_marketing", "shared@x.example", subject=ref_of(desk, "c2"))
    assert reached(desk, ["p2@x.example", "p3@x.example"]) == ["p3@x.example"]


def test_what_stands_on_the_person_counts_for_an_address_that_came_from_elsewhere(desk):
    """A system that is filled by itself knows nothing of the list: the person's own entries are looked at beside the value's."""
    say(desk, "objection_marketing", "p0@x.example", subject=ref_of(desk, "c0"))
    with desk.store.transaction() as tx:
        Local(desk.store).rectify(tx, own(ref_of(desk, "c0")), {"email": "p0@x.example\nnew@x.example"}, NOW)
        desk.store.commit(tx)
    assert reached(desk, ["new@x.example", "p1@x.example"]) == ["p1@x.example"]


def test_an_address_of_two_is_reached_only_where_both_agreed(desk):
    assert reached(desk, ["shared@x.example"]) == ["shared@x.example"]
    agreed(desk, "c3", given=False, at="2026-02-01T10:00:00")
    assert reached(desk, ["shared@x.example", "p2@x.example", "p3@x.example"]) == ["p2@x.example"]


def test_a_withdrawal_for_e_mail_leaves_the_post(desk):
    agreed(desk, "c0", channel="post")
    say(desk, "consent_withdrawal", "p0@x.example", subject=ref_of(desk, "c0"), own_words="no mails", stop_channels=("email",))
    assert reached(desk, ["p0@x.example"]) == []
    assert reached(desk, ["p0@x.example"], channel="post") == ["p0@x.example"]


def test_restricted_erased_and_deceased_people_are_reached_by_nothing(desk):
    with desk.store.transaction() as tx:
        Local(desk.store).restrict(tx, ref_of(desk, "c0"), "18.1.a", None, NOW)
        desk.store.commit(tx)
    suppression_files.import_list(
        desk, b"p1@x.example\n", all_rows={"state": "do_not_import", "kind": "email"}, key=new_id()
    )
    assert reached(desk) == ["p2@x.example", "p3@x.example"]
    assert check(desk, ["p0@x.example"] * 5).reasons == {"restricted": 5}
    assert check(desk, ["p1@x.example"] * 5).reasons == {"erased": 5}


def test_a_newer_consent_in_a_file_opens_nothing_until_the_opt_in_is_recorded(desk):
    say(desk, "objection_marketing", "p0@x.example", subject=ref_of(desk, "c0"))
    agreed(desk, "c0", at="2026-11-24T10:00:00")
    agreed(desk, "c0", at="2025-01-01T10:00:00")
    assert reached(desk, ["p0@x.example"]) == []


def test_a_consent_of_a_child_is_in_force_for_nobody(desk):
    subject = ref_of(desk, "c0")
    with desk.store.transaction() as tx:
        (consent,) = tx.rows("people.consents_of", subject=subject)
        tx.run("rectification.flag", id=new_id(), subject=subject, case_ref="c", consent_id=consent["id"], age_limit=16, now=NOW)
        desk.store.commit(tx)
    assert reached(desk, ["p0@x.example"]) == []


def test_a_documented_exception_counts_for_its_channel_and_stops_at_an_objection(desk, monkeypatch):
    marketing = replace(catalogue().purposes["marketing"], without_consent=("post",))
    monkeypatch.setattr(audience, "catalogue", lambda: replace(catalogue(), purposes={"marketing": marketing}))
    assert reached(desk, purpose="marketing", channel="post") == EVERY
    assert reached(desk, purpose="marketing", channel="email") == []
    assert reached(desk, ["stranger@x.example"], purpose="marketing", channel="post") == []
    say(desk, "objection_marketing", "p0@x.example")
    assert reached(desk, purpose="marketing", channel="post") == EVERY[1:]


@pytest.mark.parametrize("bad", [{"purpose": " "}, {"purpose": "all"}, {"channel": "all"}, {"channel": "pigeon"}])
def test_what_is_no_purpose_or_channel_is_refused_with_a_sentence(desk, bad):
    with pytest.raises(Invalid):
        check(desk, EVERY, **bad)


def test_nobody_but_the_operator_of_a_demo_store_takes_an_audience_out_and_the_log_holds_no_value(desk):
    with pytest.raises(NotAllowed):
        audiences.check_audience(desk, EVERY, "email", **LETTER)
    check(desk, EVERY, purpose="marker purpose")
    with desk.store.transaction() as tx:
        last = tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10**9)[-1]
    assert (last["act"], last["outcome"]) == (Act.AUDIENCE_CHECK.value, "done")
    assert "x.example" not in str(last)
    assert "marker" not in str(last)
    assert '"contactable":0' in last["details"]


@pytest.mark.parametrize("table", ["suppressions", "restrictions", "consents", "kept_items", "consent_flags", "identifiers"])
def test_without_one_of_its_tables_nobody_is_reached(desk, table):
    with desk.store.transaction() as tx:
        tx._cursor.execute(f"alter table {table} rename to gone")
        desk.store.commit(tx)
    with pytest.raises(Refused):
        check(desk, EVERY)


# What people and files do, in any order, against a plain model that knows of one thing only: who may be reached.
PURPOSES, CHANNELS, MANY, MAIL = ("newsletter", "survey"), ("email", "post"), 3, "p{}@x.example"
who, what, how = st.integers(0, MANY - 1), st.sampled_from(PURPOSES), st.sampled_from(CHANNELS)
days = st.integers(1, 300)
steps = st.lists(st.one_of(
    st.tuples(st.just("agree"), who, what, how, days), st.tuples(st.just("refuse"), who, what, how, days),
    st.tuples(st.just("object"), who), st.tuples(st.just("object_unfound"), who),
    st.tuples(st.just("withdraw"), who, st.sampled_from(["", *PURPOSES]), st.sampled_from(["", *CHANNELS])),
    st.tuples(st.just("edit"), who), st.tuples(st.just("restrict"), who, st.sampled_from("ab")),
    st.tuples(st.just("lift"), who, st.sampled_from("ab")), st.tuples(st.just("opt_in"), who),
), max_size=9)


class Model:
    """Per person: the history of each purpose and channel, what was stopped by message, and which restrictions stand."""

    def __init__(self):
        self.told = {}
        self.stopped = {}  # (person) -> set of (state, purpose, channel)
        self.restricted = {}

    def may(self, person, purpose, channel):
        history = self.told.get((person, purpose, channel), [])
        if not history or not max(history, key=lambda each: (each[0], not each[1]))[1] or self.restricted.get(person):
            return False
        return not any(
            about in {"", purpose} and through in {"", channel} for _, about, through in self.stopped.get(person, ())
        )


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(steps)
def test_nobody_is_reached_whom_a_plain_model_says_is_not(tmp_path, sequence):
    played(tmp_path, sequence)


@pytest.mark.prove
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(steps)
def test_nobody_is_reached_after_any_of_three_hundred_sequences(tmp_path, sequence):
    played(tmp_path, sequence)


def played(tmp_path, sequence):
    with begin(tmp_path / f"{new_id()}.duckdb", ["people_who_agreed"], NOW) as begun:
        play(begun.give("people_who_agreed"), sequence)


class Played:
    """The desk and the plain model beside each other, each step done to both."""

    def __init__(self, desk):
        self.desk, self.model = desk, Model()
        for person in range(MANY):
            self.model.told[person, "newsletter", "email"] = [(datetime(2026, 1, 1, 10), True)]

    def consent(self, at, person, purpose, channel, day, *, given):
        told = datetime(2025, 12, 1) + timedelta(days=day)
        agreed(at, f"c{person}", purpose, channel, given=given, at=told.isoformat())
        if not (given and self.model.restricted.get(person)):
            self.model.told.setdefault((person, purpose, channel), []).append((told, given))

    def agree(self, at, *step):
        self.consent(at, *step, given=True)

    def refuse(self, at, *step):
        self.consent(at, *step, given=False)

    def object(self, at, person, *, found=True):
        say(at, "objection_marketing", MAIL.format(person), subject=ref_of(self.desk, f"c{person}") if found else None)
        self.model.stopped.setdefault(person, set()).add(("objection", "", ""))

    def object_unfound(self, at, person):
        self.object(at, person, found=False)

    def withdraw(self, at, person, purpose, channel):
        words = "so" if purpose or channel else ""
        say(at, "consent_withdrawal", MAIL.format(person), own_words=words, stop_purpose=purpose,
            stop_channels=(channel,) if channel else ())
        self.model.stopped.setdefault(person, set()).add(("withdrawal", purpose, channel))

    def edit(self, at, person):
        imports.import_people(at, f"customer_id,city\nc{person},Bonn\n".encode(), update=True, key=new_id())

    def opt_in(self, at, person):
        for each in _opt_in(at, MAIL.format(person)):
            self.model.stopped.get(person, set()).discard(each)

    def restrict(self, at, person, case):
        with self.desk.store.transaction() as tx:
            Local(self.desk.store).restrict(tx, ref_of(self.desk, f"c{person}"), "18.1.a", case, at.now)
            self.desk.store.commit(tx)
        self.model.restricted.setdefault(person, set()).add(case)

    def lift(self, at, person, case):
        with self.desk.store.transaction() as tx:
            tx.run("people.lift_marks", subject=ref_of(self.desk, f"c{person}"), ground="18.1.a", case_ref=case, now=at.now)
            self.desk.store.commit(tx)
        self.model.restricted.get(person, set()).discard(case)


def play(desk, sequence):
    played = Played(desk)
    for number, (step, *rest) in enumerate(sequence):
        getattr(played, step)(desk_of(desk.store, Role.STEWARD, now=NOW + timedelta(minutes=number)), *rest)
    values = [MAIL.format(person) for person in range(MANY)]
    for purpose in PURPOSES:
        for channel in CHANNELS:
            for value in reached(desk, values, purpose=purpose, channel=channel):
                assert played.model.may(values.index(value), purpose, channel), (purpose, channel, value)


def _opt_in(desk, mail):
    """End, by an opt-in of this moment, one entry of an address; return what the model then forgets."""
    with desk.store.transaction() as tx:
        rows = [row for row in standing(tx, tokens(desk.store, "email", mail), NOW.date()) if row["started_at"] < desk.now]
    if not rows:
        return []
    row = rows[0]
    suppression_list.end_entry(
        desk, row["id"], "email", mail, happened_on=desk.now.date(), evidence="double opt-in", version=row["version"],
        key=new_id(),
    )
    plain = {"direct_marketing": "", "all": ""}
    return [(row["state"], plain.get(row["purpose"], row["purpose"]), plain.get(row["channel"], row["channel"]))]
