"""Letters to people. Every one goes through the queue, so that no answer waits for the mail."""

import json
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.seal import seal
from cja_portal.kit.site import absolute
from members import letters
from members.models import Role, Topic
from members.tasks import send_mail


def post(subject, body, to, **headers):
    letter = {"subject": " ".join(subject.split()), "body": body, "to": to, **headers}
    send_mail.enqueue(seal(json.dumps(letter)))


def write(name, subject, to, *, reply_to="", **context):
    """One letter from the template of that name to everybody in `to`, each unseen by the others."""
    body = render_to_string(f"members/emails/{name}.txt", context | {"site": settings.SITE_ORIGIN})
    headers = {"reply_to": [reply_to]} if reply_to else {}
    for address in to or [None]:
        post(subject, body, [address] if address else [], **headers)


def write_about(topic, name, subject, to, **context):
    """The same for letters that are no duty."""
    context |= {"site": settings.SITE_ORIGIN}
    post_about(topic, subject, f"members/emails/{name}.txt", to, context)


def post_about(topic, subject, template, to, context):
    """Whoever switched the topic off gets none, and others may: `stop` is where.

    Mail programs offer a button for it (RFC 8058).
    """
    for address in letters.without(topic, to):
        stop = letters.stop_address(address, topic)
        body = render_to_string(template, context | {"stop": stop})
        post(subject, body, [address], headers=letters.unsubscribe_headers(stop))


def invitation(invitation, secret):
    write(
        "invitation",
        f"Invitation: {invitation.offer}",
        [invitation.email],
        invitation=invitation,
        link=absolute(reverse("members:invitation-open", args=[secret])),
    )


# -- Asking to join -------------------------------------------------------------------------------


def owners_of(organisation):
    return list(organisation.affiliations.owning().values_list("user__email", flat=True))


def join_link(organisation, secret, *, to):
    """Without `to`, the same work for nobody."""
    link = absolute(reverse("members:join-confirm", args=[secret]))
    subject = f"Your link: ask to join {organisation}"
    write("join_link", subject, to, organisation=organisation, link=link)


def join_request(asked):
    link = absolute(reverse("members:people-list", args=[asked.organisation.slug]))
    subject = f"Somebody asks to join {asked.organisation}"
    write("join_request", subject, owners_of(asked.organisation), asked=asked, link=link)


def join_request_declined(asked):
    subject = f"Your request to join {asked.organisation}"
    write("join_request_declined", subject, [asked.email], asked=asked)


# -- Nobody locked out ----------------------------------------------------------------------------


def claim_notice(claim, secret, *, to):
    link = absolute(reverse("members:claim-object", args=[secret]))
    write("claim_notice", f"Somebody claims {claim.organisation}", to, claim=claim, link=link)


def claim_refused(claim):
    write("claim_refused", f"Your claim of {claim.organisation}", [claim.email], claim=claim)


def left(affiliation, successors):
    """To the owners and to whoever has a new role."""
    organisation = affiliation.organisation
    to = {*owners_of(organisation), *(place.user.email for place in successors.values())}
    free = [Role(role).label for role in affiliation.roles if role not in successors]
    handed = [(Role(role).label, place.user) for role, place in successors.items()]
    context = {"affiliation": affiliation, "free": free, "handed": handed}
    subject = f"A colleague has left {organisation} on the portal"
    if to:
        write_about(Topic.COLLEAGUES, "left", subject, sorted(to), **context)


def still_here(user, places):
    link = absolute(reverse("members:still-here"))
    subject = "Are you still here? One click for the CJA portal"
    write("still_here", subject, [user.email], places=places, link=link)


# -- Membership -----------------------------------------------------------------------------------


def payers_of(organisation):
    """Owners and those who keep the finances, who can log in."""
    held = organisation.affiliations.current().with_role(Role.OWNER, Role.FINANCE)
    people = held.filter(user__is_active=True).order_by("user__email")
    return list(people.values_list("user__email", flat=True))


def _to_payers(name, subject, organisation, topic="", **context):
    to = payers_of(organisation)
    link = absolute(reverse("members:membership-detail", args=[organisation.slug]))
    if to:
        context |= {"organisation": organisation, "contact": settings.CONTACT_EMAIL, "link": link}
        about = (write_about, topic) if topic else (write,)
        partial(*about)(name, subject, to, **context)
    return len(to)


def invoice(invoice):
    subject = f"{invoice} for {invoice.organisation}"
    _to_payers("invoice", subject, invoice.organisation, invoice=invoice)


def payment(payment):
    subject = f"Thank you: payment for {payment.invoice.reference}"
    organisation = payment.invoice.organisation
    _to_payers("payment", subject, organisation, Topic.PAYMENTS, payment=payment)


def renewal_reminder(period, kind):
    """Only days stand in it, no "in a week": it is right whenever it is read.

    One about the end that comes late, after an outage, says that it has ended.
    """
    is_over = period.ends_on < timezone.localdate()
    said = "grace" if is_over and kind not in RENEWAL_SUBJECTS else kind
    subject = f"The membership of {period.organisation} {RENEWAL_SUBJECTS.get(said, 'ends')}"
    return _to_payers("renewal_reminder", subject, period.organisation, period=period, kind=said)


RENEWAL_SUBJECTS = {"grace": "has ended", "late-grace": "has ended", "lapsed": "has lapsed"}


def payment_reminder(invoice, kind):
    subject = f"To pay: {invoice.reference} for {invoice.organisation}"
    return _to_payers("payment_reminder", subject, invoice.organisation, invoice=invoice, kind=kind)


def broken_text(organisation, kind, reason):
    """What the letter would say, were it sent today."""
    starts_on = timezone.localdate()
    return _text(
        "membership_broken",
        organisation,
        broken={"kind": kind, "starts_on": starts_on, "reason": reason},
    )


def reinstated_text(organisation, reason):
    return _text("membership_reinstated", organisation, reason=reason)


def _text(name, organisation, **context):
    link = absolute(reverse("members:membership-detail", args=[organisation.slug]))
    context |= {"organisation": organisation, "link": link, "contact": settings.CONTACT_EMAIL}
    return render_to_string(f"members/emails/{name}.txt", context | {"site": settings.SITE_ORIGIN})


def membership_broken(broken):
    subject = f"The membership of {broken.organisation}"
    _to_payers("membership_broken", subject, broken.organisation, broken=broken)


def membership_reinstated(organisation, reason):
    subject = f"{organisation} is a member again"
    _to_payers("membership_reinstated", subject, organisation, reason=reason)


# -- Profiles -------------------------------------------------------------------------------------


def profile_decided(revision):
    """To whoever asked, if they still belong there, and to the owners."""
    organisation = revision.organisation
    current = organisation.affiliations.current().filter(user=revision.asked_by_id)
    asker = current.values_list("user__email", flat=True)
    to = sorted({*owners_of(organisation), *asker})
    link = absolute(reverse("members:profile-history", args=[organisation.slug]))
    subject = f"{revision}: {revision.get_state_display().lower()}"
    if to:
        write_about(Topic.PROFILE, "profile_decided", subject, to, revision=revision, link=link)


def message(organisation, readers, *, sender, email, message, is_known, secret):
    """To each of the readers by itself. An answer goes to the sender, from the reader's own box."""
    context = {"sender": sender, "email": email, "message": message, "is_known": is_known}
    context["contact"] = settings.CONTACT_EMAIL
    context["link"] = absolute(reverse("members:sender-block", args=[secret]))
    subject = f"A message for {organisation}"
    write("message", subject, readers, reply_to=email, organisation=organisation, **context)


def message_copy(organisation, *, email, message):
    context = {"organisation": organisation, "message": message}
    write("message_copy", f"Your message to {organisation}", [email], **context)


# -- Lost second factors --------------------------------------------------------------------------


def factor_reset_link(secret, *, to):
    link = absolute(reverse("members:factor-reset-ask", args=[secret]))
    write("factor_reset_link", "Your link: you have lost your second step", to, link=link)


def factor_reset_asked(reset, secret, *, to):
    link = absolute(reverse("members:factor-reset-stop", args=[secret]))
    subject = "Was it you? Somebody says you have lost your second step"
    write("factor_reset_asked", subject, to, reset=reset, link=link)


def factor_reset_confirmed(reset, secret, *, to):
    link = absolute(reverse("members:factor-reset-stop", args=[secret]))
    subject = "Was it you? Your second step will be taken off"
    write("factor_reset_confirmed", subject, to, reset=reset, link=link)


def factor_reset_finish(reset, secret):
    """To the address that asked, and to no other."""
    link = absolute(reverse("members:factor-reset-finish", args=[secret]))
    subject = "Keep this: the link that takes off your second step"
    write("factor_reset_finish", subject, [reset.email], reset=reset, link=link)


def factor_reset_done(user, *, to):
    write("factor_reset_done", "Your second step is taken off", to, user=user)


def factor_reset_ended(reset, *, to):
    write("factor_reset_ended", "Your second step stays as it is", to, reset=reset)
