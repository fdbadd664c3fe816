"""Every file of the law has worked examples that a lawyer can check."""

from pathlib import Path

import core.law

LAW = Path(core.law.__file__).parent
# No rule is decided in these: tables in words, and what turns texts into facts.
WITHOUT_EXAMPLES = {"__init__", "due", "errors", "permissions", "ways"}


def test_every_file_shows_examples_that_a_lawyer_can_check():
    bare = {path.stem for path in LAW.rglob("*.py") if ">>>" not in path.read_text("utf-8")}
    assert bare <= WITHOUT_EXAMPLES
