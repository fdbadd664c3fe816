"""What a desk and the command line import: loaded once, before they are forked (tests/forked.py). Nothing is started here."""

# ruff: noqa: F401 - to be loaded is all they are here for
import plotly.graph_objects
import uvicorn

import core.__main__
import core.web.gate
import core.web.package_link
import core.web.signing
import pages.request.screen
