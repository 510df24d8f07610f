"""What is asked of whoever is logged in, and noted of them, before a page is shown."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone

from members.second_factor import ACCOUNT, duty_of, lead_to_proof

# Where people see what is asked of them.
ALWAYS_OPEN = {"members:my-home", "healthz", "readyz"}
HOME = "/my/"
VISIT = timedelta(minutes=5)


def note_visits(get_response):
    """Keep the list of a person's sessions: a new device at once, "last seen" within VISIT.

    It stands in for allauth's own middleware, which writes a row for every page.
    """

    def show(request):
        if settings.USERSESSIONS_TRACK_ACTIVITY and request.session.session_key:
            _note_visit(request)
        return get_response(request)

    return show


def _note_visit(request):
    if not request.user.is_authenticated:
        return
    key, now, visit = request.session.session_key, timezone.now(), _visit(request)
    fresh = UserSession.objects.filter(session_key=key, last_seen_at__gt=now - VISIT, **visit)
    if not fresh.exists():
        UserSession.objects.bulk_create(
            [UserSession(session_key=key, last_seen_at=now, **visit)],
            update_conflicts=True,
            unique_fields=["session_key"],
            update_fields=["last_seen_at", *visit],
        )


def _visit(request):
    longest = UserSession._meta.get_field("user_agent").max_length
    return {
        "user": request.user,
        "ip": get_adapter().get_client_ip(request),
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:longest],
    }


def ask_for_second_factor(get_response):
    """Whoever holds power over an organisation, or over the portal, proves a second factor first.

    Staff get no other page; owners and finance none that asks for a login.

    The admin asks by itself, and more often.
    """

    def show(request):
        return get_response(request)

    def process_view(request, view, arguments, names):
        request.factor_duty = duty_of(request) if _is_asked(request, view) else None
        if not (request.factor_duty and request.factor_duty.is_due) or _is_open(request):
            return None
        return lead_to_proof(request, request.get_full_path() if request.method == "GET" else HOME)

    show.process_view = process_view
    return show


def _is_asked(request, view):
    if not request.user.is_authenticated or request.resolver_match.app_name == "admin":
        return False
    return request.user.is_staff or getattr(view, "login_required", True)


def _is_open(request):
    name = request.resolver_match.view_name
    return name in ALWAYS_OPEN or name.startswith((*ACCOUNT, "members:factor-"))
