(* SPDX-License-Identifier: MIT *)
(* What the theorems are about: the class of architectures. An instruction set is what decodes
   words, executes instructions, and counts time; relocation of the fetch, traps and interrupts are
   in Machine.v. PG32 (isa-analyzer/isas/pg32.isa) is meant to be plainly an instance. *)

From Coq Require Export NArith List Bool Lia.
Export ListNotations.
Open Scope N_scope.

Definition word_limit : N := 4294967296.        (* 2^32: a word is less *)

Inductive mode := Supervisor | User.

(* A state of the processor and its memory: the paper's S = <E, M, P, R>, R = (base, bound), and
   what a real machine has besides. G, L, K are the types of the three last parts. *)
Record state_of (G L K : Type) := State {
  E : N -> N;         (* memory, in bytes; a machine of n bytes has those below n *)
  M : mode;
  P : N;              (* program counter, relative to R *)
  base : N;           (* R = (base, bound) *)
  bound : N;
  regs : G;           (* general registers *)
  IE : bool;          (* interrupts are taken *)
  T : L;              (* what a monitor lends to its guest: the interval timer, its pending bit *)
  D : K               (* what a monitor keeps to itself: devices *)
}.
Arguments State {G L K}.
Arguments E {G L K}. Arguments M {G L K}. Arguments P {G L K}. Arguments base {G L K}.
Arguments bound {G L K}. Arguments regs {G L K}. Arguments IE {G L K}. Arguments T {G L K}.
Arguments D {G L K}.

(* What an instruction does to a state. A trap carries no state: it is taken before anything has
   changed, so traps are precise by construction. *)
Inductive outcome (S : Type) :=
| Next (s : S)             (* done *)
| MemTrap (a : N)          (* the memory trap, cause 0, with the address *)
| Trap (c x : N)           (* another trap: cause and information word *)
| Stop (code : N)          (* halt *)
| Wait.                    (* wait until an interrupt is pending *)
Arguments Next {S}. Arguments MemTrap {S}. Arguments Trap {S}. Arguments Stop {S}.
Arguments Wait {S}.

(* Two states are the same to a machine of n bytes. Memories are compared byte by byte below n,
   never as functions: no functional extensionality is needed. *)
Definition agree {G L K} (n : N) (s s' : state_of G L K) : Prop :=
  (forall a, a < n -> E s a = E s' a) /\
  M s = M s' /\ P s = P s' /\ base s = base s' /\ bound s = bound s' /\
  regs s = regs s' /\ IE s = IE s' /\ T s = T s' /\ D s = D s'.

Definition agree_outcome {G L K} (n : N) (o o' : outcome (state_of G L K)) : Prop :=
  match o, o' with
  | Next s, Next s' => agree n s s'
  | MemTrap a, MemTrap a' => a = a'
  | Trap c x, Trap c' x' => c = c' /\ x = x'
  | Stop z, Stop z' => z = z'
  | Wait, Wait => True
  | _, _ => False
  end.

(* P and R are words. *)
Definition words {G L K} (s : state_of G L K) : Prop :=
  P s < word_limit /\ base s < word_limit /\ bound s < word_limit.

Definition memory_cause : N := 0.

Class Architecture := {
  general : Type;
  lent : Type;
  kept : Type;
  instruction : Type;

  (* Total: a word that means nothing is an instruction that always traps. *)
  decode : N -> instruction;
  (* What an instruction does on a machine of so many bytes, the tick of the timer that goes with
     it included: where it sets the timer, it does so after its own tick. *)
  exec : N -> instruction -> state_of general lent kept -> outcome (state_of general lent kept);

  (* Time. [tick]: one instruction's; [due]: the interrupt (its cause) that is
     taken before the next instruction, given IE; [ack] takes it; [wait] passes the time of an idle
     until something is pending, where that can ever be; [clock] is the word that a trap saves. *)
  tick : lent -> lent;
  due : bool -> lent -> option N;
  ack : N -> lent -> lent;
  wait : lent -> option lent;
  clock : lent -> N;
  interrupt : N -> bool;       (* the causes of interrupts *)

  (* Locality: an instruction reads nothing beyond the memory's size. *)
  exec_local : forall n i s s',
    agree n s s' -> agree_outcome n (exec n i s) (exec n i s');
  (* Words stay words, causes have eight bits, and no instruction raises an interrupt. *)
  exec_words : forall n i s, words s ->
    match exec n i s with
    | Next s' => words s'
    | MemTrap a => a < word_limit
    | Trap c x => c < 256 /\ x < word_limit /\ interrupt c = false
    | Stop _ | Wait => True
    end;
  due_interrupt : forall ie t c, due ie t = Some c -> interrupt c = true /\ c < 256;
  memory_no_interrupt : interrupt memory_cause = false
}.

Notation state := (state_of general lent kept).
