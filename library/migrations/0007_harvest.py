"""When an item last changed for harvesters, and whether it was ever public: held by Postgres.

`changed_at` moves when what everyone may read of an item changes, in whichever table it stands, and
when the item becomes public or ceases to be. What happens to an item out of the public's sight
leaves it alone, or it would tell that something happened. It never moves back, whatever a program
saves that read the row earlier.
"""

import django.contrib.postgres.fields
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

IS_PUBLIC = """
CREATE FUNCTION library_is_public(status text, audience text, visible_from timestamptz)
RETURNS boolean LANGUAGE sql AS $$
    SELECT status = 'published' AND audience = 'public'
        AND (visible_from IS NULL OR visible_from <= clock_timestamp())
$$;
"""

SETS_OF = """
CREATE FUNCTION library_sets_of(item bigint, kind text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT 'type:' || kind
        UNION ALL SELECT 'org:' || slug FROM library_publisher
            JOIN members_organisation organisation ON organisation.id = organisation_id
            WHERE item_id = item
        UNION ALL SELECT 'topic:' || slug FROM library_item_themes link
            JOIN members_theme theme ON theme.id = theme_id WHERE item_id = item
    )
$$;
"""

# What the exports and harvests say of an item.
SAID = [
    *("slug", "kind", "title", "subtitle", "summary", "published_on", "precision", "series"),
    *("number", "isbn", "doi", "language", "licence", "link", "link_kind"),
    *("status", "audience", "files_audience", "visible_from"),
]

STAMP_ITEM = f"""
CREATE FUNCTION library_stamp_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_public boolean := false;
    is_public boolean := library_is_public(NEW.status, NEW.audience, NEW.visible_from);
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.changed_at := clock_timestamp();
        NEW.has_been_public := is_public;
        NEW.left_sets := '{{}}';
        RETURN NEW;
    END IF;
    was_public := library_is_public(OLD.status, OLD.audience, OLD.visible_from);
    NEW.has_been_public := OLD.has_been_public OR was_public OR is_public;
    NEW.changed_at := greatest(OLD.changed_at, NEW.changed_at);
    NEW.left_sets := CASE
        WHEN is_public THEN '{{}}'
        WHEN was_public THEN library_sets_of(OLD.id, OLD.kind)
        ELSE OLD.left_sets
    END;
    IF (was_public OR is_public) AND
        ({", ".join(f"NEW.{name}" for name in SAID)}) IS DISTINCT FROM
        ({", ".join(f"OLD.{name}" for name in SAID)})
    THEN
        NEW.changed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_stamped BEFORE INSERT OR UPDATE ON library_item
    FOR EACH ROW EXECUTE FUNCTION library_stamp_item();
"""

KEEP_TRACE = """
CREATE FUNCTION library_keep_trace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF library_is_public(OLD.status, OLD.audience, OLD.visible_from) THEN
        OLD.left_sets := library_sets_of(OLD.id, OLD.kind);
    ELSIF NOT OLD.has_been_public THEN
        RETURN OLD;
    END IF;
    INSERT INTO library_departure (item_id, code, left_sets, changed_at)
        VALUES (OLD.id, OLD.code, OLD.left_sets, clock_timestamp());
    RETURN OLD;
END $$;
CREATE TRIGGER item_leaves_a_trace BEFORE DELETE ON library_item
    FOR EACH ROW EXECUTE FUNCTION library_keep_trace();
"""

# Rows stamped in this very transaction need no second stamp: nobody has seen the first.
STAMP = """
    UPDATE library_item SET changed_at = clock_timestamp()
    WHERE id IN ({items}) AND changed_at < transaction_timestamp()
        AND library_is_public(status, audience, visible_from){only};
"""
STAMP_FUNCTION = """
CREATE FUNCTION library_stamp_by_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {stamp}
    RETURN NULL;
END $$;
"""
STATEMENT_TRIGGER = """
CREATE TRIGGER harvest_{name} AFTER {event} ON {table}
    REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION library_stamp_by_{name}();
"""

# What the exports say of an item's people, subjects and files.
PARTS = {
    "contributor": ["position", "name", "filed_as", "kind", "role"],
    "publisher": ["position", "organisation_id"],
    "item_themes": ["theme_id"],
    "item_nations": ["area_id"],
    "document": [
        *("kind", "title", "name", "position", "language", "content_type", "size", "sha256"),
        *("removed_in_id", "reading", "page_count"),
    ],
}


def _stamps_of_parts():
    for table, columns in PARTS.items():
        only = " AND files_audience = 'public'" if table == "document" else ""
        for event, rows, items in [
            ("insert", "NEW TABLE AS touched", "SELECT item_id FROM touched"),
            ("delete", "OLD TABLE AS touched", "SELECT item_id FROM touched"),
            ("update", "OLD TABLE AS before NEW TABLE AS touched", _changed(columns)),
        ]:
            names = {"name": f"{table}_{event}", "table": f"library_{table}", "event": event}
            stamp = STAMP.format(items=items, only=only)
            yield STAMP_FUNCTION.format(stamp=stamp, **names)
            yield STATEMENT_TRIGGER.format(rows=rows, **names)


def _changed(columns):
    """The items of the rows that say something else than before."""
    said = ", ".join(["id", "item_id", *columns])
    one_way = "SELECT {0} FROM {1} EXCEPT SELECT {0} FROM {2}"
    both = [one_way.format(said, *pair) for pair in [("before", "touched"), ("touched", "before")]]
    return f"SELECT item_id FROM (({both[0]}) UNION ALL ({both[1]})) AS changed"


RENAME_TRIGGER = """
CREATE TRIGGER harvest_{name} AFTER UPDATE OF name, slug ON {table}
    FOR EACH ROW WHEN ((NEW.name, NEW.slug) IS DISTINCT FROM (OLD.name, OLD.slug))
    EXECUTE FUNCTION library_stamp_by_{name}();
"""
NAMED = {
    "organisation": "library_publisher WHERE organisation_id = NEW.id",
    "theme": "library_item_themes WHERE theme_id = NEW.id",
    "area": "library_item_nations WHERE area_id = NEW.id",
}


def _stamps_of_names():
    for table, rows in NAMED.items():
        names = {"name": f"{table}_name", "table": f"members_{table}"}
        stamp = STAMP.format(items=f"SELECT item_id FROM {rows}", only="")
        yield STAMP_FUNCTION.format(stamp=stamp, **names)
        yield RENAME_TRIGGER.format(**names)


BEGIN = """
UPDATE library_item SET changed_at = updated_at, has_been_public = audience = 'public'
    AND status IN ('published', 'withdrawn')
    AND (visible_from IS NULL OR visible_from <= clock_timestamp());
UPDATE library_item SET left_sets = library_sets_of(id, kind)
WHERE has_been_public AND status = 'withdrawn';
"""
TRIGGERS = [STAMP_ITEM, KEEP_TRACE, *_stamps_of_parts(), *_stamps_of_names()]
UNDO = [
    "DROP FUNCTION library_stamp_item() CASCADE;",
    "DROP FUNCTION library_keep_trace() CASCADE;",
    *(
        f"DROP FUNCTION library_stamp_by_{table}_{event}() CASCADE;"
        for table in PARTS
        for event in ["insert", "update", "delete"]
    ),
    *(f"DROP FUNCTION library_stamp_by_{table}_name() CASCADE;" for table in NAMED),
]
UNDO_HELP = """
DROP FUNCTION library_sets_of(bigint, text);
DROP FUNCTION library_is_public(text, text, timestamptz);
"""

RESERVED = [
    *("collections", "data", "export", "oai", "quote", "searches", "shelf", "shelves"),
    *("submissions", "submit", "unapi"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0006_submissions"),
        ("members", "0004_unguessable_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("item_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=6)),
                (
                    "left_sets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["changed_at", "item_id"], name="departure_harvested")
                ],
            },
        ),
        migrations.AddField(
            model_name="item",
            name="changed_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="item",
            name="has_been_public",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="item",
            name="left_sets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, editable=False, size=None
            ),
        ),
        migrations.RunSQL([IS_PUBLIC, SETS_OF], UNDO_HELP),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, UNDO),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                django.db.models.functions.comparison.Greatest("changed_at", "visible_from"),
                models.F("id"),
                name="item_harvested",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                django.db.models.functions.comparison.Greatest(
                    django.db.models.functions.comparison.Coalesce("published_at", "created_at"),
                    "visible_from",
                ),
                models.F("id"),
                name="item_appeared",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("has_been_public", True), ("visible_from__isnull", False)),
                fields=["changed_at", "id"],
                name="item_public_again",
            ),
        ),
        # With "data" among the addresses that no item can have.
        migrations.RemoveConstraint(model_name="item", name="item_slug_is_free"),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__in", RESERVED), _negated=True),
                name="item_slug_is_free",
                violation_error_message="This address is taken by a page of the library itself.",
            ),
        ),
    ]
