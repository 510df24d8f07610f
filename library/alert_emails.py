"""Letters about saved searches."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cja_portal.kit.site import absolute, host_name
from library.models import Letter
from library.search_words import query_in_words
from members.emails import post
from members.letters import unsubscribe_headers


def confirm(saved, secret):
    """Without the words of the search: whoever typed the address could write anything in them."""
    context = {
        "saved": saved,
        "link": absolute(reverse("library:search-confirm", args=[secret])),
        "site": settings.SITE_ORIGIN,
    }
    body = render_to_string("library/emails/search_confirm.txt", context)
    post("Do you want letters about new items in the CJA library?", body, [saved.email])


def alert(letter, items):
    """The message of one letter; not sent yet, since the ledger has to know of it first."""
    search = letter.search
    context = {
        "letter": letter,
        "search": search,
        "words": query_in_words(search),
        "items": [(item, absolute(item.get_absolute_url())) for item in items],
        "link": absolute(search.get_absolute_url()),
        "doubts": Letter.objects.in_doubt_for([search]).exclude(pk=letter.pk),
        "manage": _manage(search),
        "stop": absolute(reverse("library:search-stop", args=[search.token])),
        "site": settings.SITE_ORIGIN,
    }
    body = render_to_string("library/emails/alert.txt", context)
    return EmailMessage(_subject(items), body, to=[search.address], headers=_headers(letter))


def _subject(items):
    title = items[0].full_title
    if len(items) == 1:
        return f"New in the CJA library: {' '.join(title.split())}"[:150]
    return f"{len(items)} new items in the CJA library"


def _manage(search):
    if search.owner_id:
        return absolute(reverse("library:search-list"))
    return absolute(reverse("library:search-manage", args=[search.token]))


def _headers(letter):
    """RFC 8058: the reader's mail program may offer a button that stops the letters at once."""
    host = host_name()
    stop = absolute(reverse("library:search-stop", args=[letter.search.token]))
    return {
        "Message-ID": f"<{letter.uuid}@{host}>",
        "Auto-Submitted": "auto-generated",
    } | unsubscribe_headers(stop)
