"""The worked examples that stand in the law's own files are true."""

import doctest
import importlib

import pytest

FILES = (
    "calendars",
    "deadlines",
    "explanation",
    "identity",
    "pauses",
    "profiles",
    "references",
    "standing",
    "workflow",
)


@pytest.mark.parametrize("name", FILES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(f"core.law.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
