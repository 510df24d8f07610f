"""Forms of every room: addresses fit their columns, and bodies are in UTF-8."""

from importlib import import_module

import pytest
from allauth.account.forms import SignupForm
from django import forms

from cja_portal.kit.forms import EmailField

MODULES = [
    "awards.forms.nominations",
    "dictionary.suggestion_forms",
    "library.copy_request_forms",
    "library.saved_search_forms",
    "members.application_forms",
    "members.invitation_forms",
    "members.joining_forms",
    "members.profile_forms",
]


def _is_own_form(one, module):
    """That of allauth is given the address of the invitation."""
    is_own = one.__module__ == module and issubclass(one, forms.BaseForm)
    return is_own and not issubclass(one, SignupForm)


@pytest.mark.parametrize("name", MODULES)
def test_addresses_fit(name):
    found = [one for one in vars(import_module(name)).values() if isinstance(one, type)]
    classes = [one for one in found if _is_own_form(one, name)]
    fields = [
        field
        for one in classes
        for field in getattr(one, "base_fields", {}).values()
        if isinstance(field, forms.EmailField)
    ]

    assert fields
    assert all(field.max_length == 254 for field in fields)


def test_a_longer_address_is_refused_in_a_sentence():
    with pytest.raises(forms.ValidationError, match="254"):
        EmailField().clean(f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 12}.org")


@pytest.mark.parametrize(
    ("charset", "status"),
    [("raw_unicode_escape", 400), ("utf-7", 400), ("UTF-8", 200)],
)
@pytest.mark.django_db
def test_forms_in_other_encodings_are_refused(client, charset, status):
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"

    answer = client.post("/members/join/", body, content_type=kind)

    assert answer.status_code == status
