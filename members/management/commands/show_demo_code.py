import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from members.management.commands.create_demo_logins import WITH_SECOND_STEP

PERIOD = 30  # seconds


class Command(BaseCommand):
    help = "Show the code of the second step for the logins of a demonstration, and the app's key."

    def handle(self, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("Only a demonstration has these logins: set DEMONSTRATION=1.")
        apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
        app = apps.filter(user__email__in=WITH_SECOND_STEP).order_by("user__email").first()
        if app is None:
            raise CommandError("There are no such logins yet: run create_demo_logins first.")
        key = decrypt(app.data["secret"])
        code = format_hotp_value(hotp_value(key, int(time.time()) // PERIOD))
        self.stdout.write(f"{code} is the code now, for about a minute and once for each login.")
        self.stdout.write(f"An app shows it too; type this key into it: {key}")
