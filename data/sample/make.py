"""Makes the sample files from dataset1.csv of tests/people: the same people, with made-up addresses, events, consents.

Run it from the top folder: `python data/sample/make.py`. It always writes the same bytes.
"""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "tests" / "people" / "dataset1.csv"
FIRST = datetime(2024, 1, 8, 8)  # noqa: DTZ001 - UTC, as the files say
KINDS = (("order", "web"), ("order", "shop"), ("newsletter_opened", "email"), ("support_call", "telephone"),
         ("sign_in", "web"), ("return", "shop"))


def main() -> None:
    """Write people.csv, events.csv and consents.csv."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file, skipinitialspace=True))
    chance = random.Random(2018_05_25)  # noqa: S311 - sample data, the same each time
    for person in people:
        # The mail address is made from the record's own number, in a domain that cannot exist (RFC 6761).
        person["email"] = f"{person['rec_id']}@people.example"
    _write("people.csv", list(people[0]), people)
    events, consents = [], []
    for person in people:
        moment = FIRST + timedelta(minutes=chance.randrange(60 * 24 * 300))
        for number in range(chance.randrange(1, 6)):
            kind, channel = chance.choice(KINDS)
            moment += timedelta(minutes=chance.randrange(60, 60 * 24 * 60))
            events.append({
                "customer_id": person["rec_id"], "at": moment.isoformat() + "Z", "kind": kind, "channel": channel,
                "detail": f"sample {kind.replace('_', ' ')} {number + 1}",
            })
        for purpose, channel in (("newsletter", "email"), ("offers", "post")):
            if chance.random() < 0.6:
                given = FIRST + timedelta(minutes=chance.randrange(60 * 24 * 200))
                consents.append(_consent(person, purpose, channel, "true", given))
                if chance.random() < 0.25:
                    consents.append(_consent(person, purpose, channel, "false", given + timedelta(days=90)))
    _write("events.csv", list(events[0]), events)
    _write("consents.csv", list(consents[0]), consents)


def _consent(person: dict[str, str], purpose: str, channel: str, given: str, moment: datetime) -> dict[str, str]:
    return {
        "customer_id": person["rec_id"], "purpose": purpose, "channel": channel, "given": given,
        "at": moment.isoformat() + "Z", "text_version": "sample-1", "source": "sample form",
    }


def _write(name: str, columns: list[str], rows: list[dict[str, str]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main()
