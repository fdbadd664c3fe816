"""Every way the desk says no, each with the sentence that a user reads."""


class Refused(Exception):  # noqa: N818 - the word a user would say, and no error of ours
    """What was asked does not happen; the message is a sentence for the user and names no data subject's value."""


class NotAllowed(Refused):
    """The person's roles, or a rule about own and related cases, do not permit the act."""


class NotPossible(Refused):
    """The thing is not in a state in which this can be done."""


class NotFound(Refused):
    """There is no such thing, or none that this person may know of."""


class Invalid(Refused):
    """What was typed or sent cannot be taken; `field` names the input, never its value."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Conflict(Refused):
    """Somebody was faster: the thing changed since it was read."""


class SignedOut(Refused):
    """There is no valid session behind this call."""


class StepUpNeeded(Refused):
    """The act needs a fresh proof of who sits at the keyboard; `act` and `thing` say for what it would be given."""

    def __init__(self, sentence: str, act: str = "", thing: str = "") -> None:
        super().__init__(sentence)
        self.act, self.thing = act, thing


class SourceUnavailable(Refused):
    """A connected system cannot be reached or did not answer in full."""


class AnotherPerson(Refused):
    """What was gathered for one person holds a row of somebody else: nothing leaves."""
