import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dictionary", "0003_version_words"),
        ("library", "0009_links_and_imports"),
    ]

    operations = [
        # All is read again, for the place of the word in its sentence.
        migrations.RunSQL("DELETE FROM dictionary_mentionscan", migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="mention",
            name="mention_once_per_item",
        ),
        migrations.AddField(
            model_name="mention",
            name="end",
            field=models.PositiveIntegerField(default=0, verbose_name="where the word ends"),
        ),
        migrations.AddField(
            model_name="mention",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mentions",
                to="library.page",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="start",
            field=models.PositiveIntegerField(
                default=0, verbose_name="where the word begins in the sentence"
            ),
        ),
        migrations.AddField(
            model_name="mentionscan",
            name="documents",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                fields=("entry", "item", "page"),
                name="mention_once_per_page",
                nulls_distinct=False,
                violation_error_message="This page is already found to use this word.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.CheckConstraint(
                condition=models.Q(("start__lte", models.F("end"))),
                name="mention_begins_before_it_ends",
            ),
        ),
    ]
