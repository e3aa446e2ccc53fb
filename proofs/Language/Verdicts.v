(* SPDX-License-Identifier: MIT *)
(* What a certificate that `isa-analyzer certify` writes says: of each instruction that it may run
   directly, or that it goes wrong, or that the classifier does not decide; and of the machine what
   follows. *)
From Coq Require Import Bool.
From Trapeze.Language Require Export Semantics.
From Trapeze.Language Require Import Classifier ClassifierSound.
From Trapeze.Language Require Export Certificate Steps Witness.
Local Open Scope N_scope.

(* ---------------------------------------------------------------- of an instruction *)

(* It may run directly, and its memory traps may be reflected: in every virtual state, or for the
   hybrid monitor in those of virtual user mode. *)
Definition runs (m : description) (hybrid : bool) (i : instruction) : Prop :=
  forall q k w choices answer real virtual word,
  represents m hybrid q k w real virtual ->
  runs_directly m q k w choices answer real virtual i word.

Lemma accepted : forall m hybrid i,
  sound_frame m = true -> may_run m hybrid (recognized m) i = true -> runs m hybrid i.
Proof.
  intros m hybrid i Hf Hi q k w choices answer real virtual word Hr.
  eapply instruction_sound; eassumption.
Qed.

Lemma represents_weaker : forall m q k w real virtual,
  represents m true q k w real virtual -> represents m false q k w real virtual.
Proof. intros m q k w real virtual []. constructor; auto; discriminate. Qed.

Lemma runs_hybrid : forall m i, runs m false i -> runs m true i.
Proof. unfold runs. auto using represents_weaker. Qed.

Lemma goes_wrong_always : forall m i, goes_wrong m true i -> goes_wrong m false i.
Proof.
  intros m i (q & k & w & real & virtual & word & Hd & Hr & Hn).
  exists q, k, w, real, virtual, word. auto using represents_weaker.
Qed.

Lemma goes_wrong_runs : forall m hybrid i, goes_wrong m hybrid i -> ~ runs m hybrid i.
Proof.
  intros m hybrid i (q & k & w & real & virtual & word & _ & Hr & Hn) H. apply Hn. now apply H.
Qed.

(* ---------------------------------------------------------------- of a machine *)

(* Every instruction does. *)
Definition runs_all (m : description) (hybrid : bool) : Prop :=
  forall i, In i (d_instructions m) -> runs m hybrid i.

Theorem certified_runs : forall m hybrid, certified m hybrid = true -> runs_all m hybrid.
Proof.
  intros m hybrid H i Hi q k w choices answer real virtual word Hr.
  eapply certificate_sound; eassumption.
Qed.

Theorem wrong_fails : forall m hybrid i, goes_wrong m hybrid i -> ~ runs_all m hybrid.
Proof.
  intros m hybrid i Hw H. apply (goes_wrong_runs m hybrid i Hw), H.
  destruct Hw as (q & k & w & real & virtual & word & Hd & _).
  unfold decode in Hd. now apply find_some in Hd.
Qed.

(* As long as the real machine takes no trap, the virtual machine makes the same steps: fetches,
   instructions and ticks. *)
Definition steps_alike (m : description) (hybrid : bool) : Prop :=
  forall q k w choices answer n real virtual real',
  represents m hybrid q k w real virtual -> steps m choices answer q n real = Some real' ->
  exists virtual', steps m choices answer w n virtual = Some virtual' /\
    represents m hybrid q k w real' virtual'.

Theorem certified_steps : forall m hybrid,
  certified m hybrid = true -> steady m hybrid = true -> steps_alike m hybrid.
Proof.
  intros m hybrid Hc Hs q k w choices answer n real virtual real' Hr Hn.
  eapply steps_sound; eassumption.
Qed.

(* ---------------------------------------------------------------- what is undecided *)

Definition is_among (n : string) (l : list instruction) : bool :=
  existsb (fun i => String.eqb n (i_name i)) l.

(* The names of what the classifier does not accept, but for those that go wrong. *)
Definition undecided_but (m : description) (hybrid : bool) (wrong : list instruction)
  : list string :=
  filter (fun n => negb (is_among n wrong))
    (if sound_frame m then doubtful m hybrid else map i_name (d_instructions m)).

(* So a list of names that is this one leaves none out. *)
Theorem undecided_sound : forall m hybrid wrong i, In i (d_instructions m) ->
  runs m hybrid i \/ is_among (i_name i) wrong = true \/
  In (i_name i) (undecided_but m hybrid wrong).
Proof.
  intros m hybrid wrong i Hi. destruct (is_among (i_name i) wrong) eqn:Ea; [auto |].
  unfold undecided_but. destruct (sound_frame m) eqn:Ef.
  - destruct (may_run m hybrid (recognized m) i) eqn:E; [left; now apply accepted |].
    right. right. apply filter_In. rewrite Ea. split; [| reflexivity].
    unfold doubtful, Classifier.undecided. apply in_map, filter_In. now rewrite E.
  - right. right. apply filter_In. rewrite Ea. split; [| reflexivity]. now apply in_map.
Qed.

(* ---------------------------------------------------------------- how certificates prove it *)

Ltac by_computing := vm_compute; reflexivity.
Ltac accept := apply accepted; by_computing.
Ltac refute x := apply (witness_sound _ _ _ x); by_computing.
