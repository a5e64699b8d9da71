"""The page's index gives the same results as the selector engine, and takes removals into account."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.html import Node, Tree, css, parse, prepare, prose
from scraper.selectors import compounds

_TAGS = ("div", "p", "h1", "span", "a")
_NAMES = ("lead", "text-lead", "box")


@st.composite
def markup(draw: st.DrawFn, depth: int = 0) -> str:
    tag = draw(st.sampled_from(_TAGS if depth else ("div",)))
    attributes = "".join(
        f' {name}="{" ".join(draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=2)))}"'
        for name in draw(st.lists(st.sampled_from(("class", "id", "itemprop", "rel")), unique=True))
    )
    inner = draw(st.lists(markup(depth + 1), max_size=3)) if depth < 3 else []
    return f"<{tag}{attributes}>{''.join(inner)}</{tag}>"


_compound = st.builds(
    lambda tag, rest: tag + "".join(rest) or "div",
    st.sampled_from(("", *_TAGS)),
    st.lists(
        st.sampled_from(("#lead", "#box", ".box", ".text-lead", "[itemprop]", '[class*="lead"]', "[id^=text]", "[class$=box]", "[itemprop~=box]", "[class~=BOX i]", "[rel=LEAD]")),
        max_size=2,
    ),
)  # fmt: skip
_selectors = st.builds(
    lambda parts, marks: "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=False)),
    st.lists(_compound, min_size=1, max_size=3),
    st.lists(st.sampled_from((" ", " > ")), min_size=2, max_size=2),
).map(lambda text: text.rstrip(" >"))


@settings(max_examples=60)
@given(page=markup(), selector=_selectors)
def test_search_finds_what_the_engine_finds_in_its_order(page: str, selector: str) -> None:
    tree = Tree(f"<!DOCTYPE html><body>{page}{'<p>' * 40}")  # more than are looked at one by one
    assert [node.mem_id for node in tree.search(selector)] == [node.mem_id for node in css(tree, selector)]


PAGE = (
    "<div class='a b'><span>one <b class=c>two</b></span><p class=d>three <span><i>four</i> <a class='e a'>five</a></span></p></div><p class=f>six"
    * 3
)


def test_what_is_removed_is_gone_from_the_index_with_all_that_is_in_it() -> None:
    for tag in ("span", "div", "b"):
        tree = parse(PAGE)
        tree.remove(list(tree.tagged(tag)))
        known = {each: [node.mem_id for node in tree.tagged(each)] for each in ("div", "span", "p", "b", "i", "a")}
        tree.changed()
        assert known == {each: [node.mem_id for node in tree.tagged(each)] for each in known}
        assert not known[tag]


def test_what_is_marked_is_found_in_one_walk_and_forgotten_with_what_was_taken_out() -> None:
    tree = parse("<div hidden class=a><p rel='tag x'>one</p><p class='b a'>two</p></div>")
    marks = "[hidden], .b, .a, [rel~=tag]"
    assert [attributes for _, attributes in tree.marked(marks)] == [
        {"hidden": None, "class": "a"},
        {"rel": "tag x"},
        {"class": "b a"},
    ]
    assert tree.marked(marks) is tree.marked(marks)
    tree.remove([tree.marked(marks)[1][0]])
    assert [node.tag for node, _ in tree.marked(marks)] == ["div", "p"]


def test_rare_selectors_are_left_to_the_engine() -> None:
    for selector in ("a, b", "p:first-child", "a + b", "a ~ b", "[class|=a]", "", "a >", ":is(a)"):
        assert compounds(selector) is None
    found = compounds('ul.crumbs > li[itemprop=name] a[href*="/topic/"]')
    assert found is not None
    assert [part.text for part in found] == ["ul.crumbs", "li[itemprop=name]", 'a[href*="/topic/"]']
    assert [part.is_child for part in found] == [False, True, False]


def test_the_index_leaves_out_what_is_no_text_and_forgets_what_was_taken_out() -> None:
    tree = parse(
        "<title>A</title><body><noscript><p>none</p></noscript><svg><title>no</title></svg><p>one</p><p>two</p>"
    )

    def texts(nodes: list[Node]) -> list[str]:
        return [prose(node) for node in nodes]

    assert texts(tree.tagged("p")) == ["one", "two"]
    assert texts(tree.tagged("title")) == ["A"]
    tree.tagged("p")[0].decompose()
    tree.changed()
    assert texts(tree.tagged("p")) == ["two"]


def test_words_for_screen_readers_go_with_all_that_is_in_them() -> None:
    tree = parse(
        '<p>one<span class="x sr-only"> opens <a href="/">here</a></span><br>two</p><svg><text>no</text></svg>'
    )
    tree.tagged("a")
    prepare(tree)
    assert prose(tree.tagged("p")[0]) == "one two"
    assert tree.tagged("a") == []
