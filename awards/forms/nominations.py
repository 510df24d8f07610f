"""What people may type when they nominate."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html

from awards.completeness import words_in
from awards.models import Nomination, NomineeConsent
from cja_portal.kit.forms import EmailField, ModelForm, OneLineField
from library.intake import kinds, scanner
from library.intake.receiving import UnsuitableFile, receive

LONGEST_ANSWER = 30_000  # characters
LARGEST_FILE = 10 * 1024 * 1024
KINDS = {kinds.PDF, kinds.DOCX, kinds.ODT, kinds.PNG, kinds.JPEG, kinds.WEBP}
KINDS_IN_WORDS = "A PDF, Word or OpenDocument text, or a picture (PNG, JPEG, WebP), up to 10 MB."


class EligibilityForm(forms.Form):
    """Asked first. `advice` says to whom this is not open, and what they can do instead."""

    def __init__(self, *args, category, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = list(category.eligibility_questions.all())
        for question in self.questions:
            self.fields[f"eligible-{question.pk}"] = forms.TypedChoiceField(
                label=question.text,
                choices=[("yes", "Yes"), ("no", "No")],
                coerce=lambda answer: answer == "yes",
                widget=forms.RadioSelect,
                error_messages={"required": "Answer with yes or no."},
            )

    def answers(self):
        return {str(one.pk): self.cleaned_data[f"eligible-{one.pk}"] for one in self.questions}

    def advice(self):
        answers = self.answers()
        return [one.advice for one in self.questions if answers[str(one.pk)] != one.must_be_yes]


class NomineeForm(ModelForm):
    class Meta:
        model = Nomination
        fields = [
            *("nominee_kind", "nominee_name", "nominee_organisation", "charity_number"),
            *("nominee_email", "is_self"),
        ]
        field_classes = {"nominee_name": OneLineField, "nominee_organisation": OneLineField}
        labels = {
            "nominee_name": "Who or what do you nominate?",
            "nominee_organisation": "Their organisation",
            "nominee_email": "Their e-mail address",
            "is_self": "I nominate myself, my organisation or my own work",
        }
        help_texts = {
            "nominee_name": "As it should stand on a certificate.",
            "nominee_organisation": "If you nominate a person, a project or a piece of work.",
            "charity_number": "If it is a registered charity. It helps us to see when two people "
            "nominate the same.",
            "nominee_email": "We ask nominees whether they accept and how they want to be named.",
        }


class StartForm(NomineeForm):
    """The beginning of a nomination: who nominates whom."""

    name = OneLineField(label="Your name", max_length=150)
    email = EmailField(
        label="Your e-mail address",
        help_text="We send a link to it with which you can come back and go on.",
    )
    phone = forms.CharField(
        label="Your telephone",
        max_length=40,
        required=False,
        help_text="Only for questions about this nomination.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ["nominee_kind", "nominee_name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            self.fields["email"].disabled = True
            self.initial |= {"email": user.email, "name": user.name}

    def nominator(self):
        return {name: self.cleaned_data[name] for name in ("name", "email", "phone")}

    def nominee(self):
        return {name: self.cleaned_data[name] for name in NomineeForm.Meta.fields}


class SectionForm(forms.Form):
    """The questions of one section, each with the version of the answer that was seen."""

    def __init__(self, *args, questions, answers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        known = {answer.question_id: answer for answer in answers}
        for question in questions:
            answer = known.get(question.pk)
            self.fields[f"answer-{question.pk}"] = _answer_field(question, answer)
            self.fields[f"seen-{question.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=answer.version if answer else 0
            )

    def rows(self):
        """(question, field, field of the version, how many words it has now)"""
        for question in self.questions:
            field = self[f"answer-{question.pk}"]
            yield question, field, self[f"seen-{question.pk}"], words_in(field.value() or "")

    def given(self):
        """(question, text, the version seen)"""
        for question in self.questions:
            text = self.cleaned_data[f"answer-{question.pk}"].replace("\r\n", "\n").strip()
            yield question, text, self.cleaned_data[f"seen-{question.pk}"]


def _answer_field(question, answer):
    is_long = question.kind == "text"
    rows = min(14, max(4, question.most_words // 20))
    attributes = {"data-most-words": question.most_words, "data-question": question.pk}
    widget = forms.Textarea(attrs=attributes | {"rows": rows})
    widget = widget if is_long else forms.TextInput(attrs=attributes)
    words = format_html("At most {} words. {}", question.most_words, question.help_text)
    field = forms.CharField(
        label=question.text,
        required=False,  # A draft may lack anything.
        max_length=LONGEST_ANSWER,
        help_text=words if is_long else escape(question.help_text),
        initial=answer.text if answer else "",
        widget=widget,
    )
    field.widget.attrs.pop("maxlength", None)
    return field


class AttachmentForm(forms.Form):
    file = forms.FileField(label="Add a file", help_text=KINDS_IN_WORDS)

    def clean_file(self):
        """What it is, is told by its content; pictures lose what their camera wrote into them."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 10 MB. Make a smaller copy.")
        try:
            received = receive(upload)
        except UnsuitableFile as unsuitable:
            raise ValidationError(_in_our_words(unsuitable)) from unsuitable
        if received.kind not in KINDS:
            raise ValidationError(f"We cannot take this kind of file. {KINDS_IN_WORDS}")
        self._refuse_virus(received.file)
        return received

    def _refuse_virus(self, file):
        if not scanner.is_configured():
            return
        try:
            found = scanner.finds_virus(file)
        except scanner.Unreachable as unreachable:
            raise ValidationError("Files cannot be checked now. Try again later.") from unreachable
        if found:
            raise ValidationError("The virus scanner refuses this file.")
        file.seek(0)


def _in_our_words(unsuitable):
    if unsuitable.message == kinds.UNKNOWN:
        return f"We cannot take this kind of file. {KINDS_IN_WORDS}"
    return unsuitable.message


class CoEditorForm(forms.Form):
    name = OneLineField(label="Name", max_length=150)
    email = EmailField(label="E-mail address", help_text="They get a link of their own.")


class RefereeForm(forms.Form):
    name = OneLineField(label="Name", max_length=150)
    email = EmailField(
        label="E-mail address",
        help_text="Only staff see it, and write to it only if something is to be confirmed.",
    )
    organisation = OneLineField(label="Organisation", max_length=200, required=False)


class DeadlineForm(forms.Form):
    submits_itself = forms.BooleanField(
        label="Submit it for me at the deadline, if it is complete then", required=False
    )


class SubmitForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    is_true = forms.BooleanField(
        label="What I write is true as far as I know, and I may share it",
        error_messages={"required": "Confirm that it is true and that you may share it."},
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="You need not say. The staff read it.",
    )


class FindForm(forms.Form):
    email = EmailField(label="The e-mail address with which you nominated")


class DeskForm(ModelForm):
    """What a nominee says; `public_name` is needed for every name but the full one."""

    class Meta:
        model = NomineeConsent
        fields = [
            *("answer", "corrections", "name_choice", "public_name", "do_not_publish", "needs"),
        ]
        widgets = {
            "answer": forms.RadioSelect,
            "name_choice": forms.RadioSelect,
            "corrections": forms.Textarea(attrs={"rows": 4}),
            "do_not_publish": forms.Textarea(attrs={"rows": 3}),
            "needs": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "answer": "Your answer",
            "corrections": "Is anything above wrong?",
            "name_choice": "How may we name you, if we name you in public?",
            "public_name": "The name to use",
            "do_not_publish": "What must we not publish?",
            "needs": "Do you need anything to come to the ceremony?",
        }
        help_texts = {
            "corrections": "Say what is wrong and what would be right. The staff read it before "
            "the judges do.",
            "public_name": "Unless it is your full name.",
            "do_not_publish": "For example a place, a picture, or something that happened.",
            "needs": "For example step-free access, an interpreter, or the cost of the journey.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].choices = [
            choice for choice in self.fields["answer"].choices if choice[0]
        ]
        self.fields["answer"].error_messages["required"] = "Choose an answer."

    def clean(self):
        super().clean()
        if self.cleaned_data.get("answer") == "declined":
            self.cleaned_data["name_choice"] = "full"  # Nobody will be named.
        is_other = self.cleaned_data.get("name_choice") != "full"
        if is_other and not self.cleaned_data.get("public_name", "").strip():
            self.add_error("public_name", "Write the name as it should appear.")

    def _post_clean(self):
        """The laws need a day for the answer, which the action gives."""
        self.instance.answered_at = self.instance.answered_at or self.instance.asked_at
        super()._post_clean()
