(* SPDX-License-Identifier: MIT *)
(* The classifier is sound: an instruction that may run directly does on the real machine, in user
   mode and relocated, what it does on the virtual machine, and touches nothing else. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier States ClassifierValues
  ClassifierStatements.
Local Open Scope N_scope.

(* Nothing but registers, counter and the cells of the partition has changed. *)
Definition contained (m : description) (k w : N) (before after : state) : Prop :=
  (forall c, own m c = false -> row after c = row before c) /\
  (forall a, a < k \/ k + w <= a -> contents after a = contents before a) /\
  history after = history before.

Lemma contained_refl : forall m k w s, contained m k w s s.
Proof. unfold contained; auto. Qed.

Lemma contained_trans : forall m k w a b c,
  contained m k w a b -> contained m k w b c -> contained m k w a c.
Proof.
  intros m k w a b c (R1 & C1 & H1) (R2 & C2 & H2). repeat split.
  - intros x Hx. now rewrite R2, R1.
  - intros x Hx. now rewrite C2, C1.
  - congruence.
Qed.

Lemma own_kind : forall m c, own m c = true ->
  match c_kind (component_of m c) with General | Counter => True | _ => False end.
Proof. unfold own. intros m c H. destruct (c_kind (component_of m c)); auto; discriminate. Qed.

Lemma set_contained : forall m k w s c i v, own m c = true -> contained m k w s (set m s c i v).
Proof.
  intros m k w s c i v H. repeat split.
  - intros c' H'. rewrite row_set. destruct (Nat.eqb c' c) eqn:E; [| reflexivity].
    apply Nat.eqb_eq in E. congruence.
  - intros. now rewrite contents_set.
  - apply history_set.
Qed.

Lemma set_paired : forall m k w r v c i x, own m c = true -> paired m k w r v ->
  paired m k w (set m r c i x) (set m v c i x).
Proof.
  intros m k w r v c i x H [Hr Hc]. split.
  - intros c' H'. rewrite !row_set, (Hr c H). now rewrite (Hr c' H').
  - intros a Ha. rewrite !contents_set. auto.
Qed.

Section Sound.
  Variable m : description.
  Variable hybrid : bool.
  Variables counts relocates : nat -> bool.
  Variables q k w : N.
  Variable choices : frame.
  Variable answer : list event -> nat -> N -> N.
  Hypothesis fits : k + w <= q.

  (* Before the commitment, the mode is user where it matters. *)
  Definition mode_is_user (s : state) : Prop :=
    forall c u, is_mode m c = true -> c_kind (component_of m c) = Mode -> user_values m = [u] ->
    get s c 0 = u.

  Lemma mode_contained : forall k' w' s t,
    contained m k' w' s t -> mode_is_user s -> mode_is_user t.
  Proof.
    intros k' w' s t (Hr & _ & _) H c u Hc Hk Hu. unfold get.
    rewrite Hr; [now apply H |]. unfold own. now rewrite Hk.
  Qed.

  Lemma idle_put : forall s c u, mode_is_user s -> is_mode m c = true ->
    c_kind (component_of m c) = Mode -> user_values m = [u] ->
    u < 2 ^ c_width (component_of m c) -> forall size,
    put m size s (To c 0 0 (c_width (component_of m c))) u = s.
  Proof.
    intros s c u H Hc Hk Hu Hw size. cbn [put]. rewrite Hk. apply set_same.
    rewrite splice_whole by assumption. symmetry. now apply H.
  Qed.

  Lemma commit_like : forall l l', Forall2 (like_effect m hybrid q k w) l l' -> forall r v,
    paired m k w r v -> mode_is_user r -> (hybrid = true -> mode_is_user v) ->
    paired m k w (commit m q answer r l) (commit m w answer v l') /\
    contained m k w r (commit m q answer r l) /\
    contained m 0 w v (commit m w answer v l').
  Proof.
    induction 1 as [| x x' l l' Hx Hl IH]; intros r v Hp Hr Hv.
    - cbn. auto using contained_refl.
    - destruct (IH r v Hp Hr Hv) as (P & Cr & Cv). unfold commit in *. cbn [fold_right].
      set (r' := fold_right _ r l) in *. set (v' := fold_right _ v l') in *.
      clearbody r' v'. unfold commit_one.
      destruct Hx as [(Ht & y & Ey & Ey')
                     | (Hh & c & u & Hc & Hk & Hu & Hv1 & Et & Et' & Ef & Ef')].
      + rewrite Ey, Ey'.
        destruct (e_to x) as [c i from wd | p n], (e_to x') as [c' i' from' wd' | p' n'];
          cbn in Ht; try contradiction.
        * destruct Ht as (<- & <- & <- & <- & Ho). cbn [put].
          assert (get r' c i = get v' c i) as Eg.
          { destruct P as [Pr _]. unfold get. now rewrite (Pr c Ho). }
          pose proof (own_kind m c Ho) as Hk.
          destruct (c_kind (component_of m c)); try contradiction; rewrite Eg;
            (split; [now apply set_paired |]);
            split; eapply contained_trans; eauto using set_contained.
        * destruct Ht as (<- & -> & Hn). cbn [put]. unfold store, is_inside.
          destruct (N.leb_spec (p' + n) w) as [L | L];
            [| destruct Hn as [Hn | [-> ->]]; [lia |];
               replace (0 + p' + n <=? q) with false by (symmetry; apply N.leb_gt; lia); auto].
          replace (k + p' + n <=? q) with true by (symmetry; apply N.leb_le; lia).
          destruct P as [Pr Pc]. repeat split.
          -- intros c Hc. now apply Pr.
          -- intros a Ha. cbn [contents]. now apply scatter_shift with (size := w).
          -- intros c Hc. now apply Cr.
          -- intros a Ha. cbn [contents].
             rewrite scatter_outside by (rewrite N2Nat.id; lia). now apply Cr.
          -- now apply Cr.
          -- intros c Hc. now apply Cv.
          -- intros a Ha. cbn [contents].
             rewrite scatter_outside by (rewrite N2Nat.id; lia). now apply Cv.
          -- now apply Cv.
      + rewrite Ef, Ef', Et', Et.
        rewrite !(idle_put _ c u); eauto using mode_contained.
  Qed.

  (* ---------------------------------------------------------------- the tick *)

  Definition to_resource (x : effect) : Prop :=
    exists c i from wd v, e_to x = To c i from wd /\ e_from x = Value v /\
      c_kind (component_of m c) = Resource.

  Lemma spares_sound : forall size s t x here p p', spares m x = true ->
    Forall to_resource (effects p) -> run m size choices s t here p x = Ok p' ->
    Forall to_resource (effects p').
  Proof.
    induction x; intros here p p' H Hp Hr; cbn [spares run] in *; split_and; try discriminate.
    - congruence.
    - destruct (run m size choices s t here p x1) as [p1 |] eqn:E; cbn in Hr; [| discriminate].
      eauto.
    - destruct to as [c i from wd | ? ? ?]; [| discriminate]. cbn [locate] in Hr.
      destruct (eval m size choices s t here (slots p) i); cbn in Hr; [| discriminate].
      destruct (eval m size choices s t here (slots p) value); cbn in Hr; [| discriminate].
      injection Hr as <-. cbn. constructor; [| assumption].
      repeat eexists; cbn. destruct (c_kind (component_of m c)); auto; discriminate.
    - destruct (eval m size choices s t here (slots p) value); cbn in Hr; [| discriminate].
      now injection Hr as <-.
    - destruct (eval m size choices s t here (slots p) condition); cbn in Hr; [| discriminate].
      destruct (is_true a); eauto.
    - destruct (eval m size choices s t here (slots p) information); cbn in Hr; discriminate.
    - destruct (eval m size choices s t here (slots p) code); cbn in Hr; [| discriminate].
      now injection Hr as <-.
    - now injection Hr as <-.
  Qed.

  (* What a tick leaves alone: all but resources. *)
  Definition ticks_only (s t : state) : Prop :=
    (forall c, c_kind (component_of m c) <> Resource -> row t c = row s c) /\
    contents t = contents s /\ history t = history s.

  Lemma commit_resources : forall size l s, Forall to_resource l ->
    ticks_only s (commit m size answer s l).
  Proof.
    intros size l s. induction 1 as [| x l Hx Hl IH]; [repeat split; auto |].
    unfold commit in *. cbn [fold_right]. set (t := fold_right _ s l) in *. clearbody t.
    destruct Hx as (c & i & from & wd & v & Et & Ef & Hk). destruct IH as (Rr & Rc & Rh).
    unfold commit_one. rewrite Ef, Et. cbn [put]. rewrite Hk. repeat split.
    - intros c' Hc'. rewrite row_set. destruct (Nat.eqb c' c) eqn:E; [| auto].
      apply Nat.eqb_eq in E. congruence.
    - now rewrite contents_set.
    - now rewrite history_set.
  Qed.

  Lemma ticked_only : forall size s, spares m (d_tick m) = true ->
    ticks_only s (ticked m size choices answer s).
  Proof.
    intros size s H. unfold ticked, evaluate.
    destruct (run m size choices s _ nowhere (begin empty) (d_tick m)) as [p |] eqn:E;
      [| repeat split; auto].
    apply commit_resources. eapply spares_sound; eauto. constructor.
  Qed.

  Lemma own_not_resource : forall c, own m c = true -> c_kind (component_of m c) <> Resource.
  Proof. intros c H E. unfold own in H. rewrite E in H. discriminate. Qed.

  (* ---------------------------------------------------------------- the theorem *)

  Variables real virtual : state.
  Hypothesis map : corresponds m hybrid counts relocates q k w choices real virtual.
  Hypothesis frame_sound : sound_frame m = true.

  Lemma real_mode : mode_is_user real.
  Proof.
    intros c u Hc Hk Hu. unfold is_mode in Hc.
    destruct (d_mode m) as [d |] eqn:Ed; [| discriminate].
    apply Nat.eqb_eq in Hc. subst. eapply only_user_value; eassumption.
  Qed.

  Lemma virtual_mode : hybrid = true -> mode_is_user virtual.
  Proof.
    intros Hh c u Hc Hk Hu. destruct (are_both_user _ _ _ _ _ _ _ _ _ _ map Hh) as [_ Hr].
    unfold get. rewrite (Hr c Hc). now apply real_mode.
  Qed.

  (* One instruction, on the machine below and on the virtual one. If it completes there, it
     completes here: the states correspond again, the virtual machine's mode and resources are what
     its own tick makes of them, and of the real machine only registers, counter and the partition
     have changed. If it raises a trap that is reflected without looking, it raises the same here.
     It does not stop the real machine, and does not wait. *)
  Theorem classifier_sound : forall i word,
    statement_relates m hybrid counts relocates (i_body i) = true ->
    match perform m q choices answer real i word with
    | Next real' =>
        exists virtual', perform m w choices answer virtual i word = Next virtual' /\
          paired m k w real' virtual' /\
          contained m k w (ticked m q choices answer real) real' /\
          contained m 0 w (ticked m w choices answer virtual) virtual'
    | Traps t x => counts t = true -> perform m w choices answer virtual i word = Traps t x
    | Stops _ _ | Waits _ | Sticks => False
    end.
  Proof.
    intros i word H. unfold sound_frame in frame_sound.
    apply andb_true_iff in frame_sound. destruct frame_sound as [Ht Hc].
    assert (behind m real i = behind m virtual i) as Eb.
    { unfold behind, counter. now rewrite (own_get _ _ _ _ _ _ _ _ _ _ map _ 0 Hc). }
    unfold perform. rewrite <- Eb. unfold evaluate.
    pose proof (statement_relates_sound m hybrid counts relocates q k w choices real virtual map
                  (i_body i) {| Semantics.word := word; next := behind m real i |}
                  (begin empty) (begin empty) H) as Hs.
    assert (like m hybrid q k w (begin empty) (begin empty)) as Hb
      by (unfold like; cbn; repeat split; auto).
    specialize (Hs Hb).
    destruct (run m q choices real _ _ _ (i_body i)) as [p | [t x |]]; cbn [follows] in Hs.
    - destruct Hs as (p' & -> & Hsl & Hef & Hr & Hv). rewrite Hr, Hv.
      eexists; split; [reflexivity |]. unfold complete. rewrite <- Eb.
      destruct (ticked_only q real Ht) as (Rr & Rc & Rh).
      destruct (ticked_only w virtual Ht) as (Vr & Vc & Vh).
      destruct (is_paired _ _ _ _ _ _ _ _ _ _ map) as [Pr Pc].
      assert (paired m k w (ticked m q choices answer real)
                (ticked m w choices answer virtual)) as Pt.
      { split.
        - intros c Ho. rewrite Rr, Vr by now apply own_not_resource. auto.
        - intros a Ha. rewrite Rc, Vc. auto. }
      set (r1 := set m (ticked m q choices answer real) (d_counter m) 0 (behind m real i)).
      set (v1 := set m (ticked m w choices answer virtual) (d_counter m) 0 (behind m real i)).
      assert (contained m k w (ticked m q choices answer real) r1) as C1 by now apply set_contained.
      assert (contained m 0 w (ticked m w choices answer virtual) v1) as C2
        by now apply set_contained.
      destruct (commit_like _ _ Hef r1 v1) as (P & Cr & Cv).
      + now apply set_paired.
      + eapply mode_contained; [exact C1 |]. intros c u Hm Hk Hu. unfold get.
        rewrite Rr by (rewrite Hk; discriminate). now apply real_mode.
      + intros Hh. eapply mode_contained; [exact C2 |]. intros c u Hm Hk Hu. unfold get.
        rewrite Vr by (rewrite Hk; discriminate). now apply virtual_mode.
      + repeat split; try apply P; eauto using contained_trans.
        all: try (eapply contained_trans; eassumption).
        all: try apply (contained_trans _ _ _ _ _ _ C1 Cr).
        all: try apply (contained_trans _ _ _ _ _ _ C2 Cv).
    - intros E. now rewrite (Hs E).
    - contradiction.
  Qed.
End Sound.

(* An instruction that always traps does so in user mode where the machine holds what the map fixes,
   whatever else the state; it is no check stop. *)
Theorem always_traps_sound : forall m q choices answer s i word,
  always_traps m i = true ->
  mode_is m s true = false -> mode_is m s false = true ->
  (forall c v, fixed_value m c = Some v -> get s c 0 = v) ->
  exists t x, perform m q choices answer s i word = Traps t x.
Proof.
  intros m q choices answer s i word H Hs Hu Hx. unfold always_traps in H.
  assert (corresponds m false no_traps (fun _ => false) q 0 q choices s s) as map.
  { constructor; try discriminate; auto; [reflexivity |]. split; auto. }
  unfold perform, evaluate.
  pose proof (statement_voids_sound _ _ _ _ _ _ _ _ _ _ map (i_body i)
                {| Semantics.word := word; next := behind m s i |} (begin empty) H) as Hv.
  destruct (run _ _ _ _ _ _ _ _) as [p | [t x |]]; cbn in Hv; try contradiction. eauto.
Qed.
