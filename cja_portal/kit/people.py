"""Telling people from machines in forms that anyone may send, without asking them a riddle.

A field that people do not see must stay empty, and nobody reads and writes within a few seconds.
Whoever is taken for a machine by mistake sends the same form once more.
"""

import re
import time

from django import forms
from django.core import signing

QUICKEST = 3  # seconds in which nobody reads a form and writes
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
NO_NULS = "Something in it is no letter or sign. Please write it again, or leave it out."


def count_links(text):
    return len(_LINK.findall(text))


class FromPeople(forms.Form):
    """Mixed into a form; `salt` keeps the stamps of one form from serving another."""

    template_name = "forms/from_people.html"
    salt = "portal.from-people"
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shown"].initial = self._stamp()

    def _stamp(self):
        return signing.dumps(time.time(), salt=self.salt)

    def clean_website(self):
        if self.cleaned_data["website"]:
            self._ask_again("website", "")
            self.add_error(
                None,
                "Something filled in a field that must stay empty. We have emptied it: please send "
                "the form once more.",
            )
        return ""

    def clean_shown(self):
        """Whoever is too quick, or has no stamp of ours, sends the same form once more."""
        stamp = self.cleaned_data["shown"]
        try:
            is_calm = time.time() - signing.loads(stamp, salt=self.salt) >= QUICKEST
        except (signing.BadSignature, TypeError):
            self._ask_again("shown", self._stamp())
            is_calm = False
        if not is_calm:
            self.add_error(None, "That was very quick. Please send the form once more.")
        return stamp

    def _ask_again(self, name, value):
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value
