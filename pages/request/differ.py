"""A warning where the authorities read a step otherwise than the law of the request."""

import streamlit as st

from core.law.clock.disputed import Topic, differences


def warn(law: str, *topics: Topic) -> None:
    """Say what is read otherwise elsewhere than under `law`, each with its source; nothing where nothing is known."""
    for topic in topics:
        for words in differences(topic, law):
            st.caption(f":material/balance: Authorities differ. {words}")
