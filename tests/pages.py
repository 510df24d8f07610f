"""Every page of the portal: its URL name, where it is, and who opens it.

A page that is not here is not proved good: `test_every_page_is_in_the_list` finds what is missing.
"""

from dataclasses import dataclass

from tests.site import APPLICANT, INVITED, JUDGE, NOMINATOR, OWNER, PARTICIPANT, STAFF


@dataclass(frozen=True)
class Page:
    """`path` may name one of `tests.site.places()` in braces; no `who` is anyone at all."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    is_development: bool = False
    is_admin: bool = False

    @property
    def is_public(self):
        """Meant for search engines and passers-by."""
        is_open = not self.who and self.status == 200 and not self.is_development
        is_personal = self.path.startswith(
            ("/accounts/", "/joining/", "/claims/", "/applications/")
        )
        return is_open and not is_personal

    def __str__(self):
        who = self.who.partition("@")[0]
        return f"{self.path}{' as ' if who else ''}{who}"


PORTAL = [
    Page("home", "/"),
    Page("home", "/", OWNER),
    Page("search", "/search/"),
    Page("search", "/search/?q=stop+and+search"),
    Page("search", "/search/?q=zzzzqqqq"),
    Page("about", "/about/"),
    Page("accessibility", "/accessibility/"),
    Page("privacy", "/privacy/"),
    Page("privacy-home", "/my/privacy/", OWNER),
    Page("privacy-erase", "/my/privacy/erase/", OWNER),
    Page("privacy-export", "/my/privacy/export/", OWNER),
    Page("complaint-create", "/privacy/complaint/"),
    Page("letters-stop", "/letters/stop/wrong/", status=410),
    Page("theme-list", "/themes/"),
    Page("theme-detail", "/themes/stop-and-search/"),
    Page("styleguide", "/styleguide/", is_development=True),
]
DICTIONARY = [
    Page("dictionary:entry-list", "/dictionary/"),
    Page("dictionary:entry-list", "/dictionary/?letter=R"),
    Page("dictionary:entry-list", "/dictionary/?topic=prison"),
    Page("dictionary:entry-list", "/dictionary/?jurisdiction=scotland"),
    Page("dictionary:entry-list", "/dictionary/?q=rolt"),
    Page("dictionary:entry-list", "/dictionary/?q=zzzzqqqq"),
    Page("dictionary:entry-detail", "/dictionary/release-on-temporary-licence/"),
    Page("dictionary:entry-detail", "/dictionary/stop-and-search/?jurisdiction=scotland"),
    Page("dictionary:entry-detail", "/dictionary/domestic-abuse/"),
    Page("dictionary:entry-detail", "/dictionary/bame/?on=2020-01-01"),
    Page(
        "dictionary:entry-detail",
        "/dictionary/anti-social-behaviour-order-historic/?jurisdiction=england-and-wales",
    ),
    Page("dictionary:data", "/dictionary/data/"),
    Page("dictionary:suggestion-create", "/dictionary/suggest/"),
    Page("dictionary:suggestion-create", "/dictionary/suggest/?kind=correction&entry=bail-court"),
    Page("dictionary:suggestion-create", "/dictionary/suggest/", OWNER),
    Page("dictionary:suggestion-detail", "/dictionary/suggest/{suggestion}/"),
    Page("dictionary:version-list", "/dictionary/remand/v/"),
    Page("dictionary:version-detail", "/dictionary/remand/v/1/"),
    Page("dictionary:version-compare", "/dictionary/remand/v/1/1/"),
    Page("dictionary:change-list", "/dictionary/changes/"),
    Page("dictionary:version-list", "/dictionary/example-word/v/"),
    Page("dictionary:text-explain", "/dictionary/explain/"),
    Page("dictionary:embed", "/dictionary/embed/"),
    Page("dictionary:embed", "/dictionary/embed/?jurisdiction=scotland&root=%23story"),
]
LIBRARY = [
    Page("library:item-list", "/library/"),
    Page("library:item-list", "/library/?q=stop+and+search&kind=report"),
    Page("library:item-list", "/library/?q=zzzzqqqq"),
    Page("library:item-detail", "/library/stop-and-scrutinise/"),
    Page("library:item-detail", "/library/no-respect/"),
    Page("library:item-detail", "/library/stop-and-scrutinise/", STAFF),
    Page("library:quote-check", "/library/quote/"),
    Page("library:quote-check", "/library/quote/?quote=two"),
    Page(
        "library:quote-check",
        "/library/quote/?quote=Each+stop+and+search+is+recorded+as+section+3+of+the+Act+wants",
    ),
    Page("library:page-detail", "/library/stop-and-scrutinise/files/report.pdf/page/1/"),
    Page(
        "library:page-detail",
        "/library/stop-and-scrutinise/files/report.pdf/page/2/?q=stop+and+search",
    ),
    Page(
        "library:page-detail",
        "/library/stop-and-scrutinise/files/report.pdf/page/3/?q=zzzzqqqq&place=xii",
    ),
    Page("library:page-detail", "/library/stop-and-scrutinise/files/old.pdf/page/1/"),
    Page("library:page-detail", "/library/stop-and-scrutinise/files/scan.pdf/page/1/"),
    Page("library:item-submit", "/library/submit/", JUDGE),
    Page("library:submission-list", "/library/submit/example-charity/", PARTICIPANT),
    Page("library:submission-detail", "/library/submissions/{draft}/", PARTICIPANT),
    Page("library:submission-detail", "/library/submissions/{submitted}/", OWNER),
    Page("library:submission-detail", "/library/submissions/{changes-asked}/", OWNER),
    Page("library:submission-detail", "/library/submissions/{published}/", OWNER),
    Page("library:submission-edit", "/library/submissions/{draft}/edit/", PARTICIPANT),
    Page("library:submission-check", "/library/submissions/{draft}/check/", OWNER),
    Page("library:submission-check", "/library/submissions/{changes-asked}/check/", PARTICIPANT),
    Page("library:submission-preview", "/library/submissions/{submitted}/preview/", OWNER),
    Page("library:submission-request", "/library/submissions/{published}/request/", OWNER),
    Page("library:copy-request", "/library/stop-and-scrutinise/request/"),
    Page("library:data", "/library/data/"),
    Page("library:collection-list", "/library/collections/"),
    Page("library:collection-detail", "/library/collections/stop-and-search-super-complaint/"),
    Page("library:shelf-list", "/library/shelf/"),
    Page("library:shelf-list", "/library/shelf/", OWNER),
    Page("library:shelf-keep", "/library/shelf/keep/no-respect/"),
    Page("library:shelf-keep", "/library/shelf/keep/no-respect/", OWNER),
    Page("library:shelf-detail", "/library/shelf/{shelf}/", OWNER),
    Page("library:shelf-shared", "/library/shelves/{shelf_secret}/"),
    Page("library:search-save", "/library/searches/save/?q=prison"),
    Page("library:search-save", "/library/searches/save/?q=prison", OWNER),
    Page("library:search-list", "/library/searches/", OWNER),
    Page("library:search-confirm", "/library/searches/confirm/{search_secret}/"),
    Page("library:search-confirm", "/library/searches/confirm/wrong/", status=410),
    Page("library:search-manage", "/library/searches/manage/{search_token}/"),
    Page("library:search-stop", "/library/searches/stop/{search_token}/"),
]
MEMBERS = [
    Page("members:organisation-list", "/members/"),
    Page("members:organisation-list", "/members/?page=2"),
    Page("members:organisation-list", "/members/?q=prison&kind=charity"),
    Page("members:organisation-list", "/members/?q=zzzzqqqq"),
    Page("members:area-map", "/members/map/"),
    Page("members:coverage", "/members/coverage/?reach=place"),
    Page("members:organisation-contact", "/members/example-charity/contact/"),
    Page("members:organisation-detail", "/members/example-charity/"),
    Page("members:organisation-detail", "/members/storybook-dads/"),
    Page("members:invitation-accept", "/invitations/", status=410),
    Page("members:invitation-accept", "/invitations/", INVITED),
    Page("members:organisation-detail", "/members/example-charity/", OWNER),
    Page("members:application-start", "/members/join/"),
    Page("members:application-open", "/applications/{application_secret}/"),
    Page("members:application-detail", "/members/join/{asked}/", APPLICANT),
    Page("members:application-check", "/members/join/{asked}/check/", APPLICANT),
    Page("members:application-page", "/members/join/{asked}/work/", APPLICANT),
    Page("members:join-ask", "/members/example-charity/ask/"),
    Page("members:join-confirm", "/joining/{join}/"),
    Page("members:claim-object", "/claims/{claim}/"),
    Page("members:my-home", "/my/", OWNER),
    Page("members:my-home", "/my/", PARTICIPANT),
    Page("members:my-home", "/my/", JUDGE),
    Page("members:my-home", "/my/", STAFF),
    Page("members:profile-edit", "/my/organisations/example-charity/profile/", OWNER),
    Page("members:profile-names", "/my/organisations/example-charity/profile/names/", OWNER),
    Page("members:profile-history", "/my/organisations/example-charity/profile/history/", OWNER),
    Page("members:contact-edit", "/my/organisations/example-charity/contact/", OWNER),
    Page("members:still-here", "/my/still-here/", PARTICIPANT),
    Page("members:organisation-leave", "/my/organisations/example-charity/leave/", OWNER),
    Page("members:membership-detail", "/my/organisations/example-charity/membership/", OWNER),
    Page("members:people-list", "/my/organisations/example-charity/people/", OWNER),
    Page(
        "members:people-change",
        "/my/organisations/example-charity/people/{participant}/",
        OWNER,
    ),
]
AWARDS = [
    Page("awards:cycle-list", "/awards/"),
    Page("awards:cycle-detail", "/awards/2016/"),
    Page("awards:category-detail", "/awards/2016/organisation-of-the-year/"),
    Page("awards:roll-of-honour", "/awards/roll-of-honour/"),
    Page("awards:roll-of-honour", "/awards/roll-of-honour/?year=2016"),
    Page("awards:verify", "/awards/verify/2030/"),
    Page("awards:nomination-start", "/awards/2031/example-category/nominate/", NOMINATOR),
    Page("awards:nomination-list", "/awards/nominations/", NOMINATOR),
    Page("awards:nomination-detail", "/awards/nominations/{sent_nomination}/", NOMINATOR),
    Page("awards:nomination-edit", "/awards/nominations/{nomination}/edit/1/", NOMINATOR),
    Page("awards:nomination-nominee", "/awards/nominations/{nomination}/nominee/", NOMINATOR),
    Page("awards:nomination-files", "/awards/nominations/{nomination}/files/", NOMINATOR),
    Page("awards:nomination-people", "/awards/nominations/{nomination}/people/", NOMINATOR),
    Page("awards:nomination-submit", "/awards/nominations/{nomination}/submit/", NOMINATOR),
    Page("awards:nomination-receipt", "/awards/nominations/{sent_nomination}/receipt/", NOMINATOR),
    Page("awards:nomination-withdraw", "/awards/nominations/{nomination}/withdraw/", NOMINATOR),
    Page("awards:nomination-open", "/awards/nominations/open/wrong/", NOMINATOR, status=410),
    Page("awards:nominee-desk", "/awards/nominee/{desk}/", NOMINATOR),
]
ACCOUNTS = [
    Page("account_login", "/accounts/login/"),
    Page("account_logout", "/accounts/logout/", OWNER),
    Page("account_inactive", "/accounts/inactive/"),
    Page("account_signup", "/accounts/signup/"),
    Page("account_signup", "/accounts/signup/", INVITED),
    Page("account_reauthenticate", "/accounts/reauthenticate/", OWNER),
    Page("account_email", "/accounts/email/", OWNER),
    Page("account_change_password", "/accounts/password/change/", OWNER),
    Page("account_reset_password", "/accounts/password/reset/"),
    Page("account_reset_password_done", "/accounts/password/reset/done/"),
    Page("account_reset_password_from_key", "/accounts/password/reset/key/1-wrong/"),
    Page("account_reset_password_from_key_done", "/accounts/password/reset/key/done/"),
    Page("account_request_login_code", "/accounts/login/code/"),
    Page("mfa_index", "/accounts/2fa/", OWNER),
    Page("mfa_index", "/accounts/2fa/", STAFF),
    Page("mfa_reauthenticate", "/accounts/2fa/reauthenticate/", STAFF),
    Page("mfa_activate_totp", "/accounts/2fa/totp/activate/", OWNER),
    Page("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/", STAFF),
    Page("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/", STAFF),
    Page("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/", STAFF),
    Page("mfa_list_webauthn", "/accounts/2fa/webauthn/", STAFF),
    Page("mfa_add_webauthn", "/accounts/2fa/webauthn/add/", OWNER),
    Page("usersessions_list", "/accounts/sessions/", OWNER),
]
ERRORS = [
    Page("", "/no-such-page/", status=404),
    Page("", "/dictionary/no-such-word/", status=404),
    Page("dictionary:entry-detail", "/dictionary/example-word/", status=410),
    Page("", "/my/organisations/example-charity/profile/", PARTICIPANT, status=403),
    Page("", "/admin/login/", JUDGE, status=403),
]
ADMIN = [
    Page("admin:index", "/admin/", STAFF, is_admin=True),
    Page("", "/admin/members/statementline/", STAFF, is_admin=True),
    Page("", "/admin/dictionary/entry/plainness/", STAFF, is_admin=True),
    Page("", "/admin/library/submission/{review}/change/", STAFF, is_admin=True),
    Page("", "/admin/library/changerequest/{request}/change/", STAFF, is_admin=True),
    Page("", "/admin/members/profilerevision/{revision}/change/", STAFF, is_admin=True),
]
OURS = PORTAL + DICTIONARY + LIBRARY + MEMBERS + AWARDS + ACCOUNTS + ERRORS
PAGES = OURS + ADMIN

# Addresses that answer with no page of their own, and why.
NO_PAGES = {
    "awards:checker": "a file",
    "awards:score-sheet": "a file",
    "awards:nomination-deadline": "takes a form, leads back to awards:nomination-detail",
    "awards:nomination-file": "a file",
    "awards:nomination-save": "JSON for scripts",
    "account_confirm_login_code": "a step of logging in; test_journeys walks through it",
    "account_email_verification_sent": "a step of adding an address",
    "account_set_password": "leads on to account_change_password for those who have a password",
    "dictionary-api:words": "JSON for build steps",
    "dictionary:embed-data": "JSON for scripts",
    "dictionary:embed-labels": "leads on to dictionary:embed-data",
    "dictionary:embed-script": "a script",
    "dictionary-api:changes": "JSON for programs",
    "dictionary-api:dump": "JSON for programs",
    "dictionary-api:entries": "JSON for programs",
    "dictionary-api:entry": "JSON for programs",
    "dictionary-api:index": "JSON for programs",
    "dictionary-api:openapi": "JSON for programs",
    "dictionary-api:search": "JSON for programs",
    "dictionary-api:sense": "JSON for programs",
    "dictionary-api:suggest": "JSON for programs",
    "dictionary-api:unknown": "JSON for programs",
    "dictionary:booklet": "a file",
    "dictionary:change-feed": "a feed",
    "dictionary:entry-suggest": "a fragment",
    "dictionary:export": "a file",
    "dictionary:offline": "a file; test_exports_offline opens it",
    "dictionary:opensearch": "XML for browsers",
    "dictionary:opensearch-suggestions": "JSON for browsers",
    "dictionary:sense-data": "a file",
    "dictionary:sense-detail": "leads on to the entry of the meaning",
    "favicon": "a picture",
    "healthz": "plain text for machines",
    "library:document-cover": "a picture",
    "library:document-file": "a file",
    "library:document-lent": "a file",
    "library:submission-discard": "takes a form, leads back to library:submission-list",
    "library:submission-file": "a file",
    "library:submission-take-back": "takes a form, leads back to library:submission-detail",
    "library:item-cite": "a file",
    "library:item-feed": "a feed",
    "library:item-linkset": "JSON for programs",
    "library:oai": "XML for harvesters",
    "library:search-export": "a file",
    "library:unapi": "XML for reference managers",
    "library:search-change": "takes a form, leads back to library:search-list",
    "library:shelf-change": "takes a form, leads back to library:shelf-detail",
    "library:shelf-cite": "a file",
    "library:shelf-shared-cite": "a file",
    "members:application-change": "takes a form, leads back to members:application-detail",
    "members:directory-export": "a file",
    "members:profile-publish": "takes a form, leads back to members:profile-history",
    "members:invitation-decline": "takes a form; tests.members.invitations reads what it answers",
    "members:invoice-file": "a file",
    "members:membership-renew": "leads on where nothing is to renew; test_renewal walks through it",
    "members:join-request-change": "takes a form, leads back to members:people-list",
    "members:invitation-change": "takes a form, leads back to members:people-list",
    "members:invitation-open": "leads on to members:invitation-accept",
    "mfa_authenticate": "a step of logging in; test_journeys walks through it",
    "mfa_download_recovery_codes": "a file",
    "mfa_edit_webauthn": "needs a key that no test machine has",
    "mfa_login_webauthn": "JSON for scripts",
    "mfa_reauthenticate_webauthn": "needs a key that no test machine has",
    "mfa_remove_webauthn": "needs a key that no test machine has",
    "readyz": "plain text for machines",
    "robots": "plain text for machines",
    "sitemap": "XML for machines",
    "sitemap-section": "XML for machines",
}
