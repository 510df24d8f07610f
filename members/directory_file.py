"""The directory as a table: the columns that may leave the portal, and no others.

People are not in it: they agreed to be named on a page, and not to be in a list.
"""

from operator import attrgetter

from cja_portal.kit.site import absolute
from members.models import DetailKind
from members.registers import REGISTERS
from members.showing import show

_OWN = {
    "Name": lambda organisation: organisation.name,
    "Short name": lambda organisation: organisation.short_name,
    "Former names": lambda organisation: "; ".join(organisation.former_names),
    "Kind": lambda organisation: organisation.get_kind_display(),
    "Summary": lambda organisation: organisation.summary,
    "Website": lambda organisation: organisation.website,
    **{register.title: attrgetter(register.field) for register in REGISTERS},
    "Where it works": lambda organisation: _names(organisation.areas),
    "Themes": lambda organisation: _names(organisation.themes),
    "Stages": lambda organisation: "; ".join(stage.label for stage in organisation.all_stages),
    "Page": lambda organisation: absolute(organisation.get_absolute_url()),
}
_SHOWN = [DetailKind.EMAIL, DetailKind.TELEPHONE, DetailKind.ADDRESS]
COLUMNS = [*_OWN, *(kind.label for kind in _SHOWN)]


def rows_of(organisations, reader):
    """A row each, with the details that this reader may see."""
    found = list(organisations.prefetch_related("areas", "themes"))
    profiles = show(found, reader)
    return [_row(organisation, profiles[organisation.pk]) for organisation in found]


def _row(organisation, profile):
    own = [value(organisation) for value in _OWN.values()]
    return own + [profile.text_of(kind) for kind in _SHOWN]


def _names(rows):
    return "; ".join(row.name for row in rows.all())
