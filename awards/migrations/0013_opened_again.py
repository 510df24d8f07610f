"""A sealed round can be opened again, with its casting vote cleared, unless something is public."""

from django.db import migrations, models

ROUND = """
CREATE OR REPLACE FUNCTION awards_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stage text;
    free text[] := ARRAY['state', 'version', 'locked_at', 'opened_at', 'reopened_because'];
    reopens boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'setup' AND NOT awards_may_erase(OLD.category_id) THEN
            PERFORM awards_refuse('A round that was opened stays.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT c.stage INTO stage FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id
        WHERE g.id = NEW.category_id FOR SHARE OF c;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'setup' OR NEW.version <> 1
            OR stage NOT IN ('draft', 'announced', 'judging') THEN
            PERFORM awards_refuse('A round begins in preparation, while its year runs.');
        END IF;
        RETURN NEW;
    END IF;
    reopens := OLD.state IN ('locked', 'sealed') AND NEW.state = 'scoring';
    IF (OLD.category_id, OLD.stage, OLD.uuid)
        IS DISTINCT FROM (NEW.category_id, NEW.stage, NEW.uuid) THEN
        PERFORM awards_refuse('A round stays in its category.');
    END IF;
    IF OLD.state <> NEW.state AND NOT awards_judging_may_move('round', OLD.state, NEW.state) THEN
        PERFORM awards_refuse('A round cannot go from ' || OLD.state || ' to ' || NEW.state);
    END IF;
    IF NEW.version <> OLD.version + reopens::int THEN
        PERFORM awards_refuse('A round that is opened again becomes its next version.');
    END IF;
    IF NEW.state = 'scoring' AND stage <> 'judging' THEN
        PERFORM awards_refuse('Judges mark while the year is judged.');
    END IF;
    IF NEW.state = 'scoring' AND OLD.state = 'setup' AND NOT EXISTS (
        SELECT FROM awards_assignment a WHERE a.round_id = NEW.id AND a.state = 'active') THEN
        PERFORM awards_refuse('Nobody reads anything in this round yet.');
    END IF;
    IF reopens AND to_jsonb(NEW.casting) = '[]' THEN
        free := free || ARRAY['casting', 'casting_reason'];
    END IF;
    IF OLD.state = 'sealed' AND to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        PERFORM awards_refuse('This round is sealed.');
    END IF;
    IF OLD.state <> 'locked' AND NEW.casting <> OLD.casting
        AND NOT (reopens AND to_jsonb(NEW.casting) = '[]') THEN
        PERFORM awards_refuse('The casting vote comes after the lock and before the seal.');
    END IF;
    IF OLD.state = 'locked' AND (OLD.reads, OLD.seed) IS DISTINCT FROM (NEW.reads, NEW.seed) THEN
        PERFORM awards_refuse('This round is locked.');
    END IF;
    RETURN NEW;
END $$;
"""
ROUND_BEFORE = """
CREATE OR REPLACE FUNCTION awards_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stage text;
    free text[] := ARRAY['state', 'version', 'locked_at', 'opened_at', 'reopened_because'];
    reopens boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'setup' AND NOT awards_may_erase(OLD.category_id) THEN
            PERFORM awards_refuse('A round that was opened stays.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT c.stage INTO stage FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id
        WHERE g.id = NEW.category_id FOR SHARE OF c;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'setup' OR NEW.version <> 1
            OR stage NOT IN ('draft', 'announced', 'judging') THEN
            PERFORM awards_refuse('A round begins in preparation, while its year runs.');
        END IF;
        RETURN NEW;
    END IF;
    reopens := OLD.state IN ('locked', 'sealed') AND NEW.state = 'scoring';
    IF (OLD.category_id, OLD.stage, OLD.uuid)
        IS DISTINCT FROM (NEW.category_id, NEW.stage, NEW.uuid) THEN
        PERFORM awards_refuse('A round stays in its category.');
    END IF;
    IF OLD.state <> NEW.state AND NOT awards_judging_may_move('round', OLD.state, NEW.state) THEN
        PERFORM awards_refuse('A round cannot go from ' || OLD.state || ' to ' || NEW.state);
    END IF;
    IF NEW.version <> OLD.version + reopens::int THEN
        PERFORM awards_refuse('A round that is opened again becomes its next version.');
    END IF;
    IF NEW.state = 'scoring' AND stage <> 'judging' THEN
        PERFORM awards_refuse('Judges mark while the year is judged.');
    END IF;
    IF NEW.state = 'scoring' AND OLD.state = 'setup' AND NOT EXISTS (
        SELECT FROM awards_assignment a WHERE a.round_id = NEW.id AND a.state = 'active') THEN
        PERFORM awards_refuse('Nobody reads anything in this round yet.');
    END IF;
    IF OLD.state = 'sealed' AND to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        PERFORM awards_refuse('This round is sealed.');
    END IF;
    IF OLD.state <> 'locked' AND NEW.casting <> OLD.casting THEN
        PERFORM awards_refuse('The casting vote comes after the lock and before the seal.');
    END IF;
    IF OLD.state = 'locked' AND (OLD.reads, OLD.seed) IS DISTINCT FROM (NEW.reads, NEW.seed) THEN
        PERFORM awards_refuse('This round is locked.');
    END IF;
    RETURN NEW;
END $$;
"""
CYCLE = """
CREATE OR REPLACE FUNCTION awards_cycle_sealed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage = 'sealed' AND OLD.stage <> 'sealed' AND EXISTS (SELECT FROM awards_round r
        JOIN awards_category g ON g.id = r.category_id WHERE g.cycle_id = NEW.id
            AND NOT EXISTS (SELECT FROM awards_seal s JOIN awards_round t ON t.id = s.round_id
                WHERE s.category_id = g.id AND t.state = 'sealed' AND s.version = t.version
                    AND s.confirmed_at IS NOT NULL)) THEN
        PERFORM awards_refuse('A year is sealed once each of its categories is.');
    END IF;
    IF NEW.stage = 'judging' AND OLD.stage = 'sealed' AND EXISTS (SELECT FROM awards_release r
        JOIN awards_category g ON g.id = r.category_id
        WHERE g.cycle_id = NEW.id AND r.withdrawn_at IS NULL) THEN
        PERFORM awards_refuse('A result of this year is public: withdraw it first.');
    END IF;
    RETURN NEW;
END $$;
"""
CYCLE_BEFORE = """
CREATE OR REPLACE FUNCTION awards_cycle_sealed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage = 'sealed' AND OLD.stage <> 'sealed' AND EXISTS (SELECT FROM awards_round r
        JOIN awards_category g ON g.id = r.category_id WHERE g.cycle_id = NEW.id
            AND NOT EXISTS (SELECT FROM awards_seal s JOIN awards_round t ON t.id = s.round_id
                WHERE s.category_id = g.id AND t.state = 'sealed' AND s.version = t.version
                    AND s.confirmed_at IS NOT NULL)) THEN
        PERFORM awards_refuse('A year is sealed once each of its categories is.');
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0012_result_letters")]
    operations = [
        migrations.AddField(
            model_name="publishedproof",
            name="earlier",
            field=models.JSONField(default=list, verbose_name="seals that it took the place of"),
        ),
        migrations.RunSQL(ROUND + CYCLE, ROUND_BEFORE + CYCLE_BEFORE),
    ]
