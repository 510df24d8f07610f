app_name = "dictionary"
urlpatterns = []
