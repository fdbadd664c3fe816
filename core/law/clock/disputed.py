"""Where the authorities differ: what a desk should know before it relies on its own reading, each with its source.

None of these moves a day: the pinned profile decides, and the warning says who reads it otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What is about to be done."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"
    EXTENSION = "extension"
    REFUSAL = "refusal"
    PAYMENT = "payment"
    REPETITION = "repetition"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the laws under which it matters, the sentence, and where it was read."""

    laws: frozenset[str]
    sentence: str
    source: str


_UNION, _KINGDOM = frozenset({"gdpr", "eu_institution"}), frozenset({"uk"})
DIFFERENCES: Mapping[Topic, tuple[Difference, ...]] = {
    Topic.IDENTITY: (
        Difference(_UNION, "The European board lets the question suspend the period only where it was asked without undue delay.",
                   "EDPB 01/2022, section 5.3, from summaries"),
        Difference(_KINGDOM, "In the Union the period would be suspended and not begin anew.", "EDPB 01/2022, from summaries"),
    ),
    Topic.CLARIFICATION: (
        Difference(_UNION, "In France such a question stops nothing, and the Irish authority says that the person need not "
                   "narrow the request.", "decree 2005-1309, article 92; guide of the Irish authority, from summaries"),
        Difference(_KINGDOM, "Both the day of the question and that of the answer are left out by the statute; whether the "
                   "Commissioner counts so too could not be opened.", "section 54(3C) Data Protection Act 2018"),
    ),
    Topic.EXTENSION: (
        Difference(_UNION, "Whether complexity and number must come together is disputed; name both where both are true. The "
                   "strict reading counts the day of the notice from receipt, whatever was paused.",
                   "German commentary, from summaries; Article 12(3), third sentence"),
        Difference(_KINGDOM, "The Information Commissioner counts other requests of the same person as their number.",
                   "ICO, right of access, 8 December 2025"),
    ),
    Topic.REFUSAL: (
        Difference(_UNION, "In the United Kingdom a refusal may be told until the end of the extended period; here it is late "
                   "then.",
                   "Article 12(4); Article 12(4) UK GDPR"),
        Difference(_KINGDOM, "In the Union it would be late after the first month, even where the period was extended.",
                   "Article 12(4) of the Regulation"),
    ),
    Topic.PAYMENT: (
        Difference(_UNION, "No rule says that an announced fee stops the clock: it runs on.", "Article 12(5), which is silent"),
        Difference(_KINGDOM, "The period begins anew when the fee is paid; in the Union it would run on.",
                   "section 54(3) Data Protection Act 2018"),
    ),
    Topic.REPETITION: (
        Difference(_UNION, "Spanish law takes more than one request in six months for repetitive, unless there is a legitimate "
                   "cause; elsewhere a reasonable interval depends on how often the data change.",
                   "LOPDGDD, article 13(3), from a summary; Recital 63"),
    ),
}


def differences(topic: Topic, law: str) -> tuple[str, ...]:
    """Return what is read otherwise elsewhere than under `law`, a profile's, each with its source; empty where nothing is known.

    >>> differences(Topic.PAYMENT, "gdpr")
    ('No rule says that an announced fee stops the clock: it runs on. (Article 12(5), which is silent)',)
    """
    return tuple(
        f"{each.sentence} ({each.source})" for each in DIFFERENCES[topic] if law in each.laws
    )
