"""Where owners and those who keep the finances see the membership, its invoices and payments."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from members.invoice_paper import invoice_file_name, invoice_pdf
from members.models import Payment, Role
from members.permissions import needs_role
from members.standing import standing_of


@needs_role(Role.OWNER, Role.FINANCE)
def membership_detail(request, organisation):
    standing = standing_of(organisation)
    payments = Payment.objects.filter(invoice__organisation=organisation)
    context = {
        "organisation": organisation,
        "standing": standing,
        "can_renew": standing.next_term() is not None,
        "invoices": organisation.invoices.with_paid().select_related("credits", "credit_note"),
        "contact": settings.CONTACT_EMAIL,
        "payments": payments.select_related("invoice"),
    }
    return TemplateResponse(request, "members/membership_detail.html", context)


@needs_role(Role.OWNER, Role.FINANCE)
def invoice_file(request, organisation, uuid):
    invoice = get_object_or_404(organisation.invoices.select_related("credits"), uuid=uuid)
    return pdf_answer(invoice)


def pdf_answer(invoice):
    answer = HttpResponse(invoice_pdf(invoice), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{invoice_file_name(invoice)}"'
    return answer
