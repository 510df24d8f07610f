"""What people type to be let in, to object, and to hand over."""

from django import forms

from cja_portal.kit.forms import EmailField
from members.invitation_forms import ROLES_EXPLAINED
from members.models import Role

LONGEST = 500


class JoinLinkForm(forms.Form):
    email = EmailField(
        label="Your e-mail address at the organisation",
        help_text="We write to it, to see that it is yours.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class JoinRequestForm(forms.Form):
    name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    message = forms.CharField(
        label="What you do there",
        required=False,
        max_length=LONGEST,
        help_text="A sentence helps others to recognise you. You can leave it empty.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ObjectionForm(forms.Form):
    objection = forms.CharField(
        label="Why it is not right",
        max_length=LONGEST,
        help_text="CJA staff read it. The person who made the claim does not.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LostFactorLinkForm(forms.Form):
    email = EmailField(
        label="The e-mail address you log in with",
        help_text="We write to it, to see that it is yours.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LostFactorForm(forms.Form):
    words = forms.CharField(
        label="How can CJA staff make sure that it is you?",
        max_length=LONGEST,
        help_text="For example a telephone number of your organisation, and when to call.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class BlockForm(forms.Form):
    is_reported = forms.BooleanField(
        label="Tell CJA staff too",
        required=False,
        help_text="For threats, abuse, fraud or advertising. They see the sender and your words.",
    )
    words = forms.CharField(
        label="What is wrong with the message",
        required=False,
        max_length=LONGEST,
        help_text="You can copy the message here: the portal keeps none.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class HandoverForm(forms.Form):
    """One question for each role that an owner holds: who takes it over?"""

    def __init__(self, *args, affiliation, needs_owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.affiliation = affiliation
        self.colleagues = list(_colleagues_of(affiliation))
        for role, _ in ROLES_EXPLAINED:
            if self._is_to_hand_over(role):
                self.fields[role] = self._question(role, needs_owner and role == Role.OWNER)

    def _is_to_hand_over(self, role):
        is_owner = self.affiliation.has_role(Role.OWNER)
        return is_owner and role != Role.PARTICIPANT and role in self.affiliation.roles

    def _question(self, role, is_needed):
        people = [(str(place.uuid), str(place.user)) for place in self.colleagues]
        nobody = [("", "Choose a person" if is_needed else "Nobody, for now")]
        return forms.ChoiceField(
            label=f"Who takes over as {Role(role).label.lower()}?",
            choices=nobody + people,
            required=is_needed,
            error_messages={"required": "You are the last owner: choose who takes over."},
        )

    def successors(self):
        """The place that takes over each role."""
        by_uuid = {str(place.uuid): place for place in self.colleagues}
        return {role: by_uuid[uuid] for role, uuid in self.cleaned_data.items() if uuid}


def _colleagues_of(affiliation):
    places = affiliation.organisation.affiliations.current().filter(user__is_active=True)
    return places.exclude(pk=affiliation.pk).select_related("user").order_by("user__email")
