"""Imports point down only, and each outside library stays in the rooms that may know it."""

import sys
from collections import Counter

from tests.house.reading import FLOORS, modules, room_of

# Imports between rooms of one floor that may be, and one that points down and is named all the same: the embedded profiles.
SAME_FLOOR = {
    ("core.connectors", "core.store"), ("core.commands", "core.control"), ("core.commands", "core.demo"),
    ("core.demo", "core.control"), ("core.demo", "core.work"), ("core.__main__", "core.commands"), ("core.__main__", "core.control"),
}
# What each room of the actions may know of the others; an answer's own rooms belong to the answers.
ROOMS = {
    "desk": set(), "people": {"desk"}, "accounts": {"desk"}, "duty": {"desk"}, "oversight": {"desk"}, "suppression": {"desk", "people"},
    "cases": {"desk", "people", "suppression", "duty"}, "answers": {"desk", "people", "oversight", "suppression", "cases"},
}
MOST_FILES = 22
ONLY_IN = {
    "streamlit": ("pages", "app"),
    "duckdb": ("core.store", "core.connectors", "core.console"),
    "psycopg": ("core.store", "core.connectors", "core.console"),
}
LAW_MAY = {"dateutil", "holidays", "core"}
PAGES_MAY = ("core.actions", "core.law", "pages")


def test_every_room_has_a_floor():
    assert {module.room for module in modules()} - {"core"} <= set(FLOORS)


def test_imports_point_down():
    wrong = []
    for module in modules():
        if module.room not in FLOORS:
            continue
        for name in module.imports():
            room = room_of(name)
            if room == module.room or room not in FLOORS or (module.room, room) in SAME_FLOOR:
                continue
            if FLOORS[room] >= FLOORS[module.room]:
                wrong.append(f"{module.name} imports {name}")
    assert wrong == []


def action_room(name):
    """The room of the actions that a module or the name of a thing in one lies in; empty elsewhere."""
    return name.split(".")[2] if name.startswith("core.actions.") else ""


def test_rooms_of_the_actions_know_only_those_beneath():
    wrong = [
        f"{module.name} imports {name}"
        for module in modules() if action_room(module.name)
        for name in module.imports()
        if action_room(name) and action_room(name) not in ROOMS[action_room(module.name)] | {action_room(module.name)}
    ]
    assert wrong == []


def test_no_room_holds_more_files_than_one_can_know():
    rooms = Counter(module.path.parent for module in modules())
    assert {str(room): count for room, count in rooms.items() if count > MOST_FILES} == {}


def test_the_law_knows_nothing_but_dates():
    wrong = []
    for module in modules():
        if module.room == "core.law":
            for name in module.imports():
                top = name.split(".")[0]
                inside = name == "core.law" or name.startswith("core.law.")
                if not (inside or top in LAW_MAY - {"core"} or top in sys.stdlib_module_names):
                    wrong.append(f"{module.name} imports {name}")
    assert wrong == []


def test_libraries_stay_in_their_rooms():
    wrong = [
        f"{module.name} imports {name}"
        for module in modules()
        for name in module.imports()
        if name.split(".")[0] in ONLY_IN and module.room not in ONLY_IN[name.split(".")[0]]
    ]
    assert wrong == []


def test_pages_know_actions_and_law_only():
    wrong = [
        f"{module.name} imports {name}"
        for module in modules()
        for name in module.imports()
        if module.room == "pages" and name.split(".")[0] == "core" and not name.startswith(PAGES_MAY)
    ]
    assert wrong == []
