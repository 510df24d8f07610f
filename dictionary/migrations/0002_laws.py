from django.db import migrations

ONLY_GROWS = """
CREATE FUNCTION entry_version_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A published version of an entry stays for ever.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_version_only_grows BEFORE UPDATE OR DELETE ON dictionary_entryversion
    FOR EACH ROW EXECUTE FUNCTION entry_version_refuse_change();
"""

# The lock lets one such change through at a time: two at once could close a circle unseen.
NO_CIRCLES = """
CREATE FUNCTION relation_refuse_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dictionary_relation'));
    IF EXISTS (
        WITH RECURSIVE wider(id) AS (
            SELECT NEW.to_id
            UNION
            SELECT next.to_id FROM dictionary_relation next JOIN wider ON next.entry_id = wider.id
            WHERE next.kind = 'broader'
        )
        SELECT FROM wider WHERE id = NEW.entry_id
    ) THEN
        RAISE EXCEPTION 'An entry cannot be part of itself, however many steps away.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'relation_no_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER relation_no_circle AFTER INSERT OR UPDATE ON dictionary_relation
    FOR EACH ROW WHEN (NEW.kind = 'broader') EXECUTE FUNCTION relation_refuse_circle();
"""

UNDO = """
DROP TRIGGER relation_no_circle ON dictionary_relation;
DROP FUNCTION relation_refuse_circle();
DROP TRIGGER entry_version_only_grows ON dictionary_entryversion;
DROP FUNCTION entry_version_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("dictionary", "0001_initial")]
    operations = [migrations.RunSQL(ONLY_GROWS + NO_CIRCLES, UNDO)]
