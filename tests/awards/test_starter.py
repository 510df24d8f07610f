"""The history of the awards from its files."""

import pytest

from awards import starter
from awards.models import Cycle, PublishedAward, PublishedCycle, PublishedRule
from cja_portal.kit.content import ContentError
from members import starter as members_starter
from tests.factories import make_organisation, make_theme

pytestmark = pytest.mark.django_db

HISTORY = """
- year: 2030
  name: Example Awards 2030
  known: Little is known.
  held_on: "2030-11-09"
  certainty: found
  sources:
    - {title: Example page, url: "https://example.org/"}
  judges:
    - {name: Example Judge}
  categories:
    - slug: example-category
      name: Example Category
      prize_pence: 400000
      themes: [race]
      recognitions:
        - recipient: Example Charity
          organisation: example-charity
          result: winner
          prize_pence: 400000
        - {recipient: Nearly, result: shortlisted}
"""
RULES = """
- {text: A rule., year: 2030}
"""


@pytest.fixture
def folder(tmp_path):
    make_theme("Race")
    make_organisation("Example Charity")
    (tmp_path / "history.yaml").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def load(folder):
    said = []
    starter.load(said.append, folder)
    return said


def rewrite(folder, old, new, name="history.yaml"):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_year_is_loaded_and_public(folder):
    assert load(folder) == ["Awards: 1 years, 1 of them new or changed."]

    cycle = PublishedCycle.objects.public().get()
    winner, shortlisted = PublishedAward.objects.public()
    assert (cycle.year, str(cycle.held_on), cycle.name) == (
        2030,
        "2030-11-09",
        "Example Awards 2030",
    )
    assert [judge.name for judge in cycle.judges.all()] == ["Example Judge"]
    assert [rule.text for rule in cycle.rules.all()] == ["A rule."]
    assert [theme.slug for theme in cycle.categories.get().themes.all()] == ["race"]
    assert (winner.recipient, winner.prize_pence) == ("Example Charity", 400000)
    assert (winner.organisation.slug, shortlisted.organisation) == ("example-charity", None)


def test_a_second_load_writes_nothing(folder):
    load(folder)
    keys = set(PublishedAward.objects.values_list("pk", flat=True))

    assert load(folder) == ["Awards: 1 years, 0 of them new or changed."]
    assert set(PublishedAward.objects.values_list("pk", flat=True)) == keys


def test_a_changed_file_changes_the_year(folder):
    load(folder)
    rewrite(folder, "Little is known.", "More is known.")
    rewrite(folder, "A rule.", "Another rule.", "rules.yaml")

    load(folder)

    assert PublishedCycle.objects.get().known == "More is known."
    assert PublishedRule.objects.get().text == "Another rule."


@pytest.mark.parametrize(
    "change",
    [
        lambda: PublishedAward.objects.filter(result="winner").update(recipient="Put right"),
        lambda: PublishedCycle.objects.update(withdrawn_at="2031-01-01T00:00Z"),
        lambda: Cycle.objects.update(note="A note of ours."),
        lambda: PublishedRule.objects.all().delete(),
        lambda: Cycle.objects.all().delete(),
    ],
)
def test_what_staff_changed_is_left_alone(folder, change):
    load(folder)
    change()
    rewrite(folder, "Little is known.", "More is known.")

    assert load(folder) == ["Awards: 1 years, 0 of them new or changed."]
    assert PublishedCycle.objects.get().known == "Little is known."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("name: Example Awards", "nmae: Example Awards", "line 3: “nmae” is not a key"),
        (
            "year: 2030",
            "year: soon",
            "history.yaml, line 2: “year” must be a whole number above 0.",
        ),
        ("result: winner", "result: best", "history.yaml, line 19: “result” must be one of"),
        ("2030-11-09", "9 November", "history.yaml, line 5: “held_on” must be a date such as"),
        ("[race]", "[nothing]", "history.yaml, line 15: “nothing” is not a theme."),
        (
            "organisation: example-charity",
            "organisation: nobody",
            "“nobody” is not an organisation.",
        ),
        ("https://", "http://", "“url” must begin with https://."),
        ("certainty: found", "certainty: sure", "line 6: “certainty” must be one of"),
    ],
)
def test_a_fault_is_told_with_file_and_line(folder, old, new, fault):
    rewrite(folder, old, new)

    with pytest.raises(ContentError) as told:
        load(folder)

    assert fault in str(told.value)
    assert not Cycle.objects.exists()


def test_a_year_that_stands_twice_is_refused(folder):
    path = folder / "history.yaml"
    path.write_text(HISTORY + HISTORY, encoding="utf-8")

    with pytest.raises(ContentError, match="2030 stands twice"):
        load(folder)


def test_a_rule_for_an_unknown_year_is_refused(folder):
    rewrite(folder, "2030", "2031", "rules.yaml")

    with pytest.raises(ContentError, match=r"rules.yaml, line 2: “2031” is not a year of history"):
        load(folder)


def test_the_real_history_loads_and_stays():
    members_starter.load(lambda sentence: None)
    first, second = [], []

    starter.load(first.append)
    starter.load(second.append)

    assert first == ["Awards: 9 years, 9 of them new or changed."]
    assert second == ["Awards: 9 years, 0 of them new or changed."]
    assert PublishedAward.objects.public().winners().first().recipient == "DIVERT"
