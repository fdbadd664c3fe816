"""How a letter names the law it is written under: the law's own articles for the Regulation's, its authority, its remedy."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from core.documents import pdf
from core.law.errors import Invalid
from core.law.languages import FALLBACK

LAWS = "laws.toml"
GDPR = "gdpr"
_LIST = r"Articles? ({one}(?:(?:, | and ){one})*)".format(one=r"\d+(?:\(\w+\))*")
_CITED = re.compile(rf" \({_LIST}\)|{_LIST}")  # in brackets, or in the run of the sentence


@dataclass(frozen=True, slots=True)
class Statute:
    """One law in one language.

    Articles are asked for as the Regulation numbers them, several apart by a comma ("11(2), 12(2)"). What the law has no
    rule for is not cited.
    """

    code: str
    name: str  # as it is written out: "the General Data Protection Regulation (GDPR)"
    article: str  # how an article is written, with {number}
    complaint: str  # the sentence about the complaint, with {authority}
    remedy: str  # the sentence about the remedy in court; empty where the law has none
    own: bool = False  # the law has the Regulation's own numbers
    numbers: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def art(self, articles: str) -> str:
        """Return how the articles are cited after the law was named; the law's name where it has none of them."""
        return self._joined([self._cite(each) or self.elsewhere.get(each, "") for each in _split(articles)]) or self.name

    def full(self, articles: str) -> str:
        """Return the articles with the law's name, as they are cited first; the name alone where it has none of them."""
        inside = self._joined([self._cite(each) for each in _split(articles)])
        outside = [self.elsewhere.get(each, "") for each in _split(articles)]
        return self._joined([f"{inside} of {self.name}" if inside else "", *outside]) or self.name

    def note(self, articles: str) -> str:
        """Return the articles in brackets with a blank before them, nothing where the law has none of them."""
        cited = self._joined([self._cite(each) or self.elsewhere.get(each, "") for each in _split(articles)])
        return f" ({cited})" if cited else ""

    def said(self, sentence: str) -> str:
        """Return one of the desk's own sentences with the Regulation's articles put as this law has them."""
        if self.own and not self.articles:
            return sentence
        return _CITED.sub(
            lambda found: self.note(_commas(found[1])) if found[1] else self.art(_commas(found[2])), sentence
        )

    def _cite(self, article: str) -> str:
        # the table of what differs first, then the article without its last paragraph: "15(4)", then "15"
        head, rest = article, ""
        while True:
            if head in self.articles:
                return self.articles[head]
            if head in self.numbers:
                number = self.numbers[head]
                return self.article.replace("{number}", number + rest) if number else ""
            if "(" not in head:
                return self.article.replace("{number}", article) if self.own else ""
            head, _, last = head.rpartition("(")
            rest = f"({last}{rest}"

    def _joined(self, cited: list[str]) -> str:
        return " and ".join(dict.fromkeys(each for each in cited if each))


def statutes_in(folder: Path) -> Mapping[str, Statute]:
    """Read the laws of a language's folder. Raises Invalid, naming the file, where it cannot be read or lacks an entry."""
    try:
        table: dict[str, Any] = tomllib.loads((folder / LAWS).read_text("utf-8"))
        return {code: Statute(code, **row) for code, row in table.items()}
    except FileNotFoundError as error:
        raise Invalid(f"{folder.name}/{LAWS} is missing.", "language") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise Invalid(f"{folder.name}/{LAWS} cannot be read, or an entry of it is unknown or missing.", "language") from error


@cache
def statute(code: str = GDPR, language: str = FALLBACK) -> Statute:
    """Return a law in the words of a language. Raises Invalid for one that the language does not hold."""
    held = statutes_in(pdf.TEMPLATES / language)
    if code not in held:
        raise Invalid("The letters of this language have no words for this law.", "language")
    return held[code]


def _split(articles: str) -> list[str]:
    return [each.strip() for each in articles.split(",") if each.strip()]


def _commas(cited: str) -> str:
    return cited.replace(" and ", ", ")
