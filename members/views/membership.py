"""Where owners and those who keep the finances see the membership, its invoices and payments."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from cja_portal.kit.moves import ImpossibleMove
from members.actions.membership import MembershipError, find_band, renew_membership
from members.invoice_paper import pdf_answer
from members.membership_forms import RenewalForm
from members.models import FeeBand, Payment, Role, WaitingTimes
from members.models.membership import a_year_from
from members.permissions import needs_role
from members.second_factor import needs_proof_now
from members.standing import standing_of


@needs_role(Role.OWNER, Role.FINANCE)
def membership_detail(request, organisation):
    standing = standing_of(organisation)
    payments = Payment.objects.filter(invoice__organisation=organisation)
    context = {
        "organisation": organisation,
        "standing": standing,
        "can_renew": standing.next_term() is not None,
        "invoices": _with_state(organisation.invoices),
        "contact": settings.CONTACT_EMAIL,
        "payments": payments.select_related("invoice"),
    }
    return TemplateResponse(request, "members/membership_detail.html", context)


def _with_state(invoices):
    found = invoices.with_paid().select_related("credits", "credit_note")
    return found.order_by("-number")


@needs_role(Role.OWNER, Role.FINANCE)
def invoice_file(request, organisation, uuid):
    invoice = get_object_or_404(organisation.invoices.select_related("credits"), uuid=uuid)
    return pdf_answer(invoice)


@needs_role(Role.OWNER, Role.FINANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def membership_renew(request, organisation):
    """Three screens: the details, the fee, and the press that does it. Nothing is kept between.

    The press binds the organisation to pay: it is signed in its name.
    """
    is_press = request.POST.get("do") == "renew"
    return (needs_proof_now(_renewal) if is_press else _renewal)(request, organisation)


def _renewal(request, organisation):
    standing = standing_of(organisation)
    term, step = standing.next_term(), _step(request)
    if term is None:
        messages.info(request, "There is nothing to renew now.")
        return redirect("members:membership-detail", organisation.slug)
    if step in {"check", "renew", "back"}:
        form = RenewalForm(request.POST)
    else:
        form = RenewalForm(initial=_told_last(standing))
    band = _band(organisation, term, form) if step in {"check", "renew"} else None
    if step == "renew" and band and _renew(request, organisation, form):
        return redirect("members:membership-detail", organisation.slug)
    context = _renewal_context(organisation, standing, term, form, band, step)
    return TemplateResponse(request, "members/membership_renew.html", context)


def _step(request):
    """The first two have addresses: the browser's own way back asks nobody to send again."""
    if request.method == "POST":
        return request.POST.get("do", "details")
    return "fee" if request.GET.get("step") == "fee" else "details"


def _told_last(standing):
    income = standing.latest.income
    return {} if income is None else {"income": income * 100}


def _band(organisation, term, form):
    if not form.is_valid():
        return None
    income = form.cleaned_data["income"] // 100
    try:
        return find_band(organisation, income=income, day=term.starts_on)
    except MembershipError as error:
        form.add_error("income", str(error))
        return None


def _renew(request, organisation, form):
    """The fee that was on the screen is what they agree to."""
    seen = request.POST.get("fee", "")
    try:
        period = renew_membership(
            organisation,
            by=request.user,
            income=form.cleaned_data["income"] // 100,
            expected_pence=int(seen) if seen.isdecimal() and len(seen) < 16 else -1,
            purchase_order=form.cleaned_data["purchase_order"],
        )
    except ImpossibleMove as error:
        messages.error(request, str(error))
        return False
    rest = "" if period.settled_on else " The invoice that waits to be paid is below."
    messages.success(request, f"Renewed until {period.ends_on:%-d %B %Y}. Thank you.{rest}")
    return True


def _renewal_context(organisation, standing, term, form, band, step):
    bands = FeeBand.objects.for_organisation(organisation).holding_on(term.starts_on)
    people = organisation.affiliations.current().select_related("user")
    screen = "confirm" if band else "details" if step == "details" else "fee"
    return {
        "organisation": organisation,
        "standing": standing,
        "term": term,
        "ends_on": a_year_from(term.starts_on),
        "is_return": term.pay_by < term.starts_on,
        "form": form,
        "band": band,
        "bands": bands.order_by("income_from"),
        "people": people if screen == "details" else [],
        "screen": screen,
        "payment_days": WaitingTimes.now().payment_days,
        "contact": settings.CONTACT_EMAIL,
    }
