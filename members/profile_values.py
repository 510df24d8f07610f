"""A profile as plain data: what revisions keep, compare, show and put back."""

from django.utils.text import capfirst

from cja_portal.kit.differences import pieces_between
from members.models import Area, Audience, Detail, DetailKind, Stage, Theme
from members.registers import REGISTERS

TAXONOMIES = {"themes": Theme, "areas": Area}
TITLES = {
    "name": "Name",
    "short_name": "Short name",
    "former_names": "Former names",
    "summary": "In one or two sentences",
    "description": "About the organisation",
    "website": "Website",
    **{register.field: register.title for register in REGISTERS},
    "areas": "Where it works",
    "themes": "What it works on",
    "stages": "Stages of the justice system",
    "takes_messages": "Contact form on the profile",
    "is_listed": "In the public directory",
    **dict(DetailKind.choices),
}


def plain(name, value):
    """The value of a field as a revision keeps it, from a form, from a row or from a revision."""
    if name in TAXONOMIES:
        return sorted(getattr(row, "slug", row) for row in value)
    if name == "stages":
        return [stage for stage in Stage.values if stage in value]
    if name in DetailKind.values:
        text, audience = value
        return [text, audience if text else ""]
    return list(value) if isinstance(value, list | tuple) else value


def read_values(organisation, names):
    details = {row.kind: [row.value, row.audience] for row in organisation.details.all()}
    return {name: _read(organisation, name, details) for name in names}


def _read(organisation, name, details):
    if name in DetailKind.values:
        return details.get(name, ["", ""])
    value = getattr(organisation, name)
    return plain(name, value.all() if name in TAXONOMIES else value)


def write_values(organisation, values):
    """Put plain values in place; a theme or area that is gone since is left out."""
    columns = values.keys() - TAXONOMIES.keys() - set(DetailKind.values)
    for name in columns:
        setattr(organisation, name, values[name])
    organisation.save(update_fields=[*columns, "updated_at"])
    for name in values.keys() & TAXONOMIES.keys():
        getattr(organisation, name).set(TAXONOMIES[name].objects.filter(slug__in=values[name]))
    for kind in values.keys() & set(DetailKind.values):
        _write_detail(organisation, kind, *values[kind])


def _write_detail(organisation, kind, value, audience):
    if not value:
        organisation.details.filter(kind=kind).delete()
        return
    defaults = {"value": value, "audience": audience or Audience.OWN}
    Detail.objects.update_or_create(organisation=organisation, kind=kind, defaults=defaults)


# -- For people -----------------------------------------------------------------------------------


def in_words(name, value):
    """A plain value as people read it."""
    if name in TAXONOMIES:
        rows = TAXONOMIES[name].objects.filter(slug__in=value)
        return ", ".join(rows.values_list("name", flat=True))
    if name == "stages":
        return ", ".join(Stage(stage).label for stage in value)
    if name in DetailKind.values:
        text, audience = value
        return f"{text}\n(seen by: {Audience(audience).label})" if text else ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "\n".join(value) if isinstance(value, list) else value


def differences(before, after):
    """Each field that changed: its title, and what went and what came, word by word."""
    return [
        {
            "name": name,
            "title": TITLES.get(name, capfirst(name)),
            "pieces": pieces_between(in_words(name, before[name]), in_words(name, after[name])),
        }
        for name in TITLES
        if name in after
    ]


def whole(organisation):
    """All that the profile says: what staff read before it is public."""
    names = [name for name in TITLES if name != "is_listed"]
    values = read_values(organisation, names)
    said = {name: value for name, value in values.items() if in_words(name, value)}
    return [
        {"name": name, "title": TITLES[name], "words": in_words(name, value)}
        for name, value in said.items()
    ]
