"""What a nomination said when it was sent: a copy that can be checked years later."""

import hashlib
import json


def copy_of(nomination):
    """Everything that was sent, as plain data."""
    category = nomination.category
    referees = list(nomination.referees.values("name", "email", "organisation"))
    named = {"referees": referees} if referees else {}
    return named | {
        "reference": nomination.reference,
        "awards": category.cycle.name,
        "category": category.name,
        "nominee": {
            name: getattr(nomination, name)
            for name in (
                *("nominee_kind", "nominee_name", "nominee_organisation", "nominee_email"),
                *("charity_number", "is_self"),
            )
        },
        "answers": [
            {
                "key": answer.question.key,
                "version": answer.question.version,
                "question": answer.question.text,
                "text": answer.text,
            }
            for answer in answers_of(nomination)
        ],
        "files": list(nomination.attachments.values("name", "size", "sha256")),
    }


def answers_of(nomination):
    """Those to questions that are asked now."""
    answers = nomination.answers.filter(question__retired_at__isnull=True)
    return answers.select_related("question")


def fingerprint(copy):
    """SHA-256 of the copy as JSON with sorted keys, no blanks between, in UTF-8."""
    text = json.dumps(copy, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
