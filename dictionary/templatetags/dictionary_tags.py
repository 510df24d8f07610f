"""What the dictionary adds to its own pages and to those of other apps."""

from django import template

from dictionary.exports import schema_org
from dictionary.linking import linked
from dictionary.mentions import words_of
from dictionary.search import current_index
from dictionary.words import entries_in

WORDS_ON_PAGE = 40

register = template.Library()


@register.inclusion_tag("dictionary/_entry_row.html")
def entry_row(entry, jurisdiction="", reason=""):
    """One entry in a list, with the first sentence of its meaning in the chosen place."""
    sense = entry.sense_for(jurisdiction)
    return {"entry": entry, "sense": sense, "reason": reason, "jurisdiction": jurisdiction}


@register.inclusion_tag("dictionary/_relations.html")
def relations_of_kind(relations, kind, title):
    rows = [(to, note) for own, to, note in relations if own == kind]
    return {
        "rows": rows,
        "kind": kind,
        "title": title,
        "has_notes": any(note for _, note in rows),
    }


@register.filter
def lower_first(text):
    """ "Release on licence" within a sentence; names such as "Crown Court" keep their capitals."""
    first, _, rest = text.partition(" ")
    has_capitals = any(letter.isupper() for letter in first[1:] + rest)
    return text if has_capitals else text[:1].lower() + text[1:]


@register.simple_tag(takes_context=True)
def explained(context, html, own=None, place=""):
    """Text or safe HTML with the dictionary's words marked, but for the entry `own`."""
    if html in (None, ""):
        return ""
    return linked(html, own=own and own.pk, place=place, index=_index_of(context))


def _index_of(context):
    """Asked for once for a page, however many texts it holds."""
    request = context.get("request")
    if request is None:
        return current_index()
    if not hasattr(request, "dictionary_index"):
        request.dictionary_index = current_index()
    return request.dictionary_index


@register.inclusion_tag("dictionary/_words_on_page.html", takes_context=True)
def words_on_page(context, *texts, own=None):
    """The dictionary's words in the texts, but for the entry `own`."""
    text = "\n\n".join(filter(None, texts))
    entries = entries_in(text, limit=WORDS_ON_PAGE, index=_index_of(context))
    return {"entries": [entry for entry in entries if not own or entry.pk != own.pk]}


@register.inclusion_tag("dictionary/_words_on_page.html")
def words_of_item(item):
    """The dictionary's words that a library item uses."""
    return {"entries": words_of(item)}


@register.simple_tag
def defined_term(entry, sense):
    """The meaning as schema.org's JSON-LD, for a script element."""
    return schema_org.defined_term(entry, sense)
