"""Where an organisation's owners and editors change its public profile."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from members.actions.profiles import ProfileChangedError, differs, revise_profile
from members.forms import ProfileForm
from members.models import Organisation, Role
from members.permissions import needs_role


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
            changes=form.cleaned_data,
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
        "form": form,
        "theirs": theirs,
        "version": read or saved.version,
    }
    return TemplateResponse(request, "members/profile_edit.html", context)


def _theirs(organisation, form):
    """What now stands in the database where it differs from what this person wants to save."""
    organisation.refresh_from_db()
    return [
        {"field": form[name], "saved": _in_words(getattr(organisation, name))}
        for name, value in form.cleaned_data.items()
        if differs(organisation, name, value)
    ]


def _in_words(value):
    return value if isinstance(value, str) else ", ".join(str(row) for row in value.all())
