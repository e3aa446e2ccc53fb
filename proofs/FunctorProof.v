(* SPDX-License-Identifier: MIT *)
(* A monitor makes machines of machines: its step on any host, and what follows for runs. *)

From Trapeze Require Export DirectProof.

Section Functor.
Context {A : Architecture}.
Variable g : place.
Variable p : plan.
Hypothesis ready : admitted g p.
Variable host : machine (q g).

Let fit : fits g := proj1 ready.
Let routines : routines_correct (w g) p := proj1 (proj2 ready).
Let sound : correct g (direct p) (handler g p).
Proof. destruct ready as (F&R&Ex&Re). now apply exact_correct. Qed.

Lemma controlled_same s s1 s2 : agree (q g) s1 s2 -> controlled g s s1 -> controlled g s s2.
Proof.
  intros (Ha&?&?&?&?&?&?&?&Hd) (C&D). split; [|congruence].
  intros a L I V. rewrite <- Ha by assumption. now apply C.
Qed.

Lemma controlled_from s1 s2 s : agree (q g) s1 s2 -> controlled g s1 s -> controlled g s2 s.
Proof.
  intros (Ha&?&?&?&?&?&?&?&Hd) (C&D). split; [|congruence].
  intros a L I V. rewrite <- Ha by assumption. now apply C.
Qed.

Lemma controlled_trans s1 s2 s3 : controlled g s1 s2 -> controlled g s2 s3 -> controlled g s1 s3.
Proof.
  intros (C&D) (C'&D'). split; [|congruence].
  intros a L I V. rewrite C' by assumption. now apply C.
Qed.

Lemma controlled_refl s : controlled g s s.
Proof. split; auto. Qed.

(* Installing on a host. *)
Lemma installed v x : invariant host x -> words (cpu v) ->
  let y := start g host v x in
  hosts g host y /\ same (w g) (guest_of g host y) v /\
  controlled g (cpu (get host x)) (cpu (get host (snd y))).
Proof.
  intros I W. unfold start.
  pose proof (install_represents g fit v (get host x) W) as R.
  pose proof (install_virtual g v (get host x)) as V.
  pose proof (install_confined g v (get host x)) as [C D].
  destruct (install g v (get host x)) as [r c]; simpl in *.
  assert (Wc : words (cpu c)) by apply R.
  destruct (set_get _ host c x I Wc) as [S I'].
  pose proof (same_sym _ _ _ S) as S'.
  split; [|split].
  - split; auto. simpl. eapply represents_same; eauto.
  - unfold guest_of; simpl. eapply same_trans; [|exact V]. now apply virtual_same.
  - simpl. eapply controlled_same; [apply S'|]. split; auto.
Qed.

(* The step, on any host. *)
Theorem monitor_simulates r x : hosts g host (r, x) ->
  let '(a, (e, y')) := monitor_step g p host (r, x) in
  e = fst (step (w g) (guest_of g host (r, x))) /\
  same (w g) (guest_of g host y') (snd (step (w g) (guest_of g host (r, x)))) /\
  hosts g host y' /\
  controlled g (cpu (get host x)) (cpu (get host (snd y'))) /\
  match a with
  | Direct => direct p (vM r) = true /\ run1 host x = (Returned, snd y') /\ fst y' = r /\
      confined g (cpu (get host x)) (cpu (get host (snd y'))) /\
      untouched (cpu (get host x)) (cpu (get host (snd y')))
  | Handled => direct p (vM r) = true /\ traps (fst (run1 host x)) = true /\
      exists cause info c v, run1 host x = (Trapped cause info, c) /\ y' = start g host v c
  | Interpreted => direct p (vM r) = false /\ exists v, y' = start g host v x
  end.
Proof.
  intros [I R]; simpl in I, R. unfold monitor_step.
  destruct (direct p (vM r)) eqn:Di.
  2:{ (* in software *)
    unfold interpret. unfold guest_of; simpl.
    pose proof (step_words (w g) _ (virtual_words g r _ R)) as W.
    destruct (step (w g) (virtual g r (get host x))) as [e v] eqn:St. simpl in W.
    pose proof (installed v x I W) as H. unfold start in H.
    destruct (install g v (get host x)) as [r' c'] eqn:In.
    destruct H as (H1&H2&H3). simpl.
    split; [reflexivity|]. split; [exact H2|]. split; [exact H1|]. split; [exact H3|].
    split; auto. exists v. unfold start. now rewrite In. }
  destruct (run1_step _ host x I) as (E1&S1&I1).
  pose proof (sound r (get host x) R Di) as K. unfold guest_of; simpl fst; simpl snd.
  destruct (step (w g) (virtual g r (get host x))) as [bare v'].
  destruct (step (q g) (get host x)) as [e1 c1].
  destruct (run1 host x) as [e x1]. simpl in E1, S1, I1. subst e1.
  pose proof (same_sym _ _ _ S1) as S1'.
  destruct e; try contradiction.
  - (* direct *)
    destruct K as (-> & Sv & R1 & Cf & U). simpl.
    assert (R1' : represents g r (get host x1)) by (eapply represents_same; eauto).
    split; auto. split.
    { eapply same_trans; [|exact Sv]. now apply virtual_same. }
    split; [now split|].
    assert (Cf' : confined g (cpu (get host x)) (cpu (get host x1))).
    { intros a La Ia. destruct S1 as [[Sa _] _]. rewrite Sa by assumption. now apply Cf. }
    assert (U' : untouched (cpu (get host x)) (cpu (get host x1))).
    { unfold untouched in *. destruct S1 as [(?&?&?&?&?&?&?&?&?)_]. intuition congruence. }
    split.
    { split; [|apply U']. intros a La Ia _. now apply Cf'. }
    repeat split; auto; apply U'.
  - (* handled *)
    pose proof (represents_same g r) as RS.
    assert (VW : words (cpu (view g r c1))).
    { unfold view, words; simpl. destruct R as (_&_&_&_&_&?&?). intuition. apply word_lt. }
    destruct (handler_same g fit p routines r c1 (get host x1) VW S1') as (He&Hr&Hc).
    unfold handler in *.
    destruct (dispatch g p (view g r (get host x1)) _ _) as [e' vh] eqn:Dh.
    destruct (dispatch g p (view g r c1) _ _) as [e'' v1].
    destruct (install g vh (get host x1)) as [r2 c2] eqn:In2.
    destruct (install g v1 c1) as [r3 c3]. simpl in He, Hr, Hc. subst e'' r3.
    destruct K as (-> & Sv & R3 & Ct).
    assert (R2 : represents g r2 c2) by (eapply represents_same; eauto).
    assert (W2 : words (cpu c2)) by apply R2.
    destruct (set_get _ host c2 x1 I1 W2) as [S2 I2]. pose proof (same_sym _ _ _ S2) as S2'.
    simpl. split; auto. split.
    { eapply same_trans; [|exact Sv]. apply virtual_same; auto.
      eapply same_trans; [exact S2|]. now apply same_sym. }
    split; [split; auto; simpl; eapply represents_same; eauto|]. split.
    { eapply controlled_same; [apply S2'|]. eapply controlled_same; [apply Hc|]. exact Ct. }
    split; auto. split; auto. exists c, x0, x1, vh. split; auto. unfold start. now rewrite In2.
Qed.

(* ---------------------------------------------------------------- the functor *)

Definition monitor : machine (w g).
Proof.
  refine {|
    carrier := record * carrier host;
    invariant := hosts g host;
    run1 := monitored g p host;
    get := guest_of g host;
    set := fun v y => start g host v (snd y) |}.
  - intros [r x] [I R]. now apply virtual_words.
  - intros [r x] H. pose proof (monitor_simulates r x H) as S. unfold monitored.
    destruct (monitor_step g p host (r, x)) as [a [e y']]. simpl. tauto.
  - intros v [r x] [I _] W. pose proof (installed v x I W) as H. simpl in *. tauto.
Defined.

End Functor.

(* ---------------------------------------------------------------- the bare machine *)

Section Bare.
Context {A : Architecture}.

Definition bare (n : N) : machine n.
Proof.
  refine {| carrier := config; invariant := fun c => words (cpu c); run1 := step n;
            get := fun c => c; set := fun c _ => c |}.
  - auto.
  - intros c W. split; [reflexivity|]. split; [apply same_refl|now apply step_words].
  - intros c _ _ W. split; [apply same_refl|exact W].
Defined.

(* ---------------------------------------------------------------- runs *)

(* Every machine runs as the hardware does. *)
Theorem machine_run n (m : machine n) i : trap_area <= n -> forall x c,
  invariant m x -> same n (get m x) c ->
  fst (run (run1 m) i x) = fst (run (step n) i c) /\
  same n (get m (snd (run (run1 m) i x))) (snd (run (step n) i c)) /\
  invariant m (snd (run (run1 m) i x)).
Proof.
  intro L; induction i as [|i IH]; intros x c I S; simpl; auto.
  destruct (run1_step _ m x I) as (E1&S1&I1). destruct (step_same n _ _ L S) as [E2 S2].
  destruct (run1 m x) as [e x'], (step n c) as [e' c'], (step n (get m x)) as [e'' c''].
  simpl in *. subst e e''. destruct (stops e'); simpl.
  - split; auto. split; auto. eapply same_trans; eauto.
  - assert (S3 : same n (get m x') c') by (eapply same_trans; eauto).
    specialize (IH x' c' I1 S3).
    destruct (run (run1 m) i x') as [es y], (run (step n) i c') as [es' d]. simpl in *.
    intuition congruence.
Qed.

Theorem machine_ends n (m : machine n) x c e : trap_area <= n ->
  invariant m x -> same n (get m x) c -> (ends (run1 m) x e <-> ends (step n) c e).
Proof.
  intros L I S. unfold ends.
  assert (K : forall i, fst (run (run1 m) i x) = fst (run (step n) i c))
    by (intro; now apply machine_run).
  split; intros [St [i H]]; (split; [auto|exists i]); [rewrite <- K|rewrite K]; auto.
Qed.

End Bare.
