"""Marked letters as examples to learn from, and what is wrong with the marks that we make.

Imported when Django is set up.
"""

from contextlib import nullcontext
from unittest.mock import patch

from dictionary import context, signs
from dictionary.matching import Form, Matcher
from dictionary.models import Entry, LinkPolicy
from dictionary.search import current_index
from dictionary.words import _forms, _letter_matcher
from tests.dictionary import test_letters as marks

SETS = sorted(path.name for path in marks.FOLDER.iterdir() if path.is_dir())
SENTENCES = "sentences"


def examples(name):
    """(signs and amounts, what the rules say, whether meant) of each word that may be everyday."""
    slugs = slugs_of_entries()
    return [one for text, expected in _texts(name) for one in _of_text(name, text, expected, slugs)]


def slugs_of_entries():
    return dict(Entry.objects.values_list("pk", "slug"))


def _texts(name):
    if name != SENTENCES:
        return [(text, expected) for _, text, expected in marks.letters(name)]
    lines = (marks.FOLDER / f"{name}.txt").read_text().splitlines()
    return [(marks.MARK.sub(r"\1", line), list(marks.stretches(line))) for line in lines]


def _of_text(name, text, expected, slugs):
    matches = _letter_matcher(current_index()).find(text)
    evidence = context._Evidence(matches, text)
    certain = [one for one in expected if not marks._is_open(one)]
    for match in matches:
        made, beside = _made(match, slugs), evidence.company(match)
        if context._is_sure(match) or beside is None or _is_any(made, marks._open(expected)):
            continue
        own = list(evidence.signs(match)) if name != SENTENCES else _alone(evidence, match)
        yield own, beside, _is_any(made, certain)


def _alone(evidence, match):
    """The signs of a sentence without a letter: what company it would have is unknown."""
    company = tuple(f"{kind} in" for kind in evidence.kinds)
    own = [one for one in evidence.signs(match) if not one[0].startswith(("always", *company))]
    return [("alone", 1), *own]


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
    for cause, matcher in (("company", _letter_matcher(current_index())), ("guard", _unguarded())):
        if _is_any(missed, [_made(match, slugs) for match in matcher.find(text)]):
            return cause
    return "missing"


def _unguarded():
    labels = [(name.entry_id, name.label) for name in current_index().names if name.label]
    return Matcher(
        Form(form.text, form.key, form.is_exact)
        for pk, label in labels
        if label.policy != LinkPolicy.NEVER
        for form in _forms((pk, label.sense, False), label)
    )


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
