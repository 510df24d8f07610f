"""What comes after the judging of a demonstration: decided, sealed by two, released, archived."""

from random import Random

from awards.actions.consent import answer_as_nominee, ask_nominee
from awards.actions.decisions import decide, write_words
from awards.actions.feedback import draft_feedback
from awards.actions.releases import archive_cycle, release_category
from awards.actions.rounds import lock_round
from awards.actions.seals import confirm_seal, seal_round
from awards.actions.sheets import Given, save_sheet
from awards.models import (
    Cycle,
    EqualityCount,
    Nomination,
    PublishedAward,
    Release,
    RoundState,
    Seal,
    Sheet,
)
from awards.round_sheets import sheets_of
from awards.sealing import deciding_round
from members.models import User

STATES = ["sealed", "released", "archived"]
TRUSTEE = "trustee@example.org"
PEOPLE = {
    "sealer@example.org": "Awards lead, Example Charity",
    "confirmer@example.org": "Director, Example Charity",
}
PLACES = ["winner", "runner-up", "highly-commended", "commended"]
CITATION = "An invented citation. It shows how a text stands beside a name, and tells of nobody."
WORDS = "An invented sentence of the judges."
YES = {
    "answer": "accepted",
    "name_choice": "full",
    "public_name": "",
    "do_not_publish": "",
    "corrections": "",
    "needs": "",
}
SEED = 11


def clear_results(cycles):
    """All that was sealed and released in these years: only demonstrations let it go."""
    years = list(cycles.values_list("year", flat=True))
    for model in (Release, Seal):
        model.objects.filter(category__cycle__in=cycles).delete()
    PublishedAward.objects.filter(year__in=years, is_demonstration=True).delete()
    EqualityCount.objects.filter(year__in=years).delete()


def finish_demonstration(cycle, state):
    """By the very actions that people use; every nominee agrees to be named."""
    people = make_people()
    Cycle.objects.filter(pk=cycle.pk).update(witness=TRUSTEE)
    cycle.refresh_from_db()
    judged = [one for one in cycle.categories.all() if deciding_round(one)]
    for category in judged:
        _finish_category(category, *people)
    if state == "sealed":
        return
    for category in judged:
        release_category(category, by=people[0])
    draft_feedback(cycle, by=people[0])
    if state == "archived":
        archive_cycle(cycle, by=people[0])


def make_people():
    """Who seals, and who confirms."""
    return [
        User.objects.get_or_create(email=email, defaults={"name": name})[0]
        for email, name in PEOPLE.items()
    ]


def _finish_category(category, sealer, confirmer):
    round_ = deciding_round(category)
    if round_.state == RoundState.SCORING:
        _mark_the_rest(round_)
        lock_round(round_, by=sealer)
        round_.refresh_from_db()
    for nomination in category.nominations.judged():
        answer_as_nominee(ask_nominee(nomination, by=sealer), YES)
    _decide(round_, sealer)
    seal = seal_round(round_, by=sealer)
    confirm_seal(seal, by=confirmer)


def _mark_the_rest(round_):
    random = Random(SEED)
    criteria = list(round_.category.criteria.all())
    handed_in = Sheet.objects.submitted().values("assignment")
    for reading in round_.assignments.active().exclude(pk__in=handed_in):
        sheet = Sheet.objects.filter(assignment=reading).first()
        given = {one.pk: Given(random.randint(2, 5)) for one in criteria}
        seen = sheet.version if sheet else 0
        save_sheet(reading, given, seen=seen, by=reading.judge.user, submit=True)


def _decide(round_, by):
    """As the marks have it."""
    sheets = sheets_of(round_)
    order = [sheets.entries[line.entry].pk for line in sheets.score_sheet.ranking().placed]
    nominations = Nomination.objects.in_bulk(order)
    for place, pk in enumerate(order):
        outcome = PLACES[place] if place < len(PLACES) else "shortlisted"
        decision = decide(nominations[pk], outcome, by=by, reason="The panel agreed.")
        if outcome == "winner":
            write_words(decision, for_work="", citation=CITATION, judges_words=WORDS, by=by)
