from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from members.actions.invitations import InvitationError, invite_person
from members.models.invitation import Purpose


class Command(BaseCommand):
    help = "Send an invitation to work as staff: the way in for the first person on a new server."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument(
            "--superuser", action="store_true", help="Let this person administer people and logins."
        )

    def handle(self, *, email, superuser, **options):
        purpose = Purpose.ADMINISTRATOR if superuser else Purpose.STAFF
        try:
            validate_email(email)
            invitation = invite_person(email, purpose, by=None)
        except (InvitationError, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(
            f"The invitation to {invitation.email} is on its way. It works for seven days."
        )
