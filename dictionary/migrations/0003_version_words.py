from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from dictionary.models.version import WordsOf

# In PL/pgSQL, for Postgres would put an SQL function's own body, and its cost, in its place. The
# cost is less than the true one, or Postgres would compile the query of every search.
WORDS_OF = """
CREATE FUNCTION dictionary_words_of(told text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 20000 AS $$
BEGIN
    RETURN to_tsvector('pg_catalog.english'::regconfig, told);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("dictionary", "0002_laws")]
    operations = [
        migrations.RemoveIndex(model_name="entryversion", name="version_meaning_words"),
        migrations.RunSQL(WORDS_OF, "DROP FUNCTION dictionary_words_of(text)"),
        migrations.AddIndex(
            model_name="entryversion",
            index=GinIndex(WordsOf("meanings"), name="version_words", fastupdate=False),
        ),
    ]
