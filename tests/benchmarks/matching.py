"""How long the marking of words takes, beside a bare scan for the same spellings."""

import random
import re
import subprocess
import sys
import time
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from dictionary.matching import Form, Matcher

MEGABYTE = 1_000_000
FORMS_PER_TERM = 4
ROUNDS = 7


def report():
    chance = random.Random(2026)
    small, large = (Case(terms, chance) for terms in (2_000, 10_000))
    short, _ = small.times(small.text[:20_000])
    (ours, bare), (ours_of_large, bare_of_large) = (
        case.times(case.text) for case in (small, large)
    )
    lines = [
        f"{'Matching':44} {'ms':>8} {'× bare':>8}",
        f"{f'1 MB, {small}':44} {ours:8.1f} {ours / bare:8.1f}",
        f"{f'1 MB, {large}':44} {ours_of_large:8.1f} {ours_of_large / bare_of_large:8.1f}",
        f"{'10,000 terms in times of 2,000':44} {ours_of_large / ours:8.2f}",
        f"{'A letter of 20 kB':44} {short:8.1f}",
        f"{'Made anew for 2,000 terms':44} {small.building():8.1f}",
        *(
            f"{f'Most memory, {terms:,} terms, MB':44} {most_memory(terms):8.1f}"
            for terms in (2_000, 10_000)
        ),
    ]
    return "\n".join(lines)


def most_memory(terms):
    """In MB, of a process of its own: the hits of the bare scan are none of ours."""
    code = f"from tests.benchmarks import matching; print(matching.memory_of_one({terms}))"
    return float(subprocess.check_output([sys.executable, "-c", code]))


def memory_of_one(terms):
    """As Linux tells it, for `ru_maxrss` begins at the parent's; "nan" on other systems."""
    case = Case(terms, random.Random(2026))
    case.matcher.find(case.text)
    status = Path("/proc/self/status")
    said = status.read_text() if status.exists() else "VmHWM: nan"
    return float(re.search(r"VmHWM:\s*(\w+)", said)[1]) / 1024


class Case:
    """So many terms, and a text in which every seventh word or so begins one."""

    def __init__(self, terms, chance):
        self.terms = terms
        self.chance = chance
        self.words = sorted({self.word() for _ in range(6_000)})
        self.forms = list(self.some_forms())
        self.text = self.some_text()
        self.matcher = Matcher(self.forms)
        self.bare = AhoCorasick([form.text.lower() for form in self.forms])

    def __str__(self):
        return f"{self.terms:,} terms, {len(self.forms):,} forms"

    def word(self):
        syllables = (
            self.chance.choice("bcdfghlmnprstvw") + self.chance.choice("aeiou")
            for _ in range(self.chance.randint(1, 4))
        )
        return "".join(syllables)

    def some_forms(self):
        """A fifth are acronyms or have guards, as in the starter content."""
        for number in range(self.terms):
            name = " ".join(
                self.chance.choices(self.words, k=self.chance.choice([1, 1, 2, 2, 3, 4]))
            )
            guards = tuple(self.chance.choices(self.words, k=6)) if number % 10 == 0 else ()
            is_exact = number % 10 == 1
            for ending in ["", "s", " order", "ing"]:
                text = (name + ending).upper() if is_exact else name + ending
                yield Form(text, number, is_exact, guards, guards)

    def some_text(self):
        parts, size = [], 0
        while size < MEGABYTE:
            is_term = self.chance.random() < 0.15
            part = (
                self.chance.choice(self.forms).text if is_term else self.chance.choice(self.words)
            )
            parts.append(part + self.chance.choice([" "] * 12 + [", ", ".\n", "\n"]))
            size += len(parts[-1])
        return "".join(parts)[:MEGABYTE]

    def times(self, text):
        """Milliseconds of our scan and of a bare one, in turns; the best, for others work here."""
        lower = text.lower()
        pairs = [
            (
                milliseconds(lambda: self.matcher.find(text)),
                milliseconds(lambda: self.bare.find_matches_as_indexes(lower, overlapping=True)),
            )
            for _ in range(ROUNDS)
        ]
        return [min(column) for column in zip(*pairs, strict=True)]

    def building(self):
        return min(milliseconds(lambda: Matcher(self.forms)) for _ in range(ROUNDS))


def milliseconds(act):
    """Of the processor, so that a busy machine measures what a quiet one would."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    print(report())
