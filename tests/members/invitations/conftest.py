import pytest


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """Everything in the test's transaction counts as committed when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
