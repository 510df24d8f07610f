"""The findings of a round in words, with the names of people and nominees in place of codes."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

from awards.findings import Findings, findings_of
from awards.models import NominationState, TieRule
from awards.round_sheets import RoundSheets, sheets_of
from awards.tally.chances import nearest_five
from awards.tally.panel import score

NEAR = 3  # entries below a cut that are told of
FULL = 100  # A sheet's score for each whole mark.
SAID = {
    "clear": "Clear",
    "likely": "Likely",
    "too close": "Too close to call: discuss it",
}
WAYS = {
    "mean": "Mean: the plain average of all sheets",
    "median": "Median: the middle sheet",
    "trimmed mean": "Trimmed mean: without the highest and the lowest sheet",
    "Borda count": "Borda count: only who was put above whom",
}


def standing_of(round_):
    sheets = sheets_of(round_)
    return Standing(round_, sheets, findings_of(sheets.score_sheet))


@dataclass(frozen=True)
class Row:
    """An entry as it stands in the order; marks are averages from 1 to 5.

    `bar` is where its nine-in-ten range of places begins, and how many places it covers.
    """

    code: str
    nominee: object
    place: str
    rank: int | None
    adjusted: float
    raw: float
    raw_place: str
    sheets: int
    least: int
    lowest: float
    highest: float
    tie: str
    chance: str = ""
    range: tuple = ()

    @property
    def is_moved(self):
        """Whether allowing for strict and lenient judges gave it another place."""
        return self.rank is not None and self.place != self.raw_place

    @property
    def bar(self):
        return {"x": self.range[0] - 1, "width": self.range[1] - self.range[0] + 1}

    @property
    def range_said(self):
        first, last = self.range
        return f"{first}" if first == last else f"{first} to {last}"


@dataclass(frozen=True)
class Standing:
    round: object
    sheets: RoundSheets
    findings: Findings

    # -- The order -------------------------------------------------------------------------------

    @cached_property
    def rows(self):
        """In the order, equals by name, and last those that have no place."""
        ranking = self.findings.ranking
        rows = [self._row(line) for line in ranking.lines] if ranking else []
        return sorted(rows, key=lambda row: (row.rank is None, row.rank, str(row.nominee)))

    @cached_property
    def entries(self):
        """Those that are still judged, by name."""
        judged = NominationState.JUDGED
        return sorted((one for one in self.sheets.entries.values() if one.state in judged), key=str)

    @cached_property
    def namesakes(self):
        return namesakes(self.sheets.entries.values())

    @cached_property
    def called(self):
        """What sentences call each entry, by its code."""
        entries = self.sheets.entries.items()
        return {
            code: _told_apart(one) if one.nominee_name in self.namesakes else str(one)
            for code, one in entries
        }

    @property
    def placed(self):
        return len(self.findings.ranking.placed)

    @property
    def tie_rules(self):
        return [TieRule(rule).label for rule in self.round.category.tie_rules]

    @cached_property
    def row_of(self):
        """By the number of the nomination."""
        return {row.nominee.pk: row for row in self.rows}

    def _row(self, line):
        given = [value / FULL for value in self._panel.by_entry[line.entry].values()]
        confidence = self.findings.confidence
        is_said = confidence is not None and line.rank is not None
        return Row(
            code=line.entry,
            nominee=self.sheets.entries[line.entry],
            place=_place(line.rank, self._shared),
            rank=line.rank,
            adjusted=float(line.adjusted) / FULL,
            raw=float(line.raw) / FULL,
            raw_place=self._raw_places.get(line.entry, ""),
            sheets=line.sheets,
            least=self.sheets.score_sheet.least[line.entry],
            lowest=min(given),
            highest=max(given),
            tie=self._tie(line),
            chance=about(confidence.chance(line.entry)) if is_said else "",
            range=confidence.ranges[line.entry] if is_said else (),
        )

    @cached_property
    def _panel(self):
        return self.sheets.score_sheet.panel()

    @cached_property
    def _shared(self):
        return Counter(line.rank for line in self.findings.ranking.lines)

    @cached_property
    def _raw_places(self):
        raw = {line.entry: line.raw for line in self.findings.ranking.placed}
        ranks = {
            entry: 1 + sum(other > own for other in raw.values()) for entry, own in raw.items()
        }
        shared = Counter(ranks.values())
        return {entry: _place(rank, shared) for entry, rank in ranks.items()}

    def _tie(self, line):
        if line.rank is None:
            return ""
        if self._shared[line.rank] == 1:
            return f"Equal marks, parted by: {_rule(line.tie)}." if line.tie else ""
        if line.tie == TieRule.SHARED:
            return "Exactly equal: by the rules of the category they share."
        if line.tie == TieRule.CHAIR:
            return "Exactly equal: the chair decides and writes down why."
        return "Exactly equal, and no rule of the category parts them."

    # -- The first place -------------------------------------------------------------------------

    @cached_property
    def leaders(self):
        return self._names(self.findings.leaders)

    @property
    def first_said(self):
        return joined(self.leaders) or "nobody"

    @cached_property
    def headline(self):
        if not self.findings.ranking:
            return "There is no order of these entries."
        if not self.leaders:
            return "No entry has enough sheets to be placed."
        verb = "comes first" if len(self.leaders) == 1 else "are exactly equal in first place"
        return f"{self.first_said} {verb}."

    @cached_property
    def word(self):
        """clear, likely or too close; nothing where nothing can be said."""
        confidence = self.findings.confidence
        if confidence is None or len(self.leaders) != 1:
            return ""
        return confidence.word(self.findings.leaders[0])

    @cached_property
    def sureness(self):
        if not self.word:
            return ""
        chance = about(self.findings.confidence.chance(self.findings.leaders[0]))
        return f"{SAID[self.word]}. The chance that it is the best of these entries is {chance}."

    # -- What bears on it ------------------------------------------------------------------------

    @cached_property
    def raw_leaders(self):
        """Where the plain average names others; the panel then writes down why it decides so."""
        ranking = self.findings.ranking
        if ranking is None or ranking.leaders_agree:
            return ""
        return joined(self._names(ranking.raw_leaders))

    @cached_property
    def ways(self):
        """(what the way is, whom it puts first, whether that is whom the order puts first)."""
        checks = self.findings.checks or {}
        first = set(self.findings.first) if checks else set()
        return [
            (WAYS[name], joined(self._names(best)), set(best) == first)
            for name, best in checks.items()
        ]

    @cached_property
    def without(self):
        """(judge, who would be first without them), for those without whom others would be."""
        if not self.findings.without:
            return []
        return [
            (self.sheets.judges[judge], joined(self._names(best)))
            for judge, best in self.findings.deciding_judges.items()
        ]

    @cached_property
    def influence(self):
        """The one judge whose marks part the first from a rival far more than the others' do."""
        found = self.findings.influence
        if found is None or not found.is_striking:
            return None
        return self.sheets.judges[found.judge], self.called[found.rival]

    @cached_property
    def change(self):
        """What one sheet would have had to say for another to be level, as a sentence."""
        change = self.findings.change
        if change is None:
            return ""
        judge, entry = self.sheets.judges[change.judge], self.called[change.entry]
        mark, less = abs(change.points) / FULL, "less" if change.points < 0 else "more"
        rival = self.called[change.rival]
        return (
            f"If {judge} had given {entry} {mark:.2f} of a mark {less} overall, "
            f"{rival} would be level with {self.leaders[0]}."
        )

    @cached_property
    def weights(self):
        """(criterion, its weight, the lowest and the highest at which the first stays first)."""
        return [
            (name, self.sheets.weights[name], ceil(lowest), floor(highest))
            for name, (lowest, highest) in (self.findings.ranges or {}).items()
        ]

    def near_misses(self, cut):
        """Of those just below the cut: how likely each is to be as good as the last one above."""
        rows = [row for row in self.rows if row.rank is not None]
        if self.findings.confidence is None or not 0 < cut < len(rows):
            return []
        last, as_good = rows[cut - 1], self.findings.confidence.as_good
        below = [(row, as_good.get((row.code, last.code))) for row in rows[cut : cut + NEAR]]
        return [
            f"{self.called[row.code]} (place {row.place}) is {about(nearest_five(chance))} likely "
            f"to be as good as {self.called[last.code]} (place {last.place})."
            for row, chance in below
            if chance is not None
        ]

    @cached_property
    def flags(self):
        """What the panel should talk about, as sentences."""
        if not self.findings.confidence:
            return []
        said = {
            "The first places are too close to call.": self.word == "too close",
            "The first place is shared: the tie is exact.": len(self.leaders) > 1,
            "Other ways of counting name another first.": not self.findings.ways_agree,
            "The plain average and the adjusted one name different winners.": self.raw_leaders,
            "One judge’s marks alone turn the first place.": self.influence,
        }
        return [sentence for sentence, holds in said.items() if holds]

    # -- Sheets ----------------------------------------------------------------------------------

    @cached_property
    def left_out(self):
        return [self._named(each) for each in self.sheets.left_out]

    @cached_property
    def missing(self):
        return [self._named(each) for each in self.sheets.missing]

    @cached_property
    def unread(self):
        return self._names(self.sheets.unread)

    @cached_property
    def parts(self):
        return [joined(self._names(part)) for part in self.findings.parts]

    def _named(self, reading):
        judge = self.sheets.judges[reading.judge]
        return judge, self.called[reading.entry], reading.left_out

    def _names(self, codes):
        return sorted(self.called[code] for code in codes)

    def scores_of(self, code):
        """[(judge, mark of the whole sheet)] of one entry, the highest first."""
        given = self.sheets.score_sheet.sheets.items()
        weights = self.sheets.weights
        found = [
            (self.sheets.judges[judge], score(marks, weights) / FULL)
            for (judge, entry), marks in given
            if entry == code
        ]
        return sorted(found, key=lambda pair: (-pair[1], str(pair[0])))


def namesakes(nominations):
    """The names that more than one of them bears: their references tell those apart."""
    names = Counter(one.nominee_name for one in nominations)
    return {name for name, count in names.items() if count > 1}


def _told_apart(nomination):
    marks = filter(None, [nomination.nominee_organisation, nomination.reference])
    return f"{nomination} ({', '.join(marks)})"


def about(chance):
    """ "about 65 %"; a model cannot be as sure as nothing or all."""
    if chance <= 0:
        return "under 5 %"
    return "over 95 %" if chance >= 100 else f"about {chance} %"


def joined(names):
    """ "A, B and C" """
    names = [str(name) for name in names]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _place(rank, shared):
    if rank is None:
        return "–"
    return f"={rank}" if shared[rank] > 1 else str(rank)


def _rule(tie):
    return TieRule(tie).label[0].lower() + TieRule(tie).label[1:]
