from django.urls import path

from library import feeds, harvest_views, views

app_name = "library"
urlpatterns = [
    path("", views.item_list, name="item-list"),
    path("data/", harvest_views.library_data, name="data"),
    path("export.<str:form>", harvest_views.search_export, name="search-export"),
    path("feed.atom", feeds.item_feed, name="item-feed"),
    path("oai", harvest_views.oai_answer, name="oai"),
    path("unapi", harvest_views.unapi, name="unapi"),
    path("<slug:slug>/", views.item_detail, name="item-detail"),
    path("<slug:slug>/cite.<str:form>", views.item_cite, name="item-cite"),
    path("<slug:slug>/linkset.json", harvest_views.item_linkset, name="item-linkset"),
]
