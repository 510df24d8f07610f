"""What people type about memberships and money."""

from django import forms
from django.utils import timezone

from cja_portal.kit.money import PoundsField
from members.actions.invoices import BillingError
from members.bank_statements import StatementError, read_statement
from members.models import Invoice, Organisation, Payment

LARGEST_STATEMENT = 2 * 1024 * 1024


class RenewalForm(forms.Form):
    income = PoundsField(
        label="Your yearly income (£)",
        whole_pounds=True,
        help_text="From your latest accounts, in whole pounds. It decides the fee.",
    )
    purchase_order = forms.CharField(
        label="Your order number",
        max_length=60,
        required=False,
        help_text="If your finance people want a number of theirs on the invoice.",
    )


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class OpenForm(forms.Form):
    """A period as staff open it: with a fee by income, or with a reason for none."""

    organisation = forms.ModelChoiceField(Organisation.objects.all())
    starts_on = forms.DateField(label="First day", required=False, widget=DayInput)
    ends_on = forms.DateField(label="Last day", required=False, widget=DayInput)
    income = PoundsField(label="Yearly income (£)", required=False, whole_pounds=True)
    waiver = forms.CharField(
        label="Why nothing is to be paid",
        max_length=300,
        required=False,
        help_text="For example: “Paid before the portal.” Then no invoice goes out.",
    )
    purchase_order = forms.CharField(label="Their order number", max_length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].help_text = "Empty means today."
        self.fields["ends_on"].help_text = "Empty means a year from the first day."

    def options(self):
        income = self.cleaned_data["income"]
        return self.cleaned_data | {"income": None if income is None else income // 100}


class PaymentForm(forms.Form):
    invoice = forms.ModelChoiceField(Invoice.objects.none())
    pence = PoundsField(label="Amount (£)")
    received_on = forms.DateField(label="Received on", widget=DayInput)
    method = forms.ChoiceField(choices=Payment.Method.choices)
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"received_on": timezone.localdate()}, **kwargs)
        self.fields["invoice"].queryset = Invoice.objects.outstanding().select_related(
            "organisation"
        )
        self.fields["invoice"].label_from_instance = _invoice_label

    def clean_pence(self):
        if not self.cleaned_data["pence"]:
            raise forms.ValidationError("Write an amount above zero.")
        return self.cleaned_data["pence"]


def _invoice_label(invoice):
    return f"{invoice.reference}: {invoice.organisation}, {invoice.amount}"


class StatementForm(forms.Form):
    file = forms.FileField(label="CSV file of the bank", required=False)
    pasted = forms.CharField(
        label="Or its lines, pasted with the line that names the columns",
        required=False,
        max_length=LARGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def clean(self):
        data = super().clean()
        file, pasted = data.get("file"), data.get("pasted")
        if self.errors or bool(file) == bool(pasted):
            raise forms.ValidationError("Choose a file, or paste the lines.")
        if file and file.size > LARGEST_STATEMENT:
            raise forms.ValidationError("The file is larger than 2 MB. Split it.")
        try:
            return data | {"lines": read_statement(file.read() if file else pasted)}
        except StatementError as error:
            raise forms.ValidationError(str(error)) from error


def invoice_numbered(typed):
    """The invoice for "CJA-00012", "00012" or "12"."""
    digits = "".join(char for char in typed if char in "0123456789")[:9]
    invoice = Invoice.objects.invoices().filter(number=int(digits or 0)).first()
    if invoice is None:
        raise BillingError("We have no invoice of this number.")
    return invoice
