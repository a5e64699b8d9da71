"""The formulas for words and collocations, each with its source. Pure; all logarithms except those of G² are to base 2."""

from __future__ import annotations

from math import log, log2
from typing import NamedTuple

# Chi-squared with one degree of freedom: chance exceeds this G² once in 10,000 words.
CRITICAL = 15.13


class Contingency(NamedTuple):
    """A word in two texts: `here` of `here_size` words, `there` of `there_size`."""

    here: int
    here_size: int
    there: int
    there_size: int


def log_likelihood(table: Contingency) -> float:
    """G² of the four-cell table: how surprising it is that the two texts use a word so differently. Never negative.

    T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19 (1993)
    61–74, over all four cells (word and not the word, here and there). P. Rayson and R. Garside, "Comparing Corpora
    using Frequency Profiling" (2000), leave the two large cells out; for words that are rare in both texts the two
    agree.
    """
    rows = (table.here + table.there, table.here_size - table.here + table.there_size - table.there)
    columns = (table.here_size, table.there_size)
    total = sum(columns)
    cells = (
        (table.here, rows[0] * columns[0]),
        (table.there, rows[0] * columns[1]),
        (table.here_size - table.here, rows[1] * columns[0]),
        (table.there_size - table.there, rows[1] * columns[1]),
    )
    found = 2 * sum(observed * log(observed * total / expected) for observed, expected in cells if observed)
    return max(found, 0.0)


def log_ratio(table: Contingency) -> float:
    """The effect: how many times the relative frequency doubles from there to here (1: twice as frequent here, -1:
    half).

    A. Hardie, "Log Ratio: an informal introduction" (2014). A word that does not occur there counts there as half a
    word.
    """
    here = (table.here or 0.5) / max(table.here_size, 1)
    there = (table.there or 0.5) / max(table.there_size, 1)
    return log2(here / there)


def most_surprising(here: int, here_size: int, there_size: int) -> float:
    """The largest possible G² of a word with this frequency, reached if it never occurs there."""
    return log_likelihood(Contingency(here, here_size, 0, there_size))


def mutual_information(together: int, expected: float) -> float:
    """PMI: log2 of how many times more often two words occur together than by chance.

    K. Church and P. Hanks, "Word Association Norms, Mutual Information, and Lexicography" (1990). It favours rare
    words: set a minimum.
    """
    return log2(together / expected)


def log_dice(together: int, one: int, other: int) -> float:
    """logDice: 14 if two words never occur apart, one less for half as often; it does not depend on the size of the
    corpus.

    P. Rychlý, "A Lexicographer-Friendly Association Score", RASLAN (2008).
    """
    return 14 + log2(2 * together / (one + other))
