"""What the members app adds to the pages of others."""

from django import template
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.urls import reverse
from django.utils.http import urlencode

from cja_portal.kit.money import in_pounds
from members.health import health_of
from members.models import Audience, Organisation, Role
from members.models.membership import HIDING
from members.permissions import (
    has_role,
    may_edit_profile,
    may_manage_people,
    may_see_membership,
)
from members.second_factor import ACCOUNT, way_to_prove
from members.standing import standing_of

register = template.Library()
register.filter("money", in_pounds)

SHOWN = 12
NEIGHBOURS = 6
SEEN_BY = {
    Audience.PUBLIC: "",
    Audience.MEMBERS: "Seen by members only",
    Audience.OWN: "Seen by your owners, editors and CJA staff only",
}


@register.inclusion_tag("members/_owner_health.html", takes_context=True)
def owner_health(context, organisation):
    """A light for the owners of an organisation; for everybody else nothing."""
    if not may_manage_people(context["user"], organisation):
        return {}
    return {"organisation": organisation, "health": health_of(organisation)}


@register.inclusion_tag("members/_second_factor_notice.html", takes_context=True)
def second_factor_notice(context):
    """What is left to do about a second factor; on the pages where it is done, nothing."""
    request = context.get("request")
    duty = getattr(request, "factor_duty", None)
    if not duty or request.resolver_match.view_name.startswith(ACCOUNT):
        return {}
    way = duty.has_factor and reverse(way_to_prove(request.user))
    return {"duty": duty, "way": way, "is_staff": request.user.is_staff}


@register.simple_tag(takes_context=True)
def has_page(context, organisation):
    """Whether its public page opens. Asked once for all organisations that a page shows."""
    request = context.get("request")
    if hasattr(organisation, "is_hidden"):
        return organisation.is_listed and not organisation.is_hidden
    if not (organisation and organisation.is_listed and request):
        return bool(organisation and organisation.is_listed)
    if not hasattr(request, "hidden_organisations"):
        request.hidden_organisations = Organisation.objects.hidden_ids()
    return organisation.pk not in request.hidden_organisations


@register.inclusion_tag("members/_why_hidden.html", takes_context=True)
def why_hidden(context, organisation):
    """Why the public does not see its page: for staff and for its own people, nobody else."""
    user = context["user"]
    if not (user.is_staff or has_role(user, organisation, *Role)):
        return {}
    standing = standing_of(organisation)
    return {
        "organisation": organisation,
        "standing": standing if standing.status in HIDING else None,
        "may_renew": may_see_membership(user, organisation),
        "may_edit": may_edit_profile(user, organisation),
    }


@register.inclusion_tag("members/_organisations_about.html", takes_context=True)
def organisations_about(context, theme):
    """The organisations that work on a theme, with the way to all of them."""
    about = Organisation.objects.visible_to(context["user"]).listed().filter(themes=theme)
    count = about.count()
    return {
        "theme": theme,
        "organisations": about.prefetch_related("areas")[:SHOWN],
        "count": count,
        "more": max(count - SHOWN, 0),
        "address": f"{reverse('members:organisation-list')}?{urlencode({'theme': theme.slug})}",
    }


@register.inclusion_tag("members/_organisations_beside.html", takes_context=True)
def organisations_beside(context, organisation):
    """The few that share the most themes with this one, each with the themes they share.

    Equals begin with the next name in the alphabet, so that "A" does not always come first.
    """
    others = Organisation.objects.visible_to(context["user"]).listed().exclude(pk=organisation.pk)
    sharing = others.filter(themes__in=organisation.themes.all(), is_example=False)
    counted = sharing.annotate(
        shared=Count("themes"),
        shared_themes=ArrayAgg("themes__name", order_by="themes__position"),
        stands_before=_is_true(sort_name__lt=organisation.sort_name),
    )
    ranked = counted.order_by("-shared", "stands_before", "sort_name")
    return {"neighbours": ranked[:NEIGHBOURS]}


def _is_true(**condition):
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())


@register.filter
def working_places(organisation):
    """Where it works, as one phrase: an area is left out where a larger one says it already."""
    areas = list(organisation.areas.all())
    ids = {area.pk for area in areas}
    names = [area.name for area in areas if area.parent_id not in ids]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


@register.filter
def seen_by(audience):
    """A word of warning beside what not everybody sees."""
    return SEEN_BY[audience]
