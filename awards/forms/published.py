from django import forms


class RollForm(forms.Form):
    """What of the roll of honour to show; the choices are what the roll holds."""

    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    category = forms.ChoiceField(required=False)
    organisation = forms.ChoiceField(required=False)

    def __init__(self, data, *, honours):
        super().__init__(data)
        honours = honours.order_by()
        self._offer("year", "Every year", [(year, year) for year in _years(honours)])
        self._offer("category", "Every category", _categories(honours))
        self._offer("organisation", "Every organisation", _organisations(honours))

    def _offer(self, name, everything, choices):
        self.fields[name].choices = [("", everything), *choices]
        message = f"The roll of honour has no such {name}: choose one from the list."
        self.fields[name].error_messages["invalid_choice"] = message

    def narrow(self, honours):
        """The honours that were asked for; a choice that the roll does not have is passed over."""
        self.is_valid()
        asked = {
            "year": self.cleaned_data.get("year"),
            "category_slug": self.cleaned_data.get("category"),
            "organisation__slug": self.cleaned_data.get("organisation"),
        }
        return honours.filter(**{name: value for name, value in asked.items() if value})

    @property
    def is_narrowed(self):
        return any(self.cleaned_data.values())


def _years(honours):
    return sorted(set(honours.values_list("year", flat=True)), reverse=True)


def _categories(honours):
    names = dict(honours.order_by("year").values_list("category_slug", "category_name"))
    return sorted(names.items(), key=lambda choice: choice[1].casefold())


def _organisations(honours):
    listed = honours.filter(organisation__is_listed=True)
    names = listed.values_list("organisation__slug", "organisation__name").distinct()
    return sorted(names, key=lambda choice: choice[1].casefold())
