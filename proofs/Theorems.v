(* SPDX-License-Identifier: MIT *)
(* The theorems. What they speak of is in Architecture.v, Machine.v, Monitor.v, Exact.v, Paper.v,
   Tower.v and, for PG32 as emitted, Instance.v; their proofs are in the files that end in
   Proof.v, and in Language/ for the classifier. *)

From Trapeze Require Export HolesProof TowerProof FrameProof.
From Trapeze.Language Require Witness.

(* ---------------------------------------------------------------- theorem 1 *)

(* A monitor with any plan on any host: where host and plan are admitted (every instruction exact
   and reflectable, the interpreter routines right), the guest's machine is the bare machine. With
   the plan that executes everything directly this is the paper's theorem 1. *)

(* Equivalence, one step: what the virtual machine shows and where it then stands is what the bare
   machine of w bytes shows and where that stands. *)
Theorem theorem1_equivalence_step `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (y : record * carrier host),
  admitted g p -> hosts g host y ->
  let (e, y') := monitored g p host y in
  e = fst (step (w g) (guest_of g host y)) /\
  same (w g) (guest_of g host y') (snd (step (w g) (guest_of g host y))) /\
  hosts g host y'.
Proof.
  intros g p host [r x] Ad H. pose proof (monitor_simulates g p Ad host r x H) as S.
  unfold monitored. destruct (monitor_step g p host (r, x)) as [a [e y']]. simpl. tauto.
Qed.

(* Equivalence, any number of steps, from any state v that the virtual machine is started in: all
   that was shown on the way, and where it stands. *)
Theorem theorem1_equivalence_run `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (x : carrier host) (v : config) (i : nat),
  admitted g p -> invariant host x -> words (cpu v) ->
  let y' := snd (run (monitored g p host) i (start g host v x)) in
  fst (run (monitored g p host) i (start g host v x)) = fst (run (step (w g)) i v) /\
  same (w g) (guest_of g host y') (snd (run (step (w g)) i v)) /\
  hosts g host y'.
Proof.
  intros g p host x v i Ad I W. destruct (installed g p Ad host v x I W) as (H&S&_).
  apply (machine_run (w g) (monitor g p Ad host) i); auto. apply Ad.
Qed.

(* Halting, in both directions, and in the same way. *)
Theorem theorem1_halts_iff `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (x : carrier host) (v : config) (e : event),
  admitted g p -> invariant host x -> words (cpu v) ->
  (ends (monitored g p host) (start g host v x) e <-> ends (step (w g)) v e).
Proof.
  intros g p host x v e Ad I W. destruct (installed g p Ad host v x I W) as (H&S&_).
  apply (machine_ends (w g) (monitor g p Ad host)); auto. apply Ad.
Qed.

(* Resource control. In any run, nothing of the host's memory changes but the partition and the
   area where traps save, nor do its devices; its mode is user and its R the composed one; it
   neither stops nor waits. Mode, R, IE and timer are set by the allocator alone: a direct step
   leaves them, but for the tick, and the record; any other step ends in the allocator's [start]. *)
Theorem theorem1_resource_control `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (r : record) (x : carrier host),
  admitted g p -> hosts g host (r, x) ->
  (forall i : nat,
   let '(r', x') := snd (run (monitored g p host) i (r, x)) in
   controlled g (cpu (get host x)) (cpu (get host x')) /\ represents g r' (get host x') /\
   forall t e, In t (log g p host i (r, x)) -> hardware t = Some e ->
   match e with Returned | Trapped _ _ => True | _ => False end) /\
  (let '(a, (_, (r', x'))) := monitor_step g p host (r, x) in
   match a with
   | Direct => r' = r /\ confined g (cpu (get host x)) (cpu (get host x')) /\
               untouched (cpu (get host x)) (cpu (get host x'))
   | Handled => exists v, (r', x') = start g host v (snd (run1 host x))
   | Interpreted => exists v, (r', x') = start g host v x
   end).
Proof.
  intros g p host r x Ad H. split.
  - intro i. destruct (run_controlled g p Ad host i r x H) as [[_ R] C].
    pose proof (host_events g p Ad host i r x H) as Ev.
    destruct (snd (run (monitored g p host) i (r, x))) as [r' x']. auto.
  - pose proof (monitor_simulates g p Ad host r x H) as S.
    destruct (monitor_step g p host (r, x)) as [a [e [r' x']]]. destruct S as (_&_&_&_&S).
    destruct a; simpl in *.
    + tauto.
    + destruct S as (_&_&c&z&x1&v&->&Y). now exists v.
    + now destruct S.
Qed.

(* Efficiency. A step in which the hardware does not trap is one step of the host and nothing
   else. In any run, the handler is called as often as the hardware traps; and where nothing traps
   spuriously, as often as the virtual machine traps and instructions that are meant to be (the
   privileged ones) are emulated. *)
Theorem theorem1_efficiency `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (r : record) (x : carrier host),
  admitted g p -> hosts g host (r, x) ->
  (direct p (vM r) = true -> traps (fst (run1 host x)) = false ->
   monitor_step g p host (r, x) = (Direct, (Returned, (r, snd (run1 host x)))) /\
   fst (run1 host x) = Returned) /\
  (forall i : nat,
   number handler_call (log g p host i (r, x)) = number hardware_trap (log g p host i (r, x))) /\
  (forall emulates, never_spurious g (direct p) emulates -> forall i : nat,
   number handler_call (log g p host i (r, x)) =
   (number virtual_trap (log g p host i (r, x)) +
    number (emulated emulates) (log g p host i (r, x)))%nat).
Proof.
  intros g p host r x Ad H. split; [|split].
  - intros Di Tr. pose proof (monitor_simulates g p Ad host r x H) as S.
    unfold monitor_step in *. rewrite Di in *. destruct (run1 host x) as [e x1].
    destruct e; simpl in *; try discriminate; auto; destruct S as (_&_&_&_&_&S&_);
      discriminate S.
  - intro i. now apply calls_are_traps.
  - intros emulates NS i. now apply calls_justified.
Qed.

(* ---------------------------------------------------------------- the exact criterion *)

(* Under this map, direct execution with some handler is correct if and only if every instruction
   is exact. (That a monitor exists says nothing: one can always interpret.) *)
Theorem direct_execution_iff `{A : Architecture} :
  forall (g : place) (direct : mode -> bool), fits g ->
  ((forall i, exact g direct i) <->
   (exists handler : record -> config -> event * (record * config), correct g direct handler)).
Proof. intros g dir F. now apply direct_execution. Qed.

(* ---------------------------------------------------------------- the paper's hypothesis *)

(* Repaired, it implies the exact condition, in any place; with [always] this is theorem 1's
   hypothesis, with [user_only] theorem 3's. *)
Theorem literal_repaired_implies_exact `{A : Architecture} :
  forall (g : place) (direct : mode -> bool) (i : instruction),
  fits g -> repaired direct i -> exact g direct i.
Proof. intros. now apply repaired_exact. Qed.

(* So the paper's theorems have their shape again: where all instructions meet it, a monitor that
   executes them directly is constructed. *)
Theorem literal_repaired_constructs `{A : Architecture} :
  forall (direct_in : mode -> bool), (forall i, repaired direct_in i) ->
  forall g : place, fits g -> exists p : plan, direct p = direct_in /\ admitted g p.
Proof.
  intros dir Rep g F. exists (emulate_all dir). split; [reflexivity|]. split; [exact F|].
  split; [intros i s _; apply outcome_refl|]. split; intro i.
  - apply repaired_exact; auto.
  - intros r c _ cause x _ Rf. discriminate Rf.
Qed.

Theorem insensitive_implies_reflectable `{A : Architecture} :
  forall (g : place) (p : plan) (i : instruction),
  fits g -> insensitive (direct p) i -> reflectable g p i.
Proof. intros. now apply insensitive_reflectable. Qed.

(* Word for word it is too weak, whichever way it is read: there is a machine that meets it, and no
   handler makes direct execution correct. *)
Theorem literal_hypothesis_unsound :
  forall rd : reading, exists (A : Architecture) (g : place),
  literal_hypothesis rd /\ fits g /\ ~ exists handler, correct g always handler.
Proof.
  intro rd. exists (tiny TouchC), small. split; [|split; [apply small_fits|]].
  - apply tiny_innocuous_hypothesis. apply touch_c_innocuous.
  - intro H. apply (touch_c_not_exact always eq_refl).
    now apply (proj2 (@direct_execution (tiny TouchC) small small_fits always)).
Qed.

(* Nor is theorem 3's enough for the hybrid monitor. *)
Theorem literal_user_hypothesis_unsound :
  forall rd : reading, exists (A : Architecture) (g : place),
  literal_user_hypothesis rd /\ fits g /\ ~ exists handler, correct g user_only handler.
Proof.
  intro rd. exists (tiny TouchC), small. split; [|split; [apply small_fits|]].
  - intros n [] S. apply user_sensitive_sensitive in S. now apply touch_c_innocuous in S.
  - intro H. apply (touch_c_not_exact user_only eq_refl).
    now apply (proj2 (@direct_execution (tiny TouchC) small small_fits user_only)).
Qed.

(* And too strong: machines fail it whose instructions may all be executed directly; word for word,
   any with a supervisor call, such as the toy. *)
Theorem literal_hypothesis_too_strong :
  ~ @literal_hypothesis (toy Plain) Word_for_word /\
  (forall g, fits g -> exists handler, @correct (toy Plain) g always handler) /\
  forall rd : reading, exists A : Architecture,
  ~ literal_hypothesis rd /\ forall g, fits g -> exists handler, correct g always handler.
Proof.
  split; [|split].
  - intro L. pose (s := State (fun _ : N => 0) User 0 0 0 0 false (0, false) 0 : @state_of N _ N).
    assert (K : @privileged (toy Plain) 0 (Call, 0)).
    { apply L. left. exists s. left. eexists. split; [reflexivity|]. left. discriminate. }
    destruct (K s) as [_ H]; try (intros [a Ha]; discriminate Ha). apply H. now exists 3, 0.
  - intros g F. apply direct_execution; auto. apply (toy_admitted g F).
  - intro rd. exists (tiny PrivilegedIf). split.
    + intro L. apply (privileged_if_not_privileged 0). apply L. left.
      apply privileged_if_control_sensitive.
    + intros g F. apply direct_execution; auto. intros []. apply privileged_if_exact.
Qed.

(* ---------------------------------------------------------------- theorem 2 *)

(* Monitors on monitors, n + 1 deep: where theorem 1 applies at every level and the host has
   (n + 1) * k + w bytes, the innermost virtual machine can be started in any state, and every
   run of it is the bare machine's. *)
Theorem theorem2_recursive `{A : Architecture} :
  forall (p : plan) (k w : N) (all : everywhere p k w) (n : nat) (q : N),
  N.of_nat (S n) * k + w <= q -> q <= word_limit ->
  exists (room : k + size k w n <= q) (small : q <= word_limit),
  forall (host : machine q) (x : carrier host) (v : config),
  invariant host x -> words (cpu v) ->
  let m := depth p k w all n q room small host in
  exists y, invariant m y /\ same w (get m y) v /\
  forall i : nat,
  fst (run (run1 m) i y) = fst (run (step w) i v) /\
  same w (get m (snd (run (run1 m) i y))) (snd (run (step w) i v)).
Proof.
  intros p k w all n q B small.
  assert (room : k + size k w n <= q) by (rewrite size_is, Nnat.Nat2N.inj_succ in *; lia).
  exists room, small. intros host x v I W m.
  assert (L : trap_area <= w).
  { assert (w <= size k w n) by (rewrite size_is; lia).
    destruct (all 0%nat (k + w)) as [(_&L&_) _]; [apply N.le_refl|lia|exact L]. }
  destruct (depth_started p k w all n q room small host x v L I W) as (y & Iy & Sy).
  exists y. split; [exact Iy|]. split; [exact Sy|]. intro i.
  destruct (machine_run w m i L y v Iy Sy) as (?&?&?). auto.
Qed.

(* ---------------------------------------------------------------- theorem 3 *)

(* The hybrid monitor interprets virtual supervisor code and has the host execute virtual user
   code. It asks less: instructions need to be exact in virtual user mode only. *)
Theorem theorem3_hybrid `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (x : carrier host) (v : config),
  direct p = user_only -> admitted g p -> invariant host x -> words (cpu v) ->
  let y := start g host v x in
  (forall i : nat,
   fst (run (monitored g p host) i y) = fst (run (step (w g)) i v) /\
   same (w g) (guest_of g host (snd (run (monitored g p host) i y))) (snd (run (step (w g)) i v)) /\
   controlled g (cpu (get host x)) (cpu (get host (snd (snd (run (monitored g p host) i y)))))) /\
  (forall e, ends (monitored g p host) y e <-> ends (step (w g)) v e) /\
  (forall y', hosts g host y' ->
   (fst (monitor_step g p host y') = Interpreted <-> vM (fst y') = Supervisor)).
Proof.
  intros g p host x v Hy Ad I W y. pose proof (installed g p Ad host v x I W) as (H&S&C).
  split; [|split].
  - intro i. destruct (theorem1_equivalence_run g p host x v i Ad I W) as (R1&R2&_).
    split; auto. split; auto. subst y. destruct (start g host v x) as [r x0].
    destruct (run_controlled g p Ad host i r x0 H) as [_ C'].
    eapply controlled_trans; eauto.
  - intro e. now apply theorem1_halts_iff.
  - intros [r z] H'. pose proof (monitor_simulates g p Ad host r z H') as K.
    destruct (monitor_step g p host (r, z)) as [a [e y']]. destruct K as (_&_&_&_&K). simpl.
    destruct a; rewrite Hy in K; unfold user_only in K; destruct (vM r); simpl; intuition;
      discriminate.
Qed.

(* JRST 1 separates the two: on the toy with it, no handler makes direct execution of everything
   correct, and the hybrid monitor's plan is admitted wherever its guest is put. *)
Theorem theorem3_separates : exists A : Architecture,
  (exists g, fits g /\ ~ exists handler, correct g always handler) /\
  (forall g, fits g -> exists p, direct p = user_only /\ admitted g p).
Proof.
  exists (toy Jrst1). split.
  - exists small. split; [apply small_fits|]. intro H. apply jrst1_not_exact.
    now apply (proj2 (@direct_execution (toy Jrst1) small small_fits always)).
  - intros g F. exists (toy_plan Jrst1 user_only). split; auto. now apply jrst1_admitted_hybrid.
Qed.

(* ---------------------------------------------------------------- the classifier *)

(* Of any description m in the .isa language: what the classifier says of an instruction is so.
   With [hybrid] the virtual mode is user. Where it says that the instruction may run directly, the
   instruction does on the real machine what it does on the virtual one and nothing else, or traps,
   and memory traps are the virtual machine's ([Certificate.runs_directly]); where it says that it
   always traps, it does so in user mode where the machine holds what the map fixes; and on two
   states that violate, the instruction does not run directly. *)
Theorem classifier_sound :
  forall (m : Sx.description) (hybrid : bool) (i : Sx.instruction), C.sound_frame m = true ->
  let verdict := C.classify m hybrid (Certificate.recognized m) i in
  (verdict <> C.Undecided ->
   forall q k w choices answer real virtual word,
   Certificate.represents m hybrid q k w real virtual ->
   Certificate.runs_directly m q k w choices answer real virtual i word) /\
  (verdict = C.AlwaysTraps ->
   forall q choices answer s word,
   L.mode_is m s true = false -> L.mode_is m s false = true ->
   (forall c v, C.fixed_value m c = Some v -> L.get s c 0 = v) ->
   exists t x, L.perform m q choices answer s i word = L.Traps t x) /\
  (forall q k w choices answer real virtual word cells,
   Witness.violates m q k w choices answer real virtual i word cells = true ->
   ~ Certificate.runs_directly m q k w choices answer real virtual i word).
Proof.
  intros m hy i Fr verdict. subst verdict. unfold C.classify. split; [|split].
  - destruct (C.may_run _ _ _ _) eqn:May; [|intro H; now elim H].
    intros _ **. eapply Certificate.instruction_sound; eauto.
  - destruct (C.may_run _ _ _ _); [|discriminate].
    destruct (C.always_traps m i) eqn:Al; [|discriminate].
    intros _ **. now apply ClassifierSound.always_traps_sound.
  - intros. eapply Witness.violates_sound; eassumption.
Qed.

(* ---------------------------------------------------------------- PG32 *)

(* PG32, as `isa-analyzer emit coq` writes it, is virtualizable: for a guest in any place g, started
   in any state v on hardware in any state x, whatever devices answer. [step] is the hardware's own
   step of that description ([pg32_step_described]), on q g bytes below and on w g bytes where the
   guest has its machine to itself. *)
Theorem pg32_virtualizable :
  forall (choices : L.frame) (answer : list L.event -> nat -> N -> N),
  let A := PG32 choices answer in
  forall (g : place) (v x : config), fits g -> words (cpu v) -> words (cpu x) ->
  let p := derived_plan always in
  let one_step := monitor_step g p (bare (q g)) in
  let after i := run (monitored g p (bare (q g))) i (start g (bare (q g)) v x) in
  let calls kind i := number kind (log g p (bare (q g)) i (start g (bare (q g)) v x)) in
  (* Equivalence: after any number of steps, the same was seen, and the guest's state is that of
     the bare machine; and it stops just when that does, in the same way. *)
  (forall i : nat, let (seen, y) := after i in let (shown, v') := run (step (w g)) i v in
   seen = shown /\ same (w g) (virtual g (fst y) (snd y)) v') /\
  (forall e, ends (monitored g p (bare (q g))) (start g (bare (q g)) v x) e <->
             ends (step (w g)) v e) /\
  (* Resource control: user mode, R composed, and nothing else of the hardware's changed. *)
  (forall i : nat, let (r, c) := snd (after i) in
   represents g r c /\ controlled g (cpu x) (cpu c)) /\
  (* Direct execution: every step is the hardware's own, and all of it but where that traps; then
     the handler acts on what the trap has left. *)
  (forall i : nat, let (r, c) := snd (after i) in let (e, c') := step (q g) c in
   match e with
   | Returned => one_step (r, c) = (Direct, (Returned, (r, c')))
   | Trapped _ _ => one_step (r, c) = (Handled, handler g p r c')
   | _ => False
   end) /\
  (* Efficiency: the handler is called for the guest's own traps and for privileged instructions. *)
  (forall i : nat, calls handler_call i =
   (calls virtual_trap i + calls (emulated (privileged_word pg32.pg32)) i)%nat).
Proof.
  intros ch an A g v x F Wv Wx p one_step after calls.
  pose proof (pg32_admitted ch an g F) as Ad. change (admitted g p) in Ad.
  pose proof (installed g p Ad (bare (q g)) v x Wx Wv) as (H & _ & C0).
  assert (Hosts : forall i, hosts g (bare (q g)) (snd (after i)) /\
                    controlled g (cpu x) (cpu (snd (snd (after i))))).
  { intro i. subst after. cbv beta. destruct (start g (bare (q g)) v x) as [r c].
    destruct (run_controlled g p Ad (bare (q g)) i r c H) as [K C1]. split; [exact K|].
    eapply controlled_trans; [exact C0|exact C1]. }
  split; [|split; [|split; [|split]]].
  - intro i. destruct (theorem1_equivalence_run g p (bare (q g)) x v i Ad Wx Wv) as (E1&E2&_).
    unfold after. destruct (run (monitored _ _ _) i _) as [seen y], (run (step (w g)) i v).
    split; [exact E1|exact E2].
  - intro e. exact (theorem1_halts_iff g p (bare (q g)) x v e Ad Wx Wv).
  - intro i. destruct (Hosts i) as [[_ R] Co]. destruct (snd (after i)) as [r c]. now split.
  - intro i. destruct (Hosts i) as [Hs _]. destruct (snd (after i)) as [r c].
    pose proof (monitor_simulates g p Ad (bare (q g)) r c Hs) as S. subst one_step.
    unfold monitor_step in *. cbn [direct p derived_plan always run1 bare] in *.
    destruct (step (q g) c) as [e c'].
    destruct e; try (destruct S as (_&_&_&_&_&S&_); discriminate S).
    + reflexivity.
    + destruct (handler g p r c') as [e' [r'' c'']] eqn:Ha.
      change (get (bare (q g)) c') with c'. rewrite Ha. reflexivity.
  - intro i. subst calls. cbv beta. destruct (start g (bare (q g)) v x) as [r c].
    apply (theorem1_efficiency g p (bare (q g)) r c Ad H). now apply pg32_never_spurious.
Qed.

(* PG32 with the PDP-10's JRST 1, as emitted: wherever the guest is put, no handler makes direct
   execution of everything correct; but the hybrid monitor's plan is admitted, so theorem 3 holds
   of it. *)
Theorem pg32_jrst1_hybrid_only :
  forall (choices : L.frame) (answer : list L.event -> nat -> N -> N),
  let A := PG32_jrst1 choices answer in
  forall g : place, fits g ->
  (~ exists handler, correct g always handler) /\
  let p := derived_plan user_only in
  admitted g p /\
  forall (host : machine (q g)) (x : carrier host) (v : config),
  invariant host x -> words (cpu v) ->
  let y := start g host v x in
  (forall i : nat, let (seen, y') := run (monitored g p host) i y in
   let (shown, v') := run (step (w g)) i v in
   seen = shown /\ same (w g) (guest_of g host y') v' /\
   controlled g (cpu (get host x)) (cpu (get host (snd y')))) /\
  (forall e, ends (monitored g p host) y e <-> ends (step (w g)) v e) /\
  (forall y', hosts g host y' ->
   (fst (monitor_step g p host y') = Interpreted <-> vM (fst y') = Supervisor)).
Proof.
  intros ch an A g F. split; [|split].
  - intro H. apply (pg32_jrst1_not_exact ch an g F).
    now apply (proj2 (direct_execution_iff (A := A) g always F)).
  - now apply pg32_jrst1_admitted.
  - intros host x v I W y. pose proof (pg32_jrst1_admitted ch an g F) as Ad.
    destruct (theorem3_hybrid g (derived_plan user_only) host x v eq_refl Ad I W) as (R&Ends&Int).
    split; [|split; [exact Ends|exact Int]].
    intro i. specialize (R i). subst y.
    destruct (run (monitored _ _ _) i _) as [seen y'], (run (step (w g)) i v). exact R.
Qed.
