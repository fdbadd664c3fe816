"""The desk as one ASGI app: the gate outermost, the doors, the deliveries, the pages, and the store behind them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from core.actions.desk import give_store, present
from core.store.engine import Store
from core.web import delivery
from core.web.gate import Gate
from core.web.settings import Settings
from core.web.signing import Doors

settings = Settings()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[dict[str, Any], None]:
    """Open the store and start the worker; stop and close them at the end."""
    store = Store.open(settings.store, present())
    try:
        worker = _worker(store)
        if worker:
            worker.start()
        give_store(store)
        try:
            yield {}
        finally:
            give_store(None)
            if worker:
                worker.stop()
    finally:
        store.close()


def _worker(store: Store) -> Any:
    if find_spec("core.work.worker") is None:
        return None
    from core.work.worker import Worker  # noqa: PLC0415

    return Worker(store)


def _deliveries() -> list[Any]:
    if find_spec("core.actions.packages") is None or find_spec("core.actions.letters") is None:
        return []
    from core.actions import attachments, letters, packages  # noqa: PLC0415

    return list(delivery.routes(packages.fetch, letters.fetch, attachments.fetch))


app = st.App(
    "pages/parts/shell.py", lifespan=lifespan, routes=[*Doors(settings).routes(), *_deliveries()],
    middleware=[Middleware(Gate, settings=settings)],
)
