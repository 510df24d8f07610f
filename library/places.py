"""The orders that hits are shown in, and where in them a page begins."""

from dataclasses import dataclass

from library.statements import written


@dataclass(frozen=True)
class Order:
    """`mark` is what tells the place of a hit, beside its id; `sign` compares with later ones."""

    mark: str
    type: str
    sign: str

    def columns(self, *, backwards=False):
        down = (self.sign == "<") is not backwards
        way = "DESC" if down else "ASC"
        return f"{self.mark} {way}, item_id {way}"


ORDERS = {
    "newest": Order("dated", "date", "<"),
    "added": Order("added_at", "timestamptz", "<"),
    "title": Order("sort_title", "text", ">"),
}


@dataclass(frozen=True)
class Place:
    """Where a page of hits begins: at a number, or next to a hit of which we know the mark."""

    number: int = 1
    mark: str = ""
    item: int = 0
    is_before: bool = False

    def condition(self, order):
        if not self.item:
            return "true"
        turned = {"<": ">", ">": "<"}[order.sign]
        sign = turned if self.is_before else order.sign
        pair = written(f"(%s::{order.type}, %s)", self.mark, self.item)
        return f"({order.mark}, item_id) {sign} {pair}"
