(* SPDX-License-Identifier: MIT *)
(* The lemmas about the three parts: the map keeps the fetch, the view is the state before the trap,
   the allocator installs what it was given and nothing else; and the step of theorem 1. *)

From Trapeze Require Export MachineProof Exact.

Section Monitor.
Context {A : Architecture}.
Variable g : place.
Hypothesis fit : fits g.

Lemma inside_spec a : inside g a = true <-> k g <= a /\ a < k g + w g.
Proof. unfold inside; lia. Qed.

(* ---------------------------------------------------------------- the map *)

Lemma represents_same r c c' : same (q g) c c' -> represents g r c -> represents g r c'.
Proof.
  intros; facts; unfold represents, words in *; intuition congruence.
Qed.

Lemma guest_same r c c' p ie : same (q g) c c' -> same (w g) (guest g r c p ie) (guest g r c' p ie).
Proof.
  intro; facts. unfold same, agree, guest; simpl; destruct fit as (?&?&?&?).
  replace (count c') with (count c) by auto.
  repeat split; try congruence. intros; apply H. lia.
Qed.

Lemma virtual_same r c c' : same (q g) c c' -> same (w g) (virtual g r c) (virtual g r c').
Proof.
  intro S; pose proof S; facts; unfold virtual.
  replace (P (cpu c')) with (P (cpu c)) by auto; replace (IE (cpu c')) with (IE (cpu c)) by auto.
  now apply guest_same.
Qed.

Lemma virtual_words r c : represents g r c -> words (cpu (virtual g r c)).
Proof. unfold represents, words, virtual; simpl; intuition. Qed.

(* The window of the virtual machine is the window of the host. *)
Lemma fetch_virtual r c :
  represents g r c -> fetch (w g) (cpu (virtual g r c)) = fetch (q g) (cpu c).
Proof.
  intros (_ & R & _). unfold fetch, virtual; simpl. destruct fit as (?&?&?&?).
  unfold compose in R. destruct (w g <=? vbase r) eqn:L; injection R as -> ->.
  - replace (P (cpu c) + 4 <=? 0) with false by lia.
    replace (vbase r + P (cpu c) + 4 <=? w g) with false by lia.
    now rewrite !andb_false_r.
  - replace (P (cpu c) + 4 <=? N.min (vbound r) (w g - vbase r))
      with ((P (cpu c) + 4 <=? vbound r) && (vbase r + P (cpu c) + 4 <=? w g)) by lia.
    destruct (P (cpu c) mod 4 =? 0); auto; simpl.
    destruct (P (cpu c) + 4 <=? vbound r) eqn:?; auto; simpl.
    destruct (vbase r + P (cpu c) + 4 <=? w g) eqn:?; auto; simpl.
    replace (k g + vbase r + P (cpu c) + 4 <=? q g) with true by lia.
    rewrite word_shift. now rewrite !N.add_assoc.
Qed.

Lemma due_virtual r c : due_now (virtual g r c) = due_now c.
Proof. reflexivity. Qed.

(* ---------------------------------------------------------------- the view after a trap *)

(* The handler sees the virtual configuration of before the trap, and its cause. *)
Theorem view_after_trap r c cause x : words (cpu c) -> entered c = false -> cause < 256 ->
  same (w g) (view g r (snd (raise cause x c))) (virtual g r c).
Proof.
  intros W En C.
  unfold raise; rewrite En; simpl. unfold view; simpl. destruct fit as (?&?&?&?).
  rewrite saved_P, saved_status, status_enabled_of by (auto; apply W).
  unfold virtual, guest, same, agree; simpl. repeat split; auto.
  intros; rewrite save_outside; auto. unfold trap_area, save_area in *; lia.
Qed.

Lemma cause_after_trap c cause x : entered c = false -> cause < 256 ->
  saved_cause (snd (raise cause x c)) = cause.
Proof.
  intros En C. unfold saved_cause, raise; rewrite En; simpl.
  rewrite saved_status by auto. apply status_cause_of.
Qed.

Lemma information_after_trap c cause x : entered c = false -> x < word_limit ->
  saved_information (snd (raise cause x c)) = x.
Proof. intros En X. unfold saved_information, raise; rewrite En; simpl. now apply saved_x. Qed.

(* ---------------------------------------------------------------- the allocator *)

Lemma compose_words l b : l < word_limit -> b < word_limit ->
  fst (compose g l b) < word_limit /\ snd (compose g l b) < word_limit.
Proof.
  intros; unfold compose; destruct fit as (?&?&?&?).
  destruct (w g <=? l) eqn:?; simpl; unfold word_limit, trap_area in *; lia.
Qed.

Theorem install_represents v c : words (cpu v) ->
  represents g (fst (install g v c)) (snd (install g v c)).
Proof.
  intros (?&?&?). unfold represents, install, words; simpl.
  pose proof (compose_words (base (cpu v)) (bound (cpu v))).
  repeat split; try tauto; try lia. now destruct (compose g _ _).
Qed.

Theorem install_virtual v c :
  same (w g) (virtual g (fst (install g v c)) (snd (install g v c))) v.
Proof.
  unfold same, agree, virtual, guest, install; simpl. repeat split; auto.
  - intros a Ha. replace (inside g (k g + a)) with true by (unfold inside; lia). f_equal; lia.
  - now rewrite N.eqb_refl, andb_true_r.
  - lia.
Qed.

Theorem install_confined v c : confined g (cpu c) (cpu (snd (install g v c))) /\
  D (cpu (snd (install g v c))) = D (cpu c).
Proof. split; auto. intros a _ H. unfold install; simpl. now rewrite H. Qed.

Lemma install_same v v' c c' : same (w g) v v' -> same (q g) c c' ->
  fst (install g v c) = fst (install g v' c') /\
  same (q g) (snd (install g v c)) (snd (install g v' c')).
Proof.
  intros; facts; unfold install, same, agree; simpl. split; [congruence|].
  repeat split; try congruence. intros a Ha. destruct (inside g a) eqn:I; auto.
  apply H. apply inside_spec in I. lia.
Qed.

(* ---------------------------------------------------------------- dispatcher and routines *)

Variable p : plan.
Hypothesis routines : routines_correct (w g) p.

Lemma w_large : trap_area <= w g.
Proof. apply fit. Qed.
Lemma q_large : trap_area <= q g.
Proof. destruct fit as (?&?&?&?); unfold trap_area in *; lia. Qed.

Lemma dispatch_same v v' c x : words (cpu v) -> same (w g) v v' ->
  fst (dispatch g p v c x) = fst (dispatch g p v' c x) /\
  same (w g) (snd (dispatch g p v c x)) (snd (dispatch g p v' c x)).
Proof.
  intros W S. pose proof w_large. unfold dispatch.
  replace (M (cpu v')) with (M (cpu v)) by (facts; auto).
  destruct (_ || _); [now apply raise_same|]. apply execute_same; auto.
  assert (W' : words (cpu v')) by (eapply agree_words; eauto; apply S).
  intro i. eapply outcome_trans; [now apply routines|].
  eapply outcome_trans; [apply exec_local, S|].
  pose proof (routines i (cpu v') W') as R.
  destruct (exec (w g) i (cpu v')), (routine p (w g) i (cpu v')); simpl in *; intuition;
    try congruence; now apply agree_sym.
Qed.

(* An interpreter routine, with what surrounds it, is the virtual machine's step. *)
Lemma emulation_is_step v : words (cpu v) -> due_now v = None ->
  fst (execute (w g) (routine p (w g)) v) = fst (step (w g) v) /\
  same (w g) (snd (execute (w g) (routine p (w g)) v)) (snd (step (w g) v)).
Proof.
  intros W N. unfold step. rewrite N. apply execute_same; auto using w_large, same_refl.
Qed.

Lemma dispatch_words v c x : words (cpu v) -> words (cpu (snd (dispatch g p v c x))).
Proof.
  intro W. unfold dispatch. destruct (_ || _); [now apply raise_words|].
  unfold execute. destruct (fetch _ _) as [word|]; [|now apply raise_words].
  apply finish_words; auto. pose proof (routines (decode word) _ W) as R.
  pose proof (exec_words (w g) (decode word) _ W) as X.
  destruct (routine p (w g) (decode word) (cpu v)); auto; simpl in R.
  destruct (exec (w g) (decode word) (cpu v)); try contradiction.
  eapply agree_words; [apply agree_sym|]; eauto.
Qed.

Lemma view_words r c : represents g r c -> forall cause x,
  words (cpu (view g r (snd (raise cause x c)))).
Proof.
  intros (_&_&_&_&_&?&?) cause x. unfold view, words; simpl. intuition. apply word_lt.
Qed.

Lemma handler_same r c c' : words (cpu (view g r c)) -> same (q g) c c' ->
  fst (handler g p r c) = fst (handler g p r c') /\
  fst (snd (handler g p r c)) = fst (snd (handler g p r c')) /\
  same (q g) (snd (snd (handler g p r c))) (snd (snd (handler g p r c'))).
Proof.
  intros W S. unfold handler. pose proof q_large.
  assert (Ws : forall a, a + 4 <= q g -> word (E (cpu c')) a = word (E (cpu c)) a).
  { intros; apply word_ext; intros; symmetry; apply S; lia. }
  unfold view, saved_cause, saved_information, trap_area in *.
  rewrite !Ws by lia.
  pose proof (guest_same r c c' (word (E (cpu c)) 4) (status_enabled (word (E (cpu c)) 0)) S) as G.
  destruct (dispatch_same _ _ (status_cause (word (E (cpu c)) 0)) (word (E (cpu c)) 16) W G)
    as [De Ds].
  destruct (dispatch g p (guest g r c _ _) _ _) as [e v],
    (dispatch g p (guest g r c' _ _) _ _) as [e' v']; simpl in *. subst e'.
  destruct (install_same v v' c c' Ds S) as [Ir Ic]. intuition.
Qed.

End Monitor.
