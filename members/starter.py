"""The starter themes, areas and organisations, in the files of members/content/."""

import re
from datetime import date
from pathlib import Path

from django.conf import settings

from cja_portal.kit.content import read_content
from members.application_starter import load_applications
from members.models import Area, Organisation, Theme
from members.models.membership import FeeBand
from members.models.organisation import SUMMARY_LENGTH, Evidence, Kind
from members.models.taxonomy import Goal, Stage
from members.starter_records import StarterKind, load_pieces

FOLDER = Path(__file__).parent / "content"
CERTAINTIES = ["found", "high", "medium", "low"]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load(report, folder=FOLDER):
    themes = read_themes(folder / "themes.yaml")
    areas = read_areas(folder / "areas.yaml")
    listed = read_organisations(folder / "organisations.yaml", themes, areas)
    publishers = read_organisations(folder / "publishers.yaml", themes, areas, others=listed)
    examples = read_organisations(
        folder / "examples.yaml", themes, areas, others=listed | publishers
    )
    written = load_pieces(StarterTheme(themes), themes)
    written += load_pieces(StarterArea(areas), areas)
    written += load_pieces(StarterListed(), listed)
    written += load_pieces(StarterPublisher(), publishers)
    if settings.IS_DEMONSTRATION:
        written += load_pieces(StarterBand(), read_bands(folder / "example_bands.yaml"))
        written += load_pieces(StarterExample(), examples)
        written += load_applications(folder)
    report(
        f"Members: {len(themes)} themes, {len(areas)} areas, {len(listed)} organisations and "
        f"{len(publishers)} publishers, {written} of them new or changed."
    )


# -- Reading and checking files ---------------------------------------------------------------


def read_themes(path):
    themes = _by_slug(path)
    for data in themes.values():
        data.only("slug", "name", "goal", "stage", "description")
        data.text("name")
        data.choice("goal", Goal.values)
        data.choice("stage", [*Stage.values, None])
        data.text("description", default="")
    return themes


def read_areas(path):
    """An area stands below the larger one that holds it, so that this exists first."""
    areas, seen = _by_slug(path), set()
    for slug, data in areas.items():
        data.only("slug", "name", "parent")
        data.text("name")
        if data.get("parent") and data["parent"] not in seen:
            data.fail(f"“{data['parent']}” is not an area named above this one.", "parent")
        seen.add(slug)
    return areas


def read_organisations(path, themes, areas, *, others=()):
    organisations = _by_slug(path)
    for slug, data in organisations.items():
        if slug in others:
            data.fail(f"“{slug}” stands in another file already.", "slug")
        _check_organisation(data)
        _check_known(data, "themes", themes)
        _check_known(data, "areas", areas)
    return organisations


def read_bands(path):
    """Fees for demonstrations. Those of the alliance are set by its staff alone."""
    bands = {}
    for data in read_content(path, root=settings.BASE_DIR):
        data.only("name", "income_from", "income_below", "amount_pence")
        bands[data.text("name")] = data
    return bands


def _by_slug(path):
    pieces = {}
    for data in read_content(path, root=settings.BASE_DIR):
        slug = data.text("slug")
        if not SLUG.fullmatch(slug):
            data.fail(f"“{slug}” is not an address of small letters and hyphens.", "slug")
        if slug in pieces:
            data.fail(f"“{slug}” stands twice.", "slug")
        pieces[slug] = data
    return pieces


def _check_organisation(data):
    data.only(
        *("slug", "name", "short_name", "former_names", "kind", "website", "summary", "areas"),
        *("themes", "evidence", "evidence_period", "evidence_note", "certainty", "example"),
    )
    data.text("name")
    data.choice("kind", Kind.values)
    data.choice("evidence", Evidence.values, default=Evidence.NONE)
    data.choice("certainty", [*CERTAINTIES, None])
    data.choice("example", [True, None])
    for key in ("short_name", "evidence_period", "evidence_note"):
        data.text(key, default="")
    if not all(isinstance(name, str) for name in data.list("former_names")):
        data.fail("“former_names” must hold texts.", "former_names")
    if len(data.text("summary", default="")) > SUMMARY_LENGTH:
        data.fail(f"“summary” has more than {SUMMARY_LENGTH} characters.", "summary")
    if not (data.text("website", default="") or "https://").startswith("https://"):
        data.fail("“website” must begin with https://.", "website")


def _check_known(data, key, known):
    for slug in data.list(key):
        if slug not in known:
            data.fail(f"“{slug}” is not one of the {key}.", key)


# -- Writing ----------------------------------------------------------------------------------


class _StarterTaxonomy(StarterKind):
    model = None

    def __init__(self, pieces):
        self.positions = {slug: position for position, slug in enumerate(pieces, start=1)}

    def find(self, key):
        return self.model.objects.filter(slug=key).first()

    def write(self, data, row, key):
        row = row or self.model(slug=key, position=self.positions[key])
        row.name = data.text("name")
        self.fill(row, data)
        row.save()
        return row


class StarterTheme(_StarterTaxonomy):
    name = "theme"
    model = Theme

    def fill(self, theme, data):
        theme.goal = data["goal"]
        theme.stage = data.get("stage") or ""
        theme.description = data.text("description", default="")

    def read(self, theme):
        return [theme.name, theme.goal, theme.stage, theme.description, theme.position]


class StarterArea(_StarterTaxonomy):
    name = "area"
    model = Area

    def fill(self, area, data):
        area.parent = Area.objects.filter(slug=data.get("parent")).first()

    def read(self, area):
        return [area.name, area.parent and area.parent.slug, area.position]


class StarterBand(StarterKind):
    name = "example band"

    def find(self, key):
        return FeeBand.objects.filter(name=key, is_example=True).first()

    def write(self, data, row, key):
        row = row or FeeBand(name=key, is_example=True, starts_on=date(2020, 1, 1))
        row.income_from, row.income_below = data["income_from"], data.get("income_below")
        row.amount_pence = data["amount_pence"]
        row.save()
        return row

    def read(self, band):
        return [band.income_from, band.income_below, band.amount_pence, str(band.ends_on)]


class _StarterOrganisation(StarterKind):
    fixed = {}  # What the kind of file says of every organisation in it.

    def find(self, key):
        return Organisation.objects.filter(slug=key).first()

    def write(self, data, row, key):
        row = row or Organisation(slug=key)
        for field in WORDS:
            setattr(row, field, data.text(field, default=""))
        row.former_names = list(data.list("former_names"))
        row.evidence = data.get("evidence", Evidence.NONE)
        for field, value in self.fixed.items():
            setattr(row, field, value)
        row.save()
        row.themes.set(Theme.objects.filter(slug__in=data.list("themes")))
        row.areas.set(Area.objects.filter(slug__in=data.list("areas")))
        return row

    def read(self, row):
        row.refresh_from_db()
        fields = {field.attname: getattr(row, field.attname) for field in KEPT_FIELDS}
        return fields | {
            "themes": sorted(row.themes.values_list("slug", flat=True)),
            "areas": sorted(row.areas.values_list("slug", flat=True)),
        }


WORDS = [
    *("name", "short_name", "kind", "website", "summary", "evidence_period", "evidence_note"),
]
# What staff can change; a new save of the same words is no change.
KEPT_FIELDS = [
    field
    for field in Organisation._meta.concrete_fields
    if field.editable and not field.generated and field.name not in {"id", "updated_at"}
]


class StarterListed(_StarterOrganisation):
    name = "organisation"
    fixed = {"is_listed": True}


class StarterPublisher(_StarterOrganisation):
    name = "publisher"


class StarterExample(_StarterOrganisation):
    name = "example"
    fixed = {"is_listed": True, "is_example": True}
