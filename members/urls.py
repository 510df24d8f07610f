from django.urls import path

from members.views import (
    applying,
    bounces,
    coverage,
    factor_resets,
    invitations,
    joining,
    leaving,
    membership,
    my,
    organisations,
    profiles,
)

app_name = "members"

# Before the directory, for the addresses of organisations begin the same way.
applications = [
    path("members/join/", applying.application_start, name="application-start"),
    path("members/join/<slug:reference>/", applying.application_detail, name="application-detail"),
    path(
        "members/join/<slug:reference>/change/",
        applying.application_change,
        name="application-change",
    ),
    path(
        "members/join/<slug:reference>/check/",
        applying.application_check,
        name="application-check",
    ),
    path(
        "members/join/<slug:reference>/<slug:page>/",
        applying.application_page,
        name="application-page",
    ),
]
directory = [
    path("mail/events/", bounces.mail_events, name="mail-events"),
    path("members/", organisations.organisation_list, name="organisation-list"),
    path("members/coverage/", coverage.coverage, name="coverage"),
    path("members/export/", coverage.directory_export, name="directory-export"),
    path("members/map/", coverage.area_map, name="area-map"),
    path("members/<slug:slug>/", organisations.organisation_detail, name="organisation-detail"),
    path("members/<slug:slug>/ask/", joining.join_ask, name="join-ask"),
    path(
        "members/<slug:slug>/contact/",
        organisations.organisation_contact,
        name="organisation-contact",
    ),
]
invitation_pages = [
    path("invitations/", invitations.invitation_accept, name="invitation-accept"),
    path("invitations/decline/", invitations.invitation_decline, name="invitation-decline"),
    path("invitations/<str:secret>/", invitations.invitation_open, name="invitation-open"),
]
links_in_letters = [
    path("applications/<str:secret>/", applying.application_open, name="application-open"),
    path("joining/<str:secret>/", joining.join_confirm, name="join-confirm"),
    path("messages/<str:secret>/", organisations.sender_block, name="sender-block"),
    path("claims/<str:secret>/", joining.claim_object, name="claim-object"),
]
lost_factors = [
    path("lost-second-step/", factor_resets.factor_lost, name="factor-lost"),
    path("lost-second-step/<str:secret>/", factor_resets.factor_reset_ask, name="factor-reset-ask"),
    path(
        "lost-second-step/<str:secret>/stop/",
        factor_resets.factor_reset_stop,
        name="factor-reset-stop",
    ),
    path(
        "lost-second-step/<str:secret>/finish/",
        factor_resets.factor_reset_finish,
        name="factor-reset-finish",
    ),
]
my_pages = [
    path("my/", my.my_home, name="my-home"),
    path("my/letters-again/", bounces.letters_again, name="letters-again"),
    path("my/still-here/", leaving.still_here, name="still-here"),
]
my_organisations = [
    path(
        "my/organisations/<slug:slug>/invitations/<uuid:uuid>/",
        invitations.invitation_change,
        name="invitation-change",
    ),
    path(
        "my/organisations/<slug:slug>/leave/", leaving.organisation_leave, name="organisation-leave"
    ),
    path(
        "my/organisations/<slug:slug>/membership/",
        membership.membership_detail,
        name="membership-detail",
    ),
    path(
        "my/organisations/<slug:slug>/renew/", membership.membership_renew, name="membership-renew"
    ),
    path(
        "my/organisations/<slug:slug>/invoices/<uuid:uuid>.pdf",
        membership.invoice_file,
        name="invoice-file",
    ),
    path("my/organisations/<slug:slug>/people/", invitations.people_list, name="people-list"),
    path(
        "my/organisations/<slug:slug>/people/<uuid:uuid>/",
        invitations.people_change,
        name="people-change",
    ),
    path(
        "my/organisations/<slug:slug>/requests/<uuid:uuid>/",
        joining.join_request_change,
        name="join-request-change",
    ),
    path("my/organisations/<slug:slug>/profile/", profiles.profile_edit, name="profile-edit"),
    path(
        "my/organisations/<slug:slug>/profile/history/",
        profiles.profile_history,
        name="profile-history",
    ),
    path(
        "my/organisations/<slug:slug>/profile/names/", profiles.profile_names, name="profile-names"
    ),
    path(
        "my/organisations/<slug:slug>/profile/publish/",
        profiles.profile_publish,
        name="profile-publish",
    ),
    path("my/organisations/<slug:slug>/contact/", profiles.contact_edit, name="contact-edit"),
]
urlpatterns = (
    applications
    + directory
    + invitation_pages
    + links_in_letters
    + lost_factors
    + my_pages
    + my_organisations
)
