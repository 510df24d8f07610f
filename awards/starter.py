"""The awards of past years, from awards/content/history.yaml and rules.yaml."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from awards import roll
from awards.actions.published import publish_cycle
from awards.models import (
    Category,
    Certainty,
    Cycle,
    PublishedAward,
    PublishedCycle,
    PublishedJudge,
    PublishedRule,
    PublishedSource,
    Result,
    Stage,
)
from cja_portal.kit.content import read_content
from members.models import Organisation, Theme
from members.starter_records import StarterKind, load_pieces

FOLDER = Path(__file__).parent / "content"


def load(report, folder=FOLDER):
    cycles = read_history(folder / "history.yaml")
    rules = read_rules(folder / "rules.yaml", cycles)
    pieces = {year: {"cycle": data, "rules": rules[year]} for year, data in cycles.items()}
    count = load_pieces(StarterCycle(), pieces)
    roll.renew()
    report(f"Awards: {len(pieces)} years, {count} of them new or changed.")


# -- Reading and checking files ---------------------------------------------------------------


def read_history(path):
    """{year as text: checked data}; raises ContentError with file and line."""
    organisations = set(Organisation.objects.values_list("slug", flat=True))
    themes = set(Theme.objects.values_list("slug", flat=True))
    cycles = {}
    for data in read_content(path, root=_root(path)):
        _check_cycle(data)
        if str(data["year"]) in cycles:
            data.fail(f"{data['year']} stands twice.", "year")
        for category in data.list("categories"):
            _check_category(category, organisations, themes)
        cycles[str(data["year"])] = data
    return cycles


def read_rules(path, cycles):
    """{year as text: [rule]} for every year of `cycles`."""
    rules = {year: [] for year in cycles}
    for data in read_content(path, root=_root(path)):
        data.only("text", "year")
        if str(_number(data, "year")) not in rules:
            data.fail(f"“{data['year']}” is not a year of history.yaml.", "year")
        rules[str(data["year"])].append(data.text("text"))
    return rules


def _root(path):
    return settings.BASE_DIR if path.is_relative_to(settings.BASE_DIR) else path.parent


def _check_cycle(data):
    data.only(
        *("year", "name", "known", "held_on", "place", "funder", "sources", "certainty", "note"),
        *("categories", "judges"),
    )
    _number(data, "year")
    _day(data, "held_on")
    data.text("name")
    data.text("known")
    data.choice("certainty", Certainty.values)
    for source in data.list("sources"):
        source.only("title", "url")
        source.text("title")
        if not source.text("url").startswith("https://"):
            source.fail("“url” must begin with https://.", "url")
    for judge in data.list("judges"):
        judge.only("name", "role")
        judge.text("name")


def _check_category(data, organisations, themes):
    data.only(
        *("slug", "name", "prize_pence", "prize_note", "themes", "recognitions", "judges_words"),
        "outcome_note",
    )
    data.text("slug")
    data.text("name")
    _number(data, "prize_pence", default=None)
    for theme in data.list("themes"):
        if theme not in themes:
            data.fail(f"“{theme}” is not a theme.", "themes")
    for recognition in data.list("recognitions"):
        _check_recognition(recognition, organisations)


def _check_recognition(data, organisations):
    data.only("recipient", "organisation", "for_work", "result", "prize_pence", "citation")
    data.text("recipient")
    data.choice("result", Result.values)
    _number(data, "prize_pence", default=None)
    if data.get("organisation") and data["organisation"] not in organisations:
        data.fail(f"“{data['organisation']}” is not an organisation.", "organisation")


def _number(data, key, *, default=0):
    value = data.get(key, default)
    if value is not None and (not isinstance(value, int) or value < 1):
        data.fail(f"“{key}” must be a whole number above 0.", key)
    return value


def _day(data, key):
    try:
        return date.fromisoformat(str(data[key])) if data.get(key) else None
    except ValueError:
        data.fail(f"“{key}” must be a date such as 2026-06-30.", key)


# -- Writing ----------------------------------------------------------------------------------


class StarterCycle(StarterKind):
    """A whole year: prepared in the working tables, then published with its results."""

    name = "awards-cycle"

    def find(self, key):
        return Cycle.objects.filter(year=key).first()

    def write(self, data, row, key):
        cycle = _write_cycle(data["cycle"], row or Cycle(year=int(key)))
        public = publish_cycle(cycle, by=None)
        _write_lines(public, data["cycle"], data["rules"])
        _write_awards(cycle, data["cycle"])
        return cycle

    def read(self, row):
        row.refresh_from_db()
        public = PublishedCycle.objects.filter(year=row.year).first()
        awards = PublishedAward.objects.filter(year=row.year)
        return [
            _read(row, row.note),
            public and _read(public, public.state, *_read_lines(public)),
            [_read_award(award) for award in awards.select_related("organisation")],
        ]


def _write_cycle(data, cycle):
    for name in ("name", "known", "place", "funder", "note"):
        setattr(cycle, name, data.text(name, default=""))
    cycle.held_on = _day(data, "held_on")
    cycle.certainty = data["certainty"]
    cycle.stage = Stage.ARCHIVED  # It was not run here.
    cycle.save()
    cycle.categories.all().delete()
    for position, category in enumerate(data.list("categories"), start=1):
        _write_category(cycle, position, category)
    return cycle


def _write_category(cycle, position, data):
    category = Category.objects.create(
        cycle=cycle,
        position=position,
        prize_pence=data.get("prize_pence"),
        **{name: data.text(name) for name in ("slug", "name")},
        **{name: data.text(name, default="") for name in ("prize_note", "outcome_note")},
    )
    category.themes.set(Theme.objects.filter(slug__in=data.list("themes")))


def _write_lines(public, data, rules):
    for lines in (public.judges, public.sources, public.rules):
        lines.all().delete()
    for position, judge in enumerate(data.list("judges")):
        PublishedJudge.objects.create(cycle=public, position=position, **judge)
    for position, source in enumerate(data.list("sources")):
        PublishedSource.objects.create(cycle=public, position=position, **source)
    for position, text in enumerate(rules):
        PublishedRule.objects.create(cycle=public, position=position, text=text)


def _write_awards(cycle, data):
    PublishedAward.objects.filter(year=cycle.year).delete()
    pairs = [
        (category, recognition)
        for category in data.list("categories")
        for recognition in category.list("recognitions")
    ]
    for position, (category, recognition) in enumerate(pairs, start=1):
        _write_award(cycle, position, category, recognition)


def _write_award(cycle, position, category, data):
    is_win = data["result"] in {Result.WINNER, Result.HONOURED}
    PublishedAward.objects.create(
        year=cycle.year,
        cycle_name=cycle.name,
        category_slug=category["slug"],
        category_name=category["name"],
        organisation=Organisation.objects.filter(slug=data.get("organisation")).first(),
        judges_words=category.text("judges_words", default="") if is_win else "",
        published_at=timezone.now(),
        position=position,
        prize_pence=data.get("prize_pence"),
        **{name: data.text(name) for name in ("recipient", "result")},
        **{name: data.text(name, default="") for name in ("for_work", "citation")},
    )


# -- Reading back -------------------------------------------------------------------------------


def _read(cycle, *more):
    categories = [
        [category.facts(), sorted(theme.slug for theme in category.themes.all())]
        for category in cycle.categories.prefetch_related("themes")
    ]
    return [cycle.facts(), categories, *more]


def _read_lines(public):
    yield list(public.judges.values("name", "role"))
    yield list(public.sources.values("title", "url"))
    yield list(public.rules.values("text"))


def _read_award(award):
    own = (
        *("cycle_name", "category_slug", "category_name", "recipient", "for_work", "result"),
        *("prize_pence", "citation", "judges_words", "position", "state"),
    )
    return {name: getattr(award, name) for name in own} | {
        "organisation": award.organisation and award.organisation.slug
    }
