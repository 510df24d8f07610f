"""What each mail service tells of letters that came back, in its own words and with its own key."""

import hashlib
import hmac
import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from members.models import Bounce

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]
EVENTS, GONE = "/mail/events/", "gone@example.org"
SIGNING_KEY = "mailgun-signs-with-this"
SENDGRID = ec.generate_private_key(ec.SECP256R1())
POSTMARK = {"RecordType": "Bounce", "Type": "HardBounce", "Email": GONE}


def public_key(key):
    der, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return b64encode(key.public_key().public_bytes(der, form)).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": "post:secret",
        "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY,
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": public_key(SENDGRID),
    }


def amazon(kind, **told):
    return {"notificationType": kind, "mail": {"messageId": "1", "destination": [GONE]}} | told


def amazon_bounce(kind, code):
    people = [{"emailAddress": GONE, "diagnosticCode": code}]
    bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": people}
    return amazon("Bounce", bounce=bounce)


def mailgun(event, **told):
    return {"event": event, "recipient": GONE, "timestamp": 1529006854.3} | told


def sendgrid(event, **told):
    return [{"email": GONE, "event": event, "timestamp": 1529006854} | told]


TOLD = [
    ("amazon_ses", amazon_bounce("Permanent", "smtp; 550 5.1.1 user unknown"), ["hard"]),
    ("amazon_ses", amazon_bounce("Transient", "smtp; 550 4.4.7 expired"), ["soft"]),
    (
        "amazon_ses",
        amazon("Complaint", complaint={"complainedRecipients": [{"emailAddress": GONE}]}),
        ["complaint"],
    ),
    ("amazon_ses", amazon("Delivery", delivery={"recipients": [GONE]}), []),
    ("brevo", {"event": "hard_bounce", "email": GONE, "reason": "550 5.1.1 unknown"}, ["hard"]),
    ("brevo", {"event": "soft_bounce", "email": GONE, "reason": "mailbox"}, ["soft"]),
    ("brevo", {"event": "blocked", "email": GONE}, ["soft"]),
    ("brevo", {"event": "invalid_email", "email": GONE}, ["hard"]),
    ("brevo", {"event": "spam", "email": GONE}, ["complaint"]),
    ("brevo", {"event": "delivered", "email": GONE}, []),
    ("mailgun", mailgun("failed", severity="permanent", reason="bounce"), ["hard"]),
    ("mailgun", mailgun("failed", severity="permanent", reason="suppress-bounce"), ["hard"]),
    ("mailgun", mailgun("failed", severity="permanent", reason="old"), ["soft"]),
    ("mailgun", mailgun("failed", severity="temporary", reason="generic"), []),
    ("mailgun", mailgun("complained"), ["complaint"]),
    ("mailgun", mailgun("delivered"), []),
    ("postmark", POSTMARK, ["hard"]),
    ("sendgrid", sendgrid("bounce", type="bounce", reason="550 5.1.1 unknown"), ["hard"]),
    ("sendgrid", sendgrid("bounce", type="blocked", reason="550 5.7.1 refused"), ["soft"]),
    ("sendgrid", sendgrid("dropped", reason="Bounced Address"), ["hard"]),
    ("sendgrid", sendgrid("dropped", reason="Unsubscribed Address"), ["soft"]),
    ("sendgrid", sendgrid("spamreport"), ["complaint"]),
    ("sendgrid", sendgrid("delivered"), []),
]


def wrapped(service, told):
    """As the service sends it: the body, and the headers that go with it."""
    if service == "amazon_ses":
        note = {"Type": "Notification", "MessageId": "1", "Message": json.dumps(told)}
        names = {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": "1"}
        return json.dumps(note), names
    if service == "mailgun":
        return json.dumps({"signature": mailgun_signature(), "event-data": told}), {}
    body = json.dumps(told)
    return body, sendgrid_signature(body) if service == "sendgrid" else {}


def mailgun_signature(key=SIGNING_KEY):
    made = hmac.new(key.encode(), b"1529006854a-token", hashlib.sha256).hexdigest()
    return {"timestamp": "1529006854", "token": "a-token", "signature": made}


def sendgrid_signature(body):
    made = SENDGRID.sign(f"1529006854{body}".encode(), ec.ECDSA(hashes.SHA256()))
    name = "X-Twilio-Email-Event-Webhook"
    return {f"{name}-Signature": b64encode(made).decode(), f"{name}-Timestamp": "1529006854"}


def tell(client, body, headers=(), secret="post:secret"):
    proof = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}
    headers = {**dict(headers), **(proof if secret else {})}
    return client.post(EVENTS, body, "application/json", headers=headers)


@pytest.mark.parametrize(("service", "told", "kinds"), TOLD)
def test_each_service_is_understood(client, settings, service, told, kinds):
    settings.MAIL_DELIVERY = service

    assert tell(client, *wrapped(service, told)).status_code == 200
    assert list(Bounce.objects.values_list("email", "kind")) == [(GONE, kind) for kind in kinds]


@pytest.mark.parametrize(
    ("service", "told"), {service: told for service, told, kinds in TOLD if kinds}.items()
)
def test_each_service_must_know_the_secret(client, settings, service, told):
    settings.MAIL_DELIVERY = service
    body, headers = wrapped(service, told)

    assert tell(client, body, headers, secret="post:guess").status_code == 400
    assert tell(client, body, headers, secret="").status_code in {400, 401}
    assert not Bounce.objects.exists()


def test_who_knows_the_secret_but_not_the_key_is_no_service(client, settings):
    settings.MAIL_DELIVERY = "mailgun"
    forged = {"signature": mailgun_signature("guess"), "event-data": mailgun("complained")}
    by_mailgun = tell(client, json.dumps(forged)).status_code
    settings.MAIL_DELIVERY = "sendgrid"
    body = json.dumps(sendgrid("spamreport"))

    assert (by_mailgun, tell(client, body).status_code) == (400, 400)
    assert tell(client, body, sendgrid_signature(body + " ")).status_code == 400
    assert not Bounce.objects.exists()


@pytest.mark.parametrize("service", ["amazon_ses", "brevo", "mailgun", "postmark", "sendgrid"])
@pytest.mark.parametrize("body", ["", "{", "[]", "null", '["x"]', '{"Type": 1}'])
def test_what_is_no_report_is_refused_and_never_a_fault(client, settings, service, body):
    settings.MAIL_DELIVERY = service
    headers = sendgrid_signature(body) if service == "sendgrid" else {}

    assert tell(client, body, headers).status_code in {200, 400}
    assert not Bounce.objects.exists()


@pytest.mark.parametrize(
    "email", ["", None, 7, {"a": 1}, "a\x00b@example.org", f"{'a' * 290}@example.org", "<b>@x"]
)
def test_what_is_no_address_is_left_alone(client, settings, email):
    settings.MAIL_DELIVERY = "postmark"

    assert tell(client, json.dumps(POSTMARK | {"Email": email})).status_code in {200, 400}
    assert not Bounce.objects.exists()
