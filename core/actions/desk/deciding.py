"""Keeping decisions as records, in the transaction of the act that decides: rule, pinned law, facts, who and when (Art. 5(2))."""

from collections.abc import Iterable, Sequence

from core.actions.desk.act import Now, new_id
from core.actions.desk.desk import Desk
from core.law.records import Record, Under, inputs_of
from core.store.encryption import Cell, encrypt
from core.store.records import RequestRecord

_BINARY = {"words": "binary"}


def under(request: RequestRecord, item: str = "") -> Under:
    """Return under which law a request is decided: the profile that it pinned at its receipt."""
    return Under(f"{request.profile_id}@{request.profile_version}", item)


def keep(desk: Desk, now: Now, request: RequestRecord, made: Iterable[Record], words: Sequence[str] = ()) -> None:
    """Keep the decisions that an act takes on a request, in its own transaction; `words` are sealed beside them.

    An act that is refused or fails leaves none, for its transaction is gone.
    """
    records = list(made)
    if not records:
        return
    case_ref, ids = request.case_ref, [new_id() for _ in records]
    typed = [*words, *[""] * (len(records) - len(words))]
    now.tx.bulk("decisions.add_all", {
        "id": ids, "case_ref": [case_ref] * len(ids), "request_id": [request.id] * len(ids),
        "act": [now.what.value] * len(ids), "item": [each.item for each in records],
        "granted": [each.granted for each in records], "outcome": [each.outcome for each in records],
        "article": [each.article for each in records], "rule": [each.rule for each in records],
        "profile": [each.profile for each in records], "inputs": [inputs_of(each) for each in records],
        "sentence": [each.sentence for each in records],
        "words": [
            encrypt(desk.store, case_ref, text, Cell("decisions", number, "words")) if text else None
            for number, text in zip(ids, typed, strict=True)
        ],
        "actor_ref": [desk.person.actor_ref] * len(ids), "decided_at": [desk.now] * len(ids),
    }, _BINARY)
    now.detail["decisions"] = int(str(now.detail.get("decisions", 0))) + len(ids)

