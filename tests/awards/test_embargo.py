"""The embargo by structure: what the public reads cannot lead to what is not released."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.keepsakes import certificate
from awards.models import PublishedAward
from awards.roll import content
from tests.factories import (
    make_award,
    make_organisation,
    make_proof,
    make_published_cycle,
    make_theme,
)

AWARDS = Path(apps.get_app_config("awards").path)
# Whatever answers for awards without asking who asks, and what that imports of its own app.
PUBLIC_CODE = {
    *("views.published", "views.verify", "views.keepsakes", "forms.published"),
    *("keepsakes", "roll", "search", "templatetags.awards_tags", "proof"),
}
MODELS = list(apps.get_app_config("awards").get_models(include_auto_created=True))
PUBLISHED = [one for one in MODELS if one.__name__.startswith(("Published", "Correction"))]
NAMES = {model.__name__ for model in PUBLISHED} | {"Result"}
TABLES, ALL_TABLES = ({one._meta.db_table for one in models} for models in (PUBLISHED, MODELS))
AWARD, PROOF = "/awards/2030/example-category/", "/awards/verify/2030/"
ADDRESSES = [
    *("/", "/awards/", "/awards/2030/", AWARD, "/awards/roll-of-honour/"),
    *("/awards/2030/statistics/", PROOF, f"{PROOF}example-category.json"),
    *(f"{AWARD}{{pk}}/badge.svg", f"{AWARD}{{pk}}/certificate.pdf"),
    *("/search/?q=winner", "/themes/", "/themes/policing/", "/sitemap.xml"),
    *("/members/example-bridge/", "/members/"),
]


def imported(module):
    """(module of awards, name) for each import of its own app."""
    path = AWARDS.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "awards":
            origin = node.module.removeprefix("awards").strip(".")
            yield from ((origin, one.name) for one in node.names)


def reaches_too_far(module, name):
    if module.startswith("models"):
        return name not in NAMES
    return module not in PUBLIC_CODE and not module.startswith("proof")


@pytest.mark.parametrize("module", sorted(PUBLIC_CODE - {"proof"}))
def test_public_code_imports_what_is_published_and_nothing_else(module):
    assert [found for found in imported(module) if reaches_too_far(*found)] == []


def test_an_import_of_anything_else_would_be_found():
    found = [one for one in imported("actions.releases") if reaches_too_far(*one)]

    assert ("models", "Seal") in found
    assert ("models", "PublishedAward") not in found


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_no_key_leads_from_what_is_published_into_a_working_table(model):
    related = {field.related_model for field in model._meta.get_fields() if field.is_relation}

    assert {one for one in related if one._meta.app_label == "awards"} <= set(PUBLISHED)


@pytest.fixture
def award():
    make_theme("Policing")
    make_proof(make_published_cycle(2030, "Example Category"))
    organisation = make_organisation("Example Bridge")
    return make_award(organisation=organisation, judges_words="Well done.", entry_code="E01")


def tables(queries):
    """Of the awards, those that were asked."""
    asked = " ".join(query["sql"] for query in queries)
    return {name for name in re.findall(r"\bawards_\w+", asked) if name in ALL_TABLES}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_public_pages_read_published_tables_alone(client, award, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address.format(pk=award.pk))

    assert response.status_code == 200
    assert tables(queries) <= TABLES
    assert tables(queries) or address in {"/themes/", "/members/"}


@pytest.mark.django_db
def test_so_does_what_is_set_on_paper(award):
    with CaptureQueriesContext(connection) as queries:
        assert content()["years"]
        assert certificate(PublishedAward.objects.get())

    assert tables(queries) <= TABLES
