"""The public pages of the dictionary."""

import string

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from cja_portal.kit.text import clean_query
from dictionary.models import Entry, Jurisdiction, Label, Relation, RelationKind, Sense
from dictionary.search import search, suggest
from dictionary.words import items_using
from members.models import Theme

# Pages that a person may have to leave at once.
SENSITIVE_TOPICS = {"victims"}
RELATION_TITLES = [
    (RelationKind.NOT_SAME_AS, "Not the same as"),
    (RelationKind.OPPOSITE, "The opposite"),
    (RelationKind.BROADER, "Part of"),
    (RelationKind.RELATED, "Related words"),
]
SYMMETRIC = {RelationKind.RELATED, RelationKind.OPPOSITE, RelationKind.NOT_SAME_AS}


@login_not_required
def entry_list(request):
    """A–Z, a topic, or the answer to a search; the choice of nation applies to all three."""
    query = clean_query(request.GET.get("q", ""))
    chosen = {"query": query, "jurisdiction": _jurisdiction(request)}
    page = _answer(request, **chosen) if query else _index(request, chosen["jurisdiction"])
    context = {
        **chosen,
        **page,
        "jurisdictions": Jurisdiction.choices,
        "topics": _topics(request.user),
        "kept": {"jurisdiction": chosen["jurisdiction"]} if chosen["jurisdiction"] else {},
    }
    return TemplateResponse(request, "dictionary/entry_list.html", context)


@login_not_required
def entry_suggest(request):
    """The few entries shown under the search box while somebody types."""
    query = clean_query(request.GET.get("q", ""))
    matches = suggest(query, jurisdiction=_jurisdiction(request)) if len(query) > 1 else []
    context = {"results": _results(matches, request.user), "query": query}
    return TemplateResponse(request, "dictionary/_suggestions.html", context)


@login_not_required
def entry_detail(request, slug):
    """One headword: its meaning in the chosen place, and the way to its other meanings."""
    entries = Entry.objects.visible_to(request.user).prefetch_related("topics")
    entry = get_object_or_404(entries, slug=slug)
    senses = list(entry.senses.select_related("entry", "replaced_by").prefetch_related("sources"))
    if not senses:
        raise Http404
    wanted = _jurisdiction(request)
    sense = _sense_for(wanted, senses)
    context = {
        "entry": entry,
        "sense": sense,
        "senses": senses,
        "is_meant_elsewhere": wanted and sense.jurisdiction not in {wanted, Jurisdiction.UK},
        "wanted": Jurisdiction(wanted).label if wanted else "",
        "labels": _labels(entry, sense),
        "relations": _relations(entry, request.user),
        "relation_titles": RELATION_TITLES,
        "items": items_using(entry, request.user),
        "is_sensitive": any(topic.slug in SENSITIVE_TOPICS for topic in entry.topics.all()),
    }
    return TemplateResponse(request, "dictionary/entry_detail.html", context)


# -- The list -------------------------------------------------------------------------------------


def _jurisdiction(request):
    """The place named in the address; an unknown one counts as none."""
    value = request.GET.get("jurisdiction", "")
    return value if value in Jurisdiction.values else ""


def _topics(user):
    entries = Entry.objects.visible_to(user)
    return Theme.objects.filter(pk__in=entries.values("topics")).order_by("position")


def _answer(request, query, jurisdiction):
    answer = search(query, jurisdiction=jurisdiction)
    results = _results(answer.matches, request.user)
    return {"results": results, "instead": answer.instead, "is_search": True}


def _results(matches, user):
    """Entries in the order of their matches, each with the reason why it was found."""
    entries = _with_first_sense(Entry.objects.visible_to(user)).in_bulk(
        [match.entry_id for match in matches]
    )
    found = [(entries.get(match.entry_id), match.reason) for match in matches]
    return [{"entry": entry, "reason": reason} for entry, reason in found if entry]


def _index(request, jurisdiction):
    """Every word from A to Z, or those of one topic or letter with their meanings."""
    entries = Entry.objects.visible_to(request.user).filter(senses__isnull=False).distinct()
    if jurisdiction:
        entries = entries.meant_in(jurisdiction)
    topic = Theme.objects.filter(slug=clean_query(request.GET.get("topic", ""))).first()
    letter = request.GET.get("letter", "").upper()
    if topic:
        return {"topic": topic, "entries": _with_first_sense(entries.about(topic))}
    if letter in set(string.ascii_uppercase):
        return {"letter": letter, "entries": _with_first_sense(entries.starting_with(letter))}
    return {"entries": entries, "letters": _letters(entries)}


def _letters(entries):
    """Each letter, and whether an entry begins with it."""
    initials = {name[:1].upper() for name in entries.values_list("sort_name", flat=True)}
    return [(letter, letter in initials) for letter in string.ascii_uppercase]


def _with_first_sense(entries):
    return entries.prefetch_related(Prefetch("senses", Sense.objects.order_by("jurisdiction")))


# -- One entry ------------------------------------------------------------------------------------


def _sense_for(wanted, senses):
    """The meaning for the place asked for, else one for the whole UK, else the first."""
    order = [wanted, Jurisdiction.UK, Jurisdiction.ENGLAND_AND_WALES]
    by_place = {sense.jurisdiction: sense for sense in reversed(senses)}
    return next((by_place[place] for place in order if place in by_place), senses[0])


def _labels(entry, sense):
    used_there = Q(jurisdiction="") | Q(jurisdiction=sense.jurisdiction)
    return Label.objects.shown().filter(used_there, entry=entry)


def _relations(entry, user):
    """(kind, other entry, note) for both directions, each pair once."""
    visible = Entry.objects.visible_to(user)
    own = Relation.objects.filter(entry=entry, to__in=visible).select_related("to")
    other = Relation.objects.filter(to=entry, entry__in=visible, kind__in=SYMMETRIC)
    rows = {(row.kind, row.to): row.note for row in own}
    for row in other.select_related("entry"):
        rows.setdefault((row.kind, row.entry), row.note)
    return [(kind, to, note) for (kind, to), note in rows.items()]
