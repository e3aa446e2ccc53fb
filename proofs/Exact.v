(* SPDX-License-Identifier: MIT *)
(* When an instruction may be executed directly: DESIGN 4's exact condition, its companion for traps
   that are reflected unseen, and what it means that a handler is correct. *)

From Trapeze Require Export Monitor.

Section Exact.
Context {A : Architecture}.

(* The situations in which the host executes i directly. *)
Definition runs (g : place) (direct : mode -> bool) (i : instruction) (r : record) (c : config)
  : Prop :=
  represents g r c /\ direct (vM r) = true /\
  (exists word, fetch (q g) (cpu c) = Some word /\ decode word = i) /\
  due_now c = None.

(* Outside the guest's partition nothing has changed. *)
Definition confined (g : place) (s s' : state) : Prop :=
  forall a, a < q g -> inside g a = false -> E s' a = E s a.

(* The resources of the host are as they were, time having passed by one instruction. *)
Definition untouched (s s' : state) : Prop :=
  M s' = M s /\ base s' = base s /\ bound s' = bound s /\ IE s' = IE s /\ D s' = D s /\
  T s' = tick (T s).

Definition exact (g : place) (direct : mode -> bool) (i : instruction) : Prop :=
  forall r c, runs g direct i r c ->
  match exec (q g) i (cpu c) with
  | Next s' =>
    (exists v', exec (w g) i (cpu (virtual g r c)) = Next v' /\
       same (w g) (virtual g r (complete c s')) (complete (virtual g r c) v')) /\
    untouched (cpu c) s' /\ confined g (cpu c) s'
  | MemTrap _ | Trap _ _ => True
  | Stop _ | Wait => False
  end.

(* The trap that an outcome is. *)
Definition trap_of (o : outcome state) : option (N * N) :=
  match o with
  | MemTrap a => Some (memory_cause, a)
  | Trap c x => Some (c, x)
  | _ => None
  end.

Definition reflectable (g : place) (p : plan) (i : instruction) : Prop :=
  forall r c, runs g (direct p) i r c ->
  forall cause x, trap_of (exec (q g) i (cpu c)) = Some (cause, x) ->
  reflects p (vM r) cause = true ->
  trap_of (exec (w g) i (cpu (virtual g r c))) = Some (cause, x).

(* The interpreter routines do what their instructions do. *)
Definition routines_correct (n : N) (p : plan) : Prop :=
  forall i s, words s -> agree_outcome n (routine p n i s) (exec n i s).

(* All that a theorem asks of a machine and a plan. *)
Definition admitted (g : place) (p : plan) : Prop :=
  fits g /\ routines_correct (w g) p /\
  (forall i, exact g (direct p) i) /\ (forall i, reflectable g p i).

(* ---------------------------------------------------------------- correct handlers *)

(* Outside the partition and the area where traps save, nothing has changed; nor have devices. *)
Definition controlled (g : place) (s s' : state) : Prop :=
  (forall a, a < q g -> inside g a = false -> save_area <= a -> E s' a = E s a) /\ D s' = D s.

(* A handler, given its record and the host after a trap, yields what the virtual machine has seen,
   its new record and what the host shall be. It is correct when direct execution and handler
   together simulate the virtual machine step by step and nothing escapes: a direct step changes
   nothing outside the partition, a trapped one nothing but that and the save area, and the host
   neither stops nor waits. *)
Definition correct (g : place) (direct : mode -> bool)
    (H : record -> config -> event * (record * config)) : Prop :=
  forall r c, represents g r c -> direct (vM r) = true ->
  let (bare, v') := step (w g) (virtual g r c) in
  let (e, c') := step (q g) c in
  match e with
  | Returned =>
    bare = Returned /\ same (w g) (virtual g r c') v' /\ represents g r c' /\
    confined g (cpu c) (cpu c') /\ untouched (cpu c) (cpu c')
  | Trapped _ _ =>
    let '(shown, (r'', c'')) := H r c' in
    bare = shown /\ same (w g) (virtual g r'' c'') v' /\ represents g r'' c'' /\
    controlled g (cpu c) (cpu c'')
  | _ => False
  end.

(* ---------------------------------------------------------------- efficiency *)

(* Where the host traps, the virtual machine traps too, or the instruction is one of those that
   are meant to be emulated. *)
Definition never_spurious (g : place) (direct : mode -> bool) (emulates : instruction -> bool)
  : Prop :=
  forall i r c, runs g direct i r c ->
  trap_of (exec (q g) i (cpu c)) <> None ->
  trap_of (exec (w g) i (cpu (virtual g r c))) <> None \/ emulates i = true.

(* ---------------------------------------------------------------- policies *)

(* The policies of theorems 1 and 3. *)
Definition always (_ : mode) : bool := true.
Definition user_only (m : mode) : bool := match m with User => true | Supervisor => false end.
Definition never (_ : mode) : bool := false.

(* The dispatcher of the C monitor: a privileged instruction in virtual supervisor mode goes to its
   routine, everything else is reflected. *)
Definition dispatcher_table (m : mode) (c : N) : bool :=
  match m with User => true | Supervisor => negb (c =? 1) end.

(* That dispatcher, with routines derived from what the instructions mean. *)
Definition derived_plan (direct : mode -> bool) : plan := Plan direct dispatcher_table exec.

End Exact.
