"""An answer with synthetic markers, and the hostile strings that every output must carry unharmed."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from core.documents.answer import (
    AccessAnswer,
    AnswerFacts,
    Column,
    Consent,
    Disclosure,
    Fact,
    PurposeFact,
    Row,
    SystemPart,
    Table,
    Value,
)

MADE_ON = date(2026, 11, 24)
ARABIC = "اسم" + "مرحبا بالعالم " * 21 + "نهاية"
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "' or 1=1 --",
    '#read("/etc/passwd")',
    "*bold* _x_ $1$ @x <label> // no comment",
    "jo@example.com",
    "שלום עולם",
    "\u200f=1+1",
    "＝SUM(1)",
    "emoji 😀 👨‍👩‍👧 ❤️ 🇩🇪",
    "李小龍 김민수 さくら",
    ARABIC,
    "{{ 7*7 }} {% raw %}",
    "W" * 300,
)


def table(name: str, cells: list[tuple[Value, ...]], columns: int, subject_ref: str = "S-1") -> Table:
    """Return a table of rows that all belong to one person."""
    heads = tuple(Column(f"c{n}", f"Column {n}") for n in range(columns))
    return Table(name, name.title(), heads, tuple(Row(subject_ref, row) for row in cells))


def answer(**changes: object) -> AccessAnswer:
    """Return a whole answer, with some of its fields changed."""
    columns = (
        "E-mail",
        "Given name",
        "Family name",
        "Born",
        "Address",
        "City",
        "Points",
        "Newsletter",
        "Balance",
        "Changed",
    )
    person: tuple[Value, ...] = (
        "marker-one@example.com", "Marker", "One", date(1980, 2, 29), "1 Sample Street", "Sampletown",
        12, True, Decimal("10.50"), None,
    )  # fmt: skip
    profile = Table(
        "people", "Profile", tuple(Column(c.lower().replace(" ", "_"), c) for c in columns), (Row("S-1", person),)
    )
    when = datetime(2026, 3, 1, 12, 30)
    events = table("events", [(when, "opened a page", "web", n) for n in range(30)], 4)
    notes = table("notes", [(n, text) for n, text in enumerate(HOSTILE)], 2)
    whole = AccessAnswer(
        case_ref="RD-2026-004217-3",
        subject_ref="S-1",
        controller="Example Trading GmbH",
        controller_contact="privacy@example.com",
        dpo_contact="dpo@example.com",
        made_on=MADE_ON,
        systems=(
            SystemPart("local", "Customer profiles", "found", (profile, events, notes)),
            SystemPart("shop", "Web shop", "zero", (table("orders", [], 3),)),
            SystemPart("letters", "Letter archive", "not_connected", note="We searched it by hand and found nothing."),
        ),
        purposes=(
            PurposeFact(
                "Keeping your account",
                "contract, Article 6(1)(b)",
                "contact, account",
                "hosting provider",
                "three years",
                "you",
            ),
        ),
        disclosures=(Disclosure(date(2026, 1, 5), "Sample Carrier", "address", "contract, Article 6(1)(b)"),),
        consents=(Consent(date(2025, 5, 1), "newsletter", "e-mail", True, "v3", "web form"),),
        facts=AnswerFacts(
            purposes=Fact("We keep your account and deliver what you order; each purpose is listed below."),
            categories=Fact("Contact data, account data, what you did on our pages."),
            recipients=Fact("Our hosting provider and carriers; those who actually received data are listed below."),
            retention=Fact("Three years after your last order."),
            rights=Fact("You may ask for correction, erasure or restriction, and you may object."),
            complaint=Fact("You may complain to a supervisory authority."),
            source=Fact("From you."),
            automated_decisions=Fact(not_applicable="we take no such decisions."),
            transfers=Fact(not_applicable="no data leaves the European Economic Area."),
        ),
        rights_statement="You may ask us to correct, erase or restrict it, and object (Articles 16 to 21).",
        complaint_authority="the supervisory authority of Sampleland",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]
