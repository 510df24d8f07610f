"""schema.org's words for an organisation: what everybody sees on its page, as JSON-LD."""

from cja_portal.kit.linked_data import for_script
from cja_portal.kit.site import absolute
from members.models.organisation import Kind


def organisation(row):
    """Nothing that only some may see; the numbers as schemes that org-id.guide names."""
    page = absolute(row.get_absolute_url())
    fields = {
        "@context": "https://schema.org",
        "@type": "NGO" if row.kind == Kind.CHARITY else "Organization",
        "@id": f"{page}#organisation",
        "mainEntityOfPage": page,
        "url": row.website,
        "name": row.name,
        "alternateName": [name for name in [row.other_name, *row.former_names] if name],
        "description": row.summary,
        "identifier": [_identifier(number) for number in row.numbers],
        "sameAs": [number.page for number in row.numbers],
        "areaServed": [area.name for area in row.areas.all()],
        "knowsAbout": [theme.name for theme in row.themes.all()],
    }
    return for_script({name: value for name, value in fields.items() if value})


def _identifier(number):
    return {
        "@type": "PropertyValue",
        "propertyID": number.register.scheme,
        "name": number.register.title,
        "value": number.text,
        "url": number.page,
    }
