"""How well the words of letters are told from everyday ones: python -m tests.benchmarks.letters

On the local database with the starter content. For every set of marked letters it learns the
weights of the signs (dictionary/signs.py) from all other sets and the single sentences, judges the
set by them, and lists what went wrong by its cause; arguments choose some sets. Sets whose name
begins with "untouched" are never learned from. With --now it
judges by the weights as they are; with --fit it learns from all and writes dictionary/signs.tsv.
"""

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import django

from tests.benchmarks.learning import learn

SMALL = 0.05  # weights below are left out of the table
CAUSES = {
    "missing": "no name of the entry is spelled so",
    "guard": "a guard of the name forbids it",
    "company": "the words beside it speak against it",
    "everyday": "an everyday use was marked",
    "longer": "another entry was marked",
}


def main(arguments):
    django.setup()
    letters = import_module("tests.benchmarks.marked_letters")
    chosen = [one for one in arguments if not one.startswith("--")] or letters.ALL_SETS
    examples = {name: letters.examples(name) for name in (*letters.SETS, *letters.SENTENCES)}
    if "--fit" in arguments:
        write(learn(letters.learnable(examples)), import_module("dictionary.signs").__file__)
    for name in chosen:
        others = {other: ones for other, ones in examples.items() if other != name}
        weights = None if "--now" in arguments else learn(letters.learnable(others))
        print(report(name, letters.judged(name, weights)), flush=True)


def write(weights, module):
    head = (
        "# Made by python -m tests.benchmarks.letters --fit; dictionary/signs.py says what it is."
    )
    kept = sorted((sign, one) for sign, one in weights.items() if abs(one) >= SMALL)
    lines = [head, *(f"{one:.2f}\t{sign}" for sign, one in kept)]
    Path(module).with_suffix(".tsv").write_text("\n".join(lines) + "\n")


def report(name, judged):
    """The measures of a set, and its slips by their causes."""
    right, marked, expected, slips = judged
    causes = Counter(cause for cause, _ in slips)
    head = f"{name:10} {marked:4} marked {right / marked:.3f} right, {expected:4} expected"
    lines = [f"{head} {right / expected:.3f} found; {dict(causes)}"]
    lines += [f"    {CAUSES[cause]}: {said}" for cause, said in sorted(slips)]
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
