from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.module_loading import autodiscover_modules


class DictionaryConfig(AppConfig):
    name = "dictionary"
    verbose_name = "Dictionary"

    def ready(self):
        """The queues of staff; and the library, which does not know us, wakes us by being saved."""
        from dictionary.tasks import library_saved

        for model in ("Item", "Document"):
            post_save.connect(library_saved, f"library.{model}", dispatch_uid=f"mentions.{model}")
        autodiscover_modules("admin_queues")
