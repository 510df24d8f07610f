"""Whether a text speaks of the law where a word of many senses stands.

A fine, a charge, an appeal and a tag are everyday words too, and no list of their neighbours is
ever complete. So in a reader's own text a name that proves nothing by itself counts only near one
that does, or near a word that people use of crime and courts and hardly elsewhere. The most common
of these words need company of their own besides. `context.yaml` has the words.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

import yaml

from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule

REACH = 700  # characters
NEAR = 90  # characters
SENTENCE = 200  # characters to each side: a list without full stops is no sentence
SHORT = 80  # characters: what is no longer than a question is about its own words
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n\s*\n|\n(?=\s*[-*•·=])|\n\s*\d+[.)]\s")
GROUPS = {
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
    return " " in label.text or (_is_acronym(label) and label.text not in _everyday_acronyms())


def _is_acronym(label):
    return label.case_rule == CaseRule.EXACT and len(label.text) > 2 and label.text.isupper()


def meant(matches, text):
    """Those of `matches` that are meant; their keys end in whether the name proves itself."""
    if len(text) <= SHORT:
        return matches
    evidence = _Evidence(matches, text)
    return [match for match in matches if _is_sure(match) or evidence.is_for(match)]


def _is_sure(match):
    return any(is_sure for *_, is_sure in match.keys)


class _Evidence:
    """Where a text speaks of crime and courts, and where of something else."""

    def __init__(self, matches, text):
        self.text = text
        proofs = _proofs().find(text)
        sure = {match.start for match in matches if _is_sure(match)}
        sure.update(proof.start for proof in proofs if True in proof.keys)
        hints = {proof.start: _said(text, proof) for proof in proofs if proof.start not in sure}
        self.hints = sorted(hints.items())
        self.proofs, self.near_proofs = sorted(sure), sorted(sure | hints.keys())
        self.others = [other.start for other in _elsewhere().find(text)]
        self.ends = [end.start() for end in _SENTENCE_END.finditer(text)]

    def is_for(self, match):
        """Whether a name that proves nothing by itself is meant where it stands."""
        has_company, far = self._has_company(match), self._weight_around(match)
        if has_company is False or far < 1:
            return False
        near, others = self._sentence(match), _count(self.others, *_reach(match))
        here = _count(self.near_proofs, *near) - self._is_hint(match)
        score = 2 * (here - _count(self.others, *near)) + bool(has_company)
        return score >= (others > far)

    def _has_company(self, match):
        """Whether the company of a name stands beside it; None if it needs none and has none."""
        company = _company().get(_said(self.text, match))
        if not company:
            return None
        first, last = max(0, match.start - NEAR), match.end + NEAR
        beside = f"{self.text[first : match.start]}~{self.text[match.end : last]}"
        return company.stands_in(" ".join(beside.lower().split()))

    def _weight_around(self, match):
        """How many proofs stand in reach; of hints it takes two, and none counts for itself."""
        first, last = _reach(match)
        here = bisect_left(self.hints, (first,)), bisect_left(self.hints, (last,))
        words = {word for _, word in self.hints[slice(*here)]} - {_said(self.text, match)}
        return _count(self.proofs, first, last) + len(words) / 2

    def _is_hint(self, match):
        place = bisect_left(self.hints, (match.start,))
        return place < len(self.hints) and self.hints[place][0] == match.start

    def _sentence(self, match):
        """From where to where its own sentence goes."""
        place = bisect_left(self.ends, match.start)
        first = self.ends[place - 1] if place else 0
        last = self.ends[place] if place < len(self.ends) else len(self.text)
        return max(first, match.start - SENTENCE), min(last, match.end + SENTENCE)


def _reach(match):
    return match.start - REACH, match.end + REACH


def _said(text, match):
    return text[match.start : match.end].lower()


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
        self.is_needed = not row.get("helps", False)
        self.wanted = _pattern([*words, *row.get("phrases", [])])
        self.unwanted = _pattern(row["never"]) if "never" in row else None

    def stands_in(self, neighbourhood):
        if self.unwanted and self.unwanted.search(neighbourhood):
            return False
        return bool(self.wanted.search(neighbourhood)) or (False if self.is_needed else None)


def _pattern(alternatives):
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_filled, alternatives))})(?!\w)")


def _filled(text):
    for group, whole in GROUPS.items():
        text = text.replace(group, whole)
    return text
