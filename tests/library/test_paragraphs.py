import pytest

from library.paragraphs import Block, blocks_of

LINE = "The police may stop and search a person in the street if they have grounds"
LONGER = "and the person is told what they are looking for, and why, and by whom it is"


def kinds(text):
    return [block.kind for block in blocks_of(text)]


def texts(text):
    return [text for block in blocks_of(text) for text in block.texts]


def test_lines_of_one_paragraph_are_joined():
    text = f"{LINE}\n{LONGER}\ndone."

    assert blocks_of(text) == [Block("paragraph", (f"{LINE} {LONGER} done.",))]


def test_a_line_that_ends_early_ends_its_paragraph():
    text = f"{LINE}\n{LONGER}\ndone.\n{LINE}\n{LONGER}"

    assert texts(text) == [f"{LINE} {LONGER} done.", f"{LINE} {LONGER}"]


def test_an_empty_line_ends_a_paragraph():
    assert texts(f"{LINE}\n\n{LONGER}") == [LINE, LONGER]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\f"])
def test_every_kind_of_line_break_is_one(break_):
    assert texts(break_.join([LINE, LONGER])) == [f"{LINE} {LONGER}"]


def test_headings_stand_above_the_text():
    text = f"2.1 What we ask for\n{LINE}\n{LONGER}\nnow.\nThe next part\n{LINE}\n{LONGER}"

    assert kinds(text) == ["heading", "paragraph", "heading", "paragraph"]


@pytest.mark.parametrize("sign", ["•", "●", "▪", "–", "-", "*", "o"])
def test_entries_of_a_list_lose_their_sign_and_keep_their_lines_together(sign):
    text = f"We ask for:\n{sign} {LINE.title()}\n{LONGER}\nend.\n{sign} Bail."

    list_ = blocks_of(text)[-1]

    assert list_ == Block("list", (f"{LINE.title()} {LONGER} end.", "Bail."))


@pytest.mark.parametrize("sign", ["1.", "2)", "(a)", "a)", "(iv)", "1.2."])
def test_numbered_entries_keep_their_numbers(sign):
    assert blocks_of(f"We ask for:\n{sign} Bail.\n{sign} More.")[-1] == Block(
        "numbered", (f"{sign} Bail.", f"{sign} More.")
    )


def test_a_dash_within_a_sentence_begins_no_list():
    assert texts(f"{LINE}\n– {LONGER}") == [f"{LINE} – {LONGER}"]


def test_a_number_within_a_sentence_begins_no_list():
    assert texts(f"{LINE} under section\n12. {LONGER}") == [f"{LINE} under section 12. {LONGER}"]


def test_rows_of_a_table_stay_rows():
    rows = ["2019 9,602 31,000", "2020 12,274 29,100", "2021 12,100 30,400"]

    assert blocks_of("\n".join(rows)) == [Block("rows", tuple(rows))]


def test_a_table_of_contents_is_rows_without_leaders():
    text = "1 Introduction . . . . . . . . 4\n2 Bail…12\nAnnex ______ 20"

    assert blocks_of(text) == [Block("rows", ("1 Introduction … 4", "2 Bail … 12", "Annex … 20"))]


def test_the_running_title_is_no_part_of_the_sentence_below_it():
    text = f"Annual report\nwhich goes on. {LINE}\n{LONGER}"

    assert texts(text)[0] == "Annual report"


def test_a_title_page_is_not_one_sentence():
    assert texts("Stop and search\nAnnual report\n2024") == [
        *("Stop and search", "Annual report", "2024")
    ]


def test_an_ellipsis_makes_no_row_of_a_sentence():
    text = f"{LINE} … {LONGER}\n{LINE} and so on…\nthen."

    assert kinds(text) == ["paragraph"]


def test_lines_that_are_paragraphs_stay_apart():
    paragraphs = [f"{LINE} {LONGER} {LINE}.", f"{LINE}.", f"{LONGER.title()} {LINE}."]

    assert texts("\n".join(paragraphs)) == paragraphs


def test_a_hyphen_at_the_end_of_a_line_is_kept():
    assert texts(f"{LINE} re-\noffending {LONGER}") == [f"{LINE} re-offending {LONGER}"]


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n", "…", ".", "-", "1.", "• "])
def test_odd_pages_are_no_error(text):
    blocks_of(text)


def test_no_word_is_lost():
    text = f"Report\n{LINE}\n{LONGER}\n• Bail {LINE}\n12. {LONGER}\n2019 3\n2020 4\n2021 5\n\n7"

    assert " ".join(texts(text)).split() == [word for word in text.split() if word != "•"]
