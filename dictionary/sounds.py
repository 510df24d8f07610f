"""A key under which English words that sound alike meet, however they are spelled.

Coarser than Metaphone (Lawrence Philips, 1990) on purpose: readers who spell by ear also blur
vowels, doubled letters and a final r, so "sepeena" and "subpoena" or "rear" and "rea" share a key.
"""

import re
from functools import lru_cache

_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        (r"^(kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "s"),
        (r"bp", "p"),
        (r"mb$", "m"),
        (r"(t|s|c)i(?=on|al|ous)", "x"),
        (r"sch", "sk"),
        (r"(ch|sh)", "x"),
        (r"ght", "t"),
        (r"gh(?=[aeiou])", "g"),
        (r"gh", ""),
        (r"dge?(?=[eiy]|$)|g(?=[eiy])", "j"),
        (r"ph", "f"),
        (r"c(?=[eiy])", "s"),
        (r"ck|c|q", "k"),
        (r"z", "s"),
        (r"v", "f"),
        (r"wh", "w"),
        (r"(?<!^)[hwy]", ""),
    ]
]
_VOWELS = re.compile(r"(?<!^)[aeiou]+")
_DOUBLES = re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def sound_key(word):
    """The key of one folded word; words with digits keep their spelling."""
    if not word.isalpha():
        return word
    key = re.sub(r"r$", "", word) or word
    for pattern, sound in _RULES:
        key = pattern.sub(sound, key)
    key = _DOUBLES.sub(r"\1", _VOWELS.sub("", key))
    return re.sub(r"^[aeiou]", "a", key)


def sound_keys(text):
    """The keys of all words of folded text, in order."""
    return " ".join(sound_key(word) for word in text.split())
