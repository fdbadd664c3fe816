"""Who decides a refusal: an approver, and a data protection officer alone only where an administrator set it so."""

from core.actions.desk.act import Now, act, look, repeated
from core.actions.desk.asking import holds
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import NotAllowed
from core.law.roles import Role

FACT = "refusal.dpo_alone"
ALONE_WORDS = (
    "A data protection officer decides a refusal alone only where an administrator set it so. Ask an approver."
)


def dpo_decides(desk: Desk) -> bool:
    """Return whether a data protection officer may decide a refusal without the role of an approver."""
    with look(desk, Act.REFUSAL_SWITCH) as now:
        return _set(now)


@repeated
def let_dpo_decide(desk: Desk, *, alone: bool, key: str) -> None:
    """Set whether a data protection officer may decide a refusal without the role of an approver; the default is no."""
    with act(desk, Act.REFUSAL_SWITCH, key=key) as now:
        if now.earlier is not None:
            return
        now.tx.run("store.forget_fact", name=FACT)
        now.tx.run("store.put_fact", name=FACT, fact="yes" if alone else "no")
        now.detail["alone"] = int(alone)


def require_hat(desk: Desk, now: Now) -> None:
    """Raise NotAllowed for a data protection officer who is no approver, where that is not set."""
    if Role.APPROVER not in desk.person.roles and not _set(now):
        raise NotAllowed(ALONE_WORDS)


def may_decide(desk: Desk, now: Now, account_id: str) -> bool:
    """Return whether an account that may approve at all may decide a refusal."""
    return _set(now) or holds(desk, now, account_id, {Role.APPROVER})


def _set(now: Now) -> bool:
    return {row["name"]: row["fact"] for row in now.tx.rows("store.facts")}.get(FACT) == "yes"
