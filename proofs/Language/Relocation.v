(* SPDX-License-Identifier: MIT *)
(* The virtual machine map commutes with translation by a relocation-bounds register R = (l, b): the
   paper's, as PG32 has it. What the classifier takes for granted of a translation is proved
   here. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier States ClassifierValues ClassifierSound.
Local Open Scope N_scope.

(* V[a +: n]: a + n <= b and l + a + n <= size, or else that trap; the address, of pw bits, is
   l + a. *)
Definition relocation (l b trap : nat) (information : expr) (pw : N) : expr :=
  Require (Binary Ule 64 (Binary Add 64 (Zext 64 (Slot 0)) (Slot 1)) (Zext 64 (Read b)))
    trap information
    (Require
       (Binary Ule 64
          (Binary Add 64 (Binary Add 64 (Zext 64 (Read l)) (Zext 64 (Slot 0))) (Slot 1))
          (Zext 64 Size))
       trap information
       (Binary Add pw (Read l) (Slot 0))).

Lemma translate_nth : forall m size choices s t v a n,
  nth_error (d_translations m) t = Some v ->
  exists earlier, translate m size choices s t a n =
    eval m size choices s earlier nowhere
         (define (define empty 0 (low (v_width v) a)) 1 n) (v_body v).
Proof.
  intros m size choices s t v a n H. unfold translate.
  rewrite <- (rev_involutive (d_translations m)) in H.
  induction (rev (d_translations m)) as [| x l IH]; cbn [rev] in H.
  - now destruct t.
  - cbn [translate_by]. destruct (Nat.eqb t (length l)) eqn:E.
    + apply Nat.eqb_eq in E. subst. rewrite nth_error_app2 in H by now rewrite rev_length.
      rewrite rev_length, Nat.sub_diag in H. injection H as ->. eauto.
    + apply Nat.eqb_neq in E. apply IH.
      assert (t < length (rev l ++ [x]))%nat as L by (apply nth_error_Some; congruence).
      rewrite app_length, rev_length in L. cbn in L.
      now rewrite nth_error_app1 in H by (rewrite rev_length; lia).
Qed.

(* The real R for a virtual one: clipped to the partition of w cells at k. *)
Definition clipped (l b : nat) (k w : N) (real virtual : state) : Prop :=
  let lv := get virtual l 0 in
  let bv := get virtual b 0 in
  lv < 2 ^ 32 /\ bv < 2 ^ 32 /\
  if lv <? w then get real l 0 = k + lv /\ get real b 0 = N.min bv (w - lv)
  else get real l 0 = k /\ get real b 0 = 0.

(* The trap's information is the address or a constant. *)
Definition plain (e : expr) : bool :=
  match e with Slot O | Number _ => true | _ => false end.
Definition information_of (e : expr) (a : N) : N := match e with Number n => n | _ => a end.

Lemma relocation_value : forall m size choices s earlier l b trap e pw a n,
  plain e = true -> a < 2 ^ 32 -> n < 2 ^ 32 -> get s l 0 <= 2 ^ 32 ->
  eval m size choices s earlier nowhere (define (define empty 0 a) 1 n) (relocation l b trap e pw) =
  if a + n <=? get s b 0
  then if get s l 0 + a + n <=? size then Ok (low pw (get s l 0 + a))
       else Bad (Trapped trap (information_of e a))
  else Bad (Trapped trap (information_of e a)).
Proof.
  intros m size choices s earlier l b trap e pw a n He Ha Hn Hl.
  unfold relocation, Require, Zext, Read. cbn [eval bind define Nat.eqb operate_binary].
  change (2 ^ 32) with 4294967296 in *.
  rewrite !(low_small 64 (a + n)), !(low_small 64 (get s l 0 + a)),
    !(low_small 64 (get s l 0 + a + n)) by (change (2 ^ 64) with 18446744073709551616; lia).
  destruct e as [x | [| ?] | | | | | | | | | | | | | | | |]; try discriminate;
    (destruct (a + n <=? get s b 0); cbn [bit is_true N.eqb negb]; [| reflexivity]);
    destruct (get s l 0 + a + n <=? size); reflexivity.
Qed.

Theorem relocation_commutes : forall m q k w choices real virtual counts t v l b trap e pw a n,
  nth_error (d_translations m) t = Some v ->
  v_body v = relocation l b trap e pw -> plain e = true -> v_width v <= 32 ->
  k + w <= q -> q <= 2 ^ 32 -> q <= 2 ^ pw ->
  clipped l b k w real virtual -> few n = true ->
  follows counts (fun p p' => lands k w q n p p')
          (translate m q choices real t a n) (translate m w choices virtual t a n).
Proof.
  intros m q k w choices real virtual counts t v l b trap e pw a n Hv Hb He Hw Hfit Hq Hpw
    (Hl & Hbv & Hc) Hn.
  unfold few in Hn. apply andb_true_iff in Hn. destruct Hn as [Hn0 Hn].
  apply N.ltb_lt in Hn0. apply N.ltb_lt in Hn.
  destruct (translate_nth m q choices real t v a n Hv) as (er & ->).
  destruct (translate_nth m w choices virtual t v a n Hv) as (ev & ->).
  rewrite Hb.
  assert (low (v_width v) a < 2 ^ 32) as Ha.
  { pose proof (low_bound (v_width v) a). pose proof (N.pow_le_mono_r 2 (v_width v) 32). lia. }
  set (x := low (v_width v) a) in *. clearbody x.
  assert (get real l 0 <= 2 ^ 32) as Hlr.
  { destruct (get virtual l 0 <? w) eqn:E; destruct Hc as [-> _]; [apply N.ltb_lt in E |]; lia. }
  rewrite !relocation_value by (assumption || (apply N.lt_le_incl; assumption)).
  destruct (get virtual l 0 <? w) eqn:E; destruct Hc as [-> ->].
  - apply N.ltb_lt in E.
    destruct (N.leb_spec (x + n) (N.min (get virtual b 0) (w - get virtual l 0))) as [H | H].
    + replace (k + get virtual l 0 + x + n <=? q) with true by (symmetry; apply N.leb_le; lia).
      replace (x + n <=? get virtual b 0) with true by (symmetry; apply N.leb_le; lia).
      replace (get virtual l 0 + x + n <=? w) with true by (symmetry; apply N.leb_le; lia).
      cbn [follows]. eexists; split; [reflexivity |].
      rewrite !low_small by lia. split; [lia | left; lia].
    + cbn [follows]. intros _.
      destruct (N.leb_spec (x + n) (get virtual b 0)); [| reflexivity].
      replace (get virtual l 0 + x + n <=? w) with false by (symmetry; apply N.leb_gt; lia).
      reflexivity.
  - apply N.ltb_ge in E.
    replace (x + n <=? 0) with false by (symmetry; apply N.leb_gt; lia).
    cbn [follows]. intros _.
    destruct (x + n <=? get virtual b 0); [| reflexivity].
    replace (get virtual l 0 + x + n <=? w) with false by (symmetry; apply N.leb_gt; lia).
    reflexivity.
Qed.
