(* SPDX-License-Identifier: MIT *)
(* The certificates of PG32 and its variants: what holds of their own terms, and what does not. *)
From Trapeze.Language Require Import Semantics Classifier ClassifierSound Certificate Steps
  Witness WellFormed.
From Trapeze.Machines Require pg32 pg32_lra pg32_rdmode pg32_rdrel pg32_jrst1 pg32_wrie pg32_ustm.
Local Open Scope N_scope.

(* ---------------------------------------------------------------- what runs directly *)

Lemma pg32_certified : certified pg32.pg32 false = true.
Proof. vm_compute. reflexivity. Qed.

(* Whatever the virtual machine's mode: each instruction of PG32 does on the real machine what it
   does on the virtual one, or traps; it changes nothing else; and its memory traps are the virtual
   machine's. *)
Theorem pg32_runs_directly : forall q k w choices answer real virtual i word,
  In i (d_instructions pg32.pg32) -> represents pg32.pg32 false q k w real virtual ->
  runs_directly pg32.pg32 q k w choices answer real virtual i word.
Proof. exact (certificate_sound pg32.pg32 false pg32_certified). Qed.

Lemma pg32_steady : steady pg32.pg32 false = true.
Proof. vm_compute. reflexivity. Qed.

(* As long as the real machine takes no trap, the virtual machine makes the same steps: fetches,
   instructions and ticks. *)
Theorem pg32_steps : forall q k w choices answer n real virtual real',
  represents pg32.pg32 false q k w real virtual ->
  steps pg32.pg32 choices answer q n real = Some real' ->
  exists virtual', steps pg32.pg32 choices answer w n virtual = Some virtual' /\
    represents pg32.pg32 false q k w real' virtual'.
Proof.
  intros q k w choices answer. apply steps_sound; [exact pg32_certified | exact pg32_steady].
Qed.

(* No instruction raises the trap of an interrupt. *)
Lemma pg32_interrupts_apart : interrupts_apart pg32.pg32 = true.
Proof. vm_compute. reflexivity. Qed.

(* Where the virtual machine is in user mode, so does each of these variants: the hybrid monitor may
   let them run. *)
Theorem pg32_jrst1_hybrid : forall q k w choices answer real virtual i word,
  In i (d_instructions pg32_jrst1.pg32_jrst1) ->
  represents pg32_jrst1.pg32_jrst1 true q k w real virtual ->
  runs_directly pg32_jrst1.pg32_jrst1 q k w choices answer real virtual i word.
Proof. apply certificate_sound. vm_compute. reflexivity. Qed.

Theorem pg32_rdmode_hybrid : forall q k w choices answer real virtual i word,
  In i (d_instructions pg32_rdmode.pg32_rdmode) ->
  represents pg32_rdmode.pg32_rdmode true q k w real virtual ->
  runs_directly pg32_rdmode.pg32_rdmode q k w choices answer real virtual i word.
Proof. apply certificate_sound. vm_compute. reflexivity. Qed.

Theorem pg32_wrie_hybrid : forall q k w choices answer real virtual i word,
  In i (d_instructions pg32_wrie.pg32_wrie) ->
  represents pg32_wrie.pg32_wrie true q k w real virtual ->
  runs_directly pg32_wrie.pg32_wrie q k w choices answer real virtual i word.
Proof. apply certificate_sound. vm_compute. reflexivity. Qed.

(* ---------------------------------------------------------------- what does not *)

(* Two states by registers alone, memory being zero: mode, base, bound and T; x[1] is 5. A virtual
   machine of 0x1000 bytes, at 0x1000 of a machine of 0x3000. *)
Definition registers (M l b IE T : N) : list (list N) :=
  [set_nth (repeat 0 32) 1 5; [0]; [M]; [l]; [b]; [IE]; [T]; [0]; [0]; []; []; [0]].
Definition real : list (list N) := registers 1 0x1000 0x1000 0 9.
Definition virtual (M : N) : list (list N) := registers M 0 0x1000 0 9.

(* States that represent each other there are: a virtual machine in supervisor mode whose memory
   begins with addi x1, x1, 7. One step is made on both. *)
Definition adds : cells := scatter 8 false blank 0 4 0x00708093.
Example pg32_represents :
  let r := {| elements := real; contents := embed 0x1000 0x1000 adds blank; history := [] |} in
  let v := {| elements := virtual 0; contents := adds; history := [] |} in
  represents pg32.pg32 false 0x3000 0x1000 0x1000 r v /\
  match steps pg32.pg32 empty nothing 0x3000 1 r with
  | Some s => get s pg32.the_x 1 = 12 | None => False end.
Proof.
  split; [| vm_compute; reflexivity].
  apply represents_b_sound; [vm_compute; reflexivity |].
  intros a Ha. now apply embed_inside.
Qed.

(* The instruction i goes wrong, as this word, on the states with those registers. *)
Ltac by_registers r v w :=
  exists 0x3000, 0x1000, 0x1000,
    {| elements := r; contents := embed 0x1000 0x1000 blank blank; history := [] |},
    {| elements := v; contents := blank; history := [] |}, w;
  split; [vm_compute; reflexivity |];
  split; [apply represents_b_sound; [vm_compute; reflexivity | intros a Ha; now apply embed_inside]
         | apply violates_sound with []; vm_compute; reflexivity].

(* Theorems 1 and 3: lra, rdrel and ustm go wrong even where the virtual machine is in user mode. *)
Theorem lra_goes_wrong : goes_wrong pg32_lra.pg32_lra true pg32_lra.insn_lra.
Proof. by_registers real (virtual 1) 0x0000c0ab. Qed.

Theorem rdrel_goes_wrong : goes_wrong pg32_rdrel.pg32_rdrel true pg32_rdrel.insn_rdrel.
Proof. by_registers real (virtual 1) 0x000020ab. Qed.

Theorem ustm_goes_wrong : goes_wrong pg32_ustm.pg32_ustm true pg32_ustm.insn_ustm.
Proof. by_registers real (virtual 1) 0x0000d02b. Qed.

(* Theorem 1 alone: the others where the virtual machine is in supervisor mode. *)
Theorem rdmode_goes_wrong : goes_wrong pg32_rdmode.pg32_rdmode false pg32_rdmode.insn_rdmode.
Proof. by_registers real (virtual 0) 0x000010ab. Qed.

Theorem jrst1_goes_wrong : goes_wrong pg32_jrst1.pg32_jrst1 false pg32_jrst1.insn_jrst1.
Proof. by_registers real (virtual 0) 0x0000802b. Qed.

Theorem wrie_goes_wrong : goes_wrong pg32_wrie.pg32_wrie false pg32_wrie.insn_wrie.
Proof. by_registers real (virtual 0) 0x0000b02b. Qed.
