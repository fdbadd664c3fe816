"""Erasures: from the grounds to the letter, in one transaction, noted in the ledger, with nothing of the person left."""

from datetime import date

import pytest

from core.actions.answers import approvals, requests
from core.actions.answers.erasure import erasures
from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.letters import letters, recipients
from core.actions.answers.plan_approvals import PLAN
from core.actions.cases import cases
from core.actions.people import imports
from core.connectors import erased
from core.connectors.suppressed import standing, tokens
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.store.engine import new_id
from core.store.keys import KeyKind
from core.store.ledger import ERASED
from tests.actions.conftest import MAIL
from tests.actions.correcting import disclosed
from tests.conftest import NOW

ALL_GROUNDS = ("17.1.a", "17.1.d")
TAX = Claim("local", "events", "17.3.b", "Section 147 of the Fiscal Code", date(2034, 12, 31), masked=("detail",))


def choose(erasure, grounds=ALL_GROUNDS, claims=(), **more):
    erasures.choose(erasure.steward, erasure.request_id, grounds, claims, version=erasure.version, key=new_id(), **more)


def planned(erasure, letter="erasure_carried_out", **terms):
    """Choose, plan and draft the letter; return its id."""
    choose(erasure, **terms)
    erasure.plan()
    return erasure.letter(letter, send=False)


def send(erasure, letter):
    letters.mark_sent(erasure.steward, letter, "email", date(2026, 11, 23), key=new_id())


def held(erasure, subject):
    return {name: value for name, value in erasure.held(subject).items() if value}


def dump(store):
    """Every value of every table that can be read, as one text."""
    with store.transaction() as tx:
        names = [row[0] for row in tx._cursor.execute("select table_name from duckdb_tables()").fetchall()]
        return "\n".join(str(tx._cursor.execute(f'select * from "{name}"').fetchall()) for name in names)


def test_an_erasure_goes_from_its_grounds_to_its_end_and_leaves_nothing(erasure, people_here, entries):
    disclosed(erasure, erasure.subject, "Marker Carrier")
    before = {n: held(erasure, people_here[n]) for n in (0, 2)}
    letter = planned(erasure)
    erasure.approve()
    assert held(erasure, erasure.subject), "an approval alone deletes nothing"
    erasure.carry()
    assert erasure.state == "ready_to_send"
    assert not held(erasure, erasure.subject)
    text = dump(erasure.store)
    for marker in ("marker0001x", "Given0001x", "marker-1@example.com", "eventmarker1", "1 Sample Street"):
        assert marker not in text
    assert {n: held(erasure, people_here[n]) for n in (0, 2)} == before
    (notice,) = recipients.list_notices(erasure.steward, erasure.request_id)
    assert (notice.recipient, notice.change, notice.state) == ("Marker Carrier", "erasure", "to_send")
    assert not erasure.store.keys.holds(KeyKind.SUBJECT, erasure.subject)
    (entry,) = erasure.store.ledger.entries(ERASED)
    assert (entry.ref, entry.scope) == (erasure.subject, '{"kept": {}, "key": "destroyed"}')
    with pytest.raises(NotPossible, match="letter"):
        erasure.close()
    send(erasure, letter)
    with pytest.raises(NotPossible, match="fulfilled"):
        erasure.close("partly_fulfilled")
    erasure.close()
    assert erasure.row().closing == "fulfilled"
    done = {row["act"] for row in entries()}
    assert {Act.PLAN_CHOOSE, Act.PLAN_PREPARE, Act.PLAN_ASK, Act.PLAN_APPROVE, Act.CARRYING_END, Act.KEY_DESTROY} <= done


def test_the_file_of_the_request_and_its_letter_are_still_read_afterwards(erasure):
    letter = planned(erasure)
    erasure.approve()
    erasure.carry()
    file = cases.open_case(erasure.steward, erasure.case_ref)
    assert file.case_ref == erasure.case_ref
    (text,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    for part in ("Dear Marker", "Article 17(1)", "no longer needed", "Article 77", "Article 79", "backups"):
        assert part in text


def test_what_an_exception_keeps_stays_alone_with_its_reason(erasure):
    letter = planned(erasure, "erasure_partly", claims=(TAX,))
    erasure.approve()
    erasure.carry()
    text = dump(erasure.store)
    assert "marker0001x" not in text
    (entry,) = erasure.store.ledger.entries(ERASED)
    assert entry.scope == '{"kept": {"events": ["detail"]}, "key": "destroyed"}'
    with erasure.store.transaction() as tx:
        rows = tx._cursor.execute("select subject_ref, kind, detail from events").fetchall()
    assert (erasure.subject, "order", None) in rows
    (body,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    for part in ("Section 147 of the Fiscal Code", "2034-12-31", "Article 17(3)(b)", "Article 77", "Article 79"):
        assert part in body
    send(erasure, letter)
    with pytest.raises(NotPossible, match="partly"):
        erasure.close()
    erasure.close("partly_fulfilled")


def test_an_exception_kept_whole_keeps_the_key_that_opens_it(erasure):
    planned(erasure, "erasure_partly", claims=(Claim("local", "events", "17.3.e", "the pending suit", date(2027, 1, 1)),))
    erasure.approve()
    erasure.carry()
    assert erasure.store.keys.holds(KeyKind.SUBJECT, erasure.subject)
    (entry,) = erasure.store.ledger.entries(ERASED)
    assert '"key": "kept"' in entry.scope


def test_what_no_ground_reaches_stays_and_may_be_all_of_it(erasure):
    letter = planned(erasure, "erasure_refused", grounds=("17.1.f",))
    before = held(erasure, erasure.subject)
    erasure.approve()
    erasure.carry()
    assert held(erasure, erasure.subject) == before
    assert not list(erasure.store.ledger.entries(ERASED))
    assert erasure.store.keys.holds(KeyKind.SUBJECT, erasure.subject)
    send(erasure, letter)
    erasure.close("refused")


def test_the_copy_goes_before_the_erasure(erasure, empty_walk):
    from tests.actions.conftest import take_in as access

    access(empty_walk, erasure.subject, 1)
    planned(erasure)
    with pytest.raises(NotPossible, match="copy goes first"):
        erasure.ask_plan()


def test_no_approval_is_asked_for_without_the_letter_to_this_plan(erasure):
    choose(erasure)
    erasure.plan()
    with pytest.raises(NotPossible, match="Draft the letter"):
        erasure.ask_plan()
    with pytest.raises(NotPossible, match="another outcome"):
        erasure.letter("erasure_partly", send=False)


def test_nobody_approves_their_own_plan_and_a_steward_none(erasure):
    planned(erasure)
    approval = erasure.ask_plan()
    with pytest.raises(NotAllowed):
        approvals.approve(erasure.steward, PLAN, approval, key=new_id())


def test_data_that_changed_since_the_plan_send_it_back(erasure):
    planned(erasure)
    approval = erasure.ask_plan()
    imports.import_events(
        erasure.checker, b"customer_id,at,kind,channel,detail\nc1,2026-11-20T10:00:00,order,web,late", key=new_id()
    )
    with pytest.raises(NotPossible, match="changed"):
        erasure.approve(approval)
    assert erasure.state == "in_progress"
    assert held(erasure, erasure.subject)


def kept_out(store):
    with store.transaction() as tx:
        return {row["state"] for row in standing(tx, tokens(store, "email", MAIL.format(1)), NOW.date())}


def test_nobody_is_kept_out_without_a_ground(erasure):
    planned(erasure)
    erasure.approve()
    erasure.carry()
    assert kept_out(erasure.store) == set()


def test_who_wishes_it_is_kept_out_of_imports(erasure):
    letter = planned(erasure, wished=True)
    erasure.approve()
    erasure.carry()
    assert kept_out(erasure.store) == {"do_not_import"}
    (text,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    assert "coded fingerprint" in text
    before = dump(erasure.store).count("Given")
    imports.import_people(
        erasure.steward, b"customer_id,email,given_name\nz1,marker-1@example.com,Given0001x", key=new_id()
    )
    assert dump(erasure.store).count("Given") == before


def test_an_objection_outlives_the_erasure_without_the_pseudonym(erasure, empty_walk):
    from tests.actions.answers.rectification.test_rectifications import object_to_marketing

    object_to_marketing(empty_walk, erasure.subject)
    planned(erasure)
    erasure.approve()
    erasure.carry()
    assert kept_out(erasure.store) == {"objection", "do_not_import"}
    with erasure.store.transaction() as tx:
        assert not tx.rows("suppression.of_subject", subject=erasure.subject)


def test_the_ledger_erases_again_what_an_older_backup_brings(erasure, people_here):
    with erasure.store.transaction() as tx:
        rows = tx._cursor.execute("select * from identifier_values where subject_ref = $s", {"s": erasure.subject}).fetchall()
    planned(erasure)
    erasure.approve()
    erasure.carry()
    with erasure.store.transaction() as tx:
        for row in rows:
            tx._cursor.execute(f"insert into identifier_values values ({', '.join('?' * len(row))})", row)
        erasure.store.commit(tx)
    assert held(erasure, erasure.subject)
    with erasure.store.transaction() as tx:
        again = erased.replay(erasure.store, tx, erasure.store.ledger.entries(), NOW, restored=True)
        erasure.store.commit(tx)
    assert again == [erasure.subject]
    assert not held(erasure, erasure.subject)


@pytest.mark.parametrize(("grounds", "claims", "words"), [
    ((), (), "at least one ground"),
    (("17.1.x",), (), "at least one ground"),
    (("17.1.a",), (Claim("local", "events", "17.3.b"),), "what this exception rests on"),
    (("17.1.a",), (Claim("local", "events", "17.3.b", "a law"),), "until which"),
    (("17.1.a",), (Claim("local", "events", "17.3.z", "a law", date(2030, 1, 1)),), "exception of Article"),
    (("17.1.a",), (Claim("desk", "cases", "17.3.b", "a law", date(2030, 1, 1)),), "a table that the erasure reaches"),
    (("17.1.a",), (Claim("local", "events", "17.3.b", "a law", date(2030, 1, 1), masked=("kind",)),), "a table that the"),
    (("17.1.a",), (TAX, TAX), "one exception for each"),
    (("17.1.a",), (Claim("local", "events", "17.3.b", "x" * 501, date(2030, 1, 1)),), "longer than 500"),
])
def test_what_cannot_be_chosen(erasure, grounds, claims, words):
    with pytest.raises(Invalid, match=words):
        choose(erasure, grounds, claims)
    assert erasures.chosen(erasure.steward, erasure.request_id) == {}


def test_grounds_belong_to_an_erasure_in_progress(erasure, walk):
    with pytest.raises(NotPossible, match="Only an erasure"):
        erasures.choose(walk.steward, walk.request_id, ALL_GROUNDS, version=walk.version, key=new_id())
    with pytest.raises(NotAllowed):
        erasures.choose(erasure.approver, erasure.request_id, ALL_GROUNDS, version=erasure.version, key=new_id())
    requests.withdraw(erasure.steward, erasure.request_id, "taken back", version=erasure.version, key=new_id())
    with pytest.raises(NotPossible, match="Start work"):
        choose(erasure)
