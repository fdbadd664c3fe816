"""The letters of a case: drafted from its facts, edited, printed, and marked as sent by whom, how and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.answers import need_records
from core.actions.answers.approvals import GIVEN_BACK
from core.actions.answers.bound_letter import require_approved
from core.actions.answers.letters import clock_letters, drafting, letter_choices, several
from core.actions.answers.letters.part_letters import KINDS as PART_KINDS
from core.actions.answers.letters.part_letters import require_parts
from core.actions.cases.addresses import opened as opened_address
from core.actions.cases.authority import REPRESENTATIVE, addressee, require_addressee, stands
from core.actions.cases.authority import named as representative_of
from core.actions.cases.letter_source import asked_language, language_for, person_of
from core.actions.cases.transitions import move, require_state
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, new_id, repeated
from core.actions.desk.delivery import CHANNELS, Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.letter_text import parts_of, text_of
from core.actions.desk.moment import sent_moment, today_of
from core.actions.desk.opening import Opened, resolve
from core.documents.glyphs import require_drawable
from core.documents.letter import Head, Letter, joined, subject_of
from core.documents.letter import print_letter as set_letter
from core.law.acts import Act, may
from core.law.errors import Invalid, NotPossible
from core.law.letters import TO_RECIPIENTS, TYPED, LetterKind
from core.law.typed import read_text, read_texts
from core.law.workflow import State, Step
from core.store.duckdb import WriteConflict
from core.store.encryption import Cell, decrypt_bytes, encrypt, encrypt_bytes
from core.store.engine import Row
from core.store.records import ApprovalRecord, CaseRecord, LetterRecord, PrintedLetter

LONGEST = 20_000
_BOUND = frozenset({LetterKind.REFUSAL, LetterKind.ANSWERED_OUTSIDE})  # the answer itself, approved with its decision
# Drafted with what they tell of, and named by it.
OF_ITS_CHANGE = frozenset({*clock_letters.BY_THEMSELVES, LetterKind.OLD_ADDRESS_NOTICE, *TO_RECIPIENTS})
__all__ = [
    "LONGEST", "LetterShown", "draft", "fetch", "language_for", "list_letters",
    "mark_sent", "person_language", "save",
]


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter with its text, as its case shows it."""

    id: str
    kind: str
    request_id: str | None
    also: tuple[str, ...]  # the further requests of which it tells
    language: str
    subject: str
    body: str
    passages: str  # what stands below it whatever is typed
    drafted_at: datetime
    drafted_by: str
    sent_at: datetime | None
    sent_by: str | None
    sent_channel: str | None
    sha256: str | None

    @property
    def text(self) -> str:
        """The letter as it is printed."""
        return joined(self.body, self.passages)


@repeated
def draft(
    desk: Desk, case_ref: str, kind: str, request_id: str, *, address_id: str | None = None,
    told: Mapping[str, str] | None = None, also: Sequence[str] = (), key: str,
) -> str:
    """Draft a letter from the facts of the case and one of its requests, in the person's language, and return its id.

    `also` are further requests of the case of which the same letter tells (core.law.letters.SEVERAL). `told` are the texts that
    no record of the desk holds, as core.law.letters.TYPED asks for them. Raises NotPossible, with what to do first, while the
    case does not hold what the letter must say; Invalid for a letter of another right.
    """
    with act(desk, Act.LETTER_DRAFT, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at
        if at.case.case_ref != case_ref:
            raise Invalid("The request belongs to another case.", "request_id")
        if kind not in set(LetterKind):
            raise Invalid("Choose the kind of letter.", "kind")
        letter_choices.require_draftable(desk, now, at, LetterKind(kind), letter_choices.of_request(now, at))
        typed_texts = read_texts(TYPED.get(kind, ()), told or {})
        address = _address_for(desk, now, at, LetterKind(kind), address_id, typed_texts)
        require_addressee(desk, now, at, LetterKind(kind), address)
        others = several.others(desk, now, LetterKind(kind), also)
        rights = several.rights(desk, now, LetterKind(kind), others, address=address, typed=typed_texts)
        drafted = drafting.write(desk, now, at, LetterKind(kind), rights, address=address, typed=typed_texts)
        letter_id = drafting.keep(desk, now, at, LetterKind(kind), drafted, address["id"] if address else None)
        for each in others:
            now.tx.run("letters.tell_of", letter_id=letter_id, request_id=each.request.id, case_ref=case_ref)
        now.detail["requests"] = 1 + len(others)
        now.object_kind, now.object_id, now.result = "letter", letter_id, letter_id
    return letter_id


@repeated
def save(desk: Desk, letter_id: str, body: str, *, key: str) -> None:
    """Keep the edited text of a letter that is not sent yet: at most 20,000 characters that can be printed."""
    with act(desk, Act.LETTER_DRAFT, things.letter(letter_id), key=key) as now:
        if now.earlier is not None:
            return
        row = now.at.of(PrintedLetter)
        if row.kind in _BOUND:
            require_state(
                now.at.request, State.IN_PROGRESS, "This letter was handed in for approval with its decision: it stays as it is."
            )
        clock_letters.require_editable(now, row)
        text = read_text(body, "body", longest=LONGEST)
        require_drawable(text, "body")
        sealed = encrypt(desk.store, row.case_ref, text, Cell("letters", letter_id, "body"))
        if not now.tx.run("letters.save", id=letter_id, body=sealed):
            raise NotPossible("This letter was sent: it stays as it is. Draft a new one.")
        now.tx.run("needs.edited", letter_id=letter_id, case_ref=row.case_ref, account_id=desk.person.account_id)
        now.detail |= {"letter": row.kind, "characters": len(text)}


@repeated
def discard(desk: Desk, case_ref: str, letter_id: str, *, key: str) -> None:
    """Delete a draft that was never sent. Raises NotPossible where it was, or where an approval or a decision holds it.

    The act is about the case: the letter is gone when the same command comes a second time.
    """
    with act(desk, Act.LETTER_DISCARD, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return
        held = now.tx.records(LetterRecord, "letters.of_case", case_ref=case_ref)
        row = found(next((each for each in held if each.id == letter_id), None), "letter")
        if row.sent_at is not None:
            raise NotPossible("This letter is marked as sent: it stays.")
        if row.kind in OF_ITS_CHANGE:
            raise NotPossible("This letter belongs to the decision or the change that it tells of: it goes with that.")
        asked = now.tx.records(ApprovalRecord, "approvals.of_thing", thing="letter", thing_id=letter_id)
        if any(each.decision != GIVEN_BACK for each in asked):
            raise NotPossible("An approval of this letter is asked for or given. Have it given back first.")
        guard(now.tx.run("letters.discard", id=letter_id))
        now.tx.run("needs.forget_editors", letter_id=letter_id)
        now.tx.run("letters.forget_told_of", letter_id=letter_id)
        now.object_kind, now.object_id, now.request = "letter", letter_id, row.request_id
        now.detail["letter"] = row.kind


@repeated
def list_letters(desk: Desk, case_ref: str) -> tuple[LetterShown, ...]:
    """Return the letters of a case with their texts; opening the case file stands for them."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        also: dict[str, list[str]] = {}
        for row in now.tx.rows("letters.told_of", case_ref=case_ref):
            also.setdefault(row["letter_id"], []).append(row["request_id"])
        return tuple(
            _shown(desk, each, tuple(also.get(each.id, ())))
            for each in now.tx.records(LetterRecord, "letters.of_case", case_ref=case_ref)
        )


def _shown(desk: Desk, row: LetterRecord, also: tuple[str, ...]) -> LetterShown:
    parts = parts_of(desk.store, row)
    return LetterShown(
        row.id, row.kind, row.request_id, also, row.language, subject_of(row.kind),
        parts.text, parts.passages, row.drafted_at, row.drafted_by, row.sent_at, row.sent_by,
        row.sent_channel, row.pdf_sha256,
    )


@repeated
def person_language(desk: Desk, case_ref: str) -> str:
    """Return the code of the language in which the person of a case writes, empty where it is not known."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        return asked_language(desk, now, now.at.case)


@repeated
def fetch(desk: Desk, letter_id: str) -> Delivery:
    """Return the letter as a PDF; a sent one gives the very bytes that were sent.

    The past letters of a demo store have no such bytes: they are printed anew, with the day and the name of their sending.
    """
    printed = _print(desk, Act.LETTER_FETCH, letter_id)
    with act(desk, Act.LETTER_FETCH, things.letter(letter_id)) as now:
        row = now.at.of(PrintedLetter)
        content, digest = _keep_printed(desk, now, printed)
        now.detail |= {"letter": row.kind, "sha256": digest}
        reference = now.at.case.reference
    return Delivery(f"letter-{reference}-{row.kind.replace('_', '-')}.pdf", "application/pdf", content)


@repeated
def mark_sent(desk: Desk, letter_id: str, channel: str, sent_at: date, *, key: str) -> None:
    """Record how and on which day a letter went out; from then on its text and its bytes stay as they are."""
    printed = _print(desk, Act.LETTER_SENT, letter_id)
    with act(desk, Act.LETTER_SENT, things.letter(letter_id), key=key) as now:
        if now.earlier is not None:
            return
        row = now.at.of(PrintedLetter)
        if channel not in CHANNELS:
            raise Invalid("Choose how the letter was sent.", "channel")
        if row.sent_at is not None:
            raise NotPossible("This letter is marked as sent already.")
        case = now.at.case
        answer = _answer_of(desk, now, row)
        if row.kind in _BOUND:
            require_approved(desk, now, now.at, row)
        elif row.kind in PART_KINDS and row.request_id:
            require_parts(desk, now, now.at, row)
        _require_way(desk, now, row)
        moment, local = sent_moment(desk, sent_at, case.received_at), establishment(desk.store).local
        # A day stands for its noon; a letter drafted in the afternoon went out after that, never before.
        if local(moment).date() == local(row.drafted_at).date():
            moment = max(moment, row.drafted_at)
        clock_letters.require_sendable(desk, now, row, local(moment).date())
        _, digest = _keep_printed(desk, now, printed)
        guard(now.tx.run(
            "letters.sent", id=letter_id, sent_at=moment, sent_by=desk.person.account_id, sent_channel=channel
        ))
        now.detail |= {
            "letter": row.kind, "channel": channel, "sha256": digest,
            "sent_on": local(moment).date().isoformat(),
        }
        clock_letters.note_sent(desk, now, row, local(moment).date())
        if row.kind == LetterKind.DISCLOSURE_NOTICE:
            now.tx.run("needs.end_silence", request_id=row.request_id, now=desk.now)
        if answer is not None and answer.request.state == State.IN_PROGRESS:
            move(desk, now, answer.request, Step.SETTLE)


def _answer_of(desk: Desk, now: Now, letter: LetterRecord) -> Opened | None:
    """Return the request that a letter answers on its own path; NotPossible while one of its needs is not met."""
    if not letter.request_id:
        return None
    at = now.at
    if not need_records.answers(desk, now, at, letter.kind):
        return None
    need_records.require_ready(desk, now, at)
    if at.request.state not in {State.IN_PROGRESS, State.READY_TO_SEND}:
        raise NotPossible("Start work on the request first.")
    return at


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is printed: the kind of letter, its text, what stands around it, and the language."""

    kind: LetterKind
    text: str
    head: Head
    language: str


@dataclass(frozen=True, slots=True)
class _Printed:
    """A sheet as it was printed, or why it cannot be."""

    sheet: _Sheet
    letter: Letter | None
    refusal: Invalid | None


def _sheet(desk: Desk, now: Now) -> _Sheet | None:
    """Return what is to be printed of the letter that an act is about; None where it is printed as it stands."""
    row, case, here = now.at.of(PrintedLetter), now.at.case, establishment(desk.store)
    if row.pdf is not None:
        return None
    made_on, signer = _signed(desk, now, row)
    return _Sheet(LetterKind(row.kind), text_of(desk.store, row), Head(
        controller=here.controller, contact=(here.contact,), address=_lines(desk, now, case, row),
        made_on=made_on, reference=case.reference, signer=signer,
    ), row.language)


def _signed(desk: Desk, now: Now, row: LetterRecord) -> tuple[date, str]:
    """Return the day and the name on a letter; one that went out without a print being kept has those of its sending."""
    if row.sent_at is None:
        return today_of(desk), desk.person.name
    names = {each["id"]: each["name"] for each in now.tx.rows("queue.owners")}
    return establishment(desk.store).local(row.sent_at).date(), names.get(row.sent_by, "")


def _print(desk: Desk, what: Act, letter_id: str) -> _Printed | None:
    """Print a letter before the act that needs it, so that nobody waits for the typesetting; None where nothing is to be printed.

    What cannot be printed raises in the act, so that its refusal is entered with it; nothing is printed for a person whom
    the act will refuse by their role.
    """
    if not may(desk.person.roles, what):
        return None
    with desk.store.transaction() as tx:
        row = tx.record(PrintedLetter, "letters.one", id=letter_id)
        sheet = _sheet(desk, Now(None, tx=tx, what=what, opened=resolve(tx, things.letter(letter_id)))) if row else None
    if sheet is None:
        return None
    try:
        return _Printed(sheet, set_letter(sheet.kind, sheet.text, sheet.head, sheet.language), None)
    except Invalid as refusal:
        return _Printed(sheet, None, refusal)


def _keep_printed(desk: Desk, now: Now, printed: _Printed | None) -> tuple[bytes, str]:
    """Return the PDF and its SHA-256, keeping what was printed before the act; where that is another text, all runs again."""
    row, sheet = now.at.of(PrintedLetter), _sheet(desk, now)
    if sheet is None:
        pdf, digest = found(row.pdf, "print of the letter"), found(row.pdf_sha256, "print of the letter")
        return decrypt_bytes(desk.store, row.case_ref, pdf, Cell("letters", row.id, "pdf")), digest
    if printed is None or printed.sheet != sheet:
        raise WriteConflict("The letter changed while it was printed. Try again.")
    if printed.letter is None:
        raise printed.refusal or NotPossible("This letter cannot be printed.")
    made = printed.letter
    now.tx.run(
        "letters.printed", id=row.id, pdf_sha256=made.sha256,
        pdf=encrypt_bytes(desk.store, row.case_ref, made.pdf_bytes, Cell("letters", row.id, "pdf")),
    )
    return made.pdf_bytes, made.sha256


def _lines(desk: Desk, now: Now, case: CaseRecord, letter: LetterRecord) -> tuple[str, ...]:
    to = now.tx.one("rectification.notice_letter", letter_id=letter.id)
    if to is not None:  # a notice under Article 19 goes to the recipient, not to the person
        return (str(to["recipient"]),)
    row = now.tx.one("approvals.address", id=letter.address_id) if letter.address_id else None
    acting = stands(now, case) if row is not None and row["kind"] == REPRESENTATIVE else None
    person = representative_of(desk, acting.row) if acting else person_of(desk, case)
    lines = [person["name"]] if person.get("name") and letter.kind != LetterKind.DISCLOSURE_NOTICE else []
    text = opened_address(desk, now, case, row).address if row else person.get("address") or person.get("email") or ""
    return tuple(line.strip() for line in (*lines, *text.splitlines()) if line.strip())


def _address_for(
    desk: Desk, now: Now, at: Opened, kind: LetterKind, address_id: str | None, told: Mapping[str, str]
) -> Row | None:
    """Return where a letter goes. The notice of a disclosure goes to the person, never to the authority that asked."""
    if kind != LetterKind.DISCLOSURE_NOTICE:
        return _address(now, at, kind, address_id)
    number, case_ref = new_id(desk.now), at.case.case_ref
    now.tx.run(
        "cases.add_address", id=number, case_ref=case_ref, kind="post", standing="new",
        added_at=desk.now, added_by=desk.person.account_id,
        address=encrypt(desk.store, case_ref, told["to"], Cell("reply_addresses", number, "address")),
    )
    return found(now.tx.one("approvals.address", id=number), "address")


def _require_way(desk: Desk, now: Now, row: LetterRecord) -> None:
    """Look again, when a letter leaves, whether it goes to whom it is addressed: an authority may have ended meanwhile."""
    if row.request_id is None or row.kind in TO_RECIPIENTS:
        return
    at = now.at
    address = now.tx.one("approvals.address", id=row.address_id) if row.address_id else None
    require_addressee(desk, now, at, LetterKind(row.kind), address)


def _address(now: Now, at: Opened, kind: LetterKind, address_id: str | None) -> Row | None:
    if address_id is None:
        return addressee(now, at.case, kind)
    rows = now.tx.rows("approvals.addresses", case_ref=at.case.case_ref)
    chosen = [row for row in rows if row["id"] == address_id]
    if not chosen:
        raise Invalid("Choose an address of this case.", "address_id")
    return chosen[0]

