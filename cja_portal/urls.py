"""Every address of the portal, room by room."""

from django.contrib import admin
from django.urls import include, path

from cja_portal import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("awards/", include("awards.urls")),
    path("dictionary/", include("dictionary.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("library/", include("library.urls")),
    path("readyz", health.readyz, name="readyz"),
    path("", include("members.urls")),
]
