"""RIS, which every reference manager reads."""

from library.citations.works import joined
from library.snippets import plain_text


def ris(work):
    """One RIS record; a comma in an organisation's name would make two names of it."""
    year, *rest = [*work.date_parts, None, None, None][:3]
    date = "/".join([str(year), *(f"{part:02}" if part else "" for part in rest), ""])
    volume, issue = work.volume_and_issue
    fields = [
        ("TY", "JOUR" if work.is_article else "RPRT"),
        *(("AU", _ris_name(name)) for name in work.authors),
        ("TI", work.item.full_title),
        ("PY", work.year),
        ("DA", date if year else ""),
        ("T2", work.item.series if work.is_article else ""),
        ("VL", volume),
        ("IS", issue),
        ("SN", "" if work.is_article else work.report_number),
        ("PB", joined(work.publishers, " and ")),
        # The number of a report has the place of the ISBN, which readers take once.
        ("N1", f"ISBN {work.item.isbn}" if work.item.isbn else ""),
        ("DO", work.item.doi),
        ("LA", work.item.language),
        *(("KW", theme.name) for theme in work.item.themes.all()),
        ("AB", "" if work.item.withdrawn_at else plain_text(work.item.summary)),
        ("UR", work.where),
        ("L1", work.pdf),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _ris_name(name):
    return name.inverted if name.is_person else name.family.replace(",", "")
