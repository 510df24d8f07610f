"""The portal with its starter content, in a database of its own beside that of the other tests."""

import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO, StringIO
from tempfile import TemporaryDirectory

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from PIL import Image

from awards.models import Judge, Nomination, NomineeConsent
from awards.permissions import HELD
from library.models import ChangeRequest, Item, Reading, SavedSearch, Shelf, Submission
from members.accounts import INVITATION
from members.actions import claims, contacts, factor_resets, join_requests
from members.actions.invitations import invite_person
from members.actions.profiles import ask_for_names, revise_profile
from members.models import (
    Affiliation,
    Claim,
    FactorReset,
    Invitation,
    Organisation,
    ProfileRevision,
    Role,
    User,
)
from members.models.invitation import Purpose, digest_of
from members.views.applying import OPENED
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.judging import judge_on_site
from tests.factories import (
    make_application,
    make_approved_domain,
    make_award,
    make_claim,
    make_contact,
    make_document,
    make_organisation,
    make_proof,
    make_published_cycle,
    make_saved_search,
    make_shelf,
    make_submission,
    make_suggestion,
)
from tests.logins import RECORDS, WHOSE_RECORDS
from tests.memberships import renew_membership

PASSWORD = "a password for tests only"
OWNER, PARTICIPANT, JUDGE, STAFF = (
    f"{who}@example.org" for who in ("owner", "participant", "judge", "staff")
)
INVITED = "invited@example.org"
NOMINATOR = "nominator@example.org"
DESK_SECRET = "a-desk-for-tests"
APPLICANT = "applicant@example.org"
APPLICATION, APPLICATION_SECRET = "q4w8r-7t2yh", "an-application-for-tests"
SUGGESTION = "k7m2p-9xq4t"
FILES = TemporaryDirectory(prefix="portal-of-tests-")
SUBMISSIONS = ["draft", "submitted", "changes-asked", "published"]
READER = "reader@example.org"
SHELF_SECRET, SEARCH_SECRET = "a-shelf-for-tests", "a-search-for-tests"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_database(shared):
    """A filled database of this worker's own, by name; the first to ask fills one for all."""
    note, files = shared / "filled-database", shared / "filled-files"
    with _turn(shared):
        if not note.exists():
            note.write_text(_make_filled(files))
        shutil.copytree(files, FILES.name, dirs_exist_ok=True)
        return _copy_of(note.read_text(), os.environ.get("PYTEST_XDIST_WORKER", "main"))


def drop_database(name, shared):
    """Whoever filled one for all takes that away as well."""
    note = shared / "filled-database"
    _drop(name)
    with _turn(shared):
        if note.exists() and note.read_text() == _name_of_copy("filled"):
            _drop(note.read_text())
            note.unlink()


@contextmanager
def _turn(folder):
    with (folder / "filled-database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_filled(files):
    name = _copy_of(connection.settings_dict["NAME"], "filled")
    with connected_to(name), override_settings(MEDIA_ROOT=files):
        _fill()
    return name


def _copy_of(name, ending):
    """Postgres copies only what nobody is connected to."""
    with connected_to(name):
        connection.creation.clone_test_db(ending, verbosity=0)
        return _name_of_copy(ending)


def _name_of_copy(ending):
    return connection.creation.get_test_db_clone_settings(ending)["NAME"]


def _drop(name):
    connection.close()
    connection.creation._destroy_test_db(name, verbosity=0)


@contextmanager
def connected_to(name):
    """For this thread's connection and for all that other threads open meanwhile."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _fill():
    os.environ["DEMO_PASSWORD"] = PASSWORD
    with override_settings(IS_DEMONSTRATION=True):
        call_command("load_starter_content", stdout=StringIO())
        call_command("create_demo_logins", stdout=StringIO())
    staff = User.objects.get(email=STAFF)
    TOTP.activate(staff, TOTP_SECRET)
    RecoveryCodes.activate(staff)
    renew_membership()
    invite_person(
        INVITED,
        Purpose.ORGANISATION,
        organisation=Organisation.objects.get(slug="example-charity"),
        roles=[Role.PARTICIPANT],
        by=User.objects.get(email=OWNER),
    )
    make_suggestion(reference=SUGGESTION)
    _make_documents(Item.objects.get(slug="stop-and-scrutinise"))
    _fill_submissions()
    _keep_and_save()
    _fill_profile()
    make_approved_domain(Organisation.objects.get(slug="example-charity"), "charity.example")
    _nominate()
    _release()
    FactorReset.objects.create(
        user=User.objects.get(email=JUDGE), email=JUDGE, words="Call the office."
    )
    make_claim(make_organisation("Example Orphan", is_example=True, is_listed=False))
    _apply()
    for email in (OWNER, PARTICIPANT, JUDGE, STAFF):
        user = User.objects.get(email=email)
        client = Client()
        client.force_login(user)
        proofs = {RECORDS: _proofs(user), WHOSE_RECORDS: str(user.pk)}
        _save_session(email, dict(client.session) | proofs)
    _save_session(
        INVITED, {INVITATION: Invitation.objects.get(email=INVITED).links.get().secret_digest}
    )


def _apply():
    """An application about which staff have asked something."""
    asked = make_application(
        APPLICANT, reference=APPLICATION, state="asked", secret=APPLICATION_SECRET
    )
    asked.steps.create(state="submitted", answers=asked.answers)
    asked.steps.create(state="asked", words="Where do you work?")
    _save_session(APPLICANT, {OPENED: {APPLICATION: int(time.time())}})


PAGES_OF_TEXT = [
    "Example text\nContents\n1 What the law says ........ 1\n2 What we ask for ........ 2",
    "1 What the law says\n"
    + "The police can stop and search a person on the street if they have reasonable grounds.\n" * 4
    + "Remand is not the same.\n• A reason is given.\n• A record is made.\n1. First.\n2. Second.",
    "",
    "2 What we ask for\nEvery stop and search is recorded, as section 3 of the Act wants it.",
]


def _make_documents(item):
    """Of every sort that a page can show, in two versions."""
    first = item.versions.create(number=1, note="First published.")
    second = item.versions.create(number=2, note="The figures were corrected.", is_major=False)
    outline = [[0, "What the law says", 2], [1, "What we ask for", 4]]
    text = make_document(item, pages=PAGES_OF_TEXT, outline=outline, added_in=second)
    text.pages.filter(number=1).update(label="i")
    text.cover.save("cover.webp", ContentFile(_picture()))
    before = [*PAGES_OF_TEXT[:-1], "2 What we ask for\nEvery stop is recorded."]
    make_document(item, "old.pdf", pages=before, added_in=first, removed_in=second)
    make_document(item, "scan.pdf", kind="annex", reading=Reading.NO_TEXT)
    item.daily_uses.create(day=date(2026, 3, 1), views=12, downloads=3)


def _picture():
    picture = BytesIO()
    Image.new("RGB", (18, 25), "white").save(picture, "webp")
    return picture.getvalue()


def _fill_submissions():
    """One of each state that has a page of its own."""
    charity = Organisation.objects.get(slug="example-charity")
    owner = User.objects.get(email=OWNER)
    for status in SUBMISSIONS:
        title = f"An example work, {status}"
        submission = make_submission(charity, title, by=owner, status=status, slug=status)
        make_document(submission.item)
    submission.item.change_requests.create(kind="withdrawal", text="Its figures are wrong.")


def _fill_profile():
    """Details for every audience, a named person, a change in place and names that wait."""
    charity = Organisation.objects.get(slug="example-charity")
    owner = User.objects.get(email=OWNER)
    changes = {
        "stages": ["prison"],
        "email": ["info@example.org", "public"],
        "telephone": ["020 7946 0000", "members"],
        "address": ["1 Example Street\nLondon", "own"],
        "links": ["https://social.example.org/example", "public"],
    }
    revise_profile(charity, by=owner, version=charity.version, changes=changes)
    ask_for_names(charity, by=owner, name="Example Charity for All", short_name="")
    place = Affiliation.objects.get(user=owner, organisation=charity)
    make_contact(place, audience="public", about="Press questions")


def _keep_and_save():
    """A shelf that is shared, a saved search, and two for an address: one to be confirmed."""
    owner = User.objects.get(email=OWNER)
    items = Item.objects.filter(slug__in=["no-respect", "stop-and-scrutinise", "corston-report"])
    shelf = make_shelf(owner, *items, name="For the reference group")
    Shelf.objects.filter(pk=shelf.pk).update(secret=SHELF_SECRET)
    shelf.entries.filter(position=1).update(note="Quote the second chapter.")
    make_saved_search("q=prison&kind=report", owner=owner, frequency="weekly")
    make_saved_search("q=prison", email=READER)
    make_saved_search(
        "q=courts",
        email=READER,
        confirmed_at=None,
        confirm_by=timezone.now() + timedelta(days=2),
        secret_digest=digest_of(SEARCH_SECRET),
    )


def _nominate():
    """Somebody without an account who has a draft and a nomination that was submitted."""
    cycle = make_running_cycle(2031)
    category = cycle.categories.get()
    draft = make_nomination(category, "Example Draft", email=NOMINATOR)
    sent = make_nomination(category, "Example Project", state="submitted", email=NOMINATOR)
    consent = NomineeConsent.objects.create(nomination=sent, email="nominee@example.org")
    consent.links.create(
        secret_digest=digest_of(DESK_SECRET), expires_at=timezone.now() + timedelta(days=9)
    )
    judge_on_site(cycle, User.objects.get(email=JUDGE))
    writers = [one.collaborators.get() for one in (draft, sent)]
    _save_session(NOMINATOR, {HELD: [str(writer.uuid) for writer in writers]})


def _release():
    """A year whose result can be checked; nothing of it was ever run here."""
    cycle = make_published_cycle(2030, "Example Category")
    make_award(year=2030, category="Example Category", entry_code="E02", citation="They help.")
    make_proof(cycle, left_out={"The judge works there.": 1})


# -- People ---------------------------------------------------------------------------------------


def client_of(email="", **options):
    """A test client, signed in as this person with everything that can be proved."""
    client = Client(**options)
    if email:
        client.cookies["sessionid"] = session_key(email)
    return client


def session_key(email):
    return f"{email.partition('@')[0]}-for-tests-only"


def _save_session(email, values):
    session = SessionStore()
    session.update(values)
    session._session_key = session_key(email)
    session.save(must_create=True)


def _proofs(user):
    """Everything that can be proved, just now, and once more for what asks again."""
    at = time.time()
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return [
        {"method": "password", "at": at, "email": user.email, "reauthenticated": True},
        *(
            {"method": "mfa", "type": "totp", "id": code.pk, "at": at, "reauthenticated": True}
            for code in codes
        ),
    ]


def code_now():
    """What the app on the staff member's telephone shows."""
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))


# -- What stands in addresses ---------------------------------------------------------------------


def places():
    """What an address of `tests.pages` may name in braces."""
    charity = Organisation.objects.get(slug="example-charity")
    participant = Affiliation.objects.get(user__email=PARTICIPANT, organisation=charity)
    submissions = Submission.objects.filter(item__slug__in=SUBMISSIONS)
    rows = {row.item.slug: row for row in submissions.select_related("item")}
    judge = Judge.objects.get(user__email=JUDGE)
    reading = judge.assignments.filter(round__stage="sift", sheet__isnull=False).get()
    return {
        "place": judge.uuid,
        "round": reading.round.uuid,
        "final": reading.round.category.rounds.get(stage="final").uuid,
        "round_desk": reading.round.pk,
        "judge_desk": judge.pk,
        "reading": reading.uuid,
        "participant": participant.uuid,
        "suggestion": SUGGESTION,
        **{slug: row.uuid for slug, row in rows.items()},
        "review": rows["submitted"].pk,
        "revision": ProfileRevision.objects.waiting().get().pk,
        "request": ChangeRequest.objects.get().pk,
        "shelf": Shelf.objects.get(secret=SHELF_SECRET).uuid,
        "shelf_secret": SHELF_SECRET,
        "search_secret": SEARCH_SECRET,
        "search_token": SavedSearch.objects.confirmed().get(email=READER).token,
        "nomination": Nomination.objects.get(nominee_name="Example Draft").uuid,
        "sent_nomination": Nomination.objects.get(nominee_name="Example Project").uuid,
        "desk": DESK_SECRET,
        "asked": APPLICATION,
        "application_secret": APPLICATION_SECRET,
        "join": signing.dumps([charity.pk, "new@charity.example"], salt=join_requests.SALT),
        "sender": signing.dumps([charity.pk, "writer@example.org"], salt=contacts.BLOCKS),
        "lost": signing.dumps(STAFF, salt=factor_resets.ASKS),
        "reset": signing.dumps(str(FactorReset.objects.get().uuid), salt=factor_resets.STOPS),
        "claim": signing.dumps([str(Claim.objects.get().uuid), INVITED], salt=claims.SALT),
    }
