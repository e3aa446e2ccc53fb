(* SPDX-License-Identifier: MIT *)
(* Descriptions of instruction sets as data: what `isa-analyzer emit coq` writes, and what
   isa-analyzer/language/tree.h is after checking. Widths are resolved; components, translations and
   traps are named by their place in the description's lists; functions and procedures are Coq
   functions, so that a term that uses them is the inlined one. *)
From Coq Require Export NArith String List.
From Trapeze.Language Require Export Values.
Export ListNotations.
Local Open Scope N_scope.

(* ---------------------------------------------------------------- state *)

Inductive kind := General | Counter | Mode | Resource | Memory | Device | Signal.

(* What a resource has to do with relocation: DESIGN's R = (l, b), and registers that belong to it
   otherwise. *)
Inductive role := Plain | Base | Bound | Location.

Record component := {
  c_name : string;
  c_kind : kind;
  c_role : role;
  c_width : N;                 (* bits of an element; of a memory: of a cell *)
  c_count : N;                 (* elements; 1 for a scalar, 0 for a memory *)
  c_fixed : list (N * N);      (* elements that are always this *)
  c_modes : list (N * bool);   (* of the mode: its values; true maps onto supervisor *)
  c_big : bool;                (* of a memory: the first cell is the most significant *)
}.

(* ---------------------------------------------------------------- expressions *)

(* Everything that reads the state reads the one before the instruction. Lets and parameters are
   kept in slots; no two places of a routine write the same slot. *)
Inductive expr :=
  | Number (n : N)
  | Slot (slot : nat)
  | Element (component : nat) (index : expr)
  | Size                                        (* how many cells the memory has *)
  | Word                                        (* the instruction as fetched *)
  | NextAddress                                 (* the address behind the instruction *)
  | IsMode (supervisor : bool)                  (* is the mode one of this kind? *)
  | Cells (translation : option nat) (n : N) (address : expr)
  | Bits (from width : N) (a : expr)
  | Unary (op : unary) (width : N) (a : expr)
  | Binary (op : binary) (width : N) (a b : expr)   (* width: of a *)
  | Concat (width : N) (a b : expr)                 (* width: of b *)
  | Sext (from to : N) (a : expr)
  | If (condition yes no : expr)                (* only one of the two is evaluated *)
  | LetIn (slot : nat) (value body : expr)
  | Choose (place : nat) (n : N)                (* one of 0..n-1, left open *)
  | Arbitrary (place : nat) (width : N)         (* any value, left open *)
  | Raise (trap : nat) (information : expr).

Definition Read (c : nat) : expr := Element c (Number 0).
Definition Field (from width : N) : expr := Bits from width Word.
Definition Zext (width : N) (a : expr) : expr := a.
Definition And (a b : expr) : expr := If a b (Number 0).
Definition Or (a b : expr) : expr := If a (Number 1) b.
Definition Not (a : expr) : expr := Unary Complement 1 a.
Definition Require (condition : expr) (trap : nat) (information body : expr) : expr :=
  If condition body (Raise trap information).

(* ---------------------------------------------------------------- statements *)

Inductive place :=
  | Part (component : nat) (index : expr) (from width : N)      (* bits of an element *)
  | Store (translation : option nat) (n : N) (address : expr).  (* cells of memory *)

Inductive statement :=
  | Skip
  | Seq (a b : statement)
  | Assign (to : place) (value : expr)
  | Input (to : place) (device : nat) (index : expr)   (* of a device's register, read at the end *)
  | Define (slot : nat) (value : expr)
  | Branch (condition : expr) (yes no : statement)
  | Trap (trap : nat) (information : expr)
  | Halt (code : expr)
  | Wait
  | CheckStop.

Definition Whole (c : nat) (width : N) : place := Part c (Number 0) 0 width.

Fixpoint Block (body : list statement) : statement :=
  match body with
  | [] => Skip
  | [s] => s
  | s :: rest => Seq s (Block rest)
  end.

Definition Demand (condition : expr) (otherwise : statement) : statement :=
  Branch condition Skip otherwise.

(* One of several, left open. *)
Fixpoint pick (slot : nat) (k : N) (l : list expr) : expr :=
  match l with
  | [] => Number 0
  | [e] => e
  | e :: rest => If (Binary Equal 64 (Slot slot) (Number k)) e (pick slot (k + 1) rest)
  end.
Definition Among (slot : nat) (l : list expr) : expr :=
  LetIn slot (Choose slot (N.of_nat (length l))) (pick slot 0 l).

Fixpoint pick_statement (slot : nat) (k : N) (l : list statement) : statement :=
  match l with
  | [] => Skip
  | [x] => x
  | x :: rest =>
      Branch (Binary Equal 64 (Slot slot) (Number k)) x (pick_statement slot (k + 1) rest)
  end.
Definition Either (slot : nat) (l : list statement) : statement :=
  Seq (Define slot (Choose slot (N.of_nat (length l)))) (pick_statement slot 0 l).

Fixpoint one_of (slot : nat) (w : N) (labels : list N) : expr :=
  match labels with
  | [] => Number 0
  | [n] => Binary Equal w (Slot slot) (Number n)
  | n :: rest => Or (Binary Equal w (Slot slot) (Number n)) (one_of slot w rest)
  end.

Fixpoint arms (slot : nat) (w : N) (l : list (list N * statement)) (otherwise : statement) :=
  match l with
  | [] => otherwise
  | (labels, body) :: rest => Branch (one_of slot w labels) body (arms slot w rest otherwise)
  end.

(* The value, of w bits, is kept in the slot. *)
Definition Case (slot : nat) (w : N) (value : expr) (l : list (list N * statement))
  (otherwise : statement) : statement :=
  Seq (Define slot value) (arms slot w l otherwise).

(* ---------------------------------------------------------------- descriptions *)

(* The address and the number of cells are in slots 0 and 1. *)
Record translation := { v_name : string; v_width : N (* bits of an address *); v_body : expr }.

Record trap := { t_name : string; t_code : N; t_memory : bool }.

Record instruction := {
  i_name : string;
  i_width : N;                   (* bits of its word *)
  i_mask : N; i_match : N;       (* word & mask = match ... *)
  i_guard : expr;                (* ... and this holds, of the word alone *)
  i_body : statement;
}.

Record interrupt := { n_trap : nat; n_condition : expr; n_body : statement }.

Record description := {
  d_name : string;
  d_components : list component;
  d_counter : nat; d_mode : option nat; d_memory : nat;   (* among the components *)
  d_traps : list trap;
  d_translations : list translation;   (* each may use those before it *)
  d_unit : N;                    (* bits that one fetch gets *)
  d_fetch : option expr;         (* the address is in slot 0; None: it cannot run *)
  d_undefined : statement;
  d_cause_width : N; d_information_width : N;
  d_deliver : statement;         (* cause and information are in slots 0 and 1 *)
  d_tick : statement;
  d_interrupts : list interrupt;
  d_wake : expr;
  d_reset : statement;           (* the entry is in slot 0 *)
  d_fixed : list (nat * N);      (* the clause `map`: what the real machine holds of a scalar, the
                                    mode included, while a virtual machine's instructions run *)
  d_instructions : list instruction;
}.

Definition no_component : component := {|
  c_name := ""; c_kind := General; c_role := Plain; c_width := 0; c_count := 0; c_fixed := [];
  c_modes := []; c_big := false |}.

Definition no_trap : trap := {| t_name := ""; t_code := 0; t_memory := false |}.

Definition component_of (m : description) (c : nat) : component :=
  nth c (d_components m) no_component.

Definition counter_width (m : description) : N := c_width (component_of m (d_counter m)).
Definition cell_width (m : description) : N := c_width (component_of m (d_memory m)).
