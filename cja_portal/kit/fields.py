"""Model fields that the apps share."""

from django.db import models


class WebAddressField(models.URLField):
    """A web address; one typed without a scheme is taken as https."""

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})
