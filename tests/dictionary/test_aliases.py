import pytest

from dictionary.actions import withdraw_entry
from dictionary.aliases import push_aliases
from dictionary.models import LabelKind
from library.models import SearchAlias
from tests.factories import make_entry, make_label, make_staff, publish

pytestmark = pytest.mark.django_db


def aliases():
    return dict(SearchAlias.objects.filter(origin="dictionary").values_list("term", "meaning"))


@pytest.fixture
def rotl():
    entry = make_entry("Release on temporary licence")
    make_label(entry, "ROTL", LabelKind.ACRONYM)
    return entry


def test_the_short_name_of_a_published_entry_is_searched_with_it(rotl, client):
    make_label(rotl, "Day release", LabelKind.ALTERNATIVE)
    make_label(make_entry("Hidden thing", is_published=False), "HDTH", LabelKind.ACRONYM)

    assert (push_aliases(), aliases()) == (1, {"ROTL": "Release on temporary licence"})
    assert push_aliases() == 0
    assert "also searched: <em>Release on temporary licence</em>" in (
        client.get("/library/?q=rotl").content.decode()
    )


def test_what_staff_entered_is_never_touched(rotl):
    own = SearchAlias.objects.create(term="rotl", meaning="our own words")

    push_aliases()

    assert list(SearchAlias.objects.all()) == [own]


def test_common_words_and_shared_short_names_are_left_out(rotl):
    make_label(make_entry("Police and Criminal Evidence Act"), "PACE", LabelKind.ACRONYM)
    for name in ["Parole board", "Probation body"]:
        make_label(make_entry(name), "PBX", LabelKind.ACRONYM)

    push_aliases()

    assert set(aliases()) == {"ROTL"}


def test_a_renamed_entry_renames_its_alias(rotl):
    push_aliases()
    rotl.headword = "Temporary release"
    rotl.save()
    publish(rotl)

    assert push_aliases() == 1
    assert aliases() == {"ROTL": "Temporary release"}


def test_withdrawing_tells_the_search(rotl, django_capture_on_commit_callbacks):
    push_aliases()

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_entry(rotl, by=make_staff())

    assert aliases() == {}
