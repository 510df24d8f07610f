"""Reading the starter content: YAML that knows its file and line."""

from datetime import date

import yaml


class ContentError(Exception):
    """A fault in a content file, as one sentence with the file and line."""


class Mapping(dict):
    """A mapping of a content file that knows where it stands."""

    def __init__(self, values, path, line, lines):
        super().__init__(values)
        self.path, self.line, self.lines = path, line, lines

    def fail(self, message, key=None):
        raise ContentError(f"{self.path}, line {self.lines.get(key, self.line)}: {message}")

    def text(self, key, *, default=None):
        value = self.get(key, default)
        if value is None:
            self.fail(f"“{key}” is missing.")
        if not isinstance(value, str) or not (value.strip() or default == ""):
            self.fail(f"“{key}” must be a text.", key)
        return value.strip()

    def day(self, key, *, default=None):
        value = self.get(key, default)
        if not isinstance(value, date) and value is not default:
            self.fail(f"“{key}” must be a date such as 2026-06-30.", key)
        return value

    def list(self, key):
        value = self.get(key) or []
        if not isinstance(value, list):
            self.fail(f"“{key}” must be a list.", key)
        return value

    def mappings(self, key):
        """The parts of a list whose parts are mappings themselves."""
        for part in self.list(key):
            if not isinstance(part, Mapping):
                self.fail(f"each part of “{key}” must be a mapping.", key)
        return self.list(key)

    def choice(self, key, options, *, default=None):
        value = self.get(key, default)
        if value not in options:
            self.fail(f"“{key}” must be one of {', '.join(map(str, options))}, not {value!r}.", key)
        return value

    def only(self, *keys):
        """Refuse a key that the format does not know: it is most likely misspelled."""
        for key in self:
            if key not in keys:
                self.fail(f"“{key}” is not a key of this format.", key)


class _Loader(yaml.SafeLoader):
    path = ""

    def construct_mapping_with_place(self, node):
        self.flatten_mapping(node)
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        if len(lines) < len(node.value):
            raise ContentError(f"{self.path}, line {node.start_mark.line + 1}: a key stands twice.")
        values = self.construct_mapping(node, deep=True)
        return Mapping(values, self.path, node.start_mark.line + 1, lines)


_Loader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _Loader.construct_mapping_with_place
)


def read_content(path, *, root):
    """The YAML of `path`; raises ContentError with the file's place under `root` and the line."""
    shown = path.relative_to(root)
    loader = _Loader(path.read_text(encoding="utf-8"))
    loader.path = shown
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(f"{shown}, line {line}: {error.problem}.") from error
    finally:
        loader.dispose()
