"""What an application says: its pages, which of them are right, and how each answer reads."""

from dataclasses import dataclass

from members.application_forms import PAGES


@dataclass(frozen=True)
class Answer:
    label: str
    text: str
    errors: list


@dataclass(frozen=True)
class Reading:
    """A page of an application as it stands."""

    page: object
    form: object

    @property
    def is_begun(self):
        return bool(self.form.fields.keys() & self.form.data.keys())

    @property
    def is_right(self):
        return self.is_begun and self.form.is_valid()

    def answers(self):
        return [self._answer(name, field) for name, field in self.form.fields.items()]

    def _answer(self, name, field):
        value = self.form.cleaned_data.get(name) if self.is_right else self.form[name].data
        return Answer(field.label, in_words(value, field), self.form.errors.get(name, []))


def read(answers, *, applicant):
    """Each page, filled with what was typed."""
    return [Reading(page, page.form(answers, applicant=applicant)) for page in PAGES]


def first_open(readings):
    """The first page that is not answered rightly, or none."""
    return next((reading.page for reading in readings if not reading.is_right), None)


def values_of(application):
    """All answers, cleaned. Those of an application that was sent are right."""
    values = {}
    for reading in read(application.answers, applicant=application.email):
        reading.form.is_valid()
        values |= reading.form.cleaned_data
    return values


def in_words(value, field):
    if value in (None, "", []):
        return ""
    labels = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
    if isinstance(value, str):
        return str(labels.get(value, value))
    if isinstance(value, int):
        return f"£{value:,}"
    return "\n".join(str(one) for one in value)


def changed_labels(before, after):
    """The questions that are answered otherwise than before."""
    fields = {name: field for page in PAGES for name, field in page.form.base_fields.items()}
    return [
        field.label
        for name, field in fields.items()
        if (before.get(name) or "") != (after.get(name) or "")
    ]
