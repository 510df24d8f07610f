"""The public pages, for search engines: only what an anonymous visitor may open.

One file while they are few; an index of files above what the protocol allows in one.
"""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models.functions import Greatest
from django.urls import reverse

from awards.models import PublishedCategory, PublishedCycle
from cja_portal.kit.addresses import quick_reverse
from dictionary.models import Entry
from library.models import Collection, Document, Item, Page
from members.models import Organisation, Theme

VISITOR = AnonymousUser()
MOST_IN_ONE_FILE = 50_000
ON_READING_PAGES = ["number", "document__name", "document__added_at", "document__item__slug"]


class StaticPages(Sitemap):
    priority = 0.8

    def items(self):
        return [
            *("home", "dictionary:entry-list", "dictionary:text-explain", "dictionary:data"),
            *("library:item-list", "library:collection-list", "library:data"),
            "library:quote-check",
            *("members:organisation-list", "members:area-map", "members:coverage"),
            "awards:cycle-list",
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


class Items(Sitemap):
    """With the time of the last change that readers can see, or of their coming in sight."""

    limit = 10_000

    def items(self):
        items = Item.objects.visible_to(VISITOR).only("slug")
        return items.annotate(stamp=Greatest("changed_at", "visible_from")).order_by("pk")

    def lastmod(self, item):
        return item.stamp

    def get_latest_lastmod(self):
        """Asked of Postgres: there may be a million."""
        return self.items().order_by("-stamp", "-pk").values_list("stamp", flat=True).first()


class Files(Sitemap):
    """The PDFs that anybody may open, with which scholarly search engines find their records."""

    limit = 10_000

    def items(self):
        files = Document.objects.visible_to(VISITOR).current()
        files = files.filter(content_type="application/pdf").select_related("item")
        return files.only("name", "added_at", "item__slug").order_by("pk")

    def lastmod(self, file):
        return file.added_at

    def get_latest_lastmod(self):
        return self.items().order_by("-added_at").values_list("added_at", flat=True).first()


class ReadingPages(Sitemap):
    """The text of those files, page by page: what people search the web for."""

    limit = 10_000

    def items(self):
        files = Document.objects.visible_to(VISITOR).current()
        pages = Page.objects.filter(document__in=files).exclude(text="")
        return pages.select_related("document__item").only(*ON_READING_PAGES).order_by("pk")

    def location(self, page):
        document = page.document
        return quick_reverse("library:page-detail", document.item.slug, document.name, page.number)

    def lastmod(self, page):
        return page.document.added_at

    def get_latest_lastmod(self):
        return Files().get_latest_lastmod()


class Collections(Changing):
    def items(self):
        return Collection.objects.visible_to(VISITOR)


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
    "files": Files,
    "reading": ReadingPages,
    "collections": Collections,
    "organisations": Organisations,
    "cycles": Cycles,
    "categories": Categories,
    "themes": Themes,
}


def fit_in_one_file():
    return sum(sitemap().paginator.count for sitemap in SITEMAPS.values()) <= MOST_IN_ONE_FILE
