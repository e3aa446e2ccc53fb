(* SPDX-License-Identifier: MIT *)
(* Direct execution, step after step: fetch, decoding, the instruction and the tick. The states
   represent each other again afterwards, so any number of steps follows. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier States ClassifierValues
  ClassifierStatements ClassifierSound Relocation Certificate.
Local Open Scope N_scope.

(* ---------------------------------------------------------------- what a tick assigns *)

Fixpoint assigns (x : statement) : list nat :=
  match x with
  | Seq a b | Branch _ a b => assigns a ++ assigns b
  | Assign (Part c _ _ _) _ | Input (Part c _ _ _) _ _ => [c]
  | _ => []
  end.

Definition to_one_of (l : list nat) (x : effect) : Prop :=
  exists c i from wd v, e_to x = To c i from wd /\ e_from x = Value v /\ In c l.

Lemma assigns_sound : forall m size choices s t l x here p p',
  spares m x = true -> incl (assigns x) l -> Forall (to_one_of l) (effects p) ->
  run m size choices s t here p x = Ok p' -> Forall (to_one_of l) (effects p').
Proof.
  intros m size choices s t l. induction x; intros here p p' H Hi Hp Hr;
    cbn [spares run assigns] in *; split_and; try discriminate.
  - congruence.
  - destruct (run m size choices s t here p x1) as [p1 |] eqn:E; cbn in Hr; [| discriminate].
    apply incl_app_inv in Hi. destruct Hi. eauto.
  - destruct to as [c i from wd | ? ? ?]; [| discriminate]. cbn [locate] in Hr.
    destruct (eval m size choices s t here (slots p) i); cbn in Hr; [| discriminate].
    destruct (eval m size choices s t here (slots p) value); cbn in Hr; [| discriminate].
    injection Hr as <-. cbn. constructor; [| assumption].
    repeat eexists; cbn. apply Hi. now left.
  - destruct (eval m size choices s t here (slots p) value); cbn in Hr; [| discriminate].
    now injection Hr as <-.
  - destruct (eval m size choices s t here (slots p) condition); cbn in Hr; [| discriminate].
    apply incl_app_inv in Hi. destruct Hi. destruct (is_true a); eauto.
  - destruct (eval m size choices s t here (slots p) information); cbn in Hr; discriminate.
  - destruct (eval m size choices s t here (slots p) code); cbn in Hr; [| discriminate].
    now injection Hr as <-.
  - now injection Hr as <-.
Qed.

Lemma commit_other : forall m size answer l es s c, Forall (to_one_of l) es -> ~ In c l ->
  row (commit m size answer s es) c = row s c.
Proof.
  intros m size answer l es s c H Hc. induction H as [| x es Hx Hes IH]; [reflexivity |].
  unfold commit in *. cbn [fold_right]. set (t := fold_right _ s es) in *. clearbody t.
  destruct Hx as (c' & i & from & wd & v & Et & Ef & Hin). unfold commit_one. rewrite Ef, Et.
  assert (Nat.eqb c c' = false) as Ne by (apply Nat.eqb_neq; intros ->; contradiction).
  cbn [put]. destruct (c_kind (component_of m c')); try (rewrite row_set, Ne); exact IH.
Qed.

Lemma ticked_row : forall m size choices answer s c, spares m (d_tick m) = true ->
  ~ In c (assigns (d_tick m)) -> row (ticked m size choices answer s) c = row s c.
Proof.
  intros m size choices answer s c H Hc. unfold ticked, evaluate.
  destruct (run m size choices s _ nowhere (begin empty) (d_tick m)) as [p |] eqn:E;
    [| reflexivity].
  eapply commit_other; [| eassumption].
  eapply assigns_sound; eauto using incl_refl. constructor.
Qed.

(* ---------------------------------------------------------------- steady descriptions *)

(* The components that say how states represent each other: R, the mode and what the map fixes. *)
Definition options (l : list (option nat)) : list nat :=
  flat_map (fun o => match o with Some c => [c] | None => [] end) l.
Definition essential (m : description) : list nat :=
  options [base_of m; bound_of m; d_mode m] ++ map fst (d_fixed m).

(* They change by no tick, and are not what instructions may write; and the fetch and what follows a
   word that is no instruction are such as instructions are. *)
Definition steady (m : description) (hybrid : bool) : bool :=
  forallb (fun c => negb (existsb (Nat.eqb c) (assigns (d_tick m))) && negb (own m c))
          (essential m) &&
  match d_fetch m with
  | Some e => relates m hybrid (memory_traps m) (recognized m) e
  | None => false
  end &&
  statement_relates m hybrid (memory_traps m) (recognized m) (d_undefined m) &&
  statement_voids m no_traps (d_undefined m).

Section Steps.
  Variable m : description.
  Variable hybrid : bool.
  Variables q k w : N.
  Variable choices : frame.
  Variable answer : list event -> nat -> N -> N.
  Hypothesis certificate : certified m hybrid = true.
  Hypothesis is_steady : steady m hybrid = true.

  Let frame_sound : sound_frame m = true.
  Proof. unfold certified in certificate. now apply andb_true_iff in certificate. Qed.

  Lemma essential_row : forall size k' s t c, In c (essential m) ->
    contained m k' w (ticked m size choices answer s) t -> row t c = row s c.
  Proof.
    intros size k' s t c Hc (Hr & _ & _). unfold steady in is_steady. split_and.
    rewrite forallb_forall in H. specialize (H c Hc). split_and.
    apply negb_true_iff in H3. apply negb_true_iff in H. rewrite (Hr c H3).
    apply ticked_row.
    - unfold sound_frame in frame_sound. now split_and.
    - intros Hin. assert (existsb (Nat.eqb c) (assigns (d_tick m)) = true); [| congruence].
      apply existsb_exists. exists c. split; [assumption | apply Nat.eqb_refl].
  Qed.

  Lemma mode_essential : forall c, d_mode m = Some c -> In c (essential m).
  Proof.
    intros c H. unfold essential, options. rewrite !flat_map_concat_map. cbn. rewrite H.
    rewrite !in_app_iff. cbn. auto 6.
  Qed.

  Lemma mode_is_row : forall s t, (forall c, d_mode m = Some c -> row t c = row s c) ->
    forall b, mode_is m t b = mode_is m s b.
  Proof.
    intros s t H b. unfold mode_is. destruct (d_mode m) as [c |]; [| reflexivity].
    unfold get. now rewrite (H c eq_refl).
  Qed.

  Lemma represents_again : forall real virtual real' virtual',
    represents m hybrid q k w real virtual ->
    paired m k w real' virtual' ->
    contained m k w (ticked m q choices answer real) real' ->
    contained m 0 w (ticked m w choices answer virtual) virtual' ->
    represents m hybrid q k w real' virtual'.
  Proof.
    intros real virtual real' virtual' [Hf Hs Ha Hp Hu Hb HW HF HR] P Cr Cv.
    assert (forall c, In c (essential m) -> row real' c = row real c) as Er
      by (intros; eapply essential_row; eassumption).
    assert (forall c, In c (essential m) -> row virtual' c = row virtual c) as Ev
      by (intros; eapply essential_row; eassumption).
    constructor; auto.
    - rewrite !(mode_is_row real real') by (intros; apply Er; now apply mode_essential). exact Hu.
    - intros Hh. destruct (Hb Hh) as [H1 H2]. split.
      + intros b.
        rewrite (mode_is_row virtual virtual') by (intros; apply Ev; now apply mode_essential).
        rewrite (mode_is_row real real') by (intros; apply Er; now apply mode_essential). auto.
      + intros c Hc. unfold is_mode in Hc. destruct (d_mode m) as [d |] eqn:Ed; [| discriminate].
        apply Nat.eqb_eq in Hc. subst.
        rewrite Er, Ev by now apply mode_essential. apply H2. unfold is_mode. rewrite Ed.
        apply Nat.eqb_refl.
    - intros c v Hc. unfold get. rewrite Er; [now apply HF |]. unfold essential.
      rewrite in_app_iff. right. apply in_map_iff. exists (c, v).
      split; [reflexivity | now apply fixed_value_in].
    - intros l b El Eb. specialize (HR l b El Eb).
      assert (In l (essential m) /\ In b (essential m)) as [Il Ib].
      { unfold essential, options. rewrite El, Eb. cbn. auto. }
      unfold clipped, get in *. rewrite !Er, !Ev by assumption. exact HR.
  Qed.

  Section Step.
    Variables real virtual : state.
    Hypothesis rep : represents m hybrid q k w real virtual.
    Let map := represents_corresponds m hybrid (memory_traps m) q k w choices real virtual rep.

    Lemma fetch_sound : forall units a width wd first,
      follows (memory_traps m) (fun x y => x = y /\ In (fst x) (d_instructions m))
        (fetch_from m q choices real units a width wd first)
        (fetch_from m w choices virtual units a width wd first).
    Proof.
      pose proof is_steady as S. unfold steady in S. split_and.
      destruct (d_fetch m) as [e |] eqn:Ef; [| discriminate].
      induction units as [| u IH]; intros a width wd first; cbn [fetch_from].
      - assert (like m hybrid q k w (begin empty) (begin empty)) as Hb
          by (unfold like; cbn; repeat split; auto).
        unfold evaluate.
        pose proof (statement_relates_sound m hybrid (memory_traps m) (recognized m) q k w choices
                      real virtual map (d_undefined m) {| word := first; next := 0 |} _ _ H1 Hb)
          as Hs.
        destruct (proj1 (rep_user _ _ _ _ _ _ _ rep), proj2 (rep_user _ _ _ _ _ _ _ rep)).
        pose proof (statement_voids_sound m hybrid no_traps (recognized m) q k w choices
                      real virtual
                      (represents_corresponds m hybrid no_traps q k w choices real virtual rep)
                      (d_undefined m) {| word := first; next := 0 |} (begin empty) H0) as Hv.
        fold (translate m q choices real) in *.
        destruct (run m q choices real (translate m q choices real)
                      {| word := first; next := 0 |} (begin empty) (d_undefined m))
          as [p | [t x |]]; cbn [is_void] in Hv; try contradiction.
        cbn [bind follows] in *. intros E. now rewrite (Hs E).
      - rewrite Ef. apply follows_bind with eq.
        + unfold evaluate_expr. eapply relates_sound; eassumption.
        + intros x y <-. destruct (decode m _ _) as [i |] eqn:Ed; [| apply IH].
          cbn. eexists; split; [reflexivity |]. split; [reflexivity |].
          unfold decode in Ed. now apply find_some in Ed.
    Qed.

    (* One step of the machine below, the fetch included. *)
    Theorem step_sound :
      match execute m q choices answer real with
      | Next real' =>
          exists virtual', execute m w choices answer virtual = Next virtual' /\
            represents m hybrid q k w real' virtual' /\
            contained m k w (ticked m q choices answer real) real' /\
            contained m 0 w (ticked m w choices answer virtual) virtual'
      | Traps t x =>
          memory_traps m t = true -> execute m w choices answer virtual = Traps t x
      | Stops _ _ | Waits _ | Sticks => False
      end.
    Proof.
      assert (counter m real = counter m virtual) as Ec.
      { unfold counter, get. destruct (rep_paired _ _ _ _ _ _ _ rep) as [Hr _].
        rewrite Hr; [reflexivity |]. unfold sound_frame in frame_sound. now split_and. }
      unfold execute, fetch. rewrite <- Ec.
      pose proof (fetch_sound (N.to_nat (longest m / d_unit m)) (counter m real) 0 0 0) as Hf.
      destruct (fetch_from m q choices real _ _ _ _ _) as [[i wd] | [t x |]]; cbn in Hf.
      - destruct Hf as (y & -> & <- & Hin).
        pose proof (certificate_sound m hybrid certificate q k w choices answer real virtual i wd
                      Hin rep) as Hd.
        unfold runs_directly in Hd. destruct (perform m q choices answer real i wd); auto.
        destruct Hd as (v & Hv & P & Cr & Cv). exists v. split; [assumption |].
        split; [eapply represents_again; eassumption |]. split; assumption.
      - intros E. now rewrite (Hf E).
      - contradiction.
    Qed.
  End Step.

  Fixpoint steps (size : N) (n : nat) (s : state) : option state :=
    match n with
    | O => Some s
    | S n =>
        match execute m size choices answer s with Next s => steps size n s | _ => None end
    end.

  (* As long as the machine below takes no trap, the virtual machine makes the same steps. *)
  Theorem steps_sound : forall n real virtual real',
    represents m hybrid q k w real virtual -> steps q n real = Some real' ->
    exists virtual', steps w n virtual = Some virtual' /\
      represents m hybrid q k w real' virtual'.
  Proof.
    induction n as [| n IH]; intros real virtual real' Hr Hs; cbn [steps] in *.
    - injection Hs as <-. eauto.
    - pose proof (step_sound real virtual Hr) as H.
      destruct (execute m q choices answer real) as [r | | | |]; try discriminate.
      destruct H as (v & -> & Hr' & _). eauto.
  Qed.
End Steps.
