"""The lists of words that a record chooses from."""

from enum import nonmember

from django.db import models


class Kind(models.TextChoices):
    REPORT = "report", "Report"
    BRIEFING = "briefing", "Briefing"
    CONSULTATION_RESPONSE = "consultation-response", "Consultation response"
    PARLIAMENTARY_BRIEFING = "parliamentary-briefing", "Parliamentary briefing"
    SUPER_COMPLAINT = "super-complaint", "Super-complaint"
    REVIEW = "review", "Review"
    INQUIRY = "inquiry", "Inquiry"
    INSPECTION = "inspection", "Inspection"
    COMMITTEE_REPORT = "committee-report", "Committee report"
    POLICY_PAPER = "policy-paper", "Policy paper"
    GOVERNMENT_RESPONSE = "government-response", "Government response"
    STATISTICS = "statistics", "Statistics"
    RESEARCH = "research", "Research"
    JOURNAL_ARTICLE = "journal-article", "Journal article"
    EVALUATION = "evaluation", "Evaluation"
    GUIDANCE = "guidance", "Guidance"
    STRATEGY = "strategy", "Strategy"
    FACTSHEET = "factsheet", "Factsheet"
    TOOLKIT = "toolkit", "Toolkit"
    PODCAST = "podcast", "Podcast"


class Precision(models.TextChoices):
    """How exactly the date of publication is known."""

    YEAR = "year", "Year"
    MONTH = "month", "Month"
    DAY = "day", "Day"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"
    IRISH = "ga", "Irish"
    SCOTTISH_GAELIC = "gd", "Scottish Gaelic"


class Licence(models.TextChoices):
    """On what terms the work itself may be used."""

    OGL = "ogl-3", "Open Government Licence v3.0"
    OPEN_PARLIAMENT = "open-parliament", "Open Parliament Licence v3.0"
    CC_BY = "cc-by-4", "Creative Commons Attribution 4.0"
    CROWN = "crown", "Crown copyright"
    ALL_RIGHTS_RESERVED = "all-rights-reserved", "All rights reserved"
    ASK = "ask", "Ask the publisher"
    NOT_STATED = "not-stated", "Not stated"

    addresses = nonmember(
        {
            "ogl-3": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "open-parliament": (
                "https://www.parliament.uk/site-information/copyright-parliament"
                "/open-parliament-licence/"
            ),
            "cc-by-4": "https://creativecommons.org/licenses/by/4.0/",
        }
    )


class LinkKind(models.TextChoices):
    """What the reader finds behind the link."""

    PUBLISHER = "publisher", "The publisher's page"
    NOTICE = "notice", "A notice about it"
    OFFICIAL_COPY = "official-copy", "An official copy"
    COPY = "copy", "A copy"


class Certainty(models.TextChoices):
    """How sure we are of what our record says."""

    FOUND = "found", "Checked against a source we found"
    HIGH = "high", "Sure, but not checked against the work itself"
    MEDIUM = "medium", "Fairly sure; some details may be wrong"
    LOW = "low", "Not sure; please check before you rely on it"


class ContentNote(models.TextChoices):
    """What a reader may want to be warned of."""

    DEATH = "death", "Deaths in custody"
    CHILD_DEATH = "child-death", "Death of a child"
    SUICIDE = "suicide", "Suicide and self-harm"
    SEXUAL_VIOLENCE = "sexual-violence", "Sexual violence"
    DOMESTIC_ABUSE = "domestic-abuse", "Domestic abuse"
    CHILD_ABUSE = "child-abuse", "Abuse of children"
    VIOLENCE = "violence", "Violence"
    RACISM = "racism", "Racist language or events"

    ABUSE = nonmember({"sexual-violence", "domestic-abuse", "child-abuse"})


class Status(models.TextChoices):
    """What people decided. That a published item still waits for its hour is `is_scheduled`."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    CHANGES_ASKED = "changes-asked", "Changes asked for"
    DECLINED = "declined", "Declined"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"

    # What was once published leaves a trace: it is withdrawn with a reason, never a draft again.
    next_states = nonmember(
        {
            "draft": {"submitted", "published"},
            "submitted": {"draft", "changes-asked", "declined", "published"},
            "changes-asked": {"submitted", "published"},
            "declined": {"draft"},
            "published": {"withdrawn"},
            "withdrawn": {"published"},
        }
    )
    unseen = nonmember({"draft", "submitted", "changes-asked", "declined"})
