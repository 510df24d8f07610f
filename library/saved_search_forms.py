"""How people ask to be told of what is new."""

from django import forms

from cja_portal.kit.forms import EmailField
from library.models import Frequency

MAILED = [(value, label) for value, label in Frequency.choices if value in Frequency.mailed]


class FrequencyForm(forms.Form):
    """For people with an account, who may also keep a search without letters."""

    frequency = forms.ChoiceField(
        label="Tell me by e-mail",
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
    )


class AddressForm(forms.Form):
    """For everybody else."""

    email = EmailField(
        label="Your e-mail address",
        help_text="We write once to ask whether it is yours. Until you say yes there, nothing "
        "more is sent.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(
        label="How often?", choices=MAILED, initial=Frequency.WEEKLY, widget=forms.RadioSelect
    )
