"""A row of every kind of thing in one case, planted as the tables ask for it, and which act is done with which kind."""

import ast
from datetime import date

from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.refusal.extensions import EXTENSION
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.desk import things
from core.law.acts import Act
from core.store.engine import new_id
from tests.conftest import NOW
from tests.house.test_doors import calls

# Where each kind lies; what is left out has no row of its own, or none that the door reads.
TABLES = {
    "annulment": "suppression_annulments", "case": "cases", "request": "requests", "approval": "approvals", "attachment": "attachments", "carrying": "carryings",
    "closing_check": "closing_checks", "document": "identity_documents", "document_to_end": "identity_documents",
    "fee": "fees", "hold": "holds", "kept_item": "kept_items", "letter": "letters",
    "notice": "recipient_notices", "owner_task": "owner_tasks", "package": "packages",
    "rectification": "rectifications", "representative": "representatives", "restriction_lift": "restriction_lifts",
    "suppression": "suppressions", "way_out": "ways_out",
}
APPROVABLES = (RELEASE, PLAN, REFUSAL, LETTER, EXTENSION)
FREE = {"absence", "account", "act", "actor", "backup", "closure", "colleague", "draft", "question", "subject_key", "pseudonym"}  # nothing of a case
_COLUMNS = {}
_SAMPLES = {"VARCHAR": "x", "TIMESTAMP": NOW, "DATE": date(2026, 12, 1), "BOOLEAN": False, "BLOB": b"x"}


def plant(store, table, **values):
    """Insert a row: what is not said is filled as its column asks."""
    with store.transaction() as tx:
        fill(tx, table, values)
        store.commit(tx)


def fill(tx, table, values):
    if table not in _COLUMNS:
        _COLUMNS[table] = tx._cursor.execute(
            "select column_name, data_type, is_nullable from information_schema.columns where table_name = $t", {"t": table}
        ).fetchall()
    row = {
        name: values.get(name, _SAMPLES.get(kind, 1))
        for name, kind, nullable in _COLUMNS[table] if name in values or nullable == "NO"
    }
    names = ", ".join(row)
    tx._cursor.execute(f"insert into {table} ({names}) values ({', '.join('$' + name for name in row)})", row)


def update(store, sql, **values):
    with store.transaction() as tx:
        tx._cursor.execute(sql, values)
        store.commit(tx)


class File:
    """A case with a request and one thing of every kind, none of it anybody's work."""

    def __init__(self, store, *, sealed=False, subject=None):
        self.store, self.case_ref, self.request_id = store, new_id(), new_id()
        self.subject = subject or new_id()
        self.ids = {kind: new_id() for kind in TABLES} | {"case": self.case_ref, "request": self.request_id}
        self.ids["document_to_end"] = self.ids["document"]
        with store.transaction() as tx:
            for kind, table in TABLES.items():
                if kind != "document_to_end":
                    fill(tx, table, self._row(kind) | {"sealed_to_names": sealed})
            store.commit(tx)

    def _row(self, kind):
        return {
            "id": self.ids[kind], "case_ref": self.case_ref, "subject_ref": self.subject, "request_id": self.request_id,
            "letter_id": self.ids["letter"], "package_id": self.ids["package"],
            "thing": "letter", "thing_id": self.ids["letter"],
            "kind": "answer" if kind == "letter" else "access",
        }

    def of(self, kind):
        if kind == "person":
            return things.person(self.subject, self.case_ref)
        return getattr(things, kind)(self.ids[kind])


def pairs():
    """Every act with every kind of thing that some action does it with, read from the code."""
    found = {(Act.PLAN_PREPARE, "request")}  # given to the function that opens it
    for _, node, call in calls():
        acts = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
                and isinstance(each.value, ast.Name) and each.value.id == "Act"}
        what = call.args[1]
        if isinstance(what, ast.Attribute) and isinstance(what.value, ast.Name) and what.value.id == "of":
            about = {"request" if each.about("").kind is things.REQUEST else "letter" for each in APPROVABLES}
            found |= {
                (getattr(each, what.attr), kind) for each in APPROVABLES
                for kind in (about if what.attr == "asks" else {"approval"})
                if what.attr != "asks" or getattr(things, kind)("").kind is each.about("").kind
            }
            continue
        named = [what.attr] if isinstance(what, ast.Attribute) else sorted(acts)
        spoken = [each for arg in call.args[2:] for each in ast.walk(arg)]
        if any(isinstance(each, ast.Name) for each in call.args[2:]):  # the thing has a name of its own in the body
            spoken += list(ast.walk(node))
        kinds = {each.attr for each in spoken if isinstance(each, ast.Attribute)
                 and isinstance(each.value, ast.Name) and each.value.id == "things"}
        found |= {(Act[name], kind) for name in named for kind in kinds}
    return sorted(found)
