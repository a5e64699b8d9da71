"""How well copies are put together into clusters: the labelled set, the real update, and other linkages of the same
pairs.

    python -m benchmarks.near_clusters [--seeds 3] [--articles 10000]

Stories and their copies are those of benchmarks/near_copies.py, each from its own papers on one day, in any order.
Among them are the texts that make clusters chain: round-ups that contain four stories whole or two paragraphs of each,
others' reports on the same event with the same quotes, follow-ups, the weather and the prices of fifteen days by one
paper, and texts that were copied from copy to copy, with one word in ten replaced each time ("drift": nobody can say
where one story ends, so it counts for no score).

--articles measures the cost instead: CPU of a first update of that many articles of 350 words (every third a copy), and
of updates with 200 more each, a day's worth.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from benchmarks.archive_queries import texts as plain_texts
from benchmarks.archive_queries import vocabulary
from benchmarks.near_copies import COPIES, OBJECTS, OTHERS, PEOPLE, PLACES, POSTS, SUBJECTS, copy_of, other_than, story
from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.archive.write import clusters as archive_clusters
from scraper.duplicates import shared_quotes, update_clusters
from scraper.duplicates.prepared_text import MIN_JACCARD, PreparedText, copied, is_same_form, prepared_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.archive.file.library import Archive

WEATHER = "cerah,berawan,cerah berawan,hujan ringan,hujan petir,berkabut,hujan sedang,udara kabur".split(",")
START = datetime(2026, 3, 1, 5, tzinfo=UTC)
DAYS = 15
SAME = ("original", "verbatim", "new lede", "typography", "trimmed to 60 %", "trimmed to 40 %", "last 60 %", "paragraphs added", "other dateline", "reordered", "8 % of words")  # fmt: skip
_INSERT = (
    "INSERT INTO articles (url, site, headline, published_at, published_utc, body, blocks, words, content_hash, record_hash, kind,"
    " section, page, page_count, access, layout, provenance, warnings, first_seen_at, last_seen_at) VALUES"
    " (?, ?, 'Berita', ?, ?, ?, '[]', 400, ?, ?, 'article', '[]', 1, 1, 'free', 'x/1', '{}', '[]', '2026', '2026')"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A text in a paper; those of one `story` are copies of each other, and `quote` occurs in several stories."""

    story: str
    how: str
    site: str
    at: datetime
    text: str
    quote: str = ""


def weather(chance: random.Random) -> list[str]:
    """A paper's daily weather reports: mostly the same as the day before."""
    rows = [[place, *(chance.choice(WEATHER) for _ in range(3))] for place in PLACES]
    found = []
    for _ in range(DAYS):
        for row in rows:
            if chance.random() < 0.5:
                row[chance.randint(1, 3)] = chance.choice(WEATHER)
        lines = [f"Wilayah {place} pagi {a}, siang {b} dan malam {c}, angin bertiup pelan." for place, a, b, c in rows]
        found.append("\n\n".join(lines))
    return found


def drift(chance: random.Random) -> list[str]:
    """A text, and a series of copies, each made from the previous copy."""
    words = "\n\n".join(story(chance) + story(chance)).split(" ")
    found = [" ".join(words)]
    for _ in range(DAYS - 1):
        for place in chance.sample(range(len(words)), len(words) // 10):
            words[place] = chance.choice(OBJECTS + SUBJECTS)
        found.append(" ".join(words))
    return found


def printed(seed: int, stories: int = 12) -> list[Printed]:
    """The labelled set."""
    chance = random.Random(f"clusters {seed}")
    found: list[Printed] = []

    def put(story: str, how: str, site: str, day: int, text: str, quote: str = "") -> None:
        found.append(Printed(story, how, site, START + timedelta(days=day, minutes=chance.randrange(900)), text, quote))

    told = [story(chance) for _ in range(stories)]
    for number, paragraphs in enumerate(told):
        whole = "\n\n".join(paragraphs)
        said = f"{chance.choice(SUBJECTS)} {chance.choice(OBJECTS)} kami urus dulu baru bicara soal ganti rugi, itu janji saya {number}"
        quoted = f'"{said}," ujar {chance.choice(POSTS)} {chance.choice(PEOPLE)}.'
        put(f"{number}", "original", "wire", number, f"{whole}\n\n{quoted}", said)
        for place, how in enumerate(COPIES):
            put(f"{number}", how, f"paper{place}", number, copy_of(paragraphs, how, chance))
        words = whole.split(" ")
        put(f"{number}", "last 60 %", "paper20", number, " ".join(words[-round(0.6 * len(words)) :]))
        for place, how in enumerate(OTHERS[:3]):
            put(f"{number} {how}", how, f"paper3{place}", number, other_than(paragraphs, how, chance))
        put(f"{number} own", "own report, one quote", "paper33", number, "\n\n".join([*story(chance), quoted]), said)
    for first in range(0, stories, 4):
        four = told[first : first + 4]
        put(f"r{first}", "round-up, whole", "paper40", first, "\n\n".join("\n\n".join(each) for each in four))
        put(f"p{first}", "round-up, parts", "paper41", first, "\n\n".join("\n\n".join(each[:2]) for each in four))
    for number in range(2):
        for day, text in enumerate(weather(chance)):
            put(f"w{number} {day}", "weather", f"paper5{number}", day, text)
        for day in range(DAYS):
            put(f"h{number} {day}", "prices", f"paper6{number}", day, other_than([], OTHERS[3], chance))
        for day, text in enumerate(drift(chance)):
            put(f"d{number}", "drift", f"paper{day}", 1, text)
    chance.shuffle(found)
    return found


def keep(db: Archive, texts: Sequence[Printed], first: int = 0) -> list[int]:
    """Put articles into an archive, with numbers in their addresses from `first` on; their ids."""
    ids = []
    with connection.transaction(db):
        for number, each in enumerate(texts, start=first):
            at = each.at.strftime("%Y-%m-%dT%H:%M:%SZ")
            key = b"%32d" % number
            url = f"https://contoh.id/{number}" if each.site != "gone" else f"https://gone.example/{number}"
            db.execute(_INSERT, [url, each.site, at, at, each.text, key, key])
            ids.append(int(db.execute("SELECT last_insert_rowid()").fetchall()[0][0]))
    return ids


@dataclass(frozen=True, slots=True)
class Scores:
    """`pairs` and `bcubed` (A. Bagga and B. Baldwin, 1998): (precision, recall). `same` likewise, of members against the central one."""

    pairs: tuple[float, float]
    bcubed: tuple[float, float]
    drift: int
    same: tuple[float, float] = (0, 0)
    by_sort: Counter[str] | None = None
    quotes: tuple[float, float] = (0, 0)
    lowest: float = 0


def scored(labels: Sequence[int], texts: Sequence[Printed], **more: Any) -> Scores:
    """For a cluster assigned to each text; `drift` is the largest number of links of a chain of copies in one cluster."""
    kept = [number for number, each in enumerate(texts) if each.how != "drift"]
    mine, truth = [labels[number] for number in kept], [texts[number].story for number in kept]
    clusters, stories, both = Counter(mine), Counter(truth), Counter(zip(mine, truth, strict=True))
    right = sum(n * (n - 1) for n in both.values())
    return Scores(
        pairs=(
            right / sum(n * (n - 1) for n in clusters.values()),
            right / sum(n * (n - 1) for n in stories.values()),
        ),
        bcubed=(
            sum(n * n / clusters[cluster] for (cluster, _), n in both.items()) / len(kept),
            sum(n * n / stories[each] for (_, each), n in both.items()) / len(kept),
        ),
        drift=max(Counter(labels[n] for n, each in enumerate(texts) if each.how == "drift").values()),
        **more,
    )


def measure(seed: int, stories: int = 12) -> Scores:
    """The result of the real update on the set."""
    texts = printed(seed, stories)
    with (
        tempfile.TemporaryDirectory() as home,
        open_archive(Path(home) / "a.db", mode="crawl", min_free_bytes=0) as db,
    ):
        keep(db, texts)
        update_clusters(db, now=START)
        found = archive_clusters.clusters(db, limit=10_000)
        quotes = shared_quotes(db, limit=10_000)
    labels = [-number for number in range(1, len(texts) + 1)]
    called: Counter[tuple[bool, bool]] = Counter()
    by_sort: Counter[str] = Counter()
    for cluster in found:
        central = texts[(cluster.central_article_id or 0) - 1]
        for member in cluster.members:
            each = texts[member.article_id - 1]
            labels[member.article_id - 1] = cluster.cluster_id
            if each is not central and each.how != "drift":
                is_same = each.story == central.story and each.how in SAME and central.how in SAME
                called[member.kind == "same", is_same] += 1
                by_sort[f"{each.how}: {member.kind}{'' if each.story == central.story else ', wrongly'}"] += 1
    right = sum(len({texts[each.article_id - 1].quote for each in quote.articles}) == 1 for quote in quotes)
    asked = sum(each.how == "own report, one quote" for each in texts)
    return scored(
        labels,
        texts,
        same=(
            called[True, True] / (called[True, True] + called[True, False]),
            called[True, True] / (called[True, True] + called[False, True]),
        ),
        by_sort=by_sort,
        quotes=(right / max(1, len(quotes)), right / asked),
        lowest=min(
            max(each.similarity / MIN_JACCARD, each.containment / 0.75) for cluster in found for each in cluster.members
        ),
    )


def linked(texts: Sequence[Printed], way: str, floor: float) -> list[int]:
    """A cluster for each text by another linkage of the same similarities."""
    # The tests that measure need none of these.
    import numpy as np  # noqa: PLC0415
    from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]  # noqa: PLC0415
    from scipy.spatial.distance import squareform  # type: ignore[import-untyped]  # noqa: PLC0415

    prepared = [prepared_text(each.text) for each in texts]
    like = np.zeros((len(texts), len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        like[one, other] = like[other, one] = _likeness(prepared[one], prepared[other], texts[one], texts[other])
    np.fill_diagonal(like, 1)
    if way != "leader":
        return [int(each) for each in fcluster(linkage(squareform(1 - like), way), 1 - floor, "distance")]
    labels = [-1] * len(texts)
    leaders: list[int] = []
    for number in sorted(range(len(texts)), key=lambda each: texts[each].at):
        best = max(leaders, key=lambda leader: like[number, leader], default=None)
        if best is not None and like[number, best] >= floor:
            labels[number] = best
        else:
            leaders.append(number)
            labels[number] = number
    return labels


def _likeness(one: PreparedText, other: PreparedText, here: Printed, there: Printed) -> float:
    found = copied(one, other)
    is_form = here.site == there.site and here.at.date() != there.at.date() and is_same_form(one, other)
    return 0.0 if found is None or is_form else found.weight


def edited(body: str, chance: random.Random) -> str:
    """A copy: unchanged, without its last paragraph, with another first one, or with a word in twelve replaced."""
    paragraphs = body.split("\n\n")
    how = chance.randrange(4)
    if how == 1:
        return "\n\n".join(paragraphs[:-1])
    if how == 2:
        return "\n\n".join(("Kabar ini datang pagi tadi dari daerah", *paragraphs[1:]))
    words = body.split(" ")
    for place in chance.sample(range(len(words)), len(words) // 12) if how == 3 else ():
        words[place] = "kata"
    return " ".join(words)


def cost(count: int, days: int = 3, daily: int = 200) -> None:
    """Print CPU seconds of a first update, and of those of the days after it."""
    chance = random.Random(1)
    bodies = iter(plain_texts(count + days * daily, vocabulary(chance), chance))
    with (
        tempfile.TemporaryDirectory() as home,
        open_archive(Path(home) / "a.db", mode="crawl", min_free_bytes=0) as db,
    ):
        first = 0
        for day, size in enumerate([count, *[daily] * days]):
            told: list[Printed] = []
            while len(told) < size:
                body, at = next(bodies), START + timedelta(days=700 + day if day else chance.randrange(700))
                for copy in range(chance.choice((1, 1, 1, 1, 1, 2, 3, 5))):
                    text = edited(body, chance) if copy else body
                    told.append(Printed("", "", f"paper{chance.randrange(50)}", at, text))
            keep(db, told[:size], first)
            first += size
            started = time.process_time()
            update_clusters(db, now=START)
            print(f"{size} articles, {first} in the archive: {time.process_time() - started:.2f} s of CPU", flush=True)


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--articles", type=int)
    given = parser.parse_args()
    if given.articles:
        cost(given.articles)
        return
    seeds = range(1, given.seeds + 1)
    print(
        "| linkage | pairs: precision | recall | BCubed: precision | recall | drift in one cluster |\n|---|---|---|---|---|---|"
    )
    rows = {way: [scored(linked(printed(seed), way, MIN_JACCARD), printed(seed)) for seed in seeds] for way in ("single", "complete", "average", "leader")}  # fmt: skip
    rows["kliping clusters"] = [measure(seed) for seed in seeds]
    for way, scores in rows.items():
        means = [fmean(column) for column in zip(*((*each.pairs, *each.bcubed) for each in scores), strict=True)]
        print(
            f"| {way} | {' | '.join(f'{mean:.3f}' for mean in means)} | {max(each.drift for each in scores)} of {DAYS} |"
        )
    own = rows["kliping clusters"]
    for name in ("same", "quotes"):
        print(
            name,
            "precision, recall:",
            *(f"{mean:.3f}" for mean in map(fmean, zip(*(getattr(each, name) for each in own), strict=True))),
        )
    print("least likeness with the central text, in parts of what is asked for:", min(each.lowest for each in own))
    for sort, count in sorted(sum((each.by_sort or Counter() for each in own), Counter()).items()):
        print(f"{count:5} {sort}")


if __name__ == "__main__":
    main()
