"""What a nomination still lacks, as sentences, and how many words its answers have."""

from dataclasses import dataclass

from awards.receipts import answers_of, copy_of, fingerprint


def words_in(text):
    return len(text.split())


@dataclass(frozen=True)
class Lack:
    """One thing to do before it can be sent; `question` is where, if it is about one."""

    sentence: str
    question: object = None


def lacks_of(nomination):
    answers = {answer.question_id: answer.text for answer in answers_of(nomination)}
    questions = nomination.category.questions.current()
    found = (_lack(question, answers.get(question.pk, "")) for question in questions)
    return [lack for lack in found if lack]


def _lack(question, text):
    if question.is_required and not text.strip():
        return Lack(f"Answer “{question.text}”.", question)
    extra = words_in(text) - question.most_words
    if extra > 0:
        words = "1 word" if extra == 1 else f"{extra} words"
        return Lack(f"Shorten the answer to “{question.text}” by {words}.", question)
    return None


def has_unsent_changes(nomination):
    """Whether it differs from what was sent last: in answers, files or about the nominee."""
    receipt = nomination.receipts.first()
    return receipt is None or receipt.sha256 != fingerprint(copy_of(nomination))
