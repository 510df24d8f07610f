"""Whether a text speaks of the law where a word of many senses stands.

A fine, a charge, an appeal and a tag are everyday words too, and no list of their neighbours is
ever complete. So in a reader's own text a name that proves nothing by itself counts only where more
speaks for it than against it: names that prove themselves and words that people use of crime and
courts and hardly elsewhere, against words of sport, kitchens, banks and so on, in its sentence, its
paragraph and the text. `context.yaml` has the words, and rules for the most common names: some
company decides by itself, some only helps. All else is weighed as `signs.py` has learned it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import yaml

from dictionary import signs
from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule

REACH = 700  # characters
PARAGRAPH = 250  # characters
NEAR = 90  # characters
SENTENCE = 200  # characters to each side: a list without full stops is no sentence
SHORT = 80  # characters: what is no longer than a question is about its own words
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n\s*\n|\n(?=\s*[-*•·=])|\s[*•·|]\s|\n\s*\d+[.)]\s")
ENOUGH_ALONE = 2.0  # what must weigh for a name if nothing else within reach speaks of the law
# What the words beside a word say for it by the rules; LONELY if it has none where it needs some.
STRONG, FITTING, LIKELY, LONELY = 4.0, 0.7, 1.2, -0.8
GROUPS = {
    "CRIMES": (
        r"(?:theft|fraud|murder|manslaughter|robbery|burglary|assault\w*|arson|affray|rape|possession|"
        r"driving|drink.driving|wounding|stalking|harassment|criminal damage|false accounting|"
        r"supply\w*|conspiracy|perjury|handling|a crime|any crime|an offence|crimes|offences|"
        r"shoplifting|blackmail|kidnap\w*|attempted|causing|breach|using a|obstruct\w*|common)"
    ),
    "COURTS": (
        r"(?:courts?|judges?|magistrate\w*|crown|sheriff|convict\w*|sentenced|sentencing|justices)"
    ),
    "PRISON": r"(?:prison\w*|hmp|jail\w*|probation|parole|custody|release\w*)",
    "(THEY)": (
        "(?:you|he|she|they|who|him|man|men|woman|women|boys?|girls?|person|people|two|three)"
    ),
    "(BE)": (
        "(?:(?:have|has|had|will|may|can|could|should|might|must|to) )?(?:not )?"
        "(?:be|been|was|were|are|is|being) (?:not |later |then |also |formally )?"
    ),
}


def proves_itself(label):
    """Whether a name is meant wherever it stands: long or a short form of its own, unguarded."""
    if label.not_before or label.not_after:
        return False
    if label.text.lower() in _everyday_names():
        return False
    return " " in label.text or (_is_acronym(label) and label.text not in _everyday_acronyms())


def _is_acronym(label):
    return label.case_rule == CaseRule.EXACT and len(label.text) > 2 and label.text.isupper()


def meant(matches, text):
    """Those of `matches` that are meant; their keys end in whether the name proves itself."""
    if len(text) <= SHORT:
        return matches
    evidence = Evidence(matches, text)
    return [match for match in matches if is_sure(match) or evidence.is_for(match)]


def is_sure(match):
    return any(is_proof for *_, is_proof in match.keys)


class Evidence:
    """Where a text speaks of crime and courts, and where of something else."""

    def __init__(self, matches, text):
        self.text, self.answers = text, {}
        proofs = _proofs().find(text)
        names = {match.start for match in matches if is_sure(match)}
        sure = {proof.start: said_at(text, proof) for proof in proofs if True in proof.keys}
        hints = {proof.start: said_at(text, proof) for proof in proofs if True not in proof.keys}
        others = {other.start: "" for other in _elsewhere().find(text)}
        self.kinds = {
            "names": _Places(dict.fromkeys(names, "")),
            "proofs": _Places({at: said for at, said in sure.items() if at not in names}),
            "hints": _Places({at: said for at, said in hints.items() if at not in names}),
            "others": _Places(others),
        }
        self.ends = [end.start() for end in _SENTENCE_END.finditer(text)]

    def is_for(self, match):
        """Whether a name that proves nothing by itself is meant where it stands."""
        beside = self.company(match)
        if beside is None:
            return False
        return beside + signs.weight(self.signs(match, beside)) > self.least(match)

    def least(self, match):
        """What must weigh for a name, so that it is meant."""
        return 0 if self.has_company(match) else ENOUGH_ALONE

    def company(self, match):
        """What the rules say of the words beside it; None if it cannot be meant."""
        company = _company().get(said_at(self.text, match))
        return company.beside(self, match) if company else 0

    def has_company(self, match):
        """Whether anything within reach speaks of the law at all."""
        said, reach = said_at(self.text, match), _around(match, REACH)
        return any(self.kinds[kind].count(*reach, said) for kind in ("names", "proofs", "hints"))

    def signs(self, match, beside):
        """(sign, amount) of all that was learned to count."""
        yield "always", 1
        yield from signs.of_rules(said_at(self.text, match), beside)
        yield from signs.of_company(self.counts(match))
        yield from self.signs_of_words(match)

    def signs_of_words(self, match):
        """(sign, amount) of the word and of its sentence."""
        first, last = self._sentence(match)
        before = self.text[max(first, match.start - signs.BESIDE) : match.start]
        after = self.text[match.end : min(last, match.end + signs.BESIDE)]
        yield from signs.of_words(said_at(self.text, match), before, after)

    def counts(self, match):
        """How much company of each kind a word has in each stretch around it."""
        stretches = {
            "sentence": self._sentence(match),
            "paragraph": _around(match, PARAGRAPH),
            "reach": _around(match, REACH),
            "text": (0, len(self.text)),
        }
        said = said_at(self.text, match)
        return {
            (kind, name): places.count(*stretch, said)
            for name, stretch in stretches.items()
            for kind, places in self.kinds.items()
        }

    def neighbourhood(self, match, *, own_sentence):
        first, last = _around(match, NEAR)
        if own_sentence:
            start, end = self._sentence(match)
            first, last = max(first, start), min(last, end)
        beside = f"{self.text[max(0, first) : match.start]}~{self.text[match.end : last]}"
        return " ".join(beside.lower().split())

    def _sentence(self, match):
        """From where to where its own sentence goes."""
        place = bisect_left(self.ends, match.start)
        first = self.ends[place - 1] if place else 0
        last = self.ends[place] if place < len(self.ends) else len(self.text)
        return max(first, match.start - SENTENCE), min(last, match.end + SENTENCE)


class _Places:
    """Where words of one kind stand."""

    def __init__(self, said):
        self.all = sorted(said)
        self.by_word = defaultdict(list)
        for at in self.all:
            self.by_word[said[at]].append(at)

    def count(self, first, last, without):
        """How many stand from `first` to `last`, but for the word that cannot speak for itself."""
        own = self.by_word.get(without, ())
        return _count(self.all, first, last) - _count(own, first, last)


def _around(match, reach):
    return match.start - reach, match.end + reach


def said_at(text, match):
    return " ".join(text[match.start : match.end].lower().split()).replace("- ", "")


def _count(places, first, last):
    return bisect_left(places, last) - bisect_left(places, first)


# -- The words ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _words():
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())


@lru_cache(maxsize=1)
def _everyday_acronyms():
    return frozenset(_words()["everyday_acronyms"].split())


@lru_cache(maxsize=1)
def _everyday_names():
    return frozenset(one.replace("_", " ") for one in _words()["everyday_names"].split())


@lru_cache(maxsize=1)
def _proofs():
    said = _words()
    return Matcher(
        [Form(one, True) for one in (*said["words"].split(), *said["phrases"])]
        + [
            Form(one, is_proof, False, *_guards(row))
            for is_proof, part in ((True, "guarded"), (False, "hints"))
            for row in said[part]
            for one in row["forms"]
        ]
    )


@lru_cache(maxsize=1)
def _elsewhere():
    fields = _words()["elsewhere"]
    return Matcher(
        Form(one.replace("_", " "), True) for words in fields.values() for one in words.split()
    )


def _guards(row):
    return tuple(row["not_before"]), tuple(row["not_after"])


@lru_cache(maxsize=1)
def _company():
    """What must, may and must not stand beside a word, by the word."""
    return {
        one: company
        for row in _words()["company"]
        for company in [_Company(row)]
        for one in row["forms"]
    }


class _Company:
    def __init__(self, row):
        words = row.get("words", "").replace("*", r"\w*").split()
        self.nothing = 0 if row.get("helps") else LONELY
        self.words = _pattern(words) if words else None
        self.strong = _pattern(row["strong"]) if "strong" in row else None
        self.phrases = _pattern(row["phrases"]) if "phrases" in row else None
        self.never = _pattern(row["never"]) if "never" in row else None

    def beside(self, evidence, match):
        """What the words beside a name say for it; None if it cannot be meant."""
        wide = evidence.neighbourhood(match, own_sentence=False)
        near = evidence.neighbourhood(match, own_sentence=True)
        key = id(self), wide, near
        if key not in evidence.answers:  # Forms and hostile texts say the same again and again.
            evidence.answers[key] = self._judged(wide, near)
        return evidence.answers[key]

    def _judged(self, wide, near):
        if _found(self.never, wide):
            return None
        if _found(self.strong, near):
            return STRONG
        if _found(self.phrases, near):
            return FITTING
        if _found(self.words, near):
            return LIKELY
        is_beside = _found(self.phrases, wide) or _found(self.words, wide)
        return 0 if is_beside else self.nothing


def _found(pattern, text):
    return bool(pattern and pattern.search(text))


def _pattern(alternatives):
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_filled, alternatives))})(?!\w)")


def _filled(text):
    for group, whole in GROUPS.items():
        text = text.replace(group, whole)
    return text
