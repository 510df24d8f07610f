"""allauth's forms in our words."""

from django import template

register = template.Library()

LABELS = {
    "code": "Code",
    "email": "E-mail address",
    "login": "E-mail address",
    "oldpassword": "Your password now",
    "password": "Password",
    "password1": "New password",
    "password2": "The new password again",
    "passwordless": "Log in with this key alone, without a password",
    "remember": "Keep me logged in on this device for 14 days",
}
HELP = {
    "passwordless": "Your device then asks for its PIN, your finger or your face.",
    "password1": "At least 12 characters. Three or four words that only you would join do well.",
}
AUTOCOMPLETE = {"login": "username", "code": "one-time-code"}


@register.filter
def in_our_words(form):
    """The same form, without placeholders: they go when people begin to type."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = LABELS.get(name, field.label)
        field.help_text = HELP.get(name, field.help_text)
        if name in AUTOCOMPLETE:
            field.widget.attrs["autocomplete"] = AUTOCOMPLETE[name]
        if name == "passwordless":
            field.initial = True
        if name == "code":
            field.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}
    return form
