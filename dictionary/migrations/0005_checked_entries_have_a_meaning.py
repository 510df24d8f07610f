from django.db import migrations

HAS_A_MEANING = """
CREATE FUNCTION entry_refuse_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM dictionary_sense WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'An entry without a meaning goes to no lawyer.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_checked_has_a_meaning';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_checked_has_a_meaning BEFORE INSERT OR UPDATE OF stage ON dictionary_entry
    FOR EACH ROW WHEN (NEW.stage IN ('legal-check', 'ready'))
    EXECUTE FUNCTION entry_refuse_empty();
"""
UNDO = """
DROP TRIGGER entry_checked_has_a_meaning ON dictionary_entry;
DROP FUNCTION entry_refuse_empty();
"""


class Migration(migrations.Migration):
    dependencies = [("dictionary", "0004_mention_page")]
    operations = [migrations.RunSQL(HAS_A_MEANING, UNDO)]
