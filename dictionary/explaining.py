"""The page that explains a reader's own text, and forgets it."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from dictionary.explain import explain
from dictionary.forms import ExplainForm

MOST_READ = 32 * 1024 * 1024  # of a body that we refuse: a browser shows our answer only then
LARGEST_BODY = 2 * 1024 * 1024  # a hundred thousand letters of any script, as forms encode them
PLAIN_FORM = "application/x-www-form-urlencoded"
TOO_LARGE = (
    "That is too long for us to read at once. Paste a part of it, up to 100,000 characters. "
    "We have kept nothing."
)
NOT_TEXT = "We can read only text that you paste here, no files. We have kept nothing."


def refuse_what_is_no_short_text(view):
    """Answer files and huge bodies before anything reads them: Django would put files on disk."""

    @wraps(view)
    def look(request):
        if request.method != "POST":
            return view(request)
        if request.content_type != PLAIN_FORM:
            return _refuse(request, NOT_TEXT, status=415)
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            return _refuse(request, TOO_LARGE, status=413)
        return view(request)

    return look


def _refuse(request, refusal, *, status):
    """Let what was sent run through our hands, for most browsers send all before they listen."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_READ:
        while request.read(64 * 1024):
            pass
    return _page(request, ExplainForm(), refusal=refusal, status=status)


@sensitive_post_parameters()
@sensitive_variables()
@login_not_required
@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # the check reads the body, so it waits until we know that we want to
@refuse_what_is_no_short_text
@csrf_protect
def text_explain(request):
    """The form, or the answer to it. No address ever holds the text, so there is no redirect."""
    form = ExplainForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form)
    return _page(request, form, answer=explain(**form.cleaned_data))


def _page(request, form, *, answer=None, refusal="", status=200):
    context = {"form": form, "answer": answer, "refusal": refusal}
    return TemplateResponse(request, "dictionary/text_explain.html", context, status=status)
