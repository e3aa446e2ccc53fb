(* SPDX-License-Identifier: MIT *)
(* How the evaluator becomes OCaml: numbers as they are in Coq; memory, of which a function would
   grow with each store, as a map (persistent.ml). *)
From Coq Require Export Extraction ExtrOcamlBasic ExtrOcamlNativeString.
From Trapeze.Language Require Import Semantics.

Extract Constant cells => "Persistent.t".
Extract Constant blank => "Persistent.blank".
Extract Constant peek => "Persistent.peek".
Extract Constant poke => "Persistent.poke".
