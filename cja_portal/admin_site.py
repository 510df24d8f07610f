"""The staff's working room: no login form of its own, and it opens on the work that waits."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models.base import ModelBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from cja_portal.work import waiting_work
from members.second_factor import is_proved, lead_to_proof

# allauth's pages show second factors in clear and let staff call any address verified; what the
# groups may do stands in members/permissions.py.
KEPT_OUT = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "auth.Group",
    "mfa.Authenticator",
    "usersessions.UserSession",
}


class Suggestions(AutocompleteJsonView):
    """Refuses a field that points here from another table, and gives each page an order.

    Django fails on the one, and may name a row twice, or never, without the other.
    """

    def process_request(self, request):
        found = super().process_request(request)
        _, _, field, _ = found
        if not field.concrete:
            raise PermissionDenied
        return found

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if rows.ordered else rows.order_by("pk")


class PortalAdminSite(admin.AdminSite):
    site_title = "CJA portal"
    site_header = "CJA portal"
    index_title = "Work waiting"
    index_template = "admin/portal_index.html"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        is_one = isinstance(model_or_iterable, ModelBase)
        models = [model_or_iterable] if is_one else model_or_iterable
        wanted = [model for model in models if model._meta.label not in KEPT_OUT]
        super().register(wanted, admin_class, **options)

    def has_permission(self, request):
        """Asked at the gate and again by the page: the second factor is looked up once a visit."""
        if not super().has_permission(request):
            return False
        if not hasattr(request, "is_proved_for_admin"):
            request.is_proved_for_admin = is_proved(request)
        return request.is_proved_for_admin

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request, extra_context=None):
        """Never a form: send people to the step that is missing, then on."""
        target = self._safe_next(request)
        if not request.user.is_authenticated:
            query = urlencode({REDIRECT_FIELD_NAME: target})
            return redirect(f"{reverse('account_login')}?{query}")
        if not request.user.is_staff:
            raise PermissionDenied
        if self.has_permission(request):
            return redirect(target)
        return lead_to_proof(request, target)

    @method_decorator(login_not_required)
    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_change_password")

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None):
        work = waiting_work(request.user)
        queues = {
            "waiting_work": [queue for queue in work if queue.count],
            "quiet_work": [queue for queue in work if not queue.count],
        }
        return super().index(request, queues | (extra_context or {}))

    def _safe_next(self, request):
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_safe = url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        own_door = reverse("admin:login", current_app=self.name)
        return target if is_safe and not target.startswith(own_door) else resolve_url("admin:index")
