"""What a mail service or a returned letter says, as an address, how bad it is, and why.

Services call every refusal a bounce. The code of the mail server (RFC 3463) tells whether it is for
good: 5.x.x is, 4.x.x is not, and a full mailbox (5.2.2) may be empty tomorrow.
"""

import re
from dataclasses import dataclass

from anymail.signals import EventType, RejectReason

from members.models.bounce import REASON_LENGTH, BounceKind

_CODE = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+\.[^\s<>\"'(),:;.]+")
_FINAL = re.compile(r"^Final-Recipient:\s*rfc822;\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_WHY = re.compile(
    r"^(?:Diagnostic-Code:\s*(?:smtp;)?|Status:)\s*(.+(?:\n[ \t]+.+)*)",
    re.IGNORECASE | re.MULTILINE,
)
FULL = ("5", "2", "2")
PASSING = {"soft", "softbounce", "soft_bounce", "transient", "temporary", "blocked"}
FOR_GOOD = {None, RejectReason.BOUNCED, RejectReason.INVALID}


@dataclass(frozen=True)
class Report:
    email: str
    kind: str
    reason: str


def of_event(event):
    """The report of a tracking event, or None for one that tells of no bounce."""
    if not event.recipient:
        return None
    reason = " ".join(filter(None, [event.mta_response, event.description]))
    if event.event_type == EventType.COMPLAINED:
        return _report(event.recipient, BounceKind.COMPLAINT, reason)
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED}:
        return _report(event.recipient, _kind_of_event(event, reason), reason)
    return None


def _kind_of_event(event, reason):
    if event.reject_reason not in FOR_GOOD or _words_of_service(event) & PASSING:
        return BounceKind.SOFT
    return _kind_by_code(reason)


def _words_of_service(event):
    """Where the mail services that we know put how bad it is."""
    told = event.esp_event if isinstance(event.esp_event, dict) else {}
    bounce = told.get("bounce") if isinstance(told.get("bounce"), dict) else {}
    words = [told.get("Type"), told.get("type"), told.get("event"), bounce.get("bounceType")]
    return {str(word).lower() for word in words}


def _kind_by_code(reason):
    code = _CODE.search(reason)
    is_passing = code and (code[1] == "4" or code.groups() == FULL)
    return BounceKind.SOFT if is_passing else BounceKind.HARD


def of_text(text):
    """The reports in a returned letter (RFC 3464), or for each line that is only an address."""
    parts = re.split(r"(?=^Final-Recipient:)", text, flags=re.IGNORECASE | re.MULTILINE)[1:]
    if parts:
        return [_of_part(part) for part in parts]
    alone = [line.strip() for line in text.splitlines() if _ADDRESS.fullmatch(line.strip())]
    return [_report(address, BounceKind.HARD, "") for address in alone]


def _of_part(part):
    reason = " ".join(" ".join(found.split()) for found in _WHY.findall(part))
    return _report(_FINAL.search(part)[1], _kind_by_code(reason), reason)


def _report(email, kind, reason):
    """Mail servers write anything into their reasons: it is kept on one line, and not too long."""
    plain = " ".join(reason.replace("\x00", "").split())
    return Report(email.strip("<>").lower(), kind, plain[:REASON_LENGTH])
