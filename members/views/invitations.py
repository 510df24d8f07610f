"""Opening and accepting an invitation, and the page where owners invite."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts import ACCEPTED, INVITATION, invitation_in
from members.actions.affiliations import AffiliationError, change_roles, end_affiliation
from members.actions.invitations import (
    InvitationError,
    accept_invitation,
    check_acceptable,
    decline_invitation,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from members.invitation_forms import InviteForm, RolesForm
from members.models import Affiliation, Bounce, Invitation, Role, User
from members.models.invitation import Purpose, digest_of
from members.permissions import needs_role
from members.second_factor import ask_who_it_is


def leaves_no_trace(view):
    """The address or the page holds a secret: no cache keeps it.

    No other site hears of it either: that is the portal's Referrer-Policy everywhere. A stricter
    one would have browsers send forms from an origin of "null", which Django refuses.
    """

    @wraps(view)
    def traceless(request, **kwargs):
        response = view(request, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return traceless


# -- For the person invited -----------------------------------------------------------------------


@login_not_required
@require_safe
@leaves_no_trace
def invitation_open(request, secret):
    """Move the invitation from the address into the session. Mail scanners come here too."""
    request.session.pop(INVITATION, None)
    digest = digest_of(secret)
    if Invitation.objects.open().filter(links__secret_digest=digest).exists():
        request.session[INVITATION] = digest
    return redirect("members:invitation-accept")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def invitation_accept(request):
    invitation = invitation_in(request)
    try:
        if invitation is None:
            raise InvitationError("This invitation no longer works.")
        check_acceptable(invitation)
        if request.method == "POST" and request.user.is_authenticated:
            return _accept(request, invitation)
    except InvitationError as error:
        context = {"reason": str(error)}
        return TemplateResponse(request, "members/invitation_closed.html", context, status=410)
    return TemplateResponse(
        request, "members/invitation_accept.html", _situation(request.user, invitation)
    )


def _accept(request, invitation):
    accept_invitation(invitation, by=request.user)
    del request.session[INVITATION]
    messages.success(request, ACCEPTED)
    opens_admin = invitation.purpose in {Purpose.STAFF, Purpose.ADMINISTRATOR}
    return redirect("admin:index" if opens_admin else "members:my-home")


@login_not_required
@require_POST
@leaves_no_trace
def invitation_decline(request):
    """For whoever opened the link, with an account or without."""
    invitation = invitation_in(request)
    never_again = request.POST.get("do") == "never"
    try:
        if invitation is None:
            raise InvitationError("This invitation no longer works.")
        by = request.user if request.user.is_authenticated else None
        decline_invitation(invitation, by=by, never_again=never_again)
    except InvitationError as error:
        context = {"reason": str(error)}
        return TemplateResponse(request, "members/invitation_closed.html", context, status=410)
    del request.session[INVITATION]
    context = {"invitation": invitation, "never_again": never_again}
    return TemplateResponse(request, "members/invitation_declined.html", context)


def _situation(user, invitation):
    is_signed_in = user.is_authenticated
    return {
        "invitation": invitation,
        "is_for_this_person": is_signed_in and user.has_verified_address(invitation.email),
        "has_account": User.objects.with_address(invitation.email).exists(),
        "masked_email": mask(invitation.email),
        "back": reverse("members:invitation-accept"),
    }


def mask(email):
    """Enough of an address for its owner to know it."""
    name, _, domain = email.partition("@")
    return f"{name[0]}…@{domain}"


# -- For owners -----------------------------------------------------------------------------------


@needs_role(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def people_list(request, organisation):
    form = InviteForm(request.POST or None)
    if form.is_valid() and _invite(request, organisation, form):
        return redirect("members:people-list", organisation.slug)
    context = {
        "organisation": organisation,
        "people": organisation.affiliations.current().select_related("user"),
        "silent_ids": set(organisation.affiliations.silent().values_list("pk", flat=True)),
        "join_requests": organisation.join_requests.waiting(),
        "invitations": organisation.invitations.pending().select_related("invited_by"),
        "form": form,
    }
    context["unreached"] = _unreached(context["people"], context["invitations"])
    return TemplateResponse(request, "members/people_list.html", context)


def _unreached(people, invitations):
    """Of the addresses on the page, those from which letters come back."""
    addresses = [place.user.email for place in people] + [one.email for one in invitations]
    return set(Bounce.objects.dead().at(addresses).values_list("email", flat=True))


def _invite(request, organisation, form):
    data = form.cleaned_data
    if Role.OWNER in data["roles"]:
        ask_who_it_is(request)
    try:
        invite_person(
            data["email"],
            Purpose.ORGANISATION,
            organisation=organisation,
            roles=data["roles"],
            by=request.user,
        )
    except InvitationError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"The invitation to {data['email']} is on its way.")
    return True


@needs_role(Role.OWNER)
@require_POST
def invitation_change(request, organisation, uuid):
    """Send a pending invitation again, or withdraw it."""
    invitation = get_object_or_404(organisation.invitations.pending(), uuid=uuid)
    is_withdrawal = request.POST.get("do") == "withdraw"
    if Role.OWNER in invitation.roles and not is_withdrawal:
        ask_who_it_is(request)
    act = withdraw_invitation if is_withdrawal else resend_invitation
    done = "withdrawn" if is_withdrawal else "on its way again"
    try:
        act(invitation, by=request.user)
        messages.success(request, f"The invitation to {invitation.email} is {done}.")
    except InvitationError as error:
        messages.error(request, str(error))
    return redirect("members:people-list", organisation.slug)


@needs_role(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def people_change(request, organisation, uuid):
    """Give a person other roles, or let them go."""
    current = Affiliation.objects.current().filter(organisation=organisation)
    affiliation = get_object_or_404(current.select_related("user", "organisation"), uuid=uuid)
    is_leaving = request.POST.get("do") == "end"
    data = request.POST if request.method == "POST" and not is_leaving else None
    form = RolesForm(data, initial={"roles": affiliation.roles})
    if (is_leaving or form.is_valid()) and _change(request, affiliation, form, is_leaving):
        still_owner = affiliation.user != request.user or affiliation.has_role(Role.OWNER)
        return redirect(*_back(organisation, still_owner))
    context = {"organisation": organisation, "affiliation": affiliation, "form": form}
    return TemplateResponse(request, "members/people_change.html", context)


def _change(request, affiliation, form, is_leaving):
    ask_who_it_is(request)
    try:
        with transaction.atomic():
            if is_leaving:
                end_affiliation(affiliation, by=request.user)
            else:
                change_roles(affiliation, form.cleaned_data["roles"], by=request.user)
    except AffiliationError as error:
        messages.error(request, str(error))
        affiliation.refresh_from_db()
        return False
    messages.success(request, "The change is made.")
    return True


def _back(organisation, still_owner):
    return ("members:people-list", organisation.slug) if still_owner else ("members:my-home",)
