"""The letters of a case: drafted from its facts, edited, printed, and marked as sent by whom, how and when."""

from dataclasses import dataclass
from datetime import date, datetime

from core.actions.act import Now, act, found, keep_apart, new_id, repeated
from core.actions.addresses import opened as opened_address
from core.actions.answering import CHANNELS, Answering, Delivery, answering, seal, sent_moment, typed, unseal
from core.actions.clock import guard, today_of
from core.actions.desk import Desk
from core.actions.establishment import establishment
from core.actions.letter_facts import Facts, facts, person_of
from core.documents.glyphs import require_drawable
from core.documents.letter import FORMS, Head, Kind
from core.documents.letter import draft as draft_text
from core.documents.letter import print_letter as set_letter
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.store.engine import Row
from core.store.keys import KeyKind

LONGEST = 20_000

@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter with its text, as its case shows it."""

    id: str
    kind: str
    request_id: str | None
    subject: str
    body: str
    drafted_at: datetime
    drafted_by: str
    sent_at: datetime | None
    sent_by: str | None
    sent_channel: str | None
    sha256: str | None


@repeated
def draft(desk: Desk, case_ref: str, kind: str, request_id: str, *, address_id: str | None = None, key: str) -> str:
    """Draft a letter from the facts of the case and one of its requests, and return its id.

    Raises NotPossible, with what to do first, while the case does not hold what the letter must say.
    """
    with act(desk, Act.LETTER_DRAFT, case=case_ref, request=request_id, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = answering(desk, now, Act.LETTER_DRAFT, request_id)
        if at.case["case_ref"] != case_ref:
            raise Invalid("The request belongs to another case.", "request_id")
        if kind not in set(Kind):
            raise Invalid("Choose the kind of letter.", "kind")
        address = _address(now, at, address_id)
        text = draft_text(Kind(kind), facts(Kind(kind), Facts(desk, now, at, address)))
        letter_id = new_id(desk.now)
        now.tx.run(
            "letters.add", id=letter_id, case_ref=case_ref, request_id=request_id, kind=kind, language="en",
            drafted_at=desk.now, drafted_by=desk.person.account_id, address_id=address["id"] if address else None,
            body=seal(desk, case_ref, text, _place(letter_id, "body")),
        )
        now.object_kind, now.object_id, now.result = "letter", letter_id, letter_id
        now.detail["letter"] = kind
    return letter_id


@repeated
def save(desk: Desk, letter_id: str, body: str, *, key: str) -> None:
    """Keep the edited text of a letter that is not sent yet: at most 20,000 characters that can be printed."""
    with act(desk, Act.LETTER_DRAFT, object_kind="letter", object_id=letter_id, key=key) as now:
        if now.earlier is not None:
            return
        row = _opened(desk, now, Act.LETTER_DRAFT, letter_id)
        text = typed(body, "body", longest=LONGEST)
        require_drawable(text, "body")
        sealed = seal(desk, row["case_ref"], text, _place(letter_id, "body"))
        if not now.tx.run("letters.save", id=letter_id, body=sealed):
            raise NotPossible("This letter was sent: it stays as it is. Draft a new one.")
        now.detail |= {"letter": row["kind"], "characters": len(text)}


def list_letters(desk: Desk, case_ref: str) -> tuple[LetterShown, ...]:
    """Return the letters of a case with their texts; opening the case file stands for them."""
    with act(desk, Act.CASE_OPEN, case=case_ref, disclosure=True) as now:
        found(now.tx.one("cases.one", case_ref=case_ref), "case")
        return tuple(
            LetterShown(
                row["id"], row["kind"], row["request_id"], FORMS[Kind(row["kind"])].subject,
                unseal(desk, case_ref, row["body"], _place(row["id"], "body")), row["drafted_at"], row["drafted_by"],
                row["sent_at"], row["sent_by"], row["sent_channel"], row["pdf_sha256"],
            )
            for row in now.tx.rows("letters.of_case", case_ref=case_ref)
        )


@repeated
def fetch(desk: Desk, letter_id: str) -> Delivery:
    """Return the letter as a PDF; a sent one gives the very bytes that were sent."""
    with act(desk, Act.LETTER_FETCH, object_kind="letter", object_id=letter_id) as now:
        row = _opened(desk, now, Act.LETTER_FETCH, letter_id)
        content, digest = _printed(desk, now, row)
        now.detail |= {"letter": row["kind"], "sha256": digest}
        reference = found(now.tx.one("cases.one", case_ref=row["case_ref"]), "case")["reference"]
    return Delivery(f"letter-{reference}-{row['kind'].replace('_', '-')}.pdf", "application/pdf", content)


@repeated
def mark_sent(desk: Desk, letter_id: str, channel: str, sent_at: date, *, key: str) -> None:
    """Record how and on which day a letter went out; from then on its text and its bytes stay as they are."""
    with act(desk, Act.LETTER_SENT, object_kind="letter", object_id=letter_id, key=key) as now:
        if now.earlier is not None:
            return
        row = _opened(desk, now, Act.LETTER_SENT, letter_id)
        if channel not in CHANNELS:
            raise Invalid("Choose how the letter was sent.", "channel")
        if row["sent_at"] is not None:
            raise NotPossible("This letter is marked as sent already.")
        case = found(now.tx.one("cases.one", case_ref=row["case_ref"]), "case")
        moment = sent_moment(desk, sent_at, case["received_at"])
        _, digest = _printed(desk, now, row)
        guard(now.tx.run(
            "letters.sent", id=letter_id, sent_at=moment, sent_by=desk.person.account_id, sent_channel=channel
        ))
        now.detail |= {
            "letter": row["kind"], "channel": channel, "sha256": digest,
            "sent_on": establishment(desk.store).local(moment).date().isoformat(),
        }


def _opened(desk: Desk, now: Now, what: Act, letter_id: str) -> Row:
    row = found(now.tx.one("letters.one", id=letter_id), "letter")
    case = found(now.tx.one("cases.one", case_ref=row["case_ref"]), "case")
    now.case, now.request, now.subject = row["case_ref"], row["request_id"], case["subject_ref"]
    keep_apart(desk, now.tx, what, now.subject, now.case)
    return row


def _printed(desk: Desk, now: Now, row: Row) -> tuple[bytes, str]:
    """Return the PDF and its SHA-256, printing it where the text changed since, and keep it sealed."""
    keys, case_ref = desk.store.keys, row["case_ref"]
    if row["pdf"] is not None:
        return keys.open_bytes(KeyKind.CASE, case_ref, row["pdf"], _place(row["id"], "pdf")), row["pdf_sha256"]
    case = found(now.tx.one("cases.one", case_ref=case_ref), "case")
    here = establishment(desk.store)
    text = unseal(desk, case_ref, row["body"], _place(row["id"], "body"))
    made = set_letter(Kind(row["kind"]), text, Head(
        controller=here.controller, contact=(here.contact,), address=_lines(desk, now, case, row["address_id"]),
        made_on=today_of(desk), reference=case["reference"], signer=desk.person.name,
    ))
    now.tx.run(
        "letters.printed", id=row["id"], pdf_sha256=made.sha256,
        pdf=keys.seal_bytes(KeyKind.CASE, case_ref, made.pdf_bytes, _place(row["id"], "pdf")),
    )
    return made.pdf_bytes, made.sha256


def _lines(desk: Desk, now: Now, case: Row, address_id: str | None) -> tuple[str, ...]:
    person = person_of(desk, case)
    lines = [person["name"]] if person.get("name") else []
    row = now.tx.one("approvals.address", id=address_id) if address_id else None
    text = opened_address(desk, now, case, row).address if row else person.get("address") or person.get("email") or ""
    return tuple(line.strip() for line in (*lines, *text.splitlines()) if line.strip())


def _address(now: Now, at: Answering, address_id: str | None) -> Row | None:
    rows = now.tx.rows("approvals.addresses", case_ref=at.case["case_ref"])
    if address_id is None:
        return rows[0] if rows else None
    chosen = [row for row in rows if row["id"] == address_id]
    if not chosen:
        raise Invalid("Choose an address of this case.", "address_id")
    return chosen[0]


def _place(letter_id: str, column: str) -> str:
    return f"letters:{letter_id}:{column}"
