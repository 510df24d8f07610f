"""What the database holds of seals and releases, whoever writes.

Whoever seals holds the round; whoever decides shares it (0005). Whoever releases or withdraws holds
the year. So a decision is in the file or refused, and one of two who release at once waits.
"""

from django.db import migrations

SEALS = """
CREATE FUNCTION awards_sealed_version(category bigint) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM awards_seal s JOIN awards_round r ON r.id = s.round_id
        WHERE s.category_id = category AND s.refused_at IS NULL AND s.version = r.version)
$$;

CREATE FUNCTION awards_seal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round awards_round;
    free text[] := ARRAY['confirmed_by_id', 'confirmed_at', 'refused_by_id', 'refused_at',
        'refused_because'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT awards_may_erase(OLD.category_id) THEN
            PERFORM awards_refuse('What was sealed stays.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT * INTO round FROM awards_round WHERE id = NEW.round_id FOR UPDATE;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        PERFORM awards_refuse('What was sealed stays as it is.');
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.confirmed_at IS NOT NULL OR OLD.refused_at IS NOT NULL) THEN
        PERFORM awards_refuse('This seal is confirmed or was sent back already.');
    END IF;
    IF round.state <> 'locked' OR (round.category_id, round.version)
        IS DISTINCT FROM (NEW.category_id, NEW.version) THEN
        PERFORM awards_refuse('A result is sealed once its marks are locked.');
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.confirmed_at IS NOT NULL OR NEW.refused_at IS NOT NULL) THEN
        PERFORM awards_refuse('Somebody else confirms a seal, later.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_seal_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_seal
    FOR EACH ROW EXECUTE FUNCTION awards_seal_guard();

CREATE FUNCTION awards_round_sealed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'sealed' AND OLD.state <> 'sealed' AND NOT EXISTS (SELECT FROM awards_seal s
        WHERE s.round_id = NEW.id AND s.version = NEW.version AND s.confirmed_at IS NOT NULL) THEN
        PERFORM awards_refuse('Two people seal a round.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_round_sealed_by_two BEFORE UPDATE ON awards_round
    FOR EACH ROW EXECUTE FUNCTION awards_round_sealed_guard();

CREATE FUNCTION awards_cycle_sealed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER awards_cycle_sealed BEFORE UPDATE ON awards_cycle
    FOR EACH ROW EXECUTE FUNCTION awards_cycle_sealed_guard();

CREATE FUNCTION awards_decision_sealed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.category_id ELSE NEW.category_id END;
BEGIN
    IF TG_OP = 'DELETE' AND awards_may_erase(number) THEN
        RETURN OLD;
    END IF;
    PERFORM FROM awards_round WHERE category_id = number ORDER BY id FOR SHARE;
    IF awards_sealed_version(number) THEN
        PERFORM awards_refuse('This result is sealed.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER awards_decision_sealed BEFORE INSERT OR UPDATE OR DELETE ON awards_decision
    FOR EACH ROW EXECUTE FUNCTION awards_decision_sealed_guard();
"""

RELEASES = """
CREATE FUNCTION awards_release_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cycle awards_cycle;
    number bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.category_id ELSE NEW.category_id END;
    free text[] := ARRAY['withdrawn_by_id', 'withdrawn_at', 'withdrawn_because'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT awards_may_erase(number) THEN
            PERFORM awards_refuse('What was released stays on record.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT c.* INTO cycle FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id
        WHERE g.id = number FOR UPDATE OF c;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
            PERFORM awards_refuse('What was released stays on record.');
        END IF;
        RETURN NEW;
    END IF;
    IF cycle.rehearsal_of_id IS NOT NULL THEN
        PERFORM awards_refuse('A rehearsal publishes nothing.');
    END IF;
    IF cycle.stage NOT IN ('sealed', 'released') THEN
        PERFORM awards_refuse('Results are released once all are sealed.');
    END IF;
    IF NOT EXISTS (SELECT FROM awards_seal s JOIN awards_round r ON r.id = s.round_id
        WHERE s.id = NEW.seal_id AND s.category_id = number AND s.confirmed_at IS NOT NULL
            AND s.version = r.version AND r.state = 'sealed') THEN
        PERFORM awards_refuse('This result is not sealed by two people.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_release_follows_seal BEFORE INSERT OR UPDATE OR DELETE ON awards_release
    FOR EACH ROW EXECUTE FUNCTION awards_release_guard();

CREATE FUNCTION awards_place_of(outcome text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE outcome WHEN 'winner' THEN 1 WHEN 'joint-winner' THEN 1 WHEN 'runner-up' THEN 2
        WHEN 'highly-commended' THEN 3 WHEN 'commended' THEN 4 END
$$;

CREATE FUNCTION awards_prizes_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT awards_place_of(a.result) AS place, coalesce(sum(a.prize_pence), 0) AS pence
            FROM awards_category g JOIN awards_cycle c ON c.id = g.cycle_id
            JOIN awards_publishedaward a ON a.year = c.year AND a.category_slug = g.slug
            WHERE g.id = NEW.category_id AND a.withdrawn_at IS NULL
            GROUP BY awards_place_of(a.result)
        ) given
        WHERE place IS NOT NULL AND pence <> (SELECT coalesce(sum(p.pence), 0)
            FROM awards_prizeline p WHERE p.category_id = NEW.category_id AND p.rank = place)
    ) THEN
        PERFORM awards_refuse('The prizes do not add up to those of the category.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER awards_prizes_add_up AFTER INSERT ON awards_release
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION awards_prizes_guard();

CREATE FUNCTION awards_embargo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    category bigint;
BEGIN
    IF NEW.published_at IS NULL AND TG_OP = 'UPDATE' AND OLD.year = NEW.year THEN
        RETURN NEW;
    END IF;
    SELECT g.id INTO category FROM awards_cycle c
        LEFT JOIN awards_category g ON g.cycle_id = c.id AND g.slug = NEW.category_slug
        WHERE c.year = NEW.year AND c.rehearsal_of_id IS NULL
            AND c.stage IN ('announced', 'judging', 'sealed', 'released');
    IF NOT FOUND OR NEW.withdrawn_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM FROM awards_release r WHERE r.category_id = category AND r.withdrawn_at IS NULL
        FOR SHARE;
    IF NOT FOUND THEN
        PERFORM awards_refuse('This result is not released yet.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_embargo BEFORE INSERT OR UPDATE ON awards_publishedaward
    FOR EACH ROW EXECUTE FUNCTION awards_embargo_guard();
"""

DROP = """
DROP TRIGGER awards_seal_stays ON awards_seal;
DROP TRIGGER awards_round_sealed_by_two ON awards_round;
DROP TRIGGER awards_cycle_sealed ON awards_cycle;
DROP TRIGGER awards_decision_sealed ON awards_decision;
DROP TRIGGER awards_release_follows_seal ON awards_release;
DROP TRIGGER awards_prizes_add_up ON awards_release;
DROP TRIGGER awards_embargo ON awards_publishedaward;
DROP FUNCTION awards_sealed_version, awards_seal_guard, awards_round_sealed_guard,
    awards_cycle_sealed_guard, awards_decision_sealed_guard, awards_release_guard, awards_place_of, awards_prizes_guard,
    awards_embargo_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0007_release")]
    operations = [migrations.RunSQL(SEALS + RELEASES, DROP)]
