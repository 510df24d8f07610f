"""Who is searching, as the cards of the search know them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from library.wording import all_of, any_of, quoted


@dataclass(frozen=True)
class Reader:
    """`Item.objects.visible_to` once more, in the words on the cards."""

    access: str  # A tsquery that the cards meet which this person may see.
    sees_until: datetime | None = None  # What becomes visible later is not there; None: it is.
    is_everyone: bool = False  # Whether it says no more than that a card is public.


def reader_of(user):
    """What this person may see now; of every item one card at most."""
    if user.is_staff:
        return Reader("'A:staff'")
    organisations = _organisations_of(user)
    if not organisations:
        return Reader("'A:public'", timezone.now(), is_everyone=True)
    keys = ["members", *organisations]
    seen = any_of(quoted(f"A:{key}") for key in ["public", *keys])
    seen_better = any_of(quoted(f"X:{key}") for key in keys)
    return Reader(all_of([seen, f"!({seen_better})"]), timezone.now())


def _organisations_of(user):
    if not user.is_authenticated:
        return []
    return sorted(user.organisation_ids().values_list("organisation_id", flat=True))
