(* SPDX-License-Identifier: MIT *)
(* Soundness of the classifier, second part: statements that it accepts have the like effects on the
   real machine and the virtual one. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier States ClassifierValues.
Local Open Scope N_scope.

Section Statements.
  Variable m : description.
  Variable hybrid : bool.
  Variable counts : nat -> bool.
  Variable relocates : nat -> bool.
  Variables q k w : N.
  Variable choices : frame.
  Variables real virtual : state.
  Hypothesis map : corresponds m hybrid counts relocates q k w choices real virtual.

  Let rt := translate m q choices real.
  Let vt := translate m w choices virtual.
  Let reval := eval m q choices real rt.
  Let veval := eval m w choices virtual vt.
  Let rrun := run m q choices real rt.
  Let vrun := run m w choices virtual vt.

  Lemma value : forall e here f, relates m hybrid counts relocates e = true ->
    follows counts eq (reval here f e) (veval here f e).
  Proof. intros. eapply relates_sound; eassumption. Qed.

  Lemma mild_value : forall e here f, mild m counts e = true -> is_mild counts (reval here f e).
  Proof. intros. eapply mild_sound; eassumption. Qed.

  Lemma void_value : forall e here f, voids m counts e = true -> is_void counts (reval here f e).
  Proof. intros. eapply voids_sound; eassumption. Qed.

  Lemma known_value : forall e v here f, known m e = Some v -> reval here f e = Ok v.
  Proof. intros. eapply known_sound; eassumption. Qed.

  Lemma place_mild_sound : forall p here f, place_mild m counts p = true ->
    is_mild counts (locate m q choices real rt here f p).
  Proof.
    intros [c i from wd | [t |] n a] here f H; cbn in *; try discriminate.
    - apply mild_bind; [now apply mild_value |]. intros; exact I.
    - apply mild_bind; [now apply mild_value |]. intros; exact I.
  Qed.

  Lemma statement_mild_sound : forall x here p, statement_mild m counts x = true ->
    is_mild counts (rrun here p x).
  Proof.
    unfold rrun. induction x; intros here p H; cbn [statement_mild] in H; cbn [run]; split_and;
      try exact I; try discriminate.
    - apply mild_bind; auto.
    - apply mild_bind; [now apply place_mild_sound |]. intros.
      apply mild_bind; [now apply mild_value |]. intros; exact I.
    - apply mild_bind; [now apply place_mild_sound |]. intros.
      apply mild_bind; [now apply mild_value |]. intros; exact I.
    - apply mild_bind; [now apply mild_value |]. intros; exact I.
    - unfold branch in H. destruct (known m condition) as [v |] eqn:E.
      + pose proof (known_value _ _ here (slots p) E) as Hk. unfold reval in Hk. rewrite Hk.
        cbn [bind]. destruct (is_true v); auto.
      + split_and. apply mild_bind; [now apply mild_value |].
        intros v _. destruct (is_true v); auto.
    - apply mild_bind; [now apply mild_value |]. intros. cbn. now apply negb_true_iff.
    - apply mild_bind; [now apply mild_value |]. intros; exact I.
  Qed.

  Lemma statement_voids_sound : forall x here p, statement_voids m counts x = true ->
    is_void counts (rrun here p x).
  Proof.
    unfold rrun. induction x; intros here p H; cbn [statement_voids] in H; cbn [run];
      try discriminate.
    - apply orb_true_iff in H. destruct H as [H | H].
      + apply void_bind_first. auto.
      + split_and. apply void_bind; [now apply statement_mild_sound |]. auto.
    - apply void_bind_first. now apply void_value.
    - unfold branch in H. destruct (known m condition) as [v |] eqn:E.
      + pose proof (known_value _ _ here (slots p) E) as Hk. unfold reval in Hk. rewrite Hk.
        cbn [bind]. destruct (is_true v); auto.
      + split_and. apply void_bind; [now apply mild_value |].
        intros v _. destruct (is_true v); auto.
    - split_and. apply void_bind; [now apply mild_value |]. intros. cbn. now apply negb_true_iff.
  Qed.

  (* ---------------------------------------------------------------- effects *)

  Definition like_target (r v : target) : Prop :=
    match r, v with
    | To c i from wd, To c' i' from' wd' =>
        c = c' /\ i = i' /\ from = from' /\ wd = wd' /\ own m c = true
    | At p n, At p' n' => n = n' /\ lands k w q n p p'
    | _, _ => False
    end.

  (* The mode set to what it is. *)
  Definition idle_effect (r v : effect) : Prop :=
    hybrid = true /\
    exists c u, is_mode m c = true /\ c_kind (component_of m c) = Mode /\
      u < 2 ^ c_width (component_of m c) /\ user_values m = [u] /\
      e_to r = To c 0 0 (c_width (component_of m c)) /\ e_to v = e_to r /\
      e_from r = Value u /\ e_from v = Value u.

  Definition like_effect (r v : effect) : Prop :=
    (like_target (e_to r) (e_to v) /\ exists x, e_from r = Value x /\ e_from v = Value x) \/
    idle_effect r v.

  Definition like (r v : progress) : Prop :=
    slots r = slots v /\ Forall2 like_effect (effects r) (effects v) /\
    ends r = Completes /\ ends v = Completes.

  Lemma place_relates_sound : forall p here f, place_relates m hybrid counts relocates p = true ->
    follows counts like_target (locate m q choices real rt here f p)
            (locate m w choices virtual vt here f p).
  Proof.
    intros [c i from wd | [t |] n a] here f H; cbn in H; split_and; cbn [locate].
    - apply follows_bind with eq; [now apply value |]. intros x y <-. cbn.
      eexists; split; [reflexivity |]. repeat split; auto.
    - apply follows_bind with eq; [now apply value |]. intros x y <-. cbn [physical].
      apply follows_bind with (fun p p' => lands k w q n p p').
      + now apply (do_commute _ _ _ _ _ _ _ _ _ _ map).
      + intros p p' Hp. cbn. eexists; split; [reflexivity |]. split; auto.
    - apply follows_bind with eq; [now apply value |]. intros x y <-. cbn.
      eexists; split; [reflexivity |]. split; [reflexivity |].
      destruct (is_whole _ _ _ _ _ _ _ _ _ _ map H) as [-> ->]. split; [reflexivity | auto].
  Qed.

  Lemma idle_sound : forall p v here f, idle m hybrid p v = true ->
    exists t u, locate m q choices real rt here f p = Ok t /\
      locate m w choices virtual vt here f p = Ok t /\ reval here f v = Ok u /\
      idle_effect {| e_to := t; e_from := Value u |} {| e_to := t; e_from := Value u |}.
  Proof.
    intros [c i from wd | ? ? ?] v here f H; unfold idle in H; split_and; [| discriminate].
    destruct i as [n | | | | | | | | | | | | | | | | |]; try discriminate.
    destruct n; try discriminate. destruct from; try discriminate. split_and.
    destruct (known m v) as [u |] eqn:Ek; [| discriminate].
    destruct (user_values m) as [| x [| ? ?]] eqn:Eu; try discriminate. split_and.
    repeat match goal with
    | E : (_ =? _) = true |- _ => apply N.eqb_eq in E
    | E : (_ <? _) = true |- _ => apply N.ltb_lt in E
    | E : match c_kind ?x with _ => _ end = true |- _ =>
        destruct (c_kind x) eqn:?; try discriminate; clear E
    end.
    subst.
    exists (To c 0 0 (c_width (component_of m c))), x. cbn.
    repeat split; auto; [now apply known_value |].
    exists c, x. repeat split; auto.
  Qed.

  Lemma aborts_sound : forall x here p y, aborts m x = true -> rrun here p x <> Ok y.
  Proof.
    unfold rrun. induction x; intros here p y H E; cbn [aborts] in H; cbn [run] in E;
      try discriminate.
    - apply orb_true_iff in H.
      destruct (run m q choices real rt here p x1) as [p1 |] eqn:E1; cbn in E; [| discriminate].
      destruct H as [H | H]; [exact (IHx1 _ _ _ H E1) | exact (IHx2 _ _ _ H E)].
    - destruct (eval m q choices real rt here (slots p) condition) as [c |] eqn:Ec; cbn in E;
        [| discriminate].
      unfold branch in H. destruct (known m condition) as [v |] eqn:Ek.
      + pose proof (known_value _ _ here (slots p) Ek) as Hk. unfold reval in Hk.
        rewrite Ec in Hk. injection Hk as ->.
        destruct (is_true v); [eapply IHx1 | eapply IHx2]; eassumption.
      + split_and. destruct (is_true c); [eapply IHx1 | eapply IHx2]; eassumption.
    - destruct (eval m q choices real rt here (slots p) information); cbn in E; discriminate.
  Qed.

  Lemma follows_aborts : forall (A B : Type) (R : A -> A -> Prop) (R' : B -> B -> Prop) r s f g,
    follows counts R r s -> (forall a, r <> Ok a) -> follows counts R' (bind r f) (bind s g).
  Proof.
    intros A B R R' [a | [t x |]] s f g H N; cbn in *.
    - now destruct (N a).
    - intros E. now rewrite (H E).
    - contradiction.
  Qed.

  Lemma still_sound : forall x here p, still x = true -> exists p', vrun here p x = Ok p'.
  Proof.
    unfold vrun. induction x; intros here p H; cbn [still] in H; cbn [run]; split_and;
      try discriminate.
    - eauto.
    - destruct (IHx1 here p H) as (p1 & ->). cbn. auto.
    - destruct to; [| discriminate]. split_and. cbn [locate].
      destruct (total_sound m w choices virtual vt _ here (slots p) H) as (a & ->).
      destruct (total_sound m w choices virtual vt _ here (slots p) H0) as (b & ->). cbn. eauto.
    - destruct (total_sound m w choices virtual vt _ here (slots p) H) as (a & ->). cbn. eauto.
    - destruct (total_sound m w choices virtual vt _ here (slots p) H) as (a & ->). cbn.
      destruct (is_true a); auto.
  Qed.

  Lemma leads_value : forall e e' here f f' t x, leads m counts relocates e e' = true ->
    reval here f e = Bad (Trapped t x) -> counts t = true -> veval here f' e' = Bad (Trapped t x).
  Proof. intros until 1. eapply leads_sound; eassumption. Qed.

  Lemma raises_sound : forall x e here f p t y, raises m counts relocates e x = true ->
    reval here f e = Bad (Trapped t y) -> counts t = true -> vrun here p x = Bad (Trapped t y).
  Proof.
    unfold vrun. induction x; intros e here f p t y H Hr Ht; cbn [raises] in H; cbn [run];
      try discriminate; fold vt.
    - apply orb_true_iff in H. destruct H as [H | H].
      + now rewrite (IHx1 e here f p t y H Hr Ht).
      + split_and. destruct (still_sound x1 here p H) as (p1 & Hp). unfold vrun in Hp.
        rewrite Hp. cbn. eauto.
    - destruct to as [c i from wd | o n a]; cbn [locate].
      + apply orb_true_iff in H. destruct H as [H | H].
        * pose proof (leads_value _ _ here f (slots p) t y H Hr Ht) as E. unfold veval in E.
          now rewrite E.
        * split_and. destruct (total_sound m w choices virtual vt _ here (slots p) H) as (a & ->).
          pose proof (leads_value _ _ here f (slots p) t y H0 Hr Ht) as E. unfold veval in E.
          cbn. now rewrite E.
      + pose proof (leads_value _ _ here f (slots p) t y H Hr Ht) as E. unfold veval in E.
        now rewrite E.
    - pose proof (leads_value _ _ here f (slots p) t y H Hr Ht) as E. unfold veval in E.
      now rewrite E.
    - pose proof (leads_value _ _ here f (slots p) t y H Hr Ht) as E. unfold veval in E.
      now rewrite E.
    - pose proof (leads_value _ _ here f (slots p) t y H Hr Ht) as E. unfold veval in E.
      now rewrite E.
    - pose proof (leads_value _ _ here f (slots p) t y H Hr Ht) as E. unfold veval in E.
      now rewrite E.
  Qed.

  Lemma guarded_sound : forall a b here r v,
    guarded m hybrid counts relocates a b = true -> like r v ->
    follows counts like (rrun here r (Seq a b)) (vrun here v (Seq a b)).
  Proof.
    intros a b here r v H (Ls & _). unfold guarded in H.
    destruct a; try discriminate. destruct a1; try discriminate. destruct a2; try discriminate.
    destruct (known m condition) as [c |] eqn:Ek; [| discriminate]. split_and.
    apply negb_true_iff in H. apply negb_true_iff in H2.
    unfold rrun, vrun. cbn [run]. fold rt vt.
    pose proof (known_value _ _ here (slots r) Ek) as Hk. unfold reval in Hk. rewrite Hk.
    cbn [bind]. rewrite H.
    destruct (total_sound m w choices virtual vt condition here (slots v) H3) as (u & ->).
    pose proof (value information here (slots r) H1) as Hv. cbn [bind].
    destruct (reval here (slots r) information) as [i | [t' x |]] eqn:Ei; unfold reval in Ei;
      rewrite Ei; cbn in *; try contradiction; [congruence |].
    intros Ht. destruct (is_true u).
    - cbn. eapply raises_sound; eassumption.
    - rewrite <- Ls. unfold veval in Hv. now rewrite (Hv Ht).
  Qed.

  Lemma statement_relates_sound : forall x here r v,
    statement_relates m hybrid counts relocates x = true -> like r v ->
    follows counts like (rrun here r x) (vrun here v x).
  Proof.
    unfold rrun, vrun.
    induction x; intros here r v H L; cbn [statement_relates] in H; apply orb_true_iff in H;
      (destruct H as [H | H]; [apply void_follows; now apply statement_voids_sound |]);
      cbn [run]; split_and; try discriminate; destruct L as (Ls & Le & Lr & Lv).
    - cbn. eexists; split; [reflexivity |]. repeat split; auto.
    - apply orb_true_iff in H. destruct H as [H | H].
      { apply guarded_sound; [assumption | repeat split; auto]. }
      split_and. apply orb_true_iff in H0. destruct H0 as [H0 | H0].
      + apply follows_aborts with like; [apply IHx1; auto; repeat split; auto |].
        intros a. now apply aborts_sound.
      + apply follows_bind with like; [apply IHx1; auto; repeat split; auto |]. auto.
    - rewrite <- Ls. apply orb_true_iff in H. destruct H as [H | H].
      + apply follows_bind with like_target; [now apply place_relates_sound |]. intros t t' Ht.
        apply follows_bind with eq; [now apply value |]. intros y y' <-. cbn.
        eexists; split; [reflexivity |]. unfold like; cbn. repeat split; auto.
        constructor; auto. left. cbn. eauto.
      + destruct (idle_sound _ _ here (slots r) H) as (t & u & Hr & Hv & Hu & Hi).
        rewrite Hr, Hv. cbn [bind]. fold rt vt.
        pose proof (value value0 here (slots r) H0) as Hf. rewrite Hu in Hf.
        destruct Hf as (u' & Hu' & <-). unfold reval in Hu. unfold veval in Hu'.
        rewrite Hu, Hu'. cbn. eexists; split; [reflexivity |]. unfold like; cbn. repeat split; auto.
        constructor; auto. now right.
    - rewrite <- Ls. apply follows_bind with eq; [now apply value |]. intros y y' <-. cbn.
      eexists; split; [reflexivity |]. unfold like; cbn. rewrite Ls. auto.
    - rewrite <- Ls. pose proof (value condition here (slots r) H) as Hc.
      unfold branch in H0. destruct (known m condition) as [u |] eqn:E.
      + pose proof (known_value _ _ here (slots r) E) as Hk. rewrite Hk in Hc.
        destruct Hc as (u' & Hu' & <-). unfold reval in Hk. unfold veval in Hu'.
        rewrite Hk, Hu'. cbn [bind].
        destruct (is_true u); [apply IHx1 | apply IHx2]; auto; repeat split; auto.
      + split_and. apply follows_bind with eq; [exact Hc |]. intros y y' <-.
        destruct (is_true y); [apply IHx1 | apply IHx2]; auto; repeat split; auto.
    - rewrite <- Ls. apply follows_bind with eq; [now apply value |]. intros y y' <-. cbn. auto.
  Qed.
End Statements.
