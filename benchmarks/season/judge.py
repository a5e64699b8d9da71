"""What an archive holds at the end of a season, compared with what the papers published."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.season.moments import WALLS
from benchmarks.season.papers import DAY, url_of
from scraper.archive.ask import versions
from scraper.plan.looks import ARTICLE_AGES
from scraper.urls import host_of

if TYPE_CHECKING:
    from benchmarks.season.papers import Paper, Story
    from scraper.archive.file.library import Archive

Text = tuple[str, ...]
GRACE_S = 5 * DAY  # the looks at an article are at ages up to a month, its edits are on its first day


@dataclass(slots=True)
class Verdict:
    """Counts of what is right and wrong, for each wrong the first few examples, and the wrongs of each paper by its host."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    of_host: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, what: str, example: str = "", times: int = 1) -> None:
        """Count something, with an example of it that begins with a URL."""
        self.counts[what] += times
        if example:
            host = host_of(example.partition(" ")[0]).removeprefix("www.").replace("-baru.", ".")
            self.of_host.setdefault(host, Counter())[what] += times
        if example and len(found := self.examples.setdefault(what, [])) < 5:
            found.append(example)


# What must not happen: each of these counts must be 0.
FAULTS = (
    "articles missing",
    "articles in an old version",
    "walls that are articles",
    "articles that are half a page or garbled",
    "good versions that were replaced by a wall",
    "good versions that were replaced by something else",
    "articles kept twice",
    "revisions that no publisher made",
    "withdrawals not noticed",
    "URLs given up without evidence",
)


@dataclass(slots=True)
class Truth:
    """All texts that the papers ever published, by their paragraphs."""

    papers: list[Paper]
    by_paragraph: dict[str, tuple[Paper, Story]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for paper in self.papers:
            for story in paper.stories:
                self.by_paragraph |= {text: (paper, story) for each in story.versions for text in each.paragraphs}

    def story_of(self, text: Text) -> tuple[Paper, Story] | None:
        """The article to which a text belongs, by most of its paragraphs; None if it belongs to no paper."""
        hits = [self.by_paragraph[paragraph] for paragraph in text if paragraph in self.by_paragraph]
        return max(hits, key=hits.count) if hits else None


def is_wall(text: Text) -> bool:
    """Whether a text says what a wall says."""
    whole = " ".join(text)
    return any(part in whole for wall in WALLS.values() for part in wall.strip(".").split(". "))


def index_of(story: Story, text: Text) -> int | None:
    """Which version of an article a text is; None if it is not one."""
    return next((number for number, each in enumerate(story.versions) if each.paragraphs == text), None)


def begun(story: Story, text: Text) -> int | None:
    """Which version of an article a text is, or the first paragraph of, as in a teaser; None if it is neither."""
    whole = index_of(story, text)
    if whole is not None or len(text) != 1:
        return whole
    return next((number for number, each in enumerate(story.versions) if each.paragraphs[:1] == text), None)


def judge(db: Archive, papers: list[Paper], end: float) -> Verdict:
    """Compare an archive with the truth, at a moment of the season."""
    truth, verdict = Truth(papers), Verdict()
    kept: dict[int, list[str]] = {}
    ids = db.execute("SELECT id, url FROM articles ORDER BY id").fetchall()
    for article_id, url in ids:
        history = versions.versions_of(db, article_id)
        texts = [each.version.blocks for each in history.versions]
        found = truth.story_of(texts[-1]) or next(filter(None, map(truth.story_of, texts)), None)
        _judge_versions(verdict, url, texts, found[1] if found else None)
        by_publisher = sum(each.by == "publisher" for each in history.versions)
        if found is None:
            continue
        story = found[1]
        kept.setdefault(id(story), []).append(url)
        _judge_history(verdict, url, story, texts, by_publisher)
        _judge_end(verdict, story, url, texts[-1], end, is_withdrawn=history.withdrawn_at is not None)
    for paper in papers:
        for story in paper.stories:
            _judge_kept(verdict, paper, story, kept.get(id(story), []), end)
    _judge_given_up(db, verdict)
    return verdict


def _judge_versions(verdict: Verdict, url: str, texts: list[Text], story: Story | None) -> None:
    """Whether the stored text was ever published, and whether anything else replaced such a text."""
    seen_good = False
    for number, text in enumerate(texts):
        is_last = number == len(texts) - 1
        if story is not None and index_of(story, text) is not None:
            seen_good = True
            continue
        what = "wall" if is_wall(text) else "something else"
        if seen_good:
            verdict.note(
                f"good versions that were replaced by {'a wall' if what == 'wall' else what}", f"{url}: {text[0][:60]}"
            )
        if is_last and what == "wall":
            verdict.note("walls that are articles", f"{url}: {text[0][:60]}")
        elif is_last:
            verdict.note("articles that are half a page or garbled", f"{url}: {len(text)} paragraphs: {text[0][:60]}")


def _judge_history(verdict: Verdict, url: str, story: Story, texts: list[Text], by_publisher: int) -> None:
    """Revisions attributed to the publisher beyond those it made, in what is not a fault of its own."""
    good = [number for text in texts if (number := begun(story, text)) is not None]
    changes = sum(before != after for before, after in pairwise(good))
    if by_publisher > changes:
        verdict.note("revisions that no publisher made", f"{url}: {by_publisher} for {changes}", by_publisher - changes)


def _judge_end(verdict: Verdict, story: Story, url: str, text: Text, end: float, *, is_withdrawn: bool) -> None:
    until = min(end, story.withdrawn_at or end) - GRACE_S
    number = index_of(story, text)
    oldest = max((number for number, each in enumerate(story.versions) if each.at <= until), default=0)
    if number is not None and number < oldest:
        verdict.note(
            "articles in an old version", f"{url}: {number} of {oldest}, appeared on day {story.appeared / DAY:.1f}"
        )
    if story.withdrawn_at is not None and _next_look(story, story.withdrawn_at) < end - GRACE_S and not is_withdrawn:
        verdict.note("withdrawals not noticed", f"{url}: withdrawn on day {story.withdrawn_at / DAY:.1f}")


def _next_look(story: Story, after: float) -> float:
    """The latest time, by its age, at which an article is looked at after a moment: none is requested in between, and
    none after a month.
    """
    return next((look for age in ARTICLE_AGES if (look := story.appeared + age.total_seconds()) > after), float("inf"))


def _judge_kept(verdict: Verdict, paper: Paper, story: Story, urls: list[str], end: float) -> None:
    verdict.note("articles published")
    verdict.note("versions published", times=len(story.versions))
    if not urls:
        is_due = story.appeared < end - DAY and (story.withdrawn_at or end) - story.appeared > 3 * DAY
        verdict.note("articles missing" if is_due else "articles not seen yet", f"{url_of(paper, story, end)}")
    elif len(urls) > 1:
        verdict.note("articles kept twice", " + ".join(urls), len(urls) - 1)
    verdict.note("articles kept", times=bool(urls))


def _judge_given_up(db: Archive, verdict: Verdict) -> None:
    """URLs that will not be asked for again after a failure: each needs looks on different days that agree."""
    rows = db.execute(
        "SELECT u.url, u.kind, l.reason, count(*), count(DISTINCT substr(f.at, 1, 10)), sum(f.reason = l.reason)"
        " FROM urls AS u JOIN fetches AS l ON l.id = (SELECT max(id) FROM fetches WHERE url_id = u.id)"
        " JOIN fetches AS f ON f.url_id = u.id LEFT JOIN frontier AS q ON q.url_id = u.id"
        " WHERE q.url_id IS NULL AND l.reason NOT IN ('ok', 'unchanged', 'paywalled') GROUP BY u.id"
    ).fetchall()
    for url, kind, reason, looks, days, same in rows:
        verdict.note("URLs given up")
        if kind != "article" or same < 3 or days < 2:
            verdict.note("URLs given up without evidence", f"{url} ({kind}): {reason}, {looks} looks on {days} days")
