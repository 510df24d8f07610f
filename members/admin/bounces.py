"""Addresses whose letters came back."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from cja_portal.kit.admin import do_with_each
from members.actions.bounces import note_bounce, take_note, write_again
from members.admin.one_form import one_form
from members.admin.succession import DecidedByStaff, WaitsFilter
from members.bounce_reports import of_text
from members.models import Bounce

MOST_BYTES = 1_000_000
NOTHING_FOUND = "No address that came back stands in it. Paste all of the letter that we got back."


class ReturnedLetterForm(forms.Form):
    file = forms.FileField(
        label="The letter as a file",
        required=False,
        help_text="As your mail program saves it (.eml).",
        widget=forms.FileInput(attrs={"accept": ".eml,message/rfc822,text/plain"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        max_length=MOST_BYTES,
        help_text="All of what the other mail server wrote; or only the address, one on each line.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError("This is too large for a letter. Paste its text.")
        return file

    def clean(self):
        told = super().clean()
        file = told.get("file")
        text = file.read().decode(errors="replace") if file else told.get("text", "")
        told["reports"] = of_text(text.replace("\r\n", "\n"))
        if not told["reports"] and not self.errors:
            raise forms.ValidationError(NOTHING_FOUND)
        return told


@admin.register(Bounce)
class BounceAdmin(DecidedByStaff):
    list_display = ["email", "kind", "times", "last_at", "seen_at", "lifted_at"]
    list_filter = [WaitsFilter, "kind", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["email"]
    actions = ["take_note", "write_again"]

    def has_add_permission(self, request):
        return request.user.has_perm("members.add_bounce")

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ReturnedLetterForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            self._note(request, form.cleaned_data["reports"])
            return redirect("admin:members_bounce_changelist")
        return one_form(self, request, form, title="A letter came back", button="Note it")

    def _note(self, request, reports):
        noted = [bounce for bounce in map(note_bounce, reports) if bounce]
        told = ", ".join(f"{one.email} ({one.get_kind_display().lower()})" for one in noted)
        self.message_user(request, f"Noted: {told or 'nothing'}.")

    @admin.action(description="Take note: no more letters", permissions=["decide"])
    def take_note(self, request, bounces):
        do_with_each(self, request, bounces, take_note, "Noted")

    @admin.action(description="Write to them again", permissions=["decide"])
    def write_again(self, request, bounces):
        do_with_each(self, request, bounces, write_again, "Written to again")
