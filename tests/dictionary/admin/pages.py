"""The pages of the dictionary in the admin, as editors use them."""

import re

LIST = "/admin/dictionary/entry/"
SENSES = "/admin/dictionary/sense/"


def desk(entry, step=""):
    return f"{LIST}{entry.pk}/{step or 'change/'}"


def html(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def said(response):
    return [str(message) for message in response.context["messages"]]


def press(client, entry, to):
    return said(client.post(desk(entry, "move/"), {"to": to}, follow=True))


def buttons(page):
    return re.findall(r'<button type="submit" name="to" value="([a-z-]+)"', page)
