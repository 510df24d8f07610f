"""Awards on the pages of the other rooms."""

from django import template
from django.contrib.auth.models import AnonymousUser

from awards.models import PublishedAward

register = template.Library()

SHOWN_ABOUT_A_THEME = 8


@register.filter
def pounds(pence):
    """ "£4,000" for 400000, "£12.50" for 1250; nothing for None."""
    if pence is None:
        return ""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


@register.inclusion_tag("awards/_award_block.html", takes_context=True)
def awards_of(context, organisation):
    """The awards of an organisation, for its page; nothing where there are none."""
    awards = PublishedAward.objects.visible_to(_reader(context)).filter(organisation=organisation)
    return {"awards": list(awards), "heading": "Awards"}


@register.inclusion_tag("awards/_award_block.html", takes_context=True)
def awards_about(context, theme):
    """The awards that touch a theme, for its page; nothing where there are none."""
    awards = PublishedAward.objects.visible_to(_reader(context)).about(theme)
    return {"awards": list(awards[:SHOWN_ABOUT_A_THEME]), "heading": "Awards", "is_theme": True}


def _reader(context):
    return context.get("user") or AnonymousUser()
