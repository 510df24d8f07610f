"""What the background worker does for the awards."""

from django_tasks import task

from awards import roll


@task()
def renew_roll():
    roll.renew()
