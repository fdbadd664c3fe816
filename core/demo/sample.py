"""Fills a demo store: the sample people, and requests of all states and ages, each moved by the desk's own acts."""

import csv
import heapq
from datetime import datetime, timedelta

from core.actions.desk.desk import operator_desk
from core.actions.people import imports
from core.control.server import user_name
from core.demo.cast import Cast, Scene, Story
from core.demo.scenes import scene
from core.store.datafiles import DATA
from core.store.engine import Store, new_id

BEGIN = timedelta(days=75)  # how long before now the demo store's story starts
SAMPLE = DATA / "sample"

# Days ago it arrived, rights, channel, how far it is, who handles it, and which sample record asks.
STORIES = (
    Story(74, "access", "email", "closed", "steward", 20),
    Story(71, "consent_withdrawal", "email", "closed_plain", "steward2", 34),
    Story(66, "erasure", "email", "closed", "steward2", 51),
    Story(63, "access", "email", "withdrawn", "steward", 77),
    Story(60, "rectification", "post", "closed", "steward2", 84),
    Story(58, "erasure", "telephone", "not_identified", "steward", 90),
    Story(55, "restriction", "email", "closed", "steward", 101),
    Story(52, "objection_marketing", "email", "closed", "steward", 112),
    Story(48, "complaint", "email", "forwarded", "dpo", 130),
    Story(45, "access", "email", "started", "steward2", 141),
    Story(41, "rectification", "post", "proven", "steward", 160),
    Story(38, "access", "email", "sent", "steward", 181),
    Story(33, "erasure", "email", "proven", "steward2", 204),
    Story(29, "access", "email", "ready", "steward", 222),
    Story(28, "access", "counter", "awaiting", "steward", 240),
    Story(26, "portability", "email", "built", "steward2", 263),
    Story(24, "access", "email", "came_back", "steward", 281),
    Story(22, "consent_withdrawal", "email", "closed", "steward2", 291),
    Story(21, "erasure", "email", "awaiting", "steward2", 300),
    Story(18, "rectification", "email", "proposed", "steward", 322),
    Story(17, "rectification", "account", "awaiting", "steward2", 331),
    Story(16, "access", "telephone", "asked", "steward2", 340),
    Story(15, "access", "email", "refused", "steward", 350),
    Story(14, "restriction", "email", "ready", "steward2", 355),
    Story(13, "access", "email", "proven", "steward", 361, "objection_marketing"),
    Story(11, "objection_marketing", "email", "ready", "steward2", 380),
    Story(9, "access erasure", "email", "proven", "steward", 402),
    Story(8, "objection", "post", "started", "dpo", 410),
    Story(6, "consent_withdrawal", "email", "started", "steward2", 433),
    Story(5, "restriction", "post", "assigned", "steward2", 441),
    Story(4, "information", "email", "received", "", 460),
    Story(4, "erasure", "email", "ready", "steward", 483),
    Story(3, "access", "account", "approved", "steward", 424),
    Story(3, "human_review", "email", "received", "", 490),
    Story(2, "erasure", "email", "received", "", 505),
    Story(1, "access", "email", "received", "", 523),
    Story(1, "access portability", "account", "received", "", 541),
)


def fill(store: Store, now: datetime) -> None:
    """Import the sample people and tell each story up to `now`."""
    take_samples(store, now - BEGIN)
    tell(store, now)


def tell(store: Store, now: datetime) -> None:
    """Tell each story of the sample people up to `now`, in the order of time, so that the log's clock holds."""
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

