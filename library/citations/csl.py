"""CSL-JSON, as Zotero and citation processors exchange works."""

import json

from library.citations.works import joined


def csl_record(work):
    """One object of CSL-JSON."""
    volume, issue = work.volume_and_issue
    fields = {
        "id": work.item.slug,
        "type": "article-journal" if work.is_article else "report",
        "title": work.item.full_title,
        "editor" if work.are_editors else "author": [_csl_name(name) for name in work.authors],
        "issued": {"date-parts": [work.date_parts]} if work.date_parts else None,
        "publisher": joined(work.publishers, " and "),
        "container-title": work.item.series if work.is_article else "",
        "volume": volume,
        "issue": issue,
        "number": "" if work.is_article else work.report_number,
        "ISBN": work.item.isbn,
        "DOI": work.item.doi,
        "URL": work.where,
        "language": work.item.language,
    }
    return {name: value for name, value in fields.items() if value}


def csl_json(work):
    return json.dumps([csl_record(work)], ensure_ascii=False, indent=2)


def _csl_name(name):
    if name.given:
        return {"family": name.family, "given": name.given}
    return {"literal": name.family}
