from uuid import uuid4

from django.core.management.base import BaseCommand

from awards.actions.nominations import submit_at_deadline
from awards.models import Nomination, NominationState


class Command(BaseCommand):
    help = "After the deadline, submit complete drafts whose writers asked for it. Safe to repeat."

    def handle(self, **options):
        drafts = Nomination.objects.filter(
            submits_itself=True, state__in=NominationState.WRITABLE
        ).select_related("category")
        count = sum(bool(submit_at_deadline(draft, key=uuid4())) for draft in drafts)
        self.stdout.write(f"Submitted: {count}.")
