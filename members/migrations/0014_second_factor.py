from django.db import migrations, models

# Whoever owns an organisation on the day of the change has the full grace from then.
GRACE_BEGINS = """
UPDATE members_affiliation SET became_owner_at = now()
WHERE ended_at IS NULL AND 'owner' = ANY (roles)
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0013_audit_chain")]
    operations = [
        migrations.AddField(
            "affiliation",
            "became_owner_at",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(GRACE_BEGINS, migrations.RunSQL.noop),
    ]
