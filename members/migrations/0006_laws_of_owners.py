from django.db import migrations

KEEP_AN_OWNER = """
CREATE FUNCTION affiliation_keeps_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever takes the last owners at the same moment waits here, and then sees the others gone.
    PERFORM 1 FROM members_organisation WHERE id = OLD.organisation_id FOR UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT 1 FROM members_affiliation place JOIN members_user person ON person.id = place.user_id
        WHERE place.organisation_id = OLD.organisation_id AND place.ended_at IS NULL
            AND 'owner' = ANY (place.roles) AND person.is_active
    ) THEN
        RAISE EXCEPTION 'An organisation keeps at least one owner.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER affiliation_keeps_an_owner AFTER UPDATE OR DELETE ON members_affiliation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND 'owner' = ANY (OLD.roles))
    EXECUTE FUNCTION affiliation_keeps_an_owner();
"""
LET_OWNERS_GO = """
DROP TRIGGER affiliation_keeps_an_owner ON members_affiliation;
DROP FUNCTION affiliation_keeps_an_owner();
"""

REFUSE_SHARED_DOMAINS = """
CREATE FUNCTION domain_stands_under(name text, above text, covers_below boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT name = above OR (covers_below AND right(name, length(above) + 1) = '.' || above)
$$;
CREATE FUNCTION approved_domain_is_not_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The one lock for both tables: a domain cannot become shared and approved at once.
    PERFORM pg_advisory_xact_lock(hashtext('members.domains'));
    IF EXISTS (
        SELECT 1 FROM members_approveddomain approved, members_shareddomain shared
        WHERE domain_stands_under(approved.domain, shared.domain, shared.covers_below)
    ) THEN
        RAISE EXCEPTION 'A shared domain can never be approved for one organisation.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approved_domain_is_not_shared AFTER INSERT OR UPDATE ON members_approveddomain
    FOR EACH ROW EXECUTE FUNCTION approved_domain_is_not_shared();
CREATE TRIGGER approved_domain_is_not_shared AFTER INSERT OR UPDATE ON members_shareddomain
    FOR EACH ROW EXECUTE FUNCTION approved_domain_is_not_shared();
"""
ALLOW_SHARED_DOMAINS = """
DROP TRIGGER approved_domain_is_not_shared ON members_shareddomain;
DROP TRIGGER approved_domain_is_not_shared ON members_approveddomain;
DROP FUNCTION approved_domain_is_not_shared();
DROP FUNCTION domain_stands_under(text, text, boolean);
"""

FREE_MAIL = """
    aol.com aol.co.uk blueyonder.co.uk btinternet.com btopenworld.com duck.com fastmail.com
    fastmail.fm gmail.com gmx.co.uk gmx.com gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com
    hushmail.com icloud.com live.co.uk live.com mac.com mail.com me.com msn.com ntlworld.com
    outlook.co.uk outlook.com plus.com pm.me proton.me protonmail.com qq.com rocketmail.com sky.com
    talk21.com talktalk.net tiscali.co.uk tuta.com tutanota.com virginmedia.com yahoo.co.uk
    yahoo.com yandex.com ymail.com zoho.com
"""
SHARED_WITH_ALL_BELOW = {
    "ac.uk": "Universities and colleges: one of them is many organisations.",
    "cjsm.net": "Criminal justice secure e-mail: shared by many organisations.",
    "gov.uk": "Government: shared by many bodies.",
    "judiciary.uk": "The judiciary: shared by many courts.",
    "mod.uk": "The armed forces: shared by many bodies.",
    "nhs.net": "NHSmail: shared by many organisations.",
    "nhs.scot": "The health service in Scotland: shared by many organisations.",
    "nhs.uk": "The health service: shared by many organisations.",
    "onmicrosoft.com": "Addresses that Microsoft gives to anybody.",
    "parliament.uk": "Parliament: shared by many offices.",
    "police.uk": "The police: shared by many bodies.",
}
ENDINGS = "co.uk com.uk ltd.uk me.uk net.uk org.uk plc.uk sch.uk uk.com uk.net gov.scot gov.wales"


def list_shared_domains(apps, schema_editor):
    SharedDomain = apps.get_model("members", "SharedDomain")
    rows = [
        *(SharedDomain(domain=domain, note="Free mail.") for domain in FREE_MAIL.split()),
        *(SharedDomain(domain=name, note=note) for name, note in SHARED_WITH_ALL_BELOW.items()),
        *(
            SharedDomain(domain=domain, covers_below=False, note="The ending of many domains.")
            for domain in ENDINGS.split()
        ),
    ]
    SharedDomain.objects.bulk_create(rows, ignore_conflicts=True)


def begin_with_the_usual_wait(apps, schema_editor):
    apps.get_model("members", "WaitingTimes").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("members", "0005_nobody_locked_out")]
    operations = [
        migrations.RunSQL(KEEP_AN_OWNER, LET_OWNERS_GO),
        migrations.RunSQL(REFUSE_SHARED_DOMAINS, ALLOW_SHARED_DOMAINS),
        migrations.RunPython(list_shared_domains, migrations.RunPython.noop),
        migrations.RunPython(begin_with_the_usual_wait, migrations.RunPython.noop),
    ]
