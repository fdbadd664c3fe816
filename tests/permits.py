"""What tests of one system need before they use a person's data: the answer of the one rule, for the person's own request."""

from core.law.rights.restriction import Gateway, Operation
from core.law.rights.suppression import ALL, May, OnRecord, may_use


def own(subject_ref: str) -> May:
    """Return that a person's data may be used for their own request."""
    return may_use(OnRecord(subject_ref), ALL, ALL, Operation.OWN_REQUEST, Gateway.CONSENT)
