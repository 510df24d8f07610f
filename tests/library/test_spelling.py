import pytest
from django.db import connection

from library.spelling import PATTERNS


def test_the_patterns_fit_into_the_cache_of_postgres():
    assert len(PATTERNS) < 32  # More made each call twenty times slower.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Re-offending at HMP/YOI X", "reoffending at hmp yoi x"),
        ("The ORGANIZATION’S behavior", "the organisations behaviour"),
        ("“Stop & Scrutinise” –not", '"stop  and  scrutinise" -not'),
        ("s.91, e.g. 10.5%", "s 91, eg 10.5%"),
    ],
)
def test_the_folding_in_plain_sight(text, words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT library_words(%s)", [text])

        assert cursor.fetchone() == (words,)
