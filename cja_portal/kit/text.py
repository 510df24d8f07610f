"""What people type, made safe to search for."""

import unicodedata


def clean_query(text, *, longest=200):
    """What someone typed into a search box, without what Postgres refuses or nobody means."""
    visible = "".join(" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text)
    return " ".join(visible.split())[:longest].strip()
