"""A day that cannot be and a text that no file could carry: refused in a sentence by every action, with nothing changed."""

import importlib
import inspect
import pkgutil
import typing
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta

import pytest

import core.actions
from core.actions.accounts import accounts
from core.actions.answers import needs, requests, sending
from core.actions.answers.erasure import erasures, kept_parts, restricted
from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.letters import letters
from core.actions.answers.outside import outside
from core.actions.answers.packages import exports
from core.actions.answers.rectification import rectifications
from core.actions.answers.refusal import extensions, fees
from core.actions.answers.restriction import restriction_lifts
from core.actions.cases import children, clock, deaths, identity, intake, joining, queue, representatives
from core.actions.cases.intake import Intake
from core.actions.cases.queue import Only
from core.actions.cases.representatives import Acting
from core.actions.desk.desk import Desk
from core.actions.duty import absences
from core.actions.oversight import board, history, holds, log_questions, logbook
from core.actions.oversight.logbook import Filters
from core.actions.people import imports, lookups, operator_search, people
from core.actions.suppression import suppression_files, suppression_list
from core.connectors.connector import Wanted
from core.connectors.fields import read_instant
from core.connectors.suppressed import PERSON, Mark, enter, token
from core.law.errors import Invalid
from core.law.kinds import Need
from core.law.outside import Done, Line
from core.law.rights.erasure import MadePublic
from core.law.rights.suppression import ALL, Legal
from core.law.roles import Role
from core.law.typed import EARLIEST_DAY, LATEST_DAY, check_day
from core.matching.scores import Asked
from core.store.engine import new_id
from tests.actions import correcting
from tests.actions.answers.erasure.test_erasures import TAX
from tests.actions.answers.erasure.test_kept import at, carried
from tests.actions.answers.test_needs import ENTER
from tests.actions.conftest import Walk, take_in
from tests.conftest import NOW, desk_of
from tests.grounds import ground

TODAY, DAY = NOW.date(), timedelta(days=1)
RECEIVED = date(2026, 11, 20)
NEVER = (date.min, EARLIEST_DAY - DAY, LATEST_DAY + DAY, date.max)  # no field takes these
HAPPENED, AHEAD = (TODAY + DAY,), (TODAY - DAY, TODAY)  # nor what has happened the first, nor what lies ahead the others
WORDS = "FACTWORDS: nine systems, three of them paper files in another town."
MARK = "MARKERWORDS"
SENTENCE = 250  # characters of the longest refusal: it repeats nothing of what was typed
BAD = (MARK + "x" * 1_000_000, MARK + "\x00", MARK + "\ud800")


@dataclass(frozen=True)
class Files:
    """The desks of a walk, and the ids of what stands in their store by its name here."""

    walk: Walk
    ids: dict[str, str]

    def desk(self, *roles, name="deputy"):
        return desk_of(self.walk.store, *roles, name=name)

    def version(self, name):
        return self.walk.row(self.ids[name]).version

    def message(self, **changes):
        return Intake(**({
            "rights": ("access",), "channel": "email", "received_on": TODAY, "name": "Marker", "body": "My data, please.",
        } | changes))


@ground("walk")
def files(walk):
    """Give a request of most rights in one store, with what a day or a text can be typed for beside each."""
    fee_of = take_in(walk, walk.subject, 1)
    fees.prepare(
        walk.steward, fee_of.request_id, "excessive", WORDS, WORDS, "Postage 6.99", ["stated"], currency="EUR",
        reply_by=TODAY + 9 * DAY, version=fee_of.version, key=new_id(),
    )
    inquiry = intake.take_in(walk.steward, Intake(
        ("authority_inquiry",), "post", RECEIVED, name="An authority", body="We ask.", named_day=TODAY + 9 * DAY,
    ), key=new_id()).requests[0][0]
    dpo = desk_of(walk.store, Role.DPO, name="deputy")
    requests.start(dpo, inquiry, version=1, key=new_id())
    made = {
        kind: correcting.take_in(walk, kind, walk.subject, 1).request_id
        for kind in ("erasure", "rectification", "restriction", "portability")
    }
    clock.ask(
        walk.steward, made["portability"], "clarification", "Which years?", "They hold nine thousand rows.", asked_on=RECEIVED,
        key=new_id(),
    )
    letter = letters.draft(walk.steward, walk.case_ref, "receipt", walk.request_id, key=new_id())
    acting = take_in(walk, walk.subject, 1)
    who = representatives.add(walk.steward, acting.case_ref, Acting("agent", "A lawyer", rights=("access",)), key=new_id())
    root = desk_of(walk.store, Role.ADMINISTRATOR, name="root")
    account = accounts.create_account(root, "fresh", "Fresh Marker", key=new_id()).account_id
    accounts.propose_role(root, account, Role.ANALYST, None, key=new_id())
    with walk.store.transaction() as tx:
        (role,) = tx.rows("accounts.roles_of", account_id=account, now=NOW)
    with walk.store.transaction() as tx:
        (restricted,) = enter(walk.store, tx, [Mark(
            Legal.RESTRICTION, token(walk.store, PERSON, walk.subject), PERSON, ALL, ALL, "18.1.a", NOW, "request", walk.case_ref,
            walk.subject, TODAY,
        )], NOW, TODAY)
        walk.store.commit(tx)
    entry = suppression_list.add(walk.steward, "objection", "email", "x@example.com", since=RECEIVED, key=new_id())
    return Files(walk, made | {
        "inquiry": inquiry, "letter": letter, "account": account, "role": role["id"], "entry": entry, "who": who,
        "restricted": restricted,
        "fee": fees.of_request(walk.steward, fee_of.request_id)[0].id,
    })


@ground("erasure")
def kept_in_part(erasure):
    """Give an erasure that kept the events by a tax law, closed."""
    return carried(erasure, TAX)


def representative(files, call, **changes):
    call(files.walk.checker, files.ids["who"], version=1, key=new_id(), **changes)


# Every day that a person writes: the action and its parameter; the field of the refusal, the days beyond NEVER that it
# refuses, and how it is given.
DAYS = {
    ("children.record", "born"): ("born", HAPPENED, lambda on, day: children.record(
        on.walk.steward, on.walk.case_ref, day, "mother", key=new_id())),
    ("clock.ask", "asked_on"): ("asked_on", (RECEIVED - DAY, *HAPPENED), lambda on, day: clock.ask(
        on.walk.steward, on.walk.request_id, "clarification", "Which years?", WORDS, asked_on=day, key=new_id())),
    ("clock.answered", "answered_on"): ("answered_on", (RECEIVED - DAY, *HAPPENED), lambda on, day: clock.answered(
        on.walk.steward, on.ids["portability"], "clarification", day, key=new_id())),
    ("deaths.record", "died_on"): ("died_on", HAPPENED, lambda on, day: deaths.record(
        on.walk.steward, on.walk.case_ref, day, "relative", key=new_id())),
    ("erasures.choose", "claims.until"): ("until", (TODAY - DAY,), lambda on, day: erasures.choose(
        on.walk.steward, on.ids["erasure"], ["17.1.a"], [Claim("local", "events", "17.3.b", "Section 147", day)],
        version=on.version("erasure"), key=new_id())),
    ("restricted.record_wish", "happened_on"): ("happened_on", HAPPENED, lambda on, day: restricted.record_wish(
        on.walk.steward, on.ids["erasure"], day, WORDS, version=on.version("erasure"), key=new_id())),
    ("extensions.prepare", "until"): ("until", (date(2091, 1, 1),), lambda on, day: extensions.prepare(
        on.walk.steward, on.walk.request_id, ["complexity"], WORDS, until=day, version=on.walk.version, key=new_id())),
    ("fees.prepare", "reply_by"): ("reply_by", (*AHEAD, TODAY + 91 * DAY), lambda on, day: fees.prepare(
        on.walk.steward, on.walk.request_id, "excessive", WORDS, WORDS, "Postage 6.99", ["stated"], currency="EUR", reply_by=day,
        version=on.walk.version, key=new_id())),
    ("fees.record_outcome", "on"): ("outcome_on", (TODAY - DAY, *HAPPENED), lambda on, day: fees.record_outcome(
        on.walk.steward, on.ids["fee"], "waived", day, version=1, key=new_id())),
    ("holds.set_on", "review_on"): ("review_on", AHEAD, lambda on, day: holds.set_on(
        on.walk.steward, "case", "claim", WORDS, request_id=on.walk.request_id, review_on=day, key=new_id())),
    ("intake.take_in", "what.received_on"): ("received_on", (date(2018, 5, 24), *HAPPENED), lambda on, day: intake.take_in(
        on.walk.steward, on.message(received_on=day), key=new_id())),
    ("intake.take_in", "what.named_day"): ("due_day", (TODAY - DAY, date(2091, 1, 1)), lambda on, day: intake.take_in(
        on.walk.steward, on.message(rights=("authority_inquiry",), named_day=day), key=new_id())),
    ("joining.add_message", "what.received_on"): (
        "received_on", (RECEIVED - DAY, *HAPPENED), lambda on, day: joining.add_message(
            on.walk.steward, on.walk.case_ref, on.message(received_on=day), key=new_id())),
    ("joining.add_message", "what.named_day"): ("due_day", (), lambda on, day: joining.add_message(
        on.walk.steward, on.walk.case_ref, on.message(named_day=day), key=new_id())),
    ("letters.mark_sent", "sent_at"): ("sent_at", (RECEIVED - DAY, *HAPPENED), lambda on, day: letters.mark_sent(
        on.walk.steward, on.ids["letter"], "email", day, key=new_id())),
    ("log_questions.ask", "since"): ("since", (), lambda on, day: log_questions.ask(
        on.desk(Role.DPO), "sealed_looks", since=day)),
    ("log_questions.ask", "until"): ("until", (), lambda on, day: log_questions.ask(
        on.desk(Role.DPO), "sealed_looks", until=day)),
    ("logbook.list_entries", "filters.since"): ("since", (), lambda on, day: logbook.list_entries(
        on.desk(Role.DPO), Filters(since=day))),
    ("logbook.list_entries", "filters.until"): ("until", (), lambda on, day: logbook.list_entries(
        on.desk(Role.DPO), Filters(until=day))),
    ("needs.record", "day"): (("day", "due_day"), (RECEIVED - DAY, date(2091, 1, 1)), lambda on, day: needs.record(
        on.desk(Role.DPO), on.ids["inquiry"], "due_day", *ENTER[Need.DUE_DAY], day, version=on.version("inquiry"),
        key=new_id())),
    ("operator_search.switch", "last_day"): ("last_day", (TODAY - DAY, TODAY + 91 * DAY), lambda on, day: (
        operator_search.switch(on.desk(Role.DPO), day, key=new_id()))),
    ("people.find", "asked.birth_date"): ("birth_date", HAPPENED, lambda on, day: people.find(
        on.walk.steward, Asked(birth_date=day), purpose="request")),
    ("people.find", "asked.asked.birth_date"): ("birth_date", HAPPENED, lambda on, day: people.find(
        on.walk.steward, Wanted(asked=Asked(birth_date=day)), purpose="request")),
    ("people.find_all", "wanted.asked.birth_date"): ("birth_date", HAPPENED, lambda on, day: people.find_all(
        on.walk.steward, [Wanted(asked=Asked(birth_date=day))], purpose="request")),
    ("absences.enter", "first"): ("first", (), lambda on, day: absences.enter(
        on.desk(Role.MANAGER), on.ids["account"], day, TODAY + DAY, key=new_id())),
    ("absences.enter", "last"): ("last", (TODAY - DAY, TODAY + 366 * DAY), lambda on, day: absences.enter(
        on.desk(Role.MANAGER), on.ids["account"], TODAY - DAY, day, key=new_id())),
    ("absences.shut", "first"): ("first", (), lambda on, day: absences.shut(
        on.desk(Role.MANAGER), day, TODAY + DAY, key=new_id())),
    ("absences.shut", "last"): ("last", (TODAY - DAY, TODAY + 366 * DAY), lambda on, day: absences.shut(
        on.desk(Role.MANAGER), TODAY - DAY, day, key=new_id())),
    ("queue.list_requests", "only.due"): ("filter", (), lambda on, day: queue.list_requests(
        on.walk.steward, only=Only(due=day))),
    ("queue.list_requests", "only.after"): ("filter", (), lambda on, day: queue.list_requests(
        on.walk.steward, only=Only(after=day))),
    ("queue.list_requests", "only.since"): ("filter", (), lambda on, day: queue.list_requests(
        on.walk.steward, only=Only(since=day))),
    ("queue.list_requests", "only.until"): ("filter", (), lambda on, day: queue.list_requests(
        on.walk.steward, only=Only(until=day))),
    ("board.board", "chosen.since"): ("since", (), lambda on, day: board.board(on.walk.steward, board.Chosen(since=day))),
    ("board.board", "chosen.until"): ("until", (), lambda on, day: board.board(on.walk.steward, board.Chosen(until=day))),
    ("history.history", "chosen.since"): ("since", (), lambda on, day: history.history(
        on.walk.steward, board.Chosen(since=day))),
    ("history.history", "chosen.until"): ("until", (), lambda on, day: history.history(
        on.walk.steward, board.Chosen(until=day))),
    ("representatives.add", "what.since"): ("since", (), lambda on, day: representatives.add(
        on.walk.steward, on.walk.case_ref, Acting("agent", "A lawyer", rights=("access",), since=day), key=new_id())),
    ("outside.record", "lines.until"): ("until", (TODAY - DAY,), lambda on, day: outside.record(
        on.walk.steward, on.walk.request_id,
        [Line(code, Done.KEPT, WORDS, WORDS, day) for code, _ in outside.systems()], WORDS, version=on.walk.version,
        key=new_id())),
    ("representatives.add", "what.until"): ("until", (TODAY - DAY,), lambda on, day: representatives.add(
        on.walk.steward, on.walk.case_ref, Acting("agent", "A lawyer", rights=("access",), until=day), key=new_id())),
    ("representatives.check", "since"): ("since", (), lambda on, day: representative(
        on, representatives.check, outcome="sufficient", words=WORDS, rights=["access"], since=day)),
    ("representatives.check", "until"): ("until", (TODAY - DAY,), lambda on, day: representative(
        on, representatives.check, outcome="sufficient", words=WORDS, rights=["access"], since=TODAY, until=day)),
    ("representatives.end", "on"): ("on", HAPPENED, lambda on, day: representative(
        on, representatives.end, reason="revoked", on=day)),
    ("restriction_lifts.record_terms", "review_on"): ("review_on", AHEAD, lambda on, day: restriction_lifts.record_terms(
        on.walk.steward, on.ids["restriction"], "18.1.a", day, version=on.version("restriction"), key=new_id())),
    ("restriction_lifts.review_later", "review_on"): ("review_on", AHEAD, lambda on, day: restriction_lifts.review_later(
        on.desk(Role.DPO), on.ids["restricted"], day, "It still holds.", version=1, key=new_id())),
    ("roles.end_role", "last_day"): ("valid_until", (TODAY - DAY,), lambda on, day: accounts.end_role(
        on.desk(Role.ADMINISTRATOR), on.ids["role"], last_day=day, key=new_id())),
    ("roles.propose_role", "valid_until"): ("valid_until", (TODAY - DAY,), lambda on, day: accounts.propose_role(
        on.desk(Role.ADMINISTRATOR), on.ids["account"], Role.STEWARD, day, key=new_id())),
    ("sending.mark_sent", "sent_at"): ("sent_at", (RECEIVED - DAY, *HAPPENED), lambda on, day: sending.mark_sent(
        on.walk.steward, on.walk.request_id, "email", day, version=on.walk.version, key=new_id())),
    ("suppression_list.add", "since"): ("since", HAPPENED, lambda on, day: suppression_list.add(
        on.walk.steward, "objection", "email", "y@example.com", since=day, key=new_id())),
    ("suppression_list.add", "review_on"): ("review_on", AHEAD, lambda on, day: suppression_list.add(
        on.walk.steward, "objection", "email", "y@example.com", since=RECEIVED, review_on=day, key=new_id())),
    ("suppression_list.end_entry", "happened_on"): (
        ("happened_on", "opted_in_at"), HAPPENED, lambda on, day: suppression_list.end_entry(
            on.walk.steward, on.ids["entry"], "email", "x@example.com", happened_on=day, evidence=WORDS, version=1,
            key=new_id())),
}
ON_WHAT_WAS_KEPT = {("kept_parts.prolong", "until")}  # it has a beginning and a test of its own below
NO_DAY_OF_A_PERSON = {
    ("safe_starts.read_duty", "since"): "worked out from today",
    ("intake.preview_due", "received_on"): "a hint beside the form: it shows nothing for a day that cannot be",
    ("moment.sent_moment", "day"): "a part of the acts that mark something as sent, and refused there",
    ("moment.moment_of", "day"): "a part of acts that have looked at the day",
    ("need_records.sealed_answer", "answer.day"): "a part of the act that records a need, and refused there",
}
# Every text that test_typed does not type: the action and what is typed in it.
TEXTS = {
    "who is looked for": lambda on, text: people.find(on.walk.steward, text, purpose="request"),
    "a name looked for": lambda on, text: people.find(on.walk.steward, Asked(name=text), purpose="request"),
    "a number looked for": lambda on, text: people.find(
        on.walk.steward, Wanted(identifiers={"email": text}), purpose="request"),
    "why somebody is looked for": lambda on, text: people.find(on.walk.steward, "c1", purpose="request", words=text),
    "why a name is opened": lambda on, text: logbook.open_actor(on.desk(Role.DPO), "a" * 32, purpose="request", words=text),
    "a reference in the queue": lambda on, text: queue.list_requests(on.walk.steward, search=text),
    "a reference among the packages": lambda on, text: exports.list_packages(on.walk.steward, search=text),
    "an account": lambda on, text: accounts.create_account(on.desk(Role.ADMINISTRATOR), "another", text, key=new_id()),
    "a sign-in name": lambda on, text: accounts.create_account(on.desk(Role.ADMINISTRATOR), text, "Another", key=new_id()),
    "a proof": lambda on, text: clock.ask(
        on.walk.steward, on.walk.request_id, "clarification", "Which years?", WORDS, proofs=[text], key=new_id()),
    "the kind of data": lambda on, text: identity.stand(on.walk.steward, on.walk.case_ref, text),
    "what a fee rests on": lambda on, text: fees.prepare(
        on.walk.steward, on.walk.request_id, "excessive", WORDS, text, "Postage 6.99", ["stated"], currency="EUR", reply_by=TODAY + DAY,
        version=on.walk.version, key=new_id()),
    "the cost": lambda on, text: fees.prepare(
        on.walk.steward, on.walk.request_id, "excessive", WORDS, WORDS, f"{text} 6.99", ["stated"], currency="EUR", reply_by=TODAY + DAY,
        version=on.walk.version, key=new_id()),
    "why something is kept": lambda on, text: erasures.choose(
        on.walk.steward, on.ids["erasure"], ["17.1.a"], [Claim("local", "events", "17.3.a", why=text)],
        version=on.version("erasure"), key=new_id()),
    "where data were public": lambda on, text: erasures.choose(
        on.walk.steward, on.ids["erasure"], ["17.1.a"], public=MadePublic(text, ("A search engine",)),
        version=on.version("erasure"), key=new_id()),
    "who has what was public": lambda on, text: erasures.choose(
        on.walk.steward, on.ids["erasure"], ["17.1.a"], public=MadePublic("The team page", (text,)),
        version=on.version("erasure"), key=new_id()),
    "how an erasure is wanted": lambda on, text: restricted.record_wish(
        on.walk.steward, on.ids["erasure"], TODAY, text, version=on.version("erasure"), key=new_id()),
    "a corrected value": lambda on, text: rectifications.propose(
        on.walk.steward, on.ids["rectification"], "city", text, version=on.version("rectification"), key=new_id()),
    "a corrected address": lambda on, text: rectifications.propose(
        on.walk.steward, on.ids["rectification"], "email", text, version=on.version("rectification"), key=new_id()),
    "why nothing is corrected": lambda on, text: rectifications.propose(
        on.walk.steward, on.ids["rectification"], "city", finding="correct", reason=text,
        version=on.version("rectification"), key=new_id()),
    "a statement": lambda on, text: rectifications.propose_statement(
        on.walk.steward, on.ids["rectification"], text, version=on.version("rectification"), key=new_id()),
    "what an authority wrote": lambda on, text: needs.record(
        on.desk(Role.DPO), on.ids["inquiry"], "due_day", {}, {"their_reference": text}, TODAY + DAY,
        version=on.version("inquiry"), key=new_id()),
    "what shows an authority": lambda on, text: representative(
        on, representatives.check, outcome="sufficient", words=text, rights=["access"], since=TODAY),
    "who acts, by post": lambda on, text: representatives.add(
        on.walk.steward, on.walk.case_ref, Acting("agent", "A lawyer", address=text, rights=("access",)), key=new_id()),
    "a suppressed value": lambda on, text: suppression_list.add(
        on.walk.steward, "objection", "email", text, since=TODAY, key=new_id()),
    "the evidence of an opt-in": lambda on, text: suppression_list.end_entry(
        on.walk.steward, on.ids["entry"], "email", "x@example.com", happened_on=TODAY, evidence=text, version=1, key=new_id()),
} | {
    f"at intake, {name}": lambda on, text, name=name: intake.take_in(on.walk.steward, on.message(**{name: text}), key=new_id())
    for name in (*intake.LIMITS, "language")
}


def refused(on, call, given):
    """Return the field of the refusal of each value given, or how it ended otherwise."""
    ended = []
    for each in given:
        try:
            call(on, each)
            ended.append("it was taken")
        except Invalid as refusal:
            told = str(refusal)
            ended.append(refusal.field if told.isprintable() and MARK not in told and len(told) < SENTENCE else told[:SENTENCE])
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is no sentence
            ended.append(repr(fault)[:200])
    return ended


def standing(store):
    """Return what stands in every table, as a hash; of the log, what was done and not refused."""
    with store.transaction() as tx:
        tables = [row[0] for row in tx._cursor.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            table: tx._cursor.execute(
                f"select count(*), sum(hash(t)) from {table} t" + (" where outcome = 'done'" if table == "audit" else "")
            ).fetchone()
            for table in tables if table != "disclosed"
        }


def test_every_day_that_cannot_be_is_refused_and_changes_nothing(files):
    before = standing(files.walk.store)
    wrong = {}
    for action, (field, further, call) in DAYS.items():
        days = (*NEVER, *further)
        ended = dict(zip(days, refused(files, call, days), strict=True))
        if bad := {day: how for day, how in ended.items() if how not in ((field,) if isinstance(field, str) else field)}:
            wrong[action] = bad
    assert wrong == {}
    assert standing(files.walk.store) == before


def test_what_was_kept_is_not_prolonged_to_a_day_that_cannot_be(kept_in_part):
    only = kept_parts.list_kept(at(kept_in_part.steward, NOW))[0]

    def prolong(_, day):
        kept_parts.prolong(
            at(kept_in_part.steward, NOW), only.id, "17.3.b", "Section 147", day, version=only.version, key=new_id()
        )

    before = standing(kept_in_part.store)
    assert set(refused(None, prolong, (*NEVER, TODAY - DAY, only.until - DAY))) == {"until"}
    assert standing(kept_in_part.store) == before


def test_every_text_that_no_file_could_carry_is_refused_and_leaves_nothing(files):
    before = standing(files.walk.store)
    ended = {name: refused(files, call, BAD) for name, call in TEXTS.items()}
    assert {name: how for name, how in ended.items() if not all(map(str.isidentifier, how))} == {}
    assert standing(files.walk.store) == before
    with files.walk.store.transaction() as tx:
        assert MARK not in str(tx.rows("log.all_rows", chain=files.walk.store.chain, first=0, last=10**9))


def test_a_name_of_a_thing_that_holds_half_a_character_is_refused_in_a_sentence(files):
    for call in (
        lambda: requests.version_of(files.walk.steward, "\ud800"),
        lambda: queue.list_requests(files.walk.steward, owner="\ud800"),
        lambda: people.masked_again(files.walk.steward, ["a", "\ud800"], purpose="request"),
    ):
        with pytest.raises(Invalid, match="half a character"):
            call()


def test_of_a_file_of_people_what_cannot_be_asked_is_left_out_and_the_rest_is_found(files):
    rows = [{"value": "c1", "name": "\ud800", "birth_date": "99991231"}, {"city": "x" * 1_000_000}, {"value": "c0\x00"}]
    found = list(lookups.find_many(files.walk.steward, rows, 10, "request"))
    assert [len(each["exact"]) for each in found] == [1, 0, 0]


def test_a_day_in_a_file_that_cannot_be_is_the_reason_of_its_row(files):
    days = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1879-12-31", "2200-01-01")
    for day in days:
        with pytest.raises(Invalid):
            read_instant(day)
    lines = ["customer_id,at,kind,channel,detail", *(f"c1,{day},order,web,x" for day in days)]
    done = imports.import_events(files.walk.steward, "\n".join(lines).encode(), key=new_id())
    assert (done.added, len(done.rejects)) == (0, len(days))
    listed = ["state,kind,value,at,until", "do_not_import,email,z@example.com,,9999-12-31",
              "do_not_import,email,z@example.com,0001-01-01,", "objection,email,z@example.com,9999-12-31,"]
    done = suppression_files.import_list(files.walk.steward, "\n".join(listed).encode(), key=new_id())
    assert (done.added, len(done.rejects)) == (0, 3)


def days_of(kind, seen=()):
    """Return the ways from a parameter's type to each day in it: through optional, several, and the fields of a form."""
    if kind is date:
        return [""]
    found = [way for each in typing.get_args(kind) for way in days_of(each, seen)]
    if inspect.isclass(kind) and is_dataclass(kind) and kind not in seen and kind is not Desk:
        hints = typing.get_type_hints(kind)
        found += [
            f".{each.name}{way}" for each in fields(kind) for way in days_of(hints[each.name], (*seen, kind))
        ]
    return list(dict.fromkeys(found))


def written_days():
    """Return every day that a public action takes; what works inside another act (`now`, `at`) is no action."""
    for module in pkgutil.walk_packages(core.actions.__path__, "core.actions."):
        of = importlib.import_module(module.name)
        for name, function in vars(of).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != of.__name__:
                continue
            hints = typing.get_type_hints(inspect.unwrap(function))
            if "desk" in hints and not {"now", "at"} & set(hints):
                for parameter, kind in hints.items():
                    if parameter != "return":
                        yield from ((f"{module.name.rpartition('.')[2]}.{name}", parameter + way) for way in days_of(kind))


def test_every_day_of_every_public_action_is_tried_here():
    assert set(written_days()) == {*DAYS, *ON_WHAT_WAS_KEPT, *NO_DAY_OF_A_PERSON}


def test_the_first_and_the_last_day_are_taken():
    assert [check_day(day, "until") for day in (EARLIEST_DAY, LATEST_DAY)] == [EARLIEST_DAY, LATEST_DAY]
