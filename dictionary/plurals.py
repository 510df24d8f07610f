"""The other forms of a name in a text: regular English plurals, made once and stored.

Staff can mend what a rule gets wrong; the possessive needs no form, for an apostrophe ends a word.
"""

import re

_LINKS = {"for", "from", "in", "of", "on", "to", "under", "with", "at", "by"}
_SAME_IN_PLURAL = re.compile(r"(s|ing|ness|ment of|justice|bail|remand|evidence|custody)$", re.I)


def plural_forms(name, *, is_acronym=False):
    """The plural of `name` in a list, or no form where English has none or we cannot tell."""
    if is_acronym:
        return [f"{name}s"] if name.isupper() and name.isalpha() and name[-1] != "S" else []
    words = name.split(" ")
    head = _head(words)
    noun = words[head]
    if not noun.replace("-", "").isalpha() or _SAME_IN_PLURAL.search(noun) or len(noun) < 3:
        return []
    return [" ".join([*words[:head], _plural(noun), *words[head + 1 :]])]


def _head(words):
    """The noun that takes the plural, before the first link: "court" in "court of appeal"."""
    links = (place for place, word in enumerate(words) if word in _LINKS and place)
    return next(links, len(words)) - 1


def _plural(noun):
    if re.search(r"(ch|sh|x|z)$", noun):
        return f"{noun}es"
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}s"
