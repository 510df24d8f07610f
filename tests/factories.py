"""Boring makers of rows for tests: every field has a value, and a test names those that matter."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify

from awards.models import Category, Cycle, PublishedAward, PublishedCycle, Result
from dictionary.actions import write_version
from dictionary.models import (
    CaseRule,
    Entry,
    Label,
    LabelKind,
    LinkPolicy,
    Relation,
    RelationKind,
    Sense,
    Source,
    SourceKind,
    Suggestion,
    SuggestionKind,
)
from dictionary.plurals import plural_forms
from library.arrivals import note_arrivals
from library.models import (
    Collection,
    Contributor,
    Document,
    Item,
    Page,
    Publisher,
    Reading,
    SavedSearch,
    Shelf,
    Submission,
)
from library.shelves import keep_item
from members.actions.membership import open_membership
from members.models import (
    Affiliation,
    Application,
    ApprovedDomain,
    Area,
    Claim,
    Contact,
    Detail,
    FeeBand,
    Invitation,
    JoinRequest,
    MembershipBreak,
    MembershipPeriod,
    Organisation,
    Role,
    SharedDomain,
    Theme,
    User,
)
from members.models.invitation import LIFETIME, Purpose, digest_of
from members.permissions import JUDGES, STAFF

number = count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


# -- members --------------------------------------------------------------------------------------


def make_theme(name="Policing", **fields):
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    return Theme.objects.create(slug=slug, name=name, goal="policing", **fields)


def make_user(email="", **fields):
    """Somebody who has shown that the address is theirs."""
    user = User.objects.create_user(email or f"person{next(number)}@example.org", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_owner(organisation, **fields):
    user = make_user(**{"email": "owner@example.org"} | fields)
    make_affiliation(user, organisation, Role.OWNER)
    return user


def make_participant(organisation, **fields):
    user = make_user(**{"email": "participant@example.org"} | fields)
    make_affiliation(user, organisation, Role.PARTICIPANT)
    return user


def make_judge(**fields):
    user = make_user(**{"email": "judge@example.org"} | fields)
    user.groups.add(Group.objects.get(name=JUDGES))
    return user


def make_staff(**fields):
    """Of the group "staff"; a superuser only where the test says so."""
    user = make_user(**{"email": "staff@example.org", "is_staff": True} | fields)
    user.groups.add(Group.objects.get(name=STAFF))
    return user


def make_outsider(**fields):
    return make_user(**{"email": "outsider@example.org"} | fields)


def make_invitation(email="new@example.org", *, secret="a secret", **fields):
    """An open invitation to be staff, unless told otherwise, by the operator."""
    values = {"purpose": Purpose.STAFF, "expires_at": timezone.now() + LIFETIME} | fields
    invitation = Invitation.objects.create(email=email, **values)
    invitation.links.create(secret_digest=digest_of(secret))
    return invitation


def make_approved_domain(organisation, domain="example.org"):
    return ApprovedDomain.objects.create(organisation=organisation, domain=domain)


def make_join_request(organisation, email="new@example.org", **fields):
    values = {"name": "New person"} | fields
    return JoinRequest.objects.create(organisation=organisation, email=email, **values)


APPLICATION_ANSWERS = {
    "name": "Example Orchard",
    "other_names": "",
    "kind": "charity",
    "charity_number": "1234567",
    "scottish_charity_number": "",
    "northern_irish_charity_number": "",
    "company_number": "",
    "website": "https://orchard.example.org",
    "summary": "We plant trees with people who leave prison.",
    "areas": [],
    "themes": [],
    "reasons": "We want to learn from others.",
    "income": "250,000",
    "contact_name": "Policy lead",
    "job_title": "",
    "second_name": "",
    "second_email": "",
}


def make_application(email="applicant@example.org", *, secret="", answers=None, **fields):
    """One that was sent just now, unless told otherwise; `secret` makes a link."""
    now = timezone.now()
    values = {"state": "submitted", "answers": APPLICATION_ANSWERS | (answers or {})} | fields
    if values["state"] != "draft":
        taken = {name: values["answers"][name] for name in ("name", "charity_number")}
        values = taken | {"submitted_at": now} | values
    if values["state"] in {"approved", "declined", "withdrawn"}:
        values = {"closed_at": now} | values
    application = Application.objects.create(email=email, **values)
    if secret:
        application.links.create(secret_digest=digest_of(secret))
    return application


def make_claim(organisation, email="new@example.org", *, days=7, **fields):
    """Made just now, unless told otherwise."""
    at = fields.pop("claimed_at", timezone.now())
    values = {"name": "New person", "claimed_at": at, "opens_at": at + timedelta(days=days)}
    return Claim.objects.create(organisation=organisation, email=email, **values | fields)


def make_fee_band(name="Example band", amount_pence=10_000, **fields):
    """It holds for every income, and for organisations that are no examples, since 2020."""
    values = {"starts_on": date(2020, 1, 1)} | fields
    return FeeBand.objects.create(name=name, amount_pence=amount_pence, **values)


def make_period(organisation, starts_on, ends_on, *, is_paid=True, grace_days=60, **fields):
    """A paid period, or one that counts unpaid for as long as grace lasts, without its invoice."""
    grace = timedelta(days=grace_days)
    values = {"pay_by": starts_on - timedelta(days=1) + grace, "grace_ends_on": ends_on + grace}
    values |= {"settled_on": starts_on if is_paid else None, "amount_pence": 10_000} | fields
    return MembershipPeriod.objects.create(
        organisation=organisation, starts_on=starts_on, ends_on=ends_on, **values
    )


def make_break(organisation, kind, starts_on, ended_on=None):
    days = {"starts_on": starts_on, "ended_on": ended_on}
    return MembershipBreak.objects.create(
        organisation=organisation, kind=kind, reason="For the test.", **days
    )


def make_invoice(organisation=None, **fields):
    """Of a membership opened today by the operator, at £100 unless there is a band already."""
    organisation = organisation or make_organisation()
    if not FeeBand.objects.exists():
        make_fee_band()
    return open_membership(organisation, by=None, income=50_000, **fields).invoices.get()


def make_detail(organisation, kind="email", value="info@example.org", audience="public"):
    fields = {"kind": kind, "value": value, "audience": audience}
    return Detail.objects.create(organisation=organisation, **fields)


def make_contact(affiliation, audience="members", **fields):
    return Contact.objects.create(affiliation=affiliation, audience=audience, **fields)


def make_shared_domain(domain, **fields):
    return SharedDomain.objects.create(domain=domain, **fields)


def make_area(name="England", **fields):
    return Area.objects.create(slug=name.lower().replace(" ", "-"), name=name, **fields)


def make_organisation(name="Example Charity", *, themes=(), areas=(), slug="", **fields):
    """An organisation of the public directory, unless told otherwise."""
    slug = slug or slugify(name)
    values = {"kind": "charity", "is_listed": True} | fields
    organisation = Organisation.objects.create(slug=slug, name=name, **values)
    organisation.themes.set(themes)
    organisation.areas.set(areas)
    return organisation


def make_affiliation(user, organisation, *roles, **fields):
    """Of long ago; an owner has become one just now, and so is in the days of grace."""
    values = {"roles": list(roles) or [Role.PARTICIPANT], "started_at": LONG_AGO}
    values["became_owner_at"] = timezone.now() if Role.OWNER in values["roles"] else None
    values |= fields
    return Affiliation.objects.create(user=user, organisation=organisation, **values)


# -- dictionary -----------------------------------------------------------------------------------


def make_entry(headword="Bail", *, is_published=True, slug="", topics=(), **sense):
    """An entry with one meaning and one source; `sense` names fields of the meaning."""
    slug = slug or headword.lower().replace(" ", "-").replace("'", "")
    entry = Entry.objects.create(slug=slug, headword=headword)
    entry.topics.set(topics)
    make_sense(entry, **sense)
    return publish(entry) if is_published else entry


def publish(entry, change_note="Published."):
    """Make what stands in the working copy the next public version, past all desks."""
    write_version(entry, by=None, change_note=change_note)
    return entry


def make_sense(entry, jurisdiction="england-and-wales", *, name="", **fields):
    """One more meaning; public at once if the entry is."""
    values = {
        "plain": f"{entry.headword} has a meaning.",
        "legal": f"{entry.headword} as the law says it.",
        "law_as_of": date(2025, 1, 1),
        "review_due": date(2099, 1, 1),
    }
    sense = Sense.objects.create(entry=entry, jurisdiction=jurisdiction, **values | fields)
    Source.objects.create(sense=sense, kind=SourceKind.ACT, title="Example Act 2000")
    if name:
        Label.objects.create(entry=entry, sense=sense, text=name, kind=LabelKind.PREFERRED)
    if entry.current:
        publish(entry)
    return sense


def make_label(entry, text, kind=LabelKind.ALTERNATIVE, **fields):
    """One more name; public at once if the entry is."""
    if kind == LabelKind.ACRONYM:
        fields.setdefault("case_rule", CaseRule.EXACT)
    if kind == LabelKind.SPOKEN:
        fields.setdefault("policy", LinkPolicy.EXPLAIN_ONLY)
    fields.setdefault("forms", plural_forms(text, is_acronym=kind == LabelKind.ACRONYM))
    label = Label.objects.create(entry=entry, text=text, kind=kind, **fields)
    if entry.current:
        publish(entry)
    return label


def make_relation(entry, to, kind=RelationKind.RELATED, note="", **fields):
    relation = Relation.objects.create(entry=entry, to=to, kind=kind, note=note, **fields)
    if entry.current:
        publish(entry)
    return relation


def make_suggestion(text="It says too little.", **fields):
    values = {"kind": SuggestionKind.OTHER, "word": "bail"} | fields
    return Suggestion.objects.create(text=text, **values)


# -- awards ---------------------------------------------------------------------------------------


def make_cycle(year=2030, *categories, **fields):
    """A year as staff prepare it, with nothing published."""
    cycle = Cycle.objects.create(year=year, name=f"Example Awards {year}", **fields)
    for position, name in enumerate(categories):
        slug = name.lower().replace(" ", "-")
        Category.objects.create(cycle=cycle, name=name, slug=slug, position=position)
    return cycle


def make_published_cycle(year=2030, *categories, **fields):
    values = {"name": f"Example Awards {year}", "published_at": LONG_AGO} | fields
    cycle = PublishedCycle.objects.create(year=year, **values)
    for position, name in enumerate(categories):
        slug = name.lower().replace(" ", "-")
        cycle.categories.create(name=name, slug=slug, position=position)
    return cycle


def make_proof(cycle, **fields):
    """The public fingerprint of its first category, with a score sheet, and a number."""
    category = cycle.categories.first()
    values = {
        "category_slug": category.slug,
        "category_name": category.name,
        "sha256": "0a" * 32,
        "file": "{}",
        "sealed_at": LONG_AGO,
        "published_at": LONG_AGO,
    }
    cycle.figures.create(position=0, group="Nominations by category", label="Example", count=12)
    return cycle.proofs.create(**values | fields)


def make_award(recipient="Example Winner", *, year=2030, category="Example Category", **fields):
    """A name on the public record, without the page of its year."""
    values = {
        "cycle_name": f"Example Awards {year}",
        "category_slug": category.lower().replace(" ", "-"),
        "result": Result.WINNER,
        "published_at": LONG_AGO,
    }
    return PublishedAward.objects.create(
        year=year, category_name=category, recipient=recipient, **values | fields
    )


# -- library --------------------------------------------------------------------------------------


def make_item(title="A report", *, publishers=(), authors=(), themes=(), nations=(), **fields):
    """A published public item of 2020; `authors` are names of people."""
    slug = fields.pop("slug", f"item-{next(number)}")
    values = {"kind": "report", "published_on": date(2020, 1, 1), "precision": "year"}
    if fields.get("status", "published") in {"published", "withdrawn"}:
        values |= {"status": "published", "published_at": LONG_AGO}
    if fields.get("status") == "withdrawn":
        values |= {"withdrawn_at": LONG_AGO, "withdrawn_because": "It was wrong."}
    item = Item.objects.create(slug=slug, title=title, **values | fields)
    item.themes.set(themes)
    item.nations.set(nations)
    for position, organisation in enumerate(publishers):
        Publisher.objects.create(item=item, organisation=organisation, position=position)
    for position, name in enumerate(authors):
        make_contributor(item, name, position=position)
    return item


def set_changed_at(item, moment):
    """As if the item had last changed then: a trigger would not let anybody say so."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE library_item DISABLE TRIGGER item_stamped")
        cursor.execute("UPDATE library_item SET changed_at = %s WHERE id = %s", [moment, item.pk])
        cursor.execute("ALTER TABLE library_item ENABLE TRIGGER item_stamped")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_contributor(item, name="Policy lead", kind="person", **fields):
    return Contributor.objects.create(item=item, name=name, kind=kind, **fields)


def make_document(
    item, name="report.pdf", *, pages=(), content=b"%PDF-1.4 not a real one", **fields
):
    """A file that was read; `pages` are the texts of its pages."""
    values = {
        "content_type": "application/pdf",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "reading": Reading.READ,
        "page_count": len(pages) or 1,
    }
    document = Document(item=item, name=name, **values | fields)
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    for place, text in enumerate(pages, start=1):
        Page.objects.create(document=document, number=place, label=str(place), text=text)
    return document


def make_submission(organisation, title="A report", *, by=None, status="draft", **fields):
    """The submission of a complete record, in any state."""
    values = {
        "summary": "It is about this.",
        "licence": "all-rights-reserved",
        "link": "https://www.example.org/report",
        "link_kind": "publisher",
    }
    own = {name: fields.pop(name) for name in ("themes", "submitted_at") if name in fields}
    item = make_item(
        title,
        owner=organisation,
        publishers=[organisation],
        themes=own.get("themes", ()),
        status=status,
        **values | fields,
    )
    handed_in = status != "draft"
    return Submission.objects.create(
        item=item,
        started_by=by,
        submitted_by=by if handed_in else None,
        submitted_at=own.get("submitted_at", LONG_AGO) if handed_in else None,
    )


def make_shelf(owner, *items, name="Reading"):
    shelf = Shelf.objects.create(owner=owner, name=name)
    for item in items:
        keep_item(shelf, item)
    return shelf


def make_saved_search(query="", *, owner=None, email="", frequency="immediate", **fields):
    """One that runs, from now on."""
    email = email or ("" if owner else f"reader{next(number)}@example.org")
    values = {"confirmed_at": timezone.now(), "last_arrival": note_arrivals()} | fields
    return SavedSearch.objects.create(
        owner=owner, email=email, query=query, frequency=frequency, **values
    )


def make_collection(title="A collection", *items, **fields):
    values = {"slug": slugify(title), "intro": "What it is for.", "is_public": True} | fields
    collection = Collection.objects.create(title=title, **values)
    for position, item in enumerate(items, start=1):
        collection.entries.create(item=item, position=position, reason=f"Because of {item}.")
    return collection
