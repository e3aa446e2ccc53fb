# SPDX-License-Identifier: MIT
# The language of descriptions in Coq (proofs/Language), and descriptions as terms of it. Everything
# made goes to build/proofs.

PROOFS := build/proofs

language_order := Values Syntax Semantics Computes States Locality Classifier ClassifierComputes \
                  ClassifierValues ClassifierStatements ClassifierSound Relocation \
                  Certificate Steps Witness Verdicts WellFormed Pg32
language_vo    := $(language_order:%=$(PROOFS)/language/%.vo)
machines_vo    := $(patsubst isa-analyzer/isas/%.isa,%,$(ISAS))
machines_vo    := $(patsubst %,$(PROOFS)/machines/%.vo,$(subst -,_,$(machines_vo)))
# Run in build/proofs/language, to leave the cache of Coq's arithmetic there.
language_coqc  := cd $(PROOFS)/language && coqc -q -R . Trapeze.Language \
                  -R ../../../proofs/Language Trapeze.Language -R ../machines Trapeze.Machines

# The evaluator that is extracted for PG32, which tests compare with the C evaluator.
cosimulator     := $(PROOFS)/extraction/pg32/cosimulate
settings_vo     := $(PROOFS)/extraction/settings/Settings.vo

.PHONY: language cosimulator certificates
language: $(language_vo) $(machines_vo)

$(PROOFS)/language/%.vo: proofs/Language/%.v
	@mkdir -p $(@D) $(PROOFS)/machines
	@echo '  COQ   $@'
	$(quiet)$(language_coqc) -o $(@F) ../../../$<

# A file's name in Coq has no '-'.
$(PROOFS)/machines/%.v: $(BUILD)/isa-analyzer $(ISAS)
	@mkdir -p $(@D) $(PROOFS)/machines
	@echo '  EMIT  $@'
	$(quiet)$(BUILD)/isa-analyzer emit coq isa-analyzer/isas/$(subst _,-,$*).isa -o $@

$(PROOFS)/machines/%.vo: $(PROOFS)/machines/%.v $(PROOFS)/language/Syntax.vo
	@echo '  COQ   $@'
	$(quiet)$(language_coqc) ../machines/$(<F)

# Of each machine, what `isa-analyzer certify` claims, proved. A limit of the solver's work would
# leave questions open.
certified_isas  := $(filter-out %-base.isa,$(ISAS))
certificates_vo := $(patsubst isa-analyzer/isas/%.isa,%,$(certified_isas))
certificates_vo := $(patsubst %,$(PROOFS)/certificates/%.vo,$(subst -,_,$(certificates_vo)))

certificates: $(certificates_vo)

$(PROOFS)/certificates/%.v: $(BUILD)/isa-analyzer $(ISAS)
	@mkdir -p $(@D)
	@echo '  CERTIFY $@'
	$(quiet)$(BUILD)/isa-analyzer certify --work 0 \
	  isa-analyzer/isas/$(subst _,-,$*).isa -o $@

$(PROOFS)/certificates/%.vo: $(PROOFS)/certificates/%.v $(PROOFS)/language/Verdicts.vo
	@echo '  COQ   $@'
	$(quiet)$(language_coqc) -R ../certificates Trapeze.Certificates ../certificates/$(<F)

.PRECIOUS: $(PROOFS)/machines/%.v $(PROOFS)/certificates/%.v

$(settings_vo): proofs/extraction/Settings.v $(PROOFS)/language/Semantics.vo
	@mkdir -p $(@D)
	@echo '  COQ   $@'
	$(quiet)$(language_coqc) -R ../extraction/settings Trapeze.Extraction \
	  -R ../../../proofs/extraction Trapeze.Extraction -o ../extraction/settings/$(@F) ../../../$<

$(cosimulator): $(PG32) $(BUILD)/isa-analyzer $(settings_vo) tools/cosimulator \
                $(addprefix proofs/extraction/,persistent.ml cosimulate.ml)
	@echo '  OCAML $@'
	$(quiet)tools/cosimulator $(PG32) $(@D)

cosimulator: $(cosimulator)

# What a file of the language requires; the first file needs nothing.
$(PROOFS)/language/Syntax.vo: $(PROOFS)/language/Values.vo
$(PROOFS)/language/Semantics.vo: $(PROOFS)/language/Syntax.vo
$(PROOFS)/language/Computes.vo: $(PROOFS)/language/Semantics.vo $(PROOFS)/machines/pg32.vo
$(PROOFS)/language/Locality.vo $(PROOFS)/language/Classifier.vo: $(PROOFS)/language/Semantics.vo
$(PROOFS)/language/States.vo: $(PROOFS)/language/Semantics.vo
$(PROOFS)/language/ClassifierValues.vo: $(PROOFS)/language/Classifier.vo
$(PROOFS)/language/ClassifierStatements.vo: $(PROOFS)/language/ClassifierValues.vo \
                                            $(PROOFS)/language/States.vo
$(PROOFS)/language/ClassifierSound.vo: $(PROOFS)/language/ClassifierStatements.vo
$(PROOFS)/language/Relocation.vo: $(PROOFS)/language/ClassifierSound.vo
$(PROOFS)/language/Certificate.vo: $(PROOFS)/language/Relocation.vo
$(PROOFS)/language/Steps.vo $(PROOFS)/language/Witness.vo: $(PROOFS)/language/Certificate.vo
$(PROOFS)/language/Verdicts.vo: $(PROOFS)/language/Steps.vo $(PROOFS)/language/Witness.vo
$(PROOFS)/language/WellFormed.vo: $(PROOFS)/language/States.vo
$(PROOFS)/language/Pg32.vo: $(PROOFS)/language/Steps.vo $(PROOFS)/language/Witness.vo \
                            $(PROOFS)/language/WellFormed.vo $(machines_vo)
$(PROOFS)/language/ClassifierComputes.vo: $(PROOFS)/language/Classifier.vo $(machines_vo)
