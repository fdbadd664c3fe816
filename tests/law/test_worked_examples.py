"""The worked examples that stand in the law's own files are true."""

import doctest
import importlib
from pathlib import Path

import pytest

import core.law

LAW = Path(core.law.__file__).parent
FILES = sorted(".".join(path.relative_to(LAW).with_suffix("").parts) for path in LAW.rglob("*.py") if ">>>" in path.read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(f"core.law.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
