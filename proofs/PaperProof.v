(* SPDX-License-Identifier: MIT *)
(* The repaired condition implies the exact one; what is contained and insensitive traps on the host
   as it would on the virtual machine. *)

From Trapeze Require Export DirectProof Paper.
From Coq Require Import ZifyBool ZifyN.

Section Paper.
Context {A : Architecture}.
Variable g : place.
Hypothesis fit : fits g.

(* The map is one of the pairs of states that look alike. *)
Lemma map_alike r c : represents g r c -> alike (q g) (cpu c) (w g) (cpu (virtual g r c)).
Proof.
  intros (_ & R & _). destruct fit as (?&?&?&?). unfold alike, seen, same_window, compose in *.
  simpl. destruct (w g <=? vbase r) eqn:L; injection R as -> ->.
  - repeat split; lia.
  - split; [lia|]. split; [|auto]. intros. f_equal. lia.
Qed.

(* The host's window is in the partition, and the virtual machine's is the same one. *)
Lemma window_inside r c a : represents g r c ->
  base (cpu c) <= a < base (cpu c) + seen (q g) (cpu c) ->
  k g <= a /\ vbase r <= a - k g < vbase r + seen (w g) (cpu (virtual g r c)) /\ a < k g + w g.
Proof.
  intros (_ & R & _) Ha. destruct fit as (?&?&?&?). unfold seen, compose in *. simpl.
  destruct (w g <=? vbase r) eqn:L; injection R as B1 B2; rewrite B1, B2 in Ha; lia.
Qed.

Lemma window_outside r c a : represents g r c -> a < w g ->
  k g + a < base (cpu c) \/ base (cpu c) + seen (q g) (cpu c) <= k g + a ->
  a < vbase r \/ vbase r + seen (w g) (cpu (virtual g r c)) <= a.
Proof.
  intros (_ & R & _) L Ha. destruct fit as (?&?&?&?). unfold seen, compose in *. simpl.
  destruct (w g <=? vbase r) eqn:L'; injection R as B1 B2; rewrite B1, B2 in Ha; lia.
Qed.

Lemma window_at r c a : represents g r c -> a < seen (q g) (cpu c) ->
  base (cpu c) + a = k g + (vbase r + a).
Proof.
  intros (_ & R & _) Ha. destruct fit as (?&?&?&?). unfold seen, compose in *.
  destruct (w g <=? vbase r) eqn:L; injection R as B1 B2; rewrite B1, B2 in *; lia.
Qed.

Theorem repaired_exact dir i : repaired dir i -> exact g dir i.
Proof.
  intros Rep r c (R & Di & _). pose proof R as (HM & _ & En & Si & W & _).
  destruct Rep as [Tr|[Co In]].
  { specialize (Tr (q g) (cpu c) W HM).
    destruct (exec (q g) i (cpu c)); auto; now contradiction Tr. }
  pose proof (virtual_words g r c R) as Wv.
  assert (Xq : executed dir (M (cpu c))) by now left.
  assert (Xv : executed dir (M (cpu (virtual g r c)))) by now right.
  pose proof (Co (q g) (cpu c) W Xq) as Cq. pose proof (Co (w g) _ Wv Xv) as Cw.
  pose proof (map_alike r c R) as Al. pose proof (In _ _ _ _ W Wv Xq Xv Al) as I.
  clear Xq Xv.
  destruct (exec (q g) i (cpu c)) as [s'| | | |] eqn:Xq; auto.
  destruct (exec (w g) i (cpu (virtual g r c))) as [v'| | | |]; try contradiction.
  destruct Cq as ((U1&U2&U3&U4&U5&U6) & Cq). destruct Cw as ((V1&V2&V3&V4&V5&V6) & Cw).
  destruct I as (IW & IP & IR). split; [|split].
  - exists v'. split; auto. unfold same, agree, virtual; simpl.
    rewrite V1, V2, V3, V4, V5, V6, U4, U6. simpl.
    split; [|split; [destruct (ventered r); simpl; lia|lia]].
    split; [|repeat split; auto].
    intros a Ha.
    destruct (N.lt_ge_cases (k g + a) (base (cpu c))) as [Lo|Lo].
    { rewrite Cq, Cw; auto.
      - apply (window_outside r c a R Ha); auto.
      - destruct fit as (?&?&?&?); lia. }
    destruct (N.lt_ge_cases (k g + a) (base (cpu c) + seen (q g) (cpu c))) as [Hi|Hi].
    + pose proof (IW (k g + a - base (cpu c)) ltac:(lia)) as K.
      replace (base (cpu c) + (k g + a - base (cpu c))) with (k g + a) in K by lia. rewrite K.
      f_equal. simpl. pose proof (window_at r c (k g + a - base (cpu c)) R ltac:(lia)). lia.
    + rewrite Cq, Cw; auto.
      * apply (window_outside r c a R Ha); auto.
      * destruct fit as (?&?&?&?); lia.
  - repeat split; auto.
  - intros a Ha Ia. apply Cq; auto.
    destruct (N.lt_ge_cases a (base (cpu c))); auto.
    destruct (N.lt_ge_cases a (base (cpu c) + seen (q g) (cpu c))); auto.
    pose proof (window_inside r c a R ltac:(lia)). unfold inside in Ia. lia.
Qed.

Theorem insensitive_reflectable p i : insensitive (direct p) i -> reflectable g p i.
Proof.
  intros In r c (R & Di & _) cause x Tr _. pose proof R as (HM & _ & _ & _ & W & _).
  pose proof (In _ _ _ _ W (virtual_words g r c R) (or_introl HM) (or_intror Di)
    (map_alike r c R)) as I.
  destruct (exec (q g) i (cpu c)), (exec (w g) i (cpu (virtual g r c))); simpl in *;
    try contradiction; try discriminate.
  - now subst.
  - destruct I; now subst.
Qed.

(* An exact instruction stays exact where less is executed directly. *)
Lemma exact_less (dir dir' : mode -> bool) i :
  (forall m, dir' m = true -> dir m = true) -> exact g dir i -> exact g dir' i.
Proof.
  intros L Ex r c (R & Di & F & Du). apply Ex. repeat split; auto; apply R.
Qed.

End Paper.
