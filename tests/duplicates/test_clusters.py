"""Clusters of copies: found with measured precision and recall, in any order, and without loss."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.near_clusters import Printed, printed, weather
from benchmarks.near_clusters import keep as keep_printed
from benchmarks.near_clusters import measure as measure_clusters
from benchmarks.near_copies import COPIES, copy_of, labelled_set, measure, other_than, story
from scraper.archive.ask import counts
from scraper.archive.file import connection
from scraper.archive.write import clusters
from scraper.cli import cli
from scraper.duplicates import Progress, update_clusters
from scraper.duplicates.candidates import METHOD, _libraries, candidate_groups, signature
from scraper.duplicates.prepared_text import compare, is_copy, is_same_form, prepared_text
from scraper.duplicates.quotes import quotations
from scraper.errors import ExtraMissing
from scraper.records import Block
from tests.archive.made import article, opened, save

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_copies_are_found_and_other_texts_are_not() -> None:
    scores = measure(labelled_set(stories=15, seed=11))
    assert scores.precision >= 0.99, scores.wrong
    assert min(recall for how, recall in scores.by_sort.items() if how != "25 % of words") >= 0.8, scores.by_sort
    assert scores.recall >= 0.9


@given(st.text(max_size=300), st.text(max_size=300))
@settings(deadline=None)
def test_comparing_is_symmetric_and_bounded(one: str, other: str) -> None:
    a, b = prepared_text(one), prepared_text(other)
    assert compare(a, b) == compare(b, a)
    assert 0 <= compare(a, b).jaccard <= compare(a, b).containment <= 1
    assert is_copy(a, b) == is_copy(b, a)
    assert compare(a, a).jaccard == 1


def test_short_texts_are_copies_only_word_for_word() -> None:
    words = " ".join(f"kata{number}" for number in range(30))
    assert is_copy(prepared_text(words), prepared_text(words.upper() + "."))
    assert not is_copy(prepared_text(words), prepared_text(words + " lagi"))
    assert not is_copy(prepared_text("Foto: Antara"), prepared_text("Foto: Antara"))
    assert not is_copy(prepared_text(""), prepared_text(""))


def test_a_signature_is_the_same_everywhere() -> None:
    # Signatures are stored: when this changes, METHOD has to change with it.
    assert METHOD == "minhash/1 3x42, quotations/1"
    assert (
        signature(sorted(prepared_text("satu dua tiga empat lima").shingles)).hex()[:32]
        == "cb39b428ffd491d77d18e183921c2798"
    )


def test_each_pair_is_looked_at_that_has_a_new_text_in_it() -> None:
    chance = random.Random(3)
    paragraphs = story(chance)
    texts = [prepared_text(copy_of(paragraphs, how, chance)) for how in ("verbatim", "new lede", "paragraphs added")]
    signed = [signature(sorted(text.shingles)) for text in texts]

    def pairs(*is_new: bool) -> set[frozenset[int]]:
        return {frozenset((one, other)) for one, others in candidate_groups(signed, is_new) for other in others}

    assert pairs(True, True, True) == {frozenset(pair) for pair in ((0, 1), (0, 2), (1, 2))}
    assert pairs(False, False, True) == {frozenset(pair) for pair in ((0, 2), (1, 2))}
    assert pairs(False, False, False) == set()


def keep(db: Any, name: str, text: str, *, site: str = "a", hour: int = 0) -> None:
    url = f"https://contoh.id/2026/03/01/{name}"
    body = tuple(Block(kind="paragraph", text=part) for part in text.split("\n\n"))
    what = replace(article(url=url, site=site, published_at=NOW + timedelta(hours=hour)), body=body)
    save(db, what, text.encode(), url=url)


def partition(db: Any) -> dict[frozenset[str], str]:
    """The clusters as sets of names, each with the name of its first article."""
    return {
        frozenset(member.url.rpartition("/")[2] for member in cluster.members): cluster.members[0].url.rpartition("/")[
            2
        ]
        for cluster in clusters.clusters(db, limit=1000)
    }


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = {}
    for number in range(4):
        chance = random.Random(number)
        paragraphs = story(chance)
        found[f"{number}-asli"] = "\n\n".join(paragraphs)
        for how in chance.sample(COPIES[:9], 3):
            found[f"{number}-{how.replace(' ', '')}"] = copy_of(paragraphs, how, chance)
        found[f"{number}-lain"] = other_than(paragraphs, "same event, same quotes", chance)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_neither_order_nor_the_number_of_updates_matters(texts: dict[str, str], tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = list(texts)
    hours = {name: hour for hour, name in enumerate(names)}
    chance.shuffle(names)
    with opened(tmp_path / "a.db") as db:
        for part in (names[: 5 * seed], names[5 * seed :]):
            with connection.transaction(db):
                for name in part:
                    keep(db, name, texts[name], hour=hours[name])
            update_clusters(db, now=NOW)
        found = partition(db)
        assert update_clusters(db, now=NOW) == 0
        assert partition(db) == found
    assert len(found) == 4
    for members, first in found.items():
        assert len(members) == 4
        assert first.endswith("-asli")
        assert not any(name.endswith("-lain") for name in members)


@pytest.mark.parametrize("seed", [9])
def test_clusters_do_not_chain_and_are_those_of_one_update_whatever_came_when(tmp_path: Path, seed: int) -> None:
    scores = measure_clusters(seed, stories=4)
    assert min(scores.pairs) >= 0.75, scores
    assert min(scores.bcubed) >= 0.85, scores
    assert min(scores.same) >= 0.9, scores
    assert min(scores.quotes) == 1, scores
    assert scores.lowest >= 1, "each member is a copy of the central one"
    assert scores.drift <= 7, scores

    texts, chance = printed(seed, stories=4), random.Random(seed)
    parted = partitions(texts, tmp_path / "one.db", [range(len(texts))])
    order = list(range(len(texts)))
    chance.shuffle(order)
    assert partitions(texts, tmp_path / "many.db", [order[:50], order[50:60], order[60:61], order[61:]]) == parted


def partitions(texts: list[Printed], path: Path, updates: Sequence[Sequence[int]]) -> set[tuple[int, frozenset[int]]]:
    """The clusters (central text, all texts) after these have come one after the other, and some that went meanwhile."""
    names: list[int] = []
    with opened(path) as db:
        for number, update in enumerate(updates):
            if number:  # articles that come and go leave no trace
                gone = keep_printed(
                    db, [replace(texts[each], site="gone") for each in (*update[:5], *names[:5])], len(texts)
                )
                update_clusters(db, now=NOW)
                for article_id in gone:
                    db.execute("DELETE FROM articles WHERE id = ?", [article_id])
            keep_printed(db, [texts[each] for each in update], len(names))
            names += update
            update_clusters(db, now=NOW)
            assert update_clusters(db, now=NOW) == 0
        name = {f"https://contoh.id/{number}": each for number, each in enumerate(names)}
        return {
            (
                next(name[each.url] for each in cluster.members if each.article_id == cluster.central_article_id),
                frozenset(name[each.url] for each in cluster.members),
            )
            for cluster in clusters.clusters(db, limit=1000)
        }


def test_a_form_that_is_filled_in_anew_is_no_copy() -> None:
    chance = random.Random(2)
    monday, tuesday, *_ = (prepared_text(text) for text in weather(chance))
    assert is_copy(monday, tuesday)  # by its words
    assert is_same_form(monday, tuesday)
    paragraphs = story(chance)
    for how in ("verbatim", "trimmed to 60 %", "new lede", "paragraphs added", "other dateline", "reordered"):
        assert not is_same_form(
            prepared_text("\n\n".join(paragraphs)), prepared_text(copy_of(paragraphs, how, chance))
        ), how


def test_what_stands_between_quotation_marks() -> None:
    words = "kami tidak akan pindah sebelum ganti rugi dibayar lunas"
    for text in (f"“{words}.”", f'"{words.upper()}, "', f"«{words}»", f"„{words}“"):
        assert len(quotations(f"Ia berkata: {text} ujarnya.")) == 1, text
    assert quotations(f"“{words}.”").keys() == quotations(f'Kata dia, "{words}"').keys()
    assert len(quotations(f"“{words}. Itu saja. {words[5:]} besok pagi juga.”")) == 2
    assert quotations("Ia bilang “terlalu pendek untuk itu semua”.") == {}
    assert quotations(f'Sebuah " yang tidak ditutup\n\n{words} " lagi') == {}


def test_a_changed_or_removed_article_leaves_its_cluster(tmp_path: Path) -> None:
    chance = random.Random(5)
    paragraphs = story(chance)
    whole = "\n\n".join(paragraphs)
    with opened(tmp_path / "a.db") as db:
        for number, name in enumerate(("satu", "dua", "tiga")):
            keep(db, name, whole, site=name, hour=number)
        assert update_clusters(db, now=NOW) == 3
        assert partition(db) == {frozenset(("satu", "dua", "tiga")): "satu"}
        [cluster] = clusters.clusters(db)
        assert (cluster.articles, cluster.sites, cluster.first_site) == (3, 3, "satu")
        keep(db, "satu", "\n\n".join(story(chance)), site="satu")
        assert update_clusters(db, now=NOW) == 3  # what was left of the cluster as well
        assert partition(db) == {frozenset(("dua", "tiga")): "dua"}
        keep(db, "empat", whole, hour=9)
        update_clusters(db, now=NOW)
        for name in ("tiga", "dua"):  # a member, then the first one
            db.execute("DELETE FROM articles WHERE url LIKE ?", [f"%/{name}"])
            update_clusters(db, now=NOW)
        assert partition(db) == {}
        assert counts.stats(db).articles == 2


def test_an_update_that_was_cut_short_is_finished_by_the_next(tmp_path: Path) -> None:
    whole = "\n\n".join(story(random.Random(6)))

    def stop(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with opened(tmp_path / "a.db") as db:
        keep(db, "satu", whole)
        keep(db, "dua", whole)
        with pytest.raises(KeyboardInterrupt):
            update_clusters(db, now=NOW, on_progress=stop)
        assert partition(db) == {}
        update_clusters(db, now=NOW)
        assert partition(db) == {frozenset(("satu", "dua")): "satu"}


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    _libraries.cache_clear()
    monkeypatch.setitem(sys.modules, "datasketch", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'kliping\[near\]'"):
        signature([1])
    _libraries.cache_clear()


def test_the_command(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    whole = "\n\n".join(story(random.Random(8)))
    with opened(tmp_path / "a.db") as db:
        keep(db, "satu", whole, site="a")
        keep(db, "dua", whole + " Selesai.", site="b", hour=3)
        keep(db, "tiga", "\n\n".join(story(random.Random(9))), site="c")
    run = CliRunner()
    none = run.invoke(cli, ["clusters", "--archive", path])
    assert (none.exit_code, none.stdout) == (3, "")
    assert "--update looks for them" in none.stderr
    shown = run.invoke(cli, ["clusters", "--update", "--archive", path])
    assert shown.exit_code == 0
    assert shown.stderr == "3 articles compared\n"
    head, central, other = shown.stdout.splitlines()
    assert head == "2 articles, 2 sites, first: a"
    assert central.startswith("* ")
    assert "central" in central
    assert "same 1.00" in other
    assert run.invoke(cli, ["clusters", "--kind", "rewrite", "--archive", path]).exit_code == 3
    assert "no quotation" in run.invoke(cli, ["clusters", "--kind", "quote", "--archive", path]).stderr
    as_json = run.invoke(cli, ["clusters", "--site", "b", "--json", "--archive", path])
    [line] = as_json.stdout.splitlines()
    assert [member["site"] for member in json.loads(line)["members"]] == ["a", "b"]
    assert run.invoke(cli, ["clusters", "--site", "c", "--archive", path]).exit_code == 3
