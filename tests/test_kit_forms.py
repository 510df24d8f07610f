import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.template import Context, Template

from cja_portal.kit.forms import ModelForm
from cja_portal.kit.text import row_number
from members.models import User

pytestmark = pytest.mark.django_db


class NameForm(ModelForm):
    class Meta:
        model = User
        fields = ["name"]


class EmailForm(ModelForm):
    class Meta:
        model = User
        fields = ["email"]


def test_a_constraint_on_a_field_not_shown_is_an_error_of_the_form():
    form = NameForm({"name": "Policy lead"}, instance=User(email="Mixed@example.org"))

    assert not form.is_valid()
    assert form.errors == {NON_FIELD_ERRORS: ["Write the e-mail address in small letters."]}


def test_a_constraint_on_a_shown_field_is_found_once():
    form = EmailForm({"email": "Mixed@example.org"})

    assert not form.is_valid()
    assert sum(len(errors) for errors in form.errors.values()) == 1


def test_a_field_with_an_error_of_its_own_is_not_reported_twice():
    form = EmailForm({"email": "no address"})

    assert not form.is_valid()
    assert list(form.errors) == ["email"]


def test_a_form_that_keeps_every_constraint_saves():
    form = NameForm({"name": "Policy lead"}, instance=User(email="lead@example.org"))

    assert form.is_valid()
    assert form.save().name == "Policy lead"


@pytest.mark.parametrize("page", ["{{ form }}", "{% error_summary form %}{{ form }}"])
def test_an_error_of_the_whole_form_is_told_once(page):
    form = NameForm({"name": "Policy lead"}, instance=User(email="Mixed@example.org"))

    assert Template(page).render(Context({"form": form})).count("in small letters.") == 1


@pytest.mark.parametrize(
    ("typed", "number"), [("42", 42), ("²", 0), ("٣", 0), ("-1", 0), ("9" * 400, 0), (None, 0)]
)
def test_a_row_number_is_a_number_or_none_that_any_row_has(typed, number):
    assert row_number(typed) == number
