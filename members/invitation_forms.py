"""What people type to invite others, and to make an account from an invitation."""

from allauth.account.forms import SignupForm
from allauth.core import context
from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect

from cja_portal.kit.forms import EmailField
from members.accounts import ACCEPTED, INVITATION, invitation_in
from members.actions.invitations import InvitationError, accept_invitation, lock_invitation
from members.models import Organisation, Role
from members.models.invitation import Purpose
from members.permissions import may_invite

ROLES_EXPLAINED = [
    (Role.OWNER, "Owner: invites people, gives roles and edits the profile"),
    (Role.EDITOR, "Editor: edits the profile and publications"),
    (Role.FINANCE, "Finance: sees fees and renewals"),
    (Role.SIGNATORY, "Signatory: signs joint statements for the organisation"),
    (Role.PARTICIPANT, "Participant: takes part in projects, meetings and surveys"),
]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        choices=ROLES_EXPLAINED,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Give this person at least one role."},
    )


class InviteForm(RolesForm):
    email = EmailField(
        label="E-mail address",
        help_text="The invitation works for this address only.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["email", "roles"]


class StaffInviteForm(forms.Form):
    """For the admin: an invitation of any kind that this member of staff may give."""

    email = InviteForm.base_fields["email"]
    purpose = forms.ChoiceField()
    organisation = forms.ModelChoiceField(Organisation.objects.all(), required=False)
    roles = forms.MultipleChoiceField(
        choices=ROLES_EXPLAINED, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [choice for choice in Purpose.choices if may_invite(by, choice[0])]
        self.fields["purpose"].choices = choices

    def clean(self):
        data = super().clean()
        for_organisation = data.get("purpose") == Purpose.ORGANISATION
        if for_organisation and not (data.get("organisation") and data.get("roles")):
            raise forms.ValidationError("Name the organisation and at least one role.")
        if not for_organisation and (data.get("organisation") or data.get("roles")):
            raise forms.ValidationError("Only an organisation's people have roles.")
        return data


class InvitedSignupForm(SignupForm):
    """allauth's sign-up with the address that the invitation fixes; it also accepts it."""

    name = forms.CharField(
        label="Your name",
        max_length=150,
        help_text="Your colleagues at the organisation and CJA staff see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["email", "name", "password1"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = invitation_in(context.request)
        self.initial["email"] = self.invitation.email
        self.fields["email"].widget.attrs |= {"readonly": True, "autocomplete": "username"}

    def clean_email(self):
        if self.cleaned_data["email"].lower() != self.invitation.email:
            raise forms.ValidationError("The invitation is for the address it was sent to.")
        return super().clean_email()

    def try_save(self, request):
        """The lock comes first: of two sign-ups at once, the second finds the invitation used."""
        try:
            with transaction.atomic():
                lock_invitation(self.invitation)
                return self._save_and_accept(request)
        except InvitationError:
            return None, redirect("members:invitation-accept")

    def _save_and_accept(self, request):
        if invitation_in(request) is None:
            raise InvitationError("This invitation has been used or withdrawn, or is too old.")
        user, response = super().try_save(request)
        if user:
            accept_invitation(self.invitation, by=user)
            del request.session[INVITATION]
            messages.success(request, ACCEPTED)
        return user, response
