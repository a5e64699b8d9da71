"""One bad moment is never a verdict; many that agree, on several days, are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import CLAIMS, Next, UrlHistory, after_attempt, conclusion, is_in_trouble
from scraper.plan.evidence import CEILING_ARTICLE, CEILING_LISTING, CEILING_READ, NAMED_FOR
from scraper.reasons import Reason
from scraper.records import LinkKind, Sighting, Standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
BAD = [reason for reason in Reason if CLAIMS[reason] != "well"]
CONCLUDED = [reason for reason in BAD if CLAIMS[reason] != "ours"]
Again = Callable[[datetime, Sequence[Sighting]], UrlHistory]

bad = st.sampled_from(BAD)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def known(_at: datetime, looks: Sequence[Sighting]) -> UrlHistory:
    return UrlHistory(looks=tuple(looks))


def looks_until(
    reason: Reason, history: Again = known, *, status: int | None = None, kind: LinkKind = "article", years: float = 2
) -> tuple[list[datetime], Next]:
    """The looks at a URL that never answers otherwise, asked whenever it is due; and the last decision."""
    at, failures, looks = NOW, 0, list[Sighting]()
    while True:
        looks.append(Sighting(at=at, reason=reason, status=status))
        following = after_attempt(kind, reason, now=at, failures=failures, history=history(at, looks))
        if following.due_at is None or following.due_at - NOW > timedelta(days=365 * years):
            return [look.at for look in looks], following
        at, failures = following.due_at, following.failures


def test_every_outcome_says_something() -> None:
    assert set(CLAIMS) == set(Reason)


@given(
    st.sampled_from(KINDS),
    bad,
    moments,
    st.lists(st.tuples(bad, st.integers(0, 70_000)), max_size=40),
    st.integers(0, 1000),
)
def test_bad_moments_of_less_than_a_day_never_lead_to_never(
    kind: LinkKind, reason: Reason, now: datetime, before: list[tuple[Reason, int]], failures: int
) -> None:
    looks = [Sighting(at=now - timedelta(seconds=s), reason=each) for each, s in sorted(before, key=lambda b: -b[1])]
    looks.append(Sighting(at=now, reason=reason, status=410))
    following = after_attempt(kind, reason, now=now, failures=failures, history=UrlHistory(looks=tuple(looks)))
    assert following.due_at is not None
    assert timedelta(minutes=10) <= following.due_at - now <= CEILING_ARTICLE
    assert following.conclusion is None


@pytest.mark.parametrize("reason", CONCLUDED)
def test_many_looks_that_agree_lead_to_it_and_the_evidence_is_told(reason: Reason) -> None:
    looks, last = looks_until(reason)
    assert last.due_at is None
    assert last.conclusion is not None
    assert last.conclusion.startswith(reason.value)
    assert f"{looks[-1]:%Y-%m-%d}" in last.conclusion
    assert 5 <= len(looks) <= 25
    waits = [after - before for before, after in pairwise(looks)]
    assert waits == sorted(waits)


def test_410_is_believed_sooner_than_404_and_that_sooner_than_what_is_no_article() -> None:
    looks = [looks_until(Reason.GONE, status=410)[0], looks_until(Reason.GONE, status=404)[0]]
    looks += [looks_until(reason)[0] for reason in (Reason.NOT_ARTICLE, Reason.DENIED, Reason.SERVER_ERROR)]
    spans = [each[-1] - each[0] for each in looks]
    assert spans == sorted(spans)
    assert spans[0] >= 2 * DAY
    assert spans[1] >= 7 * DAY
    assert spans[2] >= 14 * DAY


@pytest.mark.parametrize("reason", BAD)
def test_what_was_read_or_is_named_is_asked_for_ever_less_often_and_never_given_up(reason: Reason) -> None:
    read, last = looks_until(reason, lambda _at, looks: UrlHistory(looks=looks, was_read=True))
    assert last.due_at is not None
    assert last.due_at - read[-1] <= CEILING_READ
    named, last = looks_until(reason, lambda at, looks: UrlHistory(looks=looks, named_at=at - NAMED_FOR / 2))
    assert last.due_at is not None
    assert last.due_at - named[-1] <= CEILING_ARTICLE
    assert len(named) <= 12 * 2 + 20


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "article"])
@pytest.mark.parametrize("reason", BAD)
def test_a_source_of_links_is_never_given_up(kind: LinkKind, reason: Reason) -> None:
    looks, last = looks_until(reason, kind=kind)
    assert last.due_at is not None
    assert last.due_at - looks[-1] <= CEILING_LISTING


@pytest.mark.parametrize("reason", BAD)
def test_looks_at_a_host_in_trouble_prove_nothing(reason: Reason) -> None:
    def untrusted(_at: datetime, looks: Sequence[Sighting]) -> UrlHistory:
        return UrlHistory(looks=[Sighting(at=look.at, reason=look.reason, is_trusted=False) for look in looks])

    assert looks_until(reason, untrusted)[1].due_at is not None


def test_a_look_at_which_nothing_was_heard_neither_confirms_nor_refutes() -> None:
    said = [Reason.GONE, Reason.DNS, Reason.GONE, Reason.BUG, Reason.GONE, Reason.RATE_LIMITED, Reason.GONE]
    looks = [Sighting(at=NOW + 3 * number * DAY, reason=each) for number, each in enumerate(said)]
    assert conclusion(UrlHistory(looks=looks), looks[-1].at) == "gone at 4 looks on 4 days, 2026-03-01 to 2026-03-19"
    looks[2] = Sighting(at=looks[2].at, reason=Reason.NOT_ARTICLE)
    assert conclusion(UrlHistory(looks=looks), looks[-1].at) is None


def test_a_page_past_the_end_of_an_index_is_settled_by_two_looks_on_two_days() -> None:
    for options in ({"is_led": True}, {"published_at": NOW - 400 * DAY}):
        first = Sighting(at=NOW, reason=Reason.GONE, status=404)
        one = after_attempt("index", Reason.GONE, now=NOW, history=UrlHistory(looks=[first]), **options)
        assert one.due_at == NOW + DAY
        second = Sighting(at=one.due_at, reason=Reason.GONE, status=404)
        history = UrlHistory(looks=[first, second])
        two = after_attempt("index", Reason.GONE, now=one.due_at, failures=1, history=history, **options)
        assert (two.due_at, two.conclusion) == (None, None), "settled, not given up"


def test_dead_links_are_told_from_a_host_in_trouble() -> None:
    assert is_in_trouble(Standing(asked=4))
    assert is_in_trouble(Standing(asked=30, well=2, fresh=12, fresh_well=2)), (
        "its feed still answers; what is new does not"
    )
    assert not is_in_trouble(Standing(asked=60, well=4, fresh=4, fresh_well=4)), (
        "a cluster of dead links is asked again"
    )
    assert not is_in_trouble(Standing(asked=20, well=12, fresh=18, fresh_well=12))
