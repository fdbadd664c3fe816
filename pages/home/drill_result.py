"""Whether a backup comes back: the last try, and a warning where it failed or lies back too long."""

import streamlit as st

from core.actions.answers.erasure import drills
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day


def draw(desk: Desk) -> None:
    """Draw the last try in a line; a warning where another is due; nothing in a store without a backup."""
    standing = drills.standing(desk)
    last = standing.last
    if last is not None and last.trouble:
        st.error(
            f"**A restore that was tried failed.** {last.backup}, {local_day(desk, last.done_at):%d %b %Y}: {last.trouble} "
            "Ask the operator to see to it, and for another `drill`.", icon=":material/settings_backup_restore:",
        )
    elif standing.due:
        since = f"since {local_day(desk, last.done_at):%d %b %Y}" if last else "yet"
        st.warning(
            f"**No restore was tried {since}.** Ask the operator to run `drill` on the newest backup: it shows that the backup "
            "opens, and that nobody who was erased comes back.", icon=":material/settings_backup_restore:",
        )
    elif last is not None:
        st.caption(
            f":material/settings_backup_restore: A restore was last tried on {local_day(desk, last.done_at):%d %b %Y}: "
            f"{last.backup} came back in {last.seconds:.1f} s, its log joins up, people erased again there: {last.erased_again}."
        )
