"""The matcher agrees with another one, written apart from it: word by word, slow and plain."""

import os
import random
import re

import pytest

from dictionary.matching import Form, Matcher

# AGREEMENT_TEXTS=10000 for the full count; continuous integration has less time.
TEXTS = int(os.environ.get("AGREEMENT_TEXTS", "2000"))
WORD = r"[^\W_]+"
BROKEN = r"(?<=[^\W\d_])-\r?\n(?=[^\W\d_])"
JOINED = re.compile(rf"{WORD}(?:{BROKEN}{WORD})*")
APART = re.compile(WORD)
SINGLE = [
    "bail",
    "order",
    "court",
    "fine",
    "charge",
    "jury",
    "plea",
    "a",
    "the",
    "in",
    "tag",
    "b7c",
]
GLUE = [
    *[" "] * 12,
    *(
        "-",
        "\n",
        "  ",
        "\n\n",
        " \n \n ",
        "-\n",
        "-\r\n",
        " - ",
        "’",
        "'",
        ", ",
        ". ",
        "_",
        "\t",
        "\x00",
    ),
    *("\u00a0", "\r\n", "‑", "é", ""),
]


def reference(forms, text):
    """(start, end, keys): whole words only, leftmost, then longest."""
    hits = {}
    for pattern in (JOINED, APART):
        words = [(found.start(), found.end()) for found in pattern.finditer(text)]
        for form in forms:
            for place in range(len(words)):
                end = end_of_form(form, text, words, place)
                if end:
                    hits.setdefault((words[place][0], end), []).append(form.key)
    return leftmost_longest(hits)


def end_of_form(form, text, words, place):
    own = re.findall(rf"{WORD}|[^\w]|_", form.text)
    parts, gaps = own[::2], own[1::2]
    here = words[place : place + len(parts)]
    if len(here) < len(parts):
        return None
    start, end = here[0][0], here[-1][1]
    is_spelled = all(
        bare(text[first:last]).lower() == part.lower()
        for (first, last), part in zip(here, parts, strict=True)
    )
    is_glued = all(
        is_gap(text[here[number][1] : here[number + 1][0]], gap) for number, gap in enumerate(gaps)
    )
    is_bound = place and start - words[place - 1][1] == 1 and text[start - 1] in "-‐‑"
    is_broken = is_break(text, words[place - 1][1], start) if place else False
    if place + len(parts) < len(words):
        is_broken |= is_break(text, end, words[place + len(parts)][0])
    is_cased = not form.is_exact or " ".join(text[start:end].split()) == form.text
    if (
        not (is_spelled and is_glued and is_cased)
        or is_bound
        or is_broken
        or is_beside(form, text, words, place)
    ):
        return None
    return end


def is_break(text, end, start):
    """Half of a word that was parted at the end of a line is none."""
    return bool(re.fullmatch(rf"[^\W\d_]{BROKEN}[^\W\d_]", text[end - 1 : start + 1]))


def bare(word):
    return re.sub(r"-\r?\n", "", word)


def is_gap(written, gap):
    if gap == "'":
        return written in {"'", "’"}
    is_blank = written and not written.strip() and written.count("\n") < 2
    return is_blank or written in {"-", "‑"} or bool(re.fullmatch(r"-\r?\n", written))


def is_beside(form, text, words, place):
    """Guards of one word in these texts, with a plain gap between."""
    after = words[place + len(re.findall(WORD, form.text)) :][:1]
    before = words[:place][-1:]
    end = words[place + len(re.findall(WORD, form.text)) - 1][1]
    return any(
        bare(text[first:last]).lower() in form.not_before and is_gap(text[end:first], " ")
        for first, last in after
    ) or any(
        bare(text[first:last]).lower() in form.not_after
        and is_gap(text[last : words[place][0]], " ")
        for first, last in before
    )


def leftmost_longest(hits):
    free_from, chosen = 0, []
    for (start, end), keys in sorted(hits.items(), key=lambda hit: (hit[0][0], -hit[0][1])):
        if start >= free_from:
            free_from = end
            chosen.append((start, end, tuple(dict.fromkeys(keys))))
    return chosen


def random_forms(chance):
    texts = {
        chance.choice([" ", " ", " ", "'"]).join(chance.choices(SINGLE, k=chance.randint(1, 3)))
        for _ in range(12)
    }
    return [
        Form(
            text.upper() if is_exact else text,
            text,
            is_exact,
            tuple(chance.sample(SINGLE, chance.choice([0, 0, 1]))),
            tuple(chance.sample(SINGLE, chance.choice([0, 0, 1]))),
        )
        for text in sorted(texts)
        for is_exact in [chance.random() < 0.2]
    ]


def random_text(chance):
    words = (
        chance.choice([str, str, str, str.upper, str.title])(chance.choice(SINGLE))
        for _ in range(chance.randint(1, 25))
    )
    return "".join(word + chance.choice(GLUE) for word in words).replace("_", chance.choice(" _"))


@pytest.mark.parametrize("seed", range(10))
def test_it_agrees_with_the_reference(seed):
    chance = random.Random(seed)
    found = 0
    for _ in range(TEXTS // 10):
        forms, text = random_forms(chance), random_text(chance)
        expected = reference(forms, text)
        assert [(*match[:2], set(match.keys)) for match in Matcher(forms).find(text)] == [
            (start, end, set(keys)) for start, end, keys in expected
        ], (text, forms)
        found += len(expected)
    assert found > TEXTS // 10
