"""Runs worked cases against whatever implementation stands there, and tells which of them fail."""

from collections.abc import Callable
from typing import Any

from core.law.errors import Refused

Patch = tuple[Any, str, Any]
Case = tuple[str, Callable[[], object], object]


def failing(cases: list[Case]) -> set[str]:
    """The names of the cases that do not give what is written beside them; a refusal or a crash is an answer too."""
    return {name for name, ask, expected in cases if answer(ask) != expected}


def answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except Refused:
        return "refused"
    except Exception as error:  # noqa: BLE001 - a wrong implementation may break in any way, which is caught as well
        return type(error).__name__
