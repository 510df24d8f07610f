"""What people come for, from the first click to the last, as they do it."""

import re

import pytest
from playwright.sync_api import expect

from tests.site import JUDGE, OWNER, PARTICIPANT, PASSWORD, STAFF, code_now

pytestmark = pytest.mark.browser

CHARITY = "/members/example-charity/"
PROFILE = "/my/organisations/example-charity/profile/"


def log_in(page, email):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()


def heading(page):
    return page.get_by_role("heading", level=1)


# -- Somebody with a court letter -----------------------------------------------------------------


def test_a_person_looks_up_a_misspelled_word(page):
    page.goto("/dictionary/")

    page.get_by_role("searchbox").press_sequentially("rolt", delay=20)
    page.locator(".suggestions a").first.click()

    expect(heading(page)).to_contain_text("elease on temporary licence")
    expect(page.get_by_role("main")).to_contain_text("ROTL")


def test_a_person_looks_up_a_misspelled_word_without_scripts(open_window):
    page = open_window(java_script_enabled=False)
    page.goto("/dictionary/")

    page.get_by_role("searchbox").fill("rolt")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("elease on temporary licence")).first.click()

    expect(heading(page)).to_contain_text("elease on temporary licence")


def test_the_first_page_leads_to_every_room(page):
    for room in ("Dictionary", "Library", "Members", "Awards"):
        page.goto("/")
        page.get_by_role("navigation", name="Main").get_by_role("link", name=room).click()

        expect(heading(page)).not_to_be_empty()
        marked = page.locator("header nav [aria-current=page]")
        expect(marked).to_have_text(room)


# -- A policy officer -----------------------------------------------------------------------------


def test_a_policy_officer_narrows_the_library_down_and_goes_back(page):
    page.goto("/library/?q=prison")
    count = page.locator("#results .count strong")
    before = count.inner_text()

    page.locator("input[name=kind][value=report]").check()

    expect(count).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"kind=report"))
    expect(page.locator("#announcer")).to_have_text(f"{count.inner_text()} for “prison”")
    page.go_back()
    expect(page).not_to_have_url(re.compile("kind="))
    expect(page.locator("#results .count strong")).to_have_text(before)
    expect(page.locator("input[name=kind][value=report]")).not_to_be_checked()


def test_a_policy_officer_narrows_the_library_down_without_scripts(open_window):
    page = open_window(java_script_enabled=False)
    page.goto("/library/?q=prison")
    before = page.locator("#results .count strong").inner_text()

    page.locator("input[name=kind][value=report]").check()
    page.get_by_role("button", name="Apply").click()

    expect(page).to_have_url(re.compile(r"q=prison.*kind=report"))
    expect(page.locator("#results .count strong")).not_to_have_text(before)


def test_a_policy_officer_copies_a_citation(page, server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    page.goto("/library/?q=scrutinise")
    page.get_by_role("link", name=re.compile("Stop & Scrutinise")).first.click()
    expect(heading(page)).to_contain_text("Stop & Scrutinise")
    citation = page.locator("#cite-1").inner_text()

    page.get_by_role("button", name=re.compile("Copy")).first.click()

    expect(page.locator("#announcer")).to_have_text("The citation is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == citation
    assert "Criminal Justice Alliance" in citation


def test_a_policy_officer_takes_a_citation_along_as_a_file(page):
    page.goto("/library/stop-and-scrutinise/")

    with page.expect_download() as download:
        page.get_by_role("link", name="RIS").click()

    assert download.value.suggested_filename == "stop-and-scrutinise.ris"


# -- An organisation ------------------------------------------------------------------------------


def test_the_owner_edits_the_profile_and_everyone_sees_it(page, open_window):
    log_in(page, OWNER)
    page.get_by_role("link", name="Edit the profile").click()
    summary = page.get_by_label("What you do, in one or two sentences")
    before = summary.input_value()

    summary.fill("An example organisation whose profile a test has changed.")
    page.get_by_role("main").get_by_role("button", name="Save").click()

    expect(page.get_by_role("main")).to_contain_text("The profile is saved.")
    stranger = open_window()
    stranger.goto(CHARITY)
    expect(stranger.get_by_role("main")).to_contain_text("whose profile a test has changed")
    page.goto(PROFILE)
    summary.fill(before)
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("The profile is saved.")


def test_a_mistake_in_the_profile_is_named_where_it_stands(open_window):
    page = open_window(OWNER)
    page.goto(PROFILE)
    page.get_by_label("Website", exact=False).first.fill("not an address")
    page.get_by_role("main").get_by_role("button", name="Save").click()

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Website", exact=False).first).to_be_focused()


def test_a_participant_may_look_but_not_edit(page):
    log_in(page, PARTICIPANT)

    expect(page).to_have_url(re.compile("/my/$"))
    expect(page.get_by_role("link", name="Edit the profile")).to_have_count(0)
    assert page.goto(PROFILE).status == 403
    expect(heading(page)).not_to_be_empty()


# -- Staff and judges -----------------------------------------------------------------------------


def test_staff_reach_the_admin_with_their_second_step_alone(page):
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("E-mail address").fill(STAFF)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(heading(page)).to_have_text("Second step")
    page.goto("/admin/")
    expect(page).not_to_have_url(re.compile("/admin/$"))

    page.goto("/accounts/2fa/authenticate/")
    page.get_by_label("code", exact=False).first.fill(code_now())
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto("/admin/")

    expect(page).to_have_url(re.compile("/admin/$"))
    expect(heading(page)).to_have_text("Work waiting")


def test_a_judge_logs_in_and_out(page):
    log_in(page, JUDGE)
    expect(page.get_by_role("heading", name="Judging")).to_be_visible()

    page.get_by_role("banner").get_by_role("button", name="Log out").click()

    page.goto("/my/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_after_logging_out_the_back_button_shows_nothing_private(page):
    log_in(page, JUDGE)
    expect(page).to_have_url(re.compile("/my/$"))
    page.get_by_role("banner").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Judging")).to_have_count(0)


def test_a_wrong_password_is_answered_without_saying_which_was_wrong(page):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password", exact=True).fill("wrong wrong wrong")
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()

    expect(page.get_by_role("main")).to_contain_text(
        "The e-mail address or the password is not right."
    )
