"""Objection to direct marketing (21(2), (3)): signals that count as one, and how the right is told of (OBJ-3)."""

from core.law.errors import Invalid
from core.law.rights.suppression import Legal

# Signals of a machine that say what the person wants (Article 21(5)); they count as an objection in the person's own words.
SIGNALS = {
    "list_unsubscribe": "one click on unsubscribe in a message", "privacy_control": "the privacy control of a browser",
}


def signalled(signal: str) -> Legal:
    """Return the legal state that an automated signal brings about. Raises Invalid for one that we do not know.

    >>> signalled("list_unsubscribe")
    <Legal.OBJECTION: 'objection'>
    """
    if signal not in SIGNALS:
        raise Invalid("There is no such signal.", "signal")
    return Legal.OBJECTION


def told_apart(*, at_first: bool, explicit: bool, apart: bool) -> bool:
    """Whether the right to object was told as Article 21(4) demands (OBJ-3).

    That is at the first communication at the latest, explicitly, and apart from everything else.

    >>> told_apart(at_first=True, explicit=True, apart=False)
    False
    """
    return at_first and explicit and apart
