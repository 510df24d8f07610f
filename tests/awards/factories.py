"""Years of awards that run, with a clock of their own, and nominations in them."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone

from awards.models import Category, Criterion, Cycle, Nomination, Question, Stage

number = count(1)
WEIGHTS = (("Impact", 60), ("Lived experience", 40))
ANCHORS = ["Nothing shown", "A little shown", "Shown", "Well shown", "Shown beyond doubt"]
CHARACTERS = (("What they do", 10), ("What changed", 10))


def make_running_cycle(year=2031, *, is_announced=True, **fields):
    """A demonstration, open from yesterday for two weeks, unless told otherwise."""
    now = timezone.now()
    values = {
        "name": f"Example Awards {year}",
        "is_demonstration": True,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=14),
    }
    cycle = Cycle.objects.create(year=year, **values | fields)
    category = make_category(cycle)
    category.eligibility_questions.create(text="Is it in England or Wales?", advice="Only there.")
    if is_announced:
        announce(cycle)
    return cycle


def announce(cycle):
    cycle.stage, cycle.frozen_at = Stage.ANNOUNCED, timezone.now()
    cycle.save(update_fields=["stage", "frozen_at"])


def make_category(cycle, name="Example Category", *, weights=WEIGHTS, asks=CHARACTERS, **fields):
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    category = Category.objects.create(cycle=cycle, name=name, slug=slug, **fields)
    for position, (title, weight) in enumerate(weights):
        Criterion.objects.create(
            category=category, name=title, weight=weight, anchors=ANCHORS, position=position
        )
    for position, (text, most_words) in enumerate(asks):
        make_question(category, text, most_words=most_words, position=position)
    return category


def make_question(category, text="Why?", **fields):
    values = {"key": text.lower().replace(" ", "-"), "section": "About the work"}
    return Question.objects.create(category=category, text=text, **values | fields)


def make_nomination(category, nominee="Example Project", *, state="draft", email="", **fields):
    """One that has come as far as it says, past all desks."""
    nomination = Nomination.objects.create(category=category, nominee_name=nominee, **fields)
    nomination.collaborators.create(
        is_lead=True,
        name="Policy lead, Example Charity",
        email=email or f"nominator{next(number)}@example.org",
        user=fields.get("user"),
    )
    for question in category.questions.current():
        nomination.answers.create(question=question, text="They help people.")
    for step in PATHS[state]:
        go(nomination, step)
    return nomination


PATHS = {
    "draft": (),
    "submitted": ("submitted",),
    "screened-in": ("submitted", "screened-in"),
    "withdrawn": ("withdrawn",),
    "sifted-in": ("submitted", "screened-in", "sifted-in"),
    "finalist": ("submitted", "screened-in", "sifted-in", "finalist"),
    "not-shortlisted": ("submitted", "screened-in", "not-shortlisted"),
}


def go(nomination, state):
    now = timezone.now()
    nomination.state = state
    if state == "submitted":
        nomination.submitted_at = now
        for answer in nomination.answers.all():
            answer.sent_text = answer.text
            answer.save(update_fields=["sent_text"])
        nomination.receipts.create(
            number=1, submit_key=uuid4(), sent_at=now, copy={}, sha256="0" * 64
        )
    if state == "withdrawn":
        nomination.withdrawn_at = now
    nomination.save()


def set_clock(cycle, moment):
    """As if it were that moment for this year of awards."""
    Cycle.objects.filter(pk=cycle.pk).update(clock_shift=moment - timezone.now())
    cycle.refresh_from_db()
