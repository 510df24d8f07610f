"""One spelling for searching: the words of a document and of a query, written in one way.

American spelling folds to British, because Postgres' English stemmer takes "criminalization" and
"criminal", "organization" and "organ", for one word but keeps the British forms apart. A rule needs
to treat both sides alike, not to be good English: what it makes is only ever compared.
"""

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import Func, TextField

# One character for another; what has no partner is left out.
CHARACTERS = (
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u201c\u201d\u201e\u00ab\u00bb/\\|_"
    "'\u2018\u2019\u02bc`\u00ad\u200b",
    '-------"""""    ',
)

# First halves of words that are written apart as well, by what comes after them.
TORN = (
    r"\m(re(?= (?:offen[cd]|entr(?:y|ies)\M|integrat|settle|convict|imprison"
    r"|(?:traumat|victim)i[sz]))"
    r"|co(?= (?:operat|ordinat|offen[cd]|defend|produc))|over(?= (?:crowd|represent))"
    r"|under(?= represent)|inter(?= (?:agenc|generation|section))|mis(?= conduct)) "
)

# Patterns, tried in this order on text in small letters without accents. Postgres keeps only the
# last 32 compiled patterns: with more of them every call would compile them all anew.
PATTERNS = [
    # Joined where the whole is a word of its own, apart where the second half is looked for.
    (r"\m(re|co|sub|inter|over|under|mis|dis|semi|e)-(?=[a-z])", r"\1"),
    (
        r"\m(anti|multi|non|post|pre)(?=(social|racis|agency|disciplin|cultur|custod|violen|complian"
        r"|consensual|statutory|attend|release|trial|sentence|charge|court|conviction|school)"
        r"[a-z]*\M)",
        r"\1 ",
    ),
    (r"\m(on|off|well|cyber|life|health|child|policy)-(?=[a-z])", r"\1"),
    (r"\m(well|health|child|cyber|on|off) (being|care|crime|security|line)\M", r"\1\2"),
    (TORN, r"\1"),
    (r"(\w)-(?=\w)", r"\1 "),
    (r"\m([a-z])\.([a-z])(?:\.([a-z]))?\M\.?", r"\1\2\3"),
    (r"(\w)[.,:](?=[a-z])|([a-z])[.,:](?=\w)", r"\1\2 "),
    (r"(\w{3})iz(e|es|ed|er|ers|ing|ation|ations|ational|ationally)\M", r"\1is\2"),
    (
        r"\m(misbehavi|behavi|lab|harb|col|discol|fav|disfav|hon|dishon|neighb|hum|rum|endeav|vap"
        r"|vig|rig|cand|misdemean|demean|savi|od|arm|ard|ferv|ranc|splend|clam|parl)or",
        r"\1our",
    ),
    (r"\m(de)?(cent|theat|fib|lit|kilomet|met|calib|somb|spect)er(s?)\M", r"\1\2re\3"),
    (r"\m(de)?center(ed|ing)\M", r"\1centr\2"),
    (r"\m(re)?program(s?)\M", r"\1programme\2"),
    (
        r"\m(travel|counsel|model|label|cancel|fuel|signal|channel|level|marshal|quarrel|equal|panel"
        r"|tunnel|rival|dial|total|initial|unravel|funnel)(ed|ing|er|ers|or|ors|ation|ations)\M",
        r"\1l\2",
    ),
    (r"\m(cata|dia|ana)log(s|ed|ing)?\M", r"\1logue\2"),
    (r"\maging\M", "ageing"),
]
# Letters, wherever they stand.
LETTERS = [
    *(("&", " and "), ("per cent", "percent"), ("lyz", "lys"), ("licens", "licenc")),
    *(("practis", "practic"), ("offense", "offence"), ("defense", "defence")),
    *(("pretense", "pretence"), ("enroll", "enrol"), ("fulfill", "fulfil")),
    *(("install", "instal"), ("skillful", "skilful"), ("willful", "wilful")),
    *(("judgement", "judgment"), ("acknowledgement", "acknowledgment"), ("advisor", "adviser")),
    *(("enquir", "inquir"), ("despatch", "dispatch"), ("gaol", "jail"), ("focuss", "focus")),
    *(("biass", "bias"), ("benefitt", "benefit"), ("targett", "target"), ("learnt", "learned")),
    *(("gray", "grey"), ("skeptic", "sceptic"), ("maneuver", "manoeuvre")),
    *(("pediatr", "paediatr"), ("anesthe", "anaesthe"), ("fetus", "foetus"), ("fetal", "foetal")),
    *(("jewelry", "jewellery"),),
]


def _quoted(text):
    """A text as an SQL literal that does not hang on any setting of the server."""
    escaped = "".join(
        char if char.isascii() else f"\\u{ord(char):04x}"
        for char in text.replace("\\", "\\\\").replace("'", "''")
    )
    return f"E'{escaped}'"


def _step(function, found, becomes, *flags):
    arguments = ", ".join(["words", _quoted(found), _quoted(becomes), *flags])
    return f"    words := {function}({arguments});"


def create_function():
    """The SQL of `library_words`: immutable, so that generated columns may use it."""
    steps = [_step("translate", *CHARACTERS)]
    steps += [_step("replace", *rule) for rule in LETTERS]
    steps += [_step("regexp_replace", *rule, "'g'") for rule in PATTERNS]
    steps = "\n".join(steps)
    return f"""
CREATE OR REPLACE FUNCTION library_words(VARIADIC parts text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $function$
DECLARE
    words text := lower(unaccent('unaccent', array_to_string(parts, ' . ')) COLLATE "C");
BEGIN
{steps}
    RETURN words;
END $function$;
"""


DROP_FUNCTION = "DROP FUNCTION library_words(text[]);"


class Words(Func):
    """Texts in the one spelling that searching uses."""

    function = "library_words"
    output_field = TextField()


class WordVector(Func):
    """The stemmed words of texts with a weight, A to D."""

    template = "setweight(to_tsvector('english'::regconfig, %(expressions)s), '%(weight)s')"
    output_field = SearchVectorField()

    def __init__(self, *texts, weight, **extra):
        words = texts if isinstance(texts[0], Words) else [Words(*texts)]
        super().__init__(*words, weight=weight, **extra)


class PhraseQuery(Func):
    """The stemmed words of a text, wanted one after another."""

    template = "phraseto_tsquery('english'::regconfig, %(expressions)s)"
    output_field = SearchQueryField()

    def __init__(self, text, **extra):
        super().__init__(text if isinstance(text, Words) else Words(text), **extra)


class _Together(Func):
    template = "(%(expressions)s)"
    arg_joiner = " || "


def together(*parts):
    """Search vectors as one, or queries of which any one is enough."""
    return _Together(*parts, output_field=parts[0].output_field)
