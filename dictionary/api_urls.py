from django.urls import path

from dictionary import api, embed_views

app_name = "dictionary-api"
urlpatterns = [
    path("", api.index, name="index"),
    path("openapi.json", api.description, name="openapi"),
    path("search", api.search_entries, name="search"),
    path("suggest", api.suggest_entries, name="suggest"),
    path("entries", api.entries, name="entries"),
    path("entries/<slug:slug>", api.entry, name="entry"),
    path("senses/<int:pk>", api.sense, name="sense"),
    path("changes", api.changes, name="changes"),
    path("dump", api.dump, name="dump"),
    path("words", embed_views.words, name="words"),
    path("<path:rest>", api.unknown, name="unknown"),
]
