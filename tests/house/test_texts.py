"""One room reads what is typed; one seals and opens it, each text for a cell that the store has."""

import ast

from tests.house.reading import called, modules

HERE = "core.store.encryption"


def test_nobody_else_seals_or_opens():
    wrong = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or module.name == HERE:
                continue
            holder = ast.unparse(node.func.value)
            if (holder.endswith("keys") and node.func.attr in {"seal", "open"}) or (
                holder.endswith("store") and node.func.attr in {"seal", "unseal"}
            ):
                wrong.append(f"{module.name}: {ast.unparse(node)}")
    assert wrong == []


def test_every_cell_is_a_column_of_bytes(store):
    with store.transaction() as tx:
        columns = set(tx._cursor.execute(
            "select table_name, column_name from information_schema.columns where data_type = 'BLOB'"
        ).fetchall())
    tables, wrong, seen = {table for table, _ in columns}, [], 0
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or called(node) != "Cell":
                continue
            table, _, column = node.args
            seen += 1
            if not isinstance(table, ast.Constant):  # named beside it in a loop, or kept with the row
                assert module.name in {
                    "core.actions.cases.cases", "core.connectors.desk_records", "core.actions.answers.approvals"
                }, module.name
            elif isinstance(column, ast.Constant):
                wrong += [] if (table.value, column.value) in columns else [f"{module.name}: {ast.unparse(node)}"]
            else:
                wrong += [] if table.value in tables else [f"{module.name}: {ast.unparse(node)}"]
    assert wrong == []
    assert seen > 50


def test_one_room_says_what_is_no_text():
    """What is typed into a form is read by core.law.typed: nobody else in actions and law looks for NUL or half characters."""
    assert [
        f"{module.name}: line {node.lineno}"
        for module in modules() if module.room in {"core.actions", "core.law"} and module.name != "core.law.typed"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant) and node.left.value in {"\x00", "\ud800"}
    ] == []
