from django.db import migrations, models

import members.models.audit

CONTENTS = """
CREATE FUNCTION audit_event_contents(event members_auditevent) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(
        jsonb_build_array(event.salt, event.title, event.details)::text, 'UTF8'
    )), 'hex')
$$
"""
DIGEST = """
CREATE FUNCTION audit_event_digest(event members_auditevent) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        event.place, event.previous, event.id,
        to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        event.by_id, event.verb, event.noun, event.noun_id, event.contents
    )::text, 'UTF8')), 'hex')
$$
"""
# At the end of the transaction, so that the one lock is held for a moment, and after all others.
LINK = """
CREATE FUNCTION audit_event_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
    event members_auditevent := NEW;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members.audit'));
    SELECT place, digest INTO head FROM members_auditevent
        WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1;
    event.place := coalesce(head.place, 0) + 1;
    event.previous := coalesce(head.digest, '');
    event.contents := audit_event_contents(event);
    event.digest := audit_event_digest(event);
    UPDATE members_auditevent SET place = event.place, previous = event.previous,
        contents = event.contents, digest = event.digest WHERE id = event.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_event_linked AFTER INSERT ON members_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_event_link()
"""
# Two changes alone are let through: the link of a row that has none, and the loss of its names.
ONLY_GROWS = """
CREATE OR REPLACE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    link text[] := ARRAY['place', 'previous', 'contents', 'digest'];
    names text[] := ARRAY['title', 'details', 'salt'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.place IS NULL AND to_jsonb(NEW) - link = to_jsonb(OLD) - link THEN
            RETURN NEW;
        END IF;
        IF NEW.title = '' AND NEW.salt = '' AND NEW.details = '{}'
            AND to_jsonb(NEW) - names = to_jsonb(OLD) - names THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit log only grows: an event cannot be changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END $$
"""
LINK_WHAT_STANDS = """
ALTER TABLE members_auditevent DISABLE TRIGGER audit_event_only_grows;
UPDATE members_auditevent SET salt = replace(gen_random_uuid()::text, '-', '');
DO $$
DECLARE
    event members_auditevent;
    before text := '';
    next_place bigint := 0;
BEGIN
    FOR event IN SELECT * FROM members_auditevent ORDER BY id LOOP
        next_place := next_place + 1;
        event.place := next_place;
        event.previous := before;
        event.contents := audit_event_contents(event);
        event.digest := audit_event_digest(event);
        before := event.digest;
        UPDATE members_auditevent SET place = event.place, previous = event.previous,
            contents = event.contents, digest = event.digest WHERE id = event.id;
    END LOOP;
END $$;
ALTER TABLE members_auditevent ENABLE TRIGGER audit_event_only_grows
"""
AS_IT_WAS = """
DROP TRIGGER audit_event_linked ON members_auditevent;
DROP FUNCTION audit_event_link();
DROP FUNCTION audit_event_digest(members_auditevent);
DROP FUNCTION audit_event_contents(members_auditevent);
CREATE OR REPLACE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log only grows: an event cannot be changed or deleted.'
        USING ERRCODE = 'restrict_violation';
END $$
"""


def _text(length=64):
    return models.CharField(blank=True, default="", editable=False, max_length=length)


class Migration(migrations.Migration):
    dependencies = [("members", "0011_profiles")]

    operations = [
        migrations.AddField(
            "auditevent",
            "place",
            models.BigIntegerField(
                editable=False, null=True, unique=True, verbose_name="place in the chain"
            ),
        ),
        migrations.AddField(
            "auditevent",
            "salt",
            models.CharField(
                blank=True,
                default=members.models.audit.new_salt,
                editable=False,
                max_length=32,
            ),
        ),
        migrations.AddField("auditevent", "contents", _text(), preserve_default=False),
        migrations.AddField("auditevent", "previous", _text(), preserve_default=False),
        migrations.AddField("auditevent", "digest", _text(), preserve_default=False),
        migrations.RunSQL(
            [CONTENTS, DIGEST, LINK_WHAT_STANDS, ONLY_GROWS, LINK],
            AS_IT_WAS,
        ),
    ]
