"""What a record page tells machines: Highwire tags (Zotero, Google Scholar) and schema.org.

`citation_technical_report_institution` makes Zotero file a report and not a journal article. The
comma after an organisation's name keeps Zotero from taking it for a person.
"""

from cja_portal.kit.linked_data import for_script
from cja_portal.kit.text import clean_query
from library.citations import address_of
from library.signposting import schema_type
from library.snippets import plain_text


def meta_tags(work):
    """(name, content) of each meta element, in the order that readers of them expect."""
    item = work.item
    tags = [
        ("citation_title", item.full_title),
        *(("citation_author", _author(name)) for name in work.authors),
        ("citation_publication_date", item.partial_date.replace("-", "/")),
        *_institution_or_journal(work),
        *(("citation_publisher", name) for name in work.publishers),
        ("citation_isbn", item.isbn),
        ("citation_doi", item.doi),
        ("citation_language", item.language),
        ("citation_abstract", clean_query(plain_text(item.summary), longest=2000)),
        *(("citation_keywords", theme.name) for theme in item.themes.all()),
        ("citation_public_url", work.address),
        ("citation_abstract_html_url", work.address),
        ("citation_pdf_url", work.pdf),
    ]
    return [(name, content) for name, content in tags if content]


def _institution_or_journal(work):
    if work.is_article:
        volume, issue = work.volume_and_issue
        return [
            ("citation_journal_title", work.item.series),
            ("citation_volume", volume),
            ("citation_issue", issue),
        ]
    institutions = work.publishers or [name.plain for name in work.authors] or ["Not known"]
    return [
        ("citation_technical_report_institution", institutions[0]),
        ("citation_technical_report_number", work.report_number),
    ]


def _author(name):
    return name.inverted if name.is_person and name.given else f"{name.family},"


def schema_org(work):
    """JSON-LD for a script element; as data it is not held back by the content-security policy."""
    item = work.item
    fields = {
        "@context": "https://schema.org",
        "@type": schema_type(work),
        "@id": work.address,
        "url": work.address,
        "name": item.full_title,
        "author": [_agent(name.plain, is_person=name.is_person) for name in work.authors],
        "publisher": [_agent(name) for name in work.publishers],
        "datePublished": item.partial_date,
        "inLanguage": item.language,
        "reportNumber": "" if work.is_article else work.report_number,
        "isPartOf": _journal(work),
        "license": item.licence_address,
        "identifier": [item.code, *filter(None, [item.isbn, item.doi])],
        "sameAs": item.link if item.link_kind in {"publisher", "official-copy"} else "",
        "about": [theme.name for theme in item.themes.all()],
        "abstract": plain_text(item.summary),
        "encoding": [_file(file) for file in work.files],
        # Said only if it is so: that there are files for some readers is no stranger's business.
        "isAccessibleForFree": bool(work.files),
    }
    return for_script({name: value for name, value in fields.items() if value})


def _journal(work):
    if not (work.is_article and work.item.series):
        return None
    volume, issue = work.volume_and_issue
    journal = {"@type": "Periodical", "name": work.item.series}
    if volume:
        journal = {"@type": "PublicationVolume", "volumeNumber": volume, "isPartOf": journal}
    if issue:
        journal = {"@type": "PublicationIssue", "issueNumber": issue, "isPartOf": journal}
    return journal


def _file(file):
    return {
        "@type": "MediaObject",
        "contentUrl": address_of(file),
        "encodingFormat": file.content_type,
        "contentSize": f"{file.size} B",
        "inLanguage": file.language,
        "name": str(file),
        "sha256": file.sha256,
    }


def _agent(name, *, is_person=False):
    return {"@type": "Person" if is_person else "Organization", "name": name}
