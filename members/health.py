"""Would an organisation still have somebody to act for it, if one person left tomorrow?"""

from dataclasses import dataclass

from members.models import Affiliation


@dataclass(frozen=True)
class Health:
    owners: int
    silent: list

    @property
    def level(self):
        answering = self.owners - len(self.silent)
        return ["red", "amber"][answering] if answering < 2 else "green"


def health_of(organisation):
    owners = Affiliation.objects.owning().filter(organisation=organisation)
    silent = owners.silent().select_related("user")
    return Health(owners.count(), [place.user for place in silent])
