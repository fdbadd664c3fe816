"""The table of acts in words: one text for the permissions page of the desk and docs/permissions.md."""

from core.law.acts import ACTS, Effect, Line
from core.law.roles import GRANTABLE, MEANING, Role

COLUMNS = (*GRANTABLE, Role.OPERATOR, Role.WORKER, Role.PUBLIC)


def rows() -> list[dict[str, str]]:
    """Return one row an act: its family, its sentence, what it needs, and per role how far it may go ('' for no)."""
    return [
        {"Family": line.family, "Act": line.sentence, "Needs": _needs(line)}
        | {role.value: _scope(line, role) for role in COLUMNS}
        for line in sorted(ACTS.values(), key=lambda each: each.family)
    ]


def as_markdown() -> str:
    """Return the whole table as Markdown, ready to stand in a document."""
    heads = ["Family", "Act", "Needs", *(role.value for role in COLUMNS)]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row[head] for head in heads) + " |" for row in rows()]
    return "\n".join(lines)


def meanings() -> list[tuple[str, str]]:
    """Return each role with what it is for."""
    return [(role.value, MEANING[role]) for role in COLUMNS]


def _scope(line: Line, role: Role) -> str:
    return line.who[role].value if role in line.who else ""


def _needs(line: Line) -> str:
    wanted = [
        "a purpose" if line.purpose else "", "a second person" if line.second else "",
        "a step-up" if line.step_up else "",
        f"logged as {line.effect.value}" if line.effect is not Effect.NONE else "",
    ]
    return ", ".join(each for each in wanted if each)
