# SPDX-License-Identifier: MIT
# Checks the theorems: copies of proofs/*.v in build/proofs/theorems, compiled there, since Coq
# names a library after its file's place. Included by the Makefile.

THEOREMS_V    := $(sort $(wildcard proofs/*.v))
THEOREMS      := build/proofs/theorems
THEOREMS_VO   := $(THEOREMS_V:proofs/%.v=$(THEOREMS)/%.vo)
# Run where it is to leave the cache of its arithmetic solver.
THEOREMS_COQC := cd $(THEOREMS) && coqc -q -Q . Trapeze -Q ../language Trapeze.Language \
                 -Q ../machines Trapeze.Machines

.PHONY: proofs
proofs: $(THEOREMS_VO) $(certificates_vo)
	tools/proofs
	tools/certificates

$(THEOREMS)/%.v: proofs/%.v
	@mkdir -p $(@D)
	@cp $< $@

$(THEOREMS)/%.vo: $(THEOREMS)/%.v
	@echo '  COQ   $@'
	$(quiet)$(THEOREMS_COQC) $*.v

# Which file requires which is known before anything is compiled; but for descriptions, which are
# not written then.
ifneq ($(filter proofs check test test-long cosimulator $(THEOREMS)/%,$(goals)),)
$(THEOREMS)/depend: $(THEOREMS_V:proofs/%=$(THEOREMS)/%)
	@coqdep -Q $(THEOREMS) Trapeze -Q proofs/Language Trapeze.Language $^ 2> $@.log | \
	  sed 's, proofs/Language/, $(PROOFS)/language/,g' > $@

include $(THEOREMS)/depend
endif

$(THEOREMS)/Instance.vo: $(PROOFS)/machines/pg32.vo $(PROOFS)/machines/pg32_jrst1.vo

# The monitor of pg32_virtualizable, extracted, which tests compare with the C monitor.
comonitor := $(PROOFS)/extraction/monitored/comonitor

$(comonitor): $(addprefix proofs/extraction/,Monitored.v comonitor.ml memory.ml) tools/comonitor \
              $(addprefix $(THEOREMS)/,FunctorProof.vo Exact.vo Instance.vo)
	@echo '  OCAML $@'
	$(quiet)tools/comonitor $(@D)

cosimulator: $(comonitor)
