import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_applications"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="what people may ask about"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Everybody"),
                            ("members", "Member organisations"),
                            ("own", "Our owners and editors, and CJA staff"),
                        ],
                        default="members",
                        max_length=10,
                        verbose_name="who sees your name",
                    ),
                ),
                (
                    "reads_messages",
                    models.BooleanField(
                        default=True, verbose_name="gets the messages of the contact form"
                    ),
                ),
                ("agreed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": [
                    "affiliation__organisation__sort_name",
                    "affiliation__user__name",
                    "pk",
                ],
            },
        ),
        migrations.CreateModel(
            name="Detail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail address"),
                            ("telephone", "Telephone"),
                            ("address", "Postal address"),
                            ("hours", "When to reach us"),
                            ("press", "For journalists"),
                            ("links", "Elsewhere on the web"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "value",
                    models.TextField(validators=[django.core.validators.MaxLengthValidator(500)]),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Everybody"),
                            ("members", "Member organisations"),
                            ("own", "Our owners and editors, and CJA staff"),
                        ],
                        default="public",
                        max_length=10,
                        verbose_name="seen by",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "kind"],
            },
        ),
        migrations.CreateModel(
            name="ProfileRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("profile", "Profile"),
                            ("names", "Names"),
                            ("publication", "First publication"),
                        ],
                        default="profile",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("live", "In place, not yet looked at"),
                            ("kept", "In place"),
                            ("waiting", "Waits for CJA staff"),
                            ("returned", "CJA staff ask for a change"),
                            ("declined", "Declined"),
                            ("replaced", "Replaced by a newer request"),
                            ("reverted", "Taken back by CJA staff"),
                        ],
                        default="live",
                        max_length=20,
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="stages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("prevention", "Before there is a crime"),
                        ("police", "Police and arrest"),
                        ("out-of-court", "Instead of going to court"),
                        ("court", "Court and sentence"),
                        ("prison", "In prison"),
                        ("community", "Sentences in the community and probation"),
                        ("after", "Life after prison or a sentence"),
                        ("victims", "Help for victims and witnesses"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="stages of the justice system",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="takes_messages",
            field=models.BooleanField(
                default=True, verbose_name="has a contact form on its profile"
            ),
        ),
        migrations.AddField(
            model_name="theme",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("prevention", "Before there is a crime"),
                    ("police", "Police and arrest"),
                    ("out-of-court", "Instead of going to court"),
                    ("court", "Court and sentence"),
                    ("prison", "In prison"),
                    ("community", "Sentences in the community and probation"),
                    ("after", "Life after prison or a sentence"),
                    ("victims", "Help for victims and witnesses"),
                ],
                max_length=20,
                verbose_name="stage that work on this theme belongs to",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("slug__in", ["coverage", "events", "export", "join", "map", "projects"]),
                    _negated=True,
                ),
                name="organisation_address_is_free",
                violation_error_message="A page of the directory has this address. Choose another.",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="affiliation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contact",
                to="members.affiliation",
            ),
        ),
        migrations.AddField(
            model_name="detail",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="details",
                to="members.organisation",
            ),
        ),
        migrations.AddField(
            model_name="profilerevision",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="profilerevision",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="profilerevision",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="revisions",
                to="members.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="detail",
            constraint=models.UniqueConstraint(
                fields=("organisation", "kind"),
                name="detail_one_of_each_kind",
                violation_error_message="This organisation has such a detail already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="detail",
            constraint=models.CheckConstraint(
                condition=models.Q(("value", ""), _negated=True),
                name="detail_says_something",
                violation_error_message="Write something, or remove the detail.",
            ),
        ),
        migrations.AddIndex(
            model_name="profilerevision",
            index=models.Index(fields=["state", "asked_at"], name="profile_revision_state"),
        ),
        migrations.AddConstraint(
            model_name="profilerevision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("organisation", "subject"),
                name="profile_revision_one_waiting",
                violation_error_message="Another request about this is waiting already.",
            ),
        ),
    ]
