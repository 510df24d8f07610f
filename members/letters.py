"""Which letters people get. Duties cannot be switched off: see `Topic` for what can be."""

from django import forms
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from cja_portal.kit.site import absolute
from members.models import LetterOff, Topic, User

_LINKS = Signer(salt="members.letters")


class LettersForm(forms.Form):
    topics = forms.MultipleChoiceField(
        label="Write to me about",
        choices=Topic,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Letters about money to pay, your safety, and who may come in always come.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        off = set(user.letters_off.values_list("topic", flat=True))
        self.fields["topics"].initial = [topic for topic in Topic.values if topic not in off]


@transaction.atomic
def choose_letters(user, wanted):
    """Switch on the topics in `wanted`, and all others off."""
    user.letters_off.filter(topic__in=wanted).delete()
    for topic in set(Topic.values) - set(wanted):
        stop_letter(user, topic)


def stop_letter(user, topic):
    LetterOff.objects.get_or_create(user=user, topic=topic)


def without(topic, addresses):
    """The addresses whose people have not switched this topic off."""
    off = LetterOff.objects.filter(topic=topic, user__email__in=addresses)
    unwanted = set(off.values_list("user__email", flat=True))
    return [address for address in addresses if address not in unwanted]


# -- One press (RFC 8058) -------------------------------------------------------------------------


def stop_address(address, topic):
    """Where one press stops this topic for whoever logs in with the address, or ""."""
    pk = User.objects.filter(email=address).values_list("pk", flat=True).first()
    token = _LINKS.sign(f"{pk}:{topic}")
    return absolute(reverse("letters-stop", args=[token])) if pk else ""


def of_token(token):
    """The user and the topic that an address of ours names, or two Nones."""
    try:
        pk, _, topic = _LINKS.unsign(token).partition(":")
    except BadSignature:
        return None, None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return (user, Topic(topic)) if user and topic in Topic.values else (None, None)


def unsubscribe_headers(address):
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
