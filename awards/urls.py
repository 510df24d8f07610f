from django.urls import include, path

from awards.views import (
    desk,
    equality,
    files,
    judging,
    keepsakes,
    meeting,
    mirror,
    nominations,
    published,
    starting,
    verify,
)

app_name = "awards"
AWARD = "<int:year>/<slug:slug>/<int:pk>"
of_a_nomination = [
    path("", nominations.nomination_detail, name="nomination-detail"),
    path("edit/<int:section>/", nominations.nomination_edit, name="nomination-edit"),
    path("save/", nominations.nomination_save, name="nomination-save"),
    path("nominee/", nominations.nomination_nominee, name="nomination-nominee"),
    path("files/", files.nomination_files, name="nomination-files"),
    path("files/<uuid:file>/", files.nomination_file, name="nomination-file"),
    path("people/", nominations.nomination_people, name="nomination-people"),
    path("referees/", nominations.nomination_referees, name="nomination-referees"),
    path("deadline/", nominations.nomination_deadline, name="nomination-deadline"),
    path("submit/", nominations.nomination_submit, name="nomination-submit"),
    path("receipt/", nominations.nomination_receipt, name="nomination-receipt"),
    path("withdraw/", nominations.nomination_withdraw, name="nomination-withdraw"),
]
of_the_judges = [
    path("", judging.judging_home, name="judging-home"),
    path("place/<uuid:uuid>/", judging.judging_place, name="judging-place"),
    path("place/<uuid:uuid>/interests/", judging.judging_interests, name="judging-interests"),
    path("round/<uuid:uuid>/", judging.judging_queue, name="judging-queue"),
    path("round/<uuid:uuid>/warm-up/", mirror.judging_warm_up, name="judging-warm-up"),
    path("round/<uuid:uuid>/mirror/", mirror.judging_mirror, name="judging-mirror"),
    path("round/<uuid:uuid>/my-marks.csv", mirror.judging_marks, name="judging-marks"),
    path("round/<uuid:uuid>/meeting/", meeting.judging_meeting, name="judging-meeting"),
    path("sheet/<uuid:uuid>/", judging.judging_sheet, name="judging-sheet"),
    path("sheet/<uuid:uuid>/save/", judging.judging_save, name="judging-save"),
    path("sheet/<uuid:uuid>/step-back/", judging.judging_step_back, name="judging-step-back"),
    path("sheet/<uuid:uuid>/files/<int:number>/", judging.judging_file, name="judging-file"),
]
urlpatterns = [
    path("", published.cycle_list, name="cycle-list"),
    path("roll-of-honour/", published.roll_of_honour, name="roll-of-honour"),
    path("verify/check_result.py", verify.checker, name="checker"),
    path("verify/<int:year>/", verify.verify, name="verify"),
    path("verify/<int:year>/<slug:slug>.json", verify.score_sheet, name="score-sheet"),
    path("nominations/", starting.nomination_list, name="nomination-list"),
    path("nominations/open/<str:secret>/", starting.nomination_open, name="nomination-open"),
    path("nominations/<uuid:uuid>/", include(of_a_nomination)),
    path("judging/", include(of_the_judges)),
    path("nominee/<str:secret>/", desk.nominee_desk, name="nominee-desk"),
    path("<int:year>/", published.cycle_detail, name="cycle-detail"),
    path("<int:year>/statistics/", published.statistics, name="statistics"),
    path("<int:year>/equality/", equality.equality_form, name="equality-form"),
    path("<int:year>/<slug:slug>/", published.category_detail, name="category-detail"),
    path(f"{AWARD}/certificate.pdf", keepsakes.award_certificate, name="award-certificate"),
    path(f"{AWARD}/badge.svg", keepsakes.award_badge, name="award-badge"),
    path("<int:year>/<slug:slug>/nominate/", starting.nomination_start, name="nomination-start"),
]
