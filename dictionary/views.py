"""The public pages of the dictionary."""

import string
from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cja_portal.kit.text import clean_query
from cja_portal.kit.visitors import network_of
from dictionary.history import changes_between, recent_changes
from dictionary.index import EXACT
from dictionary.mentions import uses_of
from dictionary.missing import note_miss
from dictionary.models import Entry, EntryVersion, Jurisdiction, RelationKind, Sense
from dictionary.published import PublishedEntry, published
from dictionary.search import search, suggest
from members.models import Theme

CHANGES_A_PAGE = 50
RELATION_TITLES = [
    (RelationKind.SEE_INSTEAD, "See instead"),
    (RelationKind.NOT_SAME_AS, "Not the same as"),
    (RelationKind.OPPOSITE, "The opposite"),
    (RelationKind.EQUIVALENT, "The same idea elsewhere"),
    (RelationKind.BROADER, "Part of"),
    (RelationKind.RELATED, "Related words"),
]


# -- The list -------------------------------------------------------------------------------------


@login_not_required
def entry_list(request):
    """A–Z, a topic, or the answer to a search; the choice of nation applies to all three."""
    query = clean_query(request.GET.get("q", ""))
    chosen = {"query": query, "jurisdiction": _jurisdiction(request)}
    page = _answer(**chosen) if query else _index(request, chosen["jurisdiction"])
    if query and not page["results"] and not chosen["jurisdiction"]:
        note_miss(query, visitor=network_of(request))
    context = {
        **chosen,
        **page,
        "jurisdictions": Jurisdiction.choices,
        "topics": _topics(),
        "kept": {"jurisdiction": chosen["jurisdiction"]} if chosen["jurisdiction"] else {},
    }
    return TemplateResponse(request, "dictionary/entry_list.html", context)


@login_not_required
def entry_suggest(request):
    """The few entries shown under the search box while somebody types."""
    query = clean_query(request.GET.get("q", ""))
    matches = suggest(query, jurisdiction=_jurisdiction(request)) if len(query) > 1 else []
    context = {"results": _results(matches), "query": query}
    return TemplateResponse(request, "dictionary/_suggestions.html", context)


def _jurisdiction(request):
    """The place named in the address; an unknown one counts as none."""
    value = request.GET.get("jurisdiction", "")
    return value if value in Jurisdiction.values else ""


def _topics():
    return Theme.objects.filter(pk__in=Entry.objects.published().values("topics"))


def _answer(query, jurisdiction):
    answer = search(query, jurisdiction=jurisdiction)
    return {"results": _results(answer.matches), "instead": answer.instead, "is_search": True}


def _results(matches):
    """Entries in the order of their matches, each with the reason why it was found."""
    entries = Entry.objects.published().select_related("current")
    by_id = entries.in_bulk([match.entry_id for match in matches])
    found = [(by_id.get(match.entry_id), match.reason) for match in matches]
    return [{"entry": published(entry), "reason": reason} for entry, reason in found if entry]


def _index(request, jurisdiction):
    """Every word from A to Z, or those of one topic or letter with their meanings."""
    entries = Entry.objects.published().in_public_order()
    if jurisdiction:
        entries = entries.meant_in(jurisdiction)
    topic = Theme.objects.filter(slug=clean_query(request.GET.get("topic", ""))).first()
    letter = request.GET.get("letter", "").upper()
    if topic:
        return {"topic": topic, "entries": _read(entries.about(topic))}
    if letter in set(string.ascii_uppercase):
        return {"letter": letter, "entries": _read(entries.starting_with(letter))}
    return {"entries": entries, "letters": _letters(entries)}


def _read(entries):
    return [published(entry) for entry in entries.select_related("current")]


def _letters(entries):
    """Each letter, and whether an entry begins with it."""
    initials = {name[:1].upper() for name in entries.values_list("filed_as", flat=True)}
    return [(letter, letter in initials) for letter in string.ascii_uppercase]


# -- One entry ------------------------------------------------------------------------------------


@login_not_required
def entry_detail(request, slug):
    """One headword: its meaning in the chosen place, today or on the day asked for."""
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    if named := _entry_called(slug):
        return redirect(f"{named.get_absolute_url()}{asked}")
    entry = _public_entry(slug)
    if entry.withdrawn_at:
        return _gone(request, "dictionary/entry_withdrawn.html", entry, entry.versions.all())
    return entry_page(request, entry, entry.current)


@login_not_required
def version_detail(request, slug, number):
    """What the entry said in one of its versions; it stays for ever."""
    entry = _public_entry(slug)
    version = get_object_or_404(entry.versions, number=number)
    return entry_page(request, entry, version)


@login_not_required
def version_list(request, slug):
    """Every version; `?before=1&after=3` leads to the comparison of two."""
    entry = _public_entry(slug)
    versions = entry.versions.defer("snapshot").select_related("entry")
    chosen = [_number(request.GET.get(name)) for name in ("before", "after")]
    if all(chosen) and versions.filter(number__in=chosen).count() == len(set(chosen)):
        return redirect("dictionary:version-compare", slug, *chosen)
    context = {
        "entry": entry,
        "versions": versions,
        "withdrawals": entry.withdrawals.all(),
        "has_chosen_badly": "before" in request.GET,
    }
    return TemplateResponse(request, "dictionary/version_list.html", context)


@login_not_required
def version_compare(request, slug, before, after):
    """What changed between any two versions of an entry."""
    entry = _public_entry(slug)
    versions = entry.versions.select_related("entry")
    old, new = (get_object_or_404(versions, number=number) for number in (before, after))
    context = {"entry": entry, "before": old, "after": new, "changes": changes_between(old, new)}
    return TemplateResponse(request, "dictionary/version_compare.html", context)


@login_not_required
def change_list(request):
    """All that became public or was withdrawn, newest first."""
    page = Paginator(recent_changes(), CHANGES_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "dictionary/change_list.html", {"page": page})


@login_not_required
def sense_detail(request, pk):
    """The permanent address of one meaning leads to the page that says it now, or said it last."""
    versions = EntryVersion.objects.with_sense(pk).select_related("entry__current")
    if sense := Sense.objects.filter(pk=pk).first():
        versions = versions.filter(entry=sense.entry_id)  # Much quicker than looking everywhere.
    last = versions.order_by("number").last()
    if last is None:
        raise Http404
    current = published(last.entry)
    now = next((one for one in current.senses if one.id == pk), None)
    if now is None and not last.entry.withdrawn_at:
        return _gone(request, "dictionary/sense_gone.html", last.entry, versions)
    return redirect(now or current)


def _gone(request, template, entry, versions):
    """What was public once is never simply not found: its page says why, and where it stood."""
    context = {"entry": entry, "versions": versions.defer("snapshot").select_related("entry")}
    return TemplateResponse(request, template, context, status=410)


def _number(text):
    """A version's number as typed into an address; None if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _entry_called(slug):
    """The entry that goes by the name in a guessed address, unless one stands there itself."""
    if Entry.objects.filter(slug=slug).exists():
        return None
    called = [match for match in suggest(slug.replace("-", " ")) if match.rank >= EXACT]
    found = Entry.objects.published().filter(pk__in=[match.entry_id for match in called])
    return found.first() if len(called) == 1 else None


def _public_entry(slug):
    """The row of an entry under the name that readers see: editors may be at work on another."""
    entry = get_object_or_404(
        Entry.objects.select_related("current"), slug=slug, current__isnull=False
    )
    entry.headword = published(entry).headword
    return entry


def entry_page(request, row, version, **more):
    """The page that shows one version of an entry; `more` adds to what the template knows."""
    entry = PublishedEntry(version, slug=row.slug)
    wanted, day = _jurisdiction(request), _day(request)
    sense = entry.sense_for(wanted, on=day) or entry.senses[0]
    topics = list(row.topics.all())
    context = {
        "entry": entry,
        "version": version,
        "is_current": version.pk == row.current_id and not row.withdrawn_at,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_because": row.withdrawn_because,
        "sense": sense,
        "day": day,
        "asked_day": request.GET.get("on", ""),
        "today": timezone.localdate(),
        "has_no_meaning_then": bool(day) and not sense.holds_on(day),
        "is_unproved_then": bool(day) and sense.is_unproved_on(day),
        "is_meant_elsewhere": wanted and sense.jurisdiction not in {wanted, Jurisdiction.UK},
        "wanted": Jurisdiction(wanted).label if wanted else "",
        "other_names": entry.other_names(sense),
        "sayings": entry.sayings(sense),
        "relations": _relations(entry),
        "relation_titles": RELATION_TITLES,
        "topics": topics,
        "uses": uses_of(row, request.user),
        "is_sensitive": any(topic.needs_quick_exit for topic in topics),
    }
    return TemplateResponse(request, "dictionary/entry_detail.html", context | more)


def _day(request):
    """The day named by `?on=`; one that is no day counts as none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def _relations(entry):
    """(kind, other entry, note): its own, then those that other entries have to it.

    One that is told in a sharper way is not named once more as merely related.
    """
    rows = {}
    for relation in entry.relations:
        place = f"In {relation.place}." if relation.place else ""
        note = [rows.get((relation.kind, relation.to), ""), place, relation.note]
        rows[relation.kind, relation.to] = " ".join(filter(None, note))
    back = EntryVersion.objects.current().relating_to(entry.slug)
    for slug, relations in back.values_list("entry__slug", "snapshot__relations"):
        for relation in relations:
            if relation["to"] == entry.slug and relation["kind"] in RelationKind.symmetric:
                rows.setdefault((relation["kind"], slug), relation["note"])
    telling = {to for kind, to in rows if kind != RelationKind.RELATED}
    rows = {
        (kind, to): note
        for (kind, to), note in rows.items()
        if kind != RelationKind.RELATED or to not in telling
    }
    others = Entry.objects.published().filter(slug__in={slug for _, slug in rows})
    by_slug = {other.slug: published(other) for other in others.select_related("current")}
    return [(kind, by_slug[to], note) for (kind, to), note in rows.items() if to in by_slug]
