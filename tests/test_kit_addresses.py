from django.urls import reverse

from cja_portal.kit.addresses import quick_reverse

ADDRESSES = [
    ("library:item-list",),
    ("library:item-detail", "a-report"),
    ("library:page-detail", "a-report", "Annex & tables (2) ü%.pdf", 12),
]


def test_a_quick_address_is_the_usual_one():
    for name, *parts in ADDRESSES:
        assert quick_reverse(name, *parts) == reverse(name, args=parts)
