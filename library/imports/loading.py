"""From records to items: copied to a table beside, checked there as a whole, then taken over.

Whoever imports the same file again finds its records already there, so an import that was broken
off goes on where it stopped.
"""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.timezone import now

from library.cards import cards_later, refresh_cards
from library.imports.records import Fault, read_date
from library.models import Item, Status
from members.models import AuditEvent

BATCH = 5_000
_BETWEEN = "\x1f"  # Between the names of a list; no text holds it.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

STAGE = """
CREATE TEMPORARY TABLE incoming (
    line integer NOT NULL, import_key text, wanted_slug text, kind text, title text, subtitle text,
    summary text, published_on date, precision text, series text, number text, isbn text, doi text,
    language text, licence text, link text, link_kind text,
    people text, organisations text, publishers text, themes text, keywords text, nations text,
    place serial, slug text, code text, item_id bigint, is_known boolean NOT NULL DEFAULT false
)
"""
COPIED = str.split(
    "line import_key wanted_slug kind title subtitle summary published_on precision series number "
    "isbn doi language licence link link_kind people organisations publishers themes keywords "
    "nations"
)
# Columns that an item takes from the table beside as they are.
TAKEN = str.split(
    "import_key kind title subtitle summary published_on precision series number isbn doi language "
    "licence link link_kind slug code"
)


@dataclass
class Report:
    """What came of a file."""

    new: int = 0
    known: int = 0
    faults: list = field(default_factory=list)
    remarks: list = field(default_factory=list)  # Faults that stop nothing.


def take_in(read, *, by=None, source="", is_rehearsal=False, is_published=False, tell=None):
    """Import what a reader gives; nothing at all if there is a fault anywhere in it.

    `by` is whoever imports, None for the operator; `tell(count, total)` hears of progress. A draft
    may wait for its publisher to be added: until then its note names it.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming")
        cursor.execute(STAGE)
        report = Report()
        rows = Rows(read, report.faults)
        cursor.copy_expert(f"COPY incoming ({', '.join(COPIED)}) FROM STDIN", rows)
        cursor.execute("ANALYZE incoming")
        report.faults += _faults_among(cursor)
        strangers = _not_known(cursor, "publishers", STRANGER if is_published else NOTED)
        (report.faults if is_published else report.remarks).extend(strangers)
        for told in (report.faults, report.remarks):
            told.sort(key=lambda fault: fault.line)
        _find_known(cursor, report)
        if not (report.faults or is_rehearsal):
            _take_over(cursor, report, is_published=is_published, tell=tell or (lambda *_: None))
            _record(by, source, report)
        cursor.execute("DROP TABLE incoming")
    return report


class Rows:
    """Records as lines for COPY, read as they are wanted; faults are put aside."""

    def __init__(self, read, faults):
        self.lines, self.rest, self.faults = self._lines(read), "", faults

    def _lines(self, read):
        for record in read:
            if isinstance(record, Fault):
                self.faults.append(record)
            elif sentences := record.faults():
                self.faults.append(Fault(record.line, " ".join(sentences)))
            else:
                yield _as_line(record)

    def read(self, size):
        parts, length = [self.rest], len(self.rest)
        while length < size and (line := next(self.lines, None)):
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        self.rest = text[size:]
        return text[:size]


def _as_line(record):
    day, precision = read_date(record.published) or ("\\N", "")
    texts = [
        *(record.key, record.wanted_slug, record.kind, record.title, record.subtitle),
        *(record.summary, "", "", record.series, record.number, record.isbn, record.doi),
        *(record.language, record.licence, record.link, record.kind_of_link),
        *map(_BETWEEN.join, _lists_of(record)),
    ]
    cells = [text.translate(_ESCAPES) for text in texts]
    cells[6:8] = [str(day), precision]
    return "\t".join([str(record.line), *cells]) + "\n"


def _lists_of(record):
    return (
        *(record.people, record.organisations, record.publishers),
        *(record.themes, record.keywords, record.nations),
    )


# -- Checking as a whole -------------------------------------------------------------------------

TWICE = """
SELECT line, format('It is the same work as line %s.', first) FROM (
    SELECT line, min(line) OVER same AS first, row_number() OVER (same ORDER BY place) AS turn
    FROM incoming WINDOW same AS (PARTITION BY import_key)
) AS works WHERE turn > 1
"""
# One name may be what an organisation is called now, for short, or was called once.
ORGANISATIONS = """
CREATE TEMPORARY TABLE named_organisation AS
SELECT DISTINCT ON (name) portal_fold(name) AS name, id FROM (
    SELECT name, id, 1 AS rank FROM members_organisation
    UNION ALL SELECT slug, id, 2 FROM members_organisation
    UNION ALL SELECT short_name, id, 3 FROM members_organisation WHERE short_name <> ''
    UNION ALL SELECT unnest(former_names), id, 4 FROM members_organisation
) AS names ORDER BY name, rank, id
"""
STRANGER = "“%s” is no publisher that the portal knows: add it under Organisations first."
NOTED = "“%s” is no publisher that the portal knows: the note of the draft keeps the name."
UNKNOWN = {
    "themes": "“%s” is none of the themes.",
    "nations": "“%s” is none of the areas.",
}
KNOWN = {
    "publishers": "SELECT FROM named_organisation known WHERE known.name = portal_fold(one)",
    "themes": "SELECT FROM members_theme WHERE slug = one OR portal_fold(name) = portal_fold(one)",
    "nations": "SELECT FROM members_area WHERE slug = one OR portal_fold(name) = portal_fold(one)",
}
NOT_KNOWN = """
WITH named AS (SELECT line, unnest(string_to_array({column}, E'\\x1f')) AS one FROM incoming),
    strange AS (
        SELECT one FROM (SELECT DISTINCT one FROM named) AS names WHERE NOT EXISTS ({known})
    )
SELECT line, one FROM named JOIN strange USING (one)
"""


def _faults_among(cursor):
    """What no record can know of itself: works that come twice, names that nobody knows."""
    cursor.execute("DROP TABLE IF EXISTS named_organisation")
    cursor.execute(ORGANISATIONS)
    cursor.execute(TWICE)
    faults = [Fault(line, sentence) for line, sentence in cursor.fetchall()]
    for column, sentence in UNKNOWN.items():
        faults += _not_known(cursor, column, sentence)
    return faults


def _not_known(cursor, column, sentence):
    cursor.execute(NOT_KNOWN.format(column=column, known=KNOWN[column]))
    return [Fault(line, sentence % name) for line, name in cursor.fetchall()]


FIND_KNOWN = [
    "UPDATE incoming SET is_known = true FROM library_item item "
    "WHERE item.import_key = incoming.import_key",
    "UPDATE incoming SET is_known = true FROM library_item item "
    "WHERE NOT is_known AND incoming.import_key = 'slug:' || item.slug",
    "UPDATE incoming SET is_known = true FROM library_item item "
    "WHERE NOT is_known AND incoming.doi <> '' AND lower(item.doi) = lower(incoming.doi)",
    "UPDATE incoming SET is_known = true FROM library_item item "
    "WHERE NOT is_known AND incoming.import_key LIKE 'title:%' "
    "AND item.sort_title = portal_sort_key(incoming.title) "
    "AND item.published_on IS NOT DISTINCT FROM incoming.published_on",
]


def _find_known(cursor, report):
    """Those that the library has: taken in before, or of the same address, DOI, title and date."""
    for find in FIND_KNOWN:
        cursor.execute(find)
    cursor.execute("SELECT count(*) FILTER (WHERE is_known), count(*) FROM incoming")
    report.known, total = cursor.fetchone()
    report.new = total - report.known


# -- Taking over -----------------------------------------------------------------------------------

GIVE_CODES = """
UPDATE incoming SET code = library_next_code() WHERE NOT is_known
"""
GIVE_SLUGS = """
UPDATE incoming SET slug = CASE WHEN is_free THEN wanted_slug ELSE wanted_slug || '-' || code END
FROM (
    SELECT place AS of_place, 1 = row_number() OVER (PARTITION BY wanted_slug ORDER BY place)
        AND NOT EXISTS (SELECT FROM library_item item WHERE item.slug = wanted_slug) AS is_free
    FROM incoming WHERE NOT is_known
) AS wishes WHERE of_place = place
"""
# What spelling is guessed from; only published items have any.
LEARN_WORDS = """
INSERT INTO library_word (word, items)
SELECT word, count(*) FROM library_words_of(%s::bigint[]) GROUP BY word ORDER BY word
ON CONFLICT DO NOTHING
"""
CONTRIBUTORS = r"""
INSERT INTO library_contributor (item_id, position, name, filed_as, kind, organisation_id, role)
SELECT item_id, turn,
    CASE WHEN known.id IS NULL
        THEN left(trim(regexp_replace(filed, '^([^,]*),\s*(.*)$', '\2 \1')), 200)
        ELSE known.name END,
    CASE WHEN known.id IS NULL AND filed LIKE '%%,%%' THEN left(filed, 200) ELSE '' END,
    CASE WHEN known.id IS NULL THEN 'person' ELSE 'organisation' END, known.id, 'author'
FROM incoming CROSS JOIN
    unnest(string_to_array(people, E'\x1f')) WITH ORDINALITY AS one(filed, turn)
    LEFT JOIN members_organisation known  -- "Department for A, B and C" is nobody's family name
        ON known.name LIKE '%%,%%' AND lower(known.name) = lower(filed)
WHERE place BETWEEN %s AND %s AND item_id IS NOT NULL
UNION ALL
SELECT item_id, 1000 + turn, left(printed, 200), '', 'organisation',
    (SELECT id FROM named_organisation known WHERE known.name = portal_fold(printed)), 'author'
FROM incoming, unnest(string_to_array(organisations, E'\x1f'))
    WITH ORDINALITY AS one(printed, turn)
WHERE place BETWEEN %s AND %s AND item_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
PUBLISHERS = """
INSERT INTO library_publisher (item_id, organisation_id, position)
SELECT item_id, known.id, turn
FROM incoming, unnest(string_to_array(publishers, E'\\x1f')) WITH ORDINALITY AS one(name, turn)
    JOIN named_organisation known ON known.name = portal_fold(one.name)
WHERE place BETWEEN %s AND %s AND item_id IS NOT NULL ON CONFLICT DO NOTHING
"""
STRANGERS = f"""
UPDATE library_item SET note = 'Published by ' || names || '.'
FROM (
    SELECT item_id, string_agg(format('“%%s”', one), ' and ' ORDER BY turn) AS names
    FROM incoming, unnest(string_to_array(publishers, E'\\x1f')) WITH ORDINALITY AS named(one, turn)
    WHERE place BETWEEN %s AND %s AND item_id IS NOT NULL AND NOT EXISTS ({KNOWN["publishers"]})
    GROUP BY item_id
) AS strangers WHERE library_item.id = item_id
"""
SUBJECTS = """
INSERT INTO library_item_{column} (item_id, {key}_id)
SELECT DISTINCT item_id, subject.id
FROM incoming, unnest(string_to_array(concat_ws(E'\\x1f', {names}), E'\\x1f')) AS one(name)
    JOIN members_{key} subject
        ON subject.slug = one.name OR portal_fold(subject.name) = portal_fold(one.name)
WHERE place BETWEEN %s AND %s AND item_id IS NOT NULL ON CONFLICT DO NOTHING
"""


def _take_over(cursor, report, *, is_published, tell):
    """In batches, each whole by itself: what was taken over stays, whatever happens next."""
    cursor.execute(GIVE_CODES)
    cursor.execute(GIVE_SLUGS)
    cursor.execute("SELECT coalesce(max(place), 0) FROM incoming")
    last = cursor.fetchone()[0]
    insert, values = _insertion(is_published)
    for first in range(1, last + 1, BATCH):
        ends = [first, first + BATCH - 1]
        with transaction.atomic():
            with cards_later():
                cursor.execute(insert, [*values, *ends])
                _take_over_names(cursor, ends)
            taken = _taken(cursor, ends)
            refresh_cards(taken)
            cursor.execute(LEARN_WORDS, [taken])
        tell(min(ends[1], last), last)


def _take_over_names(cursor, ends):
    cursor.execute(
        "UPDATE incoming SET item_id = item.id FROM library_item item "
        "WHERE place BETWEEN %s AND %s AND NOT is_known AND item.code = incoming.code",
        ends,
    )
    cursor.execute(CONTRIBUTORS, [*ends, *ends])
    cursor.execute(PUBLISHERS, ends)
    cursor.execute(STRANGERS, ends)
    themes = SUBJECTS.format(column="themes", key="theme", names="themes, keywords")
    cursor.execute(themes, ends)
    cursor.execute(SUBJECTS.format(column="nations", key="area", names="nations"), ends)


def _taken(cursor, ends):
    cursor.execute(
        "SELECT item_id FROM incoming WHERE place BETWEEN %s AND %s AND item_id IS NOT NULL", ends
    )
    return [pk for (pk,) in cursor.fetchall()]


def _insertion(is_published):
    """The INSERT of items: what the file says, and every other column as a new item has it."""
    usual = _usual_values(is_published)
    columns = ", ".join([*TAKEN, *usual])
    taken = ", ".join(f"incoming.{name}" for name in TAKEN)
    sql = (
        f"INSERT INTO library_item ({columns}) SELECT {taken}, {', '.join(['%s'] * len(usual))} "
        "FROM incoming WHERE NOT is_known AND place BETWEEN %s AND %s"
    )
    return sql, list(usual.values())


def _usual_values(is_published):
    moment = now()
    own = {"created_at": moment, "updated_at": moment}
    if is_published:
        own |= {"status": Status.PUBLISHED, "published_at": moment}
    fields = [field for field in Item._meta.concrete_fields if _needs_a_value(field)]
    usual = {
        field.column: field.get_db_prep_save(field.get_default(), connection) for field in fields
    }
    return usual | own


def _needs_a_value(field):
    is_made_by_postgres = field.primary_key or field.generated or field.has_db_default()
    return not is_made_by_postgres and field.column not in TAKEN


def _record(by, source, report):
    AuditEvent.objects.create(
        by=by,
        verb="library.import",
        noun="library.item",
        title=source[:200],
        details={"new": report.new, "known": report.known},
    )
