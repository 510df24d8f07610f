"""Would an organisation still have somebody to act for it, if one person left tomorrow?"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from members.models import Affiliation


@dataclass(frozen=True)
class Health:
    owners: int
    silent: list
    unreached: list

    @property
    def level(self):
        answering = self.owners - len({*self.silent, *self.unreached})
        return ["red", "amber"][answering] if answering < 2 else "green"


def health_of(organisation):
    owning = Affiliation.objects.owning().filter(organisation=organisation).select_related("user")
    owners = owning.annotate(
        is_silent=Exists(owning.silent().filter(pk=OuterRef("pk"))),
        is_unreached=Exists(owning.unreached().filter(pk=OuterRef("pk"))),
    )
    silent = [place.user for place in owners if place.is_silent]
    unreached = [place.user for place in owners if place.is_unreached]
    return Health(len(owners), silent, unreached)
