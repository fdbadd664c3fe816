"""Half-filled forms, kept sealed so that they survive the end of a session; each person sees their own alone."""

import json
from collections.abc import Mapping

from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import random_ref
from core.store.keys import KeyKind

FORMS = ("intake",)
LONGEST = 120_000  # characters of all fields together


@repeated
def keep(desk: Desk, form: str, values: Mapping[str, str]) -> None:
    """Keep what is typed in a form so far, in place of what was kept before, under a key of its own.

    Raises Invalid for an unknown form and for more than 120,000 characters.
    """
    with act(desk, Act.DRAFT_KEEP, things.draft(_known(form))) as now:
        body = json.dumps(dict(values), ensure_ascii=True)
        if len(body) > LONGEST:
            raise Invalid("The form holds too much to be kept as a draft. Save the long text as a file.", "body")
        mine = {"account_id": desk.person.account_id, "form": form}
        held = now.tx.one("cases.draft", **mine)
        owner = str(held["case_ref"]) if held else random_ref()
        desk.store.keys.ensure(KeyKind.CASE, owner)
        now.tx.run("cases.forget_draft", **mine)
        now.tx.run(
            "cases.keep_draft", case_ref=owner, kept_at=desk.now,
            body=encrypt(desk.store, owner, body, Cell("drafts", form, "body")), **mine,
        )
        now.detail["fields"] = sorted(name for name, value in values.items() if value)


@repeated
def take(desk: Desk, form: str) -> dict[str, str] | None:
    """Return what the person had typed in a form, or None where nothing was kept."""
    with act(desk, Act.DRAFT_OPEN, things.draft(_known(form)), disclosure=True) as now:
        held = now.tx.one("cases.draft", account_id=desk.person.account_id, form=form)
        now.unlogged = held is None
        if held is None:
            return None
        opened = json.loads(decrypt(desk.store, held["case_ref"], held["body"], Cell("drafts", form, "body")))
        return {str(name): str(value) for name, value in opened.items()}


def forget(desk: Desk, form: str) -> None:
    """Delete a kept form and destroy its key: it was sent, or the person starts anew."""
    owner = _forget(desk, form)
    if owner is not None:
        desk.store.keys.destroy(KeyKind.CASE, owner)  # after the commit; a row without its key would be unreadable


@repeated
def _forget(desk: Desk, form: str) -> str | None:
    with act(desk, Act.DRAFT_KEEP, things.draft(_known(form))) as now:
        mine = {"account_id": desk.person.account_id, "form": form}
        held = now.tx.one("cases.draft", **mine)
        now.unlogged = held is None
        if held is None:
            return None
        now.tx.run("cases.forget_draft", **mine)
        now.detail["forgotten"] = 1
        return str(held["case_ref"])


def _known(form: str) -> str:
    if form not in FORMS:
        raise Invalid("There is no such form.", "form")
    return form
