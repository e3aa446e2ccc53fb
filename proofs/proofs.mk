# SPDX-License-Identifier: MIT
# Checks the theorems: copies of proofs/*.v in build/proofs/theorems, compiled there, since Coq
# names a library after its file's place. Included by the Makefile.

THEOREMS_V    := $(sort $(wildcard proofs/*.v))
THEOREMS      := build/proofs/theorems
THEOREMS_VO   := $(THEOREMS_V:proofs/%.v=$(THEOREMS)/%.vo)
# Run where it is to leave the cache of its arithmetic solver.
THEOREMS_COQC := cd $(THEOREMS) && coqc -q -Q . Trapeze

.PHONY: proofs
proofs: $(THEOREMS_VO) $(PROOFS)/language/Instance.vo $(certificates_vo)
	tools/proofs
	tools/certificates

$(THEOREMS)/%.v: proofs/%.v
	@mkdir -p $(@D)
	@cp $< $@

$(THEOREMS)/%.vo: $(THEOREMS)/%.v
	@echo '  COQ   $@'
	$(quiet)$(THEOREMS_COQC) $*.v

# Which file requires which is known before anything is compiled.
ifneq ($(filter proofs $(THEOREMS)/%,$(goals)),)
$(THEOREMS)/depend: $(THEOREMS_V:proofs/%=$(THEOREMS)/%)
	@coqdep -Q $(THEOREMS) Trapeze $^ > $@

include $(THEOREMS)/depend
endif

# That PG32 is such an architecture rests on both developments, and on no axiom.
$(PROOFS)/language/Instance.vo: proofs/Language/Instance.v $(THEOREMS_VO) \
                                $(PROOFS)/language/Locality.vo $(PROOFS)/machines/pg32.vo
	@echo '  COQ   $@'
	$(quiet)$(language_coqc) -Q ../theorems Trapeze -o Instance.vo ../../../$< > Instance.out
	$(quiet)tail -n 1 $(@D)/Instance.out | grep -qx 'Closed under the global context'
