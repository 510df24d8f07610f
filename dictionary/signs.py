"""What speaks for and against an everyday word being meant as a name of the law, and how loudly.

Each sign has a weight in `signs.tsv`: how much company there is of each kind, and near at hand, the
word itself, the words right beside it, and the kinds of those (`kinds.py`). The weights are learned
from the letters that were marked by hand: python -m tests.benchmarks.letters --fit. Their sum
decides, so that an editor can read there why a word counts: a positive weight speaks for the law, a
negative one for something else.
"""

import re
from collections import Counter
from functools import lru_cache
from math import log1p
from pathlib import Path

from dictionary.kinds import place, topic

BESIDE = 90  # characters, enough for a dozen words
_WORD = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")
_EDGE = ["|", "|"]  # beside the first and the last word of a sentence


def of_company(counts):
    """The signs of how many words of each kind stand in each stretch, by (kind, stretch)."""
    for (kind, stretch), number in counts.items():
        amount = min(number, 2) if stretch == "sentence" else log1p(number)
        if amount:
            yield f"{kind} in {stretch}", amount


def of_words(said, before, after):
    """The signs of a word and of those beside it in its sentence."""
    left, right = _words(before), _words(after)
    first, second = (_EDGE + left)[-1:-3:-1]
    third, fourth = (right + _EDGE)[:2]
    yield f"said {said}", 1
    yield f"kin {kin(said)}", 1
    for sign, amount in (
        *_beside(first, second, third, fourth),
        *_around({word for word in (*left, *right) if len(word) > 2}),
    ):
        yield sign, amount
        yield f"{kin(said)} {sign}", amount
    yield from _grammar(kin(said), first, third)


def of_rules(said, beside):
    """The signs of what the rules of `context.yaml` say: some words can trust them more."""
    yield f"rule {beside:g}", 1
    yield f"{kin(said)} rule {beside:g}", 0.5


def kin(said):
    """What words of one root share, near enough."""
    return said[:4].rstrip("s")


def _beside(first, second, third, fourth):
    """The two words before and the two after, nearest first, and their kinds."""
    for where, word, amount in (
        ("before", first, 1),
        ("before that", second, 0.7),
        ("after", third, 1),
        ("after that", fourth, 0.7),
    ):
        yield f"{where} {word}", amount
        if kind := topic(word):
            yield f"{where} ~{kind[0]}", amount / 2
    nearest, second, third, fourth = map(place, (first, second, third, fourth))
    yield f"before ={nearest}", 0.5
    yield f"after ={third}", 0.5
    yield f"between ={nearest} ={third}", 0.5
    yield f"before ={second} ={nearest}", 0.5
    yield f"after ={third} ={fourth}", 0.5


def _around(words):
    """The words of the sentence in no order, and what they are about."""
    for word in sorted(words):
        yield f"near {word}", 0.5
    kinds = [kind for kind in map(topic, sorted(words)) if kind]
    for kind, number in Counter(kind for kind, _ in kinds).items():
        yield f"near ~{kind}", min(number, 2) / 2
    for family, number in Counter(family for _, family in kinds).items():
        yield f"near family {family}", min(number, 3) / 3


def _grammar(kin, first, third):
    """A word on one side with the kind of that on the other: "a fine" before a noun."""
    yield f"{kin} between {first} ={place(third)}", 0.5
    yield f"{kin} between ={place(first)} {third}", 0.5
    yield f"{kin} between {first} {third}", 0.3


def _words(text):
    """Small letters, and one sign for every number."""
    return ["#" if one.isdigit() else one for one in _WORD.findall(text.lower().replace("’", "'"))]


def weight(signs):
    """What the signs weigh together."""
    weights = learned()
    return sum(weights.get(sign, 0) * amount for sign, amount in signs)


@lru_cache(maxsize=1)
def learned():
    """The weight of each sign."""
    lines = Path(__file__).with_suffix(".tsv").read_text().splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("# "))
    return {sign: float(weight) for weight, sign in rows}
