from django.urls import path

from dictionary import embed_views, explaining, views

app_name = "dictionary"
urlpatterns = [
    path("", views.entry_list, name="entry-list"),
    path("suggest-entries/", views.entry_suggest, name="entry-suggest"),
    path("explain/", explaining.text_explain, name="text-explain"),
    path("changes/", views.change_list, name="change-list"),
    path("embed/", embed_views.embed, name="embed"),
    path("embed/v1/labels.json", embed_views.embed_labels, name="embed-labels"),
    path("embed/v1/<slug:digest>/words.js", embed_views.embed_script, name="embed-script"),
    path("embed/v1/data/<slug:stamp>/<path:name>", embed_views.embed_data, name="embed-data"),
    path("id/<int:pk>/", views.sense_detail, name="sense-detail"),
    path("<slug:slug>/", views.entry_detail, name="entry-detail"),
    path("<slug:slug>/v/", views.version_list, name="version-list"),
    path("<slug:slug>/v/<int:number>/", views.version_detail, name="version-detail"),
    path("<slug:slug>/v/<int:before>/<int:after>/", views.version_compare, name="version-compare"),
]
