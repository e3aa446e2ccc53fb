(* SPDX-License-Identifier: MIT *)
(* The heart of the theorems, on the bare machine: where every instruction is exact, the monitor's
   handler is correct; and where any handler is correct, every instruction is exact. *)

From Trapeze Require Export MonitorProof.

Section Direct.
Context {A : Architecture}.
Variable g : place.
Hypothesis fit : fits g.

(* ---------------------------------------------------------------- exact, so correct *)

Section Sufficient.
Variable p : plan.
Hypothesis routines : routines_correct (w g) p.

(* What the handler makes of a trap is what its dispatcher makes of the state before. *)
Lemma handled r c cause x : represents g r c -> cause < 256 -> x < word_limit ->
  let '(e, (r', c')) := handler g p r (snd (raise cause x c)) in
  e = fst (dispatch g p (virtual g r c) cause x) /\
  same (w g) (virtual g r' c') (snd (dispatch g p (virtual g r c) cause x)) /\
  represents g r' c' /\ controlled g (cpu c) (cpu c').
Proof.
  intros R C X. pose proof R as (_&_&En&_&W&_). unfold handler.
  rewrite (cause_after_trap c cause x), (information_after_trap c cause x) by assumption.
  pose proof (view_after_trap g fit r c cause x W En C) as V.
  pose proof (view_words g r c R cause x) as VW.
  pose proof (dispatch_same g fit p routines _ _ cause x VW V) as [De Ds].
  pose proof (dispatch_words g p routines _ cause x VW) as DW.
  destruct (dispatch g p (view g r _) cause x) as [e v].
  pose proof (install_represents g fit v (snd (raise cause x c)) DW) as IR.
  pose proof (install_virtual g v (snd (raise cause x c))) as IV.
  pose proof (install_confined g v (snd (raise cause x c))) as [IC ID].
  destruct (install g v _) as [r' c']. simpl in *.
  split; [|split; [|split; [|split]]]; auto.
  - now apply (same_trans _ _ v).
  - intros a Ha Hi Hs. rewrite (IC a Ha Hi). unfold raise. rewrite En; simpl.
    now apply save_outside.
  - rewrite ID. unfold raise. now rewrite En.
Qed.

(* A trap for which the dispatcher does what the virtual machine would do. *)
Lemma trapped r c cause x : represents g r c -> cause < 256 -> x < word_limit ->
  due_now c = None ->
  (reflects p (vM r) cause = true -> step (w g) (virtual g r c) = raise cause x (virtual g r c)) ->
  interrupt cause = false ->
  let '(e, (r', c')) := handler g p r (snd (raise cause x c)) in
  fst (step (w g) (virtual g r c)) = e /\
  same (w g) (virtual g r' c') (snd (step (w g) (virtual g r c))) /\
  represents g r' c' /\ controlled g (cpu c) (cpu c').
Proof.
  intros R C X N Re I. pose proof (handled r c cause x R C X) as H.
  destruct (handler g p r _) as [e [r' c']]. destruct H as (He & Hs & H). subst e.
  unfold dispatch in *. rewrite I in *. simpl orb in *.
  change (M (cpu (virtual g r c))) with (vM r) in *.
  destruct (reflects p (vM r) cause).
  - rewrite (Re eq_refl). auto.
  - pose proof (emulation_is_step g fit p routines (virtual g r c) (virtual_words g r c R) N)
      as [Ee Es].
    split; [now symmetry|]. split; auto. eapply same_trans; eauto.
Qed.

Theorem exact_correct :
  (forall i, exact g (direct p) i) -> (forall i, reflectable g p i) ->
  correct g (direct p) (handler g p).
Proof.
  intros Ex Re r c R Di. pose proof R as (HM&_&En&Hs&W&_).
  destruct (step (w g) (virtual g r c)) as [bare v'] eqn:Bare.
  destruct (due_now c) as [cause|] eqn:Du.
  - (* an interrupt *)
    destruct (due_interrupt _ _ _ Du) as [I C].
    assert (R' : represents g r (acknowledge cause c)) by exact R.
    pose proof (handled r (acknowledge cause c) cause 0 R' C eq_refl) as H.
    unfold step in *. rewrite Du. rewrite due_virtual, Du in Bare.
    unfold dispatch in H. rewrite I in H. simpl orb in H. cbv iota in H.
    change (virtual g r (acknowledge cause c)) with (acknowledge cause (virtual g r c)) in H.
    rewrite Bare in H.
    assert (T : exists c', raise cause 0 (acknowledge cause c) = (Trapped cause 0, c'))
      by (unfold raise; simpl; rewrite En; eauto).
    destruct T as [c' T]. rewrite T in *. simpl in H.
    destruct (handler g p r c') as [e [r' c'']]. destruct H as (?&?&?&?). auto.
  - assert (Trap_case : forall cause x, cause < 256 -> x < word_limit -> interrupt cause = false ->
      (reflects p (vM r) cause = true -> (bare, v') = raise cause x (virtual g r c)) ->
      let (e, c') := raise cause x c in
      match e with
      | Returned => bare = Returned /\ same (w g) (virtual g r c') v' /\ represents g r c' /\
          confined g (cpu c) (cpu c') /\ untouched (cpu c) (cpu c')
      | Trapped _ _ => let '(shown, (r'', c'')) := handler g p r c' in
          bare = shown /\ same (w g) (virtual g r'' c'') v' /\ represents g r'' c'' /\
          controlled g (cpu c) (cpu c'')
      | _ => False
      end).
    { intros cause x C X I Rf. rewrite <- Bare in Rf.
      pose proof (trapped r c cause x R C X Du Rf I) as H. rewrite Bare in H.
      assert (T : exists c', raise cause x c = (Trapped cause x, c'))
        by (unfold raise; rewrite En; eauto).
      destruct T as [c' T]. rewrite T in *. simpl in H.
      destruct (handler g p r c') as [e [r' c'']]. exact H. }
    unfold step at 1. rewrite Du. unfold step in Bare. rewrite due_virtual, Du in Bare.
    unfold execute in *. rewrite (fetch_virtual g fit r c R) in Bare.
    destruct (fetch (q g) (cpu c)) as [word|] eqn:Fe.
    2:{ apply Trap_case; [reflexivity|apply W|apply memory_no_interrupt|].
        intros _. now rewrite <- Bare. }
    assert (Ru : runs g (direct p) (decode word) r c) by (repeat split; try apply R; eauto).
    pose proof (Ex _ r c Ru) as X. pose proof (Re _ r c Ru) as Y.
    pose proof (exec_words (q g) (decode word) _ W) as Z.
    destruct (exec (q g) (decode word) (cpu c)) as [s'|a|cause x|code|] eqn:Xe; try contradiction.
    + destruct X as ((v1 & Xv & Sv) & (U1&U2&U3&U4&U5&U6) & Co). simpl.
      simpl in Xv. unfold virtual in Bare. simpl in Bare. rewrite Xv in Bare. simpl in Bare.
      injection Bare as <- <-. split; auto. split; [exact Sv|]. split; [|split].
      * destruct R as (_&R2&_&R4&_&R6&R7). unfold represents; simpl.
        rewrite U1, U2, U3. split; [|split; [|split; [|split; [|split]]]]; auto.
        lia.
      * exact Co.
      * repeat split; auto.
    + apply Trap_case; [reflexivity|exact Z|apply memory_no_interrupt|].
      intro Rf. rewrite <- Bare. specialize (Y _ _ eq_refl Rf).
      destruct (exec (w g) (decode word) _); simpl in Y; try discriminate;
        inversion Y; subst; reflexivity.
    + destruct Z as (Z1&Z2&Z3). apply Trap_case; auto.
      intro Rf. rewrite <- Bare. specialize (Y _ _ eq_refl Rf).
      destruct (exec (w g) (decode word) _); simpl in Y; try discriminate;
        inversion Y; subst; reflexivity.
Qed.

End Sufficient.

(* ---------------------------------------------------------------- correct, so exact *)

Theorem correct_exact dir H : correct g dir H -> forall i, exact g dir i.
Proof.
  intros Co i r c (R & Di & (word & Fe & De) & Du). specialize (Co r c R Di).
  pose proof (fetch_virtual g fit r c R) as Fv. rewrite Fe in Fv.
  destruct (step (w g) (virtual g r c)) as [bare v'] eqn:Bare.
  unfold step in Co at 1. rewrite Du in Co. unfold execute in Co. rewrite Fe, De in Co.
  unfold step in Bare. rewrite due_virtual, Du in Bare. unfold execute in Bare.
  rewrite Fv, De in Bare.
  destruct (exec (q g) i (cpu c)) as [s'|a|cause x|code|]; auto; simpl in Co.
  - destruct Co as (-> & Sv & _ & Cf & U).
    destruct (exec (w g) i (cpu (virtual g r c))) as [v1|a|cause x|code|]; simpl in Bare;
      try discriminate.
    + injection Bare as <-. split; [|split]; auto. eauto.
    + unfold raise in Bare. destruct (entered _); discriminate.
    + unfold raise in Bare. destruct (entered _); discriminate.
    + destruct (wait _); discriminate.
  - destruct (wait _); auto.
Qed.

(* The handler that emulates every instruction and reflects interrupts only. *)
Definition emulate_all (dir : mode -> bool) : plan := Plan dir (fun _ _ => false) exec.

Theorem direct_execution dir :
  (forall i, exact g dir i) <-> (exists H, correct g dir H).
Proof.
  split.
  - intro Ex. exists (handler g (emulate_all dir)).
    apply (exact_correct (emulate_all dir)); auto.
    + intros i s _. apply outcome_refl.
    + intros i r c _ cause x _ F. discriminate F.
  - intros [H Co]. now apply (correct_exact dir H).
Qed.

End Direct.
