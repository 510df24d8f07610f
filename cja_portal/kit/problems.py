"""What went wrong, told to a program: problem details in JSON (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse

API = "/api/"


def problem(message, status):
    """An answer whose `detail` is a sentence for whoever wrote the program."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JsonResponse(
        told | {"detail": message},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def is_for_program(request):
    """Whether whoever asks reads JSON and no page."""
    return request.path_info.startswith(API)
