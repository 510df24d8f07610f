"""Works with all that breaks citation formats, made by chance but always the same."""

import random
from datetime import date

from library.models import Contributor, Item, Kind, Language, Publisher
from tests.factories import LONG_AGO, make_organisation

ORGANISATIONS = [
    "Department for Levelling Up, Housing and Communities",
    "Ymddiriedolaeth Tai Llŷn, Môn ac Arfon",
    "Smith & Daughters <b>Trust</b>",
    "{Curly} Brackets and {Braces",
    "100% Us",
    "Rock and Roll and Justice",
    "A_B #1 $5 ~ ^ Group",
    "O’Brien “Quoted” 'Single' ''Twice'' Society",
    r"C:\Users Group \& Sons",
    "Éire–Nordirland ÅÄÖ ß Ltd.",
    "正義 Justice",
    "AND",
    "et al.",
]
# As printed, and as filed where a machine could not know.
PEOPLE = [
    ("Siân Ŵyn-Parry", ""),
    ("Jean-Luc de la Tour", "de la Tour, Jean-Luc"),
    ("Mary O'Neil", ""),
    ("Ann and Bob Smith", ""),
    ("Bob {Bracket} Brown", ""),
    ("J. R. R. Writer", ""),
    ("Lord Farmer", ""),
    ("Plato", ""),
    ("Fifty 50% Percent", ""),
    ("Amp & Er Sand", ""),
    ("Under_Score Hash#", ""),
    ("Łukasz Żółć", ""),
]
WORDS = [
    *("prison", "ROTL", "& bail", "50%", "<b>bold</b>", "{curly}", "}", "{", "\\", "$x_1^2$", "#1"),
    *("~", "^", "--", "---", "``quoted''", "“curly”", "Llŷn", "a, b", "and", "HMP/YOI", "s.91"),
    *("@misc{planted,", "ER  -", "TY  - JOUR", "%s", "%%", "?`", "<script>", "&amp;", '"', "'"),
]
SUMMARIES = ["", "One\n\nER  - \nTY  - JOUR\n\ntwo.", "Words with *stress* & <b>tags</b>."]


def make_odd_works(count, *, seed=2026):
    """`count` public items, and how their authors have to come back."""
    chance = random.Random(seed)
    organisations = [
        make_organisation(name, slug=f"odd-{number}") for number, name in enumerate(ORGANISATIONS)
    ]
    items = Item.objects.bulk_create(_odd_item(chance, number) for number in range(count))
    parts = [_odd_names(chance, item, organisations) for item in items]
    Publisher.objects.bulk_create(publisher for part in parts for publisher in part[0])
    Contributor.objects.bulk_create(contributor for part in parts for contributor in part[1])
    return items


def _odd_item(chance, number):
    is_article = chance.random() < 0.2
    precision = chance.choice(["", "year", "month", "day"])
    day = date(chance.randint(1960, 2025), chance.randint(1, 12), chance.randint(1, 28))
    first_days = {"year": day.replace(month=1, day=1), "month": day.replace(day=1), "": None}
    return Item(
        slug=f"odd-work-{number}",
        kind=Kind.JOURNAL_ARTICLE if is_article else chance.choice(["report", "briefing"]),
        title=_words(chance) or "Odd",
        subtitle=_words(chance) if chance.random() < 0.3 else "",
        summary=chance.choice(SUMMARIES),
        published_on=first_days.get(precision, day),
        precision=precision,
        series=chance.choice(["Journal of {Law} & Order", "Cm", "HC & HL_Papers"]),
        number=chance.choice(["61(2)", "7", "9298-I"]),
        doi=chance.choice(["", "10.1234/a_b(c)<d>"]),
        isbn=chance.choice(["", "9780101426220"]),
        language=chance.choice(Language.values),
        status="published",
        published_at=LONG_AGO,
    )


def _words(chance):
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 7)))


def _odd_names(chance, item, organisations):
    chosen = chance.sample(organisations, k=chance.randint(0, 2))
    publishers = [
        Publisher(item=item, organisation=one, position=place) for place, one in enumerate(chosen)
    ]
    people = [
        Contributor(item=item, name=name, filed_as=filed, kind="person")
        for name, filed in chance.sample(PEOPLE, k=chance.randint(0, 3))
    ]
    bodies = [
        Contributor(item=item, name=name, kind="organisation")
        for name in chance.sample(ORGANISATIONS, k=chance.randint(0, 2))
    ]
    contributors = [*people, *bodies]
    chance.shuffle(contributors)
    for place, contributor in enumerate(contributors):
        contributor.position = place
    return publishers, contributors
