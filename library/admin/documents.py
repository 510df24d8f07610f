"""The librarian's room for files: on the page of their item, and each on a page of its own."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from cja_portal.kit.admin import do_with_each
from cja_portal.kit.moves import ImpossibleMove
from library import document_actions as actions
from library.intake.fields import DocumentField
from library.intake.kinds import IN_WORDS
from library.models import Document

DETAILS = ["kind", "title", "language", "position"]


class DocumentColumns:
    """What the rows of documents say, wherever they stand."""

    @admin.display(description="size", ordering="size")
    def size_in_words(self, document):
        return filesizeformat(document.size)

    @admin.display(description="text", ordering="reading")
    def state(self, document):
        return format_html(
            "<strong>{}.</strong> {}", document.get_reading_display(), document.advice
        )


class DocumentInline(DocumentColumns, admin.TabularInline):
    """The files of an item as it is now."""

    model = Document
    extra = 0
    can_delete = False
    show_change_link = True
    fields = ["name", *DETAILS, "state", "page_count", "size_in_words"]
    readonly_fields = ["name", "state", "page_count", "size_in_words"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(removed_in__isnull=True)

    def has_add_permission(self, request, obj=None):
        return False


class NewDocumentForm(forms.ModelForm):
    upload = DocumentField(label="file", help_text=f"The library takes {IN_WORDS}.")

    class Meta:
        model = Document
        fields = ["kind", "title", "language"]


class NewDocumentFormSet(forms.BaseInlineFormSet):
    by = None

    def save_new(self, form, commit=True):
        chosen = dict(form.cleaned_data)
        details = {name: chosen[name] for name in NewDocumentForm.Meta.fields}
        return actions.add_document(self.instance, chosen["upload"], by=self.by, **details)


class NewDocumentInline(admin.TabularInline):
    """Rows for files to add; those that are there stand in the rows above."""

    model = Document
    form = NewDocumentForm
    formset = NewDocumentFormSet
    extra = 1
    can_delete = False
    fields = ["upload", "kind", "title", "language"]
    verbose_name = "file to add"
    verbose_name_plural = "add files"

    def get_queryset(self, request):
        return super().get_queryset(request).none()

    def get_formset(self, request, obj=None, **options):
        formset = super().get_formset(request, obj, **options)
        formset.by = request.user
        return formset


class RemoveForm(forms.Form):
    """Readers are told only of what they could see: of an unpublished item they saw nothing."""

    note = forms.CharField(
        label="What changed?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two plain sentences. Readers will see them among the versions.",
    )
    is_major = forms.BooleanField(
        label="Readers should be told",
        required=False,
        help_text="Only then do alerts go out. Leave it out for a corrected slip of the pen.",
    )

    def __init__(self, *arguments, item, **options):
        super().__init__(*arguments, **options)
        if item.published_at is None:
            del self.fields["note"], self.fields["is_major"]


class ReplaceForm(RemoveForm):
    file = DocumentField(label="The new file", help_text=f"The library takes {IN_WORDS}.")

    field_order = ["file", "note", "is_major"]


@admin.register(Document)
class DocumentAdmin(DocumentColumns, admin.ModelAdmin):
    list_display = ["name", "item", "kind", "reading", "page_count", "size_in_words"]
    list_filter = [
        *("reading", "kind", "language", "item__status"),
        ("removed_in", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["item"]
    search_fields = ["name", "title", "item__title", "sha256"]
    actions = ["read_again"]
    show_full_result_count = False
    readonly_fields = [
        *("item", "name", "state", "page_count", "size_in_words", "content_type", "sha256"),
        *("is_tagged", "added_at", "added_by", "added_in", "removed_in", "read_in_file"),
    ]
    fieldsets = [
        (None, {"fields": ["item", "name", *DETAILS]}),
        ("Text", {"fields": ["state", "page_count", "is_tagged", "read_in_file"]}),
        ("File", {"fields": ["content_type", "size_in_words", "sha256"]}),
        ("History", {"fields": ["added_at", "added_by", "added_in", "removed_in"]}),
    ]

    def has_add_permission(self, request):
        """Files are added on the page of their item."""
        return False

    def has_delete_permission(self, request, document=None):
        """They are removed with a note, as a step of their item."""
        return False

    @admin.display(description="what the file says of itself")
    def read_in_file(self, document):
        names = ("title", "author", "created_on", "language")
        said = [f"{name.replace('_', ' ')}: {document.found.get(name)}" for name in names]
        told = [line for line, name in zip(said, names, strict=True) if document.found.get(name)]
        return "; ".join(told) or "Nothing."

    @admin.action(description="Read the text again", permissions=["change"])
    def read_again(self, request, documents):
        do_with_each(self, request, documents, actions.read_again, "To be read again")

    # -- Steps of one file --------------------------------------------------------------------

    def get_urls(self):
        views = {
            "replace": self.replace_view,
            "remove": self.remove_view,
            "read-again": require_POST(self.read_again_view),
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"library_document_{name.replace('-', '_')}",
            )
            for name, view in views.items()
        ]
        return own + super().get_urls()

    def replace_view(self, request, object_id):
        return self._step(request, object_id, "Replace", ReplaceForm, actions.replace_document)

    def remove_view(self, request, object_id):
        return self._step(request, object_id, "Remove", RemoveForm, actions.remove_document)

    def read_again_view(self, request, object_id):
        document = self._document(request, object_id)
        do_with_each(self, request, [document], actions.read_again, "To be read again")
        return HttpResponseRedirect(self._address(document, "change"))

    def _step(self, request, object_id, verb, form_class, act):
        """Ask, act, and go back to the item; what cannot be done is said above the form."""
        document = self._document(request, object_id)
        form = form_class(request.POST or None, request.FILES or None, item=document.item)
        if form.is_valid():
            try:
                act(document, by=request.user, **form.cleaned_data)
            except ImpossibleMove as impossible:
                form.add_error(None, str(impossible))
            else:
                self.message_user(request, f"{verb}d: “{document}”.", messages.SUCCESS)
                return HttpResponseRedirect(self._item_address(document))
        return self._ask(request, document, verb, form)

    def _ask(self, request, document, verb, form):
        context = {
            **self.admin_site.each_context(request),
            "title": f"{verb} “{document}”",
            "opts": self.model._meta,
            "document": document,
            "verb": verb,
            "form": form,
        }
        return TemplateResponse(request, "admin/library/document/step.html", context)

    def _document(self, request, object_id):
        document = self.get_object(request, object_id)
        if document is None:
            raise Http404
        if not self.has_change_permission(request, document):
            raise PermissionDenied
        return document

    def _address(self, document, page):
        return reverse(f"admin:library_document_{page}", args=[document.pk])

    def _item_address(self, document):
        return reverse("admin:library_item_change", args=[document.item_id])
