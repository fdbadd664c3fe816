"""What a desk and the command line import: loaded once, before they are forked (tests/forked.py). Nothing is started here.

What is loaded stays as long as the process: it is taken out of the collections of garbage. Streamlit asks for a whole one after
every run of a page, which took longer than the run.
"""

# ruff: noqa: F401 - to be loaded is all they are here for
import gc

import plotly.graph_objects
import uvicorn

import core.__main__
import core.web.gate
import core.web.package_link
import core.web.signing
import pages.request.screen

gc.collect()
gc.freeze()
