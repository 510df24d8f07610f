"""What speaks for and against an everyday word being meant as a name of the law, and how loudly.

Each sign has a weight in `signs.tsv`: how much company there is of each kind, and near at hand, the
word itself and the words right beside it. The weights are learned from the letters that were marked
by hand: python -m tests.benchmarks.letters --fit. Their sum decides, so that an editor can read
there why a word counts: a positive weight speaks for the law, a negative one for something else.
"""

import re
from functools import lru_cache
from math import log1p
from pathlib import Path

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
    kin = said[:4].rstrip("s")
    left, right = _words(before), _words(after)
    first, second = (_EDGE + left)[-1:-3:-1]
    third, fourth = (right + _EDGE)[:2]
    yield f"said {said}", 1
    yield f"kin {kin}", 1
    for place, word, amount in (
        ("before", first, 1),
        ("before that", second, 0.7),
        ("after", third, 1),
        ("after that", fourth, 0.7),
    ):
        yield f"{place} {word}", amount
        yield f"{kin} {place} {word}", amount
    for word in sorted({word for word in (*left, *right) if len(word) > 2}):
        yield f"near {word}", 0.4
        yield f"{kin} near {word}", 0.6


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
