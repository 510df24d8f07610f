"""Where an organisation's owners and editors change its public profile."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from cja_portal.kit.moves import ImpossibleMove
from members.actions.contacts import be_named, stop_being_named
from members.actions.profiles import (
    ProfileChangedError,
    ask_for_names,
    ask_for_publication,
    differs,
    revise_profile,
)
from members.forms import ProfileForm
from members.models import Affiliation, Contact, Organisation, Role
from members.permissions import needs_role
from members.profile_forms import ContactForm, NamesForm
from members.profile_values import differences, in_words, read_values

ON_A_PAGE = 20


@needs_role(Role.OWNER, Role.EDITOR)
def profile_edit(request, organisation):
    """The version in the form is the one that was read; saving over a newer one shows both."""
    form = ProfileForm(request.POST or None, instance=organisation)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        changed = revise_profile(
            organisation,
            by=request.user,
            version=request.POST.get("version", ""),
            changes=form.changes,
        )
    except ProfileChangedError:
        return _page(request, form, theirs=_theirs(organisation, form))
    messages.success(request, "The profile is saved." if changed else "Nothing had changed.")
    return redirect(organisation)


def _page(request, form, theirs=()):
    """After a conflict, the version is the newer one: saving again is then a decision."""
    saved = Organisation.objects.get(pk=form.instance.pk)
    read = request.POST.get("version") if request.method == "POST" and not theirs else None
    context = {
        "organisation": saved,
        "waiting": saved.revisions.waiting(),
        "form": form,
        "theirs": theirs,
        "version": read or saved.version,
    }
    return TemplateResponse(request, "members/profile_edit.html", context)


def _theirs(organisation, form):
    """What now stands in the database where it differs from what this person wants to save."""
    organisation.refresh_from_db()
    saved = read_values(organisation, form.changes)
    return [
        {"field": form[name], "saved": in_words(name, saved[name])}
        for name, value in form.changes.items()
        if differs(organisation, name, value)
    ]


@needs_role(Role.OWNER, Role.EDITOR)
def profile_names(request, organisation):
    """Asks staff for other names; nothing changes before they approve."""
    saved = Organisation.objects.get(pk=organisation.pk)
    form = NamesForm(request.POST or None, instance=organisation)
    if form.is_valid() and _asked_for_names(request, saved, form):
        return redirect("members:profile-history", saved.slug)
    context = {"organisation": saved, "form": form}
    return TemplateResponse(request, "members/profile_names.html", context)


def _asked_for_names(request, organisation, form):
    try:
        ask_for_names(organisation, by=request.user, **form.cleaned_data)
    except ImpossibleMove as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "CJA staff will look at the new names. We write to you then.")
    return True


@needs_role(Role.OWNER, Role.EDITOR)
@require_POST
def profile_publish(request, organisation):
    try:
        ask_for_publication(organisation, by=request.user)
    except ImpossibleMove as error:
        messages.error(request, str(error))
        return redirect("members:profile-edit", organisation.slug)
    messages.success(request, "CJA staff will look at the profile. We write to you then.")
    return redirect("members:profile-history", organisation.slug)


@needs_role(Role.OWNER, Role.EDITOR)
def profile_history(request, organisation):
    revisions = organisation.revisions.select_related("asked_by")
    page = Paginator(revisions, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"revision": revision, "changes": differences(revision.before, revision.after)}
        for revision in page
    ]
    context = {"organisation": organisation, "page": page, "rows": rows}
    return TemplateResponse(request, "members/profile_history.html", context)


@needs_role(*Role)
def contact_edit(request, organisation):
    """Where a person agrees to be named, for themselves alone."""
    place = Affiliation.objects.current().get(user=request.user, organisation=organisation)
    contact = Contact.objects.filter(affiliation=place).first()
    if request.method == "POST" and request.POST.get("do") == "stop":
        stop_being_named(place, by=request.user)
        messages.success(request, "You are no longer named.")
        return redirect(organisation)
    form = ContactForm(request.POST or None, instance=contact)
    if form.is_valid():
        be_named(place, by=request.user, **form.cleaned_data)
        messages.success(request, "You are named as a contact.")
        return redirect(organisation)
    context = {"organisation": organisation, "place": place, "contact": contact, "form": form}
    return TemplateResponse(request, "members/contact_edit.html", context)
