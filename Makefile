# The face of the developer tooling; everything is done by `python3 dev`.
PYTHON ?= python3
DEV = $(PYTHON) dev
MODULE ?= oauth2_provider

.DEFAULT_GOAL := help
.PHONY: help demo test test-core test-odoo test-e2e test-dist faults cases fuzz mutants sabotage openapi lint dist translations bench races endurance matrix shell clean

help:
	@$(DEV) help

demo:
	@$(DEV) demo $(ARGS)

test:
	@$(DEV) test

test-core:
	@$(DEV) test-core -k "$(K)"

test-odoo:
	@$(DEV) test-odoo $(MODULE) --tags "$(TAGS)" --with "$(WITH)" --keep "$(KEEP)" --update "$(or $(UPDATE),yes)"

test-e2e:
	@$(DEV) test-e2e -k "$(K)"

test-dist:
	@$(DEV) test-dist

faults:
	@$(DEV) faults

cases:
	@$(DEV) cases

fuzz:
	@$(DEV) fuzz $(ARGS)

mutants:
	@$(DEV) mutants $(ARGS)

sabotage:
	@$(DEV) sabotage $(ARGS)

openapi:
	@$(DEV) openapi

lint:
	@$(DEV) lint

dist:
	@$(DEV) dist

translations:
	@$(DEV) translations

bench:
	@$(DEV) bench $(ARGS)

races:
	@$(DEV) races $(ARGS)

endurance:
	@$(DEV) endurance $(ARGS)

matrix:
	@$(DEV) matrix $(ARGS)

shell:
	@$(DEV) shell $(MODULE)

clean:
	@$(DEV) clean
