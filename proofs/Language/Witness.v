(* SPDX-License-Identifier: MIT *)
(* The other verdict: two concrete states, of which the real one represents the virtual one, and on
   which an instruction that runs directly goes wrong. That it does is a computation. *)
From Coq Require Import PeanoNat Compare_dec Bool Lia.
From Trapeze.Language Require Import Semantics Classifier States ClassifierValues ClassifierSound
  Relocation Certificate.
Local Open Scope N_scope.

(* Memory that holds c in the partition of w cells at k, and other cells elsewhere. *)
Definition embed (k w : N) (c other : cells) : cells :=
  fun a => if (k <=? a) && (a <? k + w) then c (a - k) else other a.

Lemma embed_inside : forall k w c other a, a < w -> embed k w c other (k + a) = c a.
Proof.
  intros k w c other a H. unfold embed.
  replace (k <=? k + a) with true by (symmetry; apply N.leb_le; lia).
  replace (k + a <? k + w) with true by (symmetry; apply N.ltb_lt; lia).
  cbn [andb]. f_equal. lia.
Qed.

(* ---------------------------------------------------------------- representing, computed *)

Fixpoint row_eqb (a b : list N) : bool :=
  match a, b with
  | [], [] => true
  | x :: a, y :: b => (x =? y) && row_eqb a b
  | _, _ => false
  end.

Lemma row_eqb_eq : forall a b, row_eqb a b = true <-> a = b.
Proof.
  induction a as [| x a IH]; intros [| y b]; cbn; try (split; congruence).
  rewrite andb_true_iff, N.eqb_eq, IH. split; [intros [-> ->]; reflexivity |].
  intros H; injection H as -> ->. auto.
Qed.

(* Over all components; beyond the last one there are no rows. *)
Definition every (m : description) (p : nat -> bool) : bool :=
  forallb p (seq 0 (length (d_components m))).

Lemma every_spec : forall m p c,
  every m p = true -> (c < length (d_components m))%nat -> p c = true.
Proof.
  intros m p c H Hc. unfold every in H. rewrite forallb_forall in H. apply H, in_seq. lia.
Qed.

Definition shaped (m : description) (s : state) : bool :=
  Nat.eqb (length (elements s)) (length (d_components m)).

Lemma row_beyond : forall m s c, shaped m s = true -> ~ (c < length (d_components m))%nat ->
  row s c = [].
Proof.
  intros m s c H Hc. unfold shaped in H. apply Nat.eqb_eq in H. unfold row. apply nth_overflow. lia.
Qed.

Definition clipped_b (l b : nat) (k w : N) (real virtual : state) : bool :=
  let lv := get virtual l 0 in
  let bv := get virtual b 0 in
  (lv <? 2 ^ 32) && (bv <? 2 ^ 32) &&
  if lv <? w then (get real l 0 =? k + lv) && (get real b 0 =? N.min bv (w - lv))
  else (get real l 0 =? k) && (get real b 0 =? 0).

Lemma clipped_b_sound : forall l b k w real virtual,
  clipped_b l b k w real virtual = true -> clipped l b k w real virtual.
Proof.
  unfold clipped_b, clipped. intros l b k w real virtual H.
  apply andb_true_iff in H. destruct H as [H Hc]. apply andb_true_iff in H. destruct H as [H1 H2].
  apply N.ltb_lt in H1. apply N.ltb_lt in H2. repeat split; auto.
  destruct (get virtual l 0 <? w); apply andb_true_iff in Hc; destruct Hc as [Ha Hb];
    apply N.eqb_eq in Ha; apply N.eqb_eq in Hb; auto.
Qed.

(* All that `represents` says, but for memory. *)
Definition represents_b (m : description) (hybrid : bool) (q k w : N) (real virtual : state)
  : bool :=
  (k + w <=? q) && (q <=? 2 ^ 32) &&
  forallb (fun v => match relocation_width m v with Some pw => q <=? 2 ^ pw | None => true end)
          (d_translations m) &&
  shaped m real && shaped m virtual &&
  every m (fun c => implb (own m c) (row_eqb (row real c) (row virtual c))) &&
  negb (mode_is m real true) && mode_is m real false &&
  implb hybrid
    (Bool.eqb (mode_is m virtual true) (mode_is m real true) &&
     Bool.eqb (mode_is m virtual false) (mode_is m real false) &&
     every m (fun c => implb (is_mode m c) (row_eqb (row virtual c) (row real c)))) &&
  implb (whole m) ((k =? 0) && (w =? q)) &&
  forallb (fun f => get real (fst f) 0 =? snd f) (d_fixed m) &&
  match base_of m, bound_of m with
  | Some l, Some b => clipped_b l b k w real virtual
  | _, _ => true
  end.

Lemma every_row : forall m p s t, shaped m s = true -> shaped m t = true ->
  every m (fun c => implb (p c) (row_eqb (row s c) (row t c))) = true ->
  forall c, p c = true -> row s c = row t c.
Proof.
  intros m p s t Hs Ht H c Hc.
  destruct (Compare_dec.lt_dec c (length (d_components m))) as [L | L].
  - pose proof (every_spec m _ c H L) as Hr. cbn in Hr. rewrite Hc in Hr. now apply row_eqb_eq.
  - rewrite (row_beyond m s c Hs L), (row_beyond m t c Ht L). reflexivity.
Qed.

Lemma represents_b_sound : forall m hybrid q k w real virtual,
  represents_b m hybrid q k w real virtual = true ->
  (forall a, a < w -> contents real (k + a) = contents virtual a) ->
  represents m hybrid q k w real virtual.
Proof.
  intros m hybrid q k w real virtual H Hm. unfold represents_b in H.
  repeat (apply andb_true_iff in H; destruct H as [H ?]).
  apply N.leb_le in H.
  repeat match goal with
  | E : (_ <? _) = true |- _ => apply N.ltb_lt in E
  | E : (_ <=? _) = true |- _ => apply N.leb_le in E
  | E : negb _ = true |- _ => apply negb_true_iff in E
  end.
  constructor; auto.
  - intros v pw Hv Hw. match goal with E : forallb _ (d_translations m) = true |- _ =>
      rewrite forallb_forall in E; specialize (E v Hv); rewrite Hw in E; now apply N.leb_le end.
  - split; [| assumption]. eapply every_row; eassumption.
  - intros ->. match goal with E : implb true _ = true |- _ => cbn [implb] in E;
      apply andb_true_iff in E; destruct E as [E Er];
      apply andb_true_iff in E; destruct E as [E1 E2] end.
    apply eqb_prop in E1. apply eqb_prop in E2. split.
    + intros [|]; assumption.
    + eapply every_row; eassumption.
  - intros Hw. match goal with E : implb (whole m) _ = true |- _ => rewrite Hw in E;
      cbn [implb] in E; apply andb_true_iff in E; destruct E as [E1 E2] end.
    apply N.eqb_eq in E1. apply N.eqb_eq in E2. auto.
  - intros c v Hv. match goal with E : forallb _ (d_fixed m) = true |- _ =>
      rewrite forallb_forall in E; specialize (E _ (fixed_value_in m c v Hv)) end.
    now apply N.eqb_eq.
  - intros l b El Eb. match goal with E : match base_of m with _ => _ end = true |- _ =>
      rewrite El, Eb in E; now apply clipped_b_sound end.
Qed.

(* ---------------------------------------------------------------- going wrong, computed *)

Definition same_own (m : description) (s t : state) : bool :=
  every m (fun c => implb (own m c) (row_eqb (row s c) (row t c))).
Definition same_rest (m : description) (s t : state) : bool :=
  every m (fun c => implb (negb (own m c)) (row_eqb (row s c) (row t c))).

(* These cells of the real machine are the virtual machine's, or beside the partition what they were
   before. *)
Definition same_cells (k w : N) (before real virtual : state) (cells : list N) : bool :=
  forallb (fun a => contents real a =?
                    if (k <=? a) && (a <? k + w) then contents virtual (a - k)
                    else contents before a) cells.

(* No device was used. *)
Definition same_history (s t : state) : bool :=
  Nat.eqb (length (history s)) (length (history t)).

(* The machine below goes on where the virtual one does not, or to another state, which registers or
   one of the cells show; or it changes what it may not; or it raises another memory trap; or it
   stops. *)
Definition violates (m : description) (q k w : N) (choices : frame) answer (real virtual : state)
  (i : instruction) (word : N) (cells : list N) : bool :=
  match perform m q choices answer real i word with
  | Next r =>
      match perform m w choices answer virtual i word with
      | Next v =>
          negb (same_own m r v) || negb (same_rest m r (ticked m q choices answer real)) ||
          negb (same_rest m v (ticked m w choices answer virtual)) ||
          negb (same_history r (ticked m q choices answer real)) ||
          negb (same_history v (ticked m w choices answer virtual)) ||
          negb (same_cells k w (ticked m q choices answer real) r v cells)
      | _ => true
      end
  | Traps t x =>
      memory_traps m t &&
      match perform m w choices answer virtual i word with
      | Traps t' x' => negb (Nat.eqb t t' && (x =? x'))
      | _ => true
      end
  | _ => true
  end.

Lemma every_implb : forall m (p : nat -> bool) s t,
  (forall c, p c = true -> row s c = row t c) ->
  every m (fun c => implb (p c) (row_eqb (row s c) (row t c))) = true.
Proof.
  intros m p s t H. unfold every. apply forallb_forall. intros c _.
  destruct (p c) eqn:E; [| reflexivity]. cbn. apply row_eqb_eq. auto.
Qed.

Theorem violates_sound : forall m q k w choices answer real virtual i word cells,
  violates m q k w choices answer real virtual i word cells = true ->
  ~ runs_directly m q k w choices answer real virtual i word.
Proof.
  intros m q k w choices answer real virtual i word cells H D. unfold violates in H.
  unfold runs_directly in D.
  destruct (perform m q choices answer real i word) as [r | t x | | |]; try contradiction.
  - destruct D as (v & Ev & [P Pc] & (Cr & Cc & Ch) & (Cv & _ & Cw)). rewrite Ev in H.
    assert (same_own m r v = true) as E1 by (apply every_implb; auto).
    assert (same_rest m r (ticked m q choices answer real) = true) as E2.
    { apply every_implb. intros c Hc. apply Cr. now apply negb_true_iff. }
    assert (same_rest m v (ticked m w choices answer virtual) = true) as E3.
    { apply every_implb. intros c Hc. apply Cv. now apply negb_true_iff. }
    assert (same_history r (ticked m q choices answer real) = true) as E4.
    { unfold same_history. rewrite Ch. apply Nat.eqb_refl. }
    assert (same_history v (ticked m w choices answer virtual) = true) as E5.
    { unfold same_history. rewrite Cw. apply Nat.eqb_refl. }
    assert (same_cells k w (ticked m q choices answer real) r v cells = true) as E6.
    { unfold same_cells. apply forallb_forall. intros a _. apply N.eqb_eq.
      destruct (N.leb_spec k a) as [L | L]; cbn [andb].
      - destruct (N.ltb_spec a (k + w)) as [L' | L'].
        + rewrite <- Pc by lia. f_equal. lia.
        + apply Cc. lia.
      - apply Cc. lia. }
    rewrite E1, E2, E3, E4, E5, E6 in H. discriminate.
  - apply andb_true_iff in H. destruct H as [Hm H]. rewrite (D Hm) in H.
    rewrite Nat.eqb_refl, N.eqb_refl in H. discriminate.
Qed.

(* The instruction i goes wrong, as a word that decodes to it, on some states that correspond. What
   the description leaves open is taken to be 0, and devices give 0. *)
Definition nothing (h : list event) (device : nat) (index : N) : N := 0.

Definition goes_wrong (m : description) (hybrid : bool) (i : instruction) : Prop :=
  exists q k w real virtual word, decode m (i_width i) word = Some i /\
    represents m hybrid q k w real virtual /\
    ~ runs_directly m q k w empty nothing real virtual i word.

(* ---------------------------------------------------------------- witnesses *)

(* A witness of the analyzer: what is not 0, or what it is fixed to, in two states. *)
Record witness := {
  w_memory : N;                        (* cells of the real machine ... *)
  w_partition : N; w_room : N;         (* ... and the partition: where, how many *)
  w_real : list (nat * N * N);         (* component, index, value *)
  w_virtual : list (nat * N * N);
  w_cells : list (N * N);              (* of the virtual machine: address, value *)
  w_beside : list (N * N);             (* of the real machine beside the partition *)
  w_word : N;
  w_shown : list N;                    (* cells of the real machine to look at afterwards *)
}.

Definition rows (m : description) (l : list (nat * N * N)) : list (list N) :=
  fold_left (fun r x => set_row r (fst (fst x)) (set_nth (nth (fst (fst x)) r []) (snd (fst x))
                                                   (snd x)))
            l (map zero_row (d_components m)).
Definition filled (l : list (N * N)) : cells :=
  fold_left (fun c x => poke c (fst x) (snd x)) l blank.

Definition virtual_state (m : description) (x : witness) : state :=
  {| elements := rows m (w_virtual x); contents := filled (w_cells x); history := [] |}.
Definition real_state (m : description) (x : witness) : state :=
  {| elements := rows m (w_real x);
     contents := embed (w_partition x) (w_room x) (filled (w_cells x)) (filled (w_beside x));
     history := [] |}.

Definition shows (m : description) (hybrid : bool) (i : instruction) (x : witness) : bool :=
  represents_b m hybrid (w_memory x) (w_partition x) (w_room x) (real_state m x)
    (virtual_state m x) &&
  violates m (w_memory x) (w_partition x) (w_room x) empty nothing (real_state m x)
    (virtual_state m x) i (w_word x) (w_shown x).

Theorem witness_sound : forall m hybrid i x,
  decode m (i_width i) (w_word x) = Some i -> shows m hybrid i x = true -> goes_wrong m hybrid i.
Proof.
  intros m hybrid i x Hd H. apply andb_true_iff in H. destruct H as [Hr Hv].
  exists (w_memory x), (w_partition x), (w_room x), (real_state m x), (virtual_state m x),
    (w_word x).
  split; [assumption |]. split.
  - apply represents_b_sound; [assumption |]. intros a Ha. now apply embed_inside.
  - now apply violates_sound with (w_shown x).
Qed.
