"""What the home page shows of each room."""

from django.utils import timezone

from awards.models import PublishedAward
from dictionary.models import Entry
from dictionary.published import published
from library.models import Item
from members.models import Organisation, Theme
from members.models.taxonomy import Goal

# Words that people meet in letters and at the door: the three first stand in the list of the
# dictionary, and each day another of the rest is explained in full.
LISTED_WORDS = ["released-under-investigation", "recall", "victim-personal-statement"]
EXPLAINED_WORDS = [
    *("release-on-temporary-licence", "single-justice-procedure", "duty-solicitor"),
    *("suspended-sentence-order", "voluntary-interview", "appropriate-adult", "spent-conviction"),
    *("restorative-justice", "reasonable-grounds-for-suspicion", "parole", "victims-code"),
]
NEWEST_ITEMS = 3


def words(user):
    """The count, a few entries for the list and the one explained today."""
    visible = Entry.objects.visible_to(user).select_related("current")
    wanted = visible.filter(slug__in=LISTED_WORDS + EXPLAINED_WORDS)
    chosen = {entry.slug: published(entry) for entry in wanted}
    listed = [chosen[slug] for slug in LISTED_WORDS if slug in chosen]
    return {
        "count": visible.count(),
        "listed": listed or [published(entry) for entry in visible[: len(LISTED_WORDS)]],
        "explained": _of_today([chosen[slug] for slug in EXPLAINED_WORDS if slug in chosen]),
    }


def _of_today(entries):
    return entries[timezone.localdate().toordinal() % len(entries)] if entries else None


def items(user):
    visible = Item.objects.visible_to(user)
    return {
        "count": visible.count(),
        "newest": visible.newest_first().for_rows()[:NEWEST_ITEMS],
    }


def organisation_count(user):
    """How many real ones the directory holds: the examples are for demonstrations."""
    return Organisation.objects.visible_to(user).listed().filter(is_example=False).count()


def latest_winner(user):
    return PublishedAward.objects.visible_to(user).real().winners().first()


def themes_by_goal():
    return grouped_by_goal(Theme.objects.all())


def grouped_by_goal(themes):
    """(goal, its themes) in the order of the goals; a goal without themes is left out."""
    themes = list(themes)
    groups = [(goal, [one for one in themes if one.goal == goal]) for goal in Goal]
    return [(goal.label, own) for goal, own in groups if own]
