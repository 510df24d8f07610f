"""The way from a letter to the page of an invitation, and what a new person types there."""

from tests.logins import PASSWORD

NEW = {"email": "new@example.org", "name": "New person", "password1": PASSWORD}


def link_in(letter):
    address = next(word for word in letter.body.split() if "/invitations/" in word)
    return address.partition("/invitations/")[2].strip("/")


def open_link(client, secret="a secret"):
    return client.get(f"/invitations/{secret}/")
