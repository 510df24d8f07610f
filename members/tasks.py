"""What the background worker does for members."""

import json

from django.core.mail import EmailMessage
from django_tasks import task

from cja_portal.kit.seal import unseal
from members.models import Bounce


@task()
def send_mail(sealed_letter):
    """Send one letter. It is sealed because letters hold codes and links that open accounts.

    Addresses from which letters come back get none: else mail services stop sending ours at all.
    A letter to nobody takes as much work as one to somebody.
    """
    letter = json.loads(unseal(sealed_letter))
    dead = set(Bounce.objects.dead().at(letter["to"] or [""]).values_list("email", flat=True))
    letter["to"] = [address for address in letter["to"] if address.lower() not in dead]
    EmailMessage(**letter).send()
