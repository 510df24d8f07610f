"""The linking of the texts that the site has, all of them through the renderer that shows them."""

from cja_portal.kit.markdown import render_markdown
from dictionary.linking import linked, without_links
from dictionary.starter import FOLDER, read_entry
from library.models import Item


def texts_of_the_site():
    for item in Item.objects.all():
        yield render_markdown(item.summary)
    for path in sorted(FOLDER.glob("*.yaml"))[::4]:
        for sense in read_entry(path)["senses"]:
            yield render_markdown(sense.get("means_for_you", ""))
            yield render_markdown(sense["legal"])


def test_links_come_off_byte_for_byte_and_linking_twice_is_linking_once(site):
    count = 0
    for text in texts_of_the_site():
        once = linked(text)
        count += once.count("popovertarget")
        assert linked(once) == once
        assert without_links(once) == text
    assert count > 100
