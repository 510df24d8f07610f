"""How the cards of the search stay true: by triggers, in the transaction of the change itself.

A statement that touches an item, or anything that its card copies, writes the cards of those items
anew, all in one go. A large import switches that off with `cards_later` and refreshes once.

On a card stand, beside the stemmed words of record and files, words that begin with a capital,
which no text can give: `T:` a word of the title, `Z:` one of its stop words, `A:` who may see the
card (everyone, members, an organisation's id, staff), `X:` who sees the fuller card instead, and
the facets (`library.facets`).
"""

from contextlib import contextmanager

from django.db import connection, transaction

from library.models.audience import Audience
from library.models.card import SAMPLES
from library.models.document import Reading
from library.models.item import Status

FIRST_YEAR = 2000
BEFORE, UNDATED = f"before-{FIRST_YEAR}", "undated"
SPAN = 5  # years
UNKNOWN_DATE = "0001-01-01"
BATCH = 2_000
LONGEST_LEXEME, MOST_LETTERS = 40, 800_000  # A search vector holds a megabyte of letters.

CREATE_CARDS = f"""
CREATE FUNCTION library_audience_keys(audience text, item bigint, owner bigint) RETURNS text[]
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT CASE audience
        WHEN '{Audience.PUBLIC}' THEN ARRAY['public']
        WHEN '{Audience.MEMBERS}' THEN ARRAY['members']
        WHEN '{Audience.ORGANISATIONS}' THEN array_remove(ARRAY(
            SELECT organisation_id::text FROM library_item_readers WHERE item_id = item
        ) || owner::text, NULL)
        ELSE ARRAY[]::text[]
    END
$$;

CREATE FUNCTION library_file_words(item bigint) RETURNS tsvector
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH found AS (
        SELECT lexeme, sum(octet_length(lexeme)) OVER (ORDER BY count(*) DESC, lexeme) AS letters
        FROM library_document document
        JOIN library_page page ON page.document_id = document.id,
            unnest(page.words)
        WHERE document.item_id = item AND document.removed_in_id IS NULL
            AND document.reading <> '{Reading.INFECTED}'
            AND octet_length(lexeme) <= {LONGEST_LEXEME}
        GROUP BY lexeme
    )
    SELECT array_to_tsvector(array_agg(lexeme)) FROM found WHERE letters < {MOST_LETTERS}
$$;

CREATE FUNCTION library_cards_of(ids bigint[]) RETURNS TABLE (item_id bigint,
    is_partial boolean, words tsvector, record tsvector, facets text[], subjects text,
    sort_title text, dated date, added_at timestamptz, visible_from timestamptz, sample smallint)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH chosen AS (
        SELECT item.*, concat_ws(' . ',
            (SELECT string_agg(concat_ws(' . ', organisation.name, nullif(short_name, ''),
                    nullif(array_to_string(former_names, ' . '), '')), ' . ' ORDER BY publisher.id)
                FROM library_publisher publisher
                JOIN members_organisation organisation ON organisation.id = organisation_id
                WHERE item_id = item.id),
            (SELECT string_agg(name, ' . ' ORDER BY id) FROM library_contributor
                WHERE item_id = item.id)
        ) AS names, concat_ws(' . ',
            (SELECT string_agg(name, ' . ' ORDER BY theme.id) FROM members_theme theme
                JOIN library_item_themes link ON link.theme_id = theme.id WHERE item_id = item.id),
            (SELECT string_agg(name, ' . ' ORDER BY area.id) FROM members_area area
                JOIN library_item_nations link ON link.area_id = area.id WHERE item_id = item.id)
        ) AS subjects, ARRAY(
            SELECT DISTINCT 'F:' || kind FROM library_document
            WHERE item_id = item.id AND removed_in_id IS NULL AND reading <> '{Reading.INFECTED}'
        ) AS formats, ARRAY[
            'K:' || kind, 'L:' || language, 'Y:' || CASE
                WHEN published_on IS NULL THEN '{UNDATED}'
                WHEN extract(year FROM published_on) < {FIRST_YEAR} THEN '{BEFORE}'
                ELSE (extract(year FROM published_on)::int / {SPAN} * {SPAN})::text
            END
        ] || ARRAY(
            SELECT 'O:' || slug FROM library_publisher
            JOIN members_organisation organisation ON organisation.id = organisation_id
            WHERE item_id = item.id
        ) || ARRAY(
            SELECT 'H:' || slug FROM library_item_themes
            JOIN members_theme theme ON theme.id = theme_id WHERE item_id = item.id
        ) || ARRAY(
            SELECT 'N:' || slug FROM library_item_nations
            JOIN members_area area ON area.id = area_id WHERE item_id = item.id
        ) AS facets,
            library_words(title, subtitle) AS title_words,
            status = '{Status.PUBLISHED}' AS is_published,
            array_position(ARRAY{list(Audience.values)}, files_audience::text)
                > array_position(ARRAY{list(Audience.values)}, audience::text) AS keeps_files
        FROM library_item item WHERE id = ANY(ids) AND status <> '{Status.WITHDRAWN}'
    ), read AS (
        SELECT chosen.*, to_tsvector('english', title_words) AS title_vector,
            CASE WHEN formats <> '{{}}' THEN library_file_words(id) END AS file_words,
            CASE WHEN is_published THEN library_audience_keys(audience, id, owner_id)
                ELSE ARRAY[]::text[] END AS readers,
            CASE WHEN is_published THEN library_audience_keys(files_audience, id, owner_id)
                ELSE ARRAY[]::text[] END AS file_readers,
            keeps_files AND formats <> '{{}}' AS is_split
        FROM chosen
    ), worded AS (
        SELECT read.*, setweight(title_vector, 'A')
            || setweight(to_tsvector('english', library_words(names, series, number)), 'B')
            || setweight(to_tsvector('english', library_words(summary, subjects)), 'C')
            || array_to_tsvector(facets || ARRAY(
                SELECT 'T:' || lexeme FROM unnest(tsvector_to_array(title_vector)) AS lexeme
            ) || ARRAY(
                SELECT 'Z:' || lexeme
                FROM unnest(tsvector_to_array(to_tsvector('simple', title_words))) AS lexeme
                WHERE to_tsvector('english', lexeme) = ''
            )) AS record_vector
        FROM read
    ), carded AS (
        SELECT worded.*, false AS is_partial, facets || formats AS card_facets,
            record_vector || array_to_tsvector(formats || ARRAY(
                SELECT 'A:' || key FROM unnest(
                    CASE WHEN is_split THEN file_readers ELSE readers END || 'staff'::text
                ) AS key
            )) AS card_vector, file_words AS more
        FROM worded
        UNION ALL
        SELECT worded.*, true, facets, record_vector || array_to_tsvector(
            ARRAY(SELECT 'A:' || key FROM unnest(readers) AS key)
            || ARRAY(SELECT 'X:' || key FROM unnest(file_readers) AS key)
        ), NULL
        FROM worded WHERE is_split AND is_published
    )
    SELECT id, is_partial,
        CASE WHEN more IS NULL THEN card_vector ELSE card_vector || more END,
        CASE WHEN more IS NOT NULL THEN card_vector END,
        card_facets, subjects, sort_title, coalesce(published_on, '{UNKNOWN_DATE}'),
        coalesce(greatest(published_at, visible_from), created_at), visible_from,
        (id % 2147483648 * 2654435761 % 4294967296 / {2**32 // SAMPLES})::smallint
    FROM carded
$$;

CREATE FUNCTION library_refresh_cards(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    -- Two changes of one item at once: the later one waits here, and then sees the earlier one.
    PERFORM 1 FROM library_item WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS MATERIALIZED (
        SELECT * FROM library_cards_of(ids)
    ), gone AS (
        DELETE FROM library_card card WHERE item_id = ANY(ids) AND NOT EXISTS (
            SELECT FROM fresh
            WHERE fresh.item_id = card.item_id AND fresh.is_partial = card.is_partial
        )
    )
    INSERT INTO library_card AS card (item_id, is_partial, words, record, facets, subjects,
        sort_title, dated, added_at, visible_from, sample)
    SELECT item_id, is_partial, words, record, facets, subjects, sort_title, dated, added_at,
        visible_from, sample
    FROM fresh ORDER BY item_id
    ON CONFLICT (item_id, is_partial) DO UPDATE SET words = excluded.words,
        record = excluded.record, facets = excluded.facets, subjects = excluded.subjects,
        sort_title = excluded.sort_title, dated = excluded.dated, added_at = excluded.added_at,
        visible_from = excluded.visible_from
    WHERE (card.words, card.record, card.facets, card.subjects, card.sort_title, card.dated,
            card.added_at, card.visible_from)
        IS DISTINCT FROM (excluded.words, excluded.record, excluded.facets, excluded.subjects,
            excluded.sort_title, excluded.dated, excluded.added_at, excluded.visible_from);
END $$;

CREATE FUNCTION library_cards_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    ids bigint[];
BEGIN
    IF current_setting('library.cards', true) = 'later' THEN
        RETURN NULL;
    END IF;
    EXECUTE 'SELECT array_agg(DISTINCT item) FROM (' || TG_ARGV[0] || ') AS one(item)' INTO ids;
    IF ids IS NOT NULL THEN
        PERFORM library_refresh_cards(ids);
        INSERT INTO library_word (word, items)
        SELECT word, count(*) FROM library_words_of(ids) GROUP BY word ORDER BY word
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
"""

# The words of public records as people would type them. A change adds those that are new; how many
# items have each, and which are gone, is counted by `count_words`.
CREATE_WORDS = f"""
CREATE FUNCTION library_words_of(ids bigint[]) RETURNS TABLE (word text)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT DISTINCT ON (item.id, lexeme) lexeme
    FROM library_item item, unnest(tsvector_to_array(to_tsvector('simple', unaccent('unaccent',
        concat_ws(' . ', title, subtitle, summary, series, (
            SELECT string_agg(concat_ws(' . ', name, short_name), ' . ') FROM library_publisher
            JOIN members_organisation organisation ON organisation.id = organisation_id
            WHERE item_id = item.id
        ), (
            SELECT string_agg(name, ' . ') FROM library_contributor WHERE item_id = item.id
        )))))) AS lexeme
    WHERE id = ANY(ids) AND status = '{Status.PUBLISHED}' AND audience = '{Audience.PUBLIC}'
        AND lexeme ~ '^[a-z]{{4,30}}$'
$$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION library_cards_changed();
DROP FUNCTION library_refresh_cards(bigint[]);
DROP FUNCTION library_words_of(bigint[]);
DROP FUNCTION library_cards_of(bigint[]);
DROP FUNCTION library_file_words(bigint);
DROP FUNCTION library_audience_keys(text, bigint, bigint);
"""


# -- What changes a card ---------------------------------------------------------------------------

ITEM_COLUMNS = [
    *("title", "subtitle", "summary", "kind", "published_on", "series", "number", "language"),
    *("status", "published_at", "visible_from", "audience", "files_audience", "owner_id"),
]
OF_PUBLISHERS = (
    "SELECT item_id FROM library_publisher WHERE organisation_id IN (SELECT id FROM {changed})"
)
OF_THEMES = "SELECT item_id FROM library_item_themes WHERE theme_id IN (SELECT id FROM {changed})"
OF_AREAS = "SELECT item_id FROM library_item_nations WHERE area_id IN (SELECT id FROM {changed})"
OF_PAGES = "SELECT item_id FROM library_document WHERE id IN (SELECT document_id FROM {changed})"
# Table: (the items of its rows, the columns that matter, the events that do).
SOURCES = {
    "library_item": ("SELECT id FROM {changed}", ITEM_COLUMNS, "INSERT UPDATE DELETE"),
    "library_document": (
        "SELECT item_id FROM {changed}",
        ["item_id", "kind", "reading", "removed_in_id"],
        "INSERT UPDATE DELETE",
    ),
    "library_page": (OF_PAGES, ["document_id", "words"], "INSERT UPDATE DELETE"),
    "members_organisation": (
        OF_PUBLISHERS,
        ["slug", "name", "short_name", "former_names"],
        "UPDATE",
    ),
    "members_theme": (OF_THEMES, ["slug", "name"], "UPDATE"),
    "members_area": (OF_AREAS, ["slug", "name"], "UPDATE"),
} | {
    table: ("SELECT item_id FROM {changed}", columns, "INSERT UPDATE DELETE")
    for table, columns in {
        "library_publisher": ["item_id", "organisation_id"],
        "library_contributor": ["item_id", "name"],
        "library_item_themes": ["item_id", "theme_id"],
        "library_item_nations": ["item_id", "area_id"],
        "library_item_readers": ["item_id", "organisation_id"],
    }.items()
}
TRANSITIONS = {
    "INSERT": "NEW TABLE AS fresh",
    "DELETE": "OLD TABLE AS stale",
    "UPDATE": "OLD TABLE AS stale NEW TABLE AS fresh",
}


def _trigger(table, items, columns, event):
    """The SQL of one trigger, which hands the items of the changed rows to the function."""
    changed = {"INSERT": "fresh", "DELETE": "stale", "UPDATE": _really_changed(columns)}[event]
    told = items.format(changed=changed).replace("'", "''")
    return (
        f"CREATE TRIGGER library_cards_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {TRANSITIONS[event]} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION library_cards_changed('{told}');"
    )


def _really_changed(columns):
    """Rows on both sides of an update, of which any of the columns differs."""
    before = ", ".join(f"stale.{column}" for column in columns)
    after = ", ".join(f"fresh.{column}" for column in columns)
    differing = f"stale JOIN fresh USING (id) WHERE ({before}) IS DISTINCT FROM ({after})"
    return f"(SELECT stale.* FROM {differing} UNION ALL SELECT fresh.* FROM {differing}) AS both_"


def create_triggers():
    return "\n".join(
        _trigger(table, items, columns, event)
        for table, (items, columns, events) in SOURCES.items()
        for event in events.split()
    )


def drop_triggers():
    return "\n".join(
        f"DROP TRIGGER library_cards_{event.lower()} ON {table};"
        for table, (_, _, events) in SOURCES.items()
        for event in events.split()
    )


# -- By hand ---------------------------------------------------------------------------------------


@contextmanager
def cards_later():
    """No trigger writes cards inside, in one transaction: for imports, which refresh once after."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL library.cards = 'later'")
        yield
        cursor.execute("SET LOCAL library.cards = ''")


def refresh_cards(ids=None):
    """Write the cards of these items anew, or of all, in batches; gives the number of items."""
    ids = _all_ids() if ids is None else sorted(ids)
    for start in range(0, len(ids), BATCH):
        with connection.cursor() as cursor:
            cursor.execute("SELECT library_refresh_cards(%s::bigint[])", [ids[start:][:BATCH]])
    return len(ids)


@transaction.atomic
def count_words():
    """Count anew in how many public records each word stands; gives the number of words."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM library_word")
        cursor.execute(
            "INSERT INTO library_word (word, items) SELECT word, count(*) "
            "FROM library_words_of(ARRAY(SELECT id FROM library_item)) GROUP BY word"
        )
        return cursor.rowcount


def _all_ids():
    """Of all items, and of cards that should have gone with theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM library_item UNION SELECT item_id FROM library_card")
        return sorted(pk for (pk,) in cursor.fetchall())
