"""The commands on what people stopped: whether one value is suppressed, and who of an audience may be reached."""

import json

from core.actions.suppression import audiences, suppression_list
from core.commands.carry import DONE, Session, command
from core.commands.people import one_line
from core.connectors.lists import read_list
from core.control.terminal import LARGEST
from core.law.errors import Invalid
from core.law.rights.suppression import STATES, Legal
from core.matching.normal_forms import KINDS
from core.matching.readings import read_one


@command("suppressed")
def suppressed(session: Session, *, value: str, kind: str, as_json: bool) -> int:
    """Say whether one value is suppressed, in which states; of whatever kind it can be, unless one is named."""
    text = one_line(session.terminal.read("-")) if value == "-" else value.strip()
    if not text:
        raise Invalid("Give the value on standard input, or as VALUE.", "value")
    if kind and kind not in KINDS:
        raise Invalid(f"The kind of identifier is one of: {', '.join(KINDS)}.", "kind")
    region = session.store.facts.get("establishment.region")
    states: list[dict[str, str | None]] = []
    for each in [kind] if kind else _kinds_of(text, region):
        checked = suppression_list.check_one(session.desk(), each, text, purpose="operator")
        states += [
            {
                "state": row["state"], "kind": each, "purpose": row["purpose"], "channel": row["channel"],
                "since": row["started_at"].isoformat(timespec="seconds") + "Z",
                "until": row["review_on"].isoformat() if row["review_on"] else None,
            }
            for row in checked.states
        ]
    if as_json:
        session.terminal.out(json.dumps({"suppressed": bool(states), "states": states}))
        return DONE
    if not states:
        session.terminal.out("No. Nothing stands under this value.")
    for state in states:
        name = STATES[Legal(str(state["state"]))].name
        session.terminal.out(f"Yes. {name}: {state['purpose']}, {state['channel']}, since {state['since']}.")
    return DONE


@command("audience")
def audience(
    session: Session, *, file: str, kind: str, purpose: str, channel: str, out: str, as_json: bool
) -> int:
    """Write those of a list who may be reached for a purpose and channel into a file; nothing else of them."""
    listed = read_list(session.terminal.read(file), kind, LARGEST)
    checked = audiences.check_audience(session.desk(), listed.values, kind, purpose=purpose, channel=channel)
    with session.terminal.writing(out) as write:
        write(listed.only(checked.places))
    told = {"asked": checked.asked, "contactable": checked.contactable, "reasons": dict(checked.reasons)}
    if as_json:
        session.terminal.out(json.dumps(told))
        return DONE
    session.terminal.out(f"{checked.contactable:,} of {checked.asked:,} may be reached; they stand in {out}.")
    for reason, count in checked.reasons.items():
        session.terminal.out(f"  {count:,} not: {reason.replace('_', ' ')}")
    return DONE


def _kinds_of(text: str, region: str | None) -> list[str]:
    """Return the kinds that a value can be; an address is nothing else."""
    if "@" in text:
        read_one("email", text, region)
        return ["email"]
    kinds = []
    for kind in KINDS:
        try:
            read_one(kind, text, region)
        except Invalid:
            continue
        kinds.append(kind)
    return kinds
