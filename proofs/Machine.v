(* SPDX-License-Identifier: MIT *)
(* The hardware's step, and the interface that all machines have, real and virtual ones: DESIGN's
   "run until a trap; get and set the state". In C: vmm/core/machine.h and vmm/machine. *)

From Trapeze Require Export Architecture.

Section Machine.
Context {A : Architecture}.

(* The state with what surrounds instructions: whether a trap was taken and no instruction has
   completed since, and how many instructions have completed (struct machine, [completed]). *)
Record config := Config { cpu : state; entered : bool; count : N }.

Definition same (n : N) (c c' : config) : Prop :=
  agree n (cpu c) (cpu c') /\ entered c = entered c' /\ count c = count c'.

(* What one step shows to whoever runs the machine. *)
Inductive event :=
| Returned                 (* an instruction has completed *)
| Waited                   (* an instruction that passed time has completed *)
| Trapped (c x : N)        (* a trap was taken: the PSWs are swapped *)
| Halted (code : N)        (* an instruction stopped the machine *)
| CheckStop (c x : N)      (* a trap came before one instruction had completed since the last *)
| Idle.                    (* the machine waits for what can never come *)

Definition stops (e : event) : bool :=
  match e with Halted _ | CheckStop _ _ | Idle => true | _ => false end.

(* ---------------------------------------------------------------- memory, by words *)

Definition word (m : N -> N) (a : N) : N :=
  m a mod 256 + 256 * (m (a + 1) mod 256) + 65536 * (m (a + 2) mod 256)
  + 16777216 * (m (a + 3) mod 256).

Definition store (m : N -> N) (a v : N) : N -> N := fun at_ =>
  if at_ =? a then v mod 256
  else if at_ =? a + 1 then v / 256 mod 256
  else if at_ =? a + 2 then v / 65536 mod 256
  else if at_ =? a + 3 then v / 16777216 mod 256
  else m at_.

(* ---------------------------------------------------------------- the PSW *)

Definition status (c : N) (s : state) : N :=
  256 * c + (if IE s then 2 else 0) + match M s with Supervisor => 0 | User => 1 end.
Definition status_mode (v : N) : mode := if v mod 2 =? 0 then Supervisor else User.
Definition status_enabled (v : N) : bool := negb (v / 2 mod 2 =? 0).
Definition status_cause (v : N) : N := v / 256.

(* A trap stores the PSW at 0x00, information and clock after it, and loads the PSW at 0x20.
   The area from 0 to 0x18 is all that it writes. *)
Definition save_area : N := 24.
Definition trap_area : N := 48.
Definition save (c x : N) (s : state) : N -> N :=
  store (store (store (store (store (store (E s)
    0 (status c s)) 4 (P s)) 8 (base s)) 12 (bound s)) 16 x) 20 (clock (T s)).
Definition swap (c x : N) (s : state) : state :=
  let m := save c x s in
  {| E := m;
     M := status_mode (word m 32);
     P := word m 36;
     base := word m 40;
     bound := word m 44;
     regs := regs s;
     IE := status_enabled (word m 32);
     T := T s;
     D := D s |}.

(* ---------------------------------------------------------------- one step *)

Definition complete (k : config) (s : state) : config :=
  {| cpu := s; entered := false; count := count k + 1 |}.

Definition raise (c x : N) (k : config) : event * config :=
  if entered k then (CheckStop c x, k)
  else (Trapped c x, {| cpu := swap c x (cpu k); entered := true; count := count k |}).

(* To the next instruction, with the time as given. *)
Definition advance (t : lent) (s : state) : state :=
  State (E s) (M s) ((P s + 4) mod word_limit) (base s) (bound s) (regs s) (IE s) t (D s).

(* What becomes of a configuration when its instruction has that outcome. *)
Definition finish (o : outcome state) (k : config) : event * config :=
  match o with
  | Next s => (Returned, complete k s)
  | MemTrap a => raise memory_cause a k
  | Trap c x => raise c x k
  | Stop code => (Halted code, complete k (advance (tick (T (cpu k))) (cpu k)))
  | Wait => match wait (T (cpu k)) with
            | Some t => (Waited, complete k (advance (tick t) (cpu k)))
            | None => (Idle, k)
            end
  end.

(* The word at P, through relocation; nothing wraps around. *)
Definition fetch (n : N) (s : state) : option N :=
  if (P s mod 4 =? 0) && (P s + 4 <=? bound s) && (base s + P s + 4 <=? n)
  then Some (word (E s) (base s + P s)) else None.

(* One instruction, executed as [run] says. *)
Definition execute (n : N) (run : instruction -> state -> outcome state) (k : config)
  : event * config :=
  match fetch n (cpu k) with
  | Some w => finish (run (decode w) (cpu k)) k
  | None => raise memory_cause (P (cpu k)) k
  end.

Definition due_now (k : config) : option N := due (IE (cpu k)) (T (cpu k)).

Definition acknowledge (c : N) (k : config) : config :=
  let s := cpu k in
  {| cpu := State (E s) (M s) (P s) (base s) (bound s) (regs s) (IE s) (ack c (T s)) (D s);
     entered := entered k; count := count k |}.

(* The hardware's step on a machine of n bytes. *)
Definition step (n : N) (k : config) : event * config :=
  match due_now k with
  | Some c => raise c 0 (acknowledge c k)
  | None => execute n (exec n) k
  end.

(* ---------------------------------------------------------------- the interface *)

(* A machine of n bytes: whatever can be run by steps, looked at and set, and then behaves as the
   hardware does, as far as its n bytes go. *)
Record machine (n : N) := Machine {
  carrier : Type;
  invariant : carrier -> Prop;
  run1 : carrier -> event * carrier;
  get : carrier -> config;
  set : config -> carrier -> carrier;

  get_words : forall x, invariant x -> words (cpu (get x));
  run1_step : forall x, invariant x ->
    fst (run1 x) = fst (step n (get x)) /\
    same n (get (snd (run1 x))) (snd (step n (get x))) /\
    invariant (snd (run1 x));
  set_get : forall c x, invariant x -> words (cpu c) ->
    same n (get (set c x)) c /\ invariant (set c x)
}.

(* Any number of steps, until the machine stops: what was seen, and where it stands. *)
Fixpoint run {X : Type} (step1 : X -> event * X) (i : nat) (x : X) : list event * X :=
  match i with
  | O => ([], x)
  | S i =>
    let (e, x) := step1 x in
    if stops e then ([e], x)
    else let (es, x) := run step1 i x in (e :: es, x)
  end.

(* The machine stops, with that event. *)
Definition ends {X : Type} (step1 : X -> event * X) (x : X) (e : event) : Prop :=
  stops e = true /\ exists i, In e (fst (run step1 i x)).

End Machine.
Arguments carrier {A n}. Arguments invariant {A n}. Arguments run1 {A n}. Arguments get {A n}.
Arguments set {A n}.
