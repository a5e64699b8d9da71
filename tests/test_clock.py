"""Setting the clock forward and back moves nothing; a clock that was wrong and is corrected is followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scraper.clock import BELIEVED, DRIFT, Clock, Steady

START = datetime(2026, 3, 2, 3, tzinfo=UTC)


class Wall(Clock):
    """A wall clock that can be set, beside one that only goes on."""

    __slots__ = ("offset", "seconds")

    def __init__(self) -> None:
        self.seconds, self.offset = 0.0, timedelta(0)

    def now(self) -> datetime:
        return self.true + self.offset

    def monotonic(self) -> float:
        return self.seconds

    @property
    def true(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


jumps = st.timedeltas(timedelta(days=-4000), timedelta(days=4000)).filter(lambda jump: abs(jump) > 2 * DRIFT)


@given(st.lists(st.tuples(jumps, st.floats(0, BELIEVED.total_seconds() * 0.9)), max_size=20))
def test_jumps_forth_and_back_are_not_believed(moves: list[tuple[timedelta, float]]) -> None:
    wall = Wall()
    steady = Steady(wall)
    for jump, seconds in moves:
        for wall.offset in (jump, timedelta(0)):
            for _ in range(5):
                assert abs(steady.now() - wall.true) <= DRIFT
                wall.seconds += seconds / 10


@given(jumps)
def test_a_clock_that_is_set_right_is_followed_after_a_while(jump: timedelta) -> None:
    wall = Wall()
    steady = Steady(wall)
    wall.offset = jump
    assert steady.now() == wall.true
    wall.seconds += BELIEVED.total_seconds()
    assert steady.now() == wall.now()


def test_a_clock_that_is_slewed_is_followed_at_once() -> None:
    wall = Wall()
    steady = Steady(wall)
    for _ in range(1000):
        wall.seconds += 10
        wall.offset += timedelta(seconds=1)
        assert steady.now() == wall.now()
