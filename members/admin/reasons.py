"""Admin actions that need a reason, and show the letter that will go out before it does."""

from django import forms
from django.template.response import TemplateResponse

from cja_portal.kit.admin import do_with_each


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the record, and in the letter where one goes out.",
    )


def do_with_reason(model_admin, request, rows, act, done, *, title, letter=None):
    """Ask for a reason, show what `letter(row, reason)` will say, then act on each row."""
    step = request.POST.get("step", "")
    form = ReasonForm(request.POST if step else None)
    is_ready = bool(step) and form.is_valid()
    if is_ready and (step == "do" or letter is None):
        do_with_each(model_admin, request, rows, act, done, reason=form.cleaned_data["reason"])
        return None
    context = model_admin.admin_site.each_context(request) | {
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        "rows": rows,
        "action": request.POST["action"],
        "has_letter": letter is not None,
        "letters": [letter(row, form.cleaned_data["reason"]) for row in rows] if is_ready else [],
    }
    return TemplateResponse(request, "admin/members/reason.html", context)
