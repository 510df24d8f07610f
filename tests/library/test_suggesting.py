import random

import pytest
from django.contrib.auth.models import AnonymousUser

from library.models import Word
from library.search import read_query
from library.suggesting import nearest_words, similar_queries
from tests.factories import make_item, make_theme, make_user

pytestmark = pytest.mark.django_db
LONG = str.split(
    """
accommodation accountability adjudication administration adolescents advocacy allegations
alternatives antisocial appropriate arraignment assessment attendance barrister behaviour
bereavement caseworkers cautioning charities chaplaincy children circumstances commissioner
commissioning communities compensation complainant compulsory conditional confidential
confiscation consultation conviction coroner correctional counselling criminalisation
criminogenic custodial defendants delinquency deportation desistance detention deterrence
disadvantage disclosure discrimination disproportionality diversion domestic effectiveness
electronic employment enforcement engagement entitlement equalities ethnicity evaluation
evidence exclusion exploitation extradition facilities families fingerprints forensic guidance
guidelines harassment homelessness homicide household imprisonment independent inequality
inflation inspectorate institutions intelligence intermediaries intervention interviewing
investigation judiciary jurisdiction juveniles knife legislation litigation magistrates
maintenance management manslaughter marginalised mediation mentoring neighbourhood
neurodiversity offenders ombudsman overcrowding overrepresented parliament parole partnership
paternalism perpetrators perspective pilots police practitioners prevention prisoners probation
procedural prosecution prosecutors protection psychiatric psychology punishment qualification
radicalisation reasonable reconviction recommendations reconciliation recruitment rehabilitation
relationships remand reoffending reparation representation resettlement residential
responsibility restorative restraint safeguarding scrutiny segregation sentencing separation
settlement solicitors statistics strategy substance supervision surveillance suspended
technology temporary testimony therapeutic trafficking transgender transparency treatment
tribunal unannounced unaccompanied unconscious unemployment vulnerability whistleblowing
witnesses
"""
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def with_a_slip(word, chance):
    """One letter left out, added, changed or swapped with the next."""
    place = chance.randrange(len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    return chance.choice(
        [
            before + after,
            before + chance.choice(LETTERS) + letter + after,
            before + chance.choice(LETTERS) + after,
            before + after[0] + letter + after[1:],
        ]
    )


def test_three_hundred_slips_lead_back_to_the_word():
    chance = random.Random(1966)
    words = [word for word in LONG if len(word) >= 8]
    other = [
        "".join(chance.choices("aeioustrnlcdmp", k=chance.randint(6, 12))) for _ in range(4000)
    ]
    Word.objects.bulk_create(Word(word=word) for word in {*LONG, *other})
    slips = [(word, with_a_slip(word, chance)) for word in chance.choices(words, k=300)]
    slips = [(word, slip) for word, slip in slips if slip not in LONG]

    near = nearest_words({slip for _, slip in slips})

    right = [word in near.get(slip, [])[:3] for word, slip in slips]
    assert len(right) >= 280
    assert sum(right) / len(right) >= 0.95


def test_up_to_three_are_offered_each_with_its_count(client):
    for title in ["Prisons", "Poisons", "Prisms", "Prisons again"]:
        make_item(title)

    offered = similar_queries(read_query("prisens"), AnonymousUser())

    assert offered == [{"text": "prisons", "count": 2}, {"text": "prisms", "count": 1}]
    page = client.get("/library/?q=prisens").content.decode()
    assert 'Did you mean <a href="?q=prisons">prisons</a>? It finds 2 items.' in page


def test_a_word_of_hidden_records_is_never_offered_even_beside_a_known_one():
    make_item("Probation")
    make_item("Whistleblowing on probation", audience="staff", themes=[make_theme("Race")])

    for user in [AnonymousUser(), make_user()]:
        assert similar_queries(read_query("whistleblowin"), user) == []
        assert similar_queries(read_query("probatoin whistleblowin"), user) == []
