from django.urls import path

from library import feeds, reading_views, views

app_name = "library"
urlpatterns = [
    path("", views.item_list, name="item-list"),
    path("feed.atom", feeds.item_feed, name="item-feed"),
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
]
