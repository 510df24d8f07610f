"""Pages that belong to no app."""

from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse


@login_not_required
def home(request):
    return TemplateResponse(request, "home.html")


def csrf_failure(request, reason=""):
    return TemplateResponse(request, "403_csrf.html", status=403)
