"""The command `message`: what the desk would keep of a mail or another file; it needs no store and keeps nothing."""

import json
from pathlib import Path
from typing import Any

from core.control.terminal import Terminal
from core.messages.incoming import Incoming, read_message


def print_message(terminal: Terminal, file: str, *, as_json: bool) -> None:
    """Print what would be kept of the file. Raises Invalid with a sentence for one that the desk would refuse."""
    name = "standard-input.eml" if file == "-" else Path(file).name
    told = _told(read_message(name, terminal.read(file)))
    terminal.out(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_plain(told)))


def _told(message: Incoming) -> dict[str, Any]:
    kept = [each for each in message.parts if each.original]
    return {
        "sender": _mailbox(message.sender_name, message.sender_address),
        "reply_to": _mailbox(message.reply_name, message.reply_address),
        "sent_at": f"{message.sent_at.isoformat()}Z" if message.sent_at else None,
        "arrived_at": f"{message.arrived_at.isoformat()}Z" if message.arrived_at else None,
        "subject": message.subject,
        "text": message.body,
        "parts": [
            {"name": each.name, "type": each.media_type, "bytes": len(each.content)} for each in message.parts
            if not each.original
        ],
        "messages": [_told(each) for each in message.messages],
        "remarks": list(message.remarks),
        **({"original": {"bytes": len(each.content), "sha256": each.sha256}} if (each := next(iter(kept), None)) else {}),
    }


def _mailbox(name: str, address: str) -> str | None:
    return (f"{name} <{address}>" if name and address else name or address) or None


def _plain(told: dict[str, Any], margin: str = "") -> list[str]:
    lines = [
        f"{margin}{title + ':':12}{told[name]}" for name, title in (
            ("sender", "From"), ("reply_to", "Reply-To"), ("sent_at", "Sent"), ("arrived_at", "Arrived"), ("subject", "Subject"),
        ) if told[name]
    ]
    lines += ["", *(f"{margin}{line}" for line in told["text"].strip().splitlines()), ""] if told["text"].strip() else []
    lines += [f"{margin}File:       {each['name']} ({each['type']}, {each['bytes']:,} bytes)" for each in told["parts"]]
    lines += [f"{margin}Not shown:  {each}" for each in told["remarks"]]
    for each in told["messages"]:
        lines += [f"{margin}Attached message:", *_plain(each, f"{margin}  ")]
    if "original" in told:
        lines.append(f"{margin}Original:   {told['original']['bytes']:,} bytes, SHA-256 {told['original']['sha256']}")
    return lines
