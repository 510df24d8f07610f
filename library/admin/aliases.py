"""Words that mean the same to a search."""

from django.contrib import admin

from library.models import SearchAlias


@admin.register(SearchAlias)
class SearchAliasAdmin(admin.ModelAdmin):
    list_display = ["term", "meaning"]
    search_fields = ["term", "meaning"]
