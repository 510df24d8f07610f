"""A person's own home, and what of allauth's pages needs a word from us."""

from allauth.account.models import EmailAddress
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from members.accounts import SecondFactorAdapter
from members.models import Affiliation, Bounce, Role, StillHere
from members.permissions import is_judge
from members.second_factor import has_second_factor
from members.standing import standings_of


def my_home(request):
    user = request.user
    places = Affiliation.objects.current().filter(user=user).select_related("organisation")
    context = {
        "places": _doors_of(places),
        "is_asked_still_here": _is_asked(user),
        "bounce": Bounce.objects.refusing_news().filter(email=user.email).first(),
        "is_judge": is_judge(user),
        "addresses": EmailAddress.objects.filter(user=user).order_by("-primary", "email"),
        "has_second_step": has_second_factor(user),
        "session_count": UserSession.objects.filter(user=user).count(),
    }
    return TemplateResponse(request, "members/my_home.html", context)


def _is_asked(user):
    asked = StillHere.objects.filter(affiliation__user=user, affiliation__ended_at__isnull=True)
    return asked.filter(answered_at__isnull=True).exists()


def _doors_of(places):
    """In the order of the places, each with where the membership stands."""
    standings = standings_of([place.organisation for place in places])
    return [_doors(*pair) for pair in zip(places, standings, strict=True)]


def _doors(place, standing):
    """Where the membership stands is for those who can do something about it."""
    return {
        "place": place,
        "is_open": not standing.why_closed,
        "standing": standing if place.has_role(Role.OWNER, Role.FINANCE) else None,
        "organisation": place.organisation,
        "roles": place.role_names(),
        "is_owner": place.has_role(Role.OWNER),
        "is_editor": place.has_role(Role.OWNER, Role.EDITOR),
    }


class KeyRemoval(RemoveWebAuthnView):
    """allauth asks `can_delete_authenticator` for apps with codes, but not for keys."""

    def form_valid(self, form):
        adapter = SecondFactorAdapter()
        if adapter.can_delete_authenticator(self.get_object()):
            return super().form_valid(form)
        messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")


key_remove = KeyRemoval.as_view()
