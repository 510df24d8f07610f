"""What lists of works tell reference managers."""

import re
from functools import lru_cache
from urllib.parse import quote_plus

from django.utils.safestring import SafeString

from cja_portal.kit.site import absolute
from library.citations.works import authors_of, work_of
from library.models import Kind

PLAIN = re.compile(r"[\w.~:/ -]*", re.ASCII)
BEGINNING = (
    "ctx_ver=Z39.88-2004&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3A{}&amp;rft.genre={}&amp;"
)
ARTICLE, REPORT = BEGINNING.format("journal", "article"), BEGINNING.format("book", "report")


def coins(item):
    """An item of a list as COinS, so that Zotero offers the list to choose from.

    Never on the page of a record: there it would outrank the tags that say more. Asks nothing of
    the database if the item came with `for_rows`.
    """
    is_article = item.kind == Kind.JOURNAL_ARTICLE
    title = _in_journal(work_of(item)) if is_article else [("rft.btitle", item.full_title)]
    fields = [*title, *_authors(authors_of(item)), *_publication(item)]
    fields = [f"{name}={QUOTED.get(name, _quoted)(value)}" for name, value in fields if value]
    begin = ARTICLE if is_article else REPORT
    return SafeString(f'<span class="Z3988" title="{begin}{"&amp;".join(fields)}"></span>')


def _quoted(value):
    """As `quote_plus`, which takes its time for what needs no quoting: a list has hundreds."""
    if PLAIN.fullmatch(value):
        return value.replace(" ", "+").replace(":", "%3A").replace("/", "%2F")
    return quote_plus(value)


@lru_cache(maxsize=2_000)
def _quoted_name(name):
    """Of an organisation: it stands twice on most items, and the same on many."""
    return _quoted(name)


QUOTED = {"rft.aucorp": _quoted_name, "rft.pub": _quoted_name}


def _in_journal(work):
    volume, issue = work.volume_and_issue
    return [
        ("rft.atitle", work.item.full_title),
        ("rft.jtitle", work.item.series),
        ("rft.volume", volume),
        ("rft.issue", issue),
    ]


def _publication(item):
    return [
        ("rft.date", item.partial_date),
        ("rft.pub", " and ".join([body.name for body in item.publisher_list])),
        ("rft.isbn", item.isbn),
        ("rft_id", f"info:doi/{item.doi}" if item.doi else ""),
        ("rft_id", absolute(item.get_absolute_url())),
        ("rft.language", item.language),
    ]


def _authors(names):
    """The first author in parts, the others as they are; an organisation is always a whole."""
    if not names:
        return []
    first, *others = names
    if first.is_person and first.given:
        fields = [("rft.aulast", first.family), ("rft.aufirst", first.given)]
    else:
        fields = [("rft.aucorp", first.family)]
    people = [("rft.au", name.inverted) for name in others if name.is_person]
    return [*fields, *people, *(("rft.aucorp", n.family) for n in others if not n.is_person)]
