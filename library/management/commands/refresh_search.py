from django.core.management.base import BaseCommand

from library.cards import count_words, refresh_cards


class Command(BaseCommand):
    help = "Write the cards of the search anew, and count the words that spelling is guessed from."

    def handle(self, **options):
        self.stdout.write(f"Items: {refresh_cards()}. Words: {count_words()}.")
