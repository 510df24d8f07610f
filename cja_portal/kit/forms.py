"""The form that our forms grow from."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class ModelForm(forms.ModelForm):
    """Checks every constraint of the model.

    Django skips one that involves a field the form does not show, and the save then fails.
    """

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
