"""Mask a person's data so far that two namesakes can be told apart and nobody can be written to."""

from datetime import date

HIDDEN = "•••"


def masked_name(*parts: str | None) -> str:
    """Return the initials.

    >>> masked_name("Zoë", "van Dam")
    'Z. v. D.'
    """
    return " ".join(f"{word[0]}." for part in parts if part for word in part.split())


def masked_year(born: date | None) -> str:
    """Return the year of birth alone."""
    return f"{born.year:04d}" if born else ""


def masked_start(text: str | None, kept: int = 2) -> str:
    """Return the first characters of a postcode or number, never more than half of it.

    >>> masked_start("10115"), masked_start("7")
    ('10•••', '•••')
    """
    if not text:
        return ""
    return text[:min(kept, len(text) // 2)] + HIDDEN


def masked_identifier(kind: str, value: str) -> str:
    """Return an identifier so that its owner would recognise it: first letters, last digits.

    >>> masked_identifier("email", "jo@example.com"), masked_identifier("phone", "+49301234567")
    ('j•••@e•••.com', '•••67')
    """
    if kind == "email" and "@" in value:
        local, _, domain = value.rpartition("@")
        _, dot, end = domain.rpartition(".")
        return f"{local[:1]}{HIDDEN}@{domain[:1]}{HIDDEN}{dot + end if dot else ''}"
    if kind == "phone":
        return HIDDEN + (value[-2:] if len(value) > 4 else "")
    return masked_start(value)
