"""The desk as one ASGI app: the front and the gate outermost, the doors, the deliveries, the pages, and the store behind them.

`python app.py` serves it, as `make run` does.
"""

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it brings no types
from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime

from core.actions.answers.erasure.restores import settle
from core.actions.desk.desk import give_store, operator_desk, present
from core.commands.table import run
from core.connectors.catalogue import catalogue
from core.control.server import Control, user_name
from core.law.errors import Invalid
from core.store.engine import Store
from core.web import delivery
from core.web.front import Front
from core.web.gate import Gate
from core.web.package_link import PackageLink
from core.web.server import serve
from core.web.settings import read_settings
from core.web.signing import Doors
from core.web.uploads import Uploads
from core.work.worker import Worker

try:
    settings = read_settings()
except Invalid as refusal:
    sys.exit(str(refusal))


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[dict[str, Any], None]:
    """Open the store, start the worker and the control socket; stop and close them at the end."""
    os.umask(0o077)  # the store's files are for the desk's own user alone
    catalogue()  # what no page and no answer could do without is missed now, with a sentence
    store = Store.open(settings.store, present())
    try:
        settle(operator_desk(store, user_name(), present()))  # before anybody can sign in
        worker, control = Worker(store), Control(store, run)
        worker.start()
        control.start()
        give_store(store)
        try:
            yield {}
        finally:
            give_store(None)
            control.stop()
            worker.stop()
    finally:
        store.close()


def named_files(said: bytes) -> frozenset[str] | None:
    """Return the ids of the files that the places for files of a browser's page hold; None where a message tells no states."""
    message = BackMsg()
    try:
        message.ParseFromString(said)
    except DecodeError:
        return None
    if not message.rerun_script.HasField("widget_states"):
        return None
    return frozenset(
        file.file_id for state in message.rerun_script.widget_states.widgets
        for file in state.file_uploader_state_value.uploaded_file_info
    )


app = st.App(
    "pages/parts/shell.py", lifespan=lifespan,
    routes=[
        *Doors(settings).routes(), *PackageLink().routes(),
        *delivery.routes(),
    ],
    middleware=[
        Middleware(Front, settings=settings), Middleware(Gate, settings=settings),
        Middleware(Uploads, pages=Runtime.instance, named=named_files),
    ],
)

if __name__ == "__main__":
    try:
        sys.exit(serve(app, settings))
    except Invalid as refusal:
        sys.exit(str(refusal))
