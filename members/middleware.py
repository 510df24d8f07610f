"""Whoever holds power over an organisation, or over the portal, proves a second factor first."""

from members.second_factor import ACCOUNT, duty_of, lead_to_proof

# Where people see what is asked of them.
ALWAYS_OPEN = {"members:my-home", "healthz", "readyz"}
HOME = "/my/"


def ask_for_second_factor(get_response):
    """Staff get no other page; owners and finance none that asks for a login.

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
