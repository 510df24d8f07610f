"""What the dictionary adds to its own pages and to those of other apps."""

from django import template

from dictionary.mentions import words_of

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


@register.inclusion_tag("dictionary/_words_of_item.html")
def words_of_item(item):
    """The dictionary's words that a library item uses."""
    return {"entries": words_of(item)}
