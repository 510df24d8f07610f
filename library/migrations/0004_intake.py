from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0003_search"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="document",
            name="document_waiting",
        ),
        migrations.AddField(
            model_name="document",
            name="tries",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="attempts to read it"
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="reading",
            field=models.CharField(
                choices=[
                    ("unchecked", "Waiting for the virus scanner"),
                    ("waiting", "Waiting to be read"),
                    ("read", "Read"),
                    ("no-text", "Pictures of pages only"),
                    ("encrypted", "Locked with a password"),
                    ("damaged", "Damaged"),
                    ("too-much", "Too much to read"),
                    ("infected", "Refused: a virus was found"),
                    ("not-read", "Not a kind of file that is read"),
                ],
                default="waiting",
                editable=False,
                max_length=20,
                verbose_name="text",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("reading__in", ["unchecked", "waiting"])),
                fields=["added_at"],
                name="document_waiting",
            ),
        ),
    ]
