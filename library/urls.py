from django.urls import include, path

from library import feeds, harvest_views, quote_views, reading_views, submission_views, views

app_name = "library"
submission_pages = [
    path("", submission_views.submission_detail, name="submission-detail"),
    path("edit/", submission_views.submission_edit, name="submission-edit"),
    path("check/", submission_views.submission_check, name="submission-check"),
    path("preview/", submission_views.submission_preview, name="submission-preview"),
    path("files/<str:name>", submission_views.submission_file, name="submission-file"),
    path("discard/", submission_views.submission_discard, name="submission-discard"),
    path("take-back/", submission_views.submission_take_back, name="submission-take-back"),
    path("request/", submission_views.submission_request, name="submission-request"),
]
urlpatterns = [
    path("", views.item_list, name="item-list"),
    path("data/", harvest_views.library_data, name="data"),
    path("export.<str:form>", harvest_views.search_export, name="search-export"),
    path("feed.atom", feeds.item_feed, name="item-feed"),
    path("quote/", quote_views.quote_check, name="quote-check"),
    path("submit/", submission_views.item_submit, name="item-submit"),
    path("submit/<slug:slug>/", submission_views.submission_list, name="submission-list"),
    path("submissions/<uuid:uuid>/", include(submission_pages)),
    path("<slug:slug>/", views.item_detail, name="item-detail"),
    path("<slug:slug>/cite.<str:form>", views.item_cite, name="item-cite"),
    path("<slug:slug>/files/<str:name>", reading_views.document_file, name="document-file"),
    path(
        "<slug:slug>/files/<str:name>/cover.webp",
        reading_views.document_cover,
        name="document-cover",
    ),
    path(
        "<slug:slug>/files/<str:name>/page/<int:number>/",
        reading_views.page_detail,
        name="page-detail",
    ),
    path("oai", harvest_views.oai_answer, name="oai"),
    path("unapi", harvest_views.unapi, name="unapi"),
    path("<slug:slug>/", views.item_detail, name="item-detail"),
    path("<slug:slug>/cite.<str:form>", views.item_cite, name="item-cite"),
    path("<slug:slug>/linkset.json", harvest_views.item_linkset, name="item-linkset"),
]
