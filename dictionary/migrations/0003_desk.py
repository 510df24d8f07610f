import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

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

REMEMBER_WHAT_IS_WITHDRAWN = """
INSERT INTO dictionary_withdrawal (entry_id, because, began_at)
    SELECT id, withdrawn_because, withdrawn_at FROM dictionary_entry
    WHERE withdrawn_at IS NOT NULL;
"""

UNDO = """
DROP TRIGGER withdrawal_stays ON dictionary_withdrawal;
DROP FUNCTION withdrawal_refuse_delete();
DROP TRIGGER entry_address_stays ON dictionary_entry;
DROP FUNCTION entry_refuse_new_address();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dictionary", "0002_laws"),
        ("members", "0004_affiliation_uuid_invitation_uuid_and_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("because", models.TextField(verbose_name="why, for readers")),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-began_at"],
            },
        ),
        migrations.AlterModelOptions(
            name="relation",
            options={"ordering": ["kind", "to__sort_name", "jurisdiction"]},
        ),
        migrations.RemoveConstraint(
            model_name="relation",
            name="relation_once",
        ),
        migrations.AddField(
            model_name="entryversion",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="jurisdiction",
            field=models.CharField(
                blank=True,
                choices=[
                    ("england-and-wales", "England and Wales"),
                    ("scotland", "Scotland"),
                    ("northern-ireland", "Northern Ireland"),
                    ("uk", "United Kingdom"),
                ],
                help_text="For the same idea elsewhere: the place that uses the other word.",
                max_length=20,
                verbose_name="where",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="slug",
            field=models.SlugField(
                help_text="It stays for ever, even if the headword changes: people cite it.",
                max_length=100,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="label",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("cy", "Welsh")], default="en", max_length=5
            ),
        ),
        migrations.AlterField(
            model_name="sense",
            name="review_due",
            field=models.DateField(
                blank=True,
                help_text="Blank: a year after the date of the law.",
                verbose_name="next review",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "withdrawn"), _negated=True),
                    ("withdrawn_at__isnull", False),
                    _connector="OR",
                ),
                name="entry_withdrawn_since",
                violation_error_message="A withdrawn entry says since when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="entryversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_by__isnull", True),
                    ("published_by__isnull", True),
                    models.Q(("checked_by", models.F("published_by")), _negated=True),
                    _connector="OR",
                ),
                name="version_two_people",
                violation_error_message="Whoever made the legal check cannot publish too: ask a colleague.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                fields=("entry", "to", "kind", "jurisdiction"),
                name="relation_once",
                violation_error_message="These two entries are already related in this way.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("jurisdiction", ""), ("kind", "equivalent"), _connector="OR"),
                name="relation_place_of_the_same_idea",
                violation_error_message="Only “the same idea elsewhere” names a place.",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="began_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="dictionary.entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("entry",),
                name="withdrawal_open_once",
                violation_error_message="This entry is withdrawn already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("because", ""), _negated=True),
                name="withdrawal_says_why",
                violation_error_message="Say in a sentence why the entry is withdrawn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("began_at")),
                    _connector="OR",
                ),
                name="withdrawal_ends_after_start",
                violation_error_message="A withdrawal cannot end before it begins.",
            ),
        ),
        migrations.RunSQL(PUBLIC_ADDRESS_STAYS + WITHDRAWALS_STAY, UNDO),
        migrations.RunSQL(REMEMBER_WHAT_IS_WITHDRAWN, migrations.RunSQL.noop),
    ]
