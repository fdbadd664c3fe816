"""The gateway of Article 18(2) by which an act uses restricted data: asked of the rule, and named in the entry."""

from core.actions.desk.act import Now
from core.actions.desk.deciding import under
from core.connectors.restricted import permit, standing_on
from core.law.errors import NotAllowed
from core.law.records import inputs_of
from core.law.rights.restriction import Operation, gateway_of, record_of
from core.law.ways import Kind
from core.store.records import RequestRecord


def use_for(now: Now, subject_ref: str, request: RequestRecord | None) -> None:
    """Let the person's own request use their data, and name the gateway in the entry.

    Raises NotAllowed where the data are restricted and the use serves no request by which the person consents to it;
    that this use was refused is then kept as a decision on the request.
    """
    gateway = gateway_of(Kind(request.kind)) if request is not None else None
    try:
        now.may = permit(now.tx, subject_ref, Operation.OWN_REQUEST, gateway)
    except NotAllowed:
        if request is not None:
            standing = standing_on(now.tx, [subject_ref]).get(subject_ref, [])
            made = record_of(standing, Operation.OWN_REQUEST, under(request), gateway)
            now.refused = {
                "case_ref": request.case_ref, "request_id": request.id, "item": made.item, "granted": made.granted,
                "outcome": made.outcome, "article": made.article, "rule": made.rule, "profile": made.profile,
                "inputs": inputs_of(made), "sentence": made.sentence,
            }
        raise
    if now.may.gateway is not None:
        now.detail["gateway"] = now.may.gateway.value
