"""The starter items, real publications, in library/content/items.yaml."""

import re
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from cja_portal.kit.content import read_content
from library.models import (
    Certainty,
    Contributor,
    ContributorKind,
    ContributorRole,
    Item,
    Kind,
    Licence,
    LinkKind,
    Precision,
    Publisher,
    SearchAlias,
    Status,
    validate_doi,
    validate_isbn,
)
from library.starter_collections import StarterCollection, read_collections
from library.starter_documents import load_guide
from members.models import Area, Organisation, Theme
from members.starter_records import StarterKind, load_pieces

FOLDER = Path(__file__).parent / "content"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
TEXTS = ["title", "subtitle", "summary", "series", "isbn", "doi", "link", "link_note", "note"]
CHOICES = ["kind", "link_kind", "licence", "licence_certainty", "certainty"]


def load(report, folder=FOLDER):
    items = read_items(folder / "items.yaml")
    count = load_pieces(StarterItem(), items)
    load_pieces(StarterSuccession(), successions(items))
    count += load_pieces(StarterAlias(), read_aliases(folder / "aliases.yaml"))
    count += load_guide()
    collections = read_collections(folder / "collections.yaml", set(items))
    count += load_pieces(StarterCollection(), collections)
    report(f"Library: {len(items)} items, {count} of them new or changed.")


# -- Reading and checking files ---------------------------------------------------------------


def read_items(path):
    """The checked items by slug; raises ContentError with file and line."""
    items = {}
    known = {
        "themes": set(Theme.objects.values_list("slug", flat=True)),
        "nations": set(Area.objects.values_list("slug", flat=True)),
        "publishers": set(Organisation.objects.values_list("slug", flat=True)),
    }
    for data in read_content(path, root=settings.BASE_DIR):
        slug = data.text("slug")
        if slug in items:
            data.fail(f"“{slug}” stands twice.", "slug")
        _check_item(data, known)
        items[slug] = data
    for data in items.values():
        if data.get("superseded_by") not in {None, *items}:
            data.fail(f"“{data['superseded_by']}” is not an item.", "superseded_by")
    return items


def _check_item(data, known):
    data.only(*TEXTS, *CHOICES, *known, "slug", "contributors", "published", "superseded_by")
    if not SLUG.fullmatch(data["slug"]):
        data.fail(f"“{data['slug']}” is not an address of small letters and hyphens.", "slug")
    data.text("title")
    data.choice("kind", Kind.values)
    data.choice("link_kind", LinkKind.values if data.get("link") else [None])
    data.choice("licence", Licence.values, default=Licence.NOT_STATED)
    for key in ("licence_certainty", "certainty"):
        data.choice(key, Certainty.values, default=Certainty.MEDIUM)
    for key, slugs in known.items():
        for slug in data.list(key):
            if slug not in slugs:
                data.fail(f"“{slug}” is not one of the {key}.", key)
    _check_texts(data)
    read_date(data)
    for contributor in data.list("contributors"):
        _check_contributor(contributor, known["publishers"])


def _check_texts(data):
    for key in TEXTS[1:]:
        data.text(key, default="")
    if not (data.text("link", default="") or "https://").startswith("https://"):
        data.fail("“link” must begin with https://.", "link")
    for key, validate in {"isbn": validate_isbn, "doi": validate_doi}.items():
        try:
            if data.get(key):
                validate(data[key])
        except ValidationError as error:
            data.fail(error.message, key)


def read_date(data):
    """The first day that "2017", "2017-09" or "2017-09-15" can mean, and its precision."""
    written = data.text("published", default="")
    if not written:
        return None, ""
    try:
        if not DATE.fullmatch(written):
            raise ValueError
        day = date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        data.fail("“published” must be a date such as 2017, 2017-09 or 2017-09-15.", "published")
    return day, {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(written)]


def _check_contributor(data, organisations):
    data.only("name", "filed_as", "kind", "organisation", "role")
    data.text("name")
    data.text("filed_as", default="")
    data.choice("kind", ContributorKind.values)
    data.choice("role", ContributorRole.values, default=ContributorRole.AUTHOR)
    data.choice("organisation", {None, *organisations})


def successions(items):
    """{slug of an item: slug of the one that took its place}"""
    replaced = {slug: data.get("superseded_by") for slug, data in items.items()}
    return {slug: newer for slug, newer in replaced.items() if newer}


def read_aliases(path):
    aliases = {}
    for data in read_content(path, root=settings.BASE_DIR):
        data.only("term", "meaning")
        data.text("meaning")
        aliases[data.text("term")] = data
    return aliases


# -- Writing ----------------------------------------------------------------------------------


class StarterItem(StarterKind):
    name = "item"

    def find(self, key):
        return Item.objects.filter(slug=key).first()

    def write(self, data, row, key):
        item = row or Item(slug=key, status=Status.PUBLISHED, published_at=now())
        for field in TEXTS:
            setattr(item, field, data.text(field, default=""))
        for field in CHOICES:
            setattr(item, field, data.get(field) or item._meta.get_field(field).get_default())
        item.published_on, item.precision = read_date(data)
        item.save()
        item.themes.set(Theme.objects.filter(slug__in=data.list("themes")))
        item.nations.set(Area.objects.filter(slug__in=data.list("nations")))
        self._write_people(item, data)
        return item

    def _write_people(self, item, data):
        slugs = [
            *data.list("publishers"),
            *(row.get("organisation") for row in data["contributors"]),
        ]
        organisations = {row.slug: row for row in Organisation.objects.filter(slug__in=slugs)}
        item.publishings.all().delete()
        item.contributors.all().delete()
        for position, slug in enumerate(data.list("publishers"), start=1):
            Publisher.objects.create(item=item, organisation=organisations[slug], position=position)
        for position, contributor in enumerate(data.list("contributors"), start=1):
            Contributor.objects.create(
                item=item,
                position=position,
                name=contributor.text("name"),
                filed_as=contributor.text("filed_as", default=""),
                kind=contributor["kind"],
                role=contributor.get("role", ContributorRole.AUTHOR),
                organisation=organisations.get(contributor.get("organisation")),
            )

    def read(self, item):
        item = Item.objects.get(pk=item.pk)
        fields = {field.attname: getattr(item, field.attname) for field in KEPT_FIELDS}
        return fields | {
            "themes": sorted(item.themes.values_list("slug", flat=True)),
            "nations": sorted(item.nations.values_list("slug", flat=True)),
            "publishers": list(item.publishings.values_list("organisation__slug", "position")),
            "contributors": list(
                item.contributors.values_list(
                    *("name", "filed_as", "kind", "role", "organisation__slug", "position")
                )
            ),
        }


# What staff can change on an item; the second pass below keeps its own record of the succession.
KEPT_FIELDS = [
    field
    for field in Item._meta.concrete_fields
    if (field.editable or field.name == "status")
    and not field.generated
    and field.name not in {"id", "updated_at", "superseded_by"}
]


class StarterSuccession(StarterKind):
    """Which item took the place of another, once all are there."""

    name = "item-succession"
    completes_rows = True

    def find(self, key):
        return Item.objects.filter(slug=key).first()

    def write(self, newer, row, key):
        row.superseded_by = Item.objects.filter(slug=newer).first()
        row.save(update_fields=["superseded_by", "updated_at"])
        return row

    def read(self, row):
        row.refresh_from_db(fields=["superseded_by"])
        return row.superseded_by and row.superseded_by.slug


class StarterAlias(StarterKind):
    name = "search-alias"

    def find(self, key):
        return SearchAlias.objects.filter(term=key).first()

    def write(self, data, row, key):
        row = row or SearchAlias(term=key)
        row.meaning = data.text("meaning")
        row.save()
        return row

    def read(self, row):
        return [row.term, row.meaning]
