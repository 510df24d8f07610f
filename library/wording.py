"""What a query of Postgres says, taken apart, so that words may stand far from one another but a
phrase has to stand in one place: in the record, or on one page of a file."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

TOKEN = re.compile(r"\s*('(?:[^'\\]|''|\\.)*'(?::[*A-D]+)?|<(?:-|\d+)>|[!&|()])")

ON_PAGES = """
SELECT FROM library_page page
JOIN library_document document ON document.id = page.document_id
WHERE document.item_id = library_card.item_id AND page.words @@ %s::tsquery
    AND document.removed_in_id IS NULL
    AND document.reading <> 'infected'
"""


def quoted(word):
    """A word as a query writes it."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def unquoted(token):
    """The word that a query writes as `token`, without its weights."""
    word = token[1 : token.rindex("'")]
    return re.sub(r"''|\\\\", lambda found: found[0][0], word)


def all_of(queries):
    """Several queries as one that wants them all; blank ones want nothing."""
    return " & ".join(f"({query})" for query in queries if query)


def any_of(queries):
    return " | ".join(f"({query})" for query in queries if query)


@dataclass(frozen=True)
class Part:
    """A word, a phrase, or parts under "&", "|" or "!"."""

    sign: str  # "word", "phrase" or the sign.
    text: str  # As Postgres reads it.
    parts: tuple = ()
    steps: tuple = ()  # Of a phrase: (how far from the one before, part).

    @property
    def has_phrase(self):
        return self.sign == "phrase" or any(part.has_phrase for part in self.parts)

    @property
    def loose(self):
        """A query that everything meets which meets this one, without phrases; blank: anything."""
        if not self.has_phrase:
            return self.text
        if self.sign == "phrase":
            return parse(re.sub(r"<(?:-|\d+)>", "&", self.text)).positive
        loose = [part.loose for part in self.parts]
        if self.sign == "!" or (self.sign == "|" and not all(loose)):
            return ""
        return all_of(loose) if self.sign == "&" else any_of(loose)

    @property
    def positive(self):
        """Without what it does not want."""
        if self.sign == "!":
            return ""
        positive = [part.positive for part in self.parts]
        if self.sign == "&":
            return all_of(positive)
        if self.sign in {"word", "phrase"}:
            return self.text
        return any_of(positive) if all(positive) else ""

    @property
    def stems(self):
        """The wanted words, but for those of phrases."""
        if self.sign == "word":
            return {unquoted(self.text)}
        return set().union(*(part.stems for part in self.parts if self.sign != "!"))

    @property
    def wanted_phrases(self):
        """Of each phrase that is wanted its steps: (how far from the one before, stems)."""
        if self.sign == "phrase":
            return [tuple((distance, frozenset(part.stems)) for distance, part in self.steps)]
        wanted = self.parts if self.sign != "!" else ()
        return [phrase for part in wanted for phrase in part.wanted_phrases]

    @property
    def phrases(self):
        if self.sign == "phrase":
            return [self.text]
        return [phrase for part in self.parts for phrase in part.phrases]

    def condition(self, on_pages=None):
        """The SQL that is true of a card that meets it, with its parameters.

        `on_pages`: for each phrase the items that have it on a page of a file, if that is known.
        """
        if not self.has_phrase:
            return "words @@ %s::tsquery", [self.text]
        if self.sign == "phrase":
            return self._phrase_condition(on_pages)
        told = [part.condition(on_pages) for part in self.parts]
        conditions, parameters = zip(*told, strict=True)
        joint = {"&": " AND ", "|": " OR ", "!": ""}[self.sign]
        text = f"({joint.join(conditions)})"
        return f"NOT {text}" if self.sign == "!" else text, [*chain(*parameters)]

    def _phrase_condition(self, on_pages):
        on_page, looked_for = f"record IS NOT NULL AND EXISTS ({ON_PAGES})", self.text
        if on_pages is not None:
            on_page, looked_for = "item_id = ANY(%s::bigint[])", on_pages[self.text]
        in_record = "coalesce(record, words) @@ %s::tsquery"
        return f"({in_record} OR NOT is_partial AND {on_page})", [self.text, looked_for]


@lru_cache(maxsize=256)
def parse(query):
    """The parts of a query as Postgres writes it."""
    return _Reading(TOKEN.findall(query)).read()


class _Reading:
    """By the rank of the signs: "|" binds least, then "&", then "<->", and "!" most."""

    def __init__(self, tokens):
        self.tokens = tokens[::-1]

    def read(self):
        return self._joined("|", lambda: self._joined("&", self._phrase))

    def _next_is(self, *signs):
        return bool(self.tokens) and self.tokens[-1] in signs

    def _joined(self, sign, read_part):
        parts = [read_part()]
        while self._next_is(sign):
            self.tokens.pop()
            parts.append(read_part())
        if len(parts) == 1:
            return parts[0]
        return Part(sign, f" {sign} ".join(f"({part.text})" for part in parts), tuple(parts))

    def _phrase(self):
        part = self._single()
        steps = [(0, part)]
        while self.tokens and self.tokens[-1].startswith("<"):
            sign, following = self.tokens.pop(), self._single()
            steps.append((1 if sign == "<->" else int(sign[1:-1]), following))
            part = Part("phrase", f"({part.text}) {sign} ({following.text})", steps=tuple(steps))
        return part

    def _single(self):
        token = self.tokens.pop()
        if token == "!":
            part = self._single()
            return Part("!", f"!({part.text})", (part,))
        if token == "(":
            part = self.read()
            self.tokens.pop()
            return part
        return Part("word", token)
