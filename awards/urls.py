from django.urls import path

from awards import views

app_name = "awards"
urlpatterns = [
    path("", views.cycle_list, name="cycle-list"),
    path("roll-of-honour/", views.roll_of_honour, name="roll-of-honour"),
    path("<int:year>/", views.cycle_detail, name="cycle-detail"),
    path("<int:year>/<slug:slug>/", views.category_detail, name="category-detail"),
]
