"""A file of a case goes over HTTP to whoever may have it by the table, and to nobody else who knows its id."""

from dataclasses import replace
from datetime import date

from core.actions.answers.letters import letters
from core.actions.cases import cases, intake
from core.actions.desk.desk import present
from core.law.roles import Role
from core.store.engine import Store, new_id
from tests.actions.things_of import plant
from tests.conftest import desk_of
from tests.serving import demo_store, serving
from tests.web.visitor import Visitor

MARK = "MARKERWORDS of an employee"
NEVER = ("approver", "manager", "analyst", "marketer", "administrator")  # nobody asked them anything


def at(store, name, *roles):
    """Return the desk of a demo account."""
    with store.transaction() as tx:
        (row,) = tx._cursor.execute(
            "select id, actor_ref from accounts where sign_in_name = $name", {"name": name}
        ).fetchall()
    desk = desk_of(store, *roles, now=present())
    return replace(desk, person=replace(desk.person, account_id=row[0], actor_ref=row[1]))


def made(store, number):
    """Take in a case with a file, draft a letter, and lay a package, its ways out and a proof document beside them."""
    steward = at(store, "steward", Role.STEWARD)
    taken = intake.take_in(steward, intake.Intake(
        ("access",), "email", date(2026, 11, 20), name=MARK, email=f"{number}@example.com", body=MARK,
        files=(("file.pdf", f"%PDF-1.7 {MARK}".encode()),),
    ), key=new_id())
    same = {"case_ref": taken.case_ref, "request_id": taken.requests[0][0]}
    letter = letters.draft(steward, taken.case_ref, "receipt", taken.requests[0][0], key=new_id())
    package, way, proof = new_id(), new_id(), new_id()
    plant(store, "packages", **same, id=package, state="ready")
    plant(store, "ways_out", **same, id=way, package_id=package, way="archive")
    plant(store, "identity_documents", **same, id=proof, checker_id="nobody", added_at=steward.now)
    with store.transaction() as tx:
        (file,) = tx._cursor.execute("select id from attachments where case_ref = $case", {"case": taken.case_ref}).fetchone()
    return taken.case_ref, [
        f"/attachments/{file}", f"/letters/{letter}", f"/exports/{package}", f"/exports/archive/{way}",
        f"/exports/print/{package}", f"/proofs/{proof}",
    ]


def refused(visitor, paths):
    """Ask for each path, and return those that were not refused outright, or whose answer told anything of the case."""
    answers = [(each, visitor.get(each)) for each in paths]
    return [(each, got.status, got.text[:80]) for each, got in answers if got.status != 403 or MARK in got.text]


def test_who_knows_an_id_gets_no_file_by_it(tmp_path):
    path = demo_store(tmp_path / "desk.duckdb")
    store = Store.open(path, present())
    steward = at(store, "steward", Role.STEWARD)
    (sealed, hidden), (_, shown) = made(store, 1), made(store, 2)
    cases.seal_to(at(store, "dpo", Role.DPO), sealed, [steward.person.account_id], key=new_id())
    store.close()
    with serving(path) as address:
        people = {}
        for name in ("dpo", "steward", "steward2", *NEVER):
            people[name] = Visitor(address)
            assert people[name].sign_in(name).status == 303
        for name in ("dpo", "steward2", *NEVER):
            assert refused(people[name], hidden) == [], f"{name} is not named for the sealed case"
        for name in NEVER:
            assert refused(people[name], shown) == [], f"{name} is asked nothing in the open case"
        assert refused(people["steward2"], shown[2:]) == [], "a colleague's package, its ways out, a proof of another's check"
        for name, paths in (("steward", hidden), ("steward2", shown)):
            assert MARK in people[name].get(paths[0]).text
            assert people[name].get(paths[1]).text.startswith("%PDF")
        assert people["steward"].get("/attachments/" + "0" * 32).status == 404
        assert {Visitor(address).get(each).status for each in (*hidden, *shown)} == {401}
    store = Store.open(path, present())
    with store.transaction() as tx:
        log = tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    store.close()
    things = {each.rpartition("/")[2] for each in hidden}
    told = {(row["actor_ref"], row["object_id"]) for row in log if row["outcome"] == "refused.not_allowed"}
    assert len({each for each in told if each[1] in things}) == len(things) * (2 + len(NEVER)), "each attempt is entered"
    assert MARK not in str(log)
