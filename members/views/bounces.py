"""Where a mail service tells what came back, and where its reader says that an address works."""

import logging

from anymail.exceptions import AnymailError
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cja_portal.kit.visitors import is_within
from members.actions.bounces import write_again
from members.models import Bounce

MOST_A_DAY, DAY = 3, 24 * 60 * 60
SERVICES = {
    "amazon_ses": AmazonSESTrackingWebhookView,
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
}

NOT_UNDERSTOOD = (AnymailError, AttributeError, LookupError, TypeError, ValueError)
logger = logging.getLogger("django.request")


@csrf_exempt
@login_not_required
def mail_events(request):
    """Only the service that sends our letters, and only with the secret that we agreed on."""
    service = SERVICES.get(settings.MAIL_DELIVERY)
    if not (service and settings.ANYMAIL.get("WEBHOOK_SECRET")):
        raise Http404
    try:
        return service.as_view()(request)
    except SuspiciousOperation:  # a stranger: Django refuses them and writes to nobody
        raise
    except NOT_UNDERSTOOD as error:
        logger.error(
            "A report of %s was not understood: %s.", service.esp_name, type(error).__name__
        )
        return HttpResponseBadRequest("This report was not understood.")


@require_POST
def letters_again(request):
    """For the person whose address it is."""
    own = Bounce.objects.open().filter(email=request.user.email).first()
    if own and is_within("letters-again", str(request.user.pk), most=MOST_A_DAY, seconds=DAY):
        write_again(own, by=request.user)
        messages.success(request, "Thank you. We write to you again.")
    return redirect("members:my-home")
