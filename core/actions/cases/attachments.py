"""The files that came with a message: handed to whoever works on the case, one entry each time."""

from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.store.encryption import Cell, decrypt_bytes

_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt", "message/rfc822": "eml"}


@repeated
def fetch(desk: Desk, attachment_id: str) -> Delivery:
    """Return a file of a case under a name of the desk's own; a kind that browsers could run is plain bytes.

    Raises NotFound; NotAllowed for own, related and sealed cases, and for an approver who is not asked in the case.
    """
    with act(desk, Act.ATTACHMENT_FETCH, things.attachment(attachment_id)) as now:
        row, case = now.at.row, now.at.case
        place = Cell("attachments", attachment_id, "content")
        content = decrypt_bytes(desk.store, row["case_ref"], row["content"], place)
        ending = _ENDINGS.get(row["media_type"], "bin")
        now.detail["bytes"] = len(content)
    media = row["media_type"] if ending != "bin" else "application/octet-stream"
    return Delivery(f"file-{case.reference}-{attachment_id[-6:]}.{ending}", media, content)
