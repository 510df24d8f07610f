"""Whether a text speaks of the law where a word of many senses stands.

A fine, a charge, an appeal and a tag are everyday words too, and no list of their neighbours is
ever complete. So in a reader's own text a name that proves nothing by itself counts only near one
that does, or near a word that people use of crime and courts and hardly elsewhere.
"""

from bisect import bisect_left
from functools import lru_cache

from dictionary.matching import Form, Matcher

REACH = 700  # characters
SHORT = 80  # characters: what is no longer than a question is about its own words

_WORDS = """
acquitted allegation allegations alleged asbo assault assaulted assaults barrister barristers
burglar burglaries burglary cellmate complainant convicted convict coroner courtroom crime crimes
criminal criminals custodial defendant defendants detained detainee detainees detective
harassment hmp imprisoned imprisonment indictment inmate inmates inquest inquests jail jailed jails
jurors justices lawyer lawyers magistrate magistrates manslaughter murder murdered murderer
offence offences offended offender offenders offending paroled perpetrator
police policing policeman policewoman prison prisoner prisoners prisons
acct bailiffs cps dbs fined imb iopc ipp mappa prosecute prosecuted prosecuting prosecution prosecutor prosecutors rape raped rapist
rearrested remand remanded reoffend reoffended reoffending robber robberies robbery
sentenced sentencing sheriff shoplifting solicitor solicitors stabbed stabbing
suspect suspects theft thefts unlawfully warrant warrants witness witnesses
""".split()
_PHRASES = (
    *("found guilty", "not guilty", "plead guilty", "pleaded guilty", "pleads guilty"),
    *("in custody", "into custody", "custody suite", "criminal record", "criminal records"),
    *("prison sentence", "anti-social behaviour", "antisocial behaviour", "under arrest"),
    *("unpaid fine", "unpaid fines", "pay a fine", "pay the fine", "pay your fine", "paid the fine"),
    *("paid your fine", "of your fine", "fine of", "victim surcharge", "on bail", "on remand"),
    *("on tag", "electronic tag", "tag will be fitted", "charged with"),
    *("convictions", "conviction for", "your conviction", "against conviction", "on conviction"),
    *("on licence", "on parole", "probation officer", "released from"),
)
# Courts on which people play and judges of cakes prove nothing.
_PLAY = tuple("tennis squash badminton basketball netball food holds holding hold".split())
_NUMBERS = tuple("1 2 3 4 5 6 7 8 9 one two three four shoes shoe hire booking bookings".split())
_TRIED = ("for yourself", "a book", "me", "us", "him", "her", "them", "it", "the", "a", "by")
_GUARDED = (
    *((word, (*_NUMBERS, "of public opinion"), _PLAY) for word in ("court", "courts")),
    ("judge", _TRIED, ("cookery", "baking", "singing")),
    ("curfew", ("for",), ("covid",)),
)


def proves_itself(label):
    """Whether a name is meant wherever it stands: of several words, and without a guard."""
    return len(label.text.split()) > 1 and not (label.not_before or label.not_after)


def meant(matches, text):
    """Those of `matches` that are meant; their keys end in whether the name proves itself."""
    sure = (match.start for match in matches if any(is_sure for *_, is_sure in match.keys))
    places = sorted([*sure, *(proof.start for proof in _proofs().find(text))])
    return [match for match in matches if len(text) <= SHORT or _is_near(places, match)]


@lru_cache(maxsize=1)
def _proofs():
    plain = (Form(word, True) for word in (*_WORDS, *_PHRASES))
    return Matcher([*plain, *(Form(word, True, False, *guards) for word, *guards in _GUARDED)])


def _is_near(places, match):
    """Whether a proof stands in reach; one that is a proof is near itself."""
    first = bisect_left(places, match.start - REACH)
    return first < len(places) and places[first] <= match.end + REACH
