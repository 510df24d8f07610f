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
ATTRIBUTES = {
    "login": {"autocomplete": "username"},
    "code": {
        "autocomplete": "one-time-code",
        "autocapitalize": "characters",
        "spellcheck": "false",
    },
}


@register.filter
def in_our_words(form):
    """The same form, without placeholders: they go when people begin to type."""
    for part in form:
        part.label = LABELS.get(part.name, part.label)
        part.help_text = HELP.get(part.name, part.help_text)
        attributes = part.field.widget.attrs
        attributes.pop("placeholder", None)
        attributes.update(ATTRIBUTES.get(part.name, {}))
    if "passwordless" in form.fields:
        form.fields["passwordless"].initial = True
    return form
