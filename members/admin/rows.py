"""Organisations and people from a spreadsheet, looked at before anything is kept."""

import re

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export.admin import ImportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV
from import_export.resources import ModelResource
from import_export.tmp_storages import CacheStorage
from import_export.widgets import CharWidget, ManyToManyWidget

from cja_portal.kit.cells import TextCell, WordDiff
from members.actions.applications import free_slug
from members.actions.invitations import invite_person
from members.audit import record
from members.duplicates import duplicates_of
from members.models import Area, Invitation, Organisation, Role, Theme
from members.models.invitation import Purpose
from members.models.organisation import Kind
from members.registers import NUMBERS, tidy_number
from members.second_factor import ask_who_it_is

BETWEEN = ";"
KEPT_AS = re.compile("[0-9a-f]{32}")  # The name of a file between its dry run and its import.
FILE_IS_GONE = (
    "These rows were imported already, or waited for more than a day. Look at the list; if they "
    "are not in it, choose the file again."
)
CANNOT_READ = (
    "We cannot read this file. Save it as CSV in UTF-8, with as many cells in each row as in the "
    "first."
)
SLUGS = "The last part of the address of each, such as “{}”, with semicolons between them."


class FromSpreadsheet(ImportMixin):
    """An admin list into which rows come, for those who may add to it, after a dry run."""

    formats = import_formats = [CSV]
    tmp_storage_class = CacheStorage
    skip_admin_log = True  # The audit log says more.
    import_template_name = "admin/members/import.html"

    def has_import_permission(self, request):
        return self.has_add_permission(request)

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """The rows may make owners: a session left open must not be enough."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        ask_who_it_is(request)
        name = request.POST.get("import_file_name", "")
        if name and not (KEPT_AS.fullmatch(name) and self.tmp_storage_class(name=name).read()):
            self.message_user(request, FILE_IS_GONE, messages.WARNING)
            return redirect(admin_urlname(self.opts, "import"))
        return super().process_import(request, **kwargs)

    def add_data_read_fail_error_to_form(self, form, error):
        form.add_error("import_file", CANNOT_READ)

    def get_import_context_data(self, **kwargs):
        columns = self.resource_classes[0].columns
        return super().get_import_context_data(**kwargs) | {"columns": columns}


def _parts(value):
    return [part.strip() for part in str(value or "").split(BETWEEN) if part.strip()]


class ListCell(CharWidget):
    """Several texts in one cell, with semicolons between them."""

    def clean(self, value, row=None, **kwargs):
        return _parts(value)

    def render(self, value, obj=None, **kwargs):
        return f"{BETWEEN} ".join(value or [])


class SlugsCell(ManyToManyWidget):
    """Rows by the last parts of their addresses; one that does not exist is no mere blank."""

    def __init__(self, model):
        super().__init__(model, separator=BETWEEN, field="slug")

    def clean(self, value, row=None, **kwargs):
        slugs = _parts(value)
        found = self.model.objects.filter(slug__in=slugs)
        if missing := set(slugs) - {one.slug for one in found}:
            raise ValueError(f"There is no “{'”, “'.join(sorted(missing))}”.")
        return found


class NumberCell(TextCell):
    def clean(self, value, row=None, **kwargs):
        return tidy_number(super().clean(value, row, **kwargs))


def _field(name, widget):
    return Field(attribute=name, column_name=name, widget=widget)


def _text(name):
    return _field(name, TextCell())


def _number(name):
    return _field(name, NumberCell())


class SameAs(Field):
    """What may be the same organisation, for the page of the dry run."""

    def export(self, instance, **kwargs):
        likely = duplicates_of(instance) if instance.pk else []
        return f"{BETWEEN} ".join(f"{one.organisation}: {one.reason}" for one in likely)


class OrganisationRows(ModelResource):
    """A row with the `slug` of an organisation changes it; one without makes a new one.

    The last column is ours: before anything is kept it names what may be the same organisation.
    """

    slug, name, short_name, kind = _text("slug"), _text("name"), _text("short_name"), _text("kind")
    former_names = _field("former_names", ListCell())
    charity_number = _number("charity_number")
    scottish_charity_number = _number("scottish_charity_number")
    northern_irish_charity_number = _number("northern_irish_charity_number")
    company_number = _number("company_number")
    website, summary = _text("website"), _text("summary")
    areas, themes = _field("areas", SlugsCell(Area)), _field("themes", SlugsCell(Theme))
    same_as = SameAs(column_name="may be the same as", readonly=True)
    columns = {
        "slug": "The last part of its address here, to change it. Blank makes a new organisation.",
        "name": "Needed.",
        "short_name": "Such as initials.",
        "former_names": "With semicolons between them.",
        "kind": f"Needed for a new one. One of: {', '.join(Kind.values)}.",
        **dict.fromkeys(NUMBERS, "As the register writes it."),
        "website": "Such as https://www.example.org.",
        "summary": "One or two sentences.",
        "areas": SLUGS.format("wales"),
        "themes": SLUGS.format("policing"),
    }

    class Meta:
        model = Organisation
        import_id_fields = ["slug"]
        fields = import_order = export_order = (
            *("slug", "name", "short_name", "former_names", "kind", *NUMBERS),
            *("website", "summary", "areas", "themes", "same_as"),
        )
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True

    @classmethod
    def get_diff_class(cls):
        return WordDiff

    @classmethod
    def get_display_name(cls):
        return "organisations"

    def before_import(self, dataset, **kwargs):
        """A file of new organisations needs no column for their addresses."""
        if "slug" not in dataset.headers:
            dataset.append_col([""] * len(dataset), header="slug")

    def before_import_row(self, row, **kwargs):
        slug = str(row.get("slug") or "").strip()
        if slug and not Organisation.objects.filter(slug=slug).exists():
            raise ValidationError(f"No organisation here has the address “{slug}”.")
        row["slug"] = slug or free_slug(str(row.get("name") or ""))

    def after_save_instance(self, instance, row, **kwargs):
        record(kwargs.get("user"), "members.import_organisation", instance)


class AddressCell(TextCell):
    def clean(self, value, row=None, **kwargs):
        email = super().clean(value, row, **kwargs).strip().lower()
        validate_email(email)
        return email


class OrganisationCell(TextCell):
    """An organisation by its slug or the number of a register."""

    def clean(self, value, row=None, **kwargs):
        key = super().clean(value, row, **kwargs).strip()
        number = tidy_number(key)
        named = Q(slug=key) | Q(**dict.fromkeys(NUMBERS, number), _connector=Q.OR)
        found = list(Organisation.objects.filter(named)[:2]) if number else []
        if len(found) > 1:
            raise ValueError(f"Two organisations here have the number “{key}”: give the address.")
        if not found:
            raise ValueError(f"No organisation here has the address or the number “{key}”.")
        return found[0]

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""


class RolesCell(ListCell):
    def clean(self, value, row=None, **kwargs):
        roles = [part.lower() for part in _parts(value)] or [Role.PARTICIPANT.value]
        if unknown := set(roles) - set(Role.values):
            raise ValueError(
                f"“{'”, “'.join(sorted(unknown))}” is no role. Write {', '.join(Role.values)}."
            )
        return roles


class PeopleRows(ModelResource):
    """A row invites somebody to an organisation. Nobody gets an account without saying yes."""

    email = _field("email", AddressCell())
    organisation = _field("organisation", OrganisationCell())
    roles = _field("roles", RolesCell())
    columns = {
        "email": "Needed. The invitation goes there.",
        "organisation": "Needed. The last part of its address here, or its number in a register.",
        "roles": f"Any of: {', '.join(Role.values)}; with semicolons between. Blank: participant.",
    }

    class Meta:
        model = Invitation
        fields = import_order = export_order = ("email", "organisation", "roles")
        import_id_fields = []
        use_transactions = True

    @classmethod
    def get_diff_class(cls):
        return WordDiff

    @classmethod
    def get_display_name(cls):
        return "people to invite"

    def before_import_row(self, row, **kwargs):
        if missing := {"email", "organisation"} - row.keys():
            raise ValidationError(f"The file has no column “{'”, “'.join(sorted(missing))}”.")

    def get_instance(self, instance_loader, row):
        """Never a row of ours: who is invited already gets one letter more."""
        return None

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Whoever belongs to the organisation needs no invitation."""
        if import_validation_errors:
            return False
        held = instance.organisation.affiliations.current()
        return held.filter(
            user__emailaddress__email=instance.email, user__emailaddress__verified=True
        ).exists()

    def save_instance(self, instance, is_create, row, **kwargs):
        place = {"organisation": instance.organisation, "roles": instance.roles}
        invite_person(instance.email, Purpose.ORGANISATION, by=kwargs["user"], **place)
