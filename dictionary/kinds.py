"""What kind of word a word is: by its place in the sentence, and by what it is about.

So a word that no marked letter has says something too: who knows that "tea" and "coffee" speak
against a charge in court knows it of "cocoa". `kinds.txt` holds the kinds by what words are about.
"""

from functools import lru_cache
from pathlib import Path

_SMALL_WORDS = {
    "a": "a an the this that these those any no some each every another such",
    "my": "my your his her its our their whose",
    "i": "i you he she it we they me him us them who one everyone anyone nobody someone",
    "be": "be is are was were been being am",
    "may": "will would can could may might must shall should do does did have has had not never "
    "get gets got",
    "in": "in on at by for from of with without against about into over after before until since "
    "under during within as than between through out off up down per towards behind near upon via",
    "to": "to",
    "and": "and or but nor so because if when while though although unless whether that which "
    "where why how",
    "now": "now then again too also just only very still already soon later here there once twice "
    "often always ever even well",
}
_ENDINGS = {"'s": "-'s", "ing": "-ing", "ed": "-ed", "ly": "-ly", "s": "-s"}


@lru_cache(maxsize=8192)
def place(word):
    """The kind of word by its place in a sentence; a sign or a number is a kind of its own."""
    if word in _small_words() or not word[0].isalpha():
        return _small_words().get(word, word)
    is_plain = word.endswith("ss")
    fitting = (kind for ending, kind in _ENDINGS.items() if word.endswith(ending))
    return "word" if is_plain else next(fitting, "word")


def topic(word):
    """(kind, family of kinds) by what the word is about; None for rare and for small words."""
    return None if word in _small_words() else _topics().get(word.removesuffix("'s"))


@lru_cache(maxsize=1)
def _small_words():
    kinds = reversed(_SMALL_WORDS.items())  # the first kind of a word counts
    return {word: kind for kind, words in kinds for word in words.split()}


@lru_cache(maxsize=1)
def _topics():
    """Each kind has the name of its most common word, and a family that of its first kind."""
    lines = Path(__file__).with_suffix(".txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("# ")]
    families = {number: name for number, name, *_ in reversed(rows)}
    return {word: (words[0], families[number]) for number, *words in rows for word in words}
