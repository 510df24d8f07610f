"""What staff chose from the library, with a word on each."""

from django.contrib import admin

from library.models import Collection, CollectionEntry


class CollectionEntryInline(admin.TabularInline):
    model = CollectionEntry
    extra = 1
    fields = ["position", "item", "reason"]
    autocomplete_fields = ["item"]


@admin.register(Collection)
class CollectionAdmin(admin.ModelAdmin):
    inlines = [CollectionEntryInline]
    list_display = ["title", "position", "is_public", "updated_at"]
    list_filter = ["is_public"]
    search_fields = ["title", "slug", "intro"]
    prepopulated_fields = {"slug": ["title"]}
    fields = ["title", "slug", "intro", "position", "is_public"]

    def view_on_site(self, collection):
        return collection.get_absolute_url()
