(* SPDX-License-Identifier: MIT *)
(* What reading and writing states does: registers by component, memory by cells. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics.
Local Open Scope N_scope.

Lemma nth_set_row : forall l c r c',
  nth c' (set_row l c r) [] =
  if Nat.eqb c' c then (if Nat.ltb c (length l) then r else []) else nth c' l [].
Proof.
  induction l as [| x l IH]; intros c r c'; cbn [set_row].
  - destruct c', c; cbn; try reflexivity. now destruct (Nat.eqb c' c).
  - destruct c, c'; cbn; try reflexivity. apply IH.
Qed.

Lemma set_nth_same : forall l i, set_nth l i (nth_element l i) = l.
Proof.
  induction l as [| x l IH]; intros i; cbn; [reflexivity |].
  destruct (i =? 0); [reflexivity | now rewrite IH].
Qed.

Lemma set_row_same : forall l c, set_row l c (nth c l []) = l.
Proof.
  induction l as [| x l IH]; intros [| c]; cbn; try reflexivity. now rewrite IH.
Qed.

Lemma row_set : forall m s c i v c',
  row (set m s c i v) c' =
  if Nat.eqb c' c
  then if is_fixed (component_of m c) i then row s c
       else set_nth (row s c) i (low (c_width (component_of m c)) v)
  else row s c'.
Proof.
  intros m s c i v c'. unfold set, row.
  destruct (is_fixed (component_of m c) i) eqn:F; cbn [elements].
  - destruct (Nat.eqb c' c) eqn:E; [| reflexivity]. apply Nat.eqb_eq in E. now subst.
  - rewrite nth_set_row. destruct (Nat.eqb c' c) eqn:E; [| reflexivity].
    destruct (Nat.ltb c (length (elements s))) eqn:L; [reflexivity |].
    apply Nat.ltb_ge in L. now rewrite (nth_overflow _ _ L).
Qed.

Lemma set_same : forall m s c i v,
  low (c_width (component_of m c)) v = get s c i -> set m s c i v = s.
Proof.
  intros m [e x h] c i v H. unfold set. destruct (is_fixed (component_of m c) i); [reflexivity |].
  rewrite H. unfold get, row. cbn. now rewrite set_nth_same, set_row_same.
Qed.

Lemma contents_set : forall m s c i v, contents (set m s c i v) = contents s.
Proof. intros. unfold set. now destruct (is_fixed _ _). Qed.

Lemma history_set : forall m s c i v, history (set m s c i v) = history s.
Proof. intros. unfold set. now destruct (is_fixed _ _). Qed.

(* The cells that a store leaves alone. *)
Lemma scatter_outside : forall w big n c a v x,
  x < a \/ a + N.of_nat n <= x -> scatter w big c a n v x = c x.
Proof.
  induction n as [| n IH]; intros c a v x H; cbn [scatter]; [reflexivity |].
  rewrite IH by lia. unfold poke. destruct (x =? a) eqn:E; [apply N.eqb_eq in E; lia | reflexivity].
Qed.

(* The same store in two memories of which one holds the other at k. *)
Lemma scatter_shift : forall w big k size n c d a v,
  (forall x, x < size -> c (k + x) = d x) ->
  forall x, x < size -> scatter w big c (k + a) n v (k + x) = scatter w big d a n v x.
Proof.
  induction n as [| n IH]; intros c d a v H x Hx; cbn [scatter]; [now apply H |].
  replace (k + a + 1) with (k + (a + 1)) by lia.
  apply IH; [| assumption].
  intros y Hy. unfold poke.
  replace (k + y =? k + a) with (y =? a) by
    (destruct (N.eqb_spec y a), (N.eqb_spec (k + y) (k + a)); auto; lia).
  destruct (y =? a); [reflexivity | now apply H].
Qed.

Lemma low_small : forall w v, v < 2 ^ w -> low w v = v.
Proof. intros w v H. unfold low. rewrite N.land_ones. now apply N.mod_small. Qed.

Lemma low_bound : forall w v, low w v < 2 ^ w.
Proof.
  intros w v. unfold low. rewrite N.land_ones. apply N.mod_lt. now apply N.pow_nonzero.
Qed.

(* All bits of an element replaced by what they are. *)
Lemma splice_whole : forall w old v, v < 2 ^ w -> low w (splice 0 w old v) = v.
Proof.
  intros w old v H. unfold splice, low. rewrite !N.shiftl_0_r.
  apply N.bits_inj. intros i. rewrite N.land_spec, N.lor_spec, N.ldiff_spec, N.land_spec.
  destruct (N.ltb_spec i w).
  - rewrite N.ones_spec_low by assumption. now rewrite !andb_true_r, andb_false_r.
  - rewrite N.ones_spec_high by assumption. rewrite andb_false_r.
    symmetry. rewrite <- (low_small w v H). unfold low. rewrite N.land_ones.
    apply N.mod_pow2_bits_high. assumption.
Qed.
