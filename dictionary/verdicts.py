"""Why a word of a text is marked or not, in sentences that editors can read."""

import re
from dataclasses import dataclass

from dictionary import context, signs
from dictionary.models import Label
from dictionary.search import current_index
from dictionary.words import letter_matcher, unguarded_matcher

SHOWN = 8  # signs of one word
LEARNED = 30  # signs of one name, for and against
LEAST_WEIGHT = 0.02
PROVES_ITSELF = "It is long or a short form of its own, so it counts wherever it stands."
GUARDED = "The name has a guard against the words beside it. You can change it with the name."
NEVER = "A rule forbids it beside these words, whatever else speaks for it."
WEIGHED = "What speaks for it is weighed against what speaks against it."
LONELY = "Nothing near it speaks of the law, so more must speak for it than elsewhere."
_KINDS = {
    "names": "names that prove themselves",
    "proofs": "words of crime and courts",
    "hints": "words that hint at them",
    "others": "words of other fields",
}
_STRETCHES = {
    "sentence": "in its sentence",
    "paragraph": "around it",
    "reach": "farther around it",
    "text": "in the whole text",
}
_PLACES = {
    "before that": "two words before it",
    "after that": "two words after it",
    "before": "right before it",
    "after": "right after it",
    "near": "in its sentence",
    "between": "on its two sides",
}
_PLACED = re.compile(rf"(?P<kin>\S.*? |)(?P<place>{'|'.join(_PLACES)}) (?P<words>.+)")
_RULE = re.compile(r"(?P<kin>\S* |)rule \S+")


@dataclass(frozen=True)
class Verdict:
    """What is said of one word of a text. `signs` are (sentence, what it weighs), most first."""

    said: str
    headwords: list
    is_meant: bool
    why: str
    total: float = 0
    signs: tuple = ()


def verdicts(text):
    """A verdict on every word of a letter that is spelled like a name, in the order of the text."""
    index = current_index()
    matches = letter_matcher(index).find(text)
    evidence = context.Evidence(matches, text)
    headwords = {name.entry_id: name.headword for name in index.names}
    guarded = _apart(unguarded_matcher(index).find(text), matches)
    rows = [(match, _verdict(match, text, evidence, headwords)) for match in matches]
    rows += [(match, _refusal(match, text, headwords)) for match in guarded]
    return [verdict for _, verdict in sorted(rows, key=lambda row: row[0].start)]


def _apart(matches, others):
    """Those of `matches` that no other overlaps."""
    return [
        one
        for one in matches
        if not any(one.start < other.end and other.start < one.end for other in others)
    ]


def _refusal(match, text, headwords):
    return Verdict(text[match.start : match.end], _entries(match, headwords), False, GUARDED)


def _entries(match, headwords):
    return sorted({headwords[pk] for pk, *_ in match.keys})


def _verdict(match, text, evidence, headwords):
    said = text[match.start : match.end]
    entries = _entries(match, headwords)
    if context.is_sure(match):
        return Verdict(said, entries, True, PROVES_ITSELF)
    by_rules = evidence.company(match)
    if by_rules is None:
        return Verdict(said, entries, False, NEVER)
    weighed = _weighed(evidence.signs(match, by_rules))
    total = by_rules + sum(weight for _, weight in weighed)
    rows = [("The rules for the words beside it", by_rules), *weighed]
    why = WEIGHED if evidence.has_company(match) else LONELY
    return Verdict(said, entries, total > evidence.least(match), why, total, _loudest(rows, SHOWN))


def _weighed(found):
    weights = signs.learned()
    return [(described(sign), weights[sign] * amount) for sign, amount in found if sign in weights]


def _loudest(rows, number):
    rows = sorted(rows, key=lambda row: -abs(row[1]))[:number]
    return tuple(row for row in rows if abs(row[1]) >= LEAST_WEIGHT)


def learned_of(name):
    """(sentence, weight) of the loudest signs for a name, and of those against it."""
    said = " ".join(name.lower().split())
    own = {f"said {said}", f"kin {signs.kin(said)}"}
    rows = [
        (described(sign), weight)
        for sign, weight in signs.learned().items()
        if sign in own or sign.startswith(f"{signs.kin(said)} ")
    ]
    speaks_for = _loudest([row for row in rows if row[1] > 0], LEARNED)
    return speaks_for, _loudest([row for row in rows if row[1] < 0], LEARNED)


def labels_called(name):
    """The names spelled so, in any letters, with what they lead to."""
    labels = Label.objects.filter(text__iexact=name.strip()).select_related("entry")
    return labels.order_by("entry__headword", "pk")


def described(sign):
    """A sign in words: "char near tea" is “tea” in its sentence."""
    kind, _, stretch = sign.partition(" in ")
    if kind in _KINDS and stretch in _STRETCHES:
        return f"{_KINDS[kind].capitalize()} {_STRETCHES[stretch]}"
    if placed := _PLACED.fullmatch(sign):
        scope = "" if placed["kin"] else ", for any name"
        return f"{_said_of(placed['words'])} {_PLACES[placed['place']]}{scope}"
    if rule := _RULE.fullmatch(sign):
        return "How far these rules can be trusted" + ("" if rule["kin"] else ", for any name")
    return {"always": "What every such word starts with"}.get(sign, "How often it is meant")


def _said_of(words):
    if words.startswith("family "):
        return f"Words of the family of “{words.removeprefix('family ')}”"
    return " and ".join(map(_word, words.split()))


def _word(word):
    if word == "|":
        return "the end of the sentence"
    if word == "#":
        return "a number"
    if word[0] == "~":
        return f"a word like “{word[1:]}”"
    return _grammar(word[1:]) if word[0] == "=" and word[1:] else f"“{word}”"


def _grammar(kind):
    if kind in {"|", "#"}:
        return _word(kind)
    if kind.startswith("-"):
        return f"a word that ends in “{kind}”"
    return "any other word" if kind == "word" else f"a small word like “{kind}”"
