"""The dictionary on the pages of others: the page about it, its files, and its answer to a text."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html, format_html_join
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from cja_portal.kit.problems import problem
from cja_portal.kit.site import absolute
from cja_portal.kit.text import clean_query
from dictionary.embed import LONGEST_TEXT, current_script, current_words, script_with, words_in
from dictionary.models import Jurisdiction

FOR_EVER = "public, max-age=31536000, immutable"
# So long may a new or withdrawn meaning take to reach the pages of others.
FIVE_MINUTES = "public, max-age=300"


# -- The page -------------------------------------------------------------------------------------


@login_not_required
@require_safe
def embed(request):
    """Makes the script tag for a place and a part of a page, and shows it at work."""
    jurisdiction = request.GET.get("jurisdiction", "")
    jurisdiction = jurisdiction if jurisdiction in Jurisdiction.values else ""
    root = clean_query(request.GET.get("root", ""), longest=100)
    script, files = current_script(), current_words().files
    context = {
        "jurisdiction": jurisdiction,
        "jurisdictions": Jurisdiction.choices,
        "root": root,
        "script": script,
        "snippet": _snippet(script, jurisdiction, root),
        "longest_text": LONGEST_TEXT,
        "kilobytes": _kilobytes(script),
        "names_kilobytes": _kilobytes(files["labels.json"]),
        "guards_kilobytes": _kilobytes(files["guards.json"]),
    }
    return TemplateResponse(request, "dictionary/embed.html", context)


def _kilobytes(file):
    return -(-len(file.zipped) // 1000)


def _snippet(script, jurisdiction, root):
    """The script tag as it is to be pasted; a page that shows it must escape all of it."""
    address = absolute(reverse("dictionary:embed-script", args=[script.digest]))
    chosen = [("data-jurisdiction", jurisdiction), ("data-root", root)]
    attributes = [
        ("src", address),
        ("integrity", script.integrity),
        ("crossorigin", "anonymous"),
        *(pair for pair in chosen if pair[1]),
    ]
    return format_html("<script defer{}></script>", format_html_join("", '\n  {}="{}"', attributes))


# -- The files ------------------------------------------------------------------------------------


@login_not_required
@require_safe
def embed_script(request, digest):
    """The script as it was when somebody copied its address; it never changes."""
    script = script_with(digest)
    if script is None:
        raise Http404
    return _file(request, script, "text/javascript; charset=utf-8")


@login_not_required
@require_safe
def embed_labels(request):
    """The one address that the script knows: leads to the files of today."""
    return _to_current("labels.json", FIVE_MINUTES)


@login_not_required
@require_safe
def embed_data(request, stamp, name):
    """A file of the dictionary as it is now; from a former stamp a reader is led to it."""
    words = current_words()
    if name not in words.files:
        raise Http404
    if stamp != words.stamp:
        return _to_current(name, "no-store")
    return _file(request, words.files[name], "application/json")


def _to_current(name, kept):
    response = redirect("dictionary:embed-data", current_words().stamp, name)
    response["Cache-Control"] = kept
    return _for_everyone(response)


def _file(request, file, content_type):
    is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(file.zipped if is_zipped else file.body, content_type=content_type)
    if is_zipped:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = FOR_EVER
    patch_vary_headers(response, ["Accept-Encoding"])
    return _for_everyone(response)


def _for_everyone(response):
    """Any page may read it, without cookies: browsers refuse `*` to requests that bring some."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# -- The answer to a text -------------------------------------------------------------------------


@login_not_required
@csrf_exempt
@sensitive_variables()
def words(request):
    """Offsets and meanings of the words in a text sent as JSON. The text is not kept.

    For build steps, not for browsers: no CORS, so that no page sends its readers' text here.
    """
    if request.method != "POST":
        response = _refusal("Send the text in a POST request.", 405)
        response["Allow"] = "POST"
        return response
    try:
        text, jurisdiction = _asked(request)
    except ValueError as error:
        return _refusal(str(error), 400)
    if len(text) > LONGEST_TEXT:
        return _refusal("Send at most 100,000 characters at a time.", 413)
    return _private(JsonResponse({"words": list(words_in(text, jurisdiction))}))


@sensitive_variables()
def _asked(request):
    """Raises ValueError with a sentence for whoever sent it."""
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        raise ValueError('Send JSON such as {"text": "Bail was refused."}.') from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ValueError('Send an object with a string "text".')
    jurisdiction = asked.get("jurisdiction", "")
    if jurisdiction not in ["", *Jurisdiction.values]:
        raise ValueError(f"The jurisdiction is one of: {', '.join(Jurisdiction.values)}.")
    return asked["text"], jurisdiction


def _refusal(message, status):
    return _private(problem(message, status))


def _private(response):
    response["Cache-Control"] = "no-store"
    return response
