"""What lists of works tell reference managers."""

from urllib.parse import quote_plus

from django.utils.safestring import mark_safe

from library.citations.works import work_of


def coins(item):
    """An item of a list as COinS, so that Zotero offers the list to choose from.

    Never on the page of a record: there it would outrank the tags that say more. Asks nothing of
    the database if the item came with `for_rows`.
    """
    fields = (f"{name}={quote_plus(value)}" for name, value in _fields(work_of(item)) if value)
    return mark_safe(f'<span class="Z3988" title="{"&amp;".join(fields)}"></span>')


def _fields(work):
    volume, issue = work.volume_and_issue
    kind = "journal" if work.is_article else "book"
    return [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}"),
        ("rft.genre", "article" if work.is_article else "report"),
        ("rft.atitle" if work.is_article else "rft.btitle", work.item.full_title),
        ("rft.jtitle", work.item.series if work.is_article else ""),
        ("rft.volume", volume),
        ("rft.issue", issue),
        *_authors(work),
        ("rft.date", work.item.partial_date),
        ("rft.pub", " and ".join(work.publishers)),
        ("rft.isbn", work.item.isbn),
        ("rft_id", f"info:doi/{work.item.doi}" if work.item.doi else ""),
        ("rft_id", work.address),
        ("rft.language", work.item.language),
    ]


def _authors(work):
    """The first author in parts, the others as they are; an organisation is always a whole."""
    first, *others = work.authors or [None]
    if first is None:
        return []
    if first.is_person and first.given:
        fields = [("rft.aulast", first.family), ("rft.aufirst", first.given)]
    else:
        fields = [("rft.aucorp", first.family)]
    people = [("rft.au", name.inverted) for name in others if name.is_person]
    return [*fields, *people, *(("rft.aucorp", n.family) for n in others if not n.is_person)]
