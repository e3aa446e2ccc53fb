(* SPDX-License-Identifier: MIT *)
(* The holes in the literal classes, one after another, as in DESIGN's table: machines of a single
   instruction (a register, a timer that counts down, no interrupts), and what is claimed of each.
   The proofs are in HolesProof.v. *)

From Trapeze Require Export Paper.

Notation tiny_state := (state_of N N N).

(* An instruction, its locality and its words (Architecture.v). *)
Record tiny_instruction := Tiny {
  does : N -> tiny_state -> outcome tiny_state;
  does_local : forall n s s', agree n s s' -> agree_outcome n (does n s) (does n s');
  does_words : forall n s, words s ->
    match does n s with
    | Next s' => words s'
    | MemTrap a => a < word_limit
    | Trap c x => c < 256 /\ x < word_limit /\ (c =? 5) = false
    | Stop _ | Wait => True
    end
}.

Definition tiny (i : tiny_instruction) : Architecture := {|
  general := N; lent := N; kept := N; instruction := unit;
  decode := fun _ => tt;
  exec := fun n _ s => does i n s;
  tick := N.pred; due := fun _ _ => None; ack := fun _ t => t; wait := fun _ => None;
  clock := fun t => t; interrupt := fun c => c =? 5;
  exec_local := fun n _ s s' => does_local i n s s';
  exec_words := fun n _ s => does_words i n s;
  due_interrupt := fun _ _ c H => match H with eq_refl => I end;
  memory_no_interrupt := eq_refl
|}.

(* Goes on to the next instruction, with mode, register and timer as given. *)
Definition go_on_with (m : mode) (acc t : N) (s : tiny_state) : outcome tiny_state :=
  Next (State (E s) m ((P s + 4) mod word_limit) (base s) (bound s) acc (IE s) t (D s)).
Definition go_on (s : tiny_state) : outcome tiny_state :=
  go_on_with (M s) (regs s) (N.pred (T s)) s.

(* A load whose value is discarded. *)
Definition touch (a n : N) (s : tiny_state) : outcome tiny_state :=
  if (a + 1 <=? bound s) && (base s + a + 1 <=? n) then go_on s else MemTrap (a mod word_limit).

(* ---------------------------------------------------------------- the instructions *)

(* A touch at virtual address c - l: 1. *)
Definition touch_c_minus_l n (s : tiny_state) :=
  touch ((100 + word_limit - base s) mod word_limit) n s.
(* A touch at virtual address l: 2. *)
Definition touch_l n (s : tiny_state) := touch (base s) n s.
(* Reads b: 3. *)
Definition read_b (n : N) (s : tiny_state) : outcome tiny_state :=
  go_on_with (M s) (bound s) (N.pred (T s)) s.
(* A touch that memory-traps in supervisor mode, not in user mode: 4. *)
Definition touch_in_user (n : N) (s : tiny_state) : outcome tiny_state :=
  match M s with Supervisor => MemTrap 0 | User => go_on s end.
(* Traps in supervisor mode, runs in user mode: 5. *)
Definition traps_in_supervisor (n : N) (s : tiny_state) : outcome tiny_state :=
  match M s with Supervisor => Trap 2 0 | User => go_on s end.
(* A supervisor call: 6. *)
Definition call (n : N) (s : tiny_state) : outcome tiny_state := Trap 3 0.
(* Privileged for some operands only: 7. *)
Definition privileged_if (n : N) (s : tiny_state) : outcome tiny_state :=
  if regs s =? 0 then go_on s
  else match M s with
       | Supervisor => go_on_with User (regs s) (N.pred (T s)) s
       | User => Trap 1 0
       end.
(* Sets the timer, which the paper's machine does not have: 8. *)
Definition set_timer (n : N) (s : tiny_state) : outcome tiny_state :=
  go_on_with (M s) (regs s) (regs s) s.
(* Does nothing: 9. *)
Definition nothing (n : N) (s : tiny_state) : outcome tiny_state := go_on s.
(* Traps in user mode for no reason: 10. *)
Definition spurious (n : N) (s : tiny_state) : outcome tiny_state :=
  match M s with Supervisor => go_on s | User => Trap 4 0 end.

Ltac tiny f := refine (Tiny f _ _);
  [ intros n [e m p l b a ie t d] [e' m' p' l' b' a' ie' t' d']; unfold agree; simpl;
    intros (?&<-&<-&<-&<-&<-&<-&<-&<-);
    unfold f, touch; simpl;
    repeat (match goal with |- context [if ?c then _ else _] => destruct c end); try destruct m;
    simpl; unfold agree; simpl; repeat split; auto
  | intros n [e m p l b a ie t d]; unfold words; simpl; intros (?&?&?);
    unfold f, touch; simpl;
    repeat (match goal with |- context [if ?c then _ else _] => destruct c end); try destruct m;
    simpl; unfold words; simpl; repeat split; auto; try (apply N.mod_lt; discriminate) ].

Definition TouchC : tiny_instruction. tiny touch_c_minus_l. Defined.
Definition TouchL : tiny_instruction. tiny touch_l. Defined.
Definition ReadB : tiny_instruction. tiny read_b. Defined.
Definition TouchUser : tiny_instruction. tiny touch_in_user. Defined.
Definition SvTrap : tiny_instruction. tiny traps_in_supervisor. Defined.
Definition SvCall : tiny_instruction. tiny call. Defined.
Definition PrivilegedIf : tiny_instruction. tiny privileged_if. Defined.
Definition SetTimer : tiny_instruction. tiny set_timer. Defined.
Definition Nothing : tiny_instruction. tiny nothing. Defined.
Definition Spurious : tiny_instruction. tiny spurious. Defined.
