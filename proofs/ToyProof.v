(* SPDX-License-Identifier: MIT *)
(* The toy meets every hypothesis; its variants show which hypothesis is which. *)

From Trapeze Require Export Toy PaperProof EfficiencyProof.
From Coq Require Import ZifyBool ZifyN.

#[local] Arguments translate : simpl never.

Definition toy_emulates (i : opcode * N) : bool :=
  match fst i with
  | Setr | Return | Settimer | Gettimer | Out | Halt | Idling => true
  | _ => false
  end.

Definition toy_plan extra (direct : mode -> bool) : @plan (toy extra) :=
  @derived_plan (toy extra) direct.

Lemma translate_seen extra n (s : toy_state) a :
  translate n s a = if a <? @seen (toy extra) n s then Some (base s + a) else None.
Proof.
  unfold translate, seen.
  assert (H : (a + 1 <=? bound s) && (base s + a + 1 <=? n) = (a <? N.min (bound s) (n - base s)))
    by lia.
  now rewrite H.
Qed.

Definition innocuous_op (o : opcode) : bool :=
  match o with Increase | Load | Store | Jump => true | _ => false end.

Lemma toy_contained extra dir i : innocuous_op (fst i) = true -> @contained (toy extra) dir i.
Proof.
  destruct i as [o word]. intros O n s _ _. destruct s as [e m p l b a ie t d].
  destruct o; try discriminate O; simpl; try (repeat split; auto; fail).
  - rewrite (translate_seen extra). destruct (_ <? _); auto. repeat split; auto.
  - rewrite (translate_seen extra). destruct (_ <? _) eqn:L; auto. split; [repeat split; auto|].
    simpl. intros j _ J. destruct (j =? _) eqn:Q; auto. exfalso. simpl in *. lia.
Qed.

Lemma toy_insensitive extra dir i :
  innocuous_op (fst i) = true -> @insensitive (toy extra) dir i.
Proof.
  destruct i as [o word]. intros O n1 s1 n2 s2 _ _ _ _.
  destruct s1 as [e m p l b a ie t d], s2 as [e' m' p' l' b' a' ie' t' d'].
  unfold alike, same_window. simpl. intros (S&W&<-&<-&<-&<-).
  destruct o; try discriminate O; simpl; try (repeat split; auto; fail).
  - rewrite !(translate_seen extra). simpl in *. rewrite <- S.
    destruct (operand word <? _) eqn:L; auto. repeat split; auto. simpl. apply W. lia.
  - rewrite !(translate_seen extra). simpl in *. rewrite <- S.
    destruct (operand word <? _) eqn:L; auto. repeat split; auto. intros j J. simpl.
    replace (l' + j =? l' + operand word) with (l + j =? l + operand word) by lia.
    destruct (_ =? _); auto.
Qed.

Lemma toy_traps extra i : innocuous_op (fst i) = false ->
  fst i <> Extra \/ extra = Plain -> @always_traps_in_user_mode (toy extra) i.
Proof.
  destruct i as [o word]. intros O V n s _ U. destruct s as [e m p l b a ie t d].
  simpl in U. subst m. destruct o; try discriminate O; try discriminate.
  destruct V as [V|V]; [exfalso; apply V; reflexivity|subst; discriminate].
Qed.

(* The repaired condition holds of every instruction but the variant's. *)
Theorem toy_repaired extra dir i :
  fst i <> Extra \/ extra = Plain -> @repaired (toy extra) dir i.
Proof.
  intro V. destruct (innocuous_op (fst i)) eqn:O.
  - right; split; [now apply toy_contained|now apply toy_insensitive].
  - left. now apply toy_traps.
Qed.

Lemma toy_reflectable extra g direct i : fits g -> fst i <> Extra \/ extra <> Lra ->
  @reflectable (toy extra) g (toy_plan extra direct) i.
Proof.
  intros F V. destruct (innocuous_op (fst i)) eqn:O.
  { apply insensitive_reflectable; auto. now apply toy_insensitive. }
  intros r c Ru cause x Tr Rf. destruct Ru as [[U _] _]. destruct i as [o word].
  simpl in *. unfold supervisor_only in *.
  destruct o; try discriminate O; simpl in *; unfold supervisor_only in *; simpl;
    try (rewrite U in Tr; injection Tr as <- <-; destruct (vM r); [discriminate Rf|reflexivity]);
    try exact Tr.
  destruct extra; simpl in *; try exact Tr; discriminate.
Qed.

Lemma toy_routines extra n direct : @routines_correct (toy extra) n (toy_plan extra direct).
Proof. intros i s _. apply outcome_refl. Qed.

(* Theorem 1 applies to the plain toy, wherever its guest is put. *)
Theorem toy_admitted g : fits g -> @admitted (toy Plain) g (toy_plan Plain always).
Proof.
  intro F. split; [auto|]. split; [apply toy_routines|]. split; intro i.
  - apply repaired_exact; auto. now apply toy_repaired; right.
  - apply toy_reflectable; auto. right; discriminate.
Qed.

Theorem toy_never_spurious extra g direct : fits g -> extra <> Lra ->
  @never_spurious (toy extra) g direct toy_emulates.
Proof.
  intros F V [o word] r c Ru Tr. pose proof Ru as [R _].
  destruct (innocuous_op o) eqn:O.
  - left. pose proof (@toy_insensitive extra always (o, word) O) as In.
    pose proof (@map_alike (toy extra) g F r c R) as Al.
    assert (W : words (cpu c)) by apply R.
    pose proof (@virtual_words (toy extra) g r c R) as Wv.
    specialize (In _ _ _ _ W Wv (or_intror eq_refl) (or_intror eq_refl) Al).
    destruct (@exec (toy extra) (q g) (o, word) (cpu c)), (@exec (toy extra) (w g) (o, word) _);
      simpl in *; congruence.
  - destruct o; try discriminate O; auto; left; simpl; try discriminate.
    destruct extra; simpl in *; try congruence; discriminate.
Qed.

(* ---------------------------------------------------------------- JRST 1 *)

(* In user mode it is a jump. *)
Theorem jrst1_repaired_in_user_mode word : @repaired (toy Jrst1) user_only (Extra, word).
Proof.
  right. split.
  - intros n s _ [U|U]; destruct s as [e m p l b a ie t d]; simpl in U;
      [|destruct m; [discriminate|]]; subst; simpl; repeat split; auto.
  - intros n1 s1 n2 s2 _ _ _ _ (S&W&Hp&Hr&_). simpl in *. rewrite Hr. repeat split; auto.
Qed.
Theorem jrst1_admitted_hybrid g :
  fits g -> @admitted (toy Jrst1) g (toy_plan Jrst1 user_only).
Proof.
  intro F. split; [auto|]. split; [apply toy_routines|]. split; intros [o word].
  - apply repaired_exact; auto. destruct (match o with Extra => true | _ => false end) eqn:X.
    + destruct o; try discriminate. apply jrst1_repaired_in_user_mode.
    + apply toy_repaired. left. intro; simpl in *; subst; discriminate.
  - apply toy_reflectable; auto. right; discriminate.
Qed.

(* ---------------------------------------------------------------- counterexamples, installed *)

Section Installed.
Context {A : Architecture}.
Variables (g : place) (direct : mode -> bool) (v c : config).
Hypothesis fit : fits g.
Hypothesis vw : words (cpu v).

(* A virtual configuration, installed on any host, is one in which its instruction runs. *)
Lemma installed_runs word : direct (M (cpu v)) = true ->
  fetch (w g) (cpu v) = Some word -> due_now v = None ->
  runs g direct (decode word) (fst (install g v c)) (snd (install g v c)).
Proof.
  intros Di Fe Du. pose proof (install_represents g fit v c vw) as R.
  split; auto. split; [exact Di|]. split; [|exact Du]. exists word. split; auto.
  rewrite <- (fetch_virtual g fit _ _ R). rewrite <- Fe.
  apply fetch_agree. apply install_virtual.
Qed.

Lemma installed_exact word : direct (M (cpu v)) = true ->
  fetch (w g) (cpu v) = Some word -> due_now v = None -> exact g direct (decode word) ->
  let '(r, h) := install g v c in
  match exec (q g) (decode word) (cpu h) with
  | Next s' =>
    (exists v', exec (w g) (decode word) (cpu (virtual g r h)) = Next v' /\
       same (w g) (virtual g r (complete h s')) (complete (virtual g r h) v')) /\
    untouched (cpu h) s' /\ confined g (cpu h) s'
  | MemTrap _ | Trap _ _ => True
  | Stop _ | Wait => False
  end.
Proof.
  intros Di Fe Du Ex. pose proof (installed_runs word Di Fe Du) as Ru.
  destruct (install g v c) as [r h]. exact (Ex r h Ru).
Qed.
End Installed.

(* A small place, and a machine whose memory holds one word of code at its window's beginning. *)
Definition small : place := Place 256 64 128.
Lemma small_fits : fits small.
Proof. repeat split; discriminate. Qed.

Section Small.
Variable extra : variant.
#[local] Instance machine_of_extra : Architecture := toy extra.

Definition holding (m : mode) (word l b acc : N) (t : N * bool) : config :=
  @Config (toy extra) (State (store (fun _ => 0) l word) m 0 l b acc false t 0) false 0.

Definition host0 : config := holding Supervisor 0 0 256 0 (0, false).

Lemma not_exact dir (m : mode) word l b acc t :
  dir m = true -> words (cpu (holding m word l b acc t)) ->
  fetch 128 (cpu (holding m word l b acc t)) = Some word ->
  exact small dir (decode word) ->
  let '(r, h) := install small (holding m word l b acc t) host0 in
  match exec 256 (decode word) (cpu h) with
  | Next s' =>
    (exists v', exec 128 (decode word) (cpu (virtual small r h)) = Next v' /\
       same 128 (virtual small r (complete h s')) (complete (virtual small r h) v')) /\
    untouched (cpu h) s' /\ confined small (cpu h) s'
  | MemTrap _ | Trap _ _ => True
  | Stop _ | Wait => False
  end.
Proof.
  intros Di W Fe Ex.
  exact (installed_exact small dir (holding m word l b acc t) host0 small_fits W word Di Fe
    eq_refl Ex).
Qed.
End Small.

(* JRST 1 in virtual supervisor mode: the host stays where it is, the virtual machine does not. *)
Theorem jrst1_not_exact : ~ @exact (toy Jrst1) small always (toy_decode 12).
Proof.
  intro Ex.
  apply (not_exact Jrst1 always Supervisor 12 0 128 8 (0, false)) in Ex; try easy.
  destruct Ex as ((v' & Xv & S) & _). injection Xv as <-. destruct S as [(_&S&_) _]. discriminate S.
Qed.

(* A load real address, in user mode. *)
Theorem lra_not_exact : ~ @exact (toy Lra) small user_only (toy_decode 12).
Proof.
  intro Ex.
  apply (not_exact Lra user_only User 12 0 128 8 (0, false)) in Ex; try easy.
  destruct Ex as ((v' & Xv & S) & _). injection Xv as <-.
  destruct S as [(_&_&_&_&_&S&_) _]. discriminate S.
Qed.

(* An unprivileged set-timer: equivalent, since the timer is lent, but out of control. *)
Theorem ustm_not_exact : ~ @exact (toy Ustm) small user_only (toy_decode 12).
Proof.
  intro Ex.
  apply (not_exact Ustm user_only User 12 0 128 8 (0, false)) in Ex; try easy.
  destruct Ex as (_ & (_&_&_&_&_&U) & _). discriminate U.
Qed.
