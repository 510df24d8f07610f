"""How long the marking of words in one of our own pages takes, the first time and ever after."""

import time

from cja_portal.kit.markdown import render_markdown
from dictionary.linking import linked
from library.models import Item

LENGTH = 20_000
ROUNDS = 50


def report():
    summaries = Item.objects.order_by("pk").values_list("summary", flat=True)
    page = render_markdown("\n\n".join(summaries)[:LENGTH])
    milliseconds("")  # makes the index
    first, *again = [milliseconds(page) for _ in range(ROUNDS)]
    return (
        f"{'A page of 20 kB, linked':44} {first:8.1f}\n"
        f"{'The same page ever after':44} {min(again):8.2f}"
    )


def milliseconds(page):
    start = time.perf_counter()
    linked(page)
    return (time.perf_counter() - start) * 1000
