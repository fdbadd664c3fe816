"""Whatever is chosen, held and kept: nothing that must stay is deleted, and nothing that was decided to go remains."""

import random
from datetime import date

import pytest

from core.actions.answers.erasure import erasure_words
from core.actions.answers.erasure.erasures import Claim
from core.actions.answers.planned import parse
from core.actions.oversight import holds
from core.connectors.local import MASKABLE, TABLES
from core.store.encryption import Cell, decrypt
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import choose
from tests.actions.things_of import plant

# By hand from the sample catalogue and Article 17(1): the bases of each table's uses, and the grounds that reach each basis.
RESTS_ON = {"profiles": "bb", "identifier_values": "bbf", "attributes": "b", "consents": "ac", "devices": "f", "events": "bb"}
CATEGORY = {"profiles": "master data", "identifier_values": "identifiers", "attributes": "attributes", "consents": "consents",
            "devices": "devices", "events": "usage"}
REACHED = {"a": "abdef", "b": "ade", "c": "ade", "f": "acde"}
MARKETING = {"consents"}  # an objection to marketing reaches its first use too, but never its second, the proof
LETTERS = {"fulfilled": "erasure_carried_out", "partly_fulfilled": "erasure_partly", "refused": "erasure_refused"}


def drawn(seed):
    """Draw the grounds, what must be kept by an exception, what is held, and what is emptied all the same."""
    chance = random.Random(seed)
    grounds = chance.sample("abcdef", chance.randint(1, 4))
    kept = {table: tuple(sorted(chance.sample(sorted(MASKABLE.get(table, ())), chance.randint(0, len(MASKABLE.get(table, ()))))))
            for table in chance.sample(TABLES, chance.randint(0, 3))}
    held = chance.sample(TABLES, chance.randint(0, 2))
    return grounds, kept, held, chance.random() < 0.3


def expected(table, grounds, kept, held):
    """Say what becomes of a table: by a reading of the law of its own."""
    if table in held:
        return "retain"
    if not all(set(REACHED[basis]) & set(grounds) for basis in RESTS_ON[table]):
        return "retain"
    if table == "consents" and table in kept and expected("identifier_values", grounds, kept, held) == "delete":
        return "prove"
    return ("mask" if kept[table] else "retain") if table in kept else "delete"


@pytest.mark.parametrize("seed", range(14))
def test_what_is_decided_is_what_becomes_of_the_rows(seed, erasure, people_here):
    for subject in (erasure.subject, people_here[0]):
        plant(erasure.store, "devices", subject_ref=subject, device_id=f"device-{subject}")
        plant(erasure.store, "consents", id=new_id(), subject_ref=subject, purpose="newsletter", given=True, source="WEB")
    grounds, kept, held, everything = drawn(seed)
    held = list(TABLES) if everything and not held else held
    for table in held:
        holds.set_on(
            erasure.steward, "person", "claim", "WHYWORDS", request_id=erasure.request_id, category=CATEGORY[table], key=new_id()
        )
    claims = tuple(Claim("local", table, "17.3.e", "claim 7", date(2029, 12, 31), masked=masked) for table, masked in kept.items())
    choose(erasure, tuple(f"17.1.{letter}" for letter in grounds), claims)
    before, others = rows_of(erasure), rows_of(erasure, "<>")
    erasure.plan()
    body = plan_of(erasure)
    assert all(before.values()), "every table holds something of the person"
    meant = {table: expected(table, grounds, kept, held) for table in TABLES}
    assert {item.table: item.action for item in body.of("local")} == meant
    erasure.letter(LETTERS[erasure_words.outcome(body).value], send=False)
    erasure.approve()
    erasure.carry()
    assert erasure.state == "ready_to_send"
    after = rows_of(erasure)
    for table, action in meant.items():
        gone = kept.get(table, ()) if action == "mask" else ()
        assert after[table] == ([] if action in {"delete", "prove"} else [row | dict.fromkeys(gone) for row in before[table]]), table
    assert rows_of(erasure, "<>") == others, "nobody else lost a row"


def plan_of(erasure):
    with erasure.store.transaction() as tx:
        row = tx.one("plans.one", id=erasure.row().plan_id)
    return parse(decrypt(erasure.store, row["case_ref"], row["body"], Cell("plans", row["id"], "body")))


def rows_of(erasure, whose="="):
    """Return the person's own rows of each table as they lie there, or those of everybody else."""
    with erasure.store.transaction() as tx:
        def read(statement):
            found = tx._cursor.execute(statement, {"s": erasure.subject})
            names = [each[0] for each in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        return {table: sorted(read(f"select * from {table} where subject_ref {whose} $s"), key=str) for table in TABLES}
