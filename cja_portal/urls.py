"""Every address of the portal, room by room."""

from django.contrib import admin
from django.urls import include, path

from cja_portal import health, views
from cja_portal.privacy import views as privacy
from members.views.my import key_remove

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", key_remove, name="mfa_remove_webauthn"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/dictionary/v1/", include("dictionary.api_urls")),
    path("awards/", include("awards.urls")),
    path("dictionary/", include("dictionary.urls")),
    path("favicon.ico", views.favicon, name="favicon"),
    path("letters/stop/<str:token>/", privacy.letters_stop, name="letters-stop"),
    path("my/privacy/", privacy.privacy_home, name="privacy-home"),
    path("my/privacy/erase/", privacy.privacy_erase, name="privacy-erase"),
    path("my/privacy/export/", privacy.privacy_export, name="privacy-export"),
    path("privacy/complaint/", privacy.complaint_create, name="complaint-create"),
    path("healthz", health.healthz, name="healthz"),
    path("library/", include("library.urls")),
    path("privacy/", views.privacy, name="privacy"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("search/", views.search, name="search"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", views.sitemap_section, name="sitemap-section"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("themes/", views.theme_list, name="theme-list"),
    path("themes/<slug:slug>/", views.theme_detail, name="theme-detail"),
    path("", include("members.urls")),
]

handler400 = "cja_portal.views.bad_request"
handler403 = "cja_portal.views.permission_denied"
handler404 = "cja_portal.views.page_not_found"
handler429 = "cja_portal.views.too_many_requests"
handler500 = "cja_portal.views.server_error"
