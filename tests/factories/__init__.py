"""Boring makers of rows for tests: every field has a value, and a test names those that matter."""

from tests.factories.awards import make_award, make_cycle, make_proof, make_published_cycle
from tests.factories.entries import (
    make_entry,
    make_label,
    make_relation,
    make_sense,
    make_suggestion,
    publish,
)
from tests.factories.items import (
    make_contributor,
    make_document,
    make_item,
    make_submission,
    set_changed_at,
)
from tests.factories.joining import (
    APPLICATION_ANSWERS,
    make_application,
    make_claim,
    make_invitation,
    make_join_request,
)
from tests.factories.memberships import make_break, make_fee_band, make_invoice, make_period
from tests.factories.moments import LONG_AGO
from tests.factories.organisations import (
    make_approved_domain,
    make_area,
    make_contact,
    make_detail,
    make_organisation,
    make_shared_domain,
    make_theme,
)
from tests.factories.people import (
    make_affiliation,
    make_judge,
    make_outsider,
    make_owner,
    make_participant,
    make_staff,
    make_user,
)
from tests.factories.shelves import make_collection, make_saved_search, make_shelf

__all__ = [
    "APPLICATION_ANSWERS",
    "LONG_AGO",
    "make_affiliation",
    "make_application",
    "make_approved_domain",
    "make_area",
    "make_award",
    "make_break",
    "make_claim",
    "make_collection",
    "make_contact",
    "make_contributor",
    "make_cycle",
    "make_detail",
    "make_document",
    "make_entry",
    "make_fee_band",
    "make_invitation",
    "make_invoice",
    "make_item",
    "make_join_request",
    "make_judge",
    "make_label",
    "make_organisation",
    "make_outsider",
    "make_owner",
    "make_participant",
    "make_period",
    "make_proof",
    "make_published_cycle",
    "make_relation",
    "make_saved_search",
    "make_sense",
    "make_shared_domain",
    "make_shelf",
    "make_staff",
    "make_submission",
    "make_suggestion",
    "make_theme",
    "make_user",
    "publish",
    "set_changed_at",
]
