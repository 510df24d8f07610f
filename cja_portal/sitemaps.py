"""The public pages, for search engines: only what an anonymous visitor may open."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from awards.models import PublishedCategory, PublishedCycle
from dictionary.models import Entry
from library.models import Item
from members.models import Organisation, Theme

VISITOR = AnonymousUser()


class StaticPages(Sitemap):
    priority = 0.8

    def items(self):
        return [
            *("home", "dictionary:entry-list", "dictionary:text-explain", "dictionary:data"),
            *("library:item-list", "members:organisation-list", "awards:cycle-list"),
            *("awards:roll-of-honour", "theme-list", "about", "accessibility", "privacy"),
        ]

    def location(self, name):
        return reverse(name)


class Changing(Sitemap):
    """Rows that say when they last changed."""

    def lastmod(self, row):
        return row.updated_at


class Entries(Sitemap):
    def items(self):
        return Entry.objects.visible_to(VISITOR).select_related("current")

    def lastmod(self, entry):
        return entry.current.published_at


class Items(Changing):
    def items(self):
        return Item.objects.visible_to(VISITOR).defer("text_words")


class Organisations(Changing):
    def items(self):
        return Organisation.objects.visible_to(VISITOR).filter(is_example=False)


class Cycles(Changing):
    def items(self):
        return PublishedCycle.objects.visible_to(VISITOR).filter(is_demonstration=False)


class Categories(Sitemap):
    def items(self):
        cycles = PublishedCycle.objects.visible_to(VISITOR).filter(is_demonstration=False)
        return PublishedCategory.objects.filter(cycle__in=cycles).select_related("cycle")

    def lastmod(self, category):
        return category.cycle.updated_at


class Themes(Sitemap):
    def items(self):
        return Theme.objects.all()


SITEMAPS = {
    "pages": StaticPages,
    "entries": Entries,
    "items": Items,
    "organisations": Organisations,
    "cycles": Cycles,
    "categories": Categories,
    "themes": Themes,
}
