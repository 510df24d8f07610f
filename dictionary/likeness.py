"""How queries and names are made comparable: numbers, sections, dotted acronyms, joined words."""

import re

from cja_portal.kit.text import fold
from dictionary.sounds import sound_key

STOP_WORDS = frozenset(
    [
        *("a", "an", "and", "are", "at", "be", "been", "being", "by", "do", "does", "for", "from"),
        *("had", "has", "have", "i", "in", "is", "it", "its", "me", "my", "of", "on", "or"),
        *("that", "the", "they", "this", "to", "was", "what", "with", "you", "your"),
    ]
)
_ONES = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: value for value, word in enumerate(_ONES, start=1)}
_VALUES |= {word: value for value, word in enumerate(_TENS, start=2)}
_NUMBER = re.compile(
    rf"\b({'|'.join(_TENS)})(?: ({'|'.join(_ONES[:9])}))?\b|\b({'|'.join(_ONES)})\b"
)
_SECTION = re.compile(r"\b(?:s|sec|sect|section)s? ?(\d+[a-z]?)\b")
# What people put around the word that they ask about.
_OPENINGS = (
    r"what(?:s| is| are| does| do)?(?: happens?(?: at| in| with| to| on| if| when)?)?",
    *("whats the", "define", "definition of", "explain", "tell me about"),
    *("meaning of", "the meaning of", "what is the meaning of", r"who(?:s| is| are)"),
    r"how (?:do|does|can) (?:i|you|we|an?|the)(?: get| make| ask for)?",
    *(r"can i(?: get)?", r"where do i(?: get| find)?", r"can (?:the )?police", "can they"),
    r"do i (?:have to|need to|need)",
)
_QUESTION = re.compile(rf"^(?:{'|'.join(_OPENINGS)})(?: an?| the| my)? (?=\S)")
_QUESTION_END = re.compile(
    r"(?<=\S) (?:means?|meaning|definition|stands? for|uk|explained|"
    r"what (?:happens|now|next)(?: now| next)?)$"
)
# Letters as they sound: "see pee ess" is CPS.
_LETTERS = {
    "ay": "a",
    "bee": "b",
    "cee": "c",
    "see": "c",
    "sea": "c",
    "dee": "d",
    "ee": "e",
    "ef": "f",
    "eff": "f",
    "gee": "g",
    "jee": "g",
    "aitch": "h",
    "haitch": "h",
    "eye": "i",
    "jay": "j",
    "kay": "k",
    "el": "l",
    "ell": "l",
    "em": "m",
    "en": "n",
    "oh": "o",
    "owe": "o",
    "pee": "p",
    "pea": "p",
    "queue": "q",
    "cue": "q",
    "ar": "r",
    "are": "r",
    "es": "s",
    "ess": "s",
    "tee": "t",
    "tea": "t",
    "you": "u",
    "yew": "u",
    "vee": "v",
    "ex": "x",
    "why": "y",
    "wye": "y",
    "zed": "z",
    "zee": "z",
    "doubleu": "w",
}


def comparable(text):
    """`text` folded, with numbers in digits and every way to write a section alike."""
    numbered = _NUMBER.sub(_digits, fold(text))
    return _SECTION.sub(r"section \1", numbered)


def squashed(text):
    """Comparable text without blanks, so that split and joined words meet: "preSentence"."""
    return text.replace(" ", "")


def without_question(query):
    """ "what does remand mean" asks for "remand"."""
    return _QUESTION_END.sub("", _QUESTION.sub("", query))


def telling_words(query):
    """The words without those that say nothing, unless there are no others."""
    words = query.split()
    return [word for word in words if word not in STOP_WORDS] or words


def spelled_out(query):
    """ "see pee ess" as "cps", and "" unless every word is the sound of a letter."""
    words = query.split()
    letters = [word if len(word) == 1 else _LETTERS.get(word, "") for word in words]
    return "".join(letters) if len(words) > 1 and all(letters) else ""


def sound_of(text):
    """One key for all words of comparable text, whatever the blanks between them."""
    return "".join(sound_key(word) for word in telling_words(text))


def trigrams(text):
    """Every three letters of squashed text, its ends marked so that beginnings weigh more."""
    marked = f"  {squashed(text)} "
    return {marked[place : place + 3] for place in range(len(marked) - 2)}


def _digits(found):
    tens, unit, small = found.groups()
    if small:
        return str(_VALUES[small])
    return str(_VALUES[tens] * 10 + _VALUES.get(unit, 0))
