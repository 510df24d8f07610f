"""Marked letters as examples to learn from, and what is wrong with the marks that we make.

Imported when Django is set up.
"""

import random
from contextlib import nullcontext
from typing import NamedTuple
from unittest.mock import patch

from dictionary import context, signs
from dictionary.models import Entry
from dictionary.search import current_index
from dictionary.words import letter_matcher, unguarded_matcher
from tests.dictionary import test_letters as marks

ALL_SETS = sorted(path.name for path in marks.FOLDER.iterdir() if path.is_dir())
SETS = [name for name in ALL_SETS if not name.startswith(marks.UNTOUCHED)]
SENTENCES = ["sentences", "sentences_2", "sentences_3"]
COUNTS_OF_SENTENCE = 0.3  # there are many, and they are shorter than what people get


class Example(NamedTuple):
    """A word that may be everyday, where it stands."""

    said: str
    company: dict
    words: list
    by_rules: float
    is_meant: bool


def learnable(sets):
    """What to learn from examples by their set. A sentence without a letter has the company of some
    word in a letter that is meant, or not meant, as its own word is."""
    letters = [one for name, ones in sets.items() if name not in SENTENCES for one in ones]
    chance = random.Random(2026)
    alike = {kind: [one for one in letters if one.is_meant == kind] for kind in (True, False)}
    for name, ones in sets.items():
        for one in ones:
            if name in SENTENCES:
                lender = chance.choice(alike[one.is_meant])
                yield _learnable(one, _lent(one.company, lender.company), COUNTS_OF_SENTENCE)
            else:
                yield _learnable(one, one.company, 1)


def _learnable(one, company, counts):
    rules = signs.of_rules(one.said, one.by_rules)
    own = [("always", 1), *rules, *signs.of_company(company), *one.words]
    return own, one.by_rules, one.is_meant, counts


def _lent(own, lent):
    """The counts of a sentence, and around it those of a letter without the lender's sentence."""
    return {
        (kind, stretch): own[kind, "sentence"] + number - min(number, lent[kind, "sentence"])
        for (kind, stretch), number in lent.items()
    }


def examples(name):
    """An Example of each word of a set that may be everyday."""
    slugs = slugs_of_entries()
    return [one for text, expected in _texts(name) for one in _of_text(text, expected, slugs)]


def slugs_of_entries():
    return dict(Entry.objects.values_list("pk", "slug"))


def _texts(name):
    if name not in SENTENCES:
        return [(text, expected) for _, text, expected in marks.letters(name)]
    lines = (marks.FOLDER / f"{name}.txt").read_text().splitlines()
    return [(marks.MARK.sub(r"\1", line), list(marks.stretches(line))) for line in lines]


def _of_text(text, expected, slugs):
    matches = letter_matcher(current_index()).find(text)
    evidence = context.Evidence(matches, text)
    certain = [one for one in expected if not marks._is_open(one)]
    for match in matches:
        made, beside = _made(match, slugs), evidence.company(match)
        if context.is_sure(match) or beside is None or _is_any(made, marks._open(expected)):
            continue
        said, counts = context.said_at(text, match), evidence.counts(match)
        words = list(evidence.signs_of_words(match))
        yield Example(said, counts, words, beside, _is_any(made, certain))


def judged(name, weights=None):
    """(right marks, marks, expected words, slips) by these weights, or by those that are used."""
    with patch.object(signs, "learned", lambda: weights) if weights else nullcontext():
        letters = [_judged(*letter) for letter in marks.letters(name)]
    right, made, words = (sum(counts) for counts in list(zip(*letters, strict=True))[:3])
    return right, made, words, [slip for *_, slips in letters for slip in slips]


def _judged(title, text, expected):
    slugs, open_ = slugs_of_entries(), marks._open(expected)
    expected = [one for one in expected if not marks._is_open(one)]
    made = [one for one in marks.marks(text, slugs) if not _is_any(one, open_)]
    wrong = [one for one in made if not _is_any(one, expected)]
    missed = [one for one in expected if not _is_any(one, made)]
    slips = [("longer" if _overlaps(one, expected) else "everyday", one) for one in wrong]
    slips += [(_cause(text, one, made, slugs), one) for one in missed]
    said = [(cause, _said(title, text, one)) for cause, one in slips]
    return len(made) - len(wrong), len(made), len(expected), said


def _cause(text, missed, made, slugs):
    if _overlaps(missed, made):
        return "longer"
    index = current_index()
    for cause, matcher in (("company", letter_matcher(index)), ("guard", unguarded_matcher(index))):
        if _is_any(missed, [_made(match, slugs) for match in matcher.find(text)]):
            return cause
    return "missing"


def _said(title, text, one):
    start, end, _ = one
    beside = text[max(0, start - 35) : start], text[end : end + 35]
    return " ".join(f"{title}: {beside[0]}[{text[start:end]}]{beside[1]}".split())


def _made(match, slugs):
    return match.start, match.end, {slugs[key[0]] for key in match.keys}


def _overlaps(one, others):
    return any(one[0] < other[1] and other[0] < one[1] for other in others)


def _is_any(one, others):
    return any(marks.agree(one, other) or marks.agree(other, one) for other in others)
