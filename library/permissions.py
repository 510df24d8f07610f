"""Who may prepare a work of an organisation for the library, and who may hand it in.

Participants prepare: they are the ones who write. Handing in, taking back and asking staff to
withdraw speak for the organisation: that is for its owners and editors.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from library.models import Submission
from members.models import Affiliation, Organisation, Role

MAY_SUBMIT = (Role.OWNER, Role.EDITOR)
MAY_PREPARE = (*MAY_SUBMIT, Role.PARTICIPANT)


def organisations_to_publish_for(user):
    """Those in whose name `user` may prepare works."""
    held = Affiliation.objects.current().filter(user=user).with_role(*MAY_PREPARE)
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by("sort_name")


def needs_publishing_role(*roles):
    """For addresses with an organisation's slug: 404 for those outside, 403 without the role.

    The view is given the affiliation in place of the slug.
    """

    def decorate(view):
        @wraps(view)
        def gate(request, slug, **kwargs):
            held = _places(request.user)
            place = get_object_or_404(held, organisation__slug=slug)
            _check_role(place, roles)
            return view(request, place, **kwargs)

        return gate

    return decorate


def needs_submission_role(*roles):
    """The same for the private address of a submission.

    The view is given the submission in place of its uuid, with the `place` of whoever asks.
    """

    def decorate(view):
        @wraps(view)
        def gate(request, uuid, **kwargs):
            held = _places(request.user)
            rows = Submission.objects.for_rows()
            own = rows.filter(item__owner__in=held.values("organisation"))
            submission = get_object_or_404(own, uuid=uuid)
            submission.place = held.get(organisation=submission.item.owner)
            _check_role(submission.place, roles)
            return view(request, submission, **kwargs)

        return gate

    return decorate


def _places(user):
    held = Affiliation.objects.current().filter(user=user)
    return held.select_related("organisation").with_membership_ended()


def _check_role(place, roles):
    if not place.has_role(*roles):
        raise PermissionDenied
