"""Letters as people get them, with the words that a reader would want explained.

`[[…]]` marks an expected word, `[[…|slug/slug]]` names the entries of which it must mean one. The
guards of the starter content were mended by the letters in tuned/; those in held_out/ were written
before the guards too, and looked at only to be scored. Those in fresh/ and fresher/ come from a
person who had seen neither the guards nor the letters; fresher/ was written after the mends for
fresh/, to see whether they hold elsewhere.
"""

import re
from pathlib import Path

import pytest

from dictionary.models import Entry
from dictionary.words import words_of_letter

FOLDER = Path(__file__).parent / "letters"
MARK = re.compile(r"\[\[([^]|]*)\|?([^]]*)\]\]")
LEAST = 0.97
ENOUGH = {"tuned": 30, "held_out": 30, "fresh": 60, "fresher": 25}


def letters(half):
    """(title, plain text, expected (start, end, slugs)) of each letter."""
    for path in sorted((FOLDER / half).glob("*.txt")):
        for piece in path.read_text().split("=== ")[1:]:
            title, _, marked = piece.partition("\n")
            yield f"{path.stem}: {title}", MARK.sub(r"\1", marked), list(stretches(marked))


def stretches(marked):
    signs = 0
    for found in MARK.finditer(marked):
        start = found.start() - signs
        yield start, start + len(found[1]), {*found[2].split("/")} - {""}
        signs += len(found[0]) - len(found[1])


def agree(made, expected):
    """Whether they overlap and mean the same entry, where one is named."""
    together = made[0] < expected[1] and expected[0] < made[1]
    return together and (not expected[2] or bool(made[2] & expected[2]))


def marks(text, slugs):
    matches = words_of_letter(text)
    return [(start, end, {slugs[pk] for pk, _ in keys}) for start, end, keys in matches]


def judge(half):
    """(right marks ÷ all marks, found words ÷ all words, what was wrong in words)."""
    slugs = dict(Entry.objects.values_list("pk", "slug"))
    right = every = found = words = 0
    wrong = []
    for title, text, expected in letters(half):
        made = marks(text, slugs)
        good = [one for one in made if any(agree(one, other) for other in expected)]
        met = [one for one in expected if any(agree(other, one) for other in made)]
        right, every = right + len(good), every + len(made)
        found, words = found + len(met), words + len(expected)
        wrong += [f"{title}: marked {_said(text, one)}" for one in made if one not in good]
        wrong += [f"{title}: missed {_said(text, one)}" for one in expected if one not in met]
    return right / every, found / words, wrong


def _said(text, stretch):
    start, end, slugs = stretch
    return f"{text[start:end]!r} ({', '.join(sorted(slugs))})"


def test_there_are_enough_letters():
    assert [half for half, least in ENOUGH.items() if len(list(letters(half))) < least] == []


@pytest.mark.parametrize("half", ENOUGH)
def test_words_are_found_and_everyday_uses_are_not(site, half):
    precision, recall, wrong = judge(half)

    assert min(precision, recall) >= LEAST, (precision, recall, wrong)
