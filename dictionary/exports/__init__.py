"""The dictionary for other people's programs and for paper, a module for each format."""
