"""The queues of work that wait for staff, shown first in the admin."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.http import urlencode

from awards.models import Cycle, Judge, Nomination, Round, Seal
from awards.models import Stage as CycleStage
from awards.sealing import rounds_to_seal
from dictionary.models import Entry, MissingWord, Stage, Suggestion
from library.models import (
    ChangeRequest,
    CopyRequest,
    Document,
    Item,
    Letter,
    LinkCheck,
    Outcome,
    Reading,
    Status,
    Submission,
)
from members.models import (
    Affiliation,
    Application,
    BlockedSender,
    Bounce,
    Claim,
    Complaint,
    Erasure,
    FactorReset,
    Invitation,
    JoinRequest,
    Organisation,
    ProfileRevision,
    StatementLine,
)


@dataclass(frozen=True)
class Work:
    """One queue: `rows` is a queryset of what waits, `filters` the same choice in the admin.

    `clock` puts into words how long its most pressing row can wait.
    """

    label: str
    rows: object
    admin_list: str
    filters: dict
    permission: str
    clock: Callable | None = None

    @cached_property
    def count(self):
        return self.rows.count()

    @property
    def note(self):
        return self.clock(self.rows) if self.clock and self.count else ""

    @property
    def address(self):
        return f"{reverse(self.admin_list)}?{urlencode(self.filters)}".rstrip("?")


def waiting_work(user):
    """The queues that `user` may look into. Add each app's here, the most pressing first."""
    work = [
        *_work_in_library(),
        *_work_in_dictionary(),
        *_work_with_members(),
        *_work_in_awards(),
        *_work_of_judging(),
    ]
    return [queue for queue in work if user.has_perm(queue.permission)]


def _work_in_library():
    return [
        Work(
            "Works that members submitted",
            Submission.objects.waiting(),
            "admin:library_submission_changelist",
            {"state": "waiting"},
            "library.change_item",
        ),
        Work(
            "Requests about published works",
            ChangeRequest.objects.waiting(),
            "admin:library_changerequest_changelist",
            {"outcome__exact": Outcome.WAITING},
            "library.change_item",
        ),
        Work(
            "Readers who ask for another format or a copy",
            CopyRequest.objects.waiting(),
            "admin:library_copyrequest_changelist",
            {"state": "waiting"},
            "library.change_item",
        ),
        Work(
            "Links that no longer work",
            LinkCheck.objects.broken(),
            "admin:library_linkcheck_changelist",
            {"state": "broken"},
            "library.view_linkcheck",
        ),
        Work(
            "Documents that could not be read",
            Document.objects.current().failed().filter(item__status=Status.PUBLISHED),
            "admin:library_document_changelist",
            {
                "item__status__exact": Status.PUBLISHED,
                "reading__in": ",".join(sorted(Reading.failed)),
                "removed_in__isempty": "1",
            },
            "library.change_document",
        ),
        Work(
            "Items without a link or a file",
            Item.objects.filter(link="", documents__isnull=True),
            "admin:library_item_changelist",
            {"link_kind__exact": "", "documents__isnull": "1"},
            "library.change_item",
        ),
        Work(
            "Letters of alerts that may not have gone out",
            Letter.objects.in_doubt(),
            "admin:library_letter_changelist",
            {"state": "doubt"},
            "library.view_letter",
        ),
    ]


def _work_in_dictionary():
    return [
        Work(
            "Suggestions for the dictionary",
            Suggestion.objects.waiting(),
            "admin:dictionary_suggestion_changelist",
            {"state": "waiting"},
            "dictionary.change_suggestion",
        ),
        Work(
            "Words that people missed in the dictionary",
            MissingWord.objects.waiting(),
            "admin:dictionary_missingword_changelist",
            {"state": "waiting"},
            "dictionary.change_missingword",
        ),
        Work(
            "Entries to check by a lawyer",
            Entry.objects.unchecked(),
            "admin:dictionary_entry_changelist",
            {"waits": "check"},
            "dictionary.change_entry",
        ),
        Work(
            "Checked entries to publish",
            Entry.objects.filter(stage=Stage.READY),
            "admin:dictionary_entry_changelist",
            {"waits": "publish"},
            "dictionary.change_entry",
        ),
        Work(
            "Entries whose review is overdue",
            Entry.objects.overdue(),
            "admin:dictionary_entry_changelist",
            {"waits": "review"},
            "dictionary.change_entry",
        ),
    ]


def _days_left_for_the_first(complaints):
    days = complaints.earliest("received_at").days_left
    if days < 0:
        return f"The first is {-days} day{pluralize(-days)} late."
    return f"{days} day{pluralize(days)} left for the first." if days else "The first is due today."


def _work_with_members():
    return [
        Work(
            "Applications to join",
            Application.objects.for_staff(),
            "admin:members_application_changelist",
            {"waits": "staff"},
            "members.change_application",
        ),
        Work(
            "Names and first profiles to approve",
            ProfileRevision.objects.waiting(),
            "admin:members_profilerevision_changelist",
            {"waits": "staff"},
            "members.change_profilerevision",
        ),
        Work(
            "Complaints about data to answer",
            Complaint.objects.open(),
            "admin:members_complaint_changelist",
            {"waits": "answer"},
            "members.change_complaint",
            _days_left_for_the_first,
        ),
        Work(
            "People to erase, whose seven days are over",
            Erasure.objects.due(),
            "admin:members_erasure_changelist",
            {"waits": "job"},
            "members.view_erasure",
        ),
        Work(
            "Claims of organisations to decide",
            Claim.objects.for_staff(),
            "admin:members_claim_changelist",
            {"waits": "staff"},
            "members.change_claim",
        ),
        Work(
            "Addresses whose letters came back",
            Bounce.objects.for_staff(),
            "admin:members_bounce_changelist",
            {"waits": "staff"},
            "members.change_bounce",
        ),
        Work(
            "Senders of messages that members report",
            BlockedSender.objects.for_staff(),
            "admin:members_blockedsender_changelist",
            {"waits": "staff"},
            "members.change_blockedsender",
        ),
        Work(
            "Lost second steps to confirm",
            FactorReset.objects.for_staff(),
            "admin:members_factorreset_changelist",
            {"waits": "staff"},
            "members.change_factorreset",
        ),
        Work(
            "Requests to join that owners left for five working days",
            JoinRequest.objects.for_staff(),
            "admin:members_joinrequest_changelist",
            {"waits": "staff"},
            "members.change_joinrequest",
        ),
        Work(
            "Memberships to renew or to pay",
            Organisation.objects.renewals_due(),
            "admin:members_organisation_changelist",
            {"status": "due"},
            "members.view_membershipperiod",
        ),
        Work(
            "Lines of bank statements to match",
            StatementLine.objects.waiting(),
            "admin:members_statementline_changelist",
            {},
            "members.change_statementline",
        ),
        Work(
            "Owners who ask for a successor",
            Affiliation.objects.asking_to_leave(),
            "admin:members_affiliation_changelist",
            {"waits": "successor"},
            "members.view_affiliation",
        ),
        Work(
            "Organisations whose owners are gone or silent",
            Organisation.objects.lost(),
            "admin:members_organisation_changelist",
            {"owners": "lost"},
            "members.view_organisation",
        ),
        Work(
            "Open invitations",
            Invitation.objects.open(),
            "admin:members_invitation_changelist",
            {"state": "open"},
            "members.view_invitation",
        ),
        Work(
            "Changed profiles to look at",
            ProfileRevision.objects.unseen(),
            "admin:members_profilerevision_changelist",
            {"waits": "look"},
            "members.change_profilerevision",
        ),
    ]


def _work_in_awards():
    stages = [CycleStage.ANNOUNCED, CycleStage.JUDGING]
    nominations = Nomination.objects.filter(category__cycle__stage__in=stages)
    screens = "awards.change_nomination"
    return [
        Work(
            "Nominations to screen",
            nominations.submitted().to_screen(),
            "admin:awards_nomination_changelist",
            {"waits": "first"},
            screens,
        ),
        Work(
            "Exclusions that wait for a second look",
            nominations.submitted().to_look_again(),
            "admin:awards_nomination_changelist",
            {"waits": "second"},
            screens,
        ),
        Work(
            "Nominations to make blind for judges",
            nominations.submitted().to_redact(),
            "admin:awards_nomination_changelist",
            {"waits": "redaction"},
            screens,
        ),
    ]


def _work_of_judging():
    """In the order in which a year goes through them: (label, rows, list, what waits)"""
    rounds, judges = Round.objects, Judge.objects
    queues = [
        ("Judges who have not said yes or no", judges.to_answer(), "judge", "answer"),
        ("Judges who have not declared their interests", judges.to_declare(), "judge", "interests"),
        ("Rounds in which an entry lacks a reader", rounds.lacking_readers(), "round", "readers"),
        ("Rounds with sheets that are overdue", rounds.overdue(), "round", "sheets"),
        ("Rounds with all sheets in, to lock", rounds.complete(), "round", "lock"),
        ("Categories for the panel to decide and to seal", rounds_to_seal(), "round", "seal"),
        ("Seals for a second person to confirm", Seal.objects.to_confirm(), "seal", "confirm"),
        ("Years whose results are due", Cycle.objects.to_release(), "cycle", "release"),
    ]
    return [
        Work(
            label, rows, f"admin:awards_{model}_changelist", {"waits": what}, f"awards.view_{model}"
        )
        for label, rows, model, what in queues
    ]
