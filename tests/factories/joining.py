"""How people and organisations come in."""

from datetime import timedelta

from django.utils import timezone

from members.models import Application, Claim, Invitation, JoinRequest
from members.models.invitation import LIFETIME, Purpose, digest_of


def make_invitation(email="new@example.org", *, secret="a secret", **fields):
    """An open invitation to be staff, unless told otherwise, by the operator."""
    values = {"purpose": Purpose.STAFF, "expires_at": timezone.now() + LIFETIME} | fields
    invitation = Invitation.objects.create(email=email, **values)
    invitation.links.create(secret_digest=digest_of(secret))
    return invitation


def make_join_request(organisation, email="new@example.org", **fields):
    values = {"name": "New person"} | fields
    return JoinRequest.objects.create(organisation=organisation, email=email, **values)


APPLICATION_ANSWERS = {
    "name": "Example Orchard",
    "other_names": "",
    "kind": "charity",
    "charity_number": "1234567",
    "scottish_charity_number": "",
    "northern_irish_charity_number": "",
    "company_number": "",
    "website": "https://orchard.example.org",
    "summary": "We plant trees with people who leave prison.",
    "areas": [],
    "themes": [],
    "reasons": "We want to learn from others.",
    "income": "250,000",
    "contact_name": "Policy lead",
    "job_title": "",
    "second_name": "",
    "second_email": "",
}


def make_application(email="applicant@example.org", *, secret="", answers=None, **fields):
    """One that was sent just now, unless told otherwise; `secret` makes a link."""
    now = timezone.now()
    values = {"state": "submitted", "answers": APPLICATION_ANSWERS | (answers or {})} | fields
    if values["state"] != "draft":
        taken = {name: values["answers"][name] for name in ("name", "charity_number")}
        values = taken | {"submitted_at": now} | values
    if values["state"] in {"approved", "declined", "withdrawn"}:
        values = {"closed_at": now} | values
    application = Application.objects.create(email=email, **values)
    if secret:
        application.links.create(secret_digest=digest_of(secret))
    return application


def make_claim(organisation, email="new@example.org", *, days=7, **fields):
    """Made just now, unless told otherwise."""
    at = fields.pop("claimed_at", timezone.now())
    values = {"name": "New person", "claimed_at": at, "opens_at": at + timedelta(days=days)}
    return Claim.objects.create(organisation=organisation, email=email, **values | fields)
