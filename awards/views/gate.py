"""The gate in front of the pages of a nomination."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from awards.models import Nomination
from awards.permissions import collaborator_of, held_by

kept_by_no_cache = cache_control(no_store=True, private=True)


def writes_nomination(view):
    """404 for everybody else. The view is given the nomination and who writes it."""

    @login_not_required
    @kept_by_no_cache
    @wraps(view)
    def gate(request, uuid, **kwargs):
        nominations = Nomination.objects.visible_to(request.user, held_by(request))
        nominations = nominations.select_related("category__cycle")
        nomination = get_object_or_404(nominations, uuid=uuid)
        return view(request, nomination, collaborator_of(request, nomination), **kwargs)

    return gate
