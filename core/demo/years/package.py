"""The course of a copy: a package, its release by another person, and its fetching."""

import json
from datetime import timedelta

from core.actions.desk.letter_text import digest
from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.rights.access import record_copy
from core.law.ways import RIGHTS
from core.law.workflow import Closing, State, Step
from core.store.engine import new_id

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def answer(request: RequestTold) -> None:
    """Build a package, have it released, and fetch it."""
    told, past, owner = request.told, request.past, request.past.owner
    body, text = told.teller.body(told.past.who, whole=past.closing is not Closing.PARTLY_FULFILLED)
    systems = body.systems
    made = past.prepared or past.started
    plan, package = request.make_plan(body, "export", made, text), new_id(made)
    counts = {each.code: each.rows for each in systems}
    sha = digest(told.teller.cast.store, f"{package} package")
    rows = {f"rows.{code}": number for code, number in counts.items()}
    missing = [each.code for each in systems if each.state == "failed"]
    fetched = (past.sent or past.closed) - 15 * MINUTE
    fetched = max(fetched, past.carried or fetched)
    told.add(
        "packages", id=package, request_id=request.id, plan_id=plan, subject_ref=told.person.subject, state="fetched",
        built_at=made + MINUTE, expires_at=past.approvals[-1].decided + 30 * DAY, sha256=sha,
        size_bytes=90_000 + 61 * sum(counts.values()), counts=json.dumps(counts, sort_keys=True), fetched_at=fetched,
        fetched_by=told.account(owner), version=4, left_by="download", look_ups=False,
    )
    request.package = package
    request.outs = {"planned": True, "package_state": "fetched", "unreached": len(missing)}
    request.enter(
        owner, Act.EXPORT_PREPARE, made, thing=("plan", plan), purpose="request", look_ups=0, missing=missing,
        verb="export", **rows,
    )
    request.enter("worker", Act.PACKAGE_READ, made + MINUTE, thing=("package", package), missing=missing, **rows)
    request.enter("worker", Act.PACKAGE_BUILD, made + MINUTE, thing=("package", package), sha256=sha)
    for asked in past.approvals:
        request.approve(
            "package", package, sha, asked,
            (Act.RELEASE_ASK, Act.RELEASE_OPEN, Act.RELEASE_APPROVE, Act.RELEASE_RETURN),
            step=(Step.ASK_APPROVAL, Step.APPROVE, State.CARRYING_OUT), plan=body.hash, sha256=sha,
        )
    told.decide(request.number, Act.RELEASE_APPROVE, past.approvals[-1].decided, "approver", record_copy(
        told.under(past), systems_left_out=bool(missing)
    ))
    request.move(
        "worker", Act.PACKAGE_RELEASE, past.carried or made, Step.CARRIED_OUT, State.READY_TO_SEND,
        thing=("package", package), sha256=sha,
    )
    request.enter(owner, Act.PACKAGE_FETCH, fetched, thing=("package", package), sha256=sha)
    if missing:
        titles = [each.title for each in systems if each.code in missing]
        request.letter(LetterKind.PARTLY_ANSWERED, past.carried or made, past.sent or made, owner, {
            "article": RIGHTS[past.kind].article, "done": [f"{each.title}: {each.rows} records" for each in systems
                                                           if each.code not in missing],
            "open": [f"{title}: not done yet, because it did not answer in full" for title in titles],
        })
        request.outs["part_told"] = True
