"""What every template knows of the site."""

from django.conf import settings


def site(request):
    return {
        "site_origin": settings.SITE_ORIGIN,
        "is_demonstration": settings.IS_DEMONSTRATION,
        "is_development": settings.DEBUG,
    }
