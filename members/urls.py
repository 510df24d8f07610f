from django.urls import path

from members.views import invitations, my, organisations, profiles

app_name = "members"

directory = [
    path("members/", organisations.organisation_list, name="organisation-list"),
    path("members/<slug:slug>/", organisations.organisation_detail, name="organisation-detail"),
]
invitation_pages = [
    path("invitations/", invitations.invitation_accept, name="invitation-accept"),
    path("invitations/decline/", invitations.invitation_decline, name="invitation-decline"),
    path("invitations/<str:secret>/", invitations.invitation_open, name="invitation-open"),
]
my_pages = [
    path("my/", my.my_home, name="my-home"),
]
my_organisations = [
    path(
        "my/organisations/<slug:slug>/invitations/<uuid:uuid>/",
        invitations.invitation_change,
        name="invitation-change",
    ),
    path("my/organisations/<slug:slug>/people/", invitations.people_list, name="people-list"),
    path(
        "my/organisations/<slug:slug>/people/<uuid:uuid>/",
        invitations.people_change,
        name="people-change",
    ),
    path("my/organisations/<slug:slug>/profile/", profiles.profile_edit, name="profile-edit"),
]
urlpatterns = directory + invitation_pages + my_pages + my_organisations
