import json
import re
import subprocess
import sys
from random import Random

import pytest

from awards.proof import CHECKER, ScoreSheet, canonical, fingerprint

WEIGHTS = {"reach": 40, "craft": 35, "care": 25}


def make_sheet(random, judges=5, entries=6, reads=None, **values):
    names = [f"Entry {letter}" for letter in "ABCDEFGHIJ"[:entries]]
    readers = [f"Judge {number + 1}" for number in range(judges)]
    sheets = {
        (judge, entry): {criterion: random.randint(1, 5) for criterion in WEIGHTS}
        for entry in names
        for judge in random.sample(readers, reads or judges)
    }
    usual = {
        "year": 2026,
        "category": "example-award",
        "stage": "final",
        "weights": WEIGHTS,
        "tie_rules": ("heaviest", "first-places", "chair"),
        "least": dict.fromkeys(names, 3),
        "sheets": sheets,
    }
    return ScoreSheet(**usual | values)


@pytest.fixture
def check(tmp_path):
    def run(file, *arguments):
        path = tmp_path / "score-sheet.json"
        path.write_bytes(file)
        command = [sys.executable, "-I", CHECKER, path, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.stderr == ""
        return done.returncode, done.stdout

    return run


def test_checker_finds_the_same_order(check):
    random = Random(1)
    for _ in range(6):
        facts = make_sheet(
            random, entries=random.randint(1, 8), reads=random.choice([3, 4])
        ).facts()
        file = canonical(facts)

        status, said = check(file, fingerprint(file))

        assert (status, said.splitlines()[-1]) == (
            0,
            "The order follows from the marks, as the file says.",
        )
        assert fingerprint(file) in said


def test_checker_parts_equals_by_the_same_rules(check):
    level = {"reach": 3, "craft": 3, "care": 3}
    equal = {(f"Judge {judge}", entry): level for judge in range(3) for entry in ("A", "B")}
    sheet = make_sheet(Random(2), sheets=equal, least={"A": 3, "B": 3}, casting=("B", "A"))

    assert [line[:2] for line in sheet.facts()["order"]] == [["B", 1], ["A", 2]]
    assert check(canonical(sheet.facts()))[0] == 0


WRONGS = {
    "another order": lambda facts: facts["order"].reverse(),
    "another mark": lambda facts: facts["sheets"][0].__setitem__(2, [1, 1, 1]),
    "a mark too high": lambda facts: facts["sheets"][0].__setitem__(2, [9, 1, 1]),
    "weights": lambda facts: facts["criteria"][0].__setitem__(1, 41),
    "another method": lambda facts: facts.update(shrinkage=0),
    "another format": lambda facts: facts.update(format="else"),
    "a sheet twice": lambda facts: facts["sheets"].append(facts["sheets"][0]),
    "nothing": lambda facts: facts.clear(),
}


@pytest.mark.parametrize("spoil", WRONGS.values(), ids=WRONGS)
def test_checker_says_what_is_wrong(check, spoil):
    facts = make_sheet(Random(3)).facts()
    spoil(facts)

    status, said = check(canonical(facts))

    assert status == 1
    assert said.splitlines()[-1].startswith("WRONG: ")


@pytest.mark.parametrize("file", [b"", b"\xff", b"[]", b"null", b"[" * 50_000, b'{"format": 1}'])
def test_checker_answers_any_file_with_a_sentence(check, file):
    status, said = check(file)

    assert status == 1
    assert "WRONG: " in said


def test_checker_refuses_another_fingerprint_and_another_form(check):
    facts = make_sheet(Random(4)).facts()

    assert "another file" in check(canonical(facts), "0" * 64)[1]
    assert "agreed form" in check(json.dumps(facts, indent=1).encode())[1]


def test_checker_is_short_and_stands_alone():
    text = CHECKER.read_text()
    imports = {line for line in text.splitlines() if re.match("import |from .* import ", line)}

    assert len(text.splitlines()) <= 300
    assert imports == {
        "import hashlib",
        "import json",
        "import sys",
        "from fractions import Fraction",
    }


def test_same_facts_have_the_same_fingerprint():
    sheet = make_sheet(Random(5))
    turned = make_sheet(Random(5), sheets=dict(reversed(sheet.sheets.items())))

    assert fingerprint(canonical(sheet.facts())) == fingerprint(canonical(turned.facts()))
