"""What a reading did and why, recorded as it goes: every removal and every decision, with the rule behind it."""

from __future__ import annotations

from typing import Literal, NamedTuple

# What speaks for a removal. `words`: a rule recognises the whole block. `place`: it is at the edge of the text, or
# right where such lines are. `markup`: its element, class, links or type. `repetition`: it is on the page, or on the
# site's pages, again.
Sign = Literal["words", "place", "markup", "repetition"]


class Removal(NamedTuple):
    """A piece of text that was in the elements that were read and is not in the body.

    `rule` names the rule that removed it, `block` the number of its block in reading order, from 0; None for an element
    that was not read at all.
    """

    rule: str
    text: str
    block: int | None
    signs: tuple[Sign, ...]


class Decision(NamedTuple):
    """A choice between sources: `outcome` of `about` ("layout", "body" …), and why."""

    about: str
    outcome: str
    reason: str
