from django.urls import path

from dictionary import suggestion_views, views

app_name = "dictionary"
urlpatterns = [
    path("", views.entry_list, name="entry-list"),
    path("suggest-entries/", views.entry_suggest, name="entry-suggest"),
    path("suggest/", suggestion_views.suggestion_create, name="suggestion-create"),
    path("suggest/<slug:reference>/", suggestion_views.suggestion_detail, name="suggestion-detail"),
    path("changes/", views.change_list, name="change-list"),
    path("id/<int:pk>/", views.sense_detail, name="sense-detail"),
    path("<slug:slug>/", views.entry_detail, name="entry-detail"),
    path("<slug:slug>/v/", views.version_list, name="version-list"),
    path("<slug:slug>/v/<int:number>/", views.version_detail, name="version-detail"),
    path("<slug:slug>/v/<int:before>/<int:after>/", views.version_compare, name="version-compare"),
]
