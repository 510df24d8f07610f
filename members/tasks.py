"""What the background worker does for members."""

import json

from django.core.mail import EmailMessage
from django_tasks import task

from cja_portal.kit.seal import unseal


@task()
def send_mail(sealed_letter):
    """Send one letter. It is sealed because letters hold codes and links that open accounts."""
    EmailMessage(**json.loads(unseal(sealed_letter))).send()
