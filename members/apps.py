from anymail.signals import tracking
from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Members"

    def ready(self):
        give_rights = import_string("members.permissions.give_staff_their_rights")
        post_migrate.connect(give_rights, sender=self, dispatch_uid="give_staff_their_rights")
        note = import_string("members.actions.bounces.note_tracking_event")
        tracking.connect(note, dispatch_uid="note_tracking_event")
        added = import_string("allauth.mfa.signals.authenticator_added")
        proved = import_string("members.second_factor.note_set_up")
        added.connect(proved, dispatch_uid="note_set_up")
