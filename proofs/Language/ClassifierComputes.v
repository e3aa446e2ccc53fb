(* SPDX-License-Identifier: MIT *)
(* The classifier's verdicts on PG32 and its variants. *)
From Trapeze.Language Require Import Semantics Classifier.
From Trapeze.Machines Require pg32 pg32_lra pg32_rdmode pg32_rdrel pg32_jrst1 pg32_wrie pg32_ustm.
Local Open Scope string_scope.

Definition V (t : nat) : bool := Nat.eqb t pg32.by_V.

(* Every instruction of PG32 may run directly, for a monitor of theorem 1. *)
Example pg32_all : undecided pg32.pg32 false V = [].
Proof. vm_compute. reflexivity. Qed.

(* They are not accepted because they trap: 46 of them do something. *)
Definition count (v : verdict) : nat :=
  length (filter (fun i => match classify pg32.pg32 false V i, v with
                           | AlwaysTraps, AlwaysTraps | MayRun, MayRun => true
                           | _, _ => false end) (d_instructions pg32.pg32)).
Example pg32_run : (count MayRun, count AlwaysTraps, length (d_instructions pg32.pg32))
                   = (46, 11, 57)%nat.
Proof. vm_compute. reflexivity. Qed.

(* Each variant adds one instruction, which theorem 1's monitor may not let run ... *)
Example lra : undecided pg32_lra.pg32_lra false V = ["lra"].
Proof. vm_compute. reflexivity. Qed.
Example rdmode : undecided pg32_rdmode.pg32_rdmode false V = ["rdmode"].
Proof. vm_compute. reflexivity. Qed.
Example rdrel : undecided pg32_rdrel.pg32_rdrel false V = ["rdrel"].
Proof. vm_compute. reflexivity. Qed.
Example jrst1 : undecided pg32_jrst1.pg32_jrst1 false V = ["jrst1"].
Proof. vm_compute. reflexivity. Qed.
Example wrie : undecided pg32_wrie.pg32_wrie false V = ["wrie"].
Proof. vm_compute. reflexivity. Qed.
Example ustm : undecided pg32_ustm.pg32_ustm false V = ["ustm"].
Proof. vm_compute. reflexivity. Qed.

(* ... and theorem 3's may where it is a matter of the mode alone. *)
Example hybrid_rdmode : undecided pg32_rdmode.pg32_rdmode true V = [].
Proof. vm_compute. reflexivity. Qed.
Example hybrid_wrie : undecided pg32_wrie.pg32_wrie true V = [].
Proof. vm_compute. reflexivity. Qed.
Example hybrid_jrst1 : undecided pg32_jrst1.pg32_jrst1 true V = [].
Proof. vm_compute. reflexivity. Qed.
Example hybrid_rdrel : undecided pg32_rdrel.pg32_rdrel true V = ["rdrel"].
Proof. vm_compute. reflexivity. Qed.
Example hybrid_lra : undecided pg32_lra.pg32_lra true V = ["lra"].
Proof. vm_compute. reflexivity. Qed.
Example hybrid_ustm : undecided pg32_ustm.pg32_ustm true V = ["ustm"].
Proof. vm_compute. reflexivity. Qed.

Example pg32_frame : sound_frame pg32.pg32 = true.
Proof. vm_compute. reflexivity. Qed.
