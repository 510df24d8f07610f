from datetime import UTC, datetime

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
