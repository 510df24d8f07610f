"""Advice on plain words, for editors: what in a text may stop a reader, and where it stands.

Pure functions over plain text. Formulas such as Flesch–Kincaid are not used: on texts as short as
a definition their figures mean nothing (an acronym counts as an easy word, a name as a hard one).
Everything found here is advice, and an editor may well keep what it points at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WARN_WORDS, FAULT_WORDS = 20, 25  # in one sentence
COMMON_WORDS = Path(__file__).parent / "content" / "common-words.txt"


@dataclass(frozen=True, order=True)
class Finding:
    """Something that may stop a reader: `text` stands at `start` of the text that was checked."""

    start: int
    end: int
    kind: str
    text: str
    advice: str
    is_fault: bool = False


# What a finding weighs in the list of entries, worst first.
_WEIGHT = {"long": 3, "acronym": 3, "latin": 3, "label": 3, "negative": 2, "hard": 2}


def findings(text, *, known=()):
    """What to look at again in `text`, in its order.

    `known` holds the (start, end) of names that the dictionary explains: no hard words there.
    """
    checks = (_long, _passive, _acronyms, _latin, _negatives, _nominalisations, _labels)
    found = [finding for check in checks for finding in check(text)]
    found += _hard_words(text, known, found)
    return sorted(found)


def burden(found, words):
    """How heavily what was found weighs on a text of so many words: points for each 100 words."""
    points = sum(2 * weight if one.is_fault else weight for one, weight in _weighed(found))
    return round(100 * points / max(words, 1))


def _weighed(found):
    return ((one, _WEIGHT.get(one.kind, 1)) for one in found)


def count_words(text):
    return len(_WORD.findall(text))


# -- Sentences -------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_NO_END = r"(?<!\bv)(?<!\bNo)(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)"
_SENTENCE = re.compile(rf"[^\n]+?(?:{_NO_END}[.!?][\"”’)]*(?=\s|$)|(?=\n)|$)")
_BULLET = re.compile(r"\s*(?:[-*]\s+)?")


def _sentences(text) -> Iterator[tuple[int, str]]:
    """(where it starts, sentence); each line of a list is one of its own."""
    for match in _SENTENCE.finditer(text):
        start = _BULLET.match(text, match.start(), match.end()).end()
        if start < match.end():
            yield start, text[start : match.end()]


def _long(text):
    for start, sentence in _sentences(text):
        count = len(sentence.split())
        if count > WARN_WORDS:
            yield Finding(
                start,
                start + len(sentence),
                "long",
                sentence,
                f"{count} words in one sentence. Can it be two?",
                is_fault=count > FAULT_WORDS,
            )


# -- Ways of saying it -----------------------------------------------------------------------------


def _words(text):
    return tuple(text.split())


_IRREGULAR = _words(
    "beaten begun bitten broken brought built bought caught chosen cut dealt done drawn driven "
    "eaten fed felt forbidden forgotten fought found given hidden held heard hit hurt kept known "
    "laid led left lent let lost made meant met paid proven put read ridden run said seen sent set "
    "shot shown shut sold spent spoken stolen struck taken taught thought thrown told understood "
    "won worn withdrawn written"
)
# Participles that only describe: "you are allowed", "she is worried".
_ADJECTIVES = _words(
    "allowed aged based bored called concerned confused disabled drunk excited experienced "
    "frightened interested involved limited married related required scared settled supposed "
    "tired spent unemployed upset used worried united needed retired named ashamed left known "
    "unpaid"
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\b"
    r"(?:\s+(?:not|never|also|often|always|then|only|usually|sometimes|still|first|later|\w+ly))*"
    rf"\s+(?P<participle>\w{{2,}}ed|{'|'.join(_IRREGULAR)})\b",
    re.IGNORECASE,
)
_NOT_PARTICIPLES = {"need", "speed", "indeed", "red", "bed", "hundred", "seed", "feed", "sacred"}


def _passive(text):
    for match in _PASSIVE.finditer(text):
        if match["participle"].lower() not in {*_ADJECTIVES, *_NOT_PARTICIPLES}:
            yield _at(match, "passive", "Who does it? Name them: “the police hold you”.")


_NEGATIVE = r"(?:not|never|no|cannot|nobody|none|nothing|\w+n['’]t)"
_DOUBLE = re.compile(
    rf"\b{_NEGATIVE}\b(?:\s+\w+){{0,3}}?\s+(?:un(?:able|aware|fair|known|lawful|less|like|likely|"
    r"necessary|reasonable|safe|til|true|usual|willing)|without|in(?:appropriate|capable|correct|"
    r"eligible|frequent|significant)|im(?:possible|proper)|dis(?:agree|allow|honest)|not|never|"
    r"nobody|none|nothing|fail|refuse|deny|except)\b",
    re.IGNORECASE,
)
_ORDINARY = re.compile(r"\b(?:until|unlike)$", re.IGNORECASE)


def _negatives(text):
    for match in _DOUBLE.finditer(text):
        if not _ORDINARY.search(match[0]) and " and " not in match[0]:
            yield _at(match, "negative", "Two negatives. Say what is so, or what someone can do.")


_MADE_OF_VERBS = _words(
    "acceptance admission agreement allocation application appearance assessment assumption "
    "authorisation commencement completion compliance confirmation consideration continuation "
    "decision description determination disclosure discussion examination explanation failure "
    "identification implementation imposition inspection instruction intervention introduction "
    "investigation measurement modification notification objection observation participation "
    "payment performance preparation presentation provision recommendation referral refusal "
    "removal requirement restriction revocation selection submission termination utilisation "
    "variation verification"
)
_NOMINALISATION = re.compile(
    rf"\b(?:the|an?)\s+(?:{'|'.join(_MADE_OF_VERBS)})\s+of\b"
    r"|\b(?:make|makes|made|making|give|gives|gave|given|carry out|carries out|carried out|conduct|"
    r"conducts|conducted|undertake|undertakes|undertook|take|takes|took|reach|reaches|reached)"
    rf"\s+(?:an?|the)\s+(?:{'|'.join(_MADE_OF_VERBS)})\b",
    re.IGNORECASE,
)


def _nominalisations(text):
    for match in _NOMINALISATION.finditer(text):
        yield _at(match, "noun", "A noun hides a verb: “they decide”, not “they make a decision”.")


# -- Words -----------------------------------------------------------------------------------------

_ACRONYM = re.compile(r"\b(?:[A-Z]{2}[A-Za-z]*|[A-Z][a-z][A-Z]+s?)\b")
_EVERYONE_KNOWS = {
    "UK",
    "US",
    "TV",
    "DNA",
    "ID",
    "MP",
    "MPs",
    "HIV",
    "GP",
    "GPs",
    "CCTV",
    "EU",
    "UN",
}
_EVERYONE_KNOWS |= {"AM", "PM", "OK", "PDF", "SMS", "BBC", "II", "III", "IV"}


def _acronyms(text):
    """The first use of each that the text does not spell out beside it, in brackets or by "or"."""
    told = set(_EVERYONE_KNOWS)
    for match in _ACRONYM.finditer(text):
        name = match[0].removesuffix("s")
        if name not in told and match[0] not in told and not _is_expanded(text, match):
            yield _at(
                match, "acronym", "Write it out the first time, then the letters in brackets."
            )
        told.add(name)


def _is_expanded(text, match):
    """ "short for …", "release on temporary licence (ROTL)", "ROTL (release …)", "…, or ROTL," """
    before, after = text[: match.start()], text[match.end() :]
    is_named = re.search(r"(\(|\bor\s+|\bcalled\s+(an?\s+)?)[\"“”'‘]?$", before)
    is_told = re.match(
        r"[\"“”'’]?\s*(\(|,?\s+(which\s+)?(is\s+short|stands)\s+for\b|\s+means\b)", after
    )
    return bool(is_named or is_told)


_LATIN = re.compile(
    r"\b(?:ab initio|actus reus|ad hoc|amicus curiae|a priori|bona fide|caveat|de facto|de jure|"
    r"de minimis|et al|et cetera|ex gratia|ex officio|ex parte|functus officio|habeas corpus|"
    r"inter alia|in absentia|in camera|in lieu|in loco parentis|in situ|intra vires|ipso facto|"
    r"mala fide|mens rea|modus operandi|mutatis mutandis|nolle prosequi|non compos mentis|"
    r"obiter|per annum|per capita|per diem|per se|prima facie|pro bono|pro forma|pro rata|"
    r"quasi|quid pro quo|ratio decidendi|res judicata|sine die|sine qua non|status quo|"
    r"sub judice|subpoena duces tecum|sui generis|ultra vires|versus|vice versa|viz)\b"
    r"|(?<!\w)(?:e\.g\.?|i\.e\.?|etc\.?|cf\.)(?!\w)",
    re.IGNORECASE,
)


def _latin(text):
    for match in _LATIN.finditer(text):
        yield _at(match, "latin", "Latin. Say it in English: “for example”, “that is”.")


# Each names people by one thing that they did, had or are.
_VERB_AHEAD = (
    r"(?=\s+(?:are|is|was|were|who|in|from|and|to|of|on|with|will|can|may|must)\b|[.,;!?])"
)
_PEOPLE = {
    r"(?:ex-|young |repeat |prolific |sex |female )?offenders?": "a person who offended",
    rf"criminals?{_VERB_AHEAD}": "a person convicted of a crime",
    r"(?:ex-)?convicts?": "a person who was in prison",
    r"(?:inmates?|lags?|cons)": "a person in prison",
    r"felons?": "a person convicted of a crime",
    r"(?:drug |heroin )?(?:addicts?|abusers?)": "a person who is dependent on drugs",
    r"alcoholics?|drunks": "a person who is dependent on alcohol",
    r"prostitutes?": "a person who sells sex",
    r"illegal (?:im)?migrants?|illegals": "a person without permission to be in the country",
    r"juveniles?|minors": "a child",
    r"the (?:homeless|disabled|elderly|mentally ill|vulnerable|deaf|blind)": "people who are …",
    r"wheelchair[- ]bound": "a person who uses a wheelchair",
    r"suffers? from|suffering from": "has",
    r"commit(?:s|ted|ting)? suicide": "die by suicide",
    r"perpetrators?|wrongdoers?|thugs?|crooks?": "a person who caused harm",
}
_LABELS = [
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), instead)
    for pattern, instead in _PEOPLE.items()
]
_NAME_AROUND = re.compile(r"(?:\b[A-Z][\w’'-]*\s+(?:(?:of|and|for|the|to)\s+)*)$")


def _labels(text):
    for pattern, instead in _LABELS:
        for match in pattern.finditer(text):
            if not _is_in_a_name(text, match):
                advice = f"It names people by one thing. Try “{instead}”, save in official names."
                yield _at(match, "label", advice)


def _is_in_a_name(text, match):
    """ "Rehabilitation of Offenders Act", "young offender institution", or a word in quotes."""
    before, after = text[: match.start()], text[match.end() :]
    is_capital = match[0][0].isupper() and _NAME_AROUND.search(before)
    is_official = re.match(r"\s+(institution|management|behaviour programme|Act\b)", after)
    is_quoted = bool(before) and before[-1] in "\"“‘'"
    return bool(is_capital or is_official or is_quoted)


def _hard_words(text, known, found):
    """The first use of each word that is neither everyday nor explained; names are passed by."""
    spans = [
        *known,
        *((one.start, one.end) for one in found if one.kind not in {"long", "passive"}),
    ]
    starts = {start for start, _ in _sentences(text)}
    told = set()
    for match in _WORD.finditer(text):
        word = match[0].lower().replace("’", "'")
        is_name = match[0][:1].isupper() and not _begins(match.start(), starts)
        is_inside = any(start <= match.start() < end for start, end in spans)
        if is_name or is_inside or word in told or is_everyday(word):
            continue
        told.add(word)
        advice = "Not an everyday word, and the dictionary has no entry for it."
        yield _at(match, "hard", advice)


def _begins(start, starts):
    """Whether a word is the first of its sentence, perhaps behind a quotation mark."""
    return start in starts or start - 1 in starts


def _at(match, kind, advice):
    return Finding(match.start(), match.end(), kind, match[0], advice)


# -- Everyday words --------------------------------------------------------------------------------

# (ending, what it may stand for) of the forms of a word: "carries", "stopping", "happier".
_ENDINGS = [
    *(("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", "e"), ("ed", ""), ("ied", "y")),
    *(("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e")),
    *(("or", ""), ("ors", ""), ("ier", "y"), ("est", ""), ("est", "e"), ("iest", "y")),
    *(("ly", ""), ("ily", "y"), ("ly", "le"), ("ally", ""), ("ness", ""), ("ful", "")),
    *(("less", ""), ("y", ""), ("able", ""), ("able", "e"), ("en", "e"), ("en", "")),
]
_BEGINNINGS = ("un", "re", "non-", "over", "mis", "self-", "well-", "co-", "ex-", "mid-", "pre-")


@lru_cache
def common_words():
    lines = COMMON_WORDS.read_text(encoding="utf-8").lower().splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=20_000)
def is_everyday(word):
    """Whether most readers know the word (in small letters), in this form or its base form."""
    if word.isdigit() or len(word) == 1 or re.fullmatch(r"\d+(st|nd|rd|th|s)?", word):
        return True
    if "-" in word and all(is_everyday(part) for part in word.split("-") if part):
        return True
    if _is_form(word):
        return True
    return any(
        word.startswith(start) and len(word) > len(start) + 2 and _is_form(word[len(start) :])
        for start in _BEGINNINGS
    )


def _is_form(word):
    known = common_words() | set(_IRREGULAR)
    return word in known or any(base in known for base in _bases(word))


def _bases(word):
    word = re.sub(r"('s|s'|'re|'ve|'ll|'d|n't)$", "", word)
    yield word
    for ending, base in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 1:
            stem = word.removesuffix(ending)
            yield stem + base
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
