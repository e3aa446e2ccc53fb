(* SPDX-License-Identifier: MIT *)
(* The monitor of Monitor.v on PG32's emitted description, for OCaml: its interpreter routines are
   the instructions' own semantics, and it reflects what the C monitor reflects. *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlNativeString.
From Trapeze Require Import FunctorProof Exact Instance.

Section Monitored.
Variables (choices : L.frame) (answer : list L.event -> nat -> N -> N).
Definition machine := PG32 choices answer.
Definition the_plan (hybrid : bool) : @plan machine :=
  @derived_plan machine (if hybrid then user_only else always).
End Monitored.

Extract Constant Semantics.poke => "Memory.poke".
Separate Extraction machine the_plan bare monitor_step start guest_of due_now.
