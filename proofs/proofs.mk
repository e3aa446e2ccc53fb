# SPDX-License-Identifier: MIT
# Builds the proofs: copies of proofs/*.v and proofs/*/*.v below build/proofs, compiled there, since
# Coq names a library after its file's place. Included by the Makefile.

PROOFS_V  := $(sort $(wildcard proofs/*.v proofs/*/*.v))
PROOFS_VO := $(PROOFS_V:%.v=build/%.vo)

# Run where it is to leave the cache of its arithmetic solver.
PROOFS_COQC := cd build/proofs && coqc -q -Q . Trapeze

.PHONY: proofs
proofs: $(PROOFS_VO)
	tools/proofs

build/proofs/%.v: proofs/%.v
	@mkdir -p $(@D)
	@cp $< $@

build/proofs/%.vo: build/proofs/%.v
	@echo '  COQ   $@'
	$(quiet)$(PROOFS_COQC) $(<:build/proofs/%=%)

# What depends on what is known before anything is compiled.
ifneq ($(filter proofs build/proofs/%,$(goals)),)
build/proofs/depend: $(PROOFS_V:%.v=build/%.v)
	@coqdep -Q build/proofs Trapeze $^ > $@

include build/proofs/depend
endif
