import os

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from members.actions.membership import open_membership
from members.actions.payments import record_payment
from members.models import Affiliation, Organisation, Role, User
from members.permissions import JUDGES

ORGANISATION = "example-charity"
INCOME = 80_000  # pounds a year
ROLES = {
    "owner@example.org": [Role.OWNER, Role.SIGNATORY],
    "participant@example.org": [Role.PARTICIPANT],
}
NAMES = {
    "owner@example.org": "Chief executive, Example Charity",
    "participant@example.org": "Policy lead, Example Charity",
    "judge@example.org": "Judge, Example Awards",
    "staff@example.org": "Staff, Example Alliance",
}


class Command(BaseCommand):
    help = "Make the four logins of a demonstration, with the password in DEMO_PASSWORD."

    def handle(self, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("Only a demonstration has these logins: set DEMONSTRATION=1.")
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set DEMO_PASSWORD: the password of the four logins.")
        with transaction.atomic():
            people = {email: _login(email, password) for email in NAMES}
            _places(people)
            _membership()
            people["judge@example.org"].groups.add(Group.objects.get(name=JUDGES))
        self.stdout.write(f"Logins: {', '.join(people)}.")


def _login(email, password):
    """Staff may open all of the admin here: a demonstration holds nothing to protect."""
    is_staff = email.startswith("staff@")
    user, _ = User.objects.get_or_create(email=email, defaults={"name": NAMES[email]})
    user.is_active, user.is_staff, user.is_superuser = True, is_staff, is_staff
    if not user.check_password(password):
        user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


def _membership():
    """A year of membership, paid for, where none runs; its band comes with the examples."""
    organisation, today = Organisation.objects.get(slug=ORGANISATION), timezone.localdate()
    if not organisation.membership_periods.holding(today).exists():
        period = open_membership(organisation, by=None, income=INCOME)
        invoice = period.invoices.get()
        record_payment(invoice, by=None, pence=invoice.amount_pence, received_on=today)


def _places(people):
    organisation = Organisation.objects.filter(slug=ORGANISATION).first()
    if organisation is None:
        raise CommandError("Run load_starter_content first: it brings the example organisation.")
    for email, roles in ROLES.items():
        Affiliation.objects.get_or_create(
            user=people[email],
            organisation=organisation,
            ended_at=None,
            defaults={"roles": roles, "job_title": people[email].name.partition(",")[0]},
        )
