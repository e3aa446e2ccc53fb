(* SPDX-License-Identifier: MIT *)
(* Soundness of the classifier, first part: how a real and a virtual state correspond, and that
   expressions that it accepts have the same value in both. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier.
Local Open Scope N_scope.

(* ---------------------------------------------------------------- results *)

Section Results.
  Variable counts : nat -> bool.

  (* Where the real machine gets a value or a trap that counts, the virtual one gets the like. *)
  Definition follows {A : Type} (R : A -> A -> Prop) (real virtual : result A) : Prop :=
    match real with
    | Ok a => exists b, virtual = Ok b /\ R a b
    | Bad (Trapped t x) => counts t = true -> virtual = Bad (Trapped t x)
    | Bad Stuck => False
    end.

  Definition is_mild {A : Type} (r : result A) : Prop :=
    match r with Ok _ => True | Bad (Trapped t _) => counts t = false | Bad Stuck => False end.

  Definition is_void {A : Type} (r : result A) : Prop :=
    match r with Ok _ => False | Bad (Trapped t _) => counts t = false | Bad Stuck => False end.

  Lemma void_follows : forall (A : Type) (R : A -> A -> Prop) r s, is_void r -> follows R r s.
  Proof.
    intros A R [a | [t x |]] s H; cbn in *; try contradiction. intros E. congruence.
  Qed.

  Lemma void_mild : forall (A : Type) (r : result A), is_void r -> is_mild r.
  Proof. intros A [a | [t x |]]; cbn; auto. Qed.

  Lemma follows_bind : forall (A B : Type) (R : A -> A -> Prop) (R' : B -> B -> Prop) r s f g,
    follows R r s -> (forall a b, R a b -> follows R' (f a) (g b)) ->
    follows R' (bind r f) (bind s g).
  Proof.
    intros A B R R' [a | [t x |]] s f g H Hf; cbn in *.
    - destruct H as (b & -> & Hab). now apply Hf.
    - intros E. now rewrite (H E).
    - contradiction.
  Qed.

  Lemma mild_bind : forall (A B : Type) (r : result A) (f : A -> result B),
    is_mild r -> (forall a, r = Ok a -> is_mild (f a)) -> is_mild (bind r f).
  Proof. intros A B [a | [t x |]] f H Hf; cbn in *; auto. Qed.

  Lemma void_bind : forall (A B : Type) (r : result A) (f : A -> result B),
    is_mild r -> (forall a, r = Ok a -> is_void (f a)) -> is_void (bind r f).
  Proof. intros A B [a | [t x |]] f H Hf; cbn in *; auto. Qed.

  Lemma void_bind_first : forall (A B : Type) (r : result A) (f : A -> result B),
    is_void r -> is_void (bind r f).
  Proof. intros A B [a | [t x |]] f H; cbn in *; [contradiction | assumption | contradiction]. Qed.
End Results.

Ltac split_and :=
  repeat match goal with
  | H : _ && _ = true |- _ => apply andb_true_iff in H; destruct H
  end.

(* ---------------------------------------------------------------- two states *)

(* The partition of w cells at k holds the virtual memory, and registers and counter are equal. *)
Definition paired (m : description) (k w : N) (real virtual : state) : Prop :=
  (forall c, own m c = true -> row real c = row virtual c) /\
  (forall a, a < w -> contents real (k + a) = contents virtual a).

(* n cells of the virtual machine at p', which are at p on the real one. *)
Definition lands (k w q n p p' : N) : Prop :=
  p = k + p' /\ (p' + n <= w \/ k = 0 /\ w = q).

(* A real machine of q cells, in user mode, and the virtual machine of w cells whose partition is
   at k. Of the map no more is asked than that it commutes with those translations. *)
Record corresponds (m : description) (hybrid : bool) (counts relocates : nat -> bool) (q k w : N)
  (choices : frame) (real virtual : state) : Prop := {
  fits_in : k + w <= q;
  is_paired : paired m k w real virtual;
  is_in_user : mode_is m real true = false /\ mode_is m real false = true;
  (* For the hybrid monitor: the virtual mode is the same. *)
  are_both_user : hybrid = true ->
    (forall b, mode_is m virtual b = mode_is m real b) /\
    forall c, is_mode m c = true -> row virtual c = row real c;
  is_whole : whole m = true -> k = 0 /\ w = q;
  are_fixed : forall c v, fixed_value m c = Some v -> get real c 0 = v;
  do_commute : forall t, relocates t = true -> forall a n, few n = true ->
    follows counts (fun p p' => lands k w q n p p')
            (translate m q choices real t a n) (translate m w choices virtual t a n);
}.

Lemma fixed_value_in : forall m c v, fixed_value m c = Some v -> In (c, v) (d_fixed m).
Proof.
  unfold fixed_value. intros m c v H.
  destruct (find _ (d_fixed m)) as [[x y] |] eqn:E; [| discriminate]. injection H as <-.
  apply find_some in E. destruct E as [Hin E]. apply Nat.eqb_eq in E. cbn in *. now subst.
Qed.

(* ---------------------------------------------------------------- what is known of values *)

Section Valued.
  Variable m : description.
  Variable size : N.
  Variable choices : frame.
  Variable s : state.
  Variable t : translator.
  Let value := eval m size choices s t.

  Lemma total_sound : forall e here f, total e = true -> exists v, value here f e = Ok v.
  Proof.
    unfold value. induction e; intros here f H; cbn [total] in H; cbn [eval]; split_and;
      try discriminate; try (eexists; reflexivity);
      try (destruct (IHe here f H) as (x & ->); cbn; eexists; reflexivity).
    - destruct translation; [discriminate |].
      destruct (IHe here f H) as (x & ->). cbn. eexists; reflexivity.
    - destruct (IHe1 here f H) as (x & ->), (IHe2 here f H0) as (y & ->). cbn. eauto.
    - destruct (IHe1 here f H) as (x & ->), (IHe2 here f H0) as (y & ->). cbn. eauto.
    - destruct (IHe1 here f H) as (x & ->). cbn. destruct (is_true x); auto.
    - destruct (IHe1 here f H) as (x & ->). cbn. auto.
  Qed.

  Variable leaf : expr -> option N.
  Hypothesis leaf_sound : forall e v here f, leaf e = Some v -> value here f e = Ok v.

  Lemma valued_sound : forall e v here f, valued leaf e = Some v -> value here f e = Ok v.
  Proof.
    unfold value in *.
    induction e; intros u here f H; cbn [valued] in H;
      match type of H with context [leaf ?e] => destruct (leaf e) as [l |] eqn:El end;
      try (injection H as <-; now apply leaf_sound); try discriminate; clear El; cbn [eval].
    - congruence.
    - destruct (valued leaf e) as [x |]; cbn in H; [| discriminate].
      rewrite (IHe x) by reflexivity. cbn. congruence.
    - destruct (valued leaf e) as [x |]; cbn in H; [| discriminate].
      rewrite (IHe x) by reflexivity. cbn. congruence.
    - destruct (valued leaf e1) as [x |]; [| discriminate].
      destruct (valued leaf e2) as [y |]; [| discriminate].
      rewrite (IHe1 x), (IHe2 y) by reflexivity. cbn. congruence.
    - destruct (valued leaf e1) as [x |]; [| discriminate].
      destruct (valued leaf e2) as [y |]; [| discriminate].
      rewrite (IHe1 x), (IHe2 y) by reflexivity. cbn. congruence.
    - destruct (valued leaf e) as [x |]; cbn in H; [| discriminate].
      rewrite (IHe x) by reflexivity. cbn. congruence.
    - destruct (valued leaf e1) as [x |].
      + rewrite (IHe1 x) by reflexivity. cbn. destruct (is_true x); auto.
      + destruct (valued leaf e2) as [x |]; [| discriminate].
        destruct (valued leaf e3) as [y |]; [| discriminate].
        destruct (total e1 && (x =? y)) eqn:E; [| discriminate]. split_and.
        apply N.eqb_eq in H1. injection H as ->. subst y.
        destruct (total_sound e1 here f H0) as (c & Hc). unfold value in Hc. rewrite Hc. cbn.
        destruct (is_true c); auto.
    - destruct (total e1) eqn:E; [| discriminate].
      destruct (total_sound e1 here f E) as (c & Hc). unfold value in Hc. rewrite Hc. cbn. auto.
  Qed.
End Valued.

Lemma constant_sound : forall e, is_constant e = true ->
  exists v, forall m size choices s t here f, eval m size choices s t here f e = Ok v.
Proof.
  unfold is_constant. intros e H. destruct (valued _ e) as [v |] eqn:E; [| discriminate].
  exists v. intros. eapply valued_sound; [| exact E]. discriminate.
Qed.

Section Sound.
  Variable m : description.
  Variable hybrid : bool.
  Variable counts : nat -> bool.
  Variable relocates : nat -> bool.
  Variables q k w : N.          (* real memory; the partition: where, how many cells *)
  Variable choices : frame.
  Variables real virtual : state.

  Hypothesis map : corresponds m hybrid counts relocates q k w choices real virtual.
  Let fits := fits_in _ _ _ _ _ _ _ _ _ _ map.
  Let pair := is_paired _ _ _ _ _ _ _ _ _ _ map.
  Let in_user := is_in_user _ _ _ _ _ _ _ _ _ _ map.
  Let both_user := are_both_user _ _ _ _ _ _ _ _ _ _ map.
  Let entire := is_whole _ _ _ _ _ _ _ _ _ _ map.
  Let fixed := are_fixed _ _ _ _ _ _ _ _ _ _ map.
  Let commutes := do_commute _ _ _ _ _ _ _ _ _ _ map.

  Definition real_translate : translator := translate m q choices real.
  Definition virtual_translate : translator := translate m w choices virtual.
  Definition real_eval := eval m q choices real real_translate.
  Definition virtual_eval := eval m w choices virtual virtual_translate.

  Lemma only_user_value : forall c v, d_mode m = Some c -> user_values m = [v] ->
    get real c 0 = v.
  Proof.
    intros c v Hc Hv. destruct in_user as [_ Hu].
    unfold mode_is in Hu. unfold user_values in Hv. rewrite Hc in Hu, Hv.
    apply existsb_exists in Hu. destruct Hu as ([x b] & Hin & Hx).
    apply andb_true_iff in Hx. destruct Hx as [Hx Hb]. cbn in *.
    apply N.eqb_eq in Hx. apply eqb_prop in Hb. subst.
    assert (In (get real c 0) (List.map fst (filter (fun x => negb (snd x))
                                          (c_modes (component_of m c))))) as H.
    { apply in_map_iff. exists (get real c 0, false). split; [reflexivity |].
      apply filter_In. auto. }
    rewrite Hv in H. destruct H as [H | []]. congruence.
  Qed.

  Lemma known_sound : forall e v here f, known m e = Some v -> real_eval here f e = Ok v.
  Proof.
    intros e v here f. apply valued_sound. clear e v here f. intros e v here f H.
    destruct e; try discriminate; cbn [real_leaf] in H.
    - destruct e; try discriminate. destruct n; try discriminate. cbn.
      destruct (fixed_value m component) as [x |] eqn:Ef.
      + injection H as ->. now rewrite (fixed _ _ Ef).
      + destruct (is_mode m component) eqn:Em; [| discriminate].
        destruct (user_values m) as [| x [| ? ?]] eqn:Ev; try discriminate.
        unfold is_mode in Em. destruct (d_mode m) as [d |] eqn:Ed; [| discriminate].
        apply Nat.eqb_eq in Em. subst. rewrite (only_user_value d x Ed Ev). congruence.
    - destruct in_user as [H1 H2]. cbn [eval]. destruct supervisor; rewrite ?H1, ?H2; cbn in *;
        congruence.
  Qed.

  (* A branch of which something was checked, on the real machine: it holds of the one taken. *)
  Lemma branch_sound : forall (A : Type) (P : result A -> Prop) c open a b here f
      (x y : result A),
    branch m c open a b = true ->
    (open = true -> is_mild counts (real_eval here f c)) ->
    (a = true -> P x) -> (b = true -> P y) ->
    (exists v, real_eval here f c = Ok v /\ P (if is_true v then x else y)) \/
    (open = true /\ P x /\ P y).
  Proof.
    intros A P c open a b here f x y H Ho Ha Hb. unfold branch in H.
    destruct (known m c) as [v |] eqn:E.
    - left. exists v. split; [now apply known_sound |]. destruct (is_true v); auto.
    - right. split_and. auto.
  Qed.

  Lemma mild_sound : forall e here f, mild m counts e = true -> is_mild counts (real_eval here f e).
  Proof.
    unfold real_eval. induction e; intros here f H; cbn [mild] in H; cbn [eval]; split_and;
      try exact I.
    - apply mild_bind; auto. intros; exact I.
    - destruct translation; [discriminate |]. apply mild_bind; auto. intros; exact I.
    - apply mild_bind; auto. intros; exact I.
    - apply mild_bind; auto. intros; exact I.
    - apply mild_bind; auto. intros. apply mild_bind; auto. intros; exact I.
    - apply mild_bind; auto. intros. apply mild_bind; auto. intros; exact I.
    - apply mild_bind; auto. intros; exact I.
    - destruct (branch_sound _ (is_mild counts) _ _ _ _ here f
                  (real_eval here f e2) (real_eval here f e3) H)
        as [(v & Hv & HP) | (Ho & Hx & Hy)];
        auto.
      + unfold real_eval in Hv. rewrite Hv. cbn. destruct (is_true v); auto.
      + apply mild_bind; auto. intros v _. destruct (is_true v); auto.
    - apply mild_bind; auto.
    - apply mild_bind; auto. intros. cbn. now apply negb_true_iff.
  Qed.

  Lemma voids_sound : forall e here f,
    voids m counts e = true -> is_void counts (real_eval here f e).
  Proof.
    unfold real_eval. induction e; intros here f H; cbn [voids] in H; cbn [eval]; try discriminate.
    - destruct (branch_sound _ (is_void counts) _ _ _ _ here f
                  (real_eval here f e2) (real_eval here f e3) H)
        as [(v & Hv & HP) | (Ho & Hx & Hy)];
        auto using mild_sound.
      + unfold real_eval in Hv. rewrite Hv. cbn. destruct (is_true v); auto.
      + apply void_bind; [now apply mild_sound |]. intros v _. destruct (is_true v); auto.
    - apply orb_true_iff in H. destruct H as [H | H].
      + apply void_bind_first. auto.
      + split_and. apply void_bind; [now apply mild_sound |]. auto.
    - split_and. apply void_bind; [now apply mild_sound |]. intros. cbn. now apply negb_true_iff.
  Qed.

  Lemma own_get : forall c i, own m c = true -> get real c i = get virtual c i.
  Proof. intros c i H. unfold get. destruct pair as [Hr _]. now rewrite (Hr c H). Qed.

  Lemma gather_shift : forall cw big n a,
    a + N.of_nat n <= w ->
    gather cw big (contents real) (k + a) n = gather cw big (contents virtual) a n.
  Proof.
    induction n as [| n IH]; intros a H; cbn [gather]; [reflexivity |].
    unfold peek. destruct pair as [_ Hm]. rewrite (Hm a) by lia.
    replace (k + a + 1) with (k + (a + 1)) by lia. now rewrite IH by lia.
  Qed.

  Lemma load_shift : forall p a n, lands k w q n p a ->
    load m q real p n = load m w virtual a n.
  Proof.
    intros p a n [-> H]. unfold load, is_inside.
    destruct (N.leb_spec (a + n) w) as [L | L].
    - replace (k + a + n <=? q) with true by (symmetry; apply N.leb_le; lia).
      apply gather_shift. lia.
    - destruct H as [H | [-> ->]]; [lia |].
      replace (0 + a + n <=? q) with false by (symmetry; apply N.leb_gt; lia). reflexivity.
  Qed.

  Lemma relates_sound : forall e here f, relates m hybrid counts relocates e = true ->
    follows counts eq (real_eval here f e) (virtual_eval here f e).
  Proof.
    unfold real_eval, virtual_eval.
    induction e; intros here f H; cbn [relates] in H; apply orb_true_iff in H;
      (destruct H as [H | H];
       [ apply orb_true_iff in H; destruct H as [H | H];
         [ apply void_follows; now apply voids_sound
         | destruct (constant_sound _ H) as (v & Hv); rewrite !Hv; cbn; eauto ] |]);
      cbn [eval]; split_and; try discriminate;
      try (eexists; split; reflexivity).
    - apply follows_bind with eq; auto. intros a b <-. cbn. eexists; split; [reflexivity |].
      apply orb_true_iff in H. destruct H as [H | H]; [now apply own_get |].
      split_and. destruct (both_user H) as [_ Hr]. unfold get. now rewrite (Hr component).
    - destruct (entire H) as [_ ->]. cbn. eauto.
    - destruct (both_user H) as [Hm _]. eexists; split; [reflexivity |]. now rewrite Hm.
    - destruct translation as [t |]; split_and.
      + apply follows_bind with eq; auto. intros a b <-. cbn [physical].
        apply follows_bind with (fun p p' => lands k w q n p p').
        * now apply commutes.
        * intros p p' Hp. cbn. eexists; split; [reflexivity |]. now apply load_shift.
      + apply follows_bind with eq; auto. intros a b <-. cbn.
        eexists; split; [reflexivity |]. apply load_shift. destruct (entire H) as [-> ->].
        split; [reflexivity | auto].
    - apply follows_bind with eq; auto. intros a b <-. cbn. eauto.
    - apply follows_bind with eq; auto. intros a b <-. cbn. eauto.
    - apply follows_bind with eq; auto. intros a b <-.
      apply follows_bind with eq; auto. intros a' b' <-. cbn. eauto.
    - apply follows_bind with eq; auto. intros a b <-.
      apply follows_bind with eq; auto. intros a' b' <-. cbn. eauto.
    - apply follows_bind with eq; auto. intros a b <-. cbn. eauto.
    - specialize (IHe1 here f H). unfold branch in H0. destruct (known m e1) as [v |] eqn:E.
      + pose proof (known_sound e1 v here f E) as Hk. unfold real_eval in Hk. rewrite Hk in *.
        destruct IHe1 as (b & -> & <-). cbn [bind]. destruct (is_true v); auto.
      + split_and. apply follows_bind with eq; auto. intros a b <-. destruct (is_true a); auto.
    - apply follows_bind with eq; auto. intros a b <-. auto.
    - apply follows_bind with eq; auto. intros a b <-. cbn. auto.
  Qed.

  (* ---------------------------------------------------------------- the same trap, first *)

  Definition agree (env : list (nat * nat)) (f f' : frame) : Prop :=
    forall a b, linked env a b = true -> f a = f' b.

  Lemma agree_define : forall env f f' a b v, agree env f f' ->
    agree ((a, b) :: env) (define f a v) (define f' b v).
  Proof.
    intros env f f' a b v H x y Hl. cbn [linked] in Hl. unfold define.
    destruct (Nat.eqb x a) eqn:E1.
    - now rewrite Hl.
    - destruct (Nat.eqb y b) eqn:E2; [discriminate | now apply H].
  Qed.

  Lemma alike_sound : forall e e' env here f f', agree env f f' ->
    alike m relocates env e e' = true ->
    follows counts eq (real_eval here f e) (virtual_eval here f' e').
  Proof.
    unfold real_eval, virtual_eval.
    induction e; intros e' env here f f' A H; destruct e'; cbn [alike] in H; cbn [eval];
      try discriminate; try (destruct translation; discriminate).
    - apply N.eqb_eq in H. subst. cbn. eauto.
    - cbn. rewrite (A _ _ H). eauto.
    - split_and. apply Nat.eqb_eq in H. subst.
      apply follows_bind with eq; [eapply IHe; eassumption |]. intros a b <-. cbn.
      eexists; split; [reflexivity |]. now apply own_get.
    - cbn. eauto.
    - cbn. eauto.
    - destruct translation as [t |]; [| discriminate].
      destruct translation0 as [t' |]; [| discriminate]. split_and.
      apply Nat.eqb_eq in H. apply N.eqb_eq in H3. subst.
      apply follows_bind with eq; [eapply IHe; eassumption |]. intros a b <-. cbn [physical].
      apply follows_bind with (fun p p' => lands k w q n0 p p').
      + now apply commutes.
      + intros p p' Hp. cbn. eexists; split; [reflexivity |]. now apply load_shift.
    - split_and. apply N.eqb_eq in H. apply N.eqb_eq in H1. subst.
      apply follows_bind with eq; [eapply IHe; eassumption |]. intros a b <-. cbn. eauto.
    - split_and. destruct (binary_eq_dec op op0); [| discriminate]. apply N.eqb_eq in H2. subst.
      apply follows_bind with eq; [eapply IHe1; eassumption |]. intros a b <-.
      apply follows_bind with eq; [eapply IHe2; eassumption |]. intros c d <-. cbn. eauto.
    - split_and. apply N.eqb_eq in H. subst.
      apply follows_bind with eq; [eapply IHe1; eassumption |]. intros a b <-.
      apply follows_bind with eq; [eapply IHe2; eassumption |]. intros c d <-. cbn. eauto.
    - split_and.
      apply follows_bind with eq; [eapply IHe1; eassumption |]. intros a b <-.
      destruct (is_true a); [eapply IHe2 | eapply IHe3]; eassumption.
    - split_and.
      apply follows_bind with eq; [eapply IHe1; eassumption |]. intros a b <-.
      eapply IHe2; [| eassumption]. now apply agree_define.
  Qed.

  (* A trap that counts, of the one and then of the other. *)
  Definition passes_on (real virtual : result N) : Prop :=
    forall t x, real = Bad (Trapped t x) -> counts t = true -> virtual = Bad (Trapped t x).

  Lemma virtual_total : forall e here f, total e = true -> exists v, virtual_eval here f e = Ok v.
  Proof. intros. now apply total_sound. Qed.

  Lemma begins_sound : forall e' e here f f', begins m relocates e e' = true ->
    passes_on (real_eval here f e) (virtual_eval here f' e').
  Proof.
    induction e'; intros e here f f' H t x Hr Ht; cbn [begins] in H; apply orb_true_iff in H;
      (destruct H as [H | H];
       [ pose proof (alike_sound _ _ [] here f f' ltac:(intros ? ? ?; discriminate) H) as F;
         rewrite Hr in F; now apply F |]);
      try discriminate; unfold virtual_eval in *; cbn [eval];
      try (rewrite (IHe' e here f f' H t x Hr Ht); reflexivity).
    - apply orb_true_iff in H. destruct H as [H | H].
      + rewrite (IHe'1 e here f f' H t x Hr Ht). reflexivity.
      + split_and. destruct (virtual_total e'1 here f' H) as (v & Hv). unfold virtual_eval in Hv.
        rewrite Hv. cbn. rewrite (IHe'2 e here f f' H0 t x Hr Ht). reflexivity.
    - apply orb_true_iff in H. destruct H as [H | H].
      + rewrite (IHe'1 e here f f' H t x Hr Ht). reflexivity.
      + split_and. destruct (virtual_total e'1 here f' H) as (v & Hv). unfold virtual_eval in Hv.
        rewrite Hv. cbn. rewrite (IHe'2 e here f f' H0 t x Hr Ht). reflexivity.
    - rewrite (IHe'1 e here f f' H t x Hr Ht). reflexivity.
    - apply orb_true_iff in H. destruct H as [H | H].
      + rewrite (IHe'1 e here f f' H t x Hr Ht). reflexivity.
      + split_and. destruct (virtual_total e'1 here f' H) as (v & Hv). unfold virtual_eval in Hv.
        rewrite Hv. cbn. apply (IHe'2 e here f _ H0 t x Hr Ht).
  Qed.

  (* A trap that counts comes from the part that is not mild. *)
  Lemma from_second : forall (A B : Type) (r : result A) (g : A -> result B) t x,
    is_mild counts r -> bind r g = Bad (Trapped t x) -> counts t = true ->
    exists a, r = Ok a /\ g a = Bad (Trapped t x).
  Proof.
    intros A B [a | [t' x' |]] g t x H E Ht; cbn in *; [eauto | | contradiction].
    injection E as <- <-. congruence.
  Qed.

  Lemma from_first : forall (A B : Type) (r : result A) (g : A -> result B) t x,
    (forall a, is_mild counts (g a)) -> bind r g = Bad (Trapped t x) -> counts t = true ->
    r = Bad (Trapped t x).
  Proof.
    intros A B [a | [t' x' |]] g t x H E Ht; cbn in *; try congruence.
    specialize (H a). rewrite E in H. cbn in H. congruence.
  Qed.

  Lemma leads_sound : forall e e' here f f', leads m counts relocates e e' = true ->
    passes_on (real_eval here f e) (virtual_eval here f' e').
  Proof.
    induction e; intros e' here f f' H t x Hr Ht; cbn [leads] in H; apply orb_true_iff in H;
      (destruct H as [H | H];
       [ apply orb_true_iff in H; destruct H as [H | H];
         [ pose proof (mild_sound _ here f H) as M; rewrite Hr in M; cbn in M; congruence
         | now apply (begins_sound e' _ here f f' H) ] |]);
      try discriminate; unfold real_eval in Hr; cbn [eval] in Hr.
    - apply (IHe e' here f f' H t x); [| assumption].
      eapply from_first; [| exact Hr | assumption]. intros; exact I.
    - apply (IHe e' here f f' H t x); [| assumption].
      eapply from_first; [| exact Hr | assumption]. intros; exact I.
    - apply orb_true_iff in H. destruct H as [H | H]; split_and.
      + destruct (from_second _ _ _ _ _ _ (mild_sound e1 here f H) Hr Ht) as (a & _ & Ha).
        apply (IHe2 e' here f f' H0 t x); [| assumption].
        eapply from_first; [| exact Ha | assumption]. intros; exact I.
      + apply (IHe1 e' here f f' H0 t x); [| assumption].
        eapply from_first; [| exact Hr | assumption].
        intros. apply mild_bind; [now apply mild_sound | intros; exact I].
    - apply orb_true_iff in H. destruct H as [H | H]; split_and.
      + destruct (from_second _ _ _ _ _ _ (mild_sound e1 here f H) Hr Ht) as (a & _ & Ha).
        apply (IHe2 e' here f f' H0 t x); [| assumption].
        eapply from_first; [| exact Ha | assumption]. intros; exact I.
      + apply (IHe1 e' here f f' H0 t x); [| assumption].
        eapply from_first; [| exact Hr | assumption].
        intros. apply mild_bind; [now apply mild_sound | intros; exact I].
    - apply (IHe e' here f f' H t x); [| assumption].
      eapply from_first; [| exact Hr | assumption]. intros; exact I.
    - apply orb_true_iff in H. destruct H as [H | H]; split_and.
      + destruct (from_second _ _ _ _ _ _ (mild_sound e1 here f H) Hr Ht) as (a & _ & Ha).
        exact (IHe2 e' here _ f' H0 t x Ha Ht).
      + apply (IHe1 e' here f f' H0 t x); [| assumption].
        eapply from_first; [| exact Hr | assumption]. intros. now apply mild_sound.
  Qed.
End Sound.
