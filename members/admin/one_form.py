"""A page of the admin that is one form, whose press does one thing."""

from django.template.response import TemplateResponse
from django.urls import reverse


def one_form(model_admin, request, form, *, title, button):
    opts = model_admin.opts
    context = model_admin.admin_site.each_context(request) | {
        "title": title,
        "button": button,
        "form": form,
        "opts": opts,
        "list_address": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
    }
    return TemplateResponse(request, "admin/members/one_form.html", context)
