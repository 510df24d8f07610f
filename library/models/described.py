"""What lists and citations say of a work, worked out of what its record holds."""

from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.addresses import quick_reverse
from library.models.audience import Audience
from library.models.terms import Precision, Status

DATE_FORMATS = {Precision.YEAR: "Y", Precision.MONTH: "F Y", Precision.DAY: "j F Y"}
LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, "": 0}


@lru_cache(maxsize=20_000)
def _in_words(day, precision):
    return format_date(day, DATE_FORMATS[precision])


class Described:
    """Of an `Item`, and of what a search found, which is no model (`library.found`)."""

    def get_absolute_url(self):
        return quick_reverse("library:item-detail", self.slug)

    @property
    def known_as(self):
        """Its title; a draft, which staff find in the library too, may lack one."""
        return self.title or "Without a title yet"

    @property
    def full_title(self):
        return f"{self.known_as}: {self.subtitle}" if self.subtitle else self.known_as

    @property
    def date_in_words(self):
        """ "14 July 2021", "July 2021" or "2021", as exactly as it is known."""
        return _in_words(self.published_on, self.precision) if self.published_on else "no date"

    @property
    def partial_date(self):
        """ "2021-07-14", "2021-07" or "2021"; blank if the work has no date."""
        return self.published_on.isoformat()[: LENGTHS[self.precision]] if self.published_on else ""

    @property
    def is_public(self):
        """Whether everyone sees it now."""
        is_published = self.status == Status.PUBLISHED
        return is_published and self.audience == Audience.PUBLIC and not self.is_held_back

    @property
    def is_held_back(self):
        """Whether its hour has not come."""
        return self.visible_from is not None and self.visible_from > timezone.now()

    @property
    def is_scheduled(self):
        return self.status == Status.PUBLISHED and self.is_held_back
