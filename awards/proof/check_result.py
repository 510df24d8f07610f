#!/usr/bin/env python3
"""Check a result of the Criminal Justice Alliance awards on your own computer.

    python3 check_result.py score-sheet.json [fingerprint]

It needs Python 3.10 or newer and nothing else: no network, no other file. It recomputes the order
from the marks, with exact fractions, compares it with the order that the file states, and prints
the file's fingerprint (SHA-256). Compare that with the one the judges were sent before the result
was known, or give it as the second argument.

The method. A sheet's score is the sum of mark x weight. Each entry's result is the average of its
sheets, after allowing for judges who marked the same entries higher or lower than colleagues did.
The judges' levels are those that make the sum of (score - entry - level)^2 + 2 x level^2, over all
sheets and all judges, as small as it can be. Where every judge marked every entry, the result is
the plain average. Equals are parted by the category's own rules, in their order, never by chance.
"""

import hashlib
import json
import sys
from fractions import Fraction

FORMAT = "cja-score-sheet-1"
LARGEST = 5_000_000  # bytes


class Wrong(Exception):
    """What is wrong, as one sentence."""


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    try:
        file = read(arguments[0])
        expect_fingerprint(file, arguments[1] if len(arguments) == 2 else "")
        report(load(file))
    except Wrong as wrong:
        print(f"WRONG: {wrong}")
        return 1
    print("The order follows from the marks, as the file says.")
    return 0


def read(path):
    try:
        with open(path, "rb") as opened:
            file = opened.read(LARGEST + 1)
    except OSError as error:
        raise Wrong(f"The file cannot be read: {error.strerror or error}.") from error
    if len(file) > LARGEST:
        raise Wrong("The file is too large to be a score sheet.")
    return file


def expect_fingerprint(file, expected):
    found = hashlib.sha256(file).hexdigest()
    print(f"Fingerprint: {found}")
    if expected and expected.strip().lower() != found:
        raise Wrong("The fingerprint is not the one that you gave: this is another file.")


def load(file):
    try:
        facts = json.loads(file.decode("utf-8"))
        if facts["format"] != FORMAT:
            raise Wrong(f"This checker reads files of the format {FORMAT} only.")
        check(facts)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Wrong("The file is not a whole score sheet.") from error
    if file != canonical(facts):
        raise Wrong("The file is not written in the one agreed form.")
    return facts


def canonical(facts):
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return (text + "\n").encode("utf-8")


def check(facts):
    weights = [weight for _, weight in facts["criteria"]]
    if any(type(weight) is not int or weight < 1 for weight in weights) or sum(weights) != 100:
        raise Wrong("The weights do not add up to 100.")
    if facts["shrinkage"] != 2:
        raise Wrong("The file asks for another method than the published one.")
    pairs = [(judge, entry) for judge, entry, _ in facts["sheets"]]
    if len(set(pairs)) != len(pairs):
        raise Wrong("A judge has two sheets for one entry.")
    for judge, entry, marks in facts["sheets"]:
        if len(marks) != len(weights) or not all(is_mark(mark) for mark in marks):
            raise Wrong(f"The sheet of {judge} for {entry} has wrong marks.")


def is_mark(mark):
    return type(mark) is int and 1 <= mark <= 5


def report(facts):
    print(f"{facts['year']}, {facts['category']}, {facts['stage']}")
    if not facts["sheets"]:
        print("No marks were given: the panel decided in its talk.")
    found = order(facts) if facts["sheets"] else []
    for entry, rank, adjusted, raw, tie in found:
        values = f"{float(Fraction(adjusted)):8.2f}  (plain average {float(Fraction(raw)):.2f})"
        print(f"{rank or '-':>4}  {entry:14} {values}{'  tie: ' + tie if tie else ''}")
    for entry, outcome in facts.get("decisions", []):
        print(f"      {entry:14} decided: {outcome}")
    if facts.get("withheld"):
        print(f"      Nobody receives the award: {on_one_line(facts['withheld'])}")
    if found != facts["order"]:
        raise Wrong("The order in the file does not follow from its marks.")


def on_one_line(text):
    """What somebody wrote cannot look like a line of ours."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text))


def order(facts):
    """Lines as the file has them: entry, rank, adjusted, plain average, what parted equals."""
    weights = [weight for _, weight in facts["criteria"]]
    scores = {
        (judge, entry): sum(mark * weight for mark, weight in zip(marks, weights, strict=True))
        for judge, entry, marks in facts["sheets"]
    }
    expect_linked(scores)
    adjusted, plain = results(scores), averages(scores)
    read_by = {entry: [j for j, e in scores if e == entry] for entry in adjusted}
    placed = [e for e in sorted(adjusted) if len(read_by[e]) >= facts["least_sheets"][e]]
    values = tie_values(facts, scores, weights)
    lines = []
    for tied in groups(placed, adjusted):
        for part, tie in parted(tied, facts["tie_rules"], values, ""):
            rank = len(lines) + 1
            lines += [[e, rank, str(adjusted[e]), str(plain[e]), tie] for e in part]
    rest = [e for e in sorted(adjusted) if e not in placed]
    return lines + [[e, None, str(adjusted[e]), str(plain[e]), ""] for e in rest]


def expect_linked(scores):
    """Judges who share no entry, not even through others, cannot be compared."""
    if not scores:
        raise Wrong("There are no sheets.")
    reached, size = {min(scores)[0]}, 0
    while size != len(reached):
        size = len(reached)
        entries = {entry for judge, entry in scores if judge in reached}
        reached |= {judge for judge, entry in scores if entry in entries}
    if reached != {judge for judge, _ in scores}:
        raise Wrong("Some judges share no entry with the others, so there is no order.")


def averages(scores):
    totals = {}
    for (_, entry), score in scores.items():
        total, count = totals.get(entry, (0, 0))
        totals[entry] = (total + score, count + 1)
    return {entry: Fraction(total, count) for entry, (total, count) in totals.items()}


def results(scores):
    level = levels(scores)
    left = {(judge, entry): score - level[judge] for (judge, entry), score in scores.items()}
    totals = {}
    for (_, entry), value in left.items():
        totals.setdefault(entry, []).append(value)
    return {entry: sum(values) / Fraction(len(values)) for entry, values in totals.items()}


def levels(scores):
    """Solve: (sheets + 2) x level = sum of (score - average) + the others' share of each entry."""
    judges = sorted({judge for judge, _ in scores})
    readers, mean = {}, averages(scores)
    for judge, entry in scores:
        readers.setdefault(entry, []).append(judge)
    rows = {judge: dict.fromkeys(judges, Fraction(0)) for judge in judges}
    right = dict.fromkeys(judges, Fraction(0))
    for judge in judges:
        rows[judge][judge] += 2
    for (judge, entry), score in scores.items():
        rows[judge][judge] += 1
        right[judge] += score - mean[entry]
        for other in readers[entry]:
            rows[judge][other] -= Fraction(1, len(readers[entry]))
    return solved(judges, rows, right)


def solved(names, rows, right):
    """Gauss and Jordan; the first pivot is never zero, for each row outweighs itself."""
    for name in names:
        pivot = rows[name][name]
        rows[name] = {key: value / pivot for key, value in rows[name].items()}
        right[name] /= pivot
        for other in names:
            factor = rows[other][name]
            if other != name and factor:
                right[other] -= factor * right[name]
                for key in names:
                    rows[other][key] -= factor * rows[name][key]
    return right


def tie_values(facts, scores, weights):
    values = {"first-places": {}}
    for judge in {judge for judge, _ in scores}:
        given = {entry: score for (j, entry), score in scores.items() if j == judge}
        for entry, score in given.items():
            values["first-places"].setdefault(entry, 0)
            values["first-places"][entry] += score == max(given.values())
    if weights.count(max(weights)) == 1:
        at = weights.index(max(weights))
        values["heaviest"] = results({(j, e): marks[at] for j, e, marks in facts["sheets"]})
    if facts["casting_vote"]:
        values["chair"] = {e: -number for number, e in enumerate(facts["casting_vote"])}
    return values


def groups(entries, value):
    """Equals together, the highest first."""
    heights = sorted({value[entry] for entry in entries}, reverse=True)
    return [[entry for entry in entries if value[entry] == height] for height in heights]


def parted(tied, rules, values, by):
    if len(tied) == 1:
        return [(tied, by)]
    if not rules or rules[0] == "shared":
        return [(sorted(tied), rules[0] if rules else "")]
    value = values.get(rules[0], {})
    if rules[0] == "chair" and not set(tied) <= set(value):
        return [(sorted(tied), "chair")]
    split = groups(tied, value) if value else [tied]
    by = rules[0] if len(split) > 1 else by
    return [part for group in split for part in parted(group, rules[1:], values, by)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
