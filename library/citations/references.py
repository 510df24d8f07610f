"""Three styles to read.

Harvard follows Cite Them Right, APA its 7th edition, OSCOLA its 4th.
"""

from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.timezone import localdate

from library.citations.works import joined

UNNAMED = "No author named"


def styles(work):
    """(name of the style, citation as safe HTML) for each."""
    return [("Harvard", harvard(work)), ("APA", apa(work)), ("OSCOLA", oscola(work))]


def harvard(work):
    title = _title_of(work, "‘{}’, ")
    details = [work.report_number, work.publisher]
    return format_html(
        "{} ({}) {}{}Available at: {} (Accessed: {}).",
        _harvard_authors(work),
        work.year or "no date",
        title if work.is_article else format_html("{}. ", title),
        _details(work, [part for part in details if part]),
        work.where,
        format_date(localdate(), "j F Y"),
    )


def _details(work, details):
    if work.is_article and work.item.series:
        return format_html("<i>{}</i>. ", work.item.series)
    return f"{'. '.join(details)}. " if details else ""


def _harvard_authors(work):
    names = [_with_initials(name, "") for name in work.authors]
    editors = (" (eds)" if len(names) > 1 else " (ed.)") if work.are_editors else ""
    if len(names) > 3:
        return format_html("{} <i>et al.</i>{}", names[0], editors)
    return (joined(names, " and ") or UNNAMED) + editors


def _with_initials(name, gap):
    initials = gap.join(f"{initial}." for initial in name.initials)
    return f"{name.family}, {initials}" if initials else name.family


def apa(work):
    """APA counts the initials with blanks between them and ends without a stop after an address."""
    names = [_with_initials(name, " ") for name in work.authors]
    return format_html(
        "{} ({}). {} {}{}",
        _ending_in_stop(_apa_authors(names) + _apa_editors(work, names)),
        work.year or "n.d.",
        _apa_title(work),
        f"{work.publisher}. " if work.publisher and not work.is_article else "",
        work.where,
    )


def _apa_authors(names):
    if len(names) == 2 and "," not in names[0]:
        return " & ".join(names)
    return joined(names, ", & ") or UNNAMED


def _apa_editors(work, names):
    return (" (Eds.)" if len(names) > 1 else " (Ed.)") if work.are_editors else ""


def _apa_title(work):
    if work.is_article:
        return format_html("{}. <i>{}</i>.", work.item.full_title, work.item.series)
    number = f" ({work.report_number})" if work.report_number else ""
    return format_html("<i>{}</i>{}.", work.item.full_title, number)


def _ending_in_stop(text):
    return text if text.endswith(".") else f"{text}."


def oscola(work):
    """Names as printed, then the number or the publisher with the year; no stop at the end."""
    bracket = ", ".join(part for part in [work.report_number or work.publisher, work.year] if part)
    if work.is_article:
        source = format_html("({}) {}", work.year, work.item.series)
    else:
        source = format_html("({})", bracket) if bracket else ""
    return format_html(
        "{}{}, {} {}{} &lt;{}&gt; accessed {}",
        _oscola_authors(work),
        (" (eds)" if len(work.authors) > 1 else " (ed)") if work.are_editors else "",
        _title_of(work, "‘{}’"),
        source,
        f" {work.page}" if work.page else "",
        work.where,
        format_date(localdate(), "j F Y"),
    )


def _oscola_authors(work):
    names = [contributor.name for contributor in work.item.contributors.all()] or work.publishers
    if len(names) > 3:
        return f"{names[0]} and others"
    return joined(names, " and ") or UNNAMED


def _title_of(work, quoted):
    """The title in quotation marks if it is part of a journal, else in italics."""
    if work.is_article:
        return quoted.format(work.item.full_title)
    return format_html("<i>{}</i>", work.item.full_title)


def page_styles(work):
    """(where it is written, citation as safe HTML) of the page that the work names."""
    return [
        ("Harvard, in the text", _in_text(work, " and ", "no date", most=3)),
        ("APA, in the text", _in_text(work, " & ", "n.d.", most=2)),
        ("OSCOLA, in a footnote", oscola(work)),
    ]


def _in_text(work, last, no_date, *, most):
    """Author, year and page in brackets; more than `most` authors are the first and others."""
    names = [name.family for name in work.authors]
    others = format_html("{} <i>et al.</i>", names[0]) if len(names) > most else ""
    who = others or joined(names, last) or UNNAMED
    return format_html("({}, {}, p. {})", who, work.year or no_date, work.page)
