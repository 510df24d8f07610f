from django.db import migrations

from library.spelling import TORN, create_function

WITH_TORN_WORDS = TORN.replace("'", "''")
# What was written with such words before is read anew; cards follow the pages by themselves.
READ_ANEW = f"""
UPDATE library_page SET text = text WHERE text ~* '{WITH_TORN_WORDS}';
UPDATE library_item SET title = title
WHERE concat_ws(' ', title, subtitle, summary) ~* '{WITH_TORN_WORDS}';
SELECT library_refresh_cards(ARRAY(
    SELECT id FROM library_item
    WHERE concat_ws(' ', title, subtitle, summary, series) ~* '{WITH_TORN_WORDS}'
));
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0011_public_cards")]

    operations = [
        migrations.RunSQL(create_function(), migrations.RunSQL.noop),
        migrations.RunSQL(READ_ANEW, migrations.RunSQL.noop),
    ]
