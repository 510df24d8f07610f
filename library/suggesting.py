"""When nothing was found: what the reader may have meant, each with what it would find.

The words come from public records (`library.models.Word`), and a suggestion is made only if it
finds something that this reader may see: so that no word gives away what is hidden.
"""

import re
from itertools import islice, product

from django.db import connection
from rapidfuzz.distance import OSA

from library import engine
from library.search import count

SHORTEST, MOST_WORDS = 4, 4
SUGGESTIONS = 3
CANDIDATES = 60
FEWEST_TRIGRAMS = 0.25  # of likeness, for a word to be looked at

NEAREST = """
SELECT asked.word, near.word, near.items FROM unnest(%s::text[]) AS asked(word)
CROSS JOIN LATERAL (
    SELECT word, items FROM library_word
    WHERE word %% asked.word AND length(word) BETWEEN length(asked.word) - 2
        AND length(asked.word) + 2
    ORDER BY similarity(word, asked.word) DESC, items DESC LIMIT {most}
) AS near
"""
LIMIT = f"SET LOCAL pg_trgm.similarity_threshold = {FEWEST_TRIGRAMS};"


def nearest_words(words):
    """The likest known words of each that is not known itself, the best first."""
    with connection.cursor() as cursor:
        cursor.execute(LIMIT + NEAREST.format(most=CANDIDATES), [list(words)])
        found = cursor.fetchall()
    near = {word: [one for one in found if one[0] == word] for word in words}
    return {
        word: _ranked(word, others)
        for word, others in near.items()
        if word not in {other for _, other, _ in others}
    }


def _ranked(word, others):
    """By the fewest slips of a finger, then the same first letter, then the more frequent.

    A slip is a letter left out, added, changed or swapped with the next.
    """
    slips = {other: OSA.distance(word, other) for _, other, _ in others}
    close = [(other, items) for _, other, items in others if slips[other] <= _most_slips(word)]
    close.sort(key=lambda one: (slips[one[0]], one[0][0] != word[0], -one[1], one[0]))
    return [other for other, _ in close]


def _most_slips(word):
    return 1 if len(word) < 6 else 2


def similar_queries(query, user):
    """Up to three spellings of the query that find something: text and count of each."""
    words = re.findall(rf"[a-z]{{{SHORTEST},30}}", query.text.lower())
    near = nearest_words(dict.fromkeys(words)) if words else {}
    near = {word: found for word, found in near.items() if found}
    if not near or len(near) > MOST_WORDS:
        return []
    most = SUGGESTIONS if len(near) == 1 else 2
    choices = product(*(found[:most] for found in near.values()))
    texts = (_replaced(query.text, dict(zip(near, choice, strict=True))) for choice in choices)
    return _finding([*islice(texts, SUGGESTIONS)], user)


def _replaced(text, words):
    return re.sub(r"[a-z]+", lambda found: words.get(found[0], found[0]), text.lower())


def _finding(texts, user):
    try:
        counted = [{"text": text, "count": count(text, user)} for text in texts]
    except engine.TakesTooLong:
        return []
    return [one for one in counted if one["count"]]


def looser_query(query):
    """Any of the words in place of all; blank for one word, or where the reader chose operators."""
    words = query.text.split()
    is_plain = not re.search(r'"|(?<!\S)-|\bor\b', query.text, re.IGNORECASE)
    return " or ".join(words) if is_plain and len(words) > 1 else ""
