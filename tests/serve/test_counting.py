"""Questions that take longer than a reader waits: computed once for everyone, with progress, ended when nobody wants
them, and limited in number.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from scraper.errors import ArchiveError, ArchiveSlow
from scraper.serve import asking, counting
from scraper.serve.answering import Answerers, Call, Far
from scraper.serve.counting import AnswerCache, LongQuestions, StillCounting, TooManyQuestions
from scraper.serve.source import ask_counted
from tests.serve.makers import assert_harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.serve.app import Served


def told_then_endless(db: Any, on_progress: Callable[[str, int, int], None]) -> None:
    """Says how far it is, and goes on in one statement for ever."""
    on_progress("articles read", 3, 40)
    db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n").fetchall()


def told_then_seven(_db: Any, on_progress: Callable[[str, int, int], None]) -> int:
    on_progress("articles read", 1, 1)
    return 7


@pytest.fixture
def questions(archive_path: Path) -> Any:
    made = LongQuestions(archive_path, AnswerCache())
    yield made
    made.close(at_once=True)
    made.shut()


async def waited(questions: LongQuestions, key: str, function: Any = told_then_endless) -> Any:
    return await questions.answer((key,), function, (), to_the_end=False)


def told(questions: LongQuestions, key: str) -> StillCounting:
    """Come back until the question has said how far it is, as a page does."""
    while True:
        with pytest.raises(StillCounting) as caught:
            asyncio.run(waited(questions, key))
        if caught.value.far is not None:
            return caught.value


def test_a_page_says_at_once_what_is_known_and_comes_again_until_the_answer_is_there(
    datasette: Served, get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()
    ask = datasette.source.questions.answerers.ask

    def held(*values: Any, call: Call, **options: Any) -> Any:
        call.started_at, call.far = time.monotonic(), Far("articles read", 3, 40)
        begun.set()
        goes_on.wait(60)
        return ask(*values, call=call, **options)

    monkeypatch.setattr(datasette.source.questions.answerers, "ask", held)
    monkeypatch.setattr(counting, "PATIENCE_S", 0.0)
    address = "/words?q=sungai&how=top&until=2031-07-04"  # that no other test asks for
    first = get(address, language="id")
    assert begun.wait(60)
    second = get(address)
    assert [each.status_code for each in (first, second)] == [202, 202]
    assert second.headers["refresh"] == "1"
    assert second.headers["cache-control"] == "no-store"
    assert "Articles read: 3 of 40" in second.text
    assert '<progress max="40" value="3"' in second.text
    assert 'value="sungai"' in second.text
    assert "<script" not in second.text
    assert "Sedang dihitung" in first.text
    assert_harmless(second.text)
    names = [re.search(r'name="question" value="([^"]+)"', each.text) for each in (first, second)]
    assert names[0]
    assert names[1]
    assert names[0][1] == names[1][1]
    goes_on.set()
    monkeypatch.setattr(counting, "PATIENCE_S", 60.0)
    answer = get(address)
    assert answer.status_code == 200
    assert "refresh" not in answer.headers
    assert "articles" in answer.text
    monkeypatch.setattr(datasette.source.questions.answerers, "ask", pytest.fail)
    assert get(address).text == answer.text  # kept
    rows = get(address.replace("/words", "/words.csv")).text.splitlines()
    assert len(rows) > 1  # of the same answer


def test_a_csv_waits_for_its_answer(get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PATIENCE_S", 0.001)
    answer = get("/names.csv?q=sungai")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")


def test_what_nobody_comes_back_for_is_ended(questions: LongQuestions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PATIENCE_S", 0.01)
    monkeypatch.setattr(counting, "WATCHED_S", 0.01)
    told(questions, "a")
    [question] = questions._under_way.values()
    question.seen_at -= counting.ABANDONED_S
    with pytest.raises(ArchiveError, match="ended with -9"):
        question.future.result()
    assert not questions._under_way
    told(questions, "a")  # whoever asks again wants it again


def test_a_reader_stops_it_only_for_himself(questions: LongQuestions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PATIENCE_S", 0.01)
    name = told(questions, "a").name
    [question] = questions._under_way.values()
    assert not questions.stop("another")
    assert questions.stop(name)
    assert question.stopped_at is not None
    later = question.stopped_at + counting.STOPPED_S
    assert not question.is_wanted(later)
    assert counting.PAUSES_S[1] < counting.STOPPED_S  # another reader who waits has come back by then
    told(questions, "a")
    assert question.is_wanted(later)


def test_so_many_at_once_and_no_more(questions: LongQuestions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PATIENCE_S", 0.01)
    for number in range(counting.MOST):
        with pytest.raises(StillCounting):
            asyncio.run(waited(questions, f"{number}"))
    with pytest.raises(TooManyQuestions):
        asyncio.run(waited(questions, "one more"))
    with pytest.raises(StillCounting) as last:
        asyncio.run(waited(questions, f"{counting.MOST - 1}"))  # that is one of them
    assert (last.value.is_running, last.value.before) == (False, counting.MOST - 1)
    assert len(questions.answerers._busy) <= counting.PROCESSES


def test_a_full_house_and_a_question_without_end_are_named(
    datasette: Served, get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 0)
    full = get("/names?q=banjir")
    assert (full.status_code, full.headers["retry-after"]) == (503, "30")
    assert "Too many long questions" in full.text
    monkeypatch.setattr(counting, "MOST", 8)
    monkeypatch.setattr(counting, "LIMIT_S", 0.05)
    monkeypatch.setitem(asking.QUESTIONS, "names", dataclasses.replace(asking.QUESTIONS["names"], ask=endless_answer))
    for _ in range(2):  # the second time without being tried again
        slow = get("/names?q=banjir")
        assert (slow.status_code, "takes too long" in slow.text) == (503, True)
    failed = [each for each in datasette.source.questions._under_way.values() if each.failed_at is not None]
    assert len(failed) == 1
    failed[0].failed_at = time.monotonic() - counting.FAILED_S
    monkeypatch.undo()
    monkeypatch.setattr(counting, "PATIENCE_S", 60.0)
    assert get("/names?q=banjir").status_code == 200


def endless_answer(db: Any, _asked: Any, *, on_progress: Any, **_options: Any) -> None:
    told_then_endless(db, on_progress)


def test_stop_in_the_browser(get: Callable[..., Any], datasette: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PATIENCE_S", 0.01)

    async def begun() -> None:
        with pytest.raises(StillCounting):
            await ask_counted(datasette, told_then_endless)

    asyncio.run(begun())
    [question] = datasette.source.questions._under_way.values()
    answer = get(f"/stop?question={question.name}")
    assert (answer.status_code, "Counting has stopped" in answer.text) == (200, True)
    assert question.stopped_at is not None
    question.call.end()
    with pytest.raises(ArchiveError):
        question.future.result()
    for nobody in ("", "?question=", "?question=x"):
        assert get(f"/stop{nobody}").status_code == 404


def test_what_is_kept_has_an_end_and_the_newest_always_stays() -> None:
    kept = AnswerCache(most_bytes=100)
    for number, size in ((1, 40), (2, 40), (3, 10)):
        kept.put((number,), number, size)
    assert kept.get((1,), within_s=None)  # asked for: now 2 is the oldest
    kept.put((4,), 4, 30)
    assert list(kept.entries) == [(3,), (1,), (4,)]
    kept.put((5,), 5, 500)
    assert list(kept.entries) == [(5,)]
    kept.put((5,), 6, 1)
    kept.put((7,), 7, 99)
    assert list(kept.entries) == [(5,), (7,)]
    assert kept.get((7,), within_s=0.0) is None
    for number in range(counting.MAX_KEPT + 9):
        kept.put((number,), number, 0)
    assert len(kept.entries) == counting.MAX_KEPT


def test_a_call_ended_before_its_turn_never_begins(archive_path: Path) -> None:
    answerers, call = Answerers(archive_path, count=1), Call(tells=True)
    call.end()
    with pytest.raises(ArchiveError, match="before it began"):
        answerers.ask(told_then_seven, limit_s=60, call=call)
    call = Call(tells=True)
    assert answerers.ask(told_then_seven, limit_s=60, call=call) == 7
    assert call.far == ("articles read", 1, 1)
    assert call.size
    call.end()  # its process is somebody else's by now
    assert answerers.ask(told_then_seven, limit_s=60, call=Call(tells=True)) == 7
    with ThreadPoolExecutor(1) as threads:
        call = Call(tells=True)
        asked = threads.submit(answerers.ask, told_then_endless, limit_s=60, call=call)
        while call.far is None:
            assert not asked.done()
        call.end()
        with pytest.raises(ArchiveError, match="ended with -9"):
            asked.result()
    with pytest.raises(ArchiveSlow):
        answerers.ask(told_then_endless, limit_s=0.05, call=Call(tells=True))
    answerers.close()
