"""Markdown that people write, as HTML that is safe to show."""

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import table

LONGEST = 30_000
MOST_CELLS = 2_000  # of all tables in one text
PHRASES = {"a", "abbr", "b", "br", "code", "del", "em", "i", "strong", "sub", "sup"}
BLOCKS = {"blockquote", "dd", "dl", "dt", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "ul"}
TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "th": {"scope"}}


def _table(state, first, last, silent):
    """markdown-it fills up short rows: without a limit, few letters make a page of megabytes."""
    columns = state.src.count("|", state.bMarks[first], state.eMarks[first]) + 1
    rows = state.env.get("cells", MOST_CELLS) // columns
    is_table = rows > 2 and table(state, first, min(last, first + rows), silent)
    if is_table and not silent:
        state.env["cells"] = (rows - (state.line - first)) * columns
    return is_table


# Twenty levels are more than anybody means; deeper ones only cost time.
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
_parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
_cleaner = nh3.Cleaner(
    tags=PHRASES | BLOCKS | TABLES,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
)


def render_markdown(text):
    """Safe HTML of `text`; what goes past the longest text allowed is left out."""
    tokens = _parser.parse((text or "")[:LONGEST])
    html = _parser.renderer.render(_below_page_heading(tokens), _parser.options, {})
    return mark_safe(_cleaner.clean(html))


def _below_page_heading(tokens):
    """A page has one h1, its own: the author's top heading becomes an h2."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 4)}"
    return tokens
