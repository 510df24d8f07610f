"""The permanent short code of an item, made to be read out and typed.

Five characters and a check character, without vowels (so that no code is a word) and without
1, I, L and O. With 29 characters, a prime number, the check character finds every wrong character
and every two that changed places. Postgres makes the codes, from a sequence, so none comes twice.
"""

ALPHABET = "023456789bcdfghjkmnpqrstvwxyz"
LENGTH = 6
_MISREAD = str.maketrans({"o": "0", "-": "", " ": ""})

CREATE_FUNCTION = f"""
CREATE SEQUENCE library_code AS integer MAXVALUE {len(ALPHABET) ** (LENGTH - 1) - 1};

CREATE FUNCTION library_next_code() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    alphabet CONSTANT text := '{ALPHABET}';
    -- Neighbours are spread out: the factor has no divisor in common with 29.
    rest bigint := nextval('library_code') * 7654321 % {len(ALPHABET) ** (LENGTH - 1)};
    total integer := 0;
    code text := '';
BEGIN
    FOR place IN 2..{LENGTH} LOOP
        code := substr(alphabet, (rest % 29)::integer + 1, 1) || code;
        total := total + place * (rest % 29)::integer;
        rest := rest / 29;
    END LOOP;
    RETURN code || substr(alphabet, (29 - total % 29) % 29 + 1, 1);
END $$;
"""
DROP_FUNCTION = "DROP FUNCTION library_next_code(); DROP SEQUENCE library_code;"


def read_code(text):
    """The code somebody typed, put right; blank if it cannot be one."""
    code = text.lower().translate(_MISREAD)
    return code if len(code) == LENGTH and is_code(code) else ""


def is_code(code):
    """Whether the check character belongs to the others: the weighted sum is a multiple of 29."""
    if len(code) != LENGTH or any(char not in ALPHABET for char in code):
        return False
    values = [ALPHABET.index(char) for char in reversed(code)]
    return sum(place * value for place, value in enumerate(values, start=1)) % 29 == 0
