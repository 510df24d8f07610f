"""schema.org's words for a dictionary: a DefinedTerm in a DefinedTermSet, as JSON-LD."""

from cja_portal.kit.linked_data import for_script
from cja_portal.kit.site import absolute
from dictionary.exports.book import MAKER, NAME, scheme_address, sense_address


def defined_term(entry, sense):
    """JSON for a script element; as data it is not held back by the content-security policy."""
    return for_script(_fields(entry, sense))


def _fields(entry, sense):
    fields = {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": sense_address(sense.id),
        "url": absolute(sense.get_absolute_url()),
        "name": sense.name,
        "alternateName": [label.text for label in entry.other_names(sense)],
        "description": sense.plain,
        "disambiguatingDescription": sense.place,
        "termCode": str(sense.id),
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "@id": scheme_address(sense.jurisdiction),
            "name": f"{NAME}: {sense.place}",
            "publisher": {"@type": "Organization", "name": MAKER},
        },
    }
    return {name: value for name, value in fields.items() if value}
