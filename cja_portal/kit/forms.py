"""The form that our forms grow from, and fields that they share."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from cja_portal.kit.dates import explain_clock_change
from cja_portal.kit.text import without_turns


class ModelForm(forms.ModelForm):
    """Checks every constraint of the model, and takes no text that changes how others read.

    Django skips one that involves a field the form does not show, and the save then fails.
    """

    def _clean_fields(self):
        super()._clean_fields()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = without_turns(value)

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            self._check_all_constraints()

    def _check_all_constraints(self):
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self._update_errors(_on_shown_fields(error, self.fields))


def _on_shown_fields(error, fields):
    """The same errors, with those of fields not shown moved to the head of the form."""
    if not hasattr(error, "error_dict"):
        return error
    moved = {}
    for name, errors in error.error_dict.items():
        moved.setdefault(name if name in fields else NON_FIELD_ERRORS, []).extend(errors)
    return ValidationError(moved)


class UKDateTimeField(forms.SplitDateTimeField):
    """A day and a clock time in the UK; on the nights when the clocks change, one that is clear."""

    def compress(self, data_list):
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(explain_clock_change(error.params["datetime"])) from error


class EmailField(forms.EmailField):
    """As long as the column that keeps it: Django's form lets longer addresses through."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 254} | options)


class OneLineField(forms.CharField):
    """Names stand in letters: a line of its own there could pass for words of ours."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())
