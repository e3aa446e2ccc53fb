(* SPDX-License-Identifier: MIT *)
(* DESIGN's table of holes, row by row, and that no hypothesis of the theorems is empty or idle. *)

From Trapeze Require Export Holes ToyProof.
From Coq Require Import ZifyBool ZifyN.

(* ---------------------------------------------------------------- how the rows are proved *)

Ltac cases := repeat match goal with
  | H : context [if ?c then _ else _] |- _ => destruct c; simpl in H
  | H : context [match ?m with Supervisor => _ | User => _ end] |- _ => destruct m; simpl in H
  | H : context [match ?r with Word_for_word => _ | _ => _ end] |- _ => destruct r; simpl in H
  end.

(* Nobody sees a sensitive instruction here. *)
Ltac innocuous f :=
  intros [(s & [(s' & Hs & Hc) | [[z Hs] | Hs]]) | (s1 & s2 & Mv & s1' & s2' & H1 & H2 & Hd)];
  [ destruct s as [e m p l b a ie t d]; unfold action in Hs; simpl in Hs;
    unfold f, touch, go_on, go_on_with in Hs; simpl in Hs; cases; try discriminate;
    injection Hs as <-; destruct Hc as [Hc|Hc]; now apply Hc
  | simpl in Hs; unfold f, touch, go_on, go_on_with in Hs; simpl in Hs; cases; discriminate
  | simpl in Hs; unfold f, touch, go_on, go_on_with in Hs; simpl in Hs; cases; discriminate
  | destruct s1 as [e m p l b a ie t d], s2 as [e' m' p' l' b' a' ie' t' d'];
    unfold moved, same_window in Mv; simpl in Mv; destruct Mv as (<-&?&<-&<-&<-&<-&<-);
    apply Hd; unfold action in H1, H2; simpl in H1, H2;
    unfold f, touch, go_on, go_on_with in H1, H2; simpl in H1, H2; cases; try discriminate;
    injection H1 as <-; injection H2 as <-; simpl; repeat split; auto ].

(* One virtual configuration in the small place, installed. *)
Definition tiny_guest i (m : mode) (l b acc : N) : @config (tiny i) :=
  @Config (tiny i) (State (fun _ => 0) m 0 l b acc false 0 0) false 0.

Lemma not_exact_tiny i dir (m : mode) l b acc :
  dir m = true -> words (cpu (tiny_guest i m l b acc)) ->
  fetch 128 (cpu (tiny_guest i m l b acc)) = Some 0 ->
  @exact (tiny i) small dir tt ->
  let '(r, h) := @install (tiny i) small (tiny_guest i m l b acc)
                   (tiny_guest i Supervisor 0 256 0) in
  match does i 256 (cpu h) with
  | Next s' =>
    (exists v', does i 128 (cpu (virtual small r h)) = Next v' /\
       @same (tiny i) 128 (virtual small r (complete h s')) (complete (virtual small r h) v')) /\
    @untouched (tiny i) (cpu h) s' /\ @confined (tiny i) small (cpu h) s'
  | MemTrap _ | Trap _ _ => True
  | Stop _ | Wait => False
  end.
Proof.
  intros Di W Fe Ex. exact (@installed_exact (tiny i) small dir (tiny_guest i m l b acc)
    (tiny_guest i Supervisor 0 256 0) small_fits W 0 Di Fe eq_refl Ex).
Qed.

(* ---------------------------------------------------------------- 1: a touch at c - l *)

Theorem touch_c_innocuous rd n : @innocuous (tiny TouchC) rd n tt.
Proof. innocuous touch_c_minus_l. Qed.

(* The virtual machine memory-traps at c; the host touches what is at c of its own memory. *)
Theorem touch_c_not_exact dir : dir User = true -> ~ @exact (tiny TouchC) small dir tt.
Proof.
  intros Di Ex. apply (not_exact_tiny TouchC dir User 0 64 0) in Ex; try easy.
  destruct Ex as ((v' & Xv & _) & _). discriminate Xv.
Qed.

(* ---------------------------------------------------------------- 2: a touch at l *)

Theorem touch_l_innocuous rd n : @innocuous (tiny TouchL) rd n tt.
Proof. innocuous touch_l. Qed.

Theorem touch_l_exact g dir : fits g -> @exact (tiny TouchL) g dir tt.
Proof.
  intros (?&?&?&?) r c (R & _). destruct R as (_ & R & En & Si & _).
  simpl. unfold touch_l, touch, go_on, go_on_with, compose in *. simpl.
  match goal with |- context [if ?x then _ else _] => destruct x eqn:B; auto end.
  assert (V : (vbase r + 1 <=? vbound r) && (vbase r + vbase r + 1 <=? w g) = true)
    by (destruct (w g <=? vbase r) eqn:L; injection R as R1 R2; lia).
  rewrite V. split; [|split]; [|repeat split; auto|intros a _ _; reflexivity].
  eexists. split; [reflexivity|]. unfold same, agree, virtual; simpl.
  destruct (ventered r); simpl; repeat split; auto; lia.
Qed.

(* But the host memory-traps where the virtual machine does not: that must not be reflected. *)
Theorem touch_l_not_reflectable : exists p : @plan (tiny TouchL),
  direct p = always /\ ~ @reflectable (tiny TouchL) small p tt.
Proof.
  exists (@Plan (tiny TouchL) always (fun _ _ => true) (@exec (tiny TouchL))).
  split; auto. intro Re.
  pose proof (@installed_runs (tiny TouchL) small always (tiny_guest TouchL User 60 68 0)
    (tiny_guest TouchL Supervisor 0 256 0) small_fits (conj eq_refl (conj eq_refl eq_refl)) 0
    eq_refl eq_refl eq_refl) as Ru.
  specialize (Re _ _ Ru 0 124 eq_refl eq_refl). discriminate Re.
Qed.

Theorem touch_l_emulated g : fits g ->
  @admitted (tiny TouchL) g (@emulate_all (tiny TouchL) always).
Proof.
  intro F. split; [auto|]. split; [intros i s _; apply outcome_refl|]. split; intros [].
  - now apply touch_l_exact.
  - intros r c _ cause x _ Rf. discriminate Rf.
Qed.

(* ---------------------------------------------------------------- 3: reads b *)

Theorem read_b_innocuous rd n : @innocuous (tiny ReadB) rd n tt.
Proof. innocuous read_b. Qed.

Theorem read_b_not_exact : ~ @exact (tiny ReadB) small always tt.
Proof.
  intro Ex. apply (not_exact_tiny ReadB always User 0 1000 0) in Ex; try easy.
  destruct Ex as ((v' & Xv & S) & _). injection Xv as <-.
  destruct S as [(_&_&_&_&_&S&_) _]. discriminate S.
Qed.

(* ---------------------------------------------------------------- 4: memory-traps in supervisor *)

Theorem touch_in_user_privileged n : @privileged (tiny TouchUser) n tt.
Proof. intros s H _. exfalso. apply H. now exists 0. Qed.

Theorem touch_in_user_not_exact : ~ @exact (tiny TouchUser) small always tt.
Proof.
  intro Ex. apply (not_exact_tiny TouchUser always Supervisor 0 64 0) in Ex; try easy.
  destruct Ex as ((v' & Xv & _) & _). discriminate Xv.
Qed.

(* ---------------------------------------------------------------- 5: traps in supervisor *)

Theorem svtrap_innocuous n : @innocuous (tiny SvTrap) Traps_set_aside n tt.
Proof. innocuous traps_in_supervisor. Qed.

Theorem svtrap_not_exact : ~ @exact (tiny SvTrap) small always tt.
Proof.
  intro Ex. apply (not_exact_tiny SvTrap always Supervisor 0 64 0) in Ex; try easy.
  destruct Ex as ((v' & Xv & _) & _). discriminate Xv.
Qed.

(* ---------------------------------------------------------------- 6: supervisor call *)

Theorem call_control_sensitive n : @control_sensitive (tiny SvCall) Word_for_word n tt.
Proof.
  exists (State (fun _ => 0) User 0 0 0 0 false 0 0). left. eexists. split; [reflexivity|].
  left. discriminate.
Qed.

Theorem call_not_privileged n : ~ @privileged (tiny SvCall) n tt.
Proof.
  intro Pr. destruct (Pr (State (fun _ => 0) User 0 0 0 0 false 0 0)) as [_ H];
    try (intros [a Ha]; discriminate Ha). apply H. now exists 3, 0.
Qed.

Theorem call_exact g dir : @exact (tiny SvCall) g dir tt.
Proof. intros r c _. exact I. Qed.

(* ---------------------------------------------------------------- 7: for some operands *)

Theorem privileged_if_control_sensitive rd n : @control_sensitive (tiny PrivilegedIf) rd n tt.
Proof.
  exists (State (fun _ => 0) Supervisor 0 0 0 1 false 0 0). left. eexists.
  split; [destruct rd; reflexivity|]. left. discriminate.
Qed.

Theorem privileged_if_not_privileged n : ~ @privileged (tiny PrivilegedIf) n tt.
Proof.
  intro Pr. destruct (Pr (State (fun _ => 0) User 0 0 0 0 false 0 0)) as [[c [x H]] _];
    try (intros [a Ha]; discriminate Ha). discriminate H.
Qed.

Theorem privileged_if_exact g dir : @exact (tiny PrivilegedIf) g dir tt.
Proof.
  intros r c (R & _). destruct R as (U & _ & En & Si & _).
  simpl. unfold privileged_if, go_on, go_on_with. simpl.
  match goal with |- context [if ?x then _ else _] => destruct x; simpl end.
  - split; [|split]; [|repeat split; auto|intros a _ _; reflexivity].
    eexists. split; [reflexivity|]. unfold same, agree, virtual; simpl.
    destruct (ventered r); simpl; repeat split; auto; lia.
  - simpl in U. rewrite U. exact I.
Qed.

(* ---------------------------------------------------------------- 8: a timer escapes *)

Theorem set_timer_innocuous rd n : @innocuous (tiny SetTimer) rd n tt.
Proof. innocuous set_timer. Qed.

Theorem set_timer_not_exact : ~ @exact (tiny SetTimer) small always tt.
Proof.
  intro Ex. apply (not_exact_tiny SetTimer always User 0 64 8) in Ex; try easy.
  destruct Ex as (_ & (_&_&_&_&_&U) & _). discriminate U.
Qed.

(* Since the timer is lent, the virtual machine cannot tell: equivalence alone asks for less than
   exactness, whose other half is control. *)
Theorem set_timer_equivalent g r c : fits g -> @runs (tiny SetTimer) g always tt r c ->
  exists s' v', @exec (tiny SetTimer) (q g) tt (cpu c) = Next s' /\
    @exec (tiny SetTimer) (w g) tt (cpu (virtual g r c)) = Next v' /\
    @same (tiny SetTimer) (w g) (virtual g r (complete c s')) (complete (virtual g r c) v').
Proof.
  intros F (R & _). destruct R as (U & _ & En & Si & _).
  eexists. eexists. split; [reflexivity|]. split; [reflexivity|].
  unfold same, agree, virtual; simpl. destruct (ventered r); simpl; repeat split; auto; lia.
Qed.

(* ---------------------------------------------------------------- no hypothesis is idle *)

Lemma tiny_innocuous_hypothesis i rd : (forall n, @innocuous (tiny i) rd n tt) ->
  @literal_hypothesis (tiny i) rd.
Proof. intros H n [] S. now apply H in S. Qed.

Lemma user_sensitive_sensitive {A : Architecture} rd n i :
  user_sensitive rd n i -> sensitive rd n i.
Proof.
  intros [(s & _ & H)|(s1 & s2 & _ & _ & H)]; [left; now exists s|right; now exists s1, s2].
Qed.

Theorem nothing_repaired dir : @repaired (tiny Nothing) dir tt.
Proof.
  right. split.
  - intros n s _ _. simpl. repeat split; auto.
  - intros n1 s1 n2 s2 _ _ _ _ (S&W&Hp&Hr&_). simpl in *. rewrite Hp. repeat split; auto.
Qed.

Theorem call_repaired dir : @repaired (tiny SvCall) dir tt.
Proof. left. intros n s _ _ H. discriminate H. Qed.

Theorem touch_c_not_repaired : ~ @repaired (tiny TouchC) always tt.
Proof.
  intro Rp. apply (touch_c_not_exact always eq_refl). apply repaired_exact; auto using small_fits.
Qed.

(* A place where the guest would lie on what traps save does not fit. *)
Theorem place_at_0_does_not_fit : ~ fits (Place 256 0 128).
Proof. intros [H _]. now apply H. Qed.

(* A routine that forgets its instruction. *)
Theorem routines_can_be_wrong :
  ~ @routines_correct (tiny Nothing) 128 (@Plan (tiny Nothing) always (fun _ _ => false)
      (fun _ _ s => Next s)).
Proof.
  intro H. specialize (H tt (cpu (tiny_guest Nothing User 0 64 0))
    (conj eq_refl (conj eq_refl eq_refl))).
  destruct H as (_&_&H&_). discriminate H.
Qed.

(* An instruction that traps for no reason is exact, and emulated; only efficiency suffers. *)
Theorem spurious_admitted g : fits g ->
  @admitted (tiny Spurious) g (@emulate_all (tiny Spurious) always).
Proof.
  intro F. split; [auto|]. split; [intros i s _; apply outcome_refl|]. split; intros [].
  - intros r c (R & _). destruct R as (U & _). simpl. unfold spurious.
    simpl in U. rewrite U. exact I.
  - intros r c _ cause x _ Rf. discriminate Rf.
Qed.

Theorem spurious_is_spurious :
  ~ @never_spurious (tiny Spurious) small always (fun _ => false).
Proof.
  intro NS.
  pose proof (@installed_runs (tiny Spurious) small always (tiny_guest Spurious Supervisor 0 64 0)
    (tiny_guest Spurious Supervisor 0 256 0) small_fits (conj eq_refl (conj eq_refl eq_refl)) 0
    eq_refl eq_refl eq_refl) as Ru.
  destruct (NS tt _ _ Ru) as [H|H]; [discriminate|now apply H|discriminate H].
Qed.

(* Without exactness the monitor's guest shows what the bare machine does not. *)
Theorem equivalence_can_fail :
  let p := @emulate_all (tiny TouchC) always in
  let host := @bare (tiny TouchC) 256 in
  let y := @start (tiny TouchC) small host (tiny_guest TouchC User 0 64 0)
             (tiny_guest TouchC Supervisor 0 256 0) in
  @hosts (tiny TouchC) small host y /\
  fst (@monitored (tiny TouchC) small p host y) <>
  fst (@step (tiny TouchC) 128 (guest_of small host y)).
Proof.
  split.
  - split; [repeat split|]. apply install_represents; [apply small_fits|repeat split].
  - intro H. discriminate H.
Qed.

(* The relation between host and virtual machine is not always true. *)
Theorem relation_can_fail :
  let v := tiny_guest Nothing User 0 64 0 in
  let '(r, c) := @install (tiny Nothing) small v v in
  @represents (tiny Nothing) small r c /\ ~ @represents (tiny Nothing) small r v /\
  @same (tiny Nothing) 128 (virtual small r c) v /\
  ~ @same (tiny Nothing) 128 (virtual small r c) (tiny_guest Nothing User 0 64 1).
Proof.
  split; [|split; [|split]].
  - apply (@install_represents (tiny Nothing) small small_fits). repeat split.
  - intros (_ & R & _). discriminate R.
  - apply (@install_virtual (tiny Nothing) small).
  - intros [(_&_&_&_&_&R&_) _]. discriminate R.
Qed.
