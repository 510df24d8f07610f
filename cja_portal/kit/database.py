"""Postgres functions of the portal's own, made by the first migration of `members`.

They fold names in a way that does not hang on the server's locale: an index, a search and a sort
give the same answer on every server.
"""

from django.db.models import Func, TextField


class Folded(Func):
    """Its texts in one line: lower case, without accents, apostrophes and punctuation."""

    function = "portal_fold"
    output_field = TextField()


class SortKey(Func):
    """The key under which an English index files a name: folded, without "the" in front."""

    function = "portal_sort_key"
    arity = 1
    output_field = TextField()


class Joined(Func):
    """The texts of an array with blanks between them."""

    function = "portal_join"
    arity = 1
    output_field = TextField()


CREATE_FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION portal_join(parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string(parts, ' ') $$;

CREATE OR REPLACE FUNCTION portal_fold(VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(
            lower(unaccent('unaccent', array_to_string(parts, ' ')) COLLATE "C"),
            '[''`\u02bc\u2019]', '', 'g'),
        '[^a-z0-9\u0080-\uffff]+', ' ', 'g'))
$$;

CREATE OR REPLACE FUNCTION portal_sort_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT regexp_replace(portal_fold(name), '^the ', '')
$$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION portal_sort_key(text);
DROP FUNCTION portal_fold(text[]);
DROP FUNCTION portal_join(text[]);
"""
