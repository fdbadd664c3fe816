"""Whatever takes a desk opens an act before anything else, and nothing reaches the store beside the acts."""

import ast

from tests.house.reading import called, functions, modules

OPENS = {"act", "look"}
# Functions that take a desk and open no act of their own, each with its reason.
WITHOUT = {
    "core.actions.desk.act": "the block itself",
    "core.actions.accounts.sessions.stepped_up": "answers from the session row whether a form must be drawn",
    "core.actions.desk.moment.today_of": "the day of the establishment: no data of anybody",
    "core.actions.desk.moment.local_day": "a conversion of time",
    "core.actions.desk.moment.local_time": "a conversion of time",
    "core.actions.desk.moment.moment_of": "a conversion of time",
    "core.actions.desk.moment.sent_moment": "a part of an act: a conversion of time",
    "core.actions.cases.letter_source.person_of": "a part of an act: the words of an opened case",
    "core.actions.answers.need_records.sealed_answer": "a part of an act: encrypts what the act's body writes",
    "core.actions.cases.authority.named": "a part of an act: decrypts what the act's body read",
    "core.actions.answers.refusal.fee_costs": "a part of an act: encrypts and decrypts the items of a fee",
    "core.actions.cases.intake.preview_due": "a date worked out from what was typed; nothing is read",
}
# Parts of an act, called inside the caller's block: they are handed the running act.
RUNNING = {"now", "tx"}


def opens(node, local, seen=()):
    """Whether the function opens an act, itself or through functions of the same package that it calls."""
    for each in ast.walk(node):
        if isinstance(each, ast.With) and any(
            isinstance(item.context_expr, ast.Call) and called(item.context_expr) in OPENS for item in each.items
        ):
            return True
    return any(
        isinstance(each, ast.Call) and called(each) in local and called(each) not in seen
        and opens(local[called(each)], local, (*seen, called(each)))
        for each in ast.walk(node)
    )


def actions():
    return [module for module in modules() if module.room == "core.actions"]


def reachable(module):
    """The functions that a module's own code can call by name: its own, and those it imports from other actions."""
    rooms = {each.name: functions(each) for each in actions()}
    known = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                known |= rooms.get(f"{node.module}.{each.name}", {})
                if each.name in rooms.get(node.module, {}):
                    known[each.name] = rooms[node.module][each.name]
    return known | rooms[module.name]


def test_every_public_function_that_takes_a_desk_opens_an_act():
    wrong = []
    for module in actions():
        local = reachable(module)
        for name, node in functions(module).items():
            taken = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
            whole = f"{module.name}.{name}"
            if name.startswith("_") or "desk" not in taken or taken & RUNNING or {whole, module.name} & set(WITHOUT):
                continue
            if not opens(node, local):
                wrong.append(whole)
    assert wrong == []


def test_every_exception_is_still_there():
    known = {module.name for module in actions()}
    known |= {f"{module.name}.{name}" for module in actions() for name in functions(module)}
    assert set(WITHOUT) <= known


def test_pages_never_touch_the_store_themselves():
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules() if module.room == "pages"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"transaction", "writing", "keys", "commit"}
        and isinstance(node.value, ast.Attribute) and node.value.attr == "store"
    ]
    assert wrong == []


def test_every_function_that_opens_an_act_runs_again_after_a_clash():
    """A store that is just being written anew, or a row that two wrote, is no refusal for anybody to read."""
    wrong = [
        f"{module.name}.{node.name}"
        for module in actions() if module.name != "core.actions.desk.act"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
        and any(called(item.context_expr) == "act" for each in ast.walk(node) if isinstance(each, ast.With)
                for item in each.items if isinstance(item.context_expr, ast.Call))
        and "repeated" not in {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    ]
    assert wrong == []
