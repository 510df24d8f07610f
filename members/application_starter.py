"""Example applications to join, and example checks, for demonstrations."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from cja_portal.kit.content import read_content
from members.application_forms import PAGES
from members.applications import first_open, read, values_of
from members.models import Application, Criterion
from members.models.application import ApplicationState
from members.registers import NUMBERS
from members.starter_records import StarterKind, load_pieces

QUESTIONS = [name for page in PAGES for name in page.form.base_fields]
LISTS = {"areas", "themes"}
STATES = [ApplicationState.SUBMITTED, ApplicationState.ASKED]


def load_applications(folder):
    """How many examples are new or changed. The areas and themes that they name must stand."""
    checks = _read(folder / "checks.yaml", "text", _check_check)
    applications = _read(folder / "applications.yaml", "reference", _check_application)
    return load_pieces(StarterCheck(), checks) + load_pieces(StarterApplication(), applications)


def _read(path, key, check):
    pieces = {data.text(key): data for data in read_content(path, root=settings.BASE_DIR)}
    for data in pieces.values():
        check(data)
    return pieces


def _check_check(data):
    data.only("text")


def _check_application(data):
    data.only("reference", "email", "state", "days_ago", "question", *QUESTIONS)
    data.choice("state", STATES)
    if not data.text("name").startswith("Example "):
        data.fail("The name of an example begins with “Example”.", "name")
    if page := first_open(read(_answers(data), applicant=data.text("email"))):
        data.fail(f"The page “{page.title}” is not answered rightly.")


def _answers(data):
    return {
        name: list(data.list(name)) if name in LISTS else data.text(name, default="")
        for name in QUESTIONS
    }


class StarterCheck(StarterKind):
    name = "check"

    def find(self, key):
        return Criterion.objects.filter(text=key).first()

    def write(self, data, row, key):
        return row or Criterion.objects.create(text=key)

    def read(self, row):
        return [row.text, row.position, row.is_current]


class StarterApplication(StarterKind):
    """Made once; staff then work with it as with any other."""

    name = "application"

    def find(self, key):
        return Application.objects.filter(reference=key).first()

    def write(self, data, row, key):
        sent_at = timezone.now() - timedelta(days=data.get("days_ago", 0))
        times = dict.fromkeys(["begun_at", "opened_at", "touched_at", "submitted_at"], sent_at)
        row = row or Application(reference=key, is_example=True, state=data["state"], **times)
        row.email, row.answers = data.text("email"), _answers(data)
        values = values_of(row)
        for name in ("name", *NUMBERS):
            setattr(row, name, values[name])
        row.save()
        if not row.steps.exists():
            self._write_steps(row, data)
        return row

    def _write_steps(self, row, data):
        row.steps.create(state=ApplicationState.SUBMITTED, at=row.submitted_at, answers=row.answers)
        if row.state == ApplicationState.ASKED:
            row.steps.create(state=row.state, words=data.text("question"))

    def read(self, row):
        return [row.email, row.state, row.answers]
