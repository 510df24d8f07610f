"""The staff's working room."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "cja_portal.admin_site.PortalAdminSite"


class PortalAdminSite(admin.AdminSite):
    site_title = "CJA portal"
    site_header = "CJA portal"
    index_title = "Work waiting"
