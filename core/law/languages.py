"""In which language a letter goes out: the person's own where its letters are held, else English, and that is said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

FALLBACK = "en"
# The official languages of the Union, and those that people here write in besides; a code is ISO 639-1.
LANGUAGES: Mapping[str, str] = {
    "en": "English", "ar": "Arabic", "bg": "Bulgarian", "hr": "Croatian", "cs": "Czech", "da": "Danish", "nl": "Dutch",
    "et": "Estonian", "fi": "Finnish", "fr": "French", "de": "German", "el": "Greek", "hu": "Hungarian", "ga": "Irish",
    "it": "Italian", "lv": "Latvian", "lt": "Lithuanian", "mt": "Maltese", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "es": "Spanish",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The language of a letter and, where it is not the person's own, the sentence that says so."""

    code: str
    sentence: str = ""


def choose(asked: str, held: Collection[str]) -> Choice:
    """Return the language of a person's letters: `asked` is their own (empty: unknown), `held` those with whole letters.

    >>> choose("de", {"en", "de"})
    Choice(code='de', sentence='')
    >>> choose("fr", {"en", "de"}).sentence
    'The person writes in French; no letters in French are held, so they are in English.'
    >>> choose("", {"en"})
    Choice(code='en', sentence='')
    """
    if not asked or asked in held:
        return Choice(asked or FALLBACK)
    name = LANGUAGES.get(asked, asked)
    return Choice(FALLBACK, f"The person writes in {name}; no letters in {name} are held, so they are in English.")
