"""What the tables of the awards hold about a person."""

from awards.models import (
    Answer,
    Assignment,
    Attachment,
    Collaborator,
    Conflict,
    Cycle,
    Decision,
    Event,
    Extension,
    Feedback,
    Interest,
    Judge,
    Mark,
    MergeLink,
    Nomination,
    NomineeConsent,
    PublishedAward,
    PublishedCycle,
    PublishedJudge,
    Receipt,
    Referee,
    Release,
    Round,
    Screening,
    Seal,
    Sheet,
    SheetExclusion,
)
from cja_portal.kit.holdings import NO_ADDRESS, NOBODY, Holding, clear, deed, delete


def forget_writers(writers, person):
    """Whoever began a nomination stays with it, without a name; the links to it no longer work."""
    for writer in list(writers):
        named = {"nomination": writer.nomination_id}
        Answer.objects.filter(**named, saved_by=writer.name).update(saved_by=NOBODY)
        Attachment.objects.filter(**named, added_by=writer.name).update(added_by=NOBODY)
        writer.links.all().delete()
        address = f"erased-{writer.pk}@erased.invalid"
        writer.name, writer.email, writer.phone = NOBODY, address, ""
        writer.save(update_fields=["name", "email", "phone"])


HOLDINGS = [
    Holding(
        Collaborator,
        "Nominations you write or wrote",
        ("user", "email"),
        ("nomination", "is_lead", "name", "email", "phone", "added_at"),
        "Your name, address and telephone go. What was sent stays with the awards, for judges "
        "decide by it; submit or withdraw a draft first if you care about it.",
        forget_writers,
    ),
    Holding(
        Referee,
        "Nominations that name you as a referee",
        ("email",),
        ("name", "email", "organisation"),
        "They go. The copy of what was sent stays with the awards.",
        delete,
    ),
    Holding(
        Nomination,
        "Nominations of you",
        ("nominee_email",),
        ("category", "nominee_name", "nominee_organisation", "submitted_at"),
        "Your address goes. The nomination is its writers’: tell us if you do not want it.",
        clear(nominee_email=""),
    ),
    Holding(
        NomineeConsent,
        "What you answered to nominations of you",
        ("email",),
        ("answer", "name_choice", "public_name", "do_not_publish", "corrections", "needs"),
        "Your address and what you wrote go; whether and how you agreed to be named stays.",
        clear(email=NO_ADDRESS, do_not_publish="", corrections="", needs=""),
    ),
    Holding(
        Extension,
        "More time that you were given",
        ("email",),
        ("cycle", "until", "email"),
        "Your address and the reason go.",
        clear(email=NO_ADDRESS, reason="Erased."),
    ),
    Holding(
        Judge,
        "Years in which you judge",
        ("user",),
        ("cycle", "limit", "is_chair", "invited_at", "accepted_at", "declined_at", "left_at"),
    ),
    Holding(
        Interest,
        "Interests you declared as a judge",
        ("judge__user",),
        ("kind", "name", "note", "declared_at"),
        "They stay with the awards they were declared for, without your name.",
    ),
    deed(Conflict, "Conflicts of judges you lifted", "lifted_by"),
    deed(Decision, "Decisions you wrote down", "by"),
    deed(Feedback, "Feedback to nominators you edited", "edited_by"),
    deed(Seal, "Results you sealed", "sealed_by"),
    deed(Seal, "Results you confirmed", "confirmed_by"),
    deed(Seal, "Seals you refused", "refused_by"),
    deed(Release, "Results you released", "by"),
    deed(Release, "Results you took back", "withdrawn_by"),
    deed(SheetExclusion, "Sheets you left out", "by"),
    deed(SheetExclusion, "Sheets you let in again", "restored_by"),
    deed(Event, "What you did for the awards", "by"),
    deed(Answer, "Answers you redacted", "redacted_by"),
    deed(Extension, "More time you gave", "granted_by"),
    deed(Screening, "Nominations you looked at first", "by"),
    deed(Screening, "Nominations you looked at second", "second_by"),
    deed(MergeLink, "Nominations you joined together", "by"),
    deed(MergeLink, "Nominations you took apart", "undone_by"),
]
RECORD = "The public record of the awards stays."
SENT = "What was sent to the awards stays as it was sent: the result rests on it."
KEPT = {
    PublishedAward: RECORD,
    PublishedJudge: RECORD,
    PublishedCycle: RECORD,
    **dict.fromkeys([Assignment, Conflict, Decision, Interest, Mark, Round], SENT),
    **dict.fromkeys([Sheet, SheetExclusion], SENT),
    Receipt: SENT,
    **dict.fromkeys([Release, Seal], RECORD),
    Answer: SENT,
    Attachment: SENT,
    Event: "The log of the awards only grows; it keeps steps, not texts.",
    Screening: "Why a nomination was let in or left out stays, for whoever asks later.",
}
NO_PERSON = {
    (Cycle, "contact"): "where the awards are asked about, as their page says",
    (Cycle, "witness"): "an address that staff chose for the fingerprint of the results",
}
