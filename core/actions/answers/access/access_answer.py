"""The answer to an access request as values: the rows read, and the facts of Article 15 from the catalogue."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.actions.desk.establishment import Establishment
from core.actions.people.inventory import Inventory, plain
from core.connectors.catalogue import Catalogue, Field
from core.documents.answer import (
    AccessAnswer,
    AnswerFacts,
    Column,
    Consent,
    Disclosure,
    Fact,
    LookUp,
    PurposeFact,
    Row,
    SystemPart,
    Table,
)
from core.documents.statutes import GDPR, Statute, statute
from core.store.engine import Row as Stored

RIGHTS = (
    "You may ask us to correct your data (Article 16), to erase it (Article 17) or to restrict its use (Article 18), "
    "and you may object to its use (Article 21). Where you agreed to a use, you may withdraw that at any time "
    "(Article 7(3))."
)
NO_AUTOMATED = "we take no decision about you by automated means alone, and make no profile with such an effect."
NO_TRANSFER = "the catalogue of our systems names no recipient outside the European Economic Area."


def compose(
    inventory: Inventory, known: Catalogue, here: Establishment, *, subject_ref: str, reference: str, made_on: date,
    recipients: Sequence[Stored], look_ups: tuple[LookUp, ...] | None = None, law: str = GDPR,
) -> AccessAnswer:
    """Return everything the package says about one person; `recipients` are the rows of the disclosure log.

    `look_ups` says who looked, where the person asked for it; `law` is the code of the law it is given under.
    """
    used = [
        field for field in known.fields
        if any(plain(row.get(field.column)) is not None for row in inventory.rows.get((field.system, field.table), ()))
    ]
    told = used or list(known.fields)
    return AccessAnswer(
        case_ref=reference, subject_ref=subject_ref, controller=here.controller, controller_contact=here.contact,
        dpo_contact=here.dpo_contact, made_on=made_on, systems=_systems(inventory, known),
        purposes=_purposes(told, known),
        disclosures=tuple(
            Disclosure(each["disclosed_at"].date(), str(each["recipient"]), str(each["categories"]), str(each["basis"]))
            for each in recipients
        ),
        consents=tuple(
            Consent(
                row["happened_at"].date(), row["purpose"], row["channel"], bool(row["given"]),
                row["text_version"] or "", row["source"] or "",
            )
            for row in inventory.rows.get(("local", "consents"), ())
        ),
        facts=_facts(told, known, here, statute(law)), rights_statement=statute(law).said(RIGHTS),
        complaint_authority=here.authority, look_ups=look_ups, law=law,
    )


def _systems(inventory: Inventory, known: Catalogue) -> tuple[SystemPart, ...]:
    parts = []
    for system in inventory.systems:
        tables = []
        for table in system.tables:
            fields = [field for field in known.of(system.code) if field.table == table.table]
            rows = inventory.rows.get((system.code, table.table), ())
            tables.append(Table(
                table.table, table.title, tuple(Column(field.column, field.title) for field in fields),
                tuple(Row(row["subject_ref"], tuple(plain(row.get(f.column)) for f in fields)) for row in rows),
            ))
        there = system.state in {"found", "zero"}
        parts.append(SystemPart(system.code, system.title, system.state, tuple(tables) if there else (), system.note))
    return tuple(parts)


def _purposes(fields: Sequence[Field], known: Catalogue) -> tuple[PurposeFact, ...]:
    facts = []
    for code, purpose in known.purposes.items():
        own = [field for field in fields if code in field.purposes]
        if own:
            facts.append(PurposeFact(
                purpose.title, purpose.legal_basis, _list(field.category for field in own),
                _list(name for field in own for name in field.recipients), _list(field.retention for field in own),
                _list(field.origin for field in own),
            ))
    return tuple(facts)


def _facts(fields: Sequence[Field], known: Catalogue, here: Establishment, law: Statute) -> AnswerFacts:
    codes = dict.fromkeys(code for field in fields for code in field.purposes)
    sources = dict.fromkeys(field.origin for field in fields)
    origin = {
        "provided": "you gave it to us", "observed": "we saw it when you used our services",
        "derived": "we made it from other data",
    }
    return AnswerFacts(
        purposes=Fact(_list(known.purposes[code].title for code in codes) + ". Each purpose is listed below."),
        categories=Fact(_list(field.category for field in fields) + "."),
        recipients=Fact(
            _list(name for field in fields for name in field.recipients)
            + ". Those who actually received data are listed below."
        ),
        retention=Fact(_list(f"{field.category}: {field.retention}" for field in fields) + "."),
        rights=Fact(law.said(RIGHTS)),
        complaint=Fact(law.complaint.replace("{authority}", here.authority)),
        source=Fact(_list(origin[name] for name in sources) + "."),
        automated_decisions=Fact(not_applicable=NO_AUTOMATED),
        transfers=Fact(not_applicable=NO_TRANSFER),
    )


def _list(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
