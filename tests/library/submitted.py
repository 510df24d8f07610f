"""A file that a member hands in, and the steps that its work took."""

from django.core.files.uploadedfile import SimpleUploadedFile

from library.models import ReviewEvent

PDF = b"%PDF-1.4 an example"


def pdf(name="Annual Report 2024.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def steps(item):
    return [event.what for event in ReviewEvent.objects.filter(item=item).order_by("id")]
