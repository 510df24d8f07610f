"""What may be the same organisation: by the number of a register first, then by a similar name."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Q

from members.models import Application, Organisation
from members.registers import REGISTERS

ALIKE = 0.5  # of pg_trgm's likeness, from 0 to 1; below it names are alike by chance
MOST = 8

# Every name an organisation has or had, against every name given.
SIMILAR = """
SELECT organisation.id, max(similarity(portal_sort_key(known), portal_sort_key(given))) AS likeness
FROM members_organisation organisation,
    unnest(ARRAY[name, short_name] || former_names) known,
    unnest(%s::text[]) given
WHERE known <> '' AND NOT organisation.id = ANY (%s)
GROUP BY organisation.id
HAVING max(similarity(portal_sort_key(known), portal_sort_key(given))) >= %s
ORDER BY likeness DESC, organisation.id
LIMIT %s
"""


@dataclass(frozen=True)
class Likely:
    organisation: Organisation
    reason: str

    @property
    def is_certain(self):
        """The numbers of registers are given once."""
        return "number" in self.reason


def likely_duplicates(names, *, besides=None, **numbers):
    """The organisations that may be the one with these names and numbers, surest first.

    The numbers come by the names of their fields.
    """
    found = {}
    for register in REGISTERS:
        number = numbers.get(register.field)
        for row in Organisation.objects.filter(**{register.field: number}) if number else ():
            found.setdefault(row, f"It has the same {register.noun}.")
    if besides:
        found.pop(besides, None)
    left_out = [row.pk for row in found] + ([besides.pk] if besides else [])
    likely = [Likely(row, reason) for row, reason in found.items()]
    return likely + [Likely(row, "Its name is similar.") for row in _similar(names, left_out)]


def _similar(names, left_out):
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR, [[name for name in names if name], left_out, ALIKE, MOST])
        pks = [pk for pk, _ in cursor.fetchall()]
    rows = Organisation.objects.in_bulk(pks)
    return [rows[pk] for pk in pks]


def duplicates_of(organisation):
    return likely_duplicates(
        [organisation.name, organisation.short_name, *organisation.former_names],
        besides=organisation,
        **organisation.given_numbers,
    )


def similar_applications(application):
    """Others, sent and still open, with the same number or a similar name."""
    others = Application.objects.sent().open().exclude(pk=application.pk)
    same = Q(likeness__gte=ALIKE)
    for field, number in application.given_numbers.items():
        same |= Q(**{field: number})
    return others.annotate(likeness=TrigramSimilarity("name", application.name)).filter(same)[:MOST]
