from django.urls import path, register_converter
from django.urls.converters import StringConverter

from dictionary import data_views, embed_views, explaining, suggestion_views, views
from dictionary.exports.skos import FORMATS


class DataForm(StringConverter):
    """The ending of a file with one meaning."""

    regex = "|".join(FORMATS)


class ExportForm(StringConverter):
    """The ending of a file with all of them."""

    regex = "|".join([*data_views.WRITERS, "json"])


register_converter(DataForm, "data_form")
register_converter(ExportForm, "export_form")

app_name = "dictionary"
urlpatterns = [
    path("", views.entry_list, name="entry-list"),
    path("suggest-entries/", views.entry_suggest, name="entry-suggest"),
    path("explain/", explaining.text_explain, name="text-explain"),
    path("suggest/", suggestion_views.suggestion_create, name="suggestion-create"),
    path("suggest/<slug:reference>/", suggestion_views.suggestion_detail, name="suggestion-detail"),
    path("changes/", views.change_list, name="change-list"),
    path("embed/", embed_views.embed, name="embed"),
    path("embed/v1/labels.json", embed_views.embed_labels, name="embed-labels"),
    path("embed/v1/<slug:digest>/words.js", embed_views.embed_script, name="embed-script"),
    path("embed/v1/data/<slug:stamp>/<path:name>", embed_views.embed_data, name="embed-data"),
    path("changes.atom", data_views.change_feed, name="change-feed"),
    path("id/<int:pk>/", data_views.sense_detail, name="sense-detail"),
    path("id/<int:pk>.<data_form:form>", data_views.sense_data, name="sense-data"),
    path("data/", data_views.data, name="data"),
    path("export.<export_form:form>", data_views.export, name="export"),
    path("booklet.pdf", data_views.booklet_file, name="booklet"),
    path("offline.html", data_views.offline, name="offline"),
    path("opensearch.xml", data_views.opensearch, name="opensearch"),
    path(
        "opensearch-suggestions/",
        data_views.opensearch_suggestions,
        name="opensearch-suggestions",
    ),
    path("<slug:slug>/", views.entry_detail, name="entry-detail"),
    path("<slug:slug>/v/", views.version_list, name="version-list"),
    path("<slug:slug>/v/<int:number>/", views.version_detail, name="version-detail"),
    path("<slug:slug>/v/<int:before>/<int:after>/", views.version_compare, name="version-compare"),
]
