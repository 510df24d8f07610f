"""The page that finds where a quotation comes from."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, prefetch_related_objects
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from library.citations import harvard, page_styles, work_of
from library.models import Document, Publisher, Reading
from library.quotes import FEWEST_WORDS, MOST_WORDS, WORD, find_quote

MOST_CHARACTERS = 2000


class QuoteForm(forms.Form):
    quote = forms.CharField(
        label="The quotation",
        help_text="One or two sentences, as you found them. The quotation marks do not matter.",
        error_messages={"required": "Paste the sentence that you want to check."},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_quote(self):
        text = "".join(
            char for char in self.cleaned_data["quote"] if char.isprintable() or char == "\n"
        )
        count = len(WORD.findall(text))
        if count < FEWEST_WORDS:
            raise forms.ValidationError("Too few words to find the place: give at least four.")
        if len(text) > MOST_CHARACTERS or count > MOST_WORDS:
            raise forms.ValidationError("Too long to check at once: paste one or two sentences.")
        return text


@login_not_required
@require_safe
def quote_check(request):
    """Where the library's documents say a sentence, and how they say it."""
    form = QuoteForm(request.GET if "quote" in request.GET else None)
    context = {"form": form}
    if form.is_valid():
        places = _with_names(find_quote(form.cleaned_data["quote"], request.user))
        context |= {"is_answered": True, "places": [(place, _cited(place)) for place in places]}
        context["document_count"] = _read_documents(request.user)
    return TemplateResponse(request, "library/quote_check.html", context)


def _with_names(places):
    pages = [place.page for place in places]
    publishers = Publisher.objects.select_related("organisation")
    prefetch_related_objects(
        pages,
        "document__item__contributors",
        Prefetch("document__item__publishings", publishers),
    )
    return places


def _cited(place):
    """(where it is written, citation) of the work and of the page in it."""
    item, page = place.page.document.item, place.page
    work = work_of(item, page.printed)
    return [("Harvard, in the list of works", harvard(work)), *page_styles(work)]


def _read_documents(user):
    return Document.objects.visible_to(user).filter(reading=Reading.READ).count()
