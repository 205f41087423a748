# Each target is a script of the same name in script/; ARGS="…" are handed on (make test ARGS="-k lead").
.PHONY: run test check fix bench docs lock
.DEFAULT_GOAL := run

run test check fix bench docs lock:
	@script/$@ $(ARGS)
