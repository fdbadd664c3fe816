"""The few pictures that README and the guide show: one desk, light and dark, as small as they can be read."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.rounds import arrive, launched, sign_in

OUT = Path("docs/pictures")
HIGH = 860
LARGEST = 150_000  # bytes
# Name, who sits there, and the page, or the right and stage of a request.
SHOTS = (
    ("queue", "steward", "queue"), ("request", "steward", "access-awaiting_approval"),
    ("approval", "approver", "access-awaiting_approval"), ("board", "manager", "board"), ("log", "dpo", "log"),
)


def take(address: str, requests: dict[str, str]) -> None:
    """Write each picture, light and dark, into docs/pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    seats: dict[str, Page] = {}
    with sync_playwright() as driver:
        browser = launched(driver)
        for name, who, where in SHOTS:
            page = seats.get(who) or sign_in(browser, address, who, HIGH)
            seats[who] = page
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                arrive(page, address, f"request?id={requests[where]}" if where in requests else where)
                _write(page.screenshot(), OUT / f"{name}-{scheme}.webp")
        browser.close()


def _write(picture: bytes, path: Path) -> None:
    """Write a picture as WebP, as sharp as the size allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in (90, 80, 70, 60):
        image.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size < LARGEST:
            return
    raise ValueError(f"{path.name} is larger than {LARGEST:,} bytes.")
