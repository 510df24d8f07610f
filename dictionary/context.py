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
SHORT = 80  # characters: what is no longer than a question is about its own words
GROUPS = {
    "COURTS": "court courts judge judges magistrate* crown sheriff convict* sentenced sentencing",
    "PRISON": "prison* hmp jail* probation parole custody release*",
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
    sure = (match.start for match in matches if any(is_sure for *_, is_sure in match.keys))
    places = sorted([*sure, *(proof.start for proof in _proofs().find(text))])
    return [match for match in matches if _is_near(places, match) and _has_company(match, text)]


def _is_near(places, match):
    """Whether a proof stands in reach; one that is a proof is near itself."""
    first = bisect_left(places, match.start - REACH)
    return first < len(places) and places[first] <= match.end + REACH


def _has_company(match, text):
    wanted = _company().get(text[match.start : match.end].lower())
    return not wanted or bool(wanted.search(_neighbourhood(match, text)))


def _neighbourhood(match, text):
    before, after = (
        text[max(0, match.start - NEAR) : match.start],
        text[match.end : match.end + NEAR],
    )
    return " ".join(f"{before}~{after}".lower().split())


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
        + [Form(one, True, False, *_guards(row)) for row in said["guarded"] for one in row["forms"]]
    )


def _guards(row):
    return tuple(row["not_before"]), tuple(row["not_after"])


@lru_cache(maxsize=1)
def _company():
    """Of each word that needs it, the pattern that must stand in its neighbourhood."""
    rows = _words()["company"]
    return {one: pattern for row in rows for pattern in [_pattern(row)] for one in row["forms"]}


def _pattern(row):
    words = _filled(row["words"]).replace("*", r"\w*").split()
    phrases = map(_filled, row.get("phrases", []))
    return re.compile(rf"(?<!\w)(?:{'|'.join([*words, *phrases])})(?!\w)")


def _filled(text):
    for group, whole in GROUPS.items():
        text = text.replace(group, whole)
    return text
