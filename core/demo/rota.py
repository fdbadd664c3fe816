"""Who is away in the coming weeks of a demo store and who stands in, and the days around the turn of the year when it is shut."""

from datetime import date, datetime, timedelta

from core.actions.desk.moment import today_of
from core.actions.duty import absences
from core.demo.cast import Cast, key
from core.store.engine import Store

DAY = timedelta(days=1)


def enter_rota(store: Store, now: datetime) -> None:
    """Enter, as the manager does, a working week away of the approver in a week's time, and the next closure in December."""
    cast = Cast(store)
    cast.now = now
    desk = cast.desk("manager")
    today = today_of(desk)
    monday = today + (7 - today.weekday()) * DAY
    absences.enter(desk, cast.account("approver"), monday, monday + 4 * DAY, cast.account("dpo"), key=key())
    year = today.year if today <= date(today.year, 12, 24) else today.year + 1
    absences.shut(desk, date(year, 12, 24), date(year, 12, 31), key=key())
