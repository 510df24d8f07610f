"""Which site the admin is. It stands apart, because the site knows models and this must not."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "cja_portal.admin_site.PortalAdminSite"
