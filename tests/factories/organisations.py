"""Organisations, what their pages say, and the lists that they choose from."""

from django.utils.text import slugify

from members.models import ApprovedDomain, Area, Contact, Detail, Organisation, SharedDomain, Theme


def make_theme(name="Policing", **fields):
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    return Theme.objects.create(slug=slug, name=name, goal="policing", **fields)


def make_area(name="England", **fields):
    return Area.objects.create(slug=name.lower().replace(" ", "-"), name=name, **fields)


def make_organisation(name="Example Charity", *, themes=(), areas=(), slug="", **fields):
    """An organisation of the public directory, unless told otherwise."""
    slug = slug or slugify(name)
    values = {"kind": "charity", "is_listed": True} | fields
    organisation = Organisation.objects.create(slug=slug, name=name, **values)
    organisation.themes.set(themes)
    organisation.areas.set(areas)
    return organisation


def make_detail(organisation, kind="email", value="info@example.org", audience="public"):
    fields = {"kind": kind, "value": value, "audience": audience}
    return Detail.objects.create(organisation=organisation, **fields)


def make_contact(affiliation, audience="members", **fields):
    return Contact.objects.create(affiliation=affiliation, audience=audience, **fields)


def make_approved_domain(organisation, domain="example.org"):
    return ApprovedDomain.objects.create(organisation=organisation, domain=domain)


def make_shared_domain(domain, **fields):
    return SharedDomain.objects.create(domain=domain, **fields)
