"""Which letters people get. Duties cannot be switched off: see `Topic` for what can be."""

import json

from cryptography.fernet import InvalidToken
from django import forms
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from cja_portal.kit.seal import seal, unseal
from cja_portal.kit.site import absolute
from members.models import Bounce, LetterOff, Topic, User


class LettersForm(forms.Form):
    topics = forms.MultipleChoiceField(
        label="Write to me about",
        choices=Topic,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Letters about money to pay, your safety, who may come in, and what you have to do "
            "always come."
        ),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        off = set(LetterOff.objects.of(user).values_list("topic", flat=True))
        self.fields["topics"].initial = [topic for topic in Topic.values if topic not in off]


@transaction.atomic
def choose_letters(user, wanted):
    """Switch on the topics in `wanted`, and all others off."""
    LetterOff.objects.of(user).filter(topic__in=wanted).delete()
    for topic in set(Topic.values) - set(wanted):
        stop_letter({"user": user}, topic)


def stop_letter(reader, topic):
    LetterOff.objects.get_or_create(**reader, topic=topic)


def want_letter(reader, topic):
    LetterOff.objects.filter(**reader, topic=topic).delete()


def without(topic, addresses):
    """The addresses whose people want this topic: who called a letter spam wants none."""
    switched_off = Q(user__email__in=addresses) | Q(email__in=addresses)
    off = LetterOff.objects.filter(switched_off, topic=topic)
    unwanted = {address for pair in off.values_list("user__email", "email") for address in pair}
    refusing = Bounce.objects.refusing_news().at(addresses)
    unwanted |= set(refusing.values_list("email", flat=True))
    return [address for address in addresses if not {address, address.lower()} & unwanted]


# -- One press (RFC 8058) -------------------------------------------------------------------------


def stop_address(address, topic):
    """Where one press stops this topic, for whoever logs in with the address or has no account.

    It is sealed: addresses in links stand in the logs of others.
    """
    pk = User.objects.filter(email=address).values_list("pk", flat=True).first()
    token = seal(json.dumps([pk, "" if pk else address, topic]))
    return absolute(reverse("letters-stop", args=[token]))


def of_token(token):
    """The reader, as the fields of a `LetterOff`, and the topic of a link; or two Nones."""
    try:
        pk, address, topic = json.loads(unseal(token))
        topic = Topic(topic)
    except (InvalidToken, ValueError):
        return None, None
    if not pk:
        return {"email": address}, topic
    user = User.objects.filter(pk=pk, is_active=True).first()
    return ({"user": user}, topic) if user else (None, None)


def unsubscribe_headers(address):
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
