"""Model fields that the apps share."""

from django.db import models


class WebAddressField(models.URLField):
    """A web address; one typed without a scheme is taken as https."""

    default_error_messages = {"invalid": "Type a web address, such as https://www.example.org."}

    def formfield(self, **kwargs):
        own = {"assume_scheme": "https", "error_messages": self.default_error_messages}
        return super().formfield(**own | kwargs)
