"""Whether what answered for an article is that article: the evidence of the page and of the archive, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from scraper.archive.file import articles, lookup
from scraper.archive.write import doubts
from scraper.archive.write.doubts import Doubt
from scraper.changes import kinds_of
from scraper.errors import ArchiveDamaged, ExtractError, Reason
from scraper.plan import endings, walls
from scraper.plan.walls import WallEvidence
from scraper.sight import is_claimed, key_of, text_key
from scraper.text import fold, storable
from scraper.typed import Struct, replace

if TYPE_CHECKING:
    from datetime import timedelta

    from scraper.archive.file.library import Archive
    from scraper.archive.write.doubts import Earlier, Suspect
    from scraper.archive.write.frontier import QueuedLink
    from scraper.crawl.readers import Readers
    from scraper.plan.walls import Judgement
    from scraper.records import Article, Capture
    from scraper.sight import Sight


_BESIDE = "its URL now gives another article, with which it has nothing in common"


class Judged(Struct, frozen=True, kw_only=True):
    """The decision on a page: the reason (None: nothing is wrong with it), why, and what to keep of that.

    `doubt` is the version that waits for confirmation, `is_confirmed` says that it has been confirmed; `is_first` that
    what is stored so far was never the article, or only the beginning that a paper gives for free. `takes_back` are
    articles (id, why) that were read from the same wall.
    """

    reason: Reason | None = None
    detail: str = ""
    text_key: int | None = None
    title_key: int | None = None
    doubt: Doubt | None = None
    is_confirmed: bool = False
    is_first: bool = False
    takes_back: tuple[tuple[int, str], ...] = ()


class Keys(NamedTuple):
    """The keys of a text and its headline."""

    text: int | None
    title: int | None

    @property
    def named(self) -> dict[str, Any]:
        """The keys under the names of a capture's columns."""
        return {"text_key": self.text, "title_key": self.title}


class Cut(NamedTuple):
    """How a page ends: why it is considered truncated (None: it is not), its last characters if `</html>` is missing,
    and whether it may be a part that is read since nothing more can be had.
    """

    why: str | None = None
    ending: str | None = None
    is_part: bool = False


def cut_short(db: Archive, queued: QueuedLink, capture: Capture, *, may_be_part: bool) -> Cut:
    """Whether a page is complete. `may_be_part`: there is no second look (an import), so a part is better than nothing."""
    ending = endings.ending_of(capture.body)
    if ending is None and capture.truncated is None:
        return Cut()
    earlier = doubts.earlier_at(db, queued.url_id)
    is_all_there_is = earlier is None and (may_be_part or doubts.has_given(db, queued.url_id, capture.body))
    why = endings.why_cut(
        capture,
        ending,
        same_ending=doubts.with_same_ending(db, ending.text if ending else None, queued.url_id),
        is_all_there_is=is_all_there_is,
    )
    return Cut(why, ending.text if ending else None, is_part=is_all_there_is)


def is_part_of(db: Archive, queued: QueuedLink, article: Article) -> bool:
    """Whether a truncated page gives less than the stored version of its article, whatever address that came from."""
    earlier = doubts.earlier_at(db, queued.url_id, article.url)
    return earlier is not None and sum(len(block.text.split()) for block in article.body) < earlier.words


def landed(capture: Capture) -> str | None:
    """The other path to which redirects led, without the query; None if they did not."""
    asked, final = urlsplit(capture.url), urlsplit(capture.final_url)
    if not capture.redirects or asked.path.rstrip("/") == final.path.rstrip("/"):
        return None
    return f"{final.scheme}://{final.netloc}{final.path}"


def _is_start_page(capture: Capture) -> bool:
    final = urlsplit(capture.final_url)
    return landed(capture) is not None and final.path in ("", "/") and not final.query


async def of_article(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, article: Article, *, page: int = 1
) -> Judged:
    """Judge a page that reads as an article; for a later page of several, only what it has in common with others."""
    keys = Keys(key_of(article), text_key([article.headline]))
    earlier = _earlier(db, queued, capture, article.url)
    fits = _fits(db, queued, article.headline, earlier)
    if fits and earlier is None:
        # It is about what was requested and replaces nothing: no sign would make it a wall, so none is looked for.
        return Judged(**keys.named)
    own = _own(db, article, keys, earlier)
    words = sum(len(block.text.split()) for block in article.body)
    blocks = tuple(block.text for block in article.body)
    share = await _kept_share(readers, capture, earlier, blocks) if earlier and page == 1 else None
    if share is not None and fits is False and earlier:  # phrases that all pages of a paper share are not its text
        share = min(share, walls.whole_share(earlier.version.blocks, blocks))
    if earlier and page == 1 and _is_withdrawn(earlier, article, share):
        return _withdrawal(db, queued, keys, earlier)
    waiting = doubts.waiting_suspect(db, queued.url_id) if earlier else None
    is_same = waiting is not None and await _is_like(db, readers, waiting, article)
    evidence = WallEvidence(
        words=words,
        headline_fits=fits,
        is_claimed=is_claimed(article),
        has_form=words < walls.LITTLE_WORDS and await _has_form(readers, capture),
        same_text=doubts.with_same_text(db, keys.text, queued.url_id, own=own),
        same_headline=doubts.with_same_title(db, keys.title, queued.url_id, own=own),
        same_address=doubts.with_same_address(db, landed(capture), queued.url_id),
        is_start_page=_is_start_page(capture),
        before_words=earlier.words if earlier and page == 1 else None,
        was_claimed=earlier is None or earlier.is_claimed,
        kept_share=share,
        same_since=_same_since(db, keys.text, queued, capture),
        suspected_since=capture.fetched_at - waiting.first_seen_at if waiting and is_same else None,
        is_older=earlier is not None and page == 1 and _is_older(db, earlier, capture, article),
    )
    judgement = walls.judge(evidence)
    if judgement.verdict == "wall":
        return _wall(db, queued, keys, judgement)
    if judgement.verdict == "suspect" and earlier:
        doubt = Doubt(
            article_id=earlier.article_id,
            headline=article.headline,
            words=words,
            signs=judgement.signs,
            is_same=is_same,
        )
        return Judged(reason=Reason.SUSPECT, detail=judgement.detail, **keys.named, doubt=doubt)
    judged = Judged(**keys.named, detail=judgement.detail, is_confirmed=bool(judgement.detail))
    return await _beside(db, readers, queued, capture, article, earlier, share, judged) if earlier else judged


def _is_older(db: Archive, earlier: Earlier, capture: Capture, article: Article) -> bool:
    """Whether a page shows a version older than the stored one; its own time of change distinguishes an editor from a
    cache.
    """
    before, own = earlier.version.modified_at, article.modified_at
    if before is not None and own is not None and before != own:
        return own < before
    return articles.returns_to_older(db, earlier.article_id, article, at=capture.fetched_at)


def _own(db: Archive, article: Article, keys: Keys, earlier: Earlier | None) -> tuple[int, ...]:
    """The articles whose other addresses do not speak against a page: the previous one, and the one it says it is a
    copy of.
    """
    named = doubts.given_at(db, article.url, keys.text) if is_claimed(article) else None
    return tuple(each for each in (earlier.article_id if earlier else None, named) if each is not None)


async def _beside(
    db: Archive,
    readers: Readers,
    queued: QueuedLink,
    capture: Capture,
    article: Article,
    earlier: Earlier,
    share: float | None,
    judged: Judged,
) -> Judged:
    """The decision on an article, including its consequences for the previous version, which may not have been the
    article at all.
    """
    if is_claimed(article) and _was_wall(db, queued, earlier, article):
        if earlier.url == storable(article.url):
            return replace(judged, is_first=True)
        # By its canonical address it is another article, beside which the wall would stay.
        return replace(judged, takes_back=((earlier.article_id, _BESIDE),)) if earlier.revision == 1 else judged
    return replace(judged, is_first=await _was_teaser(db, readers, capture, article, earlier, share))


async def _was_teaser(
    db: Archive, readers: Readers, capture: Capture, article: Article, earlier: Earlier, share: float | None
) -> bool:
    """Whether the stored version is the beginning of an article whose page offered the rest for sale, and this page
    does not.
    """
    words = sum(len(block.text.split()) for block in article.body)
    is_completed = walls.is_completed(words=words, before_words=earlier.words, kept_share=share)
    if earlier.capture_id is None or not is_completed:
        return False
    try:
        before = await readers.sight(lookup.capture(db, earlier.capture_id))
        now = await readers.sight(capture)
    except (ExtractError, ArchiveDamaged, KeyError):
        return False
    return before.is_sold and not now.is_sold


def _was_wall(db: Archive, queued: QueuedLink, earlier: Earlier, article: Article) -> bool:
    # Only the article's own text counts: what else is on its page (the newest headlines) may be on a start page too.
    texts = earlier.version.blocks, tuple(block.text for block in article.body)
    hint = doubts.title_hint(db, queued.url_id)
    return walls.was_wall(
        words=earlier.words,
        is_claimed=earlier.is_claimed,
        headline_fits=walls.headline_fits(earlier.version.headline, (article.headline,), url=""),
        was_expected=walls.headline_fits(earlier.version.headline, (hint,), url=queued.url),
        kept_share=walls.kept_share(*texts),
        whole_share=walls.whole_share(*texts),
    )


async def of_no_article(db: Archive, readers: Readers, queued: QueuedLink, capture: Capture) -> Judged:
    """Judge a page that does not read as an article: whether something else stands in an article's place."""
    try:
        sight = await readers.sight(capture)
    except ExtractError:
        return Judged()
    keys = Keys(text_key([sight.text]), text_key([sight.title]))
    earlier = _earlier(db, queued, capture, None)
    evidence = WallEvidence(
        words=sight.words,
        headline_fits=_fits(db, queued, sight.title, earlier),
        has_form=sight.has_form,
        same_text=doubts.with_same_text(db, keys.text, queued.url_id),
        same_headline=doubts.with_same_title(db, keys.title, queued.url_id),
        same_address=doubts.with_same_address(db, landed(capture), queued.url_id),
        is_start_page=_is_start_page(capture),
        before_words=earlier.words if earlier else None,
        was_claimed=earlier is None or earlier.is_claimed,
        kept_share=walls.kept_share(earlier.version.blocks, (sight.text,)) if earlier else None,
        same_since=_same_since(db, keys.text, queued, capture),
    )
    judgement = walls.judge(evidence)
    # There is nothing here that could take over, so no later look would confirm it.
    is_wall = judgement.verdict != "page"
    return _wall(db, queued, keys, judgement) if is_wall else Judged(**keys.named)


def _earlier(db: Archive, queued: QueuedLink, capture: Capture, article_url: str | None) -> Earlier | None:
    """The previous version; None for a capture that is older than it (an import)."""
    found = doubts.earlier_at(db, queued.url_id, article_url)
    return found if found is not None and found.last_seen_at <= capture.fetched_at else None


def _fits(db: Archive, queued: QueuedLink, headline: str, earlier: Earlier | None) -> bool | None:
    hint = doubts.title_hint(db, queued.url_id)
    before = earlier.version.headline if earlier else None
    if before and walls.is_name_of_host(headline, queued.url) and walls.headline_fits(before, (hint,), url=queued.url):
        return False  # start pages have such headlines; the version before had a headline of its own
    return walls.headline_fits(headline, (hint, before), url=queued.url)


def _same_since(db: Archive, key: int | None, queued: QueuedLink, capture: Capture) -> timedelta | None:
    since = doubts.gave_text_since(db, key, queued.url_id)
    return capture.fetched_at - since if since else None


async def _kept_share(readers: Readers, capture: Capture, earlier: Earlier, blocks: tuple[str, ...]) -> float | None:
    """How much of the earlier text remains, at least on the page, since a reading may miss some of it."""
    share = walls.kept_share(earlier.version.blocks, blocks)
    if share is None or share >= walls.KEPT_SHARE:
        return share
    sight = await _sight(readers, capture)
    return share if sight is None else walls.kept_share(earlier.version.blocks, (sight.text,))


async def _has_form(readers: Readers, capture: Capture) -> bool:
    sight = await _sight(readers, capture)
    return sight is not None and sight.has_form


async def _sight(readers: Readers, capture: Capture) -> Sight | None:
    try:
        return await readers.sight(capture)
    except ExtractError:
        return None


async def _is_like(db: Archive, readers: Readers, waiting: Suspect, article: Article) -> bool:
    """Whether a version is the one that has been waiting: the same headline, or nearly all of its text."""
    if fold(waiting.headline) == fold(article.headline):
        return True
    try:
        before = await readers.article(lookup.capture(db, waiting.capture_id))
    except (ExtractError, ArchiveDamaged, KeyError):
        return False
    texts = tuple(block.text for block in before.body)
    share = walls.kept_share(texts, tuple(block.text for block in article.body))
    return share is not None and share >= walls.SAME_SHARE


def _is_withdrawn(earlier: Earlier, article: Article, share: float | None) -> bool:
    """Two signs of a withdrawal: a notice that says so, and that it stands in the place of the text."""
    kinds = kinds_of(earlier.version, articles.version_of(article))
    return "withdrawn" in kinds and share is not None and share < walls.KEPT_SHARE


def _withdrawal(db: Archive, queued: QueuedLink, keys: Keys, earlier: Earlier) -> Judged:
    """A notice of its own is a version of the article; one that other URLs also have is the site's page for removed
    articles.
    """
    if doubts.with_same_text(db, keys.text, queued.url_id, own=(earlier.article_id,)):
        return Judged(reason=Reason.SOFT_404, detail="a notice that other URLs have too", **keys.named)
    return Judged(**keys.named, is_confirmed=True, detail="a notice that it was taken back")


def _wall(db: Archive, queued: QueuedLink, keys: Keys, judgement: Judgement) -> Judged:
    """A wall, and the articles that were read from the same wall before it was known."""
    found = []
    for each in doubts.with_text_of(db, keys.text, keys.title, queued.url_id):
        own = walls.judge(
            WallEvidence(
                words=each.words,
                headline_fits=walls.headline_fits(each.headline, (each.hint,), url=each.url),
                is_claimed=each.is_claimed,
                # This one, which is not stored yet, counts as well.
                same_text=each.has_text + doubts.with_same_text(db, keys.text, each.url_id),
                same_headline=1 + doubts.with_same_title(db, keys.title, each.url_id),
            )
        )
        if own.verdict == "wall":
            found.append((each.article_id, own.detail))
    return Judged(reason=Reason.WALL, detail=judgement.detail, **keys.named, takes_back=tuple(found))


def is_teaser_of(db: Archive, queued: QueuedLink, article: Article) -> bool:
    """Whether a page for sale would replace more than it gives."""
    earlier = doubts.earlier_at(db, queued.url_id, article.url)
    words = sum(len(block.text.split()) for block in article.body)
    return earlier is not None and words < walls.SHRUNK * earlier.words
