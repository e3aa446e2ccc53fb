(* SPDX-License-Identifier: MIT *)
(* Nothing beyond the memory's size is read: two states that agree on registers and on the cells
   below it have the same outcome, up to cells beyond it. Proved once, for every description. *)
From Coq Require Import Bool Lia.
From Trapeze.Language Require Import Semantics.
Local Open Scope N_scope.

(* Equality of states, as far as a machine of that size can see. *)
Definition agree (size : N) (s t : state) : Prop :=
  elements s = elements t /\ history s = history t /\
  forall a, a < size -> contents s a = contents t a.

Lemma agree_refl : forall size s, agree size s s.
Proof. unfold agree; auto. Qed.

Lemma gather_agree : forall w big n m m' a,
  (forall x, a <= x < a + N.of_nat n -> m x = m' x) ->
  gather w big m a n = gather w big m' a n.
Proof.
  induction n as [| n IH]; intros m m' a H; [reflexivity |].
  cbn [gather]. unfold peek.
  rewrite (H a) by lia.
  rewrite (IH m m' (a + 1)); [reflexivity |].
  intros x Hx; apply H; lia.
Qed.

Lemma load_agree : forall m size s t a n, agree size s t -> load m size s a n = load m size t a n.
Proof.
  intros m size s t a n (_ & _ & H). unfold load.
  destruct (is_inside size a n) eqn:E; [| reflexivity].
  apply N.leb_le in E.
  apply gather_agree. intros x Hx. apply H. lia.
Qed.

(* Goes on where the first part gives a value. *)
Ltac step :=
  match goal with |- bind ?r _ = bind ?r _ => destruct r; cbn [bind]; [| reflexivity] end.

Section Evaluation.
  Variable m : description.
  Variable size : N.
  Variable choices : frame.
  Variables s t : state.
  Hypothesis same : agree size s t.

  Lemma get_agree : forall c i, get s c i = get t c i.
  Proof. destruct same as (H & _). intros. unfold get, row. now rewrite H. Qed.

  Lemma mode_agree : forall b, mode_is m s b = mode_is m t b.
  Proof. intros b. unfold mode_is. destruct (d_mode m); [now rewrite get_agree | reflexivity]. Qed.

  Definition same_translator (f g : translator) : Prop := forall v a n, f v a n = g v a n.

  Lemma eval_agree : forall f g, same_translator f g -> forall e here slots,
    eval m size choices s f here slots e = eval m size choices t g here slots e.
  Proof.
    intros f g Hfg. induction e; intros here slots; cbn [eval];
      repeat match goal with
      | IH : forall here slots, eval _ _ _ _ _ here slots ?e = _
        |- context [eval _ _ _ s _ _ _ ?e] => rewrite IH
      end; try reflexivity.
    - step. now rewrite get_agree.
    - now rewrite mode_agree.
    - step. replace (physical f translation a n) with (physical g translation a n).
      + step. now rewrite (load_agree m size s t).
      + destruct translation; cbn; [now rewrite Hfg | reflexivity].
    - step. now rewrite IHe2.
  Qed.

  Lemma translate_by_agree : forall l,
    same_translator (translate_by m size choices s l) (translate_by m size choices t l).
  Proof.
    induction l as [| v l IH]; intros k a n; cbn [translate_by]; [reflexivity |].
    destruct (Nat.eqb k (length l)); [now apply eval_agree | apply IH].
  Qed.

  Lemma locate_agree : forall f g, same_translator f g -> forall here slots p,
    locate m size choices s f here slots p = locate m size choices t g here slots p.
  Proof.
    intros f g Hfg here slots [c i from w | v n a]; cbn [locate].
    - now rewrite (eval_agree f g Hfg).
    - rewrite (eval_agree f g Hfg).
      destruct (eval m size choices t g here slots a); cbn; [| reflexivity].
      destruct v; cbn; [now rewrite Hfg | reflexivity].
  Qed.

  Lemma run_agree : forall f g, same_translator f g -> forall x here p,
    run m size choices s f here p x = run m size choices t g here p x.
  Proof.
    intros f g Hfg. induction x; intros here p; cbn [run];
      rewrite ?(locate_agree f g Hfg), ?(eval_agree f g Hfg); try reflexivity.
    - rewrite IHx1. step. apply IHx2.
    - step. match goal with |- context [is_true ?a] => destruct (is_true a) end; auto.
  Qed.

  Lemma evaluate_agree : forall here f x,
    evaluate m size choices s here f x = evaluate m size choices t here f x.
  Proof. intros. unfold evaluate. apply run_agree. apply translate_by_agree. Qed.

  Lemma evaluate_expr_agree : forall here f e,
    evaluate_expr m size choices s here f e = evaluate_expr m size choices t here f e.
  Proof. intros. unfold evaluate_expr. apply eval_agree. apply translate_by_agree. Qed.
End Evaluation.

Section Commitment.
  Variable m : description.
  Variable size : N.
  Variable choices : frame.
  Variable answer : list event -> nat -> N -> N.

  Lemma scatter_agree : forall w big n c d a v,
    (forall x, x < size -> c x = d x) ->
    forall x, x < size -> scatter w big c a n v x = scatter w big d a n v x.
  Proof.
    induction n as [| n IH]; intros c d a v H x Hx; cbn [scatter]; [now apply H |].
    apply IH; [| assumption].
    intros y Hy. unfold poke. destruct (y =? a); [reflexivity | now apply H].
  Qed.

  Lemma put_agree : forall s t to v, agree size s t ->
    agree size (put m size s to v) (put m size t to v).
  Proof.
    intros s t to v (He & Hh & Hc). destruct to as [c i from w | a n]; cbn [put].
    - destruct (c_kind (component_of m c)); unfold agree, set, record_event;
        try (destruct (is_fixed (component_of m c) i)); cbn; unfold get, row;
        rewrite ?He, ?Hh; auto.
    - unfold store. destruct (is_inside size a n); unfold agree; cbn; auto.
      repeat split; auto. intros x Hx. now apply scatter_agree.
  Qed.

  Lemma commit_agree : forall l s t, agree size s t ->
    agree size (commit m size answer s l) (commit m size answer t l).
  Proof.
    induction l as [| x l IH]; intros s t H; cbn [commit fold_right]; [assumption |].
    specialize (IH s t H). unfold commit in IH.
    set (s' := fold_right _ s l) in *. set (t' := fold_right _ t l) in *.
    clearbody s' t'. unfold commit_one.
    destruct (e_from x); [now apply put_agree |].
    destruct IH as (He & Hh & Hc). rewrite Hh. apply put_agree.
    unfold agree, record_event; cbn. rewrite He, Hh. auto.
  Qed.

  Lemma set_agree : forall s t c i v, agree size s t -> agree size (set m s c i v) (set m t c i v).
  Proof.
    intros s t c i v (He & Hh & Hc). unfold agree, set.
    destruct (is_fixed (component_of m c) i); cbn; unfold row; rewrite ?He; auto.
  Qed.

  Lemma ticked_agree : forall s t, agree size s t ->
    agree size (ticked m size choices answer s) (ticked m size choices answer t).
  Proof.
    intros s t H. unfold ticked. rewrite (evaluate_agree m size choices s t H).
    destruct (evaluate m size choices t nowhere empty (d_tick m));
      [now apply commit_agree | assumption].
  Qed.

  Inductive same_outcome : outcome -> outcome -> Prop :=
    | same_next : forall s t, agree size s t -> same_outcome (Next s) (Next t)
    | same_traps : forall c x, same_outcome (Traps c x) (Traps c x)
    | same_stops : forall s t code, agree size s t -> same_outcome (Stops s code) (Stops t code)
    | same_waits : forall s t, agree size s t -> same_outcome (Waits s) (Waits t)
    | same_sticks : same_outcome Sticks Sticks.

  Lemma counter_agree : forall s t, agree size s t -> counter m s = counter m t.
  Proof. intros s t H. unfold counter. now rewrite (get_agree size s t H). Qed.

  Lemma complete_agree : forall s t i l, agree size s t ->
    agree size (complete m size choices answer s i l) (complete m size choices answer t i l).
  Proof.
    intros s t i l H. unfold complete, behind. rewrite (counter_agree s t H).
    apply commit_agree, set_agree, ticked_agree, H.
  Qed.

  Theorem perform_local : forall s t i w, agree size s t ->
    same_outcome (perform m size choices answer s i w) (perform m size choices answer t i w).
  Proof.
    intros s t i w H. unfold perform, behind. rewrite (counter_agree s t H).
    rewrite (evaluate_agree m size choices s t H).
    destruct (evaluate m size choices t _ empty (i_body i)) as [p | [c x |]]; [| constructor ..].
    destruct (ends p); constructor;
      [apply complete_agree | apply complete_agree | apply commit_agree]; assumption.
  Qed.

  Lemma fetch_from_agree : forall s t, agree size s t -> forall units a width w first,
    fetch_from m size choices s units a width w first =
    fetch_from m size choices t units a width w first.
  Proof.
    intros s t H. induction units as [| u IH]; intros; cbn [fetch_from].
    - now rewrite (evaluate_agree m size choices s t H).
    - destruct (d_fetch m) as [e |]; [| reflexivity].
      rewrite (evaluate_expr_agree m size choices s t H).
      destruct (evaluate_expr m size choices t _ _ e); cbn [bind]; [| reflexivity].
      destruct (decode m _ _); [reflexivity | apply IH].
  Qed.

  (* One instruction, its fetch included. *)
  Theorem execute_local : forall s t, agree size s t ->
    same_outcome (execute m size choices answer s) (execute m size choices answer t).
  Proof.
    intros s t H. unfold execute, fetch.
    rewrite (counter_agree s t H), (fetch_from_agree s t H).
    destruct (fetch_from m size choices t _ _ _ _ _) as [[i w] | [c x |]];
      [now apply perform_local | constructor ..].
  Qed.

  Theorem due_local : forall s t, agree size s t -> due m size choices s = due m size choices t.
  Proof.
    intros s t H. unfold due, holds. induction (d_interrupts m) as [| n l IH]; [reflexivity |].
    cbn [find]. rewrite (evaluate_expr_agree m size choices s t H).
    destruct (evaluate_expr m size choices t nowhere empty (n_condition n)) as [v |];
      [destruct (is_true v); auto | auto].
  Qed.

  Lemma after_agree : forall s t r, agree size s t ->
    agree size (after m size answer s r) (after m size answer t r).
  Proof. intros s t [p |] H; cbn; [now apply commit_agree | assumption]. Qed.

  Theorem acknowledge_local : forall s t n, agree size s t ->
    agree size (acknowledge m size choices answer s n) (acknowledge m size choices answer t n).
  Proof.
    intros s t n H. unfold acknowledge. rewrite (evaluate_agree m size choices s t H).
    now apply after_agree.
  Qed.

  Theorem deliver_local : forall s t c x, agree size s t ->
    match deliver m size choices answer s c x, deliver m size choices answer t c x with
    | Some s, Some t => agree size s t
    | None, None => True
    | _, _ => False
    end.
  Proof.
    intros s t c x H. unfold deliver. rewrite (evaluate_agree m size choices s t H).
    destruct (evaluate m size choices t _ _ (d_deliver m)); [now apply commit_agree | exact I].
  Qed.
End Commitment.
