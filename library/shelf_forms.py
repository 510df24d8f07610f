"""What people may write on their shelves."""

from django import forms

from library.models import Shelf
from library.models.shelf import LONGEST_NOTE

NEW = "new"


class NameForm(forms.ModelForm):
    class Meta:
        model = Shelf
        fields = ["name"]
        labels = {"name": "Name of the shelf"}


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Your note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class KeepForm(forms.Form):
    """On which shelf an item goes, and why."""

    shelf = forms.ChoiceField(label="Which shelf?", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name of the new shelf",
        required=False,
        max_length=Shelf._meta.get_field("name").max_length,
        help_text="Only for a new shelf.",
    )
    note = forms.CharField(
        label="A note to yourself",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For instance why you keep it. Whoever you share the shelf with can read it.",
    )

    def __init__(self, *args, shelves, may_name, **kwargs):
        super().__init__(*args, **kwargs)
        self.shelves = {str(shelf.uuid): shelf for shelf in shelves}
        if not (self.shelves and may_name):
            del self.fields["shelf"], self.fields["name"]
            return
        choices = [(uuid, shelf.name) for uuid, shelf in self.shelves.items()]
        self.fields["shelf"].choices = [*choices, (NEW, "A new shelf")]
        self.fields["shelf"].initial = choices[0][0]

    def clean(self):
        if self.cleaned_data.get("shelf") == NEW and not self.cleaned_data.get("name", "").strip():
            self.add_error("name", "Give the new shelf a name.")

    @property
    def chosen(self):
        """The shelf that was chosen; None for a new one."""
        if "shelf" in self.fields:
            return self.shelves.get(self.cleaned_data["shelf"])
        return next(iter(self.shelves.values()), None)
