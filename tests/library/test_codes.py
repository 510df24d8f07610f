from itertools import product

import pytest

from library.codes import ALPHABET, is_code, read_code
from tests.factories import make_item


@pytest.mark.django_db
def test_every_item_gets_a_code_of_its_own_that_checks():
    codes = [make_item().code for _ in range(50)]

    assert len(set(codes)) == 50
    assert all(is_code(code) for code in codes)


@pytest.mark.django_db
def test_a_code_survives_a_full_check_and_a_second_save():
    item = make_item()
    code = item.code

    item.full_clean()
    item.save()

    item.refresh_from_db()
    assert item.code == code


def test_every_wrong_character_and_every_exchange_is_noticed():
    code = "rnpx7v"
    assert is_code(code)

    wrong = {code[:at] + char + code[at + 1 :] for at, char in product(range(6), ALPHABET)} - {code}
    exchanged = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(5)} - {code}

    assert not any(is_code(one) for one in wrong | exchanged)


@pytest.mark.parametrize("typed", ["rnpx7v", "RNPX7V", "RNP-X7V", "rnp x7v"])
def test_a_code_is_read_as_people_type_it(typed):
    assert read_code(typed) == "rnpx7v"


@pytest.mark.parametrize("typed", ["", "rnpx7w", "rnpx7", "no-respect", "rnpx7é", "r" * 1000])
def test_what_is_no_code_is_blank(typed):
    assert read_code(typed) == ""
