"""Words of a selection: the most common, those that distinguish it from the rest of the archive, runs of words, and
collocations.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

from scraper.analysis.measures import (
    Contingency,
    log_dice,
    log_likelihood,
    log_ratio,
    most_surprising,
    mutual_information,
)
from scraper.analysis.tokens import function_words, is_unspaced, word_spans, words
from scraper.archive.ask import passages, terms
from scraper.archive.ask.filters import ALL
from scraper.archive.ask.passages import Text
from scraper.language import tell_language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.passages import Passage
    from scraper.archive.ask.search import Understood
    from scraper.archive.file.library import Archive

    # Called with what is being processed, how many are done, and of how many.
    OnProgress = Callable[[str, int, int], None]

Measure = Literal["g2", "pmi", "logdice"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
SAMPLED = 200  # articles whose language is determined
LANGUAGE_SHARE = 0.05  # of those: the share that a language needs for its function words to be left out
# If there are more than this, runs seen only once are forgotten, which keeps memory below about a gigabyte.
MAX_RUNS = 4_000_000
_ENDS = re.compile(r"[.!?…;:](?=\s)|\n")


def _silent(_what: str, _done: int, _of: int) -> None:
    """Report no progress."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """The words of a selection: how often each occurs in it, and in how many of its articles.

    `unspaced` articles are in a script without blanks, whose words are not separated; `unreadable` are damaged and not
    counted.
    """

    articles: int = 0
    words: int = 0
    unspaced: int = 0
    unreadable: int = 0
    occurrences: Counter[str] = field(default_factory=Counter)
    in_articles: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopWord:
    """A word, how often it occurs in the selection, in how many of its articles, and how often in a million words."""

    word: str
    count: int
    articles: int
    per_million: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWord:
    """A word that the selection uses more than the rest of the archive: counts in both, G² and log ratio (see
    measures).
    """

    word: str
    count: int
    articles: int
    rest: int
    g2: float
    log_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive words; `g2` (against occurring together by chance) and `log_dice` for pairs, None for longer runs."""

    words: str
    count: int
    articles: int
    g2: float | None
    log_dice: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collocate:
    """A word near the queried one: `count` times, `left` of them before it. `total` is how often it occurs in the whole
    archive.
    """

    word: str
    count: int
    left: int
    articles: int
    total: int
    g2: float
    pmi: float
    log_dice: float


def stop_words(db: Archive, numbers: Collection[int]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The function words of the languages of these articles, and those languages: what the pages of a sample declare or
    their texts show.
    """
    listed = list(numbers)
    step = max(len(listed) // SAMPLED, 1)
    found: Counter[str] = Counter()
    for text in passages.texts(db, listed[::step][:SAMPLED]):
        if isinstance(text, Text):
            told = None if text.language else tell_language(text.body)
            code = text.language or (told.language if told else "")
            found[code.lower().partition("-")[0]] += 1
    codes = tuple(code for code, count in found.most_common() if code and count >= LANGUAGE_SHARE * found.total())
    return function_words(codes), codes


def count_words(db: Archive, numbers: Collection[int], on_progress: OnProgress = _silent) -> Counts:
    """Go through articles and count the words of headline, lede and body, as the index counts them."""
    found = Counts()
    for text in _texts(db, numbers, found, on_progress):
        mine = words(_joined(text))
        found.words += len(mine)
        found.occurrences.update(mine)
        found.in_articles.update(set(mine))
    return found


def top_words(counts: Counts, *, limit: int, without: Collection[str] = ()) -> list[TopWord]:
    """The most common words except those in `without`."""
    top = heapq.nsmallest(
        limit,
        ((-count, word) for word, count in counts.occurrences.items() if word not in without),
    )
    return [
        TopWord(
            word=word,
            count=-count,
            articles=counts.in_articles[word],
            per_million=round(-count * 1_000_000 / counts.words, 1),
        )
        for count, word in top
    ]


def top_words_of_all(db: Archive, *, limit: int, without: Collection[str] = ()) -> list[TopWord]:
    """The most common words of the whole archive, from its index alone."""
    total = terms.word_total(db)
    return [
        TopWord(word=word, count=count, articles=articles, per_million=round(count * 1_000_000 / total, 1))
        for word, count, articles in terms.top_terms(db, limit, without=without)
    ]


def key_words(
    db: Archive,
    counts: Counts,
    *,
    limit: int,
    least: int = 3,
    without: Collection[str] = (),
    on_progress: OnProgress = _silent,
) -> list[KeyWord]:
    """The words that a selection uses more often than the rest of the archive, the most surprising (G²) first.

    Words in fewer than `least` articles are left out: one article is not a pattern. Words that the rest uses more often
    are not looked for.
    """
    size, rest_size = counts.words, terms.word_total(db) - counts.words
    if size <= 0 or rest_size <= 0:
        return []
    best: list[tuple[float, str, int, float]] = []  # a heap, the least surprising first
    candidates = [(count, word) for word, count in counts.occurrences.items() if counts.in_articles[word] >= least]
    candidates = sorted((each for each in candidates if each[1] not in without), reverse=True)
    for number, (count, word) in enumerate(candidates):
        on_progress("words looked up", number, len(candidates))
        if len(best) == limit and most_surprising(count, size, rest_size) < best[0][0]:
            break  # and so is every rarer word
        rest = max(terms.term(db, word).occurrences - count, 0)
        table = Contingency(count, size, rest, rest_size)
        if (effect := log_ratio(table)) > 0:
            heapq.heappush(best, (log_likelihood(table), word, rest, effect))
            if len(best) > limit:
                heapq.heappop(best)
    return [
        KeyWord(
            word=word,
            count=counts.occurrences[word],
            articles=counts.in_articles[word],
            rest=rest,
            g2=round(g2, 2),
            log_ratio=round(effect, 2),
        )
        for g2, word, rest, effect in sorted(best, reverse=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Runs of words, the most common first. `forgotten`: some runs seen once were forgotten on the way, so rare ones
    are counted too low.
    """

    runs: list[Run]
    counts: Counts
    forgotten: bool


def runs_of_words(
    db: Archive,
    numbers: Collection[int],
    length: int,
    *,
    limit: int,
    least: int = 3,
    without: Collection[str] = (),
    on_progress: OnProgress = _silent,
) -> Runs:
    """The most common runs of `length` words (n-grams) within sentences; not those that begin or end with a word in
    `without`.
    """
    counts = Counts()
    runs: Counter[tuple[str, ...]] = Counter()
    in_articles: Counter[tuple[str, ...]] = Counter()
    forgotten = False
    for text in _texts(db, numbers, counts, on_progress):
        mine = []
        for sentence in _ENDS.split(_joined(text)):
            tokens = words(sentence)
            counts.words += len(tokens)
            counts.occurrences.update(tokens)
            starts = (tokens[start:] for start in range(length))
            mine += [run for run in zip(*starts, strict=False) if run[0] not in without and run[-1] not in without]
        runs.update(mine)
        in_articles.update(set(mine))
        if len(runs) > MAX_RUNS:
            forgotten = True
            for run in [run for run, count in runs.items() if count == 1]:
                del runs[run], in_articles[run]
    best = heapq.nsmallest(limit, ((-count, run) for run, count in runs.items() if count >= least))
    return Runs(
        runs=[_run(run, -count, in_articles[run], counts) for count, run in best], counts=counts, forgotten=forgotten
    )


def _run(run: tuple[str, ...], count: int, articles: int, counts: Counts) -> Run:
    g2 = dice = None
    if len(run) == 2:
        one, other = (counts.occurrences[word] for word in run)
        table = Contingency(count, one, max(other - count, 0), max(counts.words - one, 1))
        g2, dice = round(log_likelihood(table), 2), round(log_dice(count, one, other), 2)
    return Run(words=" ".join(run), count=count, articles=articles, g2=g2, log_dice=dice)


def collocations(
    db: Archive,
    asked: Understood,
    wanted: Filter = ALL,
    *,
    window: int = 5,
    measure: Measure = "g2",
    limit: int = 50,
    least: int = 3,
    without: Collection[str] = (),
    numbers: list[int] | None = None,
    on_progress: OnProgress = _silent,
) -> tuple[list[Collocate], int]:
    """The words that occur near a query's more often than elsewhere in the archive, and how often the query's words
    occur.

    Near is within `window` words on either side, in the same paragraph. They are compared with the whole archive (S.
    Evert, "Corpora and collocations", 2008: surface co-occurrence), even if `wanted` selects only some articles.
    `numbers` are the articles to examine if known (a part of them); None: all that the query finds.
    """
    if numbers is None:
        numbers = passages.chosen_articles(db, asked, wanted)
    near, left, in_articles, node = _near(db, asked, numbers, window, on_progress)
    size, total = near.total(), terms.word_total(db)
    found = []
    candidates = [
        (word, count) for word, count in near.most_common() if in_articles[word] >= least and word not in without
    ]
    for number, (word, count) in enumerate(candidates):
        on_progress("words looked up", number, len(candidates))
        everywhere = max(terms.term(db, word).occurrences, count)
        table = Contingency(count, size, everywhere - count, total - size)
        if total <= size or log_ratio(table) <= 0:
            continue
        found.append(
            Collocate(
                word=word,
                count=count,
                left=left[word],
                articles=in_articles[word],
                total=everywhere,
                g2=round(log_likelihood(table), 2),
                pmi=round(mutual_information(count, size * everywhere / total), 2),
                log_dice=round(log_dice(count, max(node, count), everywhere), 2),
            )
        )
    keys = {"g2": lambda each: each.g2, "pmi": lambda each: each.pmi, "logdice": lambda each: each.log_dice}
    return heapq.nsmallest(limit, found, key=lambda each: (-keys[measure](each), each.word)), node


def _near(
    db: Archive, asked: Understood, numbers: list[int], window: int, on_progress: OnProgress
) -> tuple[Counter[str], Counter[str], Counter[str], int]:
    """Words near the hits, how many of them are to the left, in how many articles; and the number of hits."""
    near: Counter[str] = Counter()
    left: Counter[str] = Counter()
    pairs: set[str] = set()
    in_articles: Counter[str] = Counter()
    node, last, done = 0, 0, 0
    for passage in passages.passages(db, asked, numbers):
        if passage.article_id != last:
            in_articles.update(pairs)
            pairs, last, done = set(), passage.article_id, done + 1
            on_progress("articles read", done, len(numbers))
        before, behind = neighbours(passage, window)
        near.update(before + behind)
        left.update(before)
        pairs.update(before, behind)
        node += len(passage.spans)
    in_articles.update(pairs)
    return near, left, in_articles, node


def neighbours(passage: Passage, window: int) -> tuple[list[str], list[str]]:
    """The words before and after the hits in a passage, each once: left of a hit if it precedes one and follows none."""
    tokens = list(word_spans(passage.text))
    paragraph, place = [], 0
    for one, other in pairwise([("", 0, 0), *tokens]):
        place += "\n\n" in passage.text[one[2] : other[1]]
        paragraph.append(place)
    hits: set[int] = set()
    edges = []
    spans = iter(passage.spans)
    span = next(spans, None)
    for index, (_, start, end) in enumerate(tokens):
        while span is not None and start >= span[1]:
            span = next(spans, None)
        if span is not None and end > span[0]:
            if index - 1 not in hits or start == span[0]:
                edges.append([index, index])
            edges[-1][1] = index
            hits.add(index)
    before = {i for first, _ in edges for i in range(max(first - window, 0), first) if paragraph[i] == paragraph[first]}
    behind = {
        i
        for _, last in edges
        for i in range(last + 1, min(last + 1 + window, len(tokens)))
        if paragraph[i] == paragraph[last]
    }
    return [tokens[i][0] for i in sorted(before - behind - hits)], [tokens[i][0] for i in sorted(behind - hits)]


def _texts(db: Archive, numbers: Collection[int], counts: Counts, on_progress: OnProgress) -> Iterator[Text]:
    for number, text in enumerate(passages.texts(db, list(numbers)), 1):
        on_progress("articles read", number, len(numbers))
        if isinstance(text, Text):
            counts.articles += 1
            counts.unspaced += is_unspaced(text.body[:1000])
            yield text
        else:
            counts.unreadable += 1


def _joined(text: Text) -> str:
    return "\n".join(filter(None, (text.headline, text.lede, text.body)))
