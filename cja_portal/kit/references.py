"""Numbers under which people find again what they sent us."""

import secrets

# Without letters and digits that look alike, for references are read out and copied by hand.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_reference():
    """Ten letters and digits that nobody can guess: "k7m2p-9xq4t"."""
    half = ["".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2)]
    return "-".join(half)
