"""What anybody can check: the downloaded sheet, with the downloaded program, on their own."""

import json
import subprocess
import sys

import pytest

from awards.actions.decisions import withhold
from awards.actions.releases import release_category, withdraw_release
from awards.models import PublishedProof
from tests.awards.results import (
    make_locked_category,
    make_people,
    make_released_category,
    make_sealed_category,
    seal_and_confirm,
)

pytestmark = pytest.mark.django_db
SHEET = "/awards/verify/2031/example-category.json"


@pytest.fixture
def check(client, tmp_path):
    """Both files as the pages give them out, run where nothing of ours is."""
    program = tmp_path / "check_result.py"
    program.write_bytes(client.get("/awards/verify/check_result.py").content)

    def run(file, fingerprint):
        sheet = tmp_path / "score-sheet.json"
        sheet.write_bytes(file)
        command = [sys.executable, "-I", program, sheet, fingerprint]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_downloads_alone_prove_the_result(client, check):
    category = make_released_category()
    seal = category.seals.get()
    file = client.get(SHEET).content

    status, said = check(file, seal.sha256)

    assert status == 0
    assert seal.sha256 in said
    winner = seal.code_of(category.nominations.get(nominee_name="Example Bridge"))
    assert f"1  {winner}" in said
    assert "decided: winner" in said
    assert said.splitlines()[-1] == "The order follows from the marks, as the file says."


def test_a_changed_decision_or_mark_does_not_pass(client, check):
    category = make_released_category()
    file = client.get(SHEET).content
    other = file.replace(b'"winner"', b'"commended"')

    status, said = check(other, category.seals.get().sha256)

    assert (status, "another file" in said) == (1, True)


def test_the_sheet_names_nobody(client):
    category = make_released_category()

    text = client.get(SHEET).content.decode()

    names = [*category.nominations.values_list("nominee_name", flat=True)]
    names += category.cycle.judges.values_list("user__name", flat=True)
    assert [name for name in names if name in text] == []
    page = client.get("/awards/verify/2031/").content.decode()
    assert "Example Line" not in page  # on the shortlist, and not honoured
    assert "Example Bridge" in page


def test_a_small_panel_may_keep_its_marks(client):
    make_released_category(is_sheet_public=False)

    assert client.get(SHEET).status_code == 404
    assert "Kept by the trustees" in client.get("/awards/verify/2031/").content.decode()
    assert len(PublishedProof.objects.get().sha256) == 64


def test_an_award_that_nobody_receives_is_told_with_the_reason_that_was_sealed(client, check):
    category, (one, other) = make_locked_category(), make_people()
    withhold(category, because="None was good\nenough.", by=one)
    seal = seal_and_confirm(category, (one, other))
    pages = ["/awards/2031/", "/awards/2031/example-category/", "/awards/verify/2031/"]

    release_category(category, by=one)

    told = [client.get(page).content.decode() for page in pages]
    assert all("nobody" in text.lower() and "None was good\nenough." in text for text in told)
    status, said = check(client.get(SHEET).content, seal.sha256)
    assert (status, "Nobody receives the award: None was good enough." in said) == (0, True)

    withdraw_release(category, because="A slip.", by=one)

    assert not any("None was good" in client.get(page).content.decode() for page in pages)


def test_before_the_release_there_is_nothing_to_check(client):
    category = make_sealed_category(people=make_people())

    assert client.get("/awards/verify/2031/").status_code == 404
    assert client.get(SHEET).status_code == 404
    assert json.loads(category.seals.get().file)["order"]
