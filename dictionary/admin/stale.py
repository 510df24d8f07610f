"""Two editors on one entry: whoever saves second is told, and overwrites nothing."""

from django import forms
from django.utils import timezone

from cja_portal.kit.forms import ModelForm
from dictionary.models import Entry
from members.models import AuditEvent


class StaleCheckedForm(ModelForm):
    """Remembers which state of the entry it showed; the entry's `updated_at` is that state."""

    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if entry := self.entry():
            self.fields["seen_at"].initial = entry.updated_at.isoformat()

    def entry(self):
        """The entry that the row is or belongs to; None while it is new."""
        row = self.instance
        if row.pk is None:
            return None
        return row if isinstance(row, Entry) else row.entry

    def clean(self):
        cleaned = super().clean()
        if entry := self.entry():
            self._refuse_if_stale(Entry.objects.select_for_update().get(pk=entry.pk))
        return cleaned

    def _refuse_if_stale(self, entry):
        """The lock lasts until the save is done, so that two saves at once take turns."""
        if self.data.get(self.add_prefix("seen_at")) != entry.updated_at.isoformat():
            time = timezone.localtime(entry.updated_at)
            raise forms.ValidationError(
                f"{_who_changed(entry)} changed this entry at {time:%H:%M on %-d %B}, after you "
                "opened it. Nothing of yours is saved yet. Copy what you wrote, open the page "
                "again, and put it in."
            )


def _who_changed(entry):
    events = AuditEvent.objects.filter(noun=entry._meta.label_lower, noun_id=str(entry.pk))
    last = events.select_related("by").first()
    return str(last.by) if last and last.by else "Somebody"
