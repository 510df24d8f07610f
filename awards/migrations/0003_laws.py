"""What the database holds of the rules of the awards, whoever writes.

The pairs of `awards_may_move` are those of `Stage.MOVES` and `NominationState.MOVES`; a test
compares them. Every guard that reads the state of a year or of a nomination takes a share lock on
it first, so that it cannot change before the transaction has ended.
"""

from django.db import migrations

HISTORY = """
UPDATE awards_cycle SET stage = 'archived'
WHERE EXISTS (SELECT FROM awards_publishedcycle p WHERE p.year = awards_cycle.year);
"""

MOVES = """
CREATE FUNCTION awards_may_move(noun text, old text, new text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (noun, old, new) IN (VALUES
        ('cycle', 'draft', 'announced'), ('cycle', 'draft', 'archived'),
        ('cycle', 'announced', 'draft'), ('cycle', 'announced', 'judging'),
        ('cycle', 'judging', 'sealed'), ('cycle', 'sealed', 'judging'),
        ('cycle', 'sealed', 'released'), ('cycle', 'released', 'archived'),
        ('nomination', 'draft', 'submitted'), ('nomination', 'draft', 'withdrawn'),
        ('nomination', 'submitted', 'screened-in'), ('nomination', 'submitted', 'ineligible'),
        ('nomination', 'submitted', 'merged'), ('nomination', 'submitted', 'withdrawn'),
        ('nomination', 'screened-in', 'submitted'), ('nomination', 'screened-in', 'sifted-in'),
        ('nomination', 'screened-in', 'not-shortlisted'), ('nomination', 'screened-in', 'merged'),
        ('nomination', 'screened-in', 'withdrawn'), ('nomination', 'ineligible', 'screened-in'),
        ('nomination', 'ineligible', 'withdrawn'), ('nomination', 'merged', 'submitted'),
        ('nomination', 'merged', 'withdrawn'), ('nomination', 'sifted-in', 'finalist'),
        ('nomination', 'sifted-in', 'not-shortlisted'), ('nomination', 'sifted-in', 'withdrawn'),
        ('nomination', 'not-shortlisted', 'finalist'), ('nomination', 'not-shortlisted', 'decided'),
        ('nomination', 'not-shortlisted', 'withdrawn'), ('nomination', 'finalist', 'decided'),
        ('nomination', 'finalist', 'not-shortlisted'), ('nomination', 'finalist', 'withdrawn'))
$$;
CREATE FUNCTION awards_refuse(sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'restrict_violation';
END $$;
"""

CYCLE = """
CREATE FUNCTION awards_cycle_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := clock_timestamp() + NEW.clock_shift;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.stage NOT IN ('draft', 'archived') THEN
            PERFORM awards_refuse('A year begins in preparation.');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL THEN
        IF (OLD.year, OLD.is_demonstration, OLD.opens_at, OLD.rehearsal_of_id)
            IS DISTINCT FROM (NEW.year, NEW.is_demonstration, NEW.opens_at, NEW.rehearsal_of_id)
        THEN
            PERFORM awards_refuse('The rules of this year are fixed.');
        END IF;
        IF NEW.closes_at < OLD.closes_at THEN
            PERFORM awards_refuse('A deadline can be moved later, never earlier.');
        END IF;
        IF NEW.closes_at <> OLD.closes_at AND NEW.stage <> 'announced' THEN
            PERFORM awards_refuse('Judging has begun: the deadline stays.');
        END IF;
    END IF;
    IF NEW.stage <> OLD.stage THEN
        PERFORM awards_check_stage(OLD, NEW, moment);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION awards_check_stage(was awards_cycle, becomes awards_cycle, moment timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT awards_may_move('cycle', was.stage, becomes.stage) THEN
        PERFORM awards_refuse('A year cannot go from ' || was.stage || ' to ' || becomes.stage);
    END IF;
    IF was.stage = 'announced' AND becomes.stage = 'draft' AND moment >= was.opens_at THEN
        PERFORM awards_refuse('Nominations are open: the rules stay.');
    END IF;
    IF was.stage = 'announced' AND becomes.stage = 'judging'
        AND moment < was.closes_at + interval '11 minutes' THEN
        PERFORM awards_refuse('Judging begins when nominations have closed.');
    END IF;
    IF becomes.stage = 'announced' AND becomes.closes_at <= moment THEN
        PERFORM awards_refuse('The deadline has passed.');
    END IF;
    IF becomes.stage = 'announced' AND NOT EXISTS (
        SELECT FROM awards_category WHERE cycle_id = becomes.id
    ) THEN
        PERFORM awards_refuse('A year needs a category.');
    END IF;
    IF becomes.stage = 'announced' AND EXISTS (
        SELECT FROM awards_category g WHERE g.cycle_id = becomes.id AND 100 IS DISTINCT FROM
            (SELECT sum(c.weight) FROM awards_criterion c WHERE c.category_id = g.id)
    ) THEN
        PERFORM awards_refuse('The weights of each category must total 100.');
    END IF;
    IF becomes.stage = 'announced' AND EXISTS (
        SELECT FROM awards_category g WHERE g.cycle_id = becomes.id AND g.kind <> 'panel'
            AND NOT EXISTS (SELECT FROM awards_question q
                WHERE q.category_id = g.id AND q.retired_at IS NULL AND q.is_required)
    ) THEN
        PERFORM awards_refuse('Each category must ask at least one question.');
    END IF;
END $$;
CREATE TRIGGER awards_cycle_guard BEFORE INSERT OR UPDATE ON awards_cycle
    FOR EACH ROW EXECUTE FUNCTION awards_cycle_guard();
"""

RULES = """
CREATE FUNCTION awards_is_frozen(category bigint, is_delete boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    cycle awards_cycle;
BEGIN
    SELECT c.* INTO cycle FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id
        WHERE g.id = category FOR SHARE OF c;
    RETURN cycle.frozen_at IS NOT NULL AND NOT (
        is_delete AND (cycle.is_demonstration OR cycle.rehearsal_of_id IS NOT NULL));
END $$;

CREATE FUNCTION awards_rules_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    IF TG_OP <> 'INSERT' AND awards_is_frozen(OLD.category_id, TG_OP = 'DELETE')
        OR TG_OP <> 'DELETE' AND awards_is_frozen(NEW.category_id, false)
    THEN
        PERFORM awards_refuse('The rules of this year are fixed.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER awards_prize_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON awards_prizeline
    FOR EACH ROW EXECUTE FUNCTION awards_rules_guard('paid_on', 'paid_to', 'evidence');
CREATE TRIGGER awards_criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON awards_criterion
    FOR EACH ROW EXECUTE FUNCTION awards_rules_guard();
CREATE TRIGGER awards_eligibility_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON awards_eligibilityquestion
    FOR EACH ROW EXECUTE FUNCTION awards_rules_guard();

CREATE FUNCTION awards_category_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cycle awards_cycle;
    free text[] := ARRAY['name', 'about', 'position', 'prize_note', 'outcome_note'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO cycle FROM awards_cycle WHERE id = NEW.cycle_id FOR SHARE;
    ELSE
        SELECT * INTO cycle FROM awards_cycle WHERE id = OLD.cycle_id FOR SHARE;
    END IF;
    IF cycle.frozen_at IS NOT NULL AND NOT (TG_OP = 'DELETE'
        AND (cycle.is_demonstration OR cycle.rehearsal_of_id IS NOT NULL)) THEN
        PERFORM awards_refuse('The rules of this year are fixed.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER awards_category_frozen BEFORE INSERT OR UPDATE OR DELETE ON awards_category
    FOR EACH ROW EXECUTE FUNCTION awards_category_guard();

CREATE FUNCTION awards_question_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['retired_at', 'position'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.why = '' AND awards_is_frozen(NEW.category_id, false) THEN
            PERFORM awards_refuse('Say why the question is changed.');
        END IF;
    ELSIF TG_OP = 'UPDATE' AND to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
        RETURN NEW;
    ELSIF awards_is_frozen(OLD.category_id, TG_OP = 'DELETE') THEN
        PERFORM awards_refuse('A question that people were asked stays: make a new version.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER awards_question_versions BEFORE INSERT OR UPDATE OR DELETE ON awards_question
    FOR EACH ROW EXECUTE FUNCTION awards_question_guard();
"""

NOMINATIONS = """
CREATE FUNCTION awards_nomination_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stage text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.category_id <> NEW.category_id THEN
        PERFORM awards_refuse('A nomination stays in its category.');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    SELECT c.stage INTO stage FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id
        WHERE g.id = NEW.category_id FOR SHARE OF c;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR stage <> 'announced' THEN
            PERFORM awards_refuse('A nomination begins as a draft while nominations are open.');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT awards_may_move('nomination', OLD.state, NEW.state) THEN
        PERFORM awards_refuse('A nomination cannot go from ' || OLD.state || ' to ' || NEW.state);
    END IF;
    IF stage <> 'announced' AND (NEW.state = 'submitted'
        OR (OLD.state, NEW.state) = ('ineligible', 'screened-in')) THEN
        PERFORM awards_refuse('Judging has begun: what was screened stays as it is.');
    END IF;
    IF NEW.state = 'withdrawn' AND stage NOT IN ('announced', 'judging') THEN
        PERFORM awards_refuse('The results are sealed: it cannot be withdrawn any more.');
    END IF;
    IF NEW.state = 'ineligible' AND NOT EXISTS (SELECT FROM awards_screening s
        WHERE s.nomination_id = NEW.id AND s.outcome = 'exclude' AND s.second_agrees) THEN
        PERFORM awards_refuse('Nobody is excluded without a second look.');
    END IF;
    IF (NEW.state = 'merged' OR OLD.state = 'merged' AND NEW.state = 'submitted')
        AND (NEW.state = 'merged') <> EXISTS (SELECT FROM awards_mergelink m
            WHERE m.nomination_id = NEW.id AND m.undone_at IS NULL) THEN
        PERFORM awards_refuse('A merged nomination names the other one.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_nomination_moves BEFORE INSERT OR UPDATE ON awards_nomination
    FOR EACH ROW EXECUTE FUNCTION awards_nomination_guard();

CREATE FUNCTION awards_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.nomination_id, OLD.question_id) <> (NEW.nomination_id, NEW.question_id) THEN
            PERFORM awards_refuse('An answer stays under its question.');
        END IF;
        IF NEW.version <> OLD.version + (NEW.text <> OLD.text)::int THEN
            PERFORM awards_refuse('Somebody else has saved this answer meanwhile.');
        END IF;
        IF (OLD.text, OLD.sent_text) = (NEW.text, NEW.sent_text) THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT n.state INTO state FROM awards_nomination n WHERE n.id = NEW.nomination_id FOR SHARE;
    IF state NOT IN ('draft', 'submitted') THEN
        PERFORM awards_refuse('This nomination cannot be changed any more.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_answer_versions BEFORE INSERT OR UPDATE ON awards_answer
    FOR EACH ROW EXECUTE FUNCTION awards_answer_guard();

CREATE FUNCTION awards_attachment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    nomination awards_nomination;
    most int;
BEGIN
    SELECT * INTO nomination FROM awards_nomination WHERE id = NEW.nomination_id
        FOR NO KEY UPDATE;
    SELECT most_attachments INTO most FROM awards_category WHERE id = nomination.category_id;
    IF nomination.state NOT IN ('draft', 'submitted') THEN
        PERFORM awards_refuse('This nomination cannot be changed any more.');
    END IF;
    IF most <= (SELECT count(*) FROM awards_attachment WHERE nomination_id = nomination.id) THEN
        PERFORM awards_refuse('This nomination has as many files as it may.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_attachment_limit BEFORE INSERT ON awards_attachment
    FOR EACH ROW EXECUTE FUNCTION awards_attachment_guard();
"""

RECORDS = """
CREATE FUNCTION awards_record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was recorded stays as it is.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER awards_event_only_grows BEFORE UPDATE OR DELETE ON awards_event
    FOR EACH ROW EXECUTE FUNCTION awards_record_guard();
CREATE TRIGGER awards_receipt_stays BEFORE UPDATE ON awards_receipt
    FOR EACH ROW EXECUTE FUNCTION awards_record_guard('sent_by_id');

CREATE FUNCTION awards_screening_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['second_by_id', 'second_at', 'second_agrees', 'second_note'];
BEGIN
    IF OLD.second_by_id IS NOT NULL OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        PERFORM awards_refuse('A look at a nomination stays as it was written down.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_screening_stays BEFORE UPDATE ON awards_screening
    FOR EACH ROW EXECUTE FUNCTION awards_screening_guard();
"""

DROP = """
DROP TRIGGER awards_cycle_guard ON awards_cycle;
DROP TRIGGER awards_prize_line_frozen ON awards_prizeline;
DROP TRIGGER awards_criterion_frozen ON awards_criterion;
DROP TRIGGER awards_eligibility_frozen ON awards_eligibilityquestion;
DROP TRIGGER awards_category_frozen ON awards_category;
DROP TRIGGER awards_question_versions ON awards_question;
DROP TRIGGER awards_nomination_moves ON awards_nomination;
DROP TRIGGER awards_answer_versions ON awards_answer;
DROP TRIGGER awards_attachment_limit ON awards_attachment;
DROP TRIGGER awards_event_only_grows ON awards_event;
DROP TRIGGER awards_receipt_stays ON awards_receipt;
DROP TRIGGER awards_screening_stays ON awards_screening;
DROP FUNCTION awards_cycle_guard, awards_check_stage, awards_is_frozen, awards_rules_guard,
    awards_category_guard, awards_question_guard, awards_nomination_guard, awards_answer_guard,
    awards_attachment_guard, awards_record_guard, awards_screening_guard, awards_may_move,
    awards_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_nominations")]
    operations = [
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(MOVES + CYCLE + RULES + NOMINATIONS + RECORDS, DROP),
    ]
