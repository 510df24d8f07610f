"""How an answer of the search is found, counted and put in order: all in Postgres, on its cards.

What is expected to have up to about 20,000 hits is counted to the last one. More is estimated from
a sample of the cards, and said to be "about"; then the best hits are chosen among the newest with
the words in the title and the newest of all. A phrase has to be looked for on the pages of files:
where its words stand in very many, it is in so many as there is time for, and the figure is said to
be "at least". Where even that takes too long its words may stand anywhere, and the page says so.
The number of statements is always the same: two, and two more for phrases.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from library.cards import UNKNOWN_DATE
from library.models.card import LARGE_SAMPLE, SAMPLES
from library.phrases import items_with
from library.places import ORDERS, Place
from library.statements import TakesTooLong, ends_after, run, written
from library.wording import all_of, parse, quoted

ON_A_PAGE = 20
MOST_PAGES = 50  # By number; by date one can go on from the last hit shown.
MOST_EXACT = 20_000
MOST_RANKED = 3_000
MOST_CHECKED = 1_000  # Items whose pages are looked through for a phrase.
LEAST_SAMPLED = 1_200  # So many hits in a sample, or more: nearly always within a tenth.
CANDIDATES, TITLE_CANDIDATES, NAMESAKES = 1_000, 500, 50
MOST_VALUES = 30  # of a facet
SHARE_OF_PHRASES = 0.65  # of the patience; then their words may stand anywhere.
WEIGHTS = "{0.05, 0.2, 0.5, 1}"  # D to A: files, summary and subjects, names, title.


@dataclass
class Answer:
    """The hits of one page, in order, and what all of them add up to."""

    ids: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    has_more: bool = False
    total: int = 0
    is_about: bool = False
    sampled: int = 0  # The hits that the total was made from,
    reach: int = 0  # and those that there are pages of, where they are put in order by rank.
    is_loose: bool = False  # Whether the words of its phrases may stand anywhere, for want of time.
    counts: dict = field(default_factory=dict)  # {"K:report": (label, hits)}
    rates: dict = field(default_factory=dict)  # {facet: one card of so many was counted}


LOOSELY = "words @@ %s::tsquery"


def _loosely(said, reader, terms):
    """The same but for phrases, whose words may stand anywhere: what the index can tell.

    Nearly everything is public: to ask the index for that too takes longer than to ask the cards
    that it finds. Only what is not wanted, alone, would have it go through all cards.
    """
    told = [said.loose if said else "", *terms]
    if reader.is_everyone and (terms or (said and said.positive)):
        return written(f"{LOOSELY} AND is_public", all_of(told))
    return written(LOOSELY, all_of([*told, reader.access]))


def condition(query, reader, terms=(), on_pages=None):
    """The SQL that is true of the cards that answer `query` and `terms` for this reader.

    `on_pages`: the items with its phrases on a page, if that is known (`library.phrases`).
    """
    said = parse(query.words) if query.words else None
    conditions = [_loosely(said, reader, terms)]
    if said and said.has_phrase:
        sql, parameters = said.condition(on_pages)
        conditions.append(written(sql, *parameters))
    if reader.sees_until:
        until = "(visible_from IS NULL OR visible_from <= %s)"
        conditions.append(written(until, reader.sees_until))
    return " AND ".join(conditions)


def rank(query):
    """The weighted words, and more for the very title; among near equals the newer work."""
    return written(
        """(ts_rank(%s, coalesce(record, words), %s::tsquery, 1)
        + CASE WHEN sort_title = %s THEN 1.0 WHEN starts_with(sort_title, %s) THEN 0.3 ELSE 0 END
        + CASE WHEN dated = %s THEN 0 ELSE (extract(year FROM dated) - 1980) / 2000.0 END
        )::float8""",
        *(WEIGHTS, query.words, query.title_key, query.title_key, UNKNOWN_DATE),
    )


# -- The two statements ----------------------------------------------------------------------------


@dataclass
class Asked:
    """A search for one page. `narrowing` gives the terms of the facets."""

    query: object
    narrowing: object
    reader: object
    sort: str
    place: Place = field(default_factory=Place)
    with_counts: bool = True

    def __post_init__(self):
        self.is_ranked = self.sort == "relevance" and bool(self.query.words)
        self.order = ORDERS.get(self.sort, ORDERS["newest"])

    @cached_property
    def said(self):
        return parse(self.query.words) if self.query.words else None

    @property
    def has_phrase(self):
        return bool(self.said) and self.said.has_phrase

    @cached_property
    def on_pages(self):
        return items_with(self.said.phrases) if self.has_phrase else None

    @cached_property
    def conditions(self):
        facets = self.narrowing.facets_in_use if self.with_counts else []
        return {"": self.condition()} | {facet: self.condition(but=facet) for facet in facets}

    def condition(self, *terms, but=""):
        terms = [*self.narrowing.terms(but=but), *terms]
        return condition(self.query, self.reader, terms, self.on_pages)

    @property
    def checked(self):
        """The SQL that is true of cards whose pages a phrase is looked for on; blank: of none."""
        if not self.has_phrase or self.on_pages is not None:
            return ""
        loosely = _loosely(self.said, self.reader, self.narrowing.terms())
        return f"record IS NOT NULL AND {loosely}"


def answer(asked):
    """The page of hits that was asked for, with counts; raises TakesTooLong."""
    if asked.query and not asked.query.words:
        return Answer()
    ends = ends_after()
    if not (asked.has_phrase and asked.said.loose):
        return _answered(asked, ends)
    try:
        return _answered(asked, ends_after(SHARE_OF_PHRASES))
    except TakesTooLong:
        query = replace(asked.query, words=asked.said.loose)
        return replace(_answered(replace(asked, query=query), ends), is_loose=True)


def _answered(asked, ends):
    probe = _probe(asked, ends)
    told = _read(asked, run(_answering(asked, probe), ends), probe)
    if told.is_about and not (told.ids or told.total):
        raise TakesTooLong
    return told


@dataclass
class Probe:
    """What the small sample says: hits of each condition, and where the newest of them end."""

    counts: dict
    checked: int  # Items that a phrase has to be looked for in.
    beyond: int  # Hits after the place where the page begins.
    newest: date | None
    newest_in_title: date | None
    newest_checked: date | None

    @property
    def rates(self):
        """Of each condition, one card of how many to count."""
        checking = _checking_rate(self.checked)
        return {name: max(checking, _rate(count)) for name, count in self.counts.items()}

    @property
    def is_exact(self):
        return self.rates[""] == 1

    @property
    def can_rank_all(self):
        return self.is_exact and self.counts[""] * SAMPLES <= MOST_RANKED

    @property
    def since(self):
        """The day from which on the candidates are looked for."""
        days = [day for day in (self.newest, self.newest_checked) if day]
        return max(days, default=None)


def _rate(sampled):
    """One card of how many to count."""
    if sampled * SAMPLES <= MOST_EXACT:
        return 1
    return SAMPLES if sampled >= LEAST_SAMPLED else SAMPLES // LARGE_SAMPLE


def _checking_rate(sampled):
    """One card of how many there is time to look through for a phrase."""
    if sampled * SAMPLES <= MOST_CHECKED:
        return 1
    return SAMPLES // LARGE_SAMPLE if sampled * LARGE_SAMPLE <= MOST_CHECKED else SAMPLES


def _in_title(query):
    return all_of(quoted(f"T:{stem}") for stem in sorted(query.own_stems))


def _probe(asked, ends):
    title = _in_title(asked.query) if asked.is_ranked else ""
    in_title = written("words @@ %s::tsquery", title) if title else "false"
    beside = ", ".join(
        f"(SELECT count(*) FROM library_card WHERE sample = 0 AND {told})"
        for told in list(asked.conditions.values())[1:]
    )
    checked = asked.checked or "false"
    row = run(
        f"""
WITH hit AS MATERIALIZED (
    SELECT dated, {in_title} AS in_title, {asked.place.condition(asked.order)} AS is_beyond
    FROM library_card WHERE sample = 0 AND {asked.conditions[""]}
), checked AS MATERIALIZED (
    SELECT dated FROM library_card WHERE sample = 0 AND {checked}
)
SELECT (SELECT count(*) FROM checked), (SELECT count(*) FROM hit WHERE is_beyond),
    (SELECT dated FROM hit ORDER BY dated DESC OFFSET {2 * CANDIDATES // SAMPLES} LIMIT 1),
    (SELECT dated FROM hit WHERE in_title
        ORDER BY dated DESC OFFSET {2 * TITLE_CANDIDATES // SAMPLES} LIMIT 1),
    (SELECT dated FROM checked ORDER BY dated DESC OFFSET {MOST_CHECKED // SAMPLES} LIMIT 1),
    (SELECT count(*) FROM hit){", " + beside if beside else ""}
""",
        ends,
    )[0]
    checked, beyond, *days, counts = *row[:5], row[5:]
    return Probe(dict(zip(asked.conditions, counts, strict=True)), checked, beyond, *days)


def _answering(asked, probe):
    rates, columns = probe.rates, "item_id, facets"
    if probe.is_exact:
        columns += f", dated, {asked.order.mark} AS mark, ctid AS place"
    if asked.is_ranked and probe.can_rank_all:
        columns += f", {rank(asked.query)} AS rank"
    hits = [
        f"{_hits(name)} AS MATERIALIZED (SELECT {columns if not name else 'facets'} "
        f"FROM library_card WHERE {_sampled(rates[name])}{told})"
        for name, told in asked.conditions.items()
    ]
    counts = _counts(asked) if asked.with_counts else ""
    ranked = "hits"
    if asked.is_ranked and not probe.can_rank_all:
        ranked = "candidate"
        hits.append(f"candidate AS MATERIALIZED ({_candidates(asked, probe)})")
    return f"""
WITH {", ".join(hits)}, shown AS ({_shown(asked, probe, ranked)})
SELECT '#', NULL, NULL, count(*) FROM hits
UNION ALL SELECT '@', NULL, NULL, count(*) FROM {ranked}
UNION ALL SELECT '=', item_id::text, mark::text, row_number() OVER () FROM shown
{counts}
"""


def _hits(name):
    return f"hits_{name}" if name else "hits"


def _sampled(rate):
    return {1: "", SAMPLES: "sample < 1 AND "}.get(rate, f"sample < {LARGE_SAMPLE} AND ")


def _counts(asked):
    """Of each facet, what every value would find beside the choices of all other facets."""
    letters = asked.narrowing.letters_in_use
    counted = [_count("hits", "<> ALL", list(letters.values()))]
    counted += [_count(_hits(facet), "= ANY", [letter]) for facet, letter in letters.items()]
    return written(
        f"""
UNION ALL SELECT 'f', value, CASE left(value, 1)
    WHEN 'H' THEN (SELECT name FROM members_theme WHERE slug = substr(value, 3))
    WHEN 'N' THEN (SELECT name FROM members_area WHERE slug = substr(value, 3))
    WHEN 'O' THEN (SELECT name FROM members_organisation WHERE slug = substr(value, 3))
    END, hits
FROM (
    SELECT value, hits,
        row_number() OVER (PARTITION BY left(value, 1) ORDER BY hits DESC, value) AS place
    FROM ({" UNION ALL ".join(counted)}) AS counted
) AS placed WHERE place <= {MOST_VALUES} OR value = ANY(%s::text[])""",
        list(asked.narrowing.values),
    )


def _count(hits, comparison, letters):
    values = f"SELECT unnest(facets) AS value FROM {hits}"
    counted = f"SELECT value, count(*) AS hits FROM ({values}) AS one"
    told = written(f" WHERE left(value, 1) {comparison} (%s::text[])", letters) if letters else ""
    return f"{counted}{told} GROUP BY value"


# -- Which hits are shown --------------------------------------------------------------------------


def _shown(asked, probe, ranked):
    if asked.is_ranked:
        order = f"rank DESC, dated DESC, item_id DESC LIMIT {ON_A_PAGE + 1}"
        offset = _offset(asked.place, ranked)
        return f"SELECT item_id, NULL AS mark FROM {ranked} ORDER BY {order} OFFSET {offset}"
    order = asked.order.columns(backwards=asked.place.is_before)
    beyond = asked.place.condition(asked.order)
    offset = _offset(asked.place, "hits" if probe.is_exact else "")
    limits = f"LIMIT {ON_A_PAGE + 1} OFFSET {offset}"
    if probe.is_exact:
        order = order.replace(asked.order.mark, "mark")
        beyond = beyond.replace(f"({asked.order.mark},", "(mark,")
        return f"SELECT item_id, mark FROM hits WHERE {beyond} ORDER BY {order} {limits}"
    hits = (
        f"SELECT item_id, {asked.order.mark} AS mark FROM library_card WHERE {beyond} AND "
        + (asked.conditions[""])
    )
    if probe.beyond * SAMPLES <= MOST_EXACT:  # Few are left: fetch them all, rather than walk on.
        order = order.replace(asked.order.mark, "mark")
        return f"SELECT * FROM ({hits} OFFSET 0) AS rest ORDER BY {order} {limits}"
    return f"{hits} ORDER BY {order} {limits}"


def _offset(place, hits):
    """The hits before the page; beyond the last page of `hits`, those before that."""
    offset = 0 if place.item else (min(place.number, MOST_PAGES) - 1) * ON_A_PAGE
    if not offset or not hits:
        return str(offset)
    last = f"(SELECT greatest(count(*) - 1, 0) / {ON_A_PAGE} * {ON_A_PAGE} FROM {hits})"
    return f"least({offset}, {last})"


def _candidates(asked, probe):
    columns = f"item_id, dated, {rank(asked.query)} AS rank"
    return " UNION ".join(
        f"(SELECT {columns} FROM library_card WHERE {told})" for told in _tiers(asked, probe)
    )


def _tiers(asked, probe):
    """The newest hits, the newest with the words in the title, and those of that very title."""
    newest, title = ORDERS["newest"].columns(), _in_title(asked.query)
    if probe.is_exact:
        yield f"ctid IN (SELECT place FROM hits ORDER BY {newest} LIMIT {CANDIDATES})"
    else:
        told = asked.conditions[""] + _since(probe.since)
        yield f"{told} ORDER BY {newest} LIMIT {CANDIDATES}"
    if title:
        told = asked.condition(title) + _since(probe.newest_in_title)
        yield f"{told} ORDER BY {newest} LIMIT {TITLE_CANDIDATES}"
    if asked.query.title_key:
        key = asked.query.title_key
        namesake = written("sort_title >= %s AND sort_title < %s", key, f"{key}\U0010ffff")
        told = f"{namesake} AND {asked.conditions['']}"
        yield f"{told} ORDER BY sort_title, item_id LIMIT {NAMESAKES}"


def _since(day):
    return written(" AND dated >= %s", day) if day else ""


# -- Reading the answer ----------------------------------------------------------------------------


def _read(asked, rows, probe):
    rates = probe.rates
    answer = Answer(rates=rates, is_about=rates[""] > 1)
    for kind, value, label, count in rows:
        if kind == "#":
            answer.sampled, answer.total = count, count * rates[""]
        elif kind == "@":
            answer.reach = count
        elif kind == "f":
            answer.counts[value] = (label, count)
    shown = sorted((place, int(item), mark) for kind, item, mark, place in rows if kind == "=")
    answer.has_more = len(shown) > ON_A_PAGE
    shown = shown[:ON_A_PAGE]
    if asked.place.is_before:
        shown.reverse()
    answer.ids = [item for _, item, _ in shown]
    answer.marks = [mark for _, _, mark in shown]
    return answer
