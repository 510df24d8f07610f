"""How often the library is used: numbers of a day, and nothing about anybody."""

from django.db import connection, models
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

COUNT = """
INSERT INTO library_dailyuse (item_id, day, views, downloads) VALUES (%s, %s, %s, %s)
ON CONFLICT (item_id, day) DO UPDATE SET views = library_dailyuse.views + excluded.views,
    downloads = library_dailyuse.downloads + excluded.downloads
"""


class DailyUseQuerySet(models.QuerySet):
    def count_one(self, item, *, views=0, downloads=0):
        """Add to today's numbers; safe from any number of processes at once."""
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [item.pk, localdate(), views, downloads])

    def of_works_of(self, organisation):
        return self.filter(item__owner=organisation)

    def since(self, day):
        return self.filter(day__gte=day)

    def by_item(self):
        """{slug, title, views, downloads} of each item with any use, the most opened first."""
        items = self.values(slug=F("item__slug"), title=F("item__title"))
        sums = items.annotate(views=Sum("views"), downloads=Sum("downloads"))
        return sums.order_by("-views", "-downloads", "slug")

    def by_month(self):
        """{month, views, downloads} of each month with any use, the newest first."""
        months = self.annotate(month=TruncMonth("day")).values("month")
        sums = months.annotate(views=Sum("views"), downloads=Sum("downloads"))
        return sums.order_by("-month")


class DailyUse(models.Model):
    """How often an item was opened and its files were fetched on one day in the UK."""

    item = models.ForeignKey(
        "library.Item",
        models.CASCADE,
        related_name="daily_uses",
        db_index=False,  # The law of one row a day has an index that begins with the item.
    )
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)

    objects = DailyUseQuerySet.as_manager()

    class Meta:
        verbose_name = "use on a day"
        verbose_name_plural = "uses by day"
        ordering = ["-day", "item"]
        constraints = [
            models.UniqueConstraint(fields=["item", "day"], name="daily_use_once_a_day"),
            models.CheckConstraint(
                condition=Q(views__gt=0) | Q(downloads__gt=0), name="daily_use_is_a_use"
            ),
        ]

    def __str__(self):
        return f"{self.item}, {self.day}: {self.views} views, {self.downloads} downloads"
