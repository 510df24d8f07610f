from django.urls import path

from library import collection_views, feeds, saved_search_views, shelf_views, views

app_name = "library"
urlpatterns = [
    path("", views.item_list, name="item-list"),
    path("feed.atom", feeds.item_feed, name="item-feed"),
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
]
