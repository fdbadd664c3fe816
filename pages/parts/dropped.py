"""The files dropped into a form: what each says of itself, put into fields that are empty, and shown beside them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from core.actions.cases import dropped
from core.actions.cases.dropped import Dropped, Writer
from core.actions.cases.intake import LIMITS
from core.actions.desk.desk import Desk
from pages.parts import untrusted

_READ, _SHORT = 220, 600  # pixels for a text that is longer than so many characters
_ASKS = {"From": "The sender asks", "Reply-To": "The reply address asks", dropped.INSIDE: "The writer inside asks"}
_ON_ITS_WAY = 5.0  # seconds that a message of the browser may take
FILES = ["eml", "txt", "pdf", "png", "jpg", "jpeg"]


@dataclass
class Unseen:
    """What was filled in and the browser has not shown yet to know: with its next message it sends back what stood there before.

    So it does where that message breaks off the run that draws the form, and where it was on its way already.
    """

    values: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # by field: what stood there, and what was filled in
    drawn: float | None = None  # when the whole form was drawn with it, in seconds of a clock that only runs forward

    def fill_again(self) -> None:
        """Put back what the browser overwrote without knowing; what it knows, or a person typed, is theirs from now on."""
        got = st.session_state
        late = self.drawn is not None and time.monotonic() - self.drawn > _ON_ITS_WAY
        for key, (before, value) in list(self.values.items()):
            if got.get(key) == before and not late:
                got[key] = value
            elif self.drawn is not None:
                del self.values[key]


@dataclass(frozen=True)
class Fields:
    """The fields of a form that a mail can fill, by their keys; an empty key is a field that the form has not."""

    form: str
    day: str
    email: str
    earliest: date
    today: date  # the day that stands there before anybody chose one
    name: str = ""
    subject: str = ""
    time: str = ""
    touched: Callable[[], None] = lambda: None  # is told that a field was filled

    def fill(self, writer: Writer | None, subject: str, arrived: datetime | None, *, chosen: bool = False) -> None:
        """Put values into the fields that are empty or hold what an earlier mail said; into all where they were chosen."""
        got = st.session_state
        filled: dict[str, Any] = got.setdefault(_filled(self.form), {})
        unseen: Unseen = got.setdefault(_unseen(self.form), Unseen())
        unseen.drawn = None

        def put(key: str, value: Any, *empty: Any) -> None:
            if key and (chosen or got.get(key) in (None, "", *empty) or (key in filled and got[key] == filled[key])):
                if unseen.values.get(key, (None, None))[1] != value:
                    unseen.values[key] = (got.get(key), value)
                got[key] = filled[key] = value

        if writer is not None:
            put(self.name, writer.name[: LIMITS["name"]])
            put(self.email, writer.address[: LIMITS["email"]])
        if subject:
            put(self.subject, subject[: LIMITS["subject"]])
        if arrived is not None and self.earliest <= arrived.date() <= self.today:
            put(self.day, arrived.date().isoformat(), self.today.isoformat())
            if got.get(self.day) == arrived.date().isoformat():
                put(self.time, arrived.time().replace(second=0, microsecond=0))
        self.touched()


def uploader(desk: Desk, label: str, key: str, fields: Fields) -> list[Any]:
    """Draw the place for files and what those in it say of themselves; return them.

    A mail just dropped fills the form in: who asks, the heading, and when it arrived where our own server says it. What
    only the sender says, and whoever else may be asking, is offered. Draw it before the fields, and say `settled` after them.
    """
    if _unseen(fields.form) in st.session_state:
        st.session_state[_unseen(fields.form)].fill_again()
    files = st.file_uploader(label, type=FILES, accept_multiple_files=True, key=key) or []
    read = _read(desk, files, fields)
    for each in files:
        _show(each.file_id, read[each.file_id], fields)
    return list(files)


def differences(form: str, received_on: date | None, email: str) -> None:
    """Warn where what is typed differs from what the files say."""
    read: dict[str, Dropped] = st.session_state.get(_place(form)) or {}
    for sentence in dropped.differences(list(read.values()), received_on, email):
        st.warning(sentence, icon=":material/compare_arrows:")


def settled(form: str) -> None:
    """Know that the whole form was drawn with what the files filled in."""
    if _unseen(form) in st.session_state:
        st.session_state[_unseen(form)].drawn = time.monotonic()


def forget(form: str) -> None:
    """Forget what was read of the files: the form was sent or begins anew."""
    for place in (_place, _filled, _unseen):
        st.session_state.pop(place(form), None)


def _place(form: str) -> str:
    return f"{form}_dropped"


def _filled(form: str) -> str:
    return f"{form}_filled"


def _unseen(form: str) -> str:
    return f"{form}_unseen"


def _read(desk: Desk, files: Sequence[Any], fields: Fields) -> dict[str, Dropped]:
    """Return what was read of each file, by its id; one that is new is read, and fills the form in.

    While the page is drawn and not when the file comes: what answers a change is called once, and the next click may break
    it off in the middle. Here the next run does it again, as what was read is noted last.
    """
    place = _place(fields.form)
    before: dict[str, Dropped] = st.session_state.get(place) or {}
    fresh = [each for each in files if each.file_id not in before]
    looked = dropped.look_at(desk, [(each.name, each.getvalue()) for each in fresh]) if fresh else []
    for seen in looked:
        if not seen.refused:
            fields.fill(next(iter(seen.writers), None), seen.subject, seen.arrived if seen.by_server else None)
    now = {each.file_id: before[each.file_id] for each in files if each.file_id in before}
    read = now | {each.file_id: seen for each, seen in zip(fresh, looked, strict=True)}
    st.session_state[place] = read
    return read


def _show(file_id: str, seen: Dropped, fields: Fields) -> None:
    if seen.refused:
        st.error(seen.refused, icon=":material/block:")
        return
    facts = _facts(seen)
    if not facts and not seen.remarks and not seen.texts:
        return
    with st.container(border=True):
        untrusted.facts([("Read from", seen.file), *facts])
        if seen.texts:
            with st.container(height=_READ if sum(map(len, seen.texts)) > _SHORT else "content", border=False):
                for text in seen.texts:
                    untrusted.show(text.strip())
        for remark in seen.remarks:
            st.caption(f":material/info: {remark}")
        with st.container(horizontal=True):
            _offer(file_id, seen, fields)


def _facts(seen: Dropped) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [(each.role, _mailbox(each)) for each in seen.writers]
    if seen.subject:
        facts.append(("Subject", seen.subject))
    if seen.arrived:
        facts.append(("Arrived" if seen.by_server else "Dated", f"{seen.arrived:%d %b %Y %H:%M}"))
    if seen.files:
        facts.append(("Files in it", ", ".join(seen.files)))
    if seen.messages:
        facts.append(("Messages inside", seen.messages))
    return facts


def _offer(file_id: str, seen: Dropped, fields: Fields) -> None:
    """Draw what can be taken over by a click: another who asks, and a day that only the sender says."""
    typed = (st.session_state.get(fields.email) or "").strip().casefold()
    for number, each in enumerate(seen.writers if len(seen.writers) > 1 else ()):
        if each.address and each.address.casefold() != typed:
            st.button(
                _ASKS[each.role], key=f"{fields.form}_writer_{file_id}_{number}", icon=":material/person:",
                on_click=partial(fields.fill, each, "", None, chosen=True),
            )
    if seen.arrived and not seen.by_server:
        st.button(
            f"It was received on {seen.arrived:%d %b %Y}", key=f"{fields.form}_day_{file_id}", icon=":material/event:",
            on_click=partial(fields.fill, None, "", seen.arrived, chosen=True),
        )


def _mailbox(writer: Writer) -> str:
    return f"{writer.name} <{writer.address}>" if writer.name and writer.address else writer.name or writer.address
