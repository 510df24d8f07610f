"""Letters to judges. They name no entry of a round: a letter may be read by others."""

from django.template.loader import render_to_string
from django.urls import reverse

from cja_portal.kit.site import absolute
from members.emails import post


def _write(name, subject, judge, **context):
    """A rehearsal writes to nobody."""
    cycle = judge.cycle
    if cycle.rehearsal_of_id or judge.user is None:
        return
    context |= {"judge": judge, "cycle": cycle}
    context |= {"page": absolute(reverse("awards:judging-home"))}
    post(subject, render_to_string(f"awards/emails/{name}.txt", context), [judge.user.email])


def asked(judge):
    _write("judge_asked", f"Would you judge? {judge.cycle}", judge)


def round_opened(round_):
    for judge, count in _readers(round_):
        subject = f"You can mark now: {round_}"
        _write("round_opened", subject, judge, round=round_, count=count)


def round_reopened(round_):
    for judge, count in _readers(round_):
        subject = f"Opened again: {round_}"
        _write("round_reopened", subject, judge, round=round_, count=count)


def one_more(assignment):
    round_ = assignment.round
    _write("one_more", f"One more entry: {round_}", assignment.judge, round=round_)


def stepped_back(assignment):
    """To the judge, so that nobody steps back in somebody else's name unseen."""
    round_ = assignment.round
    _write("stepped_back", f"You stepped back: {round_}", assignment.judge, round=round_)


def _readers(round_):
    """[(judge, how many entries)]"""
    counts = {}
    active = round_.assignments.active().select_related("judge__user", "judge__cycle")
    for assignment in active:
        counts[assignment.judge] = counts.get(assignment.judge, 0) + 1
    return list(counts.items())
