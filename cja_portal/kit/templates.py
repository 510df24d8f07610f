"""What every page would otherwise do again: look for the blocks of its frame, and write that."""

from functools import cache

from django.conf import settings
from django.template import Node
from django.template.loaders import cached

MOST_KEPT = 200


class Loader(cached.Loader):
    """Keeps with each template where its blocks stand: to look takes longer than to fill them."""

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        nodes = template.nodelist
        if "get_nodes_by_type" not in vars(nodes):
            nodes.get_nodes_by_type = cache(nodes.get_nodes_by_type)
        return template


class Kept(Node):
    """`{% kept %}…{% endkept %}`: a part of the frame, written once by each process for each room.

    It may hang on nothing but the site and, by `current_mark`, the room that the page is in.
    """

    def __init__(self, nodelist):
        self.nodelist, self.written = nodelist, {}

    def render(self, context):
        if settings.DEBUG:
            return self.nodelist.render(context)
        key = (_room(context), context.get("site_origin"), context.get("is_demonstration"))
        if key not in self.written:
            if len(self.written) >= MOST_KEPT:  # Strangers can make up rooms without end.
                self.written.clear()
            self.written[key] = self.nodelist.render(context)
        return self.written[key]


def kept(parser, token):
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    return Kept(nodelist)


def _room(context):
    """ "/library/" of that page itself, and "/library/…" of all pages below."""
    request = context.get("request")
    if request is None:
        return None
    room, slash, rest = request.path[1:].partition("/")
    return room, slash, bool(rest)
