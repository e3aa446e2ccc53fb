(* SPDX-License-Identifier: MIT *)
(* The classifier's theorem for PG32's own term: every instruction may run directly. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier ClassifierValues ClassifierSound Relocation.
From Trapeze.Machines Require pg32.
Local Open Scope N_scope.

Definition by_R (t : nat) : bool := Nat.eqb t pg32.by_V.

Lemma all_may_run :
  forallb (may_run pg32.pg32 false by_R) (d_instructions pg32.pg32) = true.
Proof. vm_compute. reflexivity. Qed.

(* A real state of q cells that represents a virtual one of w cells in the partition at k. *)
Record represents (q k w : N) (real virtual : state) : Prop := {
  rep_fits : k + w <= q;
  rep_size : q < 2 ^ 32;
  rep_paired : paired pg32.pg32 k w real virtual;
  rep_user : get real pg32.the_M 0 = 1;
  rep_R : clipped pg32.the_l pg32.the_b k w real virtual;
}.

Lemma represents_corresponds : forall q k w choices real virtual,
  represents q k w real virtual ->
  corresponds pg32.pg32 false (memory_traps pg32.pg32) by_R q k w choices real virtual.
Proof.
  intros q k w choices real virtual [Hf Hs Hp Hu HR]. constructor; auto.
  - unfold mode_is. cbn. rewrite Hu. auto.
  - discriminate.
  - intros t Ht a n Hn. apply Nat.eqb_eq in Ht. subst.
    eapply relocation_commutes; eauto; reflexivity.
Qed.

(* Whatever the virtual machine's mode: the instruction on the real machine does what it does on the
   virtual one, or traps; it changes nothing else; and its memory traps are the virtual machine's. *)
Theorem pg32_runs_directly : forall q k w choices answer real virtual i word,
  In i (d_instructions pg32.pg32) -> represents q k w real virtual ->
  match perform pg32.pg32 q choices answer real i word with
  | Next real' =>
      exists virtual',
        perform pg32.pg32 w choices answer virtual i word = Next virtual' /\
        paired pg32.pg32 k w real' virtual' /\
        contained pg32.pg32 k w (ticked pg32.pg32 q choices answer real) real' /\
        contained pg32.pg32 0 w (ticked pg32.pg32 w choices answer virtual) virtual'
  | Traps t x =>
      t = pg32.trap_memory -> perform pg32.pg32 w choices answer virtual i word = Traps t x
  | Stops _ _ | Waits _ | Sticks => False
  end.
Proof.
  intros q k w choices answer real virtual i word Hi Hr.
  pose proof (represents_corresponds q k w choices real virtual Hr) as map.
  pose proof all_may_run as Ha. rewrite forallb_forall in Ha. specialize (Ha i Hi).
  pose proof (classifier_sound pg32.pg32 false (memory_traps pg32.pg32) by_R q k w choices answer
                (rep_fits _ _ _ _ _ Hr) real virtual map eq_refl i word Ha) as H.
  destruct (perform pg32.pg32 q choices answer real i word); auto.
  intros ->. apply H. reflexivity.
Qed.

Print Assumptions pg32_runs_directly.
