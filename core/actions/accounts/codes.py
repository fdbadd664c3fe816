"""One-time codes as a second factor (RFC 6238): set up with a picture, confirmed by a code, each code good once."""

import hmac
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
import segno

from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.store.encryption import Cell, decrypt_secret, encrypt_secret
from core.store.engine import Row, Store

PERIOD = 30  # seconds a code lasts
_ISSUER = "Rightsdesk"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a new authenticator needs: the secret as text, and the same as a picture (SVG)."""

    secret: str
    picture: str


@repeated
def begin(desk: Desk) -> Enrolment:
    """Make a new seed for the person's own account; it is asked for only once `confirm` has seen a code of it.

    Raises NotPossible while codes are on: a new seed must not replace a confirmed one unasked.
    """
    person = desk.person
    secret = pyotp.random_base32()
    with act(desk, Act.FACTOR_SET, things.account(person.account_id)) as now:
        account = now.tx.one("accounts.by_id", id=person.account_id)
        if account is None or _on(account):
            raise NotPossible("One-time codes are on already: switch them off first.")
        sealed = encrypt_secret(desk.store, secret, Cell("accounts", person.account_id, "totp_seed"))
        now.tx.run("accounts.put_seed", id=person.account_id, seed=sealed)
        now.detail["step"] = "begun"
    address = pyotp.TOTP(secret).provisioning_uri(name=account["sign_in_name"], issuer_name=_ISSUER)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=3, light="#ffffff", dark="#000000")
    return Enrolment(secret, drawn.getvalue().decode("utf-8"))


@repeated
def confirm(desk: Desk, code: str) -> None:
    """Switch codes on with a first code of the new authenticator. Raises Invalid when it does not fit."""
    with act(desk, Act.FACTOR_SET, things.account(desk.person.account_id)) as now:
        account = now.tx.one("accounts.by_id", id=desk.person.account_id)
        step = matching_step(desk.store, account, code, desk.now) if account else None
        if step is None or not now.tx.run("accounts.use_step", id=desk.person.account_id, step=step):
            raise Invalid("This code does not fit. Check the clock of your telephone and enter the next code.", "code")
        now.detail["step"] = "on"


@repeated
def switch_off(desk: Desk, code: str) -> None:
    """Switch codes off, with a last code. Who lost the authenticator asks for a new invitation."""
    with act(desk, Act.FACTOR_SET, things.account(desk.person.account_id)) as now:
        account = now.tx.one("accounts.by_id", id=desk.person.account_id)
        step = matching_step(desk.store, account, code, desk.now) if account else None
        if step is None or not now.tx.run("accounts.use_step", id=desk.person.account_id, step=step):
            raise Invalid("This code does not fit, or was used before: enter the next one.", "code")
        now.tx.run("accounts.put_seed", id=desk.person.account_id, seed=None)
        now.detail["step"] = "off"


def matching_step(store: Store, account: Row | None, code: str, now: datetime) -> int | None:
    """Return the time step that the code belongs to: this one, the last or the next; None when it fits none.

    A step that was used before fits no more (one use, RFC 6238 section 5.2).
    """
    digits = code.replace(" ", "")
    if account is None or account["totp_seed"] is None or len(digits) != 6 or not digits.isascii():
        return None
    seed = decrypt_secret(store, bytes(account["totp_seed"]), Cell("accounts", account["id"], "totp_seed"))
    totp = pyotp.TOTP(seed, interval=PERIOD)
    present = int(now.replace(tzinfo=UTC).timestamp()) // PERIOD
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits) and step > (account["totp_last_step"] or 0):
            return step
    return None


def satisfied(account: Row, step: int | None) -> bool:
    """Whether the account asks for no code, or the one given fitted."""
    return not _on(account) or step is not None


def _on(account: Row) -> bool:
    return account["totp_seed"] is not None and account["totp_last_step"] is not None
