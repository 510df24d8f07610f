"""Letters of the dictionary."""

from django.conf import settings
from django.template.loader import render_to_string

from cja_portal.kit.site import absolute
from members.emails import post


def suggestion_answered(suggestion, email):
    """Without the suggestion's own text: whoever typed the address may not own it."""
    context = {
        "suggestion": suggestion,
        "link": absolute(suggestion.get_absolute_url()),
        "site": settings.SITE_ORIGIN,
    }
    body = render_to_string("dictionary/emails/suggestion_answered.txt", context)
    post(f"Your suggestion {suggestion.reference} for the dictionary", body, [email])
