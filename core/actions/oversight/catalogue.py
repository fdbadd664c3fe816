"""The data catalogue as a page shows it: every column that can hold a person's data, and why it is there."""

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.connectors.catalogue import catalogue
from core.law.acts import Act


def list_fields(desk: Desk) -> list[dict[str, str]]:
    """Return one row for each column: system, table, title, category, origin, purposes, basis, recipients, retention."""
    with look(desk, Act.CATALOGUE_LOOK):
        known = catalogue()
        systems = {each.code: each.title for each in known.systems}
        return [
            {
                "System": systems[field.system], "Table": known.titles.get((field.system, field.table), field.table),
                "Field": field.title, "Category": field.category, "Origin": field.origin,
                "Purposes": "; ".join(known.purposes[code].title for code in field.purposes),
                "Legal basis": "; ".join(dict.fromkeys(field.legal_basis)), "Recipients": "; ".join(field.recipients),
                "Retention": field.retention,
            }
            for field in known.fields
        ]
