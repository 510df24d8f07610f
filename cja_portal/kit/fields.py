"""Model fields that the apps share."""

import re

from django.core.exceptions import ValidationError
from django.db import models


def refuse_password(address):
    """Whoever pastes an address with a password in it would show that to every reader."""
    if re.match(r"[^/]*//[^/?#]*@", address):
        raise ValidationError("Leave out the name and password before the “@”.")


class WebAddressField(models.URLField):
    """A web address; one typed without a scheme is taken as https."""

    default_validators = [*models.URLField.default_validators, refuse_password]
    default_error_messages = {"invalid": "Type a web address, such as https://www.example.org."}

    def formfield(self, **kwargs):
        own = {"assume_scheme": "https", "error_messages": self.default_error_messages}
        return super().formfield(**own | kwargs)
