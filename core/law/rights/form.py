"""In which form an answer is given: electronic, on paper or by voice, and that nothing held is an answer too (FRM-1, FRM-2)."""

from dataclasses import dataclass
from enum import StrEnum

from core.law.identity import Channel


class Form(StrEnum):
    """The form of an answer."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    ORAL = "oral"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The form to give an answer in, under which article, and why."""

    form: Form
    article: str
    sentence: str


_ASKED_BY = {
    Channel.ACCOUNT: Form.ELECTRONIC, Channel.EMAIL: Form.ELECTRONIC, Channel.POST: Form.PAPER,
    Channel.TELEPHONE: Form.PAPER, Channel.COUNTER: Form.PAPER,
}


def form_of(
    channel: Channel, wish: Form | None = None, *, proven_otherwise: bool = False, electronic_possible: bool = True
) -> Verdict:
    """Return the form of an answer: as the person wishes, else as they asked (Article 12(1), (3); FRM-1).

    A request by electronic means is answered by electronic means where possible. An answer by voice is given only at
    the person's wish, and only if their identity is proven by other means than the voice.

    >>> form_of(Channel.EMAIL).form, form_of(Channel.EMAIL, Form.PAPER).form
    (<Form.ELECTRONIC: 'electronic'>, <Form.PAPER: 'paper'>)
    >>> form_of(Channel.TELEPHONE, Form.ORAL).form, form_of(Channel.TELEPHONE, Form.ORAL, proven_otherwise=True).form
    (<Form.PAPER: 'paper'>, <Form.ORAL: 'oral'>)
    """
    if wish is Form.ORAL:
        if proven_otherwise:
            return Verdict(Form.ORAL, "12(1)", "The person wishes it, and their identity is proven by other means.")
        return Verdict(_usual(channel, electronic_possible), "12(1)", "An answer by voice needs an identity proven otherwise.")
    if wish is Form.PAPER or (wish is Form.ELECTRONIC and electronic_possible):
        return Verdict(wish, "12(3)", "The person asked for this form.")
    return Verdict(_usual(channel, electronic_possible), "12(3)", "An answer takes the form of the request, where possible.")


def _usual(channel: Channel, electronic_possible: bool) -> Form:
    asked = _ASKED_BY[channel]
    return Form.PAPER if asked is Form.ELECTRONIC and not electronic_possible else asked


def answers(held: bool | None) -> bool:
    """Whether what the search found is ready to be told: that nothing is held is an answer, with its own deadline (FRM-2).

    None means that a system has not answered yet: neither a yes nor a no.

    >>> answers(False), answers(None)
    (True, False)
    """
    return held is not None
