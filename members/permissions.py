"""Who may do what with people and organisations. Roles are read anew for each request."""

from functools import wraps

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404

from members.models import Affiliation, JoinRequest, Role
from members.models.invitation import Purpose

STAFF = "staff"
# Narrower kinds of staff, for whom administrators choose them instead.
CONTENT_STAFF, MEMBERSHIP_STAFF, FINANCE_STAFF = (
    "content staff",
    "membership staff",
    "finance staff",
)
JUDGES = "judges"


# -- What people may do -------------------------------------------------------------------------


def has_role(user, organisation, *roles):
    if not (user.is_authenticated and user.is_active):
        return False
    held = Affiliation.objects.current().filter(user=user, organisation=organisation)
    return held.with_role(*roles).exists()


def may_manage_people(user, organisation):
    return has_role(user, organisation, Role.OWNER)


def may_edit_profile(user, organisation):
    return has_role(user, organisation, Role.OWNER, Role.EDITOR)


def may_see_membership(user, organisation):
    """Who renews and sees invoices and payments."""
    return has_role(user, organisation, Role.OWNER, Role.FINANCE)


def may_keep_memberships(user):
    """No user stands for the operator at the server's command line."""
    return user is None or (user.is_active and user.is_staff)


def is_judge(user):
    return user.is_authenticated and user.is_in_group(JUDGES)


def may_invite(user, purpose, organisation=None):
    """Owners invite into their organisation, staff anybody but administrators.

    No user stands for the operator at the server's command line.
    """
    if user is None:
        return purpose != Purpose.ORGANISATION
    if not user.is_active:
        return False
    if purpose == Purpose.ADMINISTRATOR:
        return user.is_superuser
    if user.is_staff:
        return True
    return purpose == Purpose.ORGANISATION and may_manage_people(user, organisation)


def may_decide(user, join_request):
    """Owners decide who joins; staff do where owners left it for five working days."""
    if may_manage_people(user, join_request.organisation):
        return True
    is_for_staff = JoinRequest.objects.for_staff().filter(pk=join_request.pk).exists()
    return user.is_active and user.is_staff and is_for_staff


def may_settle_claims(user):
    return user.is_active and user.is_staff


def may_confirm_reset(user, whose):
    """Staff, but never their own; about an administrator only administrators decide."""
    is_high_enough = user.is_superuser or not whose.is_superuser
    return user.is_active and user.is_staff and user != whose and is_high_enough


def may_decide_applications(user):
    return user.is_active and user.is_staff


# -- Gates in front of views --------------------------------------------------------------------


def needs_role(*roles):
    """For /my/organisations/<slug>/…: 404 for those outside, 403 for those without the role.

    The view is given the organisation in place of its slug.
    """

    def decorate(view):
        @wraps(view)
        def gate(request, slug, **kwargs):
            held = Affiliation.objects.current().filter(user=request.user)
            affiliation = get_object_or_404(
                held.select_related("organisation"), organisation__slug=slug
            )
            if not affiliation.has_role(*roles):
                raise PermissionDenied
            return view(request, affiliation.organisation, **kwargs)

        return gate

    return decorate


# -- What staff may do in the admin ---------------------------------------------------------------

CONTENT_APPS = ["library", "dictionary", "awards"]
# People and logins are for administrators: staff see them, and act through the admin's actions.
KEPT_BY_STAFF = [
    *(
        "organisation",
        "theme",
        "area",
        "approveddomain",
        "shareddomain",
        "waitingtimes",
        "keepingtimes",
    ),
    *("feeband", "billingdetails", "criterion"),
]
MEMBERS_RIGHTS = Q(content_type__model__in=KEPT_BY_STAFF) | Q(
    codename__in=[
        "view_user",
        "view_affiliation",
        "view_auditevent",
        "view_invitation",
        "add_invitation",
        "view_invitationlink",
        "view_joinrequest",
        "change_joinrequest",
        "view_application",
        "change_application",
        "view_claim",
        "change_claim",
        "view_stillhere",
        "view_membershipperiod",
        "add_membershipperiod",
        "change_membershipperiod",
        "view_membershipbreak",
        "view_invoice",
        "change_invoice",
        "view_payment",
        "add_payment",
        "view_statementline",
        "change_statementline",
        "view_reminder",
        "view_contact",
        "view_detail",
        "view_profilerevision",
        "change_profilerevision",
        "view_complaint",
        "change_complaint",
        "view_erasure",
        "view_bounce",
        "add_bounce",
        "change_bounce",
        "view_blockedsender",
        "change_blockedsender",
        "delete_blockedsender",
        "view_factorreset",
        "change_factorreset",
        "view_donotinvite",
        "delete_donotinvite",
    ]
)


# Given to single people, not to all staff.
FOR_FEW = ["read_sensitive"]


MONEY = [
    *("feeband", "billingdetails", "membershipperiod", "invoice", "payment", "statementline"),
    *("membershipbreak", "reminder"),
]
SHARED = ["theme", "area"]


def give_staff_their_rights(**kwargs):
    """Give each kind of staff what it keeps. Runs after each migrate, for new models."""
    for label in [*CONTENT_APPS, "members"]:
        create_permissions(apps.get_app_config(label), verbosity=0)
    content = Q(content_type__app_label__in=CONTENT_APPS) & ~Q(codename__in=FOR_FEW)
    members = Q(content_type__app_label="members") & MEMBERS_RIGHTS
    money = members & Q(content_type__model__in=MONEY)
    kinds = {
        STAFF: content | members,
        CONTENT_STAFF: content | members & Q(content_type__model__in=SHARED),
        MEMBERSHIP_STAFF: members & ~Q(content_type__model__in=MONEY),
        FINANCE_STAFF: money | Q(codename="view_organisation"),
    }
    for name, rights in kinds.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(rights))
    Group.objects.get_or_create(name=JUDGES)
