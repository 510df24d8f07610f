from django.urls import include, path

from library import (
    collection_views,
    copy_request_views,
    feeds,
    harvest_views,
    quote_views,
    reading_views,
    saved_search_views,
    shelf_views,
    submission_views,
    views,
)

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
    path("collections/", collection_views.collection_list, name="collection-list"),
    path("collections/<slug:slug>/", collection_views.collection_detail, name="collection-detail"),
    path("searches/", saved_search_views.search_list, name="search-list"),
    path("searches/save/", saved_search_views.search_save, name="search-save"),
    path("searches/change/<uuid:uuid>/", saved_search_views.search_change, name="search-change"),
    path(
        "searches/confirm/<str:secret>/", saved_search_views.search_confirm, name="search-confirm"
    ),
    path("searches/manage/<str:token>/", saved_search_views.search_manage, name="search-manage"),
    path("searches/stop/<str:token>/", saved_search_views.search_stop, name="search-stop"),
    path("shelf/", shelf_views.shelf_list, name="shelf-list"),
    path("shelf/keep/<slug:slug>/", shelf_views.shelf_keep, name="shelf-keep"),
    path("shelf/<uuid:uuid>/", shelf_views.shelf_detail, name="shelf-detail"),
    path("shelf/<uuid:uuid>/change/", shelf_views.shelf_change, name="shelf-change"),
    path("shelf/<uuid:uuid>/cite.<str:form>", shelf_views.shelf_cite, name="shelf-cite"),
    path("shelves/<str:secret>/", shelf_views.shelf_shared, name="shelf-shared"),
    path(
        "shelves/<str:secret>/cite.<str:form>",
        shelf_views.shelf_shared_cite,
        name="shelf-shared-cite",
    ),
    path("<slug:slug>/", views.item_detail, name="item-detail"),
    path("<slug:slug>/cite.<str:form>", views.item_cite, name="item-cite"),
    path("<slug:slug>/request/", copy_request_views.copy_request, name="copy-request"),
    path("<slug:slug>/lent/<str:token>", copy_request_views.document_lent, name="document-lent"),
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
    path(
        "<slug:slug>/files/<str:name>/changes/",
        reading_views.document_changes,
        name="document-changes",
    ),
    path("oai", harvest_views.oai_answer, name="oai"),
    path("unapi", harvest_views.unapi, name="unapi"),
    path("<slug:slug>/linkset.json", harvest_views.item_linkset, name="item-linkset"),
]
