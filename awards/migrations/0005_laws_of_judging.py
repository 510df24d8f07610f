"""What the database holds of the rules of judging, whoever writes.

Locks are taken in one order everywhere: the round, the judge, the assignment, the sheet. A judge
who writes shares the round and the assignment, and so never waits for another judge; whoever locks
the round or takes the entry away waits for those who write, and nobody writes after that.
"""

from django.db import migrations

KEYS = [
    ("assignment", "round", "round"),
    ("assignment", "nomination", "nomination"),
    ("sheet", "assignment", "assignment"),
    ("mark", "sheet", "sheet"),
    ("mark", "criterion", "criterion"),
    ("decision", "nomination", "nomination"),
]
ADD_KEYS = "".join(
    f"ALTER TABLE awards_{table} ADD CONSTRAINT {table}_{column}_in_category"
    f" FOREIGN KEY ({column}_id, category_id) REFERENCES awards_{to} (id, category_id);\n"
    for table, column, to in KEYS
)
DROP_KEYS = "".join(
    f"ALTER TABLE awards_{table} DROP CONSTRAINT {table}_{column}_in_category;\n"
    for table, column, _ in KEYS
)

SHARED = """
CREATE FUNCTION awards_judging_may_move(noun text, old text, new text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (noun, old, new) IN (VALUES
        ('round', 'setup', 'scoring'), ('round', 'scoring', 'locked'),
        ('round', 'locked', 'scoring'), ('round', 'locked', 'sealed'),
        ('round', 'sealed', 'scoring'),
        ('assignment', 'active', 'recused'), ('assignment', 'recused', 'active'))
$$;

CREATE FUNCTION awards_may_erase(category bigint) RETURNS boolean LANGUAGE sql AS $$
    SELECT c.is_demonstration OR c.rehearsal_of_id IS NOT NULL
        OR c.stage IN ('released', 'archived')
    FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id WHERE g.id = category
$$;

CREATE FUNCTION awards_shared_round(number bigint) RETURNS awards_round LANGUAGE sql AS $$
    SELECT * FROM awards_round WHERE id = number FOR SHARE
$$;

CREATE FUNCTION awards_in_conflict(judge bigint, nomination bigint) RETURNS boolean
LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM awards_conflict c WHERE c.judge_id = judge
        AND c.nomination_id = nomination AND c.lifted_at IS NULL)
$$;
"""

ROUNDS = """
CREATE FUNCTION awards_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER awards_round_moves BEFORE INSERT OR UPDATE OR DELETE ON awards_round
    FOR EACH ROW EXECUTE FUNCTION awards_round_guard();

CREATE FUNCTION awards_assignment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round awards_round;
    judge awards_judge;
    free text[] := ARRAY['state', 'recused_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        round := awards_shared_round(OLD.round_id);
        IF round.state IN ('locked', 'sealed') AND NOT awards_may_erase(OLD.category_id) THEN
            PERFORM awards_refuse('This round is locked.');
        END IF;
        RETURN OLD;
    END IF;
    round := awards_shared_round(NEW.round_id);
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
            PERFORM awards_refuse('Who reads what is one row each: add another.');
        END IF;
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
        IF round.state = 'sealed' THEN
            PERFORM awards_refuse('This round is sealed.');
        END IF;
        IF NEW.state = 'recused' THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.state <> 'active' OR round.state NOT IN ('setup', 'scoring') THEN
        PERFORM awards_refuse('Entries are given out before the lock.');
    END IF;
    SELECT * INTO judge FROM awards_judge WHERE id = NEW.judge_id FOR SHARE;
    IF judge.accepted_at IS NULL OR judge.left_at IS NOT NULL OR judge.cycle_id <>
        (SELECT cycle_id FROM awards_category WHERE id = NEW.category_id) THEN
        PERFORM awards_refuse('Only judges of the year who said yes read its entries.');
    END IF;
    IF awards_in_conflict(NEW.judge_id, NEW.nomination_id) THEN
        PERFORM awards_refuse('A judge never reads an entry that they have an interest in.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_assignment_moves BEFORE INSERT OR UPDATE OR DELETE ON awards_assignment
    FOR EACH ROW EXECUTE FUNCTION awards_assignment_guard();
"""

CONFLICTS = """
CREATE FUNCTION awards_conflict_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['lifted_at', 'lifted_by_id', 'lifted_because'];
    category bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.lifted_at IS NOT NULL OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
            PERFORM awards_refuse('What was noted of an interest stays.');
        END IF;
        RETURN NEW;
    END IF;
    SELECT category_id INTO category FROM awards_nomination
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.nomination_id ELSE NEW.nomination_id END;
    IF TG_OP = 'DELETE' THEN
        IF NOT awards_may_erase(category) THEN
            PERFORM awards_refuse('What was noted of an interest stays.');
        END IF;
        RETURN OLD;
    END IF;
    PERFORM FROM awards_round WHERE category_id = category ORDER BY id FOR SHARE;
    PERFORM FROM awards_judge WHERE id = NEW.judge_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_conflict_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_conflict
    FOR EACH ROW EXECUTE FUNCTION awards_conflict_guard();

CREATE FUNCTION awards_conflict_takes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE awards_assignment SET state = 'recused', recused_at = clock_timestamp()
        WHERE judge_id = NEW.judge_id AND nomination_id = NEW.nomination_id AND state = 'active'
            AND round_id IN (SELECT id FROM awards_round WHERE state <> 'sealed');
    RETURN NULL;
END $$;
CREATE TRIGGER awards_conflict_takes AFTER INSERT ON awards_conflict
    FOR EACH ROW EXECUTE FUNCTION awards_conflict_takes();
"""

SHEETS = """
CREATE FUNCTION awards_check_marking(assignment_number bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    state text;
    round awards_round;
BEGIN
    SELECT * INTO round FROM awards_shared_round(
        (SELECT round_id FROM awards_assignment WHERE id = assignment_number));
    IF round.state IS DISTINCT FROM 'scoring' THEN
        PERFORM awards_refuse('This round is not open for marks.');
    END IF;
    SELECT a.state INTO state FROM awards_assignment a WHERE a.id = assignment_number FOR SHARE;
    IF state <> 'active' THEN
        PERFORM awards_refuse('You have stepped back from this entry.');
    END IF;
END $$;

CREATE FUNCTION awards_sheet_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT awards_may_erase(OLD.category_id) THEN
            PERFORM awards_refuse('A sheet stays.');
        END IF;
        RETURN OLD;
    END IF;
    PERFORM awards_check_marking(NEW.assignment_id);
    IF TG_OP = 'UPDATE' THEN
        IF NEW.assignment_id <> OLD.assignment_id THEN
            PERFORM awards_refuse('A sheet stays with its entry.');
        END IF;
        IF NEW.version <> OLD.version + 1 THEN
            PERFORM awards_refuse('This sheet was saved meanwhile, in another window.');
        END IF;
        IF OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NULL THEN
            PERFORM awards_refuse('A sheet that was handed in can be changed, not taken back.');
        END IF;
    END IF;
    IF NEW.submitted_at IS NOT NULL AND EXISTS (
        SELECT FROM awards_criterion c WHERE c.category_id = NEW.category_id AND NOT EXISTS (
            SELECT FROM awards_mark m WHERE m.sheet_id = NEW.id AND m.criterion_id = c.id)) THEN
        PERFORM awards_refuse('A sheet is handed in with a mark on each criterion.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_sheet_open BEFORE INSERT OR UPDATE OR DELETE ON awards_sheet
    FOR EACH ROW EXECUTE FUNCTION awards_sheet_guard();

CREATE FUNCTION awards_mark_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sheet awards_sheet;
BEGIN
    IF TG_OP = 'DELETE' AND awards_may_erase(OLD.category_id) THEN
        RETURN OLD;
    END IF;
    SELECT * INTO sheet FROM awards_sheet s
        WHERE s.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
    PERFORM awards_check_marking(sheet.assignment_id);
    IF TG_OP = 'DELETE' THEN
        PERFORM FROM awards_sheet s WHERE s.id = OLD.sheet_id AND s.submitted_at IS NOT NULL
            FOR SHARE;
        IF FOUND THEN
            PERFORM awards_refuse('A sheet that was handed in keeps a mark on each criterion.');
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.sheet_id, OLD.criterion_id) <> (NEW.sheet_id, NEW.criterion_id)
    THEN
        PERFORM awards_refuse('A mark stays under its criterion.');
    END IF;
    SELECT cardinality(c.anchors) INTO NEW.top FROM awards_criterion c
        WHERE c.id = NEW.criterion_id;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_mark_open BEFORE INSERT OR UPDATE OR DELETE ON awards_mark
    FOR EACH ROW EXECUTE FUNCTION awards_mark_guard();

CREATE FUNCTION awards_exclusion_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round awards_round;
    category bigint;
    free text[] := ARRAY['restored_at', 'restored_by_id', 'restored_because'];
BEGIN
    SELECT s.category_id INTO category FROM awards_sheet s
        WHERE s.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
    IF TG_OP = 'DELETE' THEN
        IF NOT awards_may_erase(category) THEN
            PERFORM awards_refuse('What does not count stays listed, with the reason.');
        END IF;
        RETURN OLD;
    END IF;
    SELECT * INTO round FROM awards_shared_round((SELECT a.round_id FROM awards_assignment a
        JOIN awards_sheet s ON s.assignment_id = a.id WHERE s.id = NEW.sheet_id));
    IF round.state = 'sealed' THEN
        PERFORM awards_refuse('This round is sealed.');
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.restored_at IS NOT NULL
        OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free) THEN
        PERFORM awards_refuse('What does not count stays listed, with the reason.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_exclusion_stays BEFORE INSERT OR UPDATE OR DELETE ON awards_sheetexclusion
    FOR EACH ROW EXECUTE FUNCTION awards_exclusion_guard();
"""

DECISIONS = """
CREATE FUNCTION awards_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    category awards_category;
    stage text;
    number bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.category_id ELSE NEW.category_id END;
BEGIN
    IF TG_OP = 'DELETE' AND awards_may_erase(number) THEN
        RETURN OLD;
    END IF;
    SELECT c.stage INTO stage FROM awards_cycle c JOIN awards_category g ON g.cycle_id = c.id
        WHERE g.id = number FOR SHARE OF c;
    SELECT * INTO category FROM awards_category WHERE id = number FOR NO KEY UPDATE;
    PERFORM FROM awards_round WHERE category_id = number FOR SHARE;
    IF stage <> 'judging' OR EXISTS (SELECT FROM awards_round r
        WHERE r.category_id = number AND r.stage = 'final' AND r.state <> 'locked') THEN
        PERFORM awards_refuse('The panel decides after the lock and before the seal.');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.outcome = 'joint-winner' AND NOT category.may_be_shared THEN
        PERFORM awards_refuse('The rules of this category do not let the award be shared.');
    END IF;
    IF NEW.outcome IN ('winner', 'joint-winner') AND EXISTS (SELECT FROM awards_decision d
        WHERE d.category_id = number AND d.nomination_id <> NEW.nomination_id
            AND d.outcome IN ('winner', 'joint-winner') AND d.outcome <> NEW.outcome) THEN
        PERFORM awards_refuse('Either one wins, or several win jointly.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER awards_decision_open BEFORE INSERT OR UPDATE OR DELETE ON awards_decision
    FOR EACH ROW EXECUTE FUNCTION awards_decision_guard();
"""

DROP = """
DROP TRIGGER awards_round_moves ON awards_round;
DROP TRIGGER awards_assignment_moves ON awards_assignment;
DROP TRIGGER awards_conflict_stays ON awards_conflict;
DROP TRIGGER awards_conflict_takes ON awards_conflict;
DROP TRIGGER awards_sheet_open ON awards_sheet;
DROP TRIGGER awards_mark_open ON awards_mark;
DROP TRIGGER awards_exclusion_stays ON awards_sheetexclusion;
DROP TRIGGER awards_decision_open ON awards_decision;
DROP FUNCTION awards_round_guard, awards_assignment_guard, awards_conflict_guard,
    awards_conflict_takes, awards_sheet_guard, awards_mark_guard, awards_exclusion_guard,
    awards_decision_guard, awards_check_marking, awards_shared_round, awards_in_conflict,
    awards_may_erase, awards_judging_may_move;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0004_judging")]
    operations = [
        migrations.RunSQL(ADD_KEYS, DROP_KEYS),
        migrations.RunSQL(SHARED + ROUNDS + CONFLICTS + SHEETS + DECISIONS, DROP),
    ]
