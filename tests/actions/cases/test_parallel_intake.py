"""Many intakes at one moment: none is refused, and each has a number of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from core.actions.cases import intake
from core.law import references
from core.law.errors import Invalid
from core.law.roles import Role
from tests.conftest import NOW, desk_of

AT_ONCE = 32


def typed(number: int, *rights: str, email: str = "", body: str = "Send me all.") -> intake.Intake:
    return intake.Intake(rights or ("access",), "email", date(2026, 11, 22), name=f"Marker {number}", email=email, body=body)


def at_once(jobs: list[Callable[[], None]]) -> list[BaseException]:
    """Run the jobs, AT_ONCE of them begun at one moment each time; return what was refused."""
    begin = threading.Barrier(min(AT_ONCE, len(jobs)))

    def run(number: int, job: Callable[[], None]) -> None:
        if number < begin.parties:
            begin.wait()
        job()

    with ThreadPoolExecutor(begin.parties) as pool:
        ended = [pool.submit(run, number, job) for number, job in enumerate(jobs)]
    return [fault for each in ended if (fault := each.exception())]


def numbered(store) -> list[str]:
    """Return the references of all cases in the order in which their entries stand in the log."""
    with store.transaction() as tx:
        return [reference for (reference,) in tx._cursor.execute(
            "select c.reference from audit a join cases c on c.case_ref = a.case_ref where a.act = 'case.take_in' order by a.seq"
        ).fetchall()]


def take_in_many(store, count: int, now=NOW) -> list[str]:
    taken: list[str] = []

    def job(number: int) -> Callable[[], None]:
        desk = desk_of(store, Role.STEWARD, name=f"colleague{number % AT_ONCE}", now=now)
        return lambda: taken.append(intake.take_in(desk, typed(number), key=f"parallel-{now.year}-{number:05}").reference)

    refused = at_once([job(number) for number in range(count)])
    assert not refused, f"{len(refused)} of {count} were refused, the first with {refused[0]!r}"
    return taken


def test_thirty_two_at_one_moment_are_all_taken_in_the_first_of_a_year_too(store):
    begun = store.generations._connection
    taken = take_in_many(store, AT_ONCE) + take_in_many(store, AT_ONCE, NOW.replace(year=2027))
    wanted = [references.make(year, number) for year in (2026, 2027) for number in range(1, AT_ONCE + 1)]
    assert sorted(taken) == wanted
    assert numbered(store) == wanted, "the numbers do not rise with the log"
    assert store.generations._connection is begun, "a clash opened the store anew"


def test_the_same_sender_and_the_same_form_at_one_moment(store):
    """Objections of one address suppress it once; the same command sent by many is one case."""
    desk = desk_of(store, Role.STEWARD)
    made: list[intake.TakenIn] = []

    def job(number: int) -> Callable[[], None]:
        what = typed(0, "objection", email="marker@example.org", body="No more advertising.")
        return lambda: made.append(intake.take_in(desk, what, key=f"parallel-{number // 2:05}"))  # each key twice

    assert not at_once([job(number) for number in range(16)])
    assert len({each.case_ref for each in made}) == 8
    assert numbered(store) == [references.make(2026, number) for number in range(1, 9)]


def test_a_refused_form_leaves_no_gap(store):
    refused = at_once([
        lambda number=number: intake.take_in(
            desk_of(store, Role.STEWARD, name=f"colleague{number}"), typed(number, body="" if number % 2 else "Send me all."),
            key=f"parallel-{number:05}",
        )
        for number in range(12)
    ])
    assert [type(each) for each in refused] == [Invalid] * 6
    assert numbered(store) == [references.make(2026, number) for number in range(1, 7)]


@pytest.mark.prove
def test_a_thousand_intakes_thirty_two_at_a_time(store, capsys):
    taken = take_in_many(store, 1000)
    assert numbered(store) == [references.make(2026, number) for number in range(1, 1001)]
    with capsys.disabled():
        print(f"\n1,000 intakes, {AT_ONCE} at a time: {1000 - len(taken)} refused, numbers unique and rising")
