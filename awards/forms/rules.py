"""The rules of a year, which the database holds once they are fixed."""

from cja_portal.kit.forms import ModelForm

FIXED = "The rules of this year are fixed."


class RulesForm(ModelForm):
    """`FREE` may change all the same; nothing comes to a year whose rules are fixed."""

    FREE = ()
    parent = "category"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_fixed:
            for name in self.fields.keys() - set(self.FREE):
                self.fields[name].disabled = True

    @property
    def is_fixed(self):
        return bool(self.instance.pk) and is_fixed(getattr(self.instance, self.parent))

    def clean(self):
        super().clean()
        parent = self.cleaned_data.get(self.parent)
        if parent and not self.is_fixed and is_fixed(parent):
            self.add_error(self.parent, FIXED)


def is_fixed(thing):
    """Of a year, or of one of its categories."""
    return getattr(thing, "cycle", thing).is_frozen
