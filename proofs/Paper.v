(* SPDX-License-Identifier: MIT *)
(* The paper, literally: the classes of instructions as Popek and Goldberg define them, and the
   hypothesis of their theorem 1; after them, the hypothesis repaired. Registers and what else the
   paper's machine lacks are the same in the states that a definition compares. *)

From Trapeze Require Export Exact.

Section Paper.
Context {A : Architecture}.

Definition memory_traps (n : N) (i : instruction) (s : state) : Prop :=
  exists a, exec n i s = MemTrap a.
Definition traps_in (n : N) (i : instruction) (s : state) : Prop :=
  exists c x, exec n i s = Trap c x.

(* The state i(S). The paper has a trap be part of what an instruction does, read word for word;
   one can also set aside the states in which it traps. *)
Inductive reading := Word_for_word | Traps_set_aside.
Definition action (rd : reading) (n : N) (i : instruction) (s : state) : option state :=
  match exec n i s with
  | Next s' => Some s'
  | Trap c x => match rd with Word_for_word => Some (swap c x s) | Traps_set_aside => None end
  | MemTrap _ | Stop _ | Wait => None
  end.

Definition in_mode (m : mode) (s : state) : state :=
  State (E s) m (P s) (base s) (bound s) (regs s) (IE s) (T s) (D s).

(* "For any pair of states S1 = <e, s, p, r> and S2 = <e, u, p, r> in which i(S1) and i(S2) do not
   memory trap, i(S2) traps and i(S1) does not." *)
Definition privileged (n : N) (i : instruction) : Prop :=
  forall s, ~ memory_traps n i (in_mode Supervisor s) -> ~ memory_traps n i (in_mode User s) ->
  traps_in n i (in_mode User s) /\ ~ traps_in n i (in_mode Supervisor s).

(* "There is a state S1 = <e1, m1, p1, r1> with i(S1) = S2 = <e2, m2, p2, r2> such that i(S1) does
   not memory trap, and r1 <> r2 or m1 <> m2." One that stops the machine is counted too. *)
Definition control_sensitive (rd : reading) (n : N) (i : instruction) : Prop :=
  exists s,
    (exists s', action rd n i s = Some s' /\
       (M s <> M s' \/ (base s, bound s) <> (base s', bound s'))) \/
    (exists code, exec n i s = Stop code) \/ exec n i s = Wait.

(* E|R: the window's contents. Two states have the same, at one place or at two. *)
Definition same_window (l1 l2 b : N) (s1 s2 : state) : Prop :=
  forall a, a < b -> E s1 (l1 + a) = E s2 (l2 + a).

(* S1 = <e|r, m1, p, r>, S2 = <e|r+x, m2, p, r+x>. *)
Definition moved (s1 s2 : state) : Prop :=
  bound s1 = bound s2 /\ same_window (base s1) (base s2) (bound s1) s1 s2 /\
  P s1 = P s2 /\ regs s1 = regs s2 /\ IE s1 = IE s2 /\ T s1 = T s2 /\ D s1 = D s2.

(* "... where i(S1) = <e1|r, m1, p1, r>, i(S2) = <e2|r+x, m2, p2, r+x>, neither memory traps, and
   e1|r <> e2|r+x or p1 <> p2." *)
Definition behaviour_sensitive (rd : reading) (n : N) (i : instruction) : Prop :=
  exists s1 s2, moved s1 s2 /\
  exists s1' s2', action rd n i s1 = Some s1' /\ action rd n i s2 = Some s2' /\
  ~ (same_window (base s1) (base s2) (bound s1) s1' s2' /\ P s1' = P s2' /\ regs s1' = regs s2').

Definition sensitive (rd : reading) (n : N) (i : instruction) : Prop :=
  control_sensitive rd n i \/ behaviour_sensitive rd n i.
Definition innocuous (rd : reading) (n : N) (i : instruction) : Prop := ~ sensitive rd n i.

(* "The set of sensitive instructions is a subset of the set of privileged instructions." *)
Definition literal_hypothesis (rd : reading) : Prop :=
  forall n i, sensitive rd n i -> privileged n i.

(* For theorem 3: control-sensitive in user mode, or sensitive to location there. *)
Definition user_sensitive (rd : reading) (n : N) (i : instruction) : Prop :=
  (exists s, M s = User /\
     ((exists s', action rd n i s = Some s' /\
         (M s <> M s' \/ (base s, bound s) <> (base s', bound s'))) \/
      (exists code, exec n i s = Stop code) \/ exec n i s = Wait)) \/
  (exists s1 s2, M s1 = User /\ M s2 = User /\ moved s1 s2 /\
   exists s1' s2', action rd n i s1 = Some s1' /\ action rd n i s2 = Some s2' /\
   ~ (same_window (base s1) (base s2) (bound s1) s1' s2' /\ P s1' = P s2' /\ regs s1' = regs s2')).

Definition literal_user_hypothesis (rd : reading) : Prop :=
  forall n i, user_sensitive rd n i -> privileged n i.

(* ---------------------------------------------------------------- repaired *)

(* The modes in which an instruction is executed that the host executes in the virtual modes that
   [direct] names: the host's, which is user, and those. So theorem 1 compares states of both modes,
   theorem 3 of user mode. *)
Definition executed (direct : mode -> bool) (m : mode) : Prop := m = User \/ direct m = true.

(* How many bytes an instruction can reach: what the bound and the end of memory leave. *)
Definition seen (n : N) (s : state) : N := N.min (bound s) (n - base s).

(* Nothing changes but registers, P and the window; never a stop. *)
Definition contained (direct : mode -> bool) (i : instruction) : Prop :=
  forall n s, words s -> executed direct (M s) ->
  match exec n i s with
  | Next s' =>
    untouched s s' /\
    forall a, a < n -> a < base s \/ base s + seen n s <= a -> E s' a = E s a
  | MemTrap _ | Trap _ _ => True
  | Stop _ | Wait => False
  end.

(* Two states, on memories of two sizes, look the same through their windows. Mode, R and devices
   may be anything. *)
Definition alike (n1 : N) (s1 : state) (n2 : N) (s2 : state) : Prop :=
  seen n1 s1 = seen n2 s2 /\ same_window (base s1) (base s2) (seen n1 s1) s1 s2 /\
  P s1 = P s2 /\ regs s1 = regs s2 /\ IE s1 = IE s2 /\ T s1 = T s2.

(* Then they have like outcomes, the memory trap being an outcome. *)
Definition insensitive (direct : mode -> bool) (i : instruction) : Prop :=
  forall n1 s1 n2 s2, words s1 -> words s2 ->
  executed direct (M s1) -> executed direct (M s2) -> alike n1 s1 n2 s2 ->
  match exec n1 i s1, exec n2 i s2 with
  | Next s1', Next s2' =>
    same_window (base s1) (base s2) (seen n1 s1) s1' s2' /\ P s1' = P s2' /\ regs s1' = regs s2'
  | MemTrap a, MemTrap a' => a = a'
  | Trap c x, Trap c' x' => c = c' /\ x = x'
  | Stop _, Stop _ | Wait, Wait => True
  | _, _ => False
  end.

Definition always_traps_in_user_mode (i : instruction) : Prop :=
  forall n s, words s -> M s = User -> trap_of (exec n i s) <> None.

Definition repaired (direct : mode -> bool) (i : instruction) : Prop :=
  always_traps_in_user_mode i \/ (contained direct i /\ insensitive direct i).

End Paper.
