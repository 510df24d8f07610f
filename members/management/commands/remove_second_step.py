from django.core.management.base import BaseCommand, CommandError

from members.actions.factor_resets import take_off_factors
from members.models import User


class Command(BaseCommand):
    help = "Take off somebody's second step: the way back in when no two administrators are left."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.with_address(email).first()
        if user is None:
            raise CommandError("Nobody here has this address.")
        take_off_factors(user, by=None)
        self.stdout.write(f"{user.email} is logged out everywhere and sets up a new second step.")
