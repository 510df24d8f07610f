from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.module_loading import autodiscover_modules


class DictionaryConfig(AppConfig):
    name = "dictionary"
    verbose_name = "Dictionary"

    def ready(self):
        """The queues of staff; and the library, which does not know us, wakes us by being saved."""
        from dictionary.tasks import item_saved

        post_save.connect(item_saved, "library.Item", dispatch_uid="dictionary.find_mentions")
        autodiscover_modules("admin_queues")
