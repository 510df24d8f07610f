"""What judges say: yes or no, what they have to do with whom, and marks."""

from django import forms

from awards.actions.sheets import Given
from awards.models import InterestKind, Sheet
from awards.models.category import MARKS
from awards.models.judging import MOST_ENTRIES
from awards.models.warm_up import EXAMPLES
from cja_portal.kit.forms import ModelForm
from members.models import Theme

NO_EVIDENCE = "none"


class PlaceForm(forms.Form):
    """Yes to judging. Unticked terms are no yes."""

    limit = forms.IntegerField(
        label="How many entries can you read?",
        min_value=1,
        max_value=MOST_ENTRIES,
        help_text="In a first round. Finalists, if you read those too, come on top: about five.",
    )
    themes = forms.ModelMultipleChoiceField(
        label="What do you know well?",
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="We try to give you entries about these subjects.",
    )
    agrees = forms.BooleanField(
        label="I agree to the terms for judges",
        error_messages={"required": "Judges agree to the terms. If you cannot, say no below."},
    )


class ReasonForm(forms.Form):
    """A reason in a sentence, which is kept."""

    reason = forms.CharField(label="Why?", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_reason(self):
        return " ".join(self.cleaned_data["reason"].split())


class NamesForm(forms.Form):
    """The one list of everybody nominated: no entry, no category."""

    names = forms.MultipleChoiceField(
        label="Whom do you have something to do with?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["names"].choices = [(name, name) for name in names]


class KindsForm(forms.Form):
    """What it is, for each name that was ticked."""

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        for place, name in enumerate(names):
            self.fields[f"kind-{place}"] = forms.ChoiceField(
                label=name, choices=[("", "Choose"), *InterestKind.choices]
            )
            self.fields[f"note-{place}"] = forms.CharField(
                label="In a few words", max_length=300, required=False
            )

    def rows(self):
        for place, name in enumerate(self.names):
            yield name, self[f"kind-{place}"], self[f"note-{place}"]

    def clean(self):
        super().clean()
        for place in range(len(self.names)):
            is_other = self.cleaned_data.get(f"kind-{place}") == InterestKind.OTHER
            if is_other and not self.cleaned_data.get(f"note-{place}"):
                self.add_error(f"note-{place}", "Say in a few words what it is.")

    def interests(self):
        """(name, kind, note)"""
        return [
            (name, self.cleaned_data[f"kind-{place}"], self.cleaned_data[f"note-{place}"])
            for place, name in enumerate(self.names)
        ]


class WarmUpForm(forms.Form):
    """A mark for each criterion, for an invented entry.

    It says for which, so that a second press of its button does not mark the next.
    """

    example = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)

    def __init__(self, *args, example, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["example"].choices = [(number, number) for number in EXAMPLES]
        self.fields["example"].initial = example and example.number
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"mark-{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.name,
                choices=_described(criterion),
                coerce=int,
                widget=forms.RadioSelect,
                help_text=criterion.guidance,
                error_messages={"required": f"Choose a mark for “{criterion.name}”."},
            )

    def given(self):
        return {str(one.pk): self.cleaned_data[f"mark-{one.pk}"] for one in self.criteria}


class SheetForm(ModelForm):
    """A mark for each criterion, with what it means beside it; blank where there is none yet."""

    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    class Meta:
        model = Sheet
        fields = ["improvement", "note"]
        widgets = {
            "improvement": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "improvement": "Staff may use it for feedback to the nominator, without your name.",
            "note": "Nobody sees it but you, and staff at the meeting.",
        }

    def __init__(self, *args, criteria, marks=(), is_final=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria, self.is_final = criteria, is_final
        self.initial["seen"] = self.instance.version if self.instance.pk else 0
        given = {mark.criterion_id: mark for mark in marks}
        for criterion in criteria:
            self._add(criterion, given.get(criterion.pk))

    def _add(self, criterion, mark):
        help_text = f"Weighs {criterion.weight} of 100. {criterion.guidance}".strip()
        self.fields[f"mark-{criterion.pk}"] = forms.ChoiceField(
            label=criterion.name,
            choices=_choices(criterion),
            widget=forms.RadioSelect,
            required=self.is_final,
            initial=_chosen(mark),
            help_text=help_text,
            error_messages={"required": f"Choose a mark for “{criterion.name}”."},
        )
        self.fields[f"strength-{criterion.pk}"] = forms.BooleanField(
            label="A strength to tell them about",
            required=False,
            initial=bool(mark and mark.is_strength),
        )

    def rows(self):
        """(criterion, field of the mark, field of the strength)"""
        for criterion in self.criteria:
            yield criterion, self[f"mark-{criterion.pk}"], self[f"strength-{criterion.pk}"]

    def given(self):
        chosen = {one.pk: self.cleaned_data[f"mark-{one.pk}"] for one in self.criteria}
        return {pk: self._given(pk, value) for pk, value in chosen.items() if value}

    def _given(self, pk, value):
        if value == NO_EVIDENCE:
            return Given.without_evidence()
        return Given(int(value), is_strength=self.cleaned_data[f"strength-{pk}"])

    def words(self):
        return {
            "note_": self.cleaned_data["note"],
            "improvement": self.cleaned_data["improvement"],
        }


def _choices(criterion):
    return [*_described(criterion), (NO_EVIDENCE, f"No evidence given (counts as {MARKS[0]})")]


def _described(criterion):
    anchors = zip(reversed(MARKS), reversed(criterion.anchors), strict=True)
    return [(str(mark), f"{mark}: {anchor}") for mark, anchor in anchors]


def _chosen(mark):
    if mark is None:
        return ""
    return NO_EVIDENCE if mark.is_without_evidence else str(mark.value)
