"""Invoices, payments and lines of bank statements. What was issued or recorded never changes."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cja_portal.kit.money import in_pounds


class BillingDetails(models.Model):
    """The one row in which staff say who sends the invoices, and how they are paid."""

    name = models.CharField(max_length=120, help_text="The full legal name of the sender.")
    address = models.TextField(max_length=400)
    registration = models.CharField(
        max_length=200, blank=True, help_text="Charity and company numbers, as on other letters."
    )
    email = models.EmailField("e-mail address for questions", blank=True)
    account_name = models.CharField(max_length=120, blank=True)
    sort_code = models.CharField(
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d\d-\d\d-\d\d$", "Write the sort code as 01-23-45.")],
    )
    account_number = models.CharField(
        max_length=8, blank=True, validators=[RegexValidator(r"^\d{8}$", "Write all eight digits.")]
    )
    note = models.CharField(
        "note on every invoice", max_length=300, blank=True, help_text="For example about VAT."
    )

    class Meta:
        verbose_name = verbose_name_plural = "billing details"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="billing_details_one_row",
                violation_error_message="There is one row of billing details: change that.",
            ),
        ]

    def __str__(self):
        return "Billing details"

    @classmethod
    def now(cls):
        return cls.objects.filter(pk=1).first() or cls(pk=1, name="Criminal Justice Alliance")

    def as_printed(self):
        """What an invoice of today says of its sender, to be kept with it."""
        names = ["name", "address", "registration", "email"]
        names += ["account_name", "sort_code", "account_number", "note"]
        return {name: getattr(self, name) for name in names}


# -- Invoices ------------------------------------------------------------------------------------


class InvoiceCounter(models.Model):
    """The last number given. Whoever takes the next holds the row until the invoice stands."""

    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="invoice_counter_one_row"),
        ]

    def __str__(self):
        return str(self.last)


class InvoiceQuerySet(models.QuerySet):
    def invoices(self):
        return self.filter(kind=Invoice.Kind.INVOICE)

    def with_paid(self):
        paid = Coalesce(
            Sum("payments__amount_pence"), Value(0), output_field=models.BigIntegerField()
        )
        return self.annotate(paid_pence=paid)

    def outstanding(self):
        """Invoices that are not taken back and not paid in full."""
        live = self.invoices().filter(credit_note__isnull=True)
        return live.with_paid().filter(paid_pence__lt=F("amount_pence"))


class Invoice(models.Model):
    """An invoice, or the credit note that takes one back; both are numbered in one row of numbers.

    A trigger refuses any change: it says for ever what was sent.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        CREDIT_NOTE = "credit-note", "Credit note"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVOICE)
    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, related_name="invoices"
    )
    period = models.ForeignKey(
        "members.MembershipPeriod", models.PROTECT, null=True, related_name="invoices"
    )
    credits = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="credit_note"
    )
    issued_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField("to be paid by")
    recipient = models.TextField(max_length=500)
    description = models.CharField(max_length=300)
    amount_pence = models.PositiveBigIntegerField("amount")
    purchase_order = models.CharField("your order number", max_length=60, blank=True)
    reason = models.CharField("why it was taken back", max_length=300, blank=True)
    issuer = models.JSONField(default=dict)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="invoice", credits__isnull=True)
                | Q(kind="credit-note", credits__isnull=False),
                name="invoice_credit_note_takes_one_back",
                violation_error_message="A credit note takes back one invoice.",
            ),
            models.CheckConstraint(
                condition=Q(amount_pence__gt=0),
                name="invoice_is_over_something",
                violation_error_message="An invoice is over more than nothing.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def reference(self):
        """What a bank transfer quotes; `members/bank_statements.py` finds it again."""
        return f"CJA-{self.number:05}"

    @property
    def amount(self):
        return in_pounds(self.amount_pence)

    @property
    def left_pence(self):
        """What is still to pay, for a row that came `with_paid`."""
        return self.amount_pence - self.paid_pence

    @property
    def state_in_words(self):
        """For a row that came `with_paid` and with its credit note, if it has one."""
        if self.kind == self.Kind.CREDIT_NOTE:
            return f"Takes back {self.credits.reference}"
        if credit_note := getattr(self, "credit_note", None):
            return f"Taken back by {credit_note.reference}"
        if self.left_pence <= 0:
            return "Paid"
        part = f"{in_pounds(self.left_pence)} of it to pay" if self.paid_pence else "To pay"
        return f"{part} by {self.due_on:%-d %B %Y}"


# -- Payments ------------------------------------------------------------------------------------


class StatementLineQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(payment__isnull=True, set_aside_at__isnull=True)


class StatementLine(models.Model):
    """Money that came in, as a bank statement says. The digest knows it again in another file.

    What is not ours is set aside: its words are erased, and it does not come back.
    """

    digest = models.CharField(max_length=64, unique=True)
    booked_on = models.DateField()
    amount_pence = models.PositiveBigIntegerField("amount")
    text = models.CharField("reference and payer", max_length=400, blank=True)
    uploaded_at = models.DateTimeField(default=timezone.now)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        ordering = ["booked_on", "pk"]

    def __str__(self):
        return f"{in_pounds(self.amount_pence)} on {self.booked_on:%-d %B %Y}"

    @property
    def amount(self):
        return in_pounds(self.amount_pence)


class Payment(models.Model):
    """Money for an invoice, as staff recorded it. A mistake is reversed by a row of its own."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", "Bank transfer"
        CHEQUE = "cheque", "Cheque"
        OTHER = "other", "Other"

    invoice = models.ForeignKey("members.Invoice", models.PROTECT, related_name="payments")
    amount_pence = models.BigIntegerField("amount")
    received_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method, default=Method.TRANSFER)
    note = models.CharField(max_length=300, blank=True)
    line = models.OneToOneField(
        "members.StatementLine", models.PROTECT, null=True, blank=True, related_name="payment"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount_pence__gt=0)
                | Q(reverses__isnull=False, amount_pence__lt=0),
                name="payment_only_reversals_take_away",
                violation_error_message="Only a reversal takes money away.",
            ),
        ]

    def __str__(self):
        return f"{in_pounds(self.amount_pence)} for {self.invoice}"

    @property
    def amount(self):
        return in_pounds(self.amount_pence)


# -- Reminders -----------------------------------------------------------------------------------


class Reminder(models.Model):
    """The ledger of reminders: one row for each period or invoice and kind, so none comes twice."""

    period = models.ForeignKey(
        "members.MembershipPeriod", models.CASCADE, null=True, related_name="reminders"
    )
    invoice = models.ForeignKey(
        "members.Invoice", models.CASCADE, null=True, related_name="reminders"
    )
    kind = models.CharField(max_length=20)
    sent_at = models.DateTimeField(default=timezone.now)
    addresses = models.PositiveSmallIntegerField("addresses written to")

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["period", "kind"], name="reminder_once_for_a_period"),
            models.UniqueConstraint(
                fields=["invoice", "kind"], name="reminder_once_for_an_invoice"
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=False, invoice__isnull=True)
                | Q(period__isnull=True, invoice__isnull=False),
                name="reminder_of_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.period or self.invoice}"
