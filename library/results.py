"""The HTML of a result of a search, written here and not in a template: a page holds twenty of
them, and as templates they took longer than the search itself.

Each function below is a part of the result. What is put into the HTML has to be `escape`d, but for
the parts of a `library.snippets.Row`, which are safe.
"""

from django.utils.safestring import SafeString

from cja_portal.kit.addresses import quick_reverse
from cja_portal.kit.components import icon
from cja_portal.kit.text import escape
from library.citations.coins import coins
from library.models import Audience, LinkKind, Status


def results(rows):
    return SafeString("\n".join([result(row) for row in rows]))


def result(row):
    item = row.item
    return f"""<li class="hit">
<div>
{coins(item)}
<h3><a href="{item.get_absolute_url()}">{_title(row)}</a></h3>
<p class="who">{kind_who_and_when(item)}</p>
{_summary(row)}
{_reason(row)}
{_page(row.page) if row.page else ""}
<p class="who no-print">{keep_link(item)}</p>
</div>
<p class="page">{_link(item) if item.link else ""}</p>
</li>"""


def _title(row):
    return f"{row.title}: {row.subtitle}" if row.subtitle else row.title


def _summary(row):
    if row.snippet:
        return f'<p class="snip">{row.snippet}</p>'
    return f'<p class="opening">{row.opening}</p>' if row.opening else ""


def _reason(row):
    return f'<p class="who">{row.reason}</p>' if row.reason else ""


def _page(page):
    file = f" of {escape(page.title)}" if page.title else ""
    snippet = f": {page.snippet}" if page.snippet else ""
    link = f'<a href="{escape(page.address)}">Page {escape(page.label)}{file}</a>'
    return f'<p class="snip on-page">{link}{"" if page.has_all else MOST_WORDS}{snippet}</p>'


MOST_WORDS = (
    ' <span class="soft">(your words are on different pages; this one has most of them)</span>'
)


def _link(item):
    is_publisher = item.link_kind == LinkKind.PUBLISHER
    said = "At the publisher" if is_publisher else escape(item.get_link_kind_display())
    where = f'<span class="visually-hidden">({escape(host(item.link))})</span>'
    return f'<a href="{escape(item.link)}" rel="noopener">{said} {icon("external")}{where}</a>'


def sort_links(sorts):
    """`sorts`: (label, address) of each order; the one that the list is in has no address."""
    links = [
        f'<a href="{escape(address)}">{label}</a>' if address else f"<b>{label}</b>"
        for label, address in sorts
    ]
    return SafeString(" · ".join(links))


# -- Also used by templates -----------------------------------------------------------------------


def kind_who_and_when(item):
    """Its kind, publishers and date in one line."""
    names = ", ".join(organisation.name for organisation in item.publisher_list)
    parts = [escape(part) for part in (item.get_kind_display(), names, item.date_in_words) if part]
    return SafeString(" · ".join([*parts, *_state(item)]))


def _state(item):
    """A mark on what not everyone sees."""
    if item.status != Status.PUBLISHED:
        yield f'<span class="tag warn">{escape(item.get_status_display())}</span>'
    elif item.audience != Audience.PUBLIC:
        yield f'<span class="tag">{escape(item.get_audience_display())}</span>'
    elif not item.is_public:
        yield '<span class="tag warn">Not yet visible</span>'


def keep_link(item, *, in_full=False):
    """The way to put an item on a shelf; a link, so that pages of the library need no cookie.

    `in_full`: whether it says where to.
    """
    where = f'<span class="visually-hidden"> “{escape(item.known_as)}” on a shelf</span>'
    said = "Keep it on a shelf" if in_full else f"Keep{where}"
    address = quick_reverse("library:shelf-keep", item.slug)
    return SafeString(
        f'<a class="keep" href="{address}" rel="nofollow">{icon("bookmark")} {said}</a>'
    )


def host(address):
    """ "gov.uk" of https://www.gov.uk/…: so that readers see where a link leads."""
    return address.split("/")[2].removeprefix("www.") if "//" in address else ""
