"""Every letter that is no duty, in one form: those of all rooms, and those of saved searches."""

from django import forms
from django.db import transaction

from library.models import Frequency, SavedSearch
from library.saved_searches import change_frequency, stop_search
from library.search_words import query_in_words
from members.letters import LettersForm, choose_letters


class SearchesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, saved):
        return query_in_words(saved)


class AllLettersForm(LettersForm):
    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        kept = SavedSearch.objects.kept_by(user)
        if kept.exists():
            self.fields["searches"] = SearchesField(
                kept,
                label="New works in the library that these searches of yours find",
                initial=kept.filter(frequency__in=sorted(Frequency.mailed)),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


@transaction.atomic
def choose_all_letters(user, *, topics, searches=()):
    """A search that is switched on again writes once a week, until its owner says otherwise."""
    choose_letters(user, topics)
    for saved in SavedSearch.objects.kept_by(user):
        has_letters = saved.frequency in Frequency.mailed
        if has_letters and saved not in searches:
            stop_search(saved)
        elif saved in searches and not has_letters:
            change_frequency(saved, Frequency.WEEKLY)
