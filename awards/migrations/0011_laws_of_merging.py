"""What the database holds of merging, whoever writes.

The year is shared first, then both nominations are held in the order of their numbers, as the
actions do: so nothing is merged into what somebody withdraws, excludes or merges at that moment.
"""

from django.db import migrations

MERGES = """
CREATE FUNCTION awards_merge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stage text;
    nomination awards_nomination;
    other awards_nomination;
BEGIN
    SELECT c.stage INTO stage FROM awards_cycle c
        JOIN awards_category g ON g.cycle_id = c.id
        JOIN awards_nomination n ON n.category_id = g.id
        WHERE n.id = NEW.nomination_id FOR SHARE OF c;
    PERFORM FROM awards_nomination WHERE id IN (NEW.nomination_id, NEW.into_id)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO nomination FROM awards_nomination WHERE id = NEW.nomination_id;
    SELECT * INTO other FROM awards_nomination WHERE id = NEW.into_id;
    IF stage <> 'announced' THEN
        PERFORM awards_refuse('Judging has begun: what was screened stays as it is.');
    END IF;
    IF nomination.category_id <> other.category_id THEN
        PERFORM awards_refuse('Only nominations of one category can be merged.');
    END IF;
    IF nomination.state NOT IN ('submitted', 'screened-in')
        OR other.state NOT IN ('submitted', 'screened-in') THEN
        PERFORM awards_refuse('These nominations cannot be merged any more.');
    END IF;
    IF EXISTS (SELECT FROM awards_mergelink m
        WHERE m.into_id = NEW.nomination_id AND m.undone_at IS NULL) THEN
        PERFORM awards_refuse('Another one is merged into this one.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_merge_open BEFORE INSERT ON awards_mergelink
    FOR EACH ROW EXECUTE FUNCTION awards_merge_guard();
"""

DROP = """
DROP TRIGGER awards_merge_open ON awards_mergelink;
DROP FUNCTION awards_merge_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0010_referees")]
    operations = [migrations.RunSQL(MERGES, DROP)]
