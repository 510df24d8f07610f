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

PUBLIC_ADDRESS_STAYS = """
CREATE FUNCTION entry_refuse_new_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The address of an entry that was public stays for ever.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_address_stays BEFORE UPDATE ON dictionary_entry FOR EACH ROW
    WHEN (OLD.current_id IS NOT NULL AND NEW.slug IS DISTINCT FROM OLD.slug)
    EXECUTE FUNCTION entry_refuse_new_address();
"""

WITHDRAWALS_STAY = """
CREATE FUNCTION withdrawal_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A withdrawal stays in the public record.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER withdrawal_stays BEFORE DELETE ON dictionary_withdrawal
    FOR EACH ROW EXECUTE FUNCTION withdrawal_refuse_delete();
"""

UNDO = """
DROP TRIGGER withdrawal_stays ON dictionary_withdrawal;
DROP FUNCTION withdrawal_refuse_delete();
DROP TRIGGER entry_address_stays ON dictionary_entry;
DROP FUNCTION entry_refuse_new_address();
DROP TRIGGER relation_no_circle ON dictionary_relation;
DROP FUNCTION relation_refuse_circle();
DROP TRIGGER entry_version_only_grows ON dictionary_entryversion;
DROP FUNCTION entry_version_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("dictionary", "0001_initial")]
    operations = [
        migrations.RunSQL(ONLY_GROWS + NO_CIRCLES + PUBLIC_ADDRESS_STAYS + WITHDRAWALS_STAY, UNDO),
    ]
