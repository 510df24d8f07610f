"""One spelling for searching: the words of a document and of a query, written in one way.

American spelling folds to British, because Postgres' English stemmer takes "criminalization" and
"criminal", "organization" and "organ", for one word but keeps the British forms apart. A rule needs
to treat both sides alike, not to be good English: what it makes is only ever compared.
"""

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import Func, TextField

# (what is found, what it becomes), tried in this order on text in small letters without accents.
MARKS_AND_HYPHENS = [
    ("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]", "-"),
    ("[\u201c\u201d\u201e\u201f\u00ab\u00bb]", '"'),
    ("['\u2018\u2019\u02bc`\u00ad\u200b]", ""),
    (r"\s*&\s*", " and "),
    (r"[/\\|_]+", " "),
    # Joined where the whole is a word of its own, apart where the second half is looked for.
    (r"\m(re|co|sub|inter|over|under|mis|dis|semi|e)-(?=[a-z])", r"\1"),
    (
        r"\m(anti|multi|non|post|pre)(?=(social|racis|agency|disciplin|cultur|custod|violen|complian"
        r"|consensual|statutory|attend|release|trial|sentence|charge|court|conviction|school)"
        r"[a-z]*\M)",
        r"\1 ",
    ),
    (r"\m(on|off|well|cyber|life|health|child|policy)-(?=[a-z])", r"\1"),
    (r"\m(well|health|child|cyber) (being|care|crime|security)\M", r"\1\2"),
    (r"\m(off|on) line\M", r"\1line"),
    (r"(\w)-(?=\w)", r"\1 "),
    (r"\m([a-z])\.([a-z])\.([a-z])\.?\M", r"\1\2\3"),
    (r"\m([a-z])\.([a-z])\M\.?", r"\1\2"),
    (r"(\w)[.,:](?=[a-z])", r"\1 "),
    (r"([a-z])[.,:](?=\w)", r"\1 "),
    (r"\mper cents?\M", "percent"),
]
SPELLINGS = [
    (r"(\w{3})iz(e|es|ed|er|ers|ing|ation|ations|ational|ationally)\M", r"\1is\2"),
    (r"lyz(e|es|ed|er|ers|ing)\M", r"lys\1"),
    (
        r"\m(misbehavi|behavi|lab|harb|col|discol|fav|disfav|hon|dishon|neighb|hum|rum|endeav|vap"
        r"|vig|rig|cand|misdemean|demean|savi|od|arm|ard|ferv|ranc|splend|clam|parl)or",
        r"\1our",
    ),
    (r"\m(off|def|pret)ens(e|es|eless)\M", r"\1enc\2"),
    (r"\m(un)?licens(e|es|ed|ee|ees|ing|or)\M", r"\1licenc\2"),
    (r"\m(mal)?practis(e|es|ed|ing)\M", r"\1practic\2"),
    (r"\m(de)?(cent|theat|fib|lit|kilomet|met|calib|somb|spect)er(s|d)?\M", r"\1\2re\3"),
    (r"\m(de)?centere?d\M", r"\1centred"),
    (r"\m(de)?centering\M", r"\1centring"),
    (r"\m(re)?program(s?)\M", r"\1programme\2"),
    (
        r"\m(travel|counsel|model|label|cancel|fuel|signal|channel|level|marshal|quarrel|equal|panel"
        r"|tunnel|rival|dial|total|initial|unravel|funnel)(ed|ing|er|ers|or|ors|ation|ations)\M",
        r"\1l\2",
    ),
    (r"\m(enrol|fulfil|instal|distil)l(ments?|s)?\M", r"\1\2"),
    (r"\m(ski|wi)llful", r"\1lful"),
    (r"\m(judg|acknowledg)ement", r"\1ment"),
    (r"\maging\M", "ageing"),
    (r"\madvisor(s?)\M", r"adviser\1"),
    (r"\menquir", "inquir"),
    (r"\mdespatch", "dispatch"),
    (r"\mgaol", "jail"),
    (r"\m(focus|bias|benefit|target)([st])(ed|ing)\M", r"\1\3"),
    (r"\mlearnt\M", "learned"),
    (r"\mgray", "grey"),
    (r"\mskeptic", "sceptic"),
    (r"\mmaneuver", "manoeuvre"),
    (r"\mpediatr", "paediatr"),
    (r"\m(an)esthe", r"\1aesthe"),
    (r"\mfet(al|us|uses)\M", r"foet\1"),
    (r"\mjewelry\M", "jewellery"),
    (r"\mcatalog(s|ed|ing)?\M", r"catalogue\1"),
    (r"\mdialog(s?)\M", r"dialogue\1"),
    (r"\manalog(s?)\M", r"analogue\1"),
    (r"\mmom(s?)\M", r"mum\1"),
]


def _quoted(text):
    """A text as an SQL literal that does not hang on any setting of the server."""
    escaped = "".join(
        char if char.isascii() else f"\\u{ord(char):04x}"
        for char in text.replace("\\", "\\\\").replace("'", "''")
    )
    return f"E'{escaped}'"


def _step(rule):
    found, becomes = map(_quoted, rule)
    return f"    words := regexp_replace(words, {found}, {becomes}, 'g');"


def create_function():
    """The SQL of `library_words`: immutable, so that generated columns may use it."""
    steps = "\n".join(map(_step, MARKS_AND_HYPHENS + SPELLINGS))
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
