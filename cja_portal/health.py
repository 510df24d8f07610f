"""What a load balancer asks: is the process alive, and is it ready to serve?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
@login_not_required
def healthz(request):
    """Alive. Asks nothing of the database, so that a database's failure restarts no process."""
    return _plain("Alive.")


@require_safe
@never_cache
@login_not_required
def readyz(request):
    if trouble := _trouble():
        return _plain(trouble, status=503)
    return _plain("Ready.")


def _trouble():
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The database does not answer."
    return "Migrations wait to be applied: run manage.py migrate." if waiting else ""


def _plain(sentence, status=200):
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status)
