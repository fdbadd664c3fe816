"""The languages of the letters: each a folder with every template and the words around them, whole or not offered."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.documents import pdf
from core.documents.statutes import LAWS, statutes_in
from core.law.errors import Invalid
from core.law.languages import FALLBACK, LANGUAGES
from core.law.letters import LETTERS, REMEDY
from core.law.ways import Kind

WORDS = "words.toml"
PLAIN = (
    "dear", "dear_nobody", "on_behalf", "represented", "help", "questions", "closing", "date", "reference", "page", "day",
)
TEXT, PASSAGES = "text", "passages"  # the blocks of a template: what people edit, and what stands below it
LAW, REMEDIES, CONTACT = "law", "remedies", "contact"  # what a template has beside its facts
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around the templates of a language: subjects, names of the rights, how a day is written."""

    code: str
    plain: Mapping[str, str]
    months: tuple[str, ...]
    subjects: Mapping[str, str]
    rights: Mapping[str, str]

    def written(self, day: date) -> str:
        """Return a day in the words of the language, the same on every machine."""
        return self.plain["day"].format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def salutation(self, name: str) -> str:
        """Return how a letter begins, with a name or without one."""
        return self.plain["dear"].replace("{name}", name) if name else self.plain["dear_nobody"]


def faults_of(folder: Path) -> tuple[str, ...]:
    """Return what a folder of letters lacks, each as one line that names the file; nothing for a whole one.

    Every letter of the table has its template, each template uses every fact that the law demands in it and no fact that
    is not there, what may not be edited away stands in its passages, and the words around them are complete.
    """
    faults = []
    for code, letter in LETTERS.items():
        path = folder / f"{code}.txt"
        if not path.is_file():
            faults.append(f"{folder.name}/{path.name} is missing")
            continue
        try:
            tree = _environment(folder).parse(path.read_text("utf-8"))
        except TemplateSyntaxError as error:
            faults.append(f"{folder.name}/{path.name} cannot be read, line {error.lineno}")
            continue
        used, fixed = meta.find_undeclared_variables(tree), _used_in(tree, PASSAGES)
        closing = REMEDIES if letter.remedies else CONTACT
        lacks = sorted(letter.required - REMEDY - used)
        unknown = sorted(used - letter.required - letter.optional - {LAW, closing})
        edited = sorted((letter.stands | {closing}) - fixed - set(lacks))
        faults += [f"{folder.name}/{path.name} has no block {name}" for name in (TEXT, PASSAGES) if not _block(tree, name)]
        faults += [f"{folder.name}/{path.name} does not use {{{{ {name} }}}}" for name in lacks]
        faults += [f"{folder.name}/{path.name} uses {{{{ {name} }}}}, which no such letter has" for name in unknown]
        faults += [f"{folder.name}/{path.name} does not use {{{{ {name} }}}} in its passages" for name in edited]
    return (*faults, *_faults_of_words(folder), *_faults_of_laws(folder))


def _block(tree: nodes.Template, name: str) -> nodes.Block | None:
    return next((each for each in tree.find_all(nodes.Block) if each.name == name), None)


def _used_in(tree: nodes.Template, name: str) -> set[str]:
    block = _block(tree, name)
    if block is None or tree.environment is None:
        return set()
    part = nodes.Template(block.body, lineno=1)
    part.set_environment(tree.environment)
    return meta.find_undeclared_variables(part)


def _faults_of_laws(folder: Path) -> list[str]:
    try:
        held = statutes_in(folder)
    except Invalid as fault:
        return [str(fault).rstrip(".")]
    return [f"{folder.name}/{LAWS} lacks {law}" for law in sorted(set(statutes_in(pdf.TEMPLATES / FALLBACK)) - set(held))]


def _faults_of_words(folder: Path) -> list[str]:
    place = f"{folder.name}/{WORDS}"
    try:
        table = tomllib.loads((folder / WORDS).read_text("utf-8"))
    except FileNotFoundError:
        return [f"{place} is missing"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return [f"{place} cannot be read"]
    faults = [f"{place} lacks {name}" for name in PLAIN if not table.get(name)]
    if len(table.get("months", ())) != MONTHS:
        faults.append(f"{place} lacks the twelve months")
    for name, wanted in (("subjects", list(LETTERS)), ("rights", [kind.value for kind in Kind])):
        faults += [f"{place} lacks {name}.{each}" for each in wanted if not table.get(name, {}).get(each)]
    return faults


@cache
def held() -> tuple[str, ...]:
    """Return the codes of the languages whose letters are whole, English first."""
    folders = sorted(each.name for each in pdf.TEMPLATES.iterdir() if each.is_dir() and each.name in LANGUAGES)
    whole = [code for code in folders if not faults_of(pdf.TEMPLATES / code)]
    return tuple(sorted(whole, key=lambda code: (code != FALLBACK, code)))


@cache
def words_of(code: str) -> Words:
    """Return the words of a language. Raises Invalid for one whose letters are not held."""
    if code not in held():
        raise Invalid("There are no letters in this language.", "language")
    table: dict[str, Any] = tomllib.loads((pdf.TEMPLATES / code / WORDS).read_text("utf-8"))
    return Words(code, {name: table[name] for name in PLAIN}, tuple(table["months"]), table["subjects"], table["rights"])


@cache
def templates_of(code: str) -> Environment:
    """Return the templates of a language, with its way of writing a day."""
    found = _environment(pdf.TEMPLATES / code)
    found.filters["written"] = partial(Words.written, words_of(code))
    return found


def _environment(folder: Path) -> Environment:
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False,
        trim_blocks=True, lstrip_blocks=True,
    )
    made.filters["written"] = str
    return made
