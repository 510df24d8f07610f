"""The numbers of registers: for what is in them, and for what says that it is."""

from django.db import models
from django.db.models import Q

from members.registers import (
    COMPANIES,
    ENGLAND_AND_WALES,
    NORTHERN_IRELAND,
    REGISTERS,
    SCOTLAND,
    Number,
    RegisterNumberField,
)


class NumberField(models.CharField):
    """A number of a register; forms take it as people type it."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RegisterNumberField} | kwargs)


def _number_in(register):
    return NumberField(
        register.name,
        max_length=20,
        blank=True,
        validators=[register.validator],
        help_text=register.help_text,
    )


class Numbered(models.Model):
    """Something that may have a number in each of the registers."""

    charity_number = _number_in(ENGLAND_AND_WALES)
    scottish_charity_number = _number_in(SCOTLAND)
    northern_irish_charity_number = _number_in(NORTHERN_IRELAND)
    company_number = _number_in(COMPANIES)

    class Meta:
        abstract = True

    @property
    def numbers(self):
        """Those it has, in the order of the registers."""
        held = [Number(register, getattr(self, register.field)) for register in REGISTERS]
        return [number for number in held if number.text]

    @property
    def given_numbers(self):
        """The same by the names of their fields."""
        return {number.register.field: number.text for number in self.numbers}


def laws_of_numbers():
    """An organisation's numbers have the form of their registers, which give each number once."""
    return [law for register in REGISTERS for law in (_form_of(register), _once(register))]


def _form_of(register):
    is_empty, is_right = {register.field: ""}, {f"{register.field}__regex": register.pattern}
    return models.CheckConstraint(
        condition=Q(**is_empty) | Q(**is_right),
        name=f"organisation_{register.field}_form",
        violation_error_message=register.advice,
    )


def _once(register):
    return models.UniqueConstraint(
        fields=[register.field],
        condition=~Q(**{register.field: ""}),
        name=f"organisation_{register.field}_once",
        violation_error_message=f"Another organisation here has this {register.noun}.",
    )
