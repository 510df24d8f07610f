"""The starter collections, in library/content/collections.yaml."""

from django.conf import settings

from cja_portal.kit.content import read_content
from library.models import Collection, CollectionEntry, Item
from members.starter_records import StarterKind


def read_collections(path, slugs):
    """The checked collections by slug, their items among `slugs`; raises ContentError."""
    collections = {}
    for position, data in enumerate(read_content(path, root=settings.BASE_DIR), start=1):
        data.only("slug", "title", "intro", "items")
        data.text("title")
        data.text("intro")
        for entry in data.mappings("items"):
            entry.only("item", "reason")
            entry.text("reason")
            entry.choice("item", slugs)
        data["position"] = position
        collections[data.text("slug")] = data
    return collections


class StarterCollection(StarterKind):
    name = "collection"

    def find(self, key):
        return Collection.objects.filter(slug=key).first()

    def write(self, data, row, key):
        collection = row or Collection(slug=key, is_public=True)
        collection.title, collection.intro = data.text("title"), data.text("intro")
        collection.position = data["position"]
        collection.save()
        collection.entries.all().delete()
        chosen = {entry["item"]: entry.text("reason") for entry in data["items"]}
        items = Item.objects.in_bulk(chosen, field_name="slug")
        CollectionEntry.objects.bulk_create(
            CollectionEntry(collection=collection, item=items[slug], position=place, reason=reason)
            for place, (slug, reason) in enumerate(chosen.items(), start=1)
            if slug in items
        )
        return collection

    def read(self, row):
        entries = row.entries.order_by("position").values_list("item__slug", "position", "reason")
        return [row.title, row.intro, row.position, row.is_public, list(entries)]
