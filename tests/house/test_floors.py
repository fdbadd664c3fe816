"""Imports point down only, and each outside library stays in the rooms that may know it."""

import sys

from tests.house.reading import FLOORS, modules, room_of

SAME_FLOOR = {("core.connectors", "core.store")}  # named though it points down: the embedded profiles
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
            if module.name == "core.__main__" and room == "core.work":  # the command line is work's front door
                continue
            if FLOORS[room] >= FLOORS[module.room]:
                wrong.append(f"{module.name} imports {name}")
    assert wrong == []


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
