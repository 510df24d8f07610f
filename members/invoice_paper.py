"""An invoice or credit note on paper: the same bytes each time, from what was issued."""

from pathlib import Path

from django.http import HttpResponse
from django.utils.dateformat import format as format_date
from django.utils.timezone import localtime

from cja_portal.kit.paper import set_pdf

TEMPLATE = Path(__file__).parent / "content" / "invoice.typ"


def invoice_pdf(invoice):
    return set_pdf(TEMPLATE, _content(invoice), made_at=invoice.issued_at)


def pdf_answer(invoice):
    answer = HttpResponse(invoice_pdf(invoice), content_type="application/pdf")
    name = f"{invoice.reference.lower()}-{invoice.kind}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _content(invoice):
    issued_on = localtime(invoice.issued_at).date()
    return {
        "kind": invoice.get_kind_display(),
        "reference": invoice.reference,
        "is_credit": invoice.kind == invoice.Kind.CREDIT_NOTE,
        "takes_back": invoice.credits.reference if invoice.credits else "",
        "reason": invoice.reason,
        "issued": format_date(issued_on, "j F Y"),
        "due": format_date(invoice.due_on, "j F Y"),
        "recipient": invoice.recipient,
        "order": invoice.purchase_order,
        "lines": [{"what": invoice.description, "amount": invoice.amount}],
        "total": invoice.amount,
        "issuer": invoice.issuer,
    }
