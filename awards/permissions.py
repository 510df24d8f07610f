"""Who may write a nomination: by login, or by a link from a letter opened in this session."""

from django.db.models import Q

from awards.models import CategoryKind, Conflict, Judge, Round, RoundState
from members.models import Affiliation

HELD = "awards_collaborators"  # in the session: the uuids of collaborators


def hold(request, collaborator):
    """Let this session write what the collaborator may write."""
    held = held_by(request)
    if not held:
        request.session.cycle_key()
    request.session[HELD] = sorted({*held, str(collaborator.uuid)})


def held_by(request):
    return request.session.get(HELD, [])


def collaborator_of(request, nomination):
    own = Q(uuid__in=held_by(request))
    if request.user.is_authenticated:
        own |= Q(user=request.user)
    return nomination.collaborators.current().filter(own).first()


def member_organisations(user):
    """Those for which the person may nominate in a category for members."""
    held = Affiliation.objects.current().filter(user=user).select_related("organisation")
    return [place.organisation for place in held]


def may_nominate(user, category):
    if category.kind == CategoryKind.OPEN:
        return True
    if not user.is_authenticated:
        return False
    if category.kind == CategoryKind.PANEL:
        return _speaks_for_panel(user, category)
    return bool(member_organisations(user))


def _speaks_for_panel(user, category):
    """A judge of the category, or staff in the panel's name."""
    if user.is_staff and user.has_perm("awards.change_nomination"):
        return True
    return Judge.objects.sitting().for_category(category).filter(user=user).exists()


def may_read(user, nomination):
    """Whether a member of staff may read what was written: some of it is for few eyes."""
    return not nomination.sensitive or user.has_perm("awards.read_sensitive")


def rounds_with_results(user):
    """For staff: none that judges still mark, and none with an entry they have an interest in."""
    if not (user.is_staff and user.has_perm("awards.view_meeting")):
        return Round.objects.none()
    theirs = Conflict.objects.current().filter(judge__user=user)
    over = Round.objects.filter(state__in=RoundState.OVER)
    return over.exclude(category__in=theirs.values("nomination__category"))


def may_see_results(user, round_):
    return rounds_with_results(user).filter(pk=round_.pk).exists()


def may_decide(user):
    """Of a round whose results they may see."""
    return user.has_perm("awards.change_meeting")
