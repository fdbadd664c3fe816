"""Fills a demo store: the sample people, and requests of all states and ages, each moved by the desk's own acts."""

import csv
import heapq
from datetime import datetime, timedelta

from core.actions import imports
from core.actions.desk import operator_desk
from core.store.datafiles import DATA
from core.store.engine import Store, new_id
from core.work.control import user_name
from core.work.scenes import Cast, Scene, Story, scene

BEGIN = timedelta(days=80)  # how long before now the demo store's story starts
SAMPLE = DATA / "sample"

# Days ago it arrived, rights, channel, how far it is, who handles it, and which sample record asks.
STORIES = (
    Story(74, "access", "email", "closed", "steward", 20),
    Story(71, "consent_withdrawal", "email", "closed_plain", "steward2", 34),
    Story(66, "access", "post", "closed", "steward2", 51),
    Story(63, "access", "email", "withdrawn", "steward", 77),
    Story(58, "erasure", "telephone", "not_identified", "steward", 90),
    Story(52, "access", "email", "closed", "steward", 112),
    Story(48, "complaint", "email", "forwarded", "dpo", 130),
    Story(45, "access", "email", "started", "steward2", 141),
    Story(41, "rectification", "post", "proven", "steward", 160),
    Story(38, "access", "email", "sent", "steward", 181),
    Story(33, "erasure", "email", "proven", "steward2", 204),
    Story(29, "access", "email", "ready", "steward", 222),
    Story(28, "access", "counter", "awaiting", "steward", 240),
    Story(26, "portability", "email", "started", "steward2", 263),
    Story(24, "access", "email", "came_back", "steward", 281),
    Story(21, "access", "email", "awaiting", "steward2", 300),
    Story(18, "rectification", "email", "started", "steward", 322),
    Story(16, "access", "telephone", "asked", "steward2", 340),
    Story(13, "access", "email", "built", "steward", 361),
    Story(11, "objection_marketing", "email", "started", "steward2", 380),
    Story(9, "access erasure", "email", "proven", "steward", 402),
    Story(7, "access", "account", "approved", "steward", 424),
    Story(5, "restriction", "post", "assigned", "steward2", 441),
    Story(4, "information", "email", "received", "", 460),
    Story(3, "access", "email", "started", "steward", 483),
    Story(2, "erasure", "email", "received", "", 505),
    Story(1, "access", "email", "received", "", 523),
    Story(1, "access portability", "account", "received", "", 541),
)


def fill(store: Store, now: datetime) -> None:
    """Import the sample people and tell each story up to `now`, in the order of time, so that the log's clock holds."""
    first = now - BEGIN
    take_samples(store, first)
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    cast = Cast(store)
    waiting: list[tuple[datetime, int, Scene]] = []
    for number, story in enumerate(STORIES):
        start = now - timedelta(days=story.days_ago, minutes=37 * (number % 7))
        heapq.heappush(waiting, (start, number, scene(cast, story, people[story.person])))
    started: set[int] = set()
    while waiting:
        moment, number, play = heapq.heappop(waiting)
        cast.now = min(moment, now)
        try:
            pause = play.send(None) if number not in started else next(play)
        except StopIteration:
            continue
        started.add(number)
        heapq.heappush(waiting, (min(moment + pause, now), number, play))


def take_samples(store: Store, now: datetime) -> None:
    """Import people, events and consents as the operator does."""
    desk = operator_desk(store, user_name(), now)
    imports.import_people(desk, (SAMPLE / "people.csv").read_bytes(), name="people.csv", key=f"sample-{new_id()}")
    imports.import_events(desk, (SAMPLE / "events.csv").read_bytes(), name="events.csv", key=f"sample-{new_id()}")
    imports.import_consents(desk, (SAMPLE / "consents.csv").read_bytes(), name="consents.csv", key=f"sample-{new_id()}")

