(* SPDX-License-Identifier: MIT *)
(* Certificates: a description whose translations are relocation by R, and of whose instructions the
   classifier accepts all, runs virtual machines directly. That it is such is a computation. *)
From Coq Require Import PeanoNat Bool Lia.
From Trapeze.Language Require Import Semantics Classifier States ClassifierValues ClassifierSound
  Relocation.
Local Open Scope N_scope.

Definition expr_eq_dec : forall a b : expr, {a = b} + {a <> b}.
Proof.
  decide equality; try apply N.eq_dec; try apply Nat.eq_dec; try apply Bool.bool_dec;
    decide equality; apply Nat.eq_dec.
Defined.

(* ---------------------------------------------------------------- recognizing relocation *)

(* The width of the physical address that a translation gives, if it is relocation by l and b. *)
Definition relocation_width (m : description) (v : translation) : option N :=
  match base_of m, bound_of m, v_body v with
  | Some l, Some b, If _ (If _ (Binary Add pw _ _) _) (Raise trap e) =>
      if expr_eq_dec (v_body v) (relocation l b trap e pw)
      then if plain e && (v_width v <=? 32) then Some pw else None
      else None
  | _, _, _ => None
  end.

(* Without R, a translation that looks at nothing of the state: then the map is the identity. *)
Fixpoint stateless (e : expr) : bool :=
  match e with
  | Number _ | Slot _ | Size | Word | NextAddress => true
  | Bits _ _ a | Unary _ _ a | Sext _ _ a | Raise _ a => stateless a
  | Binary _ _ a b | Concat _ a b | LetIn _ a b => stateless a && stateless b
  | If c a b => stateless c && stateless a && stateless b
  | Element _ _ | IsMode _ | Cells _ _ _ | Choose _ _ | Arbitrary _ _ => false
  end.

Definition recognized (m : description) (t : nat) : bool :=
  match nth_error (d_translations m) t with
  | Some v =>
      if whole m then stateless (v_body v)
      else match relocation_width m v with Some _ => true | None => false end
  | None => false
  end.

Lemma stateless_sound : forall m size choices s t s' t' e here f, stateless e = true ->
  eval m size choices s t here f e = eval m size choices s' t' here f e /\
  eval m size choices s t here f e <> Bad Stuck.
Proof.
  intros m size choices s t s' t'. induction e; intros here f H; cbn [stateless] in H;
    cbn [eval]; split_and; try discriminate;
    try (split; [reflexivity | discriminate]).
  - destruct (IHe here f H) as [<- N]. split; [reflexivity |].
    destruct (eval m size choices s t here f e) as [| [|]]; cbn; congruence.
  - destruct (IHe here f H) as [<- N]. split; [reflexivity |].
    destruct (eval m size choices s t here f e) as [| [|]]; cbn; congruence.
  - destruct (IHe1 here f H) as [<- N1], (IHe2 here f H0) as [<- N2]. split; [reflexivity |].
    destruct (eval m size choices s t here f e1) as [| [|]]; cbn; try congruence.
    destruct (eval m size choices s t here f e2) as [| [|]]; cbn; congruence.
  - destruct (IHe1 here f H) as [<- N1], (IHe2 here f H0) as [<- N2]. split; [reflexivity |].
    destruct (eval m size choices s t here f e1) as [| [|]]; cbn; try congruence.
    destruct (eval m size choices s t here f e2) as [| [|]]; cbn; congruence.
  - destruct (IHe here f H) as [<- N]. split; [reflexivity |].
    destruct (eval m size choices s t here f e) as [| [|]]; cbn; congruence.
  - destruct (IHe1 here f H) as [<- N1].
    destruct (eval m size choices s t here f e1) as [v | [|]]; cbn;
      try (split; [reflexivity | congruence]). destruct (is_true v); auto.
  - destruct (IHe1 here f H) as [<- N1].
    destruct (eval m size choices s t here f e1) as [v | [|]]; cbn;
      try (split; [reflexivity | congruence]). auto.
  - destruct (IHe here f H) as [<- N]. split; [reflexivity |].
    destruct (eval m size choices s t here f e) as [| [|]]; cbn; congruence.
Qed.

Lemma relocation_width_sound : forall m v pw, relocation_width m v = Some pw ->
  exists l b trap e, base_of m = Some l /\ bound_of m = Some b /\
    v_body v = relocation l b trap e pw /\ plain e = true /\ v_width v <= 32.
Proof.
  intros m v pw H. unfold relocation_width in H.
  destruct (base_of m) as [l |]; [| discriminate].
  destruct (bound_of m) as [b |]; [| discriminate].
  destruct (v_body v) as [ | | | | | | | | | | | | | c1 y n | | | |] eqn:Eb; try discriminate.
  destruct y as [ | | | | | | | | | | | | | c2 y n2 | | | |]; try discriminate.
  destruct y as [ | | | | | | | | | | op pw' x1 x2 | | | | | | |]; try discriminate.
  destruct op; try discriminate.
  destruct n as [ | | | | | | | | | | | | | | | | | trap e]; try discriminate.
  destruct (expr_eq_dec _ _) as [E |]; [| discriminate].
  destruct (plain e && (v_width v <=? 32)) eqn:P; [| discriminate].
  apply andb_true_iff in P. destruct P as [P1 P2]. apply N.leb_le in P2.
  injection H as <-. exists l, b, trap, e. auto.
Qed.

(* ---------------------------------------------------------------- the certificate *)

Definition certified (m : description) (hybrid : bool) : bool :=
  sound_frame m && forallb (may_run m hybrid (recognized m)) (d_instructions m).

(* The names of what keeps a description from being certified. *)
Definition doubtful (m : description) (hybrid : bool) : list string :=
  undecided m hybrid (recognized m).

(* A real state of q cells that represents a virtual one of w cells in the partition at k: user
   mode, R clipped to the partition (without R: all of memory), what the map fixes as it fixes it,
   memory, registers and counter equal. Of the virtual mode
   nothing is said, but for the hybrid monitor, which runs a virtual machine directly in user mode
   only. *)
Record represents (m : description) (hybrid : bool) (q k w : N) (real virtual : state) : Prop := {
  rep_fits : k + w <= q;
  rep_size : q <= 2 ^ 32;
  rep_address : forall v pw, In v (d_translations m) -> relocation_width m v = Some pw ->
    q <= 2 ^ pw;
  rep_paired : paired m k w real virtual;
  rep_user : mode_is m real true = false /\ mode_is m real false = true;
  rep_both_user : hybrid = true ->
    (forall b, mode_is m virtual b = mode_is m real b) /\
    forall c, is_mode m c = true -> row virtual c = row real c;
  rep_whole : whole m = true -> k = 0 /\ w = q;
  rep_fixed : forall c v, fixed_value m c = Some v -> get real c 0 = v;
  rep_R : forall l b, base_of m = Some l -> bound_of m = Some b -> clipped l b k w real virtual;
}.

Lemma represents_corresponds : forall m hybrid counts q k w choices real virtual,
  represents m hybrid q k w real virtual ->
  corresponds m hybrid counts (recognized m) q k w choices real virtual.
Proof.
  intros m hybrid counts q k w choices real virtual [Hf Hs Ha Hp Hu Hb HW HF HR].
  constructor; auto.
  intros t Ht a n Hn. unfold recognized in Ht.
  destruct (nth_error (d_translations m) t) as [v |] eqn:Ev; [| discriminate].
  destruct (whole m) eqn:Ewhole.
  { destruct (HW eq_refl) as [-> ->].
    destruct (translate_nth m q choices real t v a n Ev) as (er & ->).
    destruct (translate_nth m q choices virtual t v a n Ev) as (ev & ->).
    destruct (stateless_sound m q choices real er virtual ev (v_body v) nowhere
                (define (define empty 0 (low (v_width v) a)) 1 n) Ht) as [<- N].
    destruct (eval _ _ _ _ _ _ _ _) as [p | [x i |]]; cbn; [| auto | congruence].
    exists p. split; [reflexivity |]. split; [reflexivity | auto]. }
  destruct (relocation_width m v) as [pw |] eqn:Ew; [| discriminate].
  pose proof (Ha v pw (nth_error_In _ _ Ev) Ew) as Hpw.
  destruct (relocation_width_sound m v pw Ew) as (l & b & trap & e & El & Eb & Ebody & Ee & Ewidth).
  eapply relocation_commutes; eauto.
Qed.

(* What a monitor needs to know of an instruction that the hardware executes: see
   ClassifierSound.classifier_sound. *)
Definition runs_directly (m : description) (q k w : N) choices answer (real virtual : state)
  (i : instruction) (word : N) : Prop :=
  match perform m q choices answer real i word with
  | Next real' =>
      exists virtual', perform m w choices answer virtual i word = Next virtual' /\
        paired m k w real' virtual' /\
        contained m k w (ticked m q choices answer real) real' /\
        contained m 0 w (ticked m w choices answer virtual) virtual'
  | Traps t x =>
      memory_traps m t = true -> perform m w choices answer virtual i word = Traps t x
  | Stops _ _ | Waits _ | Sticks => False
  end.

Theorem instruction_sound : forall m hybrid q k w choices answer real virtual i word,
  sound_frame m = true -> may_run m hybrid (recognized m) i = true ->
  represents m hybrid q k w real virtual ->
  runs_directly m q k w choices answer real virtual i word.
Proof.
  intros m hybrid q k w choices answer real virtual i word Hf Hi Hr.
  exact (classifier_sound m hybrid (memory_traps m) (recognized m) q k w choices answer
           (rep_fits _ _ _ _ _ _ _ Hr) real virtual
           (represents_corresponds m hybrid (memory_traps m) q k w choices real virtual Hr)
           Hf i word Hi).
Qed.

Theorem certificate_sound : forall m hybrid, certified m hybrid = true ->
  forall q k w choices answer real virtual i word,
  In i (d_instructions m) -> represents m hybrid q k w real virtual ->
  runs_directly m q k w choices answer real virtual i word.
Proof.
  intros m hybrid H q k w choices answer real virtual i word Hi Hr. unfold certified in H.
  apply andb_true_iff in H. destruct H as [Hf Ha]. rewrite forallb_forall in Ha.
  eapply instruction_sound; eauto.
Qed.
