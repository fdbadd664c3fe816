"""Pages do nothing on import, carry their constants, and use nothing that goes round the log or the session."""

import ast

from core.law.acts import Act
from tests.house.reading import functions, modules

FORBIDDEN = {"download_button", "cache_data", "cache_resource", "experimental_get_query_params"}
CONSTANTS = {"TITLE", "ICON", "GROUP", "ACT"}


def pages():
    return [module for module in modules() if module.room == "pages"]


def screens():
    return [module for module in pages() if (module.path.parent.name == "pages" and module.path.stem != "__init__")
            or module.path.stem == "screen"]


def test_pages_do_nothing_on_import():
    wrong = []
    for module in pages():
        if module.name == "pages.parts.shell":  # the script that Streamlit runs
            continue
        for node in module.tree.body:
            plain = isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign,
                                      ast.AnnAssign)) or (isinstance(node, ast.Expr) and isinstance(
                                          node.value, ast.Constant))
            calls = isinstance(node, (ast.Assign, ast.AnnAssign)) and any(
                isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "st"
                and each.attr != "column_config"  # a plain description of a column
                for each in ast.walk(node.value) if node.value is not None
            )
            if not plain or calls:
                wrong.append(f"{module.name}:{node.lineno}")
    assert wrong == []


def test_every_screen_has_its_constants_and_show():
    wrong = []
    for module in screens():
        named = {
            name.id
            for node in module.tree.body if isinstance(node, ast.Assign)
            for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
        }
        show = functions(module).get("show")
        if not named >= CONSTANTS or show is None or [each.arg for each in show.args.args] != ["desk"]:
            wrong.append(module.name)
    assert screens()
    assert wrong == []


def test_nothing_goes_round_the_log_or_draws_foreign_markup():
    wrong = []
    for module in (*pages(), *(module for module in modules() if module.name == "app")):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
                wrong.append(f"{module.name}:{node.lineno} uses {node.attr}")
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                wrong.append(f"{module.name}:{node.value.lineno} allows markup")
    assert wrong == []


def test_the_acts_that_open_pages_are_in_the_table():
    used = {
        node.attr for module in pages() for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Act"
    }
    assert used <= {act.name for act in Act}
