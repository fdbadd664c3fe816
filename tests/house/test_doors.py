"""Whatever takes a thing by its id hands that thing to the door of its act."""

import ast
import re

from core.store.queries import queries
from tests.house.reading import called
from tests.house.test_acts import OPENS, actions

ENDS = ("_id", "_ref")
# Functions that take an id and open an act without a thing, each with its reason.
WITHOUT = {
    "core.actions.answers.packages.link_mail._way_of": "finds the way out of a mail; what is done with it opens it",
}


def opened(node):
    """The calls of act or look in a function's own body, not in functions within it."""
    return [
        item.context_expr
        for each in ast.walk(node) if isinstance(each, ast.With)
        for item in each.items
        if isinstance(item.context_expr, ast.Call) and called(item.context_expr) in OPENS
    ]


def first_id(node):
    """The first argument after the desk, where it is an id."""
    names = [each.arg for each in node.args.args if each.arg != "of"]  # the kind of thing that is to be approved
    if names[:1] != ["desk"] or len(names) < 2:
        return ""
    return names[1] if names[1].endswith(ENDS) else ""


def calls():
    for module in actions():
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and module.name != "core.actions.desk.act":
                for call in opened(node):
                    yield f"{module.name}.{node.name}", node, call


def test_every_action_on_a_thing_hands_it_to_the_door():
    wrong = [
        name for name, node, call in calls()
        if first_id(node) and len(call.args) < 3 and name not in WITHOUT
    ]
    assert wrong == []


def test_every_exception_is_still_there():
    assert set(WITHOUT) <= {name for name, _, _ in calls()}


def test_the_door_is_nowhere_opened_by_hand():
    """What keeps a person from a thing is asked in one place; a body reads what was opened."""
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in actions() if module.name not in {"core.actions.desk.opening", "core.actions.desk.asking"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("opening.")
    ]
    assert wrong == []


def test_who_does_a_piece_of_work_is_who_is_noted_for_it():
    """By what the door knows of a case's workers, each insert names whoever sits at the desk, and nobody else."""
    texts = queries()
    work = re.findall(r"select (?:e\.)?(\w+)(?: as account_id)?, '\w+'(?: as how)? from (\w+)", texts["opening.workers"])
    noted = [
        (f"{module.name}:{node.lineno}", ast.unparse(word.value))
        for module in actions() for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in texts
        for column, table in work if column != "owner_id" and re.search(
            rf"(insert into|update) {table}\b", texts[node.args[0].value])
        for word in node.keywords if word.arg == column
    ]
    assert len(noted) > 15
    assert [each for each in noted if each[1] != "desk.person.account_id"] == []
