from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError

from cja_portal.kit.content import ContentError
from cja_portal.management.commands import load_starter_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(monkeypatch):
    """Notes which app was asked to load, in place of loading it."""
    names = []
    cache.clear()
    for starter in load_starter_content.STARTERS:
        monkeypatch.setattr(
            starter, "load", lambda report, name=starter.__name__: names.append(name)
        )
    return names


def load(*arguments):
    output = StringIO()
    call_command("load_starter_content", *arguments, stdout=output)
    return output.getvalue()


def test_the_apps_load_from_left_to_right(loaded):
    load()

    assert loaded == ["members.starter", "library.starter", "dictionary.starter", "awards.starter"]


def test_a_second_time_reads_no_file(loaded):
    load()

    assert load() == "The starter content is up to date.\n"
    assert len(loaded) == 4


def test_again_reads_every_file_once_more(loaded):
    load()
    load("--again")

    assert len(loaded) == 8


def test_a_changed_file_is_read(loaded, monkeypatch):
    load()
    monkeypatch.setattr(load_starter_content, "_fingerprint", lambda: "another")

    load()

    assert len(loaded) == 8


def test_a_fault_in_a_file_is_one_sentence_and_nothing_is_remembered(loaded, monkeypatch):
    def fail(report):
        raise ContentError("library/content/items.yaml, line 3: “title” is missing.")

    monkeypatch.setattr(load_starter_content.STARTERS[1], "load", fail)

    with pytest.raises(CommandError, match=r"items\.yaml, line 3"):
        load()

    assert cache.get(load_starter_content.MARK) is None
