from django.urls import path

from dictionary import views

app_name = "dictionary"
urlpatterns = [
    path("", views.entry_list, name="entry-list"),
    path("suggest-entries/", views.entry_suggest, name="entry-suggest"),
    path("<slug:slug>/", views.entry_detail, name="entry-detail"),
]
