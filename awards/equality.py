"""What those who nominate are asked about themselves, if they like, and how it is counted."""

from django.db import transaction
from django.db.models import F

from awards.models import EqualityCount

UNSAID = ("unsaid", "I prefer not to say")
QUESTIONS = {
    "age": (
        "How old are you?",
        [
            *(("under-25", "Under 25"), ("25-39", "25 to 39"), ("40-59", "40 to 59")),
            *(("60-up", "60 or older"), UNSAID),
        ],
    ),
    "gender": (
        "How do you describe your gender?",
        [("woman", "Woman"), ("man", "Man"), ("other", "In another way"), UNSAID],
    ),
    "ethnic-group": (
        "What is your ethnic group?",
        [
            *(("asian", "Asian or Asian British"), ("black", "Black, Black British or Caribbean")),
            *(("mixed", "Mixed or several ethnic groups"), ("white", "White")),
            *(("other", "Another ethnic group"), UNSAID),
        ],
    ),
    "disability": (
        "Do you have a disability or a long-term condition?",
        [("yes", "Yes"), ("no", "No"), UNSAID],
    ),
    "experience": (
        "Do you have lived experience of the criminal justice system?",
        [("yes", "Yes"), ("no", "No"), UNSAID],
    ),
}
LEAST = 10  # A group of fewer is not told.


@transaction.atomic
def count_answers(year, answers):
    """One more of each of these; what was left out is not counted."""
    prepare(year)
    for question, answer in sorted(answers.items()):
        if answer:
            row = EqualityCount.objects.filter(year=year, question=question, answer=answer)
            row.update(count=F("count") + 1)


def prepare(year):
    """All rows of the year, before anybody has answered, in the order of the questions."""
    rows = [
        EqualityCount(year=year, question=question, answer=answer)
        for question, (_, choices) in QUESTIONS.items()
        for answer, _ in choices
    ]
    if not EqualityCount.objects.filter(year=year).exists():
        EqualityCount.objects.bulk_create(rows, ignore_conflicts=True)


def told(counts, least=LEAST):
    """The same [(label, count)] with None for what would tell of few people; nobody is nobody.

    Whatever is hidden holds at least `least` people together: otherwise the total would give it
    away, so the smallest other group is hidden too.
    """
    hidden = {label for label, count in counts if 0 < count < least}
    while hidden and sum(count for label, count in counts if label in hidden) < least:
        shown = [(count, label) for label, count in counts if count and label not in hidden]
        if not shown:
            break
        hidden.add(min(shown)[1])
    return [(label, None if label in hidden else count) for label, count in counts]


def counts_of(year):
    """{question: [(answer in words, count)]}"""
    rows = EqualityCount.objects.filter(year=year).values_list("question", "answer", "count")
    found = {(question, answer): count for question, answer, count in rows}
    return {
        text: [(label, found.get((question, answer), 0)) for answer, label in choices]
        for question, (text, choices) in QUESTIONS.items()
    }
