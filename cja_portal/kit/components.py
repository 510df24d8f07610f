"""Tags for the components in templates/components/; every template knows them."""

from django import template

register = template.Library()
