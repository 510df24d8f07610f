"""The starter content of members: what is loaded, what is left alone, what is refused."""

import shutil

import pytest

from cja_portal.kit.content import ContentError
from members.models import Area, Organisation, StarterRecord, Theme
from members.models.organisation import Evidence
from members.starter import FOLDER, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    return shutil.copytree(FOLDER, tmp_path / "members" / "content")


def load_quietly(folder=FOLDER):
    said = []
    load(said.append, folder)
    return said


def change(folder, name, old, new):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_load_brings_the_whole_field():
    load_quietly()

    listed = Organisation.objects.listed()
    assert Theme.objects.count() == 25
    assert Area.objects.count() == 15
    assert listed.count() == 78
    assert Organisation.objects.get(slug="ministry-of-justice").is_listed is False
    assert listed.filter(evidence=Evidence.LISTED).count() == 55
    assert Area.objects.get(slug="london").parent.parent.slug == "united-kingdom"
    assert Organisation.objects.get(name="With You").former_names == ["Addaction"]


def test_examples_are_for_demonstrations_alone(settings):
    settings.IS_DEMONSTRATION = True

    load_quietly()

    assert Organisation.objects.listed().filter(is_example=True).count() == 3


def test_every_row_that_is_loaded_is_a_valid_one():
    load_quietly()

    for model in (Theme, Area, Organisation):
        for row in model.objects.all():
            row.full_clean()


def test_a_second_load_writes_nothing(django_assert_max_num_queries):
    load_quietly()
    before = list(Organisation.objects.values_list("pk", "updated_at").order_by("pk"))

    with django_assert_max_num_queries(5):
        said = load_quietly()

    assert said[0].endswith(", 0 of them new or changed.")
    assert list(Organisation.objects.values_list("pk", "updated_at").order_by("pk")) == before


def test_a_changed_file_changes_what_staff_left_alone_and_only_that(folder):
    load_quietly(folder)
    touched = Organisation.objects.get(slug="pact")
    touched.themes.clear()
    Organisation.objects.filter(slug="clinks").delete()
    change(folder, "organisations.yaml", "name: Prison Advice and Care Trust", "name: Renamed")
    change(folder, "organisations.yaml", "name: Clinks", "name: Renamed Clinks")
    change(folder, "organisations.yaml", "name: Prison Reform Trust", "name: New Name")

    said = load_quietly(folder)

    assert ", 1 of them new or changed." in said[0]
    assert Organisation.objects.get(slug="prison-reform-trust").name == "New Name"
    assert Organisation.objects.get(slug="pact").name == "Prison Advice and Care Trust"
    assert not Organisation.objects.filter(slug="clinks").exists()


def test_an_organisation_of_staff_is_not_taken_over(folder):
    Organisation.objects.create(slug="pact", name="Staff wrote this", kind="charity")

    load_quietly(folder)

    assert Organisation.objects.get(slug="pact").name == "Staff wrote this"
    assert not StarterRecord.objects.filter(key="pact").exists()


FAULTS = [
    ("organisations.yaml", "kind: charity", "kind: chairty", "“kind” must be one of"),
    ("organisations.yaml", "themes: [prison]", "themes: [prisn]", "“prisn” is not one of the"),
    ("organisations.yaml", "website: https://", "website: http://", "begin with https://"),
    ("organisations.yaml", "evidence: listed", "evidense: listed", "“evidense” is not a key"),
    ("organisations.yaml", "- slug: clinks", "- slug: pact", "“pact” stands twice"),
    ("organisations.yaml", "- slug: pact", "- slug: Pact!", "is not an address"),
    ("publishers.yaml", "- slug: home-office", "- slug: pact", "stands in another file already"),
    ("themes.yaml", "goal: policing", "goal: police", "“goal” must be one of"),
    ("areas.yaml", "parent: united-kingdom", "parent: europe", "is not an area named above"),
    ("examples.yaml", "example: true", "example: maybe", "“example” must be one of"),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), FAULTS)
def test_a_fault_is_refused_with_its_file_and_line(folder, name, old, new, message):
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if old in text)
    change(folder, name, old, new)

    with pytest.raises(ContentError, match=message) as refused:
        load_quietly(folder)

    assert str(refused.value).startswith(f"members/content/{name}, line {line}: ")
    assert not Theme.objects.exists()
