"""Awards on the pages of the other rooms."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.dateformat import format as format_date

from awards.models import PublishedAward
from cja_portal.kit.dates import UK

register = template.Library()

SHOWN_ABOUT_A_THEME = 8


@register.filter
def pounds(pence):
    """ "£4,000" for 400000, "£12.50" for 1250; nothing for None."""
    if pence is None:
        return ""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


@register.filter
def uk_time(moment, seconds=False):
    """ "23:59 on Friday 25 September 2026, UK time"; nothing for None."""
    if moment is None:
        return ""
    clock = "H:i:s" if seconds else "H:i"
    return format_date(moment.astimezone(UK), rf"{clock} \o\n l j F Y, \U\K \t\i\m\e")


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
