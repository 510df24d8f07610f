# The portal's commands. "make" alone lists them.

PYTHON ?= python3
BIN = .venv/bin
TEMPLATES = git ls-files -z -- "templates/*.html"

# Any Python will do to begin with: the script looks for one that is new enough.
define BOOTSTRAP
for python in "$(PYTHON)" python3 python python3.13 python3.12 python3.11; do \
	if command -v "$$python" >/dev/null 2>&1; then exec "$$python" cja_portal/bootstrap.py $(1); fi; \
done; \
echo "Python is missing: install Python 3.11 or newer, then run this again." >&2; exit 1
endef

# What production would have, for checks that never touch a database.
PRODUCTION = env -u VAR_DIR DEBUG=0 ALLOWED_HOSTS=portal.example.org \
	SECRET_KEY="only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ" \
	DATABASE_URL=postgres://portal@localhost/portal

help: ## Say what each command does
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: ## Set everything up and serve the portal on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(call BOOTSTRAP,run)

test: ## Set everything up and run the tests (ARGS="tests/library -k search" for some of them)
	@$(call BOOTSTRAP,test $(ARGS))

coverage: tools ## Run the tests, and show which branches of the code they never took (half as long again)
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

check: tools ## Look for slips: format, lint, templates, migrations, settings for production
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(TEMPLATES) | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/djlint --quiet --lint templates
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PRODUCTION) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@echo "All checks passed."

format: tools ## Put code and templates into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(TEMPLATES) | xargs -0 $(BIN)/djade --target-version 5.2

bench: tools ## Measure pages, search and matching on this machine
	$(BIN)/python -m tests.benchmarks

clean: ## Remove what was installed and made, the local database included
	rm -rf .venv staticfiles .coverage .ruff_cache
	@for link in var/postgres var/postgres-test; do \
		case "$$(readlink "$$link")" in /var/lib/cja-portal/data-*) rm -rf "$$(readlink "$$link")";; esac; \
	done
	@if [ -d var ]; then echo "Removing var/, with the local database in it."; rm -rf var; fi

tools:
	@$(call BOOTSTRAP,prepare)

.PHONY: help run test coverage check format bench clean tools
.DEFAULT_GOAL := help
