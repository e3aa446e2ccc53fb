(* SPDX-License-Identifier: MIT *)
(* The instructions of PG32 and its variants are exact and reflectable in the sense of Exact.v,
   where the classifier of proofs/Language accepts them; and one that goes wrong is not exact. *)

From Trapeze Require Export Instance ToyProof.
From Trapeze.Language Require Classifier ClassifierValues ClassifierSound Certificate.

Module C := Classifier.

Section Instance.
Variable d : Sx.description.
Hypothesis is_variant : variation d.
Variables (choices : L.frame) (answer : list L.event -> nat -> N -> N).
#[local] Instance described : Architecture := architecture d is_variant choices answer.

Lemma components_are : Sx.d_components d = pg32.components.
Proof. apply (in_the_frame d is_variant Sx.d_components). Qed.

Lemma component_is c : Sx.component_of d c = nth c pg32.components Sx.no_component.
Proof. unfold Sx.component_of. now rewrite components_are. Qed.

(* ---------------------------------------------------------------- the tick *)

(* The description's tick is the time's, whatever else the state. *)
Lemma ticked_inject n (s : state) : L.ticked d n choices answer (inject s) =
  inject (State (E s) (M s) (P s) (base s) (bound s) (regs s) (IE s) (tick (T s)) (D s)).
Proof.
  destruct s as [e m p l b x ie [t pe re] h].
  cbn [tick described architecture T E M P base bound regs IE D]. unfold described_tick, moment.
  unfold L.ticked. rewrite (in_the_frame d is_variant Sx.d_tick).
  unfold L.evaluate. cbn. set (t' := Values.low 32 _). clearbody t'. rewrite N.eqb_refl.
  unfold L.commit, L.commit_one, L.put, L.set, Sx.component_of. rewrite components_are.
  destruct (t =? 0), (t =? 1); cbv -[Values.low Values.splice]; reflexivity.
Qed.

(* ---------------------------------------------------------------- states that correspond *)

Lemma base_is : Classifier.base_of d = Some pg32.the_l.
Proof. unfold Classifier.base_of. now rewrite components_are. Qed.
Lemma bound_is : Classifier.bound_of d = Some pg32.the_b.
Proof. unfold Classifier.bound_of. now rewrite components_are. Qed.

Lemma mode_is_inject (s : state) b :
  L.mode_is d (inject s) b = match M s with Supervisor => b | User => negb b end.
Proof.
  unfold L.mode_is. rewrite (in_the_frame d is_variant Sx.d_mode).
  change (Sx.d_mode (in_frame pg32.pg32 d)) with (Some pg32.the_M).
  cbv iota beta. rewrite component_is.
  destruct s as [? [] ? ? ? ? ? ? ?], b; reflexivity.
Qed.

(* Where the host represents a virtual configuration, so does its state as the description's. *)
Lemma inject_represents hybrid g r c :
  fits g -> represents g r c -> (hybrid = true -> vM r = User) ->
  Certificate.represents d hybrid (q g) (k g) (w g) (inject (cpu c))
    (inject (cpu (virtual g r c))).
Proof.
  intros (F1&F2&F3&F4) (Us&Rc&_&_&_&Vb&Vo) Hy. constructor.
  - exact F3.
  - exact F4.
  - intros v pw Hv Hw. rewrite (in_the_frame d is_variant Sx.d_translations) in Hv.
    destruct Hv as [<-|[]]. unfold Certificate.relocation_width in Hw.
    rewrite base_is, bound_is in Hw. vm_compute in Hw. injection Hw as <-. exact F4.
  - split; [|reflexivity]. intros o Ho. unfold C.own in Ho. rewrite component_is in Ho.
    do 12 (destruct o as [|o]; [try discriminate Ho; reflexivity|]). now destruct o.
  - rewrite !mode_is_inject, Us. auto.
  - intro H. specialize (Hy H). split.
    + intro b. rewrite !mode_is_inject, Us. cbn [virtual guest cpu M]. now rewrite Hy.
    + intros o Ho. unfold C.is_mode in Ho. rewrite (in_the_frame d is_variant Sx.d_mode) in Ho.
      apply PeanoNat.Nat.eqb_eq in Ho. subst o.
      change ([match vM r with Supervisor => 0 | User => 1 end] =
              [match M (cpu c) with Supervisor => 0 | User => 1 end]). now rewrite Hy, Us.
  - unfold Classifier.whole. rewrite base_is, bound_is. discriminate.
  - intros o v Hv. unfold Classifier.fixed_value in Hv.
    rewrite (in_the_frame d is_variant Sx.d_fixed) in Hv. discriminate Hv.
  - intros l b. rewrite base_is, bound_is. intros El Eb. injection El as <-. injection Eb as <-.
    unfold Relocation.clipped, compose in *. cbn. split; [exact Vb|]. split; [exact Vo|].
    destruct (N.leb_spec (w g) (vbase r)); injection Rc as -> ->;
      rewrite N.eqb_refl.
    + replace (vbase r <? w g) with false by (symmetry; apply N.ltb_ge; assumption). auto.
    + replace (vbase r <? w g) with true by (symmetry; apply N.ltb_lt; assumption). auto.
Qed.

Lemma word_mod x : x < word_limit -> x mod word_limit = x.
Proof. apply N.mod_small. Qed.

(* After an instruction that changed registers, P and a part of memory only. *)
Lemma contained_project n a0 len (s : state) s' : words s ->
  ClassifierSound.contained d a0 len (L.ticked d n choices answer (inject s)) s' ->
  untouched s (project s') /\
  forall a, a < a0 \/ a0 + len <= a -> E (project s') a = E s a.
Proof.
  intros (_&Wl&Wb) (Rw&Co&Hi). rewrite ticked_inject in Rw, Co, Hi.
  assert (Row : forall o, C.own d o = false -> L.row s' o =
    L.row (inject (State (E s) (M s) (P s) (base s) (bound s) (regs s) (IE s) (tick (T s)) (D s)))
      o) by exact Rw. clear Rw.
  assert (Own : forall o, C.own d o = match Sx.c_kind (nth o pg32.components Sx.no_component) with
    Sx.General | Sx.Counter => true | _ => false end)
    by (intro; unfold C.own; now rewrite component_is).
  unfold untouched, project, time_of, L.get. cbn [E M P base bound regs IE T D].
  rewrite !Row by (rewrite Own; reflexivity).
  split; [|exact Co]. repeat split.
  - destruct (M s); reflexivity.
  - exact (word_mod _ Wl).
  - exact (word_mod _ Wb).
  - destruct (IE s); reflexivity.
  - exact Hi.
Qed.

(* ---------------------------------------------------------------- what the classifier has seen *)

(* The host executes in virtual mode m: then the classifier takes for granted that in user mode the
   virtual mode is the host's, and looks at all traps that the dispatcher reflects. Where a check of
   privilege comes first, user mode comes no further. *)
Definition hybrid (m : mode) : bool := match m with User => true | Supervisor => false end.
Definition counted (m : mode) (t : nat) : bool := dispatcher_table m (code d t).
Definition checked (i : Sx.instruction) : bool :=
  match Sx.i_body i with
  | Sx.Seq (Sx.Branch (Sx.IsMode true) Sx.Skip (Sx.Trap _ Sx.Word)) _ => true
  | _ => false
  end.
Definition accepts (m : mode) (i : Sx.instruction) : bool :=
  hybrid m && checked i ||
  C.statement_relates d (hybrid m) (counted m) (Certificate.recognized d) (Sx.i_body i).
Definition accepted (m : mode) : bool :=
  C.sound_frame d && forallb (accepts m) (Sx.d_instructions d).

Lemma checked_traps i : checked i = true -> exists t, forall n (s : state) word, M s = User ->
  L.perform d n choices answer (inject s) i word = L.Traps t word.
Proof.
  unfold checked, L.perform, L.evaluate. intro H.
  repeat match type of H with
  | match ?x with _ => _ end = true => destruct x; try discriminate H
  end.
  eexists. intros n s word U. cbn [L.run L.eval L.bind]. rewrite mode_is_inject, U. reflexivity.
Qed.

(* Where it accepts all of them, whatever the word. *)
Lemma accepted_sound g r c word : fits g -> represents g r c -> accepted (vM r) = true ->
  match obey d choices answer (q g) (inject (cpu c)) word with
  | L.Next s' => exists v',
      obey d choices answer (w g) (inject (cpu (virtual g r c))) word = L.Next v' /\
      ClassifierValues.paired d (k g) (w g) s' v' /\
      ClassifierSound.contained d (k g) (w g)
        (L.ticked d (q g) choices answer (inject (cpu c))) s' /\
      ClassifierSound.contained d 0 (w g)
        (L.ticked d (w g) choices answer (inject (cpu (virtual g r c)))) v'
  | L.Traps t x => counted (vM r) t = true ->
      obey d choices answer (w g) (inject (cpu (virtual g r c))) word = L.Traps t x
  | L.Stops _ _ | L.Waits _ | L.Sticks => False
  end.
Proof.
  intros F R Ac. unfold accepted in Ac. apply andb_prop in Ac as [Fr Al].
  assert (Rep : Certificate.represents d (hybrid (vM r)) (q g) (k g) (w g) (inject (cpu c))
                  (inject (cpu (virtual g r c))))
    by (apply inject_represents; auto; now destruct (vM r)).
  unfold obey. destruct (L.decode d 32 word) as [i|] eqn:De.
  - apply find_some in De as [De _]. rewrite forallb_forall in Al. specialize (Al i De).
    unfold accepts in Al. destruct (hybrid (vM r) && checked i) eqn:Ch.
    { apply andb_prop in Ch as [Hy Ch]. destruct (checked_traps i Ch) as [t Tr].
      rewrite Tr by apply R. intros _. apply Tr. cbn. now destruct (vM r). }
    apply (ClassifierSound.classifier_sound d (hybrid (vM r)) (counted (vM r))
             (Certificate.recognized d)); auto.
    + apply F.
    + now apply Certificate.represents_corresponds.
  - rewrite !undefined_traps by assumption. auto.
Qed.

Theorem accepted_exact g direct word : fits g ->
  (forall m, direct m = true -> accepted m = true) -> exact g direct word.
Proof.
  intros F Ac r c (R & Di & _ & _). pose proof R as (Us&_&En&Si&W&Vb&Vo).
  pose proof (virtual_words g r c R) as Wv.
  pose proof (accepted_sound g r c word F R (Ac _ Di)) as S.
  cbn [exec described architecture]. unfold described_exec.
  destruct (obey d choices answer (q g) (inject (cpu c)) word) as [s'|t x|s' z|s'|];
    try contradiction; cbn [conclude].
  - destruct S as (v'&->&[Row Mem]&Cr&Cv). cbn [conclude].
    destruct (contained_project _ _ _ _ _ W Cr) as [U Co].
    destruct (contained_project _ _ _ _ _ Wv Cv) as [(V1&V2&V3&V4&V5&V6) _].
    split; [|split; [exact U|]].
    + exists (project v'). split; [reflexivity|].
      destruct U as (U1&U2&U3&U4&U5&U6).
      unfold same, agree, virtual, guest, complete in *.
      cbn [cpu E M P base bound regs IE T D entered count] in *.
      repeat split.
      * intros a La. now apply Mem.
      * now rewrite V1.
      * unfold project, L.get. cbn [P]. rewrite Row; [reflexivity|].
        unfold C.own. now rewrite component_is.
      * now rewrite V2.
      * now rewrite V3.
      * apply Row. unfold C.own. now rewrite component_is.
      * now rewrite U4, V4.
      * now rewrite U6, V6.
      * now rewrite V5.
      * replace (count c + 1 =? since r) with false by (symmetry; apply N.eqb_neq; lia).
        apply andb_false_r.
      * lia.
    + intros a La Ia. apply Co. unfold inside in Ia.
      apply andb_false_iff in Ia. rewrite N.leb_gt, N.ltb_ge in Ia. exact Ia.
  - now destruct (Nat.eqb _ _).
Qed.

Theorem accepted_reflectable g direct word : fits g ->
  (forall m, direct m = true -> accepted m = true) -> reflectable g (derived_plan direct) word.
Proof.
  intros F Ac r c (R & Di & _ & _) cause x Tr Re.
  pose proof (accepted_sound g r c word F R (Ac _ Di)) as S.
  cbn [exec described architecture] in *. unfold described_exec in *.
  destruct (obey d choices answer (q g) (inject (cpu c)) word) as [s'|t y|s' z|s'|];
    try contradiction; cbn [conclude] in *; [discriminate Tr|].
  rewrite S; [exact Tr|]. unfold counted. cbn [reflects derived_plan] in Re.
  destruct (PeanoNat.Nat.eqb_spec t pg32.trap_memory) as [->|_]; injection Tr as <- _; [|exact Re].
  now rewrite code_is.
Qed.

Theorem accepted_admitted g direct : fits g ->
  (forall m, direct m = true -> accepted m = true) -> admitted g (derived_plan direct).
Proof.
  intros F Ac. split; [exact F|]. split; [intros i s _; apply outcome_refl|].
  split; intro word; [now apply accepted_exact|now apply accepted_reflectable].
Qed.

Theorem accepted_never_spurious g direct : fits g ->
  (forall m, direct m = true -> accepted m = true) -> never_spurious g direct (privileged_word d).
Proof.
  intros F Ac word r c (R & Di & _ & _) Tr.
  pose proof (accepted_sound g r c word F R (Ac _ Di)) as S.
  cbn [exec described architecture] in *. unfold described_exec in *.
  destruct (obey d choices answer (q g) (inject (cpu c)) word) as [s'|t y|s' z|s'|] eqn:Ob;
    try contradiction; cbn [conclude trap_of] in *.
  destruct (counted (vM r) t) eqn:Co.
  - left. rewrite (S eq_refl). cbn [conclude]. now destruct (Nat.eqb _ _).
  - right. assert (t = pg32.trap_privileged) as ->.
    { unfold counted, dispatcher_table in Co. destruct (vM r); [|discriminate Co].
      apply negb_false_iff in Co. rewrite code_is in Co by assumption.
      do 7 (destruct t as [|t]; [try discriminate Co; reflexivity|]). destruct t; discriminate Co. }
    unfold privileged_word, obey in *. destruct (L.decode d 32 word) as [i|].
    + apply existsb_exists. exists pg32.trap_privileged. split; [|reflexivity].
      eapply WellFormed.perform_raises. exact Ob.
    + rewrite undefined_traps in Ob by assumption. discriminate Ob.
Qed.

End Instance.

(* ---------------------------------------------------------------- PG32 *)

Theorem pg32_accepted m : accepted pg32.pg32 m = true.
Proof. destruct m; vm_compute; reflexivity. Qed.

(* Theorem 1 applies to PG32, wherever its guest is put. *)
Theorem pg32_admitted choices answer g :
  fits g -> @admitted (PG32 choices answer) g (@derived_plan (PG32 choices answer) always).
Proof. intro F. apply accepted_admitted; [exact F|]. intros m _. apply pg32_accepted. Qed.

Theorem pg32_never_spurious choices answer g direct :
  fits g -> @never_spurious (PG32 choices answer) g direct (privileged_word pg32.pg32).
Proof. intro F. apply accepted_never_spurious; [exact F|]. intros m _. apply pg32_accepted. Qed.

(* ---------------------------------------------------------------- JRST 1 *)

Theorem jrst1_accepted_in_user_mode : accepted pg32_jrst1.pg32_jrst1 User = true.
Proof. vm_compute. reflexivity. Qed.

Lemma jrst1_not_accepted_in_supervisor_mode : accepted pg32_jrst1.pg32_jrst1 Supervisor = false.
Proof. vm_compute. reflexivity. Qed.

Theorem pg32_jrst1_admitted choices answer g : fits g ->
  @admitted (PG32_jrst1 choices answer) g (@derived_plan (PG32_jrst1 choices answer) user_only).
Proof.
  intro F. apply accepted_admitted; [exact F|]. intros [] H; [discriminate H|].
  apply jrst1_accepted_in_user_mode.
Qed.

(* jrst1 x1 goes on in user mode, whatever the state. *)
Definition jrst1_word : N := 0x802b.

Lemma jrst1_leaves choices answer n (s : @Architecture.state_of (list N) timer (list L.event)) :
  exists s', @exec (PG32_jrst1 choices answer) n jrst1_word s = Next s' /\ M s' = User.
Proof.
  cbn [exec PG32_jrst1 architecture]. unfold described_exec, obey.
  replace (L.decode pg32_jrst1.pg32_jrst1 32 jrst1_word) with (Some pg32_jrst1.insn_jrst1)
    by (vm_compute; reflexivity).
  unfold L.perform, L.complete.
  rewrite (ticked_inject _ jrst1_variant).
  eexists. split; [reflexivity|]. destruct s as [e [] p l b x ie t h]; reflexivity.
Qed.

(* So in virtual supervisor mode it goes wrong, wherever the guest is. *)
Theorem pg32_jrst1_not_exact choices answer g : fits g ->
  ~ @exact (PG32_jrst1 choices answer) g always jrst1_word.
Proof.
  set (A := PG32_jrst1 choices answer). intros F Ex.
  pose (v := @Config A (State (store (fun _ => 0) 0 jrst1_word) Supervisor 0 0 48 (repeat 0 32)
                          false (Timer 0 0 0) [] : @Architecture.state_of _ _ _) false 0).
  assert (W : words (cpu v)) by (repeat split).
  assert (Fe : fetch (w g) (cpu v) = Some jrst1_word).
  { unfold fetch. cbn [cpu v P bound base E].
    replace (0 + 0 + 4 <=? w g) with true; [reflexivity|].
    symmetry. apply N.leb_le. destruct F as (_&H&_). unfold trap_area in H. lia. }
  pose proof (@installed_exact A g always v v F W jrst1_word eq_refl Fe eq_refl Ex) as K.
  destruct (install g v v) as [r h] eqn:In.
  assert (R : vM r = Supervisor) by (injection In as <- _; reflexivity).
  destruct (jrst1_leaves choices answer (q g) (cpu h)) as (s'&Xs&_).
  change (@exec A (q g) (@decode A jrst1_word) (cpu h) = Next s') in Xs. rewrite Xs in K.
  destruct K as ((v'&Xv&S) & _).
  destruct (jrst1_leaves choices answer (w g) (cpu (virtual g r h))) as (v1&Xv1&U).
  change (@exec A (w g) (@decode A jrst1_word) (cpu (virtual g r h)) = Next v1) in Xv1.
  rewrite Xv1 in Xv. injection Xv as <-. destruct S as [(_&Mo&_) _].
  change (vM r = M v1) in Mo. congruence.
Qed.
