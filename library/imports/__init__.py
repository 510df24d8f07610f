"""Taking in many records at once: a reader for each kind of file, one record, one way in."""
