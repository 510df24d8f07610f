"""What result lists tell reference managers."""

from django import template

from library.citations.coins import coins

register = template.Library()
register.simple_tag(coins)
