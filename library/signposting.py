"""Where machines find the parts of a record: Link headers, and the whole as a link set (RFC 9264).

The names are those of FAIR Signposting. Only for records that everyone sees.
"""

from django.urls import reverse

from cja_portal.kit.site import absolute
from library.citations import FORMATS, address_of
from library.descriptions import MODS
from members.models import Organisation

# Many servers refuse more than 8 KB of headers in all.
LONGEST_HEADER = 3800
LINKSET = "application/linkset+json"


def links_of(work):
    """(relation, {"href", "type", …}) of each thing that belongs to the record."""
    item = work.item
    doi = f"https://doi.org/{item.doi}" if item.doi else ""
    links = [
        ("cite-as", {"href": doi or work.address}),
        ("type", {"href": "https://schema.org/AboutPage"}),
        ("type", {"href": f"https://schema.org/{schema_type(work)}"}),
        *(("author", {"href": absolute(address)}) for address in _pages_of_authors(item)),
        ("license", {"href": item.licence_address}),
        *(("describedby", link) for link in _descriptions(item)),
        *(("item", {"href": address_of(file), "type": file.content_type}) for file in work.files),
    ]
    return [(relation, link) for relation, link in links if link["href"]]


def schema_type(work):
    return "ScholarlyArticle" if work.is_article else "Report"


def _pages_of_authors(item):
    makers = (contributor.organisation for contributor in item.contributors.all())
    organisations = [*makers, *item.publisher_list]
    listed = [one for one in organisations if one and one.is_listed]
    hidden = Organisation.objects.hidden_ids() if listed else ()
    return dict.fromkeys(one.get_absolute_url() for one in listed if one.pk not in hidden)


def _descriptions(item):
    for form, (_, media_type) in FORMATS.items():
        address = reverse("library:item-cite", args=[item.slug, form])
        yield {"href": absolute(address), "type": media_type}
    address = absolute(f"{reverse('library:unapi')}?id={item.code}&format=mods")
    yield {"href": address, "type": "application/mods+xml", "profile": MODS}


def sign(response, work):
    """Say in the headers of a record's page where its parts are: those that fit, and the set."""
    address = absolute(reverse("library:item-linkset", args=[work.item.slug]))
    header = _in_header("linkset", {"href": address, "type": LINKSET})
    for relation, link in links_of(work):
        longer = f"{header}, {_in_header(relation, link)}"
        header = longer if len(longer) <= LONGEST_HEADER else header
    response["Link"] = header
    return response


def _in_header(relation, link):
    others = [f'{name}="{value}"' for name, value in link.items() if name != "href"]
    return "; ".join([f"<{link['href']}>", f'rel="{relation}"', *others])


def linkset(work):
    """All links of the record, and from each of its parts back to it."""
    record = {"anchor": work.address}
    back = []
    for relation, link in links_of(work):
        record.setdefault(relation, []).append(link)
        if relation == "item":
            back.append({"anchor": link["href"], "collection": [_page(work)]})
        if relation == "describedby":
            back.append({"anchor": link["href"], "describes": [_page(work)]})
    return {"linkset": [record, *back]}


def _page(work):
    return {"href": work.address, "type": "text/html"}
