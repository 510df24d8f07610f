from django.db import migrations

REFUSE_CHANGES = """
CREATE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log only grows: an event cannot be changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR DELETE ON members_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_event_refuse_change();
"""
ALLOW_CHANGES = """
DROP TRIGGER audit_event_only_grows ON members_auditevent;
DROP FUNCTION audit_event_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE_CHANGES, ALLOW_CHANGES)]
