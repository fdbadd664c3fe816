"""What is sealed opens under its own key, for its own owner and place, unchanged; nothing else does, and no refusal quotes it."""

import base64

import pytest

from core.actions.cases import attachments, cases, intake
from core.actions.people import imports
from core.connectors.local import Local
from core.law.errors import Invalid, NotFound
from core.law.roles import Role
from core.store import encryption
from core.store.encryption import Cell
from core.store.engine import Store, new_id
from core.store.filekey import KeyMissing, Secrets, master_key
from core.store.files import beside
from core.store.keys import KeyKind, KeyRing, decrypt_text, encrypt_text
from core.store.purge import purge
from tests.actions.conftest import import_people
from tests.conftest import NOW, desk_of
from tests.faults.marked import GONE, STAYS, fill, subject_of
from tests.faults.raw import forms, key_of, opened
from tests.permits import own

OWNER, OTHER = "0a" * 16, "0b" * 16
TEXT = f"{GONE} wrote this"
PLACE = "messages:1:body"


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "desk.duckdb", bytes(range(32)))


@pytest.mark.parametrize("kind", KeyKind)
def test_every_changed_cut_or_added_byte_is_refused(ring, kind):
    sealed = ring.encrypt(kind, OWNER, TEXT.encode(), PLACE)
    assert ring.decrypt(kind, OWNER, sealed, PLACE) == TEXT.encode()
    harmed = [sealed[:place] + bytes([sealed[place] ^ bit]) + sealed[place + 1:] for place in range(len(sealed)) for bit in (1, 128)]
    harmed += [sealed[:length] for length in range(len(sealed))] + [sealed + b"\0", sealed[12:], sealed[::-1]]
    for each in harmed:
        with pytest.raises(NotFound) as told:
            ring.decrypt(kind, OWNER, each, PLACE)
        assert TEXT not in str(told.value)
        assert OWNER not in str(told.value)


@pytest.mark.parametrize("place", [
    "", "messages:2:body", "messages:1:subject", "notes:1:body", "messages:1:body ", f"{PLACE}|{OWNER}", f"{PLACE}|{OTHER}",
])
def test_it_does_not_open_in_another_place(ring, place):
    sealed = ring.encrypt(KeyKind.CASE, OWNER, TEXT.encode(), PLACE)
    with pytest.raises(NotFound, match="another person or place"):
        ring.decrypt(KeyKind.CASE, OWNER, sealed, place)


def test_it_opens_for_no_other_owner_and_no_other_kind(ring):
    ring.ensure(KeyKind.CASE, OWNER, OTHER)
    ring.ensure(KeyKind.SUBJECT, OWNER)
    sealed = ring.encrypt(KeyKind.CASE, OWNER, TEXT.encode(), PLACE)
    for kind, owner in ((KeyKind.CASE, OTHER), (KeyKind.SUBJECT, OWNER)):
        with pytest.raises(NotFound, match="another person or place"):
            ring.decrypt(kind, owner, sealed, PLACE)
    with pytest.raises(NotFound, match="was destroyed"):
        ring.decrypt(KeyKind.PROOF, OWNER, sealed, PLACE)
    assert not ring.holds(KeyKind.PROOF, OWNER), "opening makes no key"


def test_one_owners_key_given_to_another_still_opens_nothing(ring):
    """Owner and kind are bound twice, in the wrapping and in the sealing: exchanged records of the key file open nothing."""
    sealed = ring.encrypt(KeyKind.CASE, OWNER, TEXT.encode(), PLACE)
    place = (KeyKind.CASE.value, bytes.fromhex(OWNER))
    ring._wrapped[KeyKind.CASE.value, bytes.fromhex(OTHER)] = ring._wrapped[place]
    ring._wrapped[KeyKind.SUBJECT.value, bytes.fromhex(OWNER)] = ring._wrapped[place]
    for kind, owner in ((KeyKind.CASE, OTHER), (KeyKind.SUBJECT, OWNER)):
        for use in (lambda kind=kind, owner=owner: ring.decrypt(kind, owner, sealed, PLACE),
                    lambda kind=kind, owner=owner: ring.encrypt(kind, owner, TEXT.encode(), PLACE)):
            with pytest.raises(KeyMissing, match="put back an unharmed copy") as told:
                use()
            assert TEXT not in str(told.value)
    assert ring.shut() == 1, "the first of each kind is looked at"


def test_the_same_text_is_sealed_anew_each_time(ring):
    sealed = [ring.encrypt(KeyKind.SUBJECT, OWNER, TEXT.encode(), PLACE) for _ in range(200)]
    assert len({each[:12] for each in sealed}) == 200, "a nonce used twice"
    assert len({each[12:] for each in sealed}) == 200
    assert {ring.decrypt(KeyKind.SUBJECT, OWNER, each, PLACE) for each in sealed} == {TEXT.encode()}
    assert not any(form in each for each in sealed for form in forms(TEXT))
    ring.ensure(KeyKind.SUBJECT, *(f"{number:032x}" for number in range(50)))
    keys = [wrapped for (kind, _), wrapped in ring._wrapped.items() if kind == KeyKind.SUBJECT.value]
    assert len(set(keys)) == len({each[:12] for each in keys}) == 51


def test_the_empty_text_and_every_byte_come_back(ring):
    for content in (b"", b"\0", bytes(range(256)) * 40):
        assert ring.decrypt(KeyKind.CASE, OWNER, ring.encrypt(KeyKind.CASE, OWNER, content, PLACE), PLACE) == content


def test_a_destroyed_key_opens_nothing_more_even_when_a_new_one_is_made(ring):
    sealed = ring.encrypt(KeyKind.SUBJECT, OWNER, TEXT.encode(), PLACE)
    assert ring.destroy(KeyKind.SUBJECT, OWNER) == 1
    with pytest.raises(NotFound, match="was destroyed"):
        ring.decrypt(KeyKind.SUBJECT, OWNER, sealed, PLACE)
    ring.ensure(KeyKind.SUBJECT, OWNER)
    with pytest.raises(NotFound, match="another person or place"):
        ring.decrypt(KeyKind.SUBJECT, OWNER, sealed, PLACE)


def test_the_desks_own_secrets_open_for_their_use_and_place_alone(store):
    sealed = store.encrypt("codes", TEXT, "account-1")
    assert store.decrypt("codes", sealed, "account-1") == TEXT
    assert sealed != store.encrypt("codes", TEXT, "account-1")
    for use, content, place in (
        ("passphrases", sealed, "account-1"), ("codes", sealed, "account-2"), ("codes", sealed[:-1], "account-1"),
        ("codes", sealed[:5], "account-1"), ("codes", b"", "account-1"),
        ("codes", bytes([sealed[0] ^ 1]) + sealed[1:], "account-1"),
    ):
        with pytest.raises(NotFound) as told:
            store.decrypt(use, content, place)
        assert TEXT not in str(told.value)
    key = store.secrets.derive("codes")
    assert decrypt_text(key, encrypt_text(key, TEXT, "x"), "x") == TEXT


def taken(store):
    """Take in a case whose every field, note and file holds the text, and import a person whose every text is marked."""
    desk = desk_of(store, Role.STEWARD)
    made = intake.take_in(desk, intake.Intake(
        ("access",), "email", NOW.date(), name=TEXT, email=f"{GONE}@people.example", address=TEXT, subject=TEXT,
        body=TEXT, files=((f"{TEXT}.pdf", f"%PDF-1.7 {TEXT}".encode()),),
    ), key=new_id())
    cases.add_note(desk, made.case_ref, TEXT, key=new_id())
    return desk, made


def test_of_a_case_nothing_stands_readable_in_any_file_nor_in_the_opened_database(tmp_path):
    """The file's own cipher hides every value already; here it is taken off, and what is left is sealed a second time."""
    store = Store.create(tmp_path / "desk.duckdb", "bench", NOW)
    desk, made = taken(store)
    with store.transaction() as tx:
        (row,) = tx._cursor.execute("select id from attachments").fetchall()
    assert TEXT.encode() in attachments.fetch(desk, row[0]).content
    purge(store, NOW)
    store.close()
    plain = opened(store.path, key_of(store.path))
    assert b"messages" in plain, "the search reads what is there"
    contents = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} | {"opened": plain}
    assert [name for name, content in contents.items() for form in forms(GONE) if form in content] == []
    case = made.case_ref.encode()
    assert case in plain
    assert [name for name, content in contents.items() if name not in {"opened"} and case in content] == [], "nor a reference"


def test_sealed_values_of_two_rows_exchanged_in_the_database_do_not_open(store):
    """Whoever can write the database but has no key cannot lay one message, file or note in the place of another."""
    desk, first = taken(store)
    second = intake.take_in(desk, intake.Intake(("access",), "post", NOW.date(), name="Another", body="words of another"), key=new_id())
    with store.transaction() as tx:
        swap = "update messages set body = (select min(body) from messages where case_ref = $other) where case_ref = $own"
        tx._cursor.execute(swap, {"own": second.case_ref, "other": first.case_ref})
        note = "update notes set body = (select min(body) from messages where case_ref = $own) where case_ref = $own"
        tx._cursor.execute(note, {"own": first.case_ref})
        store.commit(tx)
    for made in (first, second):
        with pytest.raises(NotFound) as told:
            cases.open_case(desk, made.case_ref)
        assert TEXT not in str(told.value)


def test_an_event_of_one_person_laid_into_anothers_rows_stops_the_export(store):
    fill(store)
    gone, stays = subject_of(store, GONE), subject_of(store, STAYS)
    with store.transaction() as tx:
        assert STAYS in str(Local(store).export(tx, own(stays)))
        tx._cursor.execute(
            "update events set detail = (select min(detail) from events where subject_ref = $gone) where subject_ref = $stays",
            {"gone": gone, "stays": stays},
        )
        with pytest.raises(NotFound) as told:
            Local(store).export(tx, own(stays))
    assert GONE not in str(told.value)
    assert STAYS not in str(told.value)


def test_neither_the_key_file_nor_the_wrapped_keys_hold_a_key_in_the_clear(store):
    store.keys.ensure(KeyKind.CASE, OWNER)
    secrets = Secrets(store.path, master_key(store.path))
    secrets.load()
    master = master_key(store.path)
    wrapped = store.keys._wrapped[KeyKind.CASE.value, bytes.fromhex(OWNER)]
    plain = store.keys._master.decrypt(wrapped[:12], wrapped[12:], KeyKind.CASE.value + bytes.fromhex(OWNER))
    store.close()
    for suffix in ("", ".key", ".keys", ".ledger", ".anchor"):
        path = beside(store.path, suffix)
        content = path.read_bytes() if path.exists() else b""
        for key in (secrets.current, secrets._root, master, plain):
            assert not [form for form in (key, key.hex().encode(), base64.b64encode(key)) if form in content], suffix


@pytest.mark.parametrize(("cell", "owner", "former"), [
    (Cell("cases", "c1", "person"), OWNER, "cases:person"),
    (Cell("reply_addresses", "a1", "address"), OWNER, "reply_addresses:a1"),
    (Cell("request_moves", "m1", "words"), OWNER, "request_moves:m1"),
    (Cell("suppression_words", "s1", "body"), OWNER, "suppression_words:s1"),
    (Cell("drafts", "intake", "body"), OWNER, "drafts:intake"),
    (Cell("purpose_words", "0f", "body"), OWNER, "purpose_words"),
    (Cell("profiles", OWNER, "source_texts"), OWNER, "profiles.source_texts"),
    (Cell("events", "e1", "detail"), OWNER, "events.detail"),
])
def test_what_an_earlier_version_sealed_opens_and_what_is_sealed_now_opens_in_its_cell_alone(store, cell, owner, former):
    kind = KeyKind.SUBJECT if cell.table in {"profiles", "events"} else KeyKind.CASE
    assert encryption.decrypt(store, owner, store.keys.encrypt(kind, owner, TEXT.encode(), former), cell) == TEXT
    sealed = encryption.encrypt(store, owner, TEXT, cell)
    assert encryption.decrypt(store, owner, sealed, cell) == TEXT
    for other in (cell._replace(id="other"), cell._replace(table="notes"), cell._replace(column="other")):
        with pytest.raises(NotFound) as told:
            encryption.decrypt(store, owner, sealed, other)
        assert TEXT not in str(told.value)


def test_a_seed_of_an_earlier_version_opens_too(store):
    cell = Cell("accounts", "account-1", "totp_seed")
    assert encryption.decrypt_secret(store, store.encrypt("codes", TEXT, "account-1"), cell) == TEXT
    sealed = encryption.encrypt_secret(store, TEXT, cell)
    assert encryption.decrypt_secret(store, sealed, cell) == TEXT
    for other in (cell._replace(id="account-2"), Cell("ways_out", "account-1", "passphrase")):
        with pytest.raises(NotFound):
            encryption.decrypt_secret(store, sealed, other)


def test_half_a_character_is_refused_in_a_sentence_without_it(store):
    with pytest.raises(Invalid, match="half a character"):
        encryption.encrypt(store, OWNER, f"{TEXT}\ud800", Cell("notes", "n1", "body"))


def test_two_events_of_one_person_cannot_be_exchanged(store):
    """Both are under the person's one key: the row keeps them apart."""
    subject = import_people(store, 1)[0]
    lines = "customer_id,at,kind,channel,detail\nc0,2026-01-02T10:00:00,order,web,one\nc0,2026-01-03T10:00:00,order,web,two"
    imports.import_events(desk_of(store, Role.STEWARD), lines.encode(), key=new_id())
    with store.transaction() as tx:
        first, second = tx._cursor.execute("select id, detail from events where detail is not null order by id limit 2").fetchall()
        for (mine, _), (_, other) in ((first, second), (second, first)):
            tx._cursor.execute("update events set detail = $detail where id = $id", {"id": mine, "detail": other})
        store.commit(tx)
    with store.transaction() as tx, pytest.raises(NotFound):
        Local(store).export(tx, own(subject))
