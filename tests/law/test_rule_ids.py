"""Every rule of the page stands in an article of core/law by its id, so that a lawyer finds it; every file has worked examples."""

import re
from pathlib import Path

import core.law

LAW = Path(core.law.__file__).parent
RULES = {
    "CLK": 11, "PAU": 7, "EXT": 3, "FEE": 4, "REF": 2, "FRM": 2, "ACC": 6, "ERA": 3, "RES": 4, "OBJ": 3, "CON": 1, "ADM": 1,
}
NAMED = re.compile(r"\b([A-Z]{3})-(\d+)(?:\s+to\s+(?:\1-)?(\d+))?")
# No rule is decided in these: tables in words, and what turns texts into facts.
WITHOUT_EXAMPLES = {"__init__", "due", "errors", "permissions", "ways"}


def named(text):
    for family, first, last in NAMED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{family}-{number}"


def test_every_rule_stands_in_an_article():
    found = {each for path in LAW.rglob("*.py") for each in named(path.read_text("utf-8"))}
    wanted = {f"{family}-{number}" for family, count in RULES.items() for number in range(1, count + 1)}
    assert wanted - found == set()


def test_every_file_shows_examples_that_a_lawyer_can_check():
    bare = {path.stem for path in LAW.rglob("*.py") if ">>>" not in path.read_text("utf-8")}
    assert bare <= WITHOUT_EXAMPLES
