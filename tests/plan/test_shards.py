"""Every publisher has one crawler, the same for everyone who computes it; when a crawler leaves or joins, only the
publishers that must move do.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import PlanError
from scraper.plan.host_shards import Shard, owner, parse_shard
from scraper.plan.timetable import parse_timetable, turns_of

DOMAINS = [f"koran-{number}.co.id" for number in range(1000)]
PLAN = "contact = 'redaksi@contoh.id'\n[[crawls]]\ntargets = ['tribun', 'antara', 'https://contoh.id/feed']\n"


def of(count: int, *without: int) -> Shard:
    number = next(each for each in range(1, count + 1) if each not in without)
    return Shard(number=number, count=count, without=frozenset(without))


@given(count=st.integers(2, 9), gone=st.integers(1, 9), domain=st.sampled_from(DOMAINS))
def test_only_the_publishers_of_the_one_that_is_gone_move(count: int, gone: int, domain: str) -> None:
    gone = min(gone, count)
    before, after = owner(domain, of(count)), owner(domain, of(count, gone))
    assert before in (after, gone)
    assert after != gone
    assert owner(domain, of(count + 1)) in (before, count + 1)


def test_the_shares_are_even_and_each_host_of_a_publisher_goes_with_it() -> None:
    shares = Counter(owner(domain, of(4)) for domain in DOMAINS)
    assert sorted(shares) == [1, 2, 3, 4]
    assert max(shares.values()) < 1.25 * min(shares.values())
    shards = [Shard(number=number, count=4) for number in (1, 2, 3, 4)]
    hosts = ("pontianak.tribunnews.com", "www.tribunnews.com", "tribunnews.com")
    assert {tuple(shard.owns(host) for shard in shards) for host in hosts} == {
        tuple(shard.owns_url("https://kaltim.tribunnews.com/2019/x") for shard in shards)
    }


def test_an_assignment_never_changes_between_versions() -> None:
    """Archives of many months hang on it: another weight would hand every publisher to another crawler."""
    expected = {"tribunnews.com": 4, "antaranews.com": 2, "pikiran-rakyat.com": 3, "jawapos.com": 2, "contoh.id": 3}
    assert {domain: owner(domain, of(4)) for domain in expected} == expected


@pytest.mark.parametrize(
    ("text", "without", "why"),
    [
        ("2", (), "write"),
        ("0/4", (), "from 1 to 4"),
        ("5/4", (), "from 1 to 4"),
        ("2/4", (2,), "itself"),
        ("2/4", (7,), "no shard 7"),
    ],
)
def test_what_is_no_shard_is_named(text: str, without: tuple[int, ...], why: str) -> None:
    with pytest.raises(PlanError, match=why):
        parse_shard(text, without)


def test_the_targets_of_a_plan_are_shared_out() -> None:
    timetable = parse_timetable(PLAN)
    whole = {turn.target for turn in turns_of(timetable)}
    shares = []
    for number in (1, 2, 3):
        try:
            shares.append({turn.target for turn in turns_of(timetable, Shard(number=number, count=3))})
        except PlanError as error:
            assert "too many shards" in str(error)
    assert set().union(*shares) == whole
    assert sum(map(len, shares)) == len(whole)
