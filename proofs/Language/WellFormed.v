(* SPDX-License-Identifier: MIT *)
(* What stays so, whatever a description says: values fit in their components, so that a word stays
   a word. And which traps an instruction can raise. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics States.
Local Open Scope N_scope.

Definition well_formed (m : description) (s : state) : Prop :=
  forall c i, get s c i < 2 ^ c_width (component_of m c).

Lemma nth_set_nth : forall l i v j,
  nth_element (set_nth l i v) j = nth_element l j \/ nth_element (set_nth l i v) j = v.
Proof.
  induction l as [| x l IH]; intros i v j; cbn; [now left |].
  destruct (i =? 0); cbn; destruct (j =? 0); auto.
Qed.

Lemma set_well_formed : forall m s c i v, well_formed m s -> well_formed m (set m s c i v).
Proof.
  intros m s c i v H c' j. unfold get. rewrite row_set.
  destruct (Nat.eqb c' c) eqn:E; [| apply H].
  apply Nat.eqb_eq in E. subst. destruct (is_fixed (component_of m c) i); [apply H |].
  destruct (nth_set_nth (row s c) i (low (c_width (component_of m c)) v) j) as [-> | ->].
  - apply H.
  - apply low_bound.
Qed.

Section Preserved.
  Variable m : description.
  Variable size : N.
  Variable choices : frame.
  Variable answer : list event -> nat -> N -> N.

  Lemma put_well_formed : forall s t v, well_formed m s -> well_formed m (put m size s t v).
  Proof.
    intros s [c i from w | a n] v H; cbn [put].
    - destruct (c_kind (component_of m c)); try (now apply set_well_formed); exact H.
    - unfold store. destruct (is_inside size a n); exact H.
  Qed.

  Lemma commit_well_formed : forall l s,
    well_formed m s -> well_formed m (commit m size answer s l).
  Proof.
    induction l as [| x l IH]; intros s H; unfold commit in *; cbn [fold_right]; [assumption |].
    specialize (IH s H). unfold commit_one. destruct (e_from x); apply put_well_formed; exact IH.
  Qed.

  Lemma after_well_formed : forall s r, well_formed m s -> well_formed m (after m size answer s r).
  Proof. intros s [p |] H; [now apply commit_well_formed | exact H]. Qed.

  Theorem ticked_well_formed : forall s, well_formed m s ->
    well_formed m (ticked m size choices answer s).
  Proof. intros s H. unfold ticked. now apply after_well_formed. Qed.

  Theorem perform_well_formed : forall s i w, well_formed m s ->
    match perform m size choices answer s i w with
    | Next s' | Stops s' _ | Waits s' => well_formed m s'
    | Traps _ _ | Sticks => True
    end.
  Proof.
    intros s i w H. unfold perform, complete.
    destruct (evaluate m size choices s _ empty (i_body i)) as [p | [t x |]]; auto.
    destruct (ends p); apply commit_well_formed; auto using set_well_formed, ticked_well_formed.
  Qed.

  Theorem acknowledge_well_formed : forall s n, well_formed m s ->
    well_formed m (acknowledge m size choices answer s n).
  Proof. intros. now apply after_well_formed. Qed.

  Theorem deliver_well_formed : forall s t x s', well_formed m s ->
    deliver m size choices answer s t x = Some s' -> well_formed m s'.
  Proof.
    intros s t x s' H E. unfold deliver in E.
    destruct (evaluate m size choices s nowhere _ (d_deliver m)); [| discriminate].
    injection E as <-. now apply commit_well_formed.
  Qed.
End Preserved.

(* ---------------------------------------------------------------- traps *)

(* The traps that are named in an expression, outside the translations that it goes through. *)
Fixpoint raised (e : expr) : list nat :=
  match e with
  | Raise t x => t :: raised x
  | Element _ a | Cells _ _ a | Bits _ _ a | Unary _ _ a | Sext _ _ a => raised a
  | Binary _ _ a b | Concat _ a b | LetIn _ a b => raised a ++ raised b
  | If c a b => raised c ++ raised a ++ raised b
  | Number _ | Slot _ | Size | Word | NextAddress | IsMode _ | Choose _ _ | Arbitrary _ _ => []
  end.

Definition raised_at (p : place) : list nat :=
  match p with Part _ i _ _ => raised i | Store _ _ a => raised a end.

Fixpoint raised_by (x : statement) : list nat :=
  match x with
  | Skip | Wait | CheckStop => []
  | Seq a b => raised_by a ++ raised_by b
  | Assign p v | Input p _ v => raised_at p ++ raised v
  | Define _ v | Halt v => raised v
  | Branch c a b => raised c ++ raised_by a ++ raised_by b
  | Trap t v => t :: raised v
  end.

Definition raised_in_translation (m : description) : list nat :=
  flat_map (fun v => raised (v_body v)) (d_translations m).

Section Raised.
  Variable m : description.
  Variable size : N.
  Variable choices : frame.
  Variable s : state.

  Definition only {A : Type} (l : list nat) (r : result A) : Prop :=
    forall t x, r = Bad (Trapped t x) -> In t l.

  Lemma only_ok : forall (A : Type) l (a : A), only l (Ok a).
  Proof. intros A l a t x H. discriminate. Qed.

  Lemma only_bind : forall (A B : Type) l (r : result A) (f : A -> result B),
    only l r -> (forall a, only l (f a)) -> only l (bind r f).
  Proof.
    intros A B l [a | y] f Hr Hf t x H; cbn in H; [now apply (Hf a t x) |].
    injection H as ->. now apply (Hr t x).
  Qed.

  Lemma only_incl : forall (A : Type) l l' (r : result A), incl l l' -> only l r -> only l' r.
  Proof. intros A l l' r Hi H t x E. apply Hi, (H t x E). Qed.

  Variable translate_with : translator.
  Variable through : list nat.   (* the traps of translations *)
  Hypothesis translating : forall t a n, only through (translate_with t a n).

  Ltac inside :=
    let y := fresh in let H := fresh in
    intros y H; repeat rewrite in_app_iff in H; repeat rewrite in_app_iff; cbn [In]; tauto.
  Ltac sub := eapply only_incl; [| solve [eauto]]; inside.

  Lemma eval_raises : forall e here f,
    only (raised e ++ through) (eval m size choices s translate_with here f e).
  Proof.
    induction e; intros here f; cbn [eval raised]; try apply only_ok;
      try (apply only_bind; [now auto | intros; apply only_ok]);
      try (apply only_bind; [sub | intros; apply only_bind; [sub | intros; apply only_ok]]).
    - apply only_bind; [auto |]. intros a. apply only_bind; [| intros; apply only_ok].
      destruct translation; cbn; [| apply only_ok]. eapply only_incl; [| apply translating].
      intros ? ?. rewrite in_app_iff. auto.
    - apply only_bind; [sub |]. intros a. destruct (is_true a); sub.
    - apply only_bind; [sub |]. intros a. sub.
    - apply only_bind; [sub |]. intros a t x H. injection H as <- _. now left.
  Qed.

  Lemma locate_raises : forall here f p,
    only (raised_at p ++ through) (locate m size choices s translate_with here f p).
  Proof.
    intros here f [c i from w | v n a]; cbn [locate raised_at].
    - apply only_bind; [apply eval_raises |]. intros; apply only_ok.
    - apply only_bind; [apply eval_raises |]. intros b.
      apply only_bind; [| intros; apply only_ok].
      destruct v; cbn; [| apply only_ok]. eapply only_incl; [| apply translating].
      intros ? ?. rewrite in_app_iff. auto.
  Qed.

  Lemma run_raises : forall x here p,
    only (raised_by x ++ through) (run m size choices s translate_with here p x).
  Proof.
    pose proof eval_raises as He. pose proof locate_raises as Hl.
    induction x; intros here p; cbn [run raised_by]; try apply only_ok.
    - apply only_bind; [sub |]. intros. sub.
    - apply only_bind; [sub |]. intros. apply only_bind; [sub |]. intros; apply only_ok.
    - apply only_bind; [sub |]. intros. apply only_bind; [sub |]. intros; apply only_ok.
    - apply only_bind; [sub |]. intros; apply only_ok.
    - apply only_bind; [sub |]. intros a. destruct (is_true a); sub.
    - apply only_bind; [sub |]. intros a t x H. injection H as <- _. now left.
    - apply only_bind; [sub |]. intros; apply only_ok.
    - intros t x H. discriminate.
  Qed.
End Raised.

Lemma translate_raises : forall m size choices s t a n,
  only (raised_in_translation m) (translate m size choices s t a n).
Proof.
  intros m size choices s. unfold translate, raised_in_translation.
  assert (forall l, incl l (d_translations m) -> forall t a n,
    only (flat_map (fun v => raised (v_body v)) (d_translations m))
         (translate_by m size choices s l t a n)) as H.
  { induction l as [| v l IH]; intros Hi t a n; cbn [translate_by].
    - intros t' x E. discriminate.
    - destruct (Nat.eqb t (length l)).
      + eapply only_incl; [| apply eval_raises with
          (through := flat_map (fun v => raised (v_body v)) (d_translations m))].
        * intros y Hy. apply in_app_iff in Hy. destruct Hy as [Hy | Hy]; [| assumption].
          apply in_flat_map. exists v. split; [apply Hi; now left | assumption].
        * apply IH. intros y Hy. apply Hi. now right.
      + apply IH. intros y Hy. apply Hi. now right. }
  intros t a n. apply H. intros v Hv. now apply in_rev.
Qed.

(* All that an instruction can raise, when it is fetched already. *)
Definition can_raise (m : description) (i : instruction) : list nat :=
  raised_by (i_body i) ++ raised_in_translation m.

Theorem perform_raises : forall m size choices answer s i w t x,
  perform m size choices answer s i w = Traps t x -> In t (can_raise m i).
Proof.
  intros m size choices answer s i w t x H. unfold perform, evaluate in H.
  pose proof (run_raises m size choices s (translate m size choices s) (raised_in_translation m)
                (translate_raises m size choices s) (i_body i)
                {| word := w; next := behind m s i |} (begin empty)) as Hr.
  destruct (run _ _ _ _ _ _ _ _) as [p | [t' x' |]];
    [destruct (ends p); discriminate | | discriminate].
  injection H as -> ->. now apply (Hr t x).
Qed.

(* A check of descriptions: no instruction raises the trap of an interrupt. *)
Definition interrupts_apart (m : description) : bool :=
  forallb
    (fun i =>
       forallb (fun t => negb (existsb (fun n => Nat.eqb (n_trap n) t) (d_interrupts m)))
         (can_raise m i))
    (d_instructions m).

Theorem no_interrupt : forall m, interrupts_apart m = true ->
  forall size choices answer s i w t x n,
  In i (d_instructions m) -> In n (d_interrupts m) ->
  perform m size choices answer s i w = Traps t x -> n_trap n <> t.
Proof.
  intros m H size choices answer s i w t x n Hi Hn Hp E. unfold interrupts_apart in H.
  rewrite forallb_forall in H. specialize (H i Hi). rewrite forallb_forall in H.
  specialize (H t (perform_raises _ _ _ _ _ _ _ _ _ Hp)). apply negb_true_iff in H.
  assert (existsb (fun n => Nat.eqb (n_trap n) t) (d_interrupts m) = true) as Hx.
  { apply existsb_exists. exists n. split; [assumption | now apply Nat.eqb_eq]. }
  congruence.
Qed.
