(* SPDX-License-Identifier: MIT *)
(* The monitor: the paper's dispatcher, allocator and interpreter routines, and what they make of a
   machine. In C: vmm/core/allocator.c, dispatcher.c, vm.c and vmm/pg32/routines.c. *)

From Trapeze Require Export Machine.

Section Monitor.
Context {A : Architecture}.

(* Where the guest is: w bytes at k of a host's q. *)
Record place := Place { q : N; k : N; w : N }.

Definition fits (g : place) : Prop :=
  trap_area <= k g /\ trap_area <= w g /\ k g + w g <= q g /\ q g <= word_limit.

Definition inside (g : place) (a : N) : bool := (k g <=? a) && (a <? k g + w g).

(* What the monitor knows of its guest while the guest runs: the virtual mode, R and devices, and
   whether and when the virtual machine took a trap. It changes in the handler only. *)
Record record := Record_ {
  vM : mode; vbase : N; vbound : N; vD : kept;
  ventered : bool;      (* as of when the host's count was [since] *)
  vcount : N;           (* likewise *)
  since : N
}.

(* A monitor's decisions. *)
Record plan := Plan {
  direct : mode -> bool;             (* the virtual modes in which the host executes the guest *)
  reflects : mode -> N -> bool;      (* the traps, by virtual mode and cause, that are reflected *)
  routine : N -> instruction -> state -> outcome state    (* the interpreter routines *)
}.

(* ---------------------------------------------------------------- the virtual machine map *)

(* allocator_compose *)
Definition compose (g : place) (l b : N) : N * N :=
  if w g <=? l then (k g, 0) else (k g + l, N.min b (w g - l)).

(* The virtual configuration, with P and IE as given. *)
Definition guest (g : place) (r : record) (c : config) (p : N) (ie : bool) : config :=
  {| cpu := {| E := fun a => E (cpu c) (k g + a);
               M := vM r; P := p; base := vbase r; bound := vbound r;
               regs := regs (cpu c); IE := ie; T := T (cpu c); D := vD r |};
     entered := ventered r && (count c =? since r);
     count := vcount r + (count c - since r) |}.

(* While the guest runs. *)
Definition virtual (g : place) (r : record) (c : config) : config :=
  guest g r c (P (cpu c)) (IE (cpu c)).

(* The host's configuration stands for a virtual one. *)
Definition represents (g : place) (r : record) (c : config) : Prop :=
  M (cpu c) = User /\ (base (cpu c), bound (cpu c)) = compose g (vbase r) (vbound r) /\
  entered c = false /\ since r <= count c /\
  words (cpu c) /\ vbase r < word_limit /\ vbound r < word_limit.

(* ---------------------------------------------------------------- the allocator *)

(* After a trap, from the save area: the virtual configuration that the trap found. *)
Definition view (g : place) (r : record) (c : config) : config :=
  guest g r c (word (E (cpu c)) 4) (status_enabled (word (E (cpu c)) 0)).
Definition saved_cause (c : config) : N := status_cause (word (E (cpu c)) 0).
Definition saved_information (c : config) : N := word (E (cpu c)) 16.

(* The only writer of the host's mode, R, IE and timer. *)
Definition install (g : place) (v c : config) : record * config :=
  let s := cpu v in
  (Record_ (M s) (base s) (bound s) (D s) (entered v) (count v) (count c),
   {| cpu := {| E := fun a => if inside g a then E s (a - k g) else E (cpu c) a;
                M := User; P := P s;
                base := fst (compose g (base s) (bound s));
                bound := snd (compose g (base s) (bound s));
                regs := regs s; IE := IE s; T := T s;
                D := D (cpu c) |};
      entered := false;
      count := count c |}).

(* ---------------------------------------------------------------- the dispatcher *)

Definition dispatch (g : place) (p : plan) (v : config) (c x : N) : event * config :=
  if interrupt c || reflects p (M (cpu v)) c then raise c x v
  else execute (w g) (routine p (w g)) v.

(* All that a monitor does about a trap. It sees the host after the trap, and its record. *)
Definition handler (g : place) (p : plan) (r : record) (c : config)
  : event * (record * config) :=
  let (e, v) := dispatch g p (view g r c) (saved_cause c) (saved_information c) in
  (e, install g v c).

(* Where the plan says so, an instruction is executed in software. *)
Definition interpret (g : place) (r : record) (c : config) : event * (record * config) :=
  let (e, v) := step (w g) (virtual g r c) in (e, install g v c).

(* ---------------------------------------------------------------- the monitor's step *)

Inductive activity := Direct | Handled | Interpreted.

Definition monitor_step (g : place) (p : plan) (host : machine (q g))
    (y : record * carrier host) : activity * (event * (record * carrier host)) :=
  let (r, x) := y in
  if direct p (vM r) then
    let (e, x) := run1 host x in
    match e with
    | Trapped _ _ =>
      let '(e, (r, c)) := handler g p r (get host x) in (Handled, (e, (r, set host c x)))
    | _ => (Direct, (e, (r, x)))
    end
  else
    let '(e, (r, c)) := interpret g r (get host x) in (Interpreted, (e, (r, set host c x))).

Definition monitored (g : place) (p : plan) (host : machine (q g)) (y : record * carrier host)
  : event * (record * carrier host) := snd (monitor_step g p host y).

(* The host runs a guest: the record and the host stand for a virtual configuration. *)
Definition hosts (g : place) (host : machine (q g)) (y : record * carrier host) : Prop :=
  invariant host (snd y) /\ represents g (fst y) (get host (snd y)).

Definition guest_of (g : place) (host : machine (q g)) (y : record * carrier host) : config :=
  virtual g (fst y) (get host (snd y)).

(* To begin, or to set the virtual machine's state: the allocator installs it. *)
Definition start (g : place) (host : machine (q g)) (v : config) (x : carrier host)
  : record * carrier host :=
  let (r, c) := install g v (get host x) in (r, set host c x).

(* ---------------------------------------------------------------- what was done *)

(* Of one step: what the monitor did, what the host showed if it was run, the instruction at the
   guest's P, and what the virtual machine showed. *)
Record entry := Entry {
  did : activity;
  hardware : option event;
  found : option instruction;
  shown : event
}.

Fixpoint log (g : place) (p : plan) (host : machine (q g)) (i : nat) (y : record * carrier host)
  : list entry :=
  match i with
  | O => []
  | S i =>
    let '(a, (e, y')) := monitor_step g p host y in
    Entry a (if direct p (vM (fst y)) then Some (fst (run1 host (snd y))) else None)
          (option_map decode (fetch (w g) (cpu (guest_of g host y)))) e
    :: if stops e then [] else log g p host i y'
  end.

Definition traps (e : event) : bool :=
  match e with Trapped _ _ | CheckStop _ _ => true | _ => false end.

Definition number (f : entry -> bool) (l : list entry) : nat := length (filter f l).
Definition handler_call (t : entry) : bool := match did t with Handled => true | _ => false end.
Definition hardware_trap (t : entry) : bool :=
  match hardware t with Some e => traps e | None => false end.
Definition virtual_trap (t : entry) : bool := handler_call t && traps (shown t).
Definition emulated (f : instruction -> bool) (t : entry) : bool :=
  handler_call t && negb (traps (shown t)) &&
  match found t with Some i => f i | None => false end.

End Monitor.
