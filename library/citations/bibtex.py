"""BibTeX, as LaTeX and Zotero both read it."""

import re

from django.utils.text import slugify

from library.citations.works import joined


def bibtex(work):
    """One BibTeX entry, its key the address of the item, so that it never changes."""
    volume, issue = work.volume_and_issue
    names = " and ".join(_bibtex_name(name) for name in work.authors)
    fields = {
        "editor" if work.are_editors else "author": names,
        "title": _bibtex_title(work.item.full_title),
        "journal": _escape(work.item.series) if work.is_article else "",
        "institution": "" if work.is_article else _escape(joined(work.publishers, " and ")),
        "volume": _escape(volume),
        "number": _escape(issue if work.is_article else work.report_number),
        "year": work.year,
        "month": str(work.date_parts[1]) if len(work.date_parts) > 1 else "",
        "doi": _without_braces(work.item.doi),
        "isbn": work.item.isbn,
        "url": _without_braces(work.where),
        "language": work.item.get_language_display(),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    kind = "article" if work.is_article else "techreport"
    return f"@{kind}{{{_bibtex_key(work.item)},\n{lines}}}\n"


def _bibtex_key(item):
    """BibTeX does not tell "A" from "a": an address with a capital is told apart by its code."""
    key = slugify(item.slug)
    return key if key == item.slug else f"{key}-{item.code}"


def _bibtex_name(name):
    if not name.given:
        return f"{{{_escape(name.family)}}}"
    return f"{_bibtex_part(name.family)}, {_bibtex_part(name.given)}"


def _bibtex_part(words):
    """In braces where a comma or an "and" inside would make more names of it."""
    is_divided = re.search(r",|\band\b", words, re.IGNORECASE)
    return f"{{{_escape(words)}}}" if is_divided else _escape(words)


def _bibtex_title(title):
    """With capitals inside words and acronyms kept from being made small."""
    words = (
        f"{{{_escape(word)}}}" if re.search(r"\w*[A-Z]", word) else _escape(word)
        for word in title.split()
    )
    return " ".join(words)


# BibTeX counts braces with a backslash before them as well. Zotero knows the names in braces only.
_NAMED = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
}
# Pairs that LaTeX prints as one sign: "--" as a dash.
_PAIRS = re.compile(r"(?<=([-`',<>]))(?=\1)|(?<=[?!])(?=`)")


def _escape(text):
    words = " ".join(text.split())
    words = re.sub(r"[\\~^&%$#_{}]", lambda found: _NAMED.get(found[0], f"\\{found[0]}"), words)
    return _PAIRS.sub("{}", words)


def _without_braces(address):
    """A brace would end the field, and the rest of the address could write others."""
    return address.replace("{", "%7B").replace("}", "%7D")
