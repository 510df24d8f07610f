"""Copies of the public record that are kept somewhere: they follow it at once."""

from django.db import transaction

from awards import roll
from awards.keepsakes import forget_certificates
from awards.tasks import renew_roll


def take_back(awards):
    """These are not public any more, or not in these words: no copy keeps them."""
    roll.take_back()
    transaction.on_commit(lambda: forget_certificates(awards))
    renew()


def renew():
    """Once the transaction is over, by the worker: nobody waits for paper to be set."""
    transaction.on_commit(renew_roll.enqueue)
