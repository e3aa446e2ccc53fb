(* SPDX-License-Identifier: MIT *)
(* The hardware's step reads nothing beyond the memory's size, keeps words words, and what a trap
   saves can be read back. *)

From Trapeze Require Export Machine.
From Coq Require Import ZifyBool ZifyN.
#[global] Arguments N.mul : simpl never.
#[global] Arguments N.add : simpl never.
#[global] Arguments N.sub : simpl never.
#[global] Arguments N.div : simpl never.
#[global] Arguments N.modulo : simpl never.
#[global] Arguments N.eqb : simpl never.
#[global] Arguments N.leb : simpl never.
#[global] Arguments N.ltb : simpl never.
#[global] Arguments N.min : simpl never.
#[global] Arguments word : simpl never.
#[global] Arguments store : simpl never.

(* What agree and its like say, one fact at a time. *)
Ltac facts := repeat match goal with
  | H : _ /\ _ |- _ => destruct H
  | H : agree _ _ _ |- _ => unfold agree in H
  | H : same _ _ _ |- _ => unfold same in H
  end.

Lemma word_lt m a : word m a < word_limit.
Proof.
  unfold word, word_limit.
  pose proof (N.mod_lt (m a) 256); pose proof (N.mod_lt (m (a + 1)) 256);
    pose proof (N.mod_lt (m (a + 2)) 256); pose proof (N.mod_lt (m (a + 3)) 256); lia.
Qed.

Lemma word_ext m m' a : (forall i, i < 4 -> m (a + i) = m' (a + i)) -> word m a = word m' a.
Proof.
  intro H; unfold word.
  pose proof (H 0 ltac:(lia)) as H0; rewrite N.add_0_r in H0.
  now rewrite H0, (H 1), (H 2), (H 3) by lia.
Qed.

Lemma word_shift m d a : word (fun i => m (d + i)) a = word m (d + a).
Proof. unfold word; now rewrite !N.add_assoc. Qed.

Lemma bytes_of_word v : v < word_limit ->
  v mod 256 + 256 * (v / 256 mod 256) + 65536 * (v / 65536 mod 256)
  + 16777216 * (v / 16777216 mod 256) = v.
Proof.
  unfold word_limit; intro.
  replace 65536 with (256 * 256) by reflexivity.
  replace 16777216 with (256 * 256 * 256) by reflexivity.
  rewrite <- !N.div_div by lia.
  pose proof (N.div_mod v 256); pose proof (N.div_mod (v / 256) 256);
    pose proof (N.div_mod (v / 256 / 256) 256).
  rewrite (N.mod_small (v / 256 / 256 / 256)); [lia|].
  do 3 (apply N.div_lt_upper_bound; [lia|]); lia.
Qed.

Lemma word_store_same m a v : v < word_limit -> word (store m a v) a = v.
Proof.
  intro H; unfold word, store.
  rewrite N.eqb_refl.
  replace (a + 1 =? a) with false by lia; rewrite N.eqb_refl.
  replace (a + 2 =? a) with false by lia; replace (a + 2 =? a + 1) with false by lia;
    rewrite N.eqb_refl.
  replace (a + 3 =? a) with false by lia; replace (a + 3 =? a + 1) with false by lia;
    replace (a + 3 =? a + 2) with false by lia; rewrite N.eqb_refl.
  rewrite !N.mod_mod by lia. now apply bytes_of_word.
Qed.

Lemma store_other m a v i : i < a \/ a + 4 <= i -> store m a v i = m i.
Proof.
  intro; unfold store.
  replace (i =? a) with false by lia; replace (i =? a + 1) with false by lia;
    replace (i =? a + 2) with false by lia; now replace (i =? a + 3) with false by lia.
Qed.

Lemma word_store_other m a v a' : a' + 4 <= a \/ a + 4 <= a' -> word (store m a v) a' = word m a'.
Proof. intro; apply word_ext; intros; apply store_other; lia. Qed.

Lemma store_ext m m' a v i : (i < a \/ a + 4 <= i -> m i = m' i) -> store m a v i = store m' a v i.
Proof.
  intro H; unfold store.
  destruct (i =? a) eqn:?; auto; destruct (i =? a + 1) eqn:?; auto;
    destruct (i =? a + 2) eqn:?; auto; destruct (i =? a + 3) eqn:?; auto.
  apply H; lia.
Qed.

Section Machine.
Context {A : Architecture}.

(* ---------------------------------------------------------------- equivalences *)

Lemma agree_refl n (s : state) : agree n s s.
Proof. unfold agree; intuition. Qed.
Lemma agree_sym n (s s' : state) : agree n s s' -> agree n s' s.
Proof. intro; facts; unfold agree; intuition; symmetry; auto. Qed.
Lemma agree_trans n (s s' s'' : state) : agree n s s' -> agree n s' s'' -> agree n s s''.
Proof.
  intros; facts; unfold agree; repeat split; try congruence.
  intros a Ha. transitivity (E s' a); auto.
Qed.
Lemma agree_less n n' (s s' : state) : n' <= n -> agree n s s' -> agree n' s s'.
Proof. intros; facts; unfold agree; intuition; apply H0; lia. Qed.

Lemma same_refl n c : same n c c.
Proof. unfold same; intuition; apply agree_refl. Qed.
Lemma same_sym n c c' : same n c c' -> same n c' c.
Proof. unfold same; intuition; now apply agree_sym. Qed.
Lemma same_trans n c c' c'' : same n c c' -> same n c' c'' -> same n c c''.
Proof. unfold same; intuition; try congruence; eapply agree_trans; eauto. Qed.

Lemma outcome_refl n (o : outcome state) : agree_outcome n o o.
Proof. destruct o; simpl; auto; apply agree_refl. Qed.
Lemma outcome_trans n (o o' o'' : outcome state) :
  agree_outcome n o o' -> agree_outcome n o' o'' -> agree_outcome n o o''.
Proof.
  destruct o, o', o''; simpl; intuition; try congruence; eapply agree_trans; eauto.
Qed.

Lemma agree_words n (s s' : state) : agree n s s' -> words s -> words s'.
Proof. intros; facts; unfold words in *; intuition congruence. Qed.

(* ---------------------------------------------------------------- locality of the step *)

Lemma status_agree n c (s s' : state) : agree n s s' -> status c s = status c s'.
Proof.
  intro; facts; unfold status.
  replace (IE s') with (IE s) by auto; now replace (M s') with (M s) by auto.
Qed.

Lemma save_agree n c x (s s' : state) a :
  agree n s s' -> a < n -> save c x s a = save c x s' a.
Proof.
  intros H ?. unfold save. rewrite <- (status_agree n c s s' H). facts.
  replace (P s') with (P s) by auto; replace (base s') with (base s) by auto;
    replace (bound s') with (bound s) by auto; replace (T s') with (T s) by auto.
  do 6 (apply store_ext; intros _). auto.
Qed.

Lemma save_outside c x (s : state) a : save_area <= a -> save c x s a = E s a.
Proof. unfold save_area; intro; unfold save; rewrite !store_other by lia; auto. Qed.

Lemma word_saved_outside c x (s : state) a :
  save_area <= a -> word (save c x s) a = word (E s) a.
Proof. intro; apply word_ext; intros; apply save_outside; unfold save_area in *; lia. Qed.

Lemma swap_agree n c x (s s' : state) :
  trap_area <= n -> agree n s s' -> agree n (swap c x s) (swap c x s').
Proof.
  unfold trap_area; intros Hn H.
  assert (B : forall a, a < n -> save c x s a = save c x s' a)
    by (intros; now apply (save_agree n)).
  assert (W : forall a, a + 4 <= n -> word (save c x s) a = word (save c x s') a)
    by (intros; apply word_ext; intros; apply B; lia).
  facts; unfold agree, swap; simpl.
  rewrite (W 32), (W 36), (W 40), (W 44) by lia. intuition.
Qed.

Lemma complete_same n c c' (s s' : state) :
  count c = count c' -> agree n s s' -> same n (complete c s) (complete c' s').
Proof. intros; facts; unfold same, agree, complete; simpl; intuition congruence. Qed.

Lemma raise_same n c x k k' : trap_area <= n -> same n k k' ->
  fst (raise c x k) = fst (raise c x k') /\ same n (snd (raise c x k)) (snd (raise c x k')).
Proof.
  intros Hn Hk. pose proof Hk as [Hs [He Hc]]. unfold raise. rewrite <- He.
  destruct (entered k); simpl; auto. unfold same; simpl. auto using swap_agree.
Qed.

Lemma advance_agree n t (s s' : state) : agree n s s' -> agree n (advance t s) (advance t s').
Proof. intro; facts; unfold agree, advance; simpl; intuition congruence. Qed.

Lemma finish_same n o o' k k' : trap_area <= n -> same n k k' -> agree_outcome n o o' ->
  fst (finish o k) = fst (finish o' k') /\ same n (snd (finish o k)) (snd (finish o' k')).
Proof.
  intros Hn Hk Ho. pose proof Hk as [Hs [He Hc]].
  destruct o, o'; simpl in Ho; try contradiction; simpl.
  - split; auto. now apply complete_same.
  - subst; now apply raise_same.
  - destruct Ho; subst; now apply raise_same.
  - subst; split; auto. apply complete_same; auto.
    replace (T (cpu k')) with (T (cpu k)) by (facts; auto). now apply advance_agree.
  - replace (T (cpu k')) with (T (cpu k)) by (facts; auto).
    destruct (wait (T (cpu k))); simpl; auto. split; auto.
    apply complete_same; auto. now apply advance_agree.
Qed.

Lemma fetch_agree n (s s' : state) : agree n s s' -> fetch n s = fetch n s'.
Proof.
  intro H; facts; unfold fetch.
  replace (P s') with (P s) by auto; replace (base s') with (base s) by auto;
    replace (bound s') with (bound s) by auto.
  destruct (_ && _ && _) eqn:B; auto. f_equal. apply word_ext; intros.
  apply andb_prop in B as [_ B]. apply H. lia.
Qed.

Lemma execute_same n run run' k k' : trap_area <= n -> same n k k' ->
  (forall i, agree_outcome n (run i (cpu k)) (run' i (cpu k'))) ->
  fst (execute n run k) = fst (execute n run' k') /\
  same n (snd (execute n run k)) (snd (execute n run' k')).
Proof.
  intros Hn Hk Hr. pose proof Hk as [Hs _]. unfold execute.
  rewrite <- (fetch_agree n _ _ Hs). destruct (fetch n (cpu k)).
  - now apply finish_same.
  - replace (P (cpu k')) with (P (cpu k)) by (facts; auto). now apply raise_same.
Qed.

Lemma acknowledge_same n c k k' : same n k k' -> same n (acknowledge c k) (acknowledge c k').
Proof. intro; facts; unfold same, agree, acknowledge; simpl; intuition congruence. Qed.

Lemma due_same n k k' : same n k k' -> due_now k = due_now k'.
Proof. intro; facts; unfold due_now; congruence. Qed.

Theorem step_same n k k' : trap_area <= n -> same n k k' ->
  fst (step n k) = fst (step n k') /\ same n (snd (step n k)) (snd (step n k')).
Proof.
  intros Hn Hk. unfold step. rewrite <- (due_same n _ _ Hk). destruct (due_now k).
  - apply raise_same; auto. now apply acknowledge_same.
  - apply execute_same; auto. intro. apply exec_local. apply Hk.
Qed.

(* ---------------------------------------------------------------- words stay words *)

Lemma swap_words c x (s : state) : words (swap c x s).
Proof. unfold words, swap; simpl; repeat split; apply word_lt. Qed.

Lemma raise_words c x k : words (cpu k) -> words (cpu (snd (raise c x k))).
Proof. intro; unfold raise; destruct (entered k); simpl; auto; apply swap_words. Qed.

Lemma advance_words t (s : state) : words s -> words (advance t s).
Proof.
  unfold words, advance; simpl; intuition. apply N.mod_lt; unfold word_limit; lia.
Qed.

Lemma finish_words o k : words (cpu k) ->
  match o with Next s => words s | _ => True end -> words (cpu (snd (finish o k))).
Proof.
  intros H Ho; destruct o; simpl.
  - exact Ho.
  - now apply raise_words.
  - now apply raise_words.
  - apply (advance_words (T (cpu k))) in H. exact H.
  - destruct (wait (T (cpu k))) as [t|]; simpl; auto. apply (advance_words t) in H. exact H.
Qed.

Theorem step_words n k : words (cpu k) -> words (cpu (snd (step n k))).
Proof.
  intro H; unfold step. destruct (due_now k); [now apply raise_words|].
  unfold execute. destruct (fetch n (cpu k)); [|now apply raise_words].
  apply finish_words; auto. pose proof (exec_words n (decode n0) _ H).
  now destruct (exec n (decode n0) (cpu k)).
Qed.

(* ---------------------------------------------------------------- what a trap saves *)

Lemma status_lt c (s : state) : c < 256 -> status c s < word_limit.
Proof. unfold status, word_limit; destruct (IE s), (M s); lia. Qed.

Lemma saved_status c x (s : state) : c < 256 -> word (save c x s) 0 = status c s.
Proof.
  intro; unfold save. do 5 rewrite word_store_other by lia.
  apply word_store_same. now apply status_lt.
Qed.

Lemma saved_P c x (s : state) : P s < word_limit -> word (save c x s) 4 = P s.
Proof.
  intro; unfold save. do 4 rewrite word_store_other by lia. now apply word_store_same.
Qed.

Lemma saved_x c x (s : state) : x < word_limit -> word (save c x s) 16 = x.
Proof. intro; unfold save. rewrite word_store_other by lia. now apply word_store_same. Qed.

Lemma status_cause_of c (s : state) : status_cause (status c s) = c.
Proof.
  unfold status_cause, status. symmetry.
  apply (N.div_unique _ _ _ ((if IE s then 2 else 0) +
                             match M s with Supervisor => 0 | User => 1 end));
    destruct (IE s), (M s); lia.
Qed.

Lemma status_enabled_of c (s : state) : status_enabled (status c s) = IE s.
Proof.
  unfold status_enabled, status.
  assert (D : forall r i, r < 2 -> (256 * c + i * 2 + r) / 2 = 128 * c + i).
  { intros; symmetry; apply (N.div_unique _ _ _ r); lia. }
  assert (R : forall i, i < 2 -> (128 * c + i) mod 2 = i).
  { intros; symmetry; apply (N.mod_unique _ _ (64 * c)); lia. }
  destruct (IE s), (M s).
  - pose proof (D 0 1 ltac:(lia)) as Q. change (1 * 2) with 2 in Q. now rewrite Q, R by lia.
  - pose proof (D 1 1 ltac:(lia)) as Q. change (1 * 2) with 2 in Q. now rewrite Q, R by lia.
  - pose proof (D 0 0 ltac:(lia)) as Q. change (0 * 2) with 0 in Q. now rewrite Q, R by lia.
  - pose proof (D 1 0 ltac:(lia)) as Q. change (0 * 2) with 0 in Q. now rewrite Q, R by lia.
Qed.

End Machine.
