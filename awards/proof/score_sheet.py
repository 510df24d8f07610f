"""What is sealed: everything that the order follows from, and nothing that names a person.

The file is JSON in one form only (keys sorted, no spaces, UTF-8, one line feed at the end), so that
the same facts have the same SHA-256. `check_result.py` recomputes it without our code.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from awards.tally import SHRINKAGE, Panel, rank

FORMAT = "cja-score-sheet-1"
CHECKER = Path(__file__).with_name("check_result.py")


@dataclass(frozen=True)
class ScoreSheet:
    """`sheets[judge, entry] = {criterion: mark}`; judges and entries are codes, never names.

    `weights` is in the order of the page. `left_out` are sheets that do not count, with the reason.
    `casting` is the order in which the chair put equals, and `least` the sheets an entry needs.
    """

    year: int
    category: str
    stage: str
    weights: dict
    tie_rules: tuple
    least: dict
    sheets: dict
    left_out: tuple = ()
    casting: tuple = ()

    def panel(self):
        return Panel.of_sheets(self.sheets, self.weights)

    def ranking(self):
        """Raises NotRankable."""
        return rank(
            self.panel(),
            tie_rules=self.tie_rules,
            heaviest=self._heaviest(),
            casting=self.casting,
            least=self.least,
        )

    def _heaviest(self):
        """Marks on the criterion that weighs most; none where several weigh the same."""
        most = max(self.weights.values())
        heaviest = [criterion for criterion, weight in self.weights.items() if weight == most]
        if len(heaviest) > 1:
            return None
        return Panel({pair: marks[heaviest[0]] for pair, marks in self.sheets.items()})

    def facts(self):
        """Where no marks were given there is no order: the panel decided in its talk."""
        return {
            "format": FORMAT,
            "year": self.year,
            "category": self.category,
            "stage": self.stage,
            "shrinkage": SHRINKAGE,
            "criteria": [[name, weight] for name, weight in self.weights.items()],
            "tie_rules": list(self.tie_rules),
            "casting_vote": list(self.casting),
            "least_sheets": self.least,
            "sheets": [
                [judge, entry, [marks[criterion] for criterion in self.weights]]
                for (judge, entry), marks in sorted(self.sheets.items())
            ],
            "left_out": [list(each) for each in self.left_out],
            "order": [
                [line.entry, line.rank, str(line.adjusted), str(line.raw), line.tie]
                for line in (self.ranking().lines if self.sheets else [])
            ],
        }


def canonical(facts):
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def fingerprint(file):
    """SHA-256, in small hexadecimal letters."""
    return hashlib.sha256(file).hexdigest()
