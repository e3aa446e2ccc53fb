(* SPDX-License-Identifier: MIT *)
(* Decides, from an instruction's text alone, that a monitor may let the hardware execute it. The
   hardware is in user mode, so the body is evaluated in part with the mode fixed; what is left may
   not look at mode, resources or memory's size but through relocation, and may not change them.
   That these verdicts are sound is proved in ClassifierSound.v. *)
From Coq Require Import Bool.
From Trapeze.Language Require Import Semantics.
Local Open Scope N_scope.

Definition binary_eq_dec : forall a b : binary, {a = b} + {a <> b}.
Proof. decide equality. Defined.

(* ---------------------------------------------------------------- R = (l, b) *)

Fixpoint find_role (r : component -> bool) (l : list component) (k : nat) : option nat :=
  match l with
  | [] => None
  | x :: rest => if r x then Some k else find_role r rest (S k)
  end.

Definition is_base (x : component) : bool := match c_role x with Base => true | _ => false end.
Definition is_bound (x : component) : bool := match c_role x with Bound => true | _ => false end.

Definition base_of (m : description) : option nat := find_role is_base (d_components m) 0.
Definition bound_of (m : description) : option nat := find_role is_bound (d_components m) 0.

Section Classifier.
  Variable m : description.
  Variable hybrid : bool.           (* the virtual mode is user, too: theorem 3's monitor *)
  Variable counts : nat -> bool.    (* traps that are reflected without looking *)
  Variable relocates : nat -> bool. (* translations that the map commutes with *)

  (* What a virtual machine shares with the real one: general registers and the counter. *)
  Definition own (c : nat) : bool :=
    match c_kind (component_of m c) with General | Counter => true | _ => false end.

  (* Where there is no relocation, the partition is the whole memory. *)
  Definition whole : bool :=
    match base_of m, bound_of m with Some _, Some _ => false | _, _ => true end.

  Definition is_mode (c : nat) : bool :=
    match d_mode m with Some d => Nat.eqb c d | None => false end.

  Definition user_values : list N :=
    match d_mode m with
    | Some c => map fst (filter (fun x => negb (snd x)) (c_modes (component_of m c)))
    | None => []
    end.

  (* So few cells that no address wraps around. *)
  Definition few (n : N) : bool := (0 <? n) && (n <? 2 ^ 32).

  (* What the map fixes of a scalar on the real machine. *)
  Definition fixed_value (c : nat) : option N :=
    option_map snd (find (fun f => Nat.eqb (fst f) c) (d_fixed m)).

  (* ---------------------------------------------------------------- expressions *)

  (* It has a value in every state. *)
  Fixpoint total (e : expr) : bool :=
    match e with
    | Element _ a | Cells None _ a | Bits _ _ a | Unary _ _ a | Sext _ _ a => total a
    | Cells (Some _) _ _ | Raise _ _ => false
    | Binary _ _ a b | Concat _ a b | LetIn _ a b => total a && total b
    | If c a b => total c && total a && total b
    | Number _ | Slot _ | Size | Word | NextAddress | IsMode _ | Choose _ _ | Arbitrary _ _ => true
    end.

  (* The value, where it follows from those that `leaf` knows. *)
  Fixpoint valued (leaf : expr -> option N) (e : expr) : option N :=
    match leaf e with
    | Some v => Some v
    | None =>
        match e with
        | Number n => Some n
        | Bits from w a => option_map (slice from w) (valued leaf a)
        | Unary op w a => option_map (operate_unary op w) (valued leaf a)
        | Binary op w a b =>
            match valued leaf a, valued leaf b with
            | Some a, Some b => Some (operate_binary op w a b)
            | _, _ => None
            end
        | Concat w a b =>
            match valued leaf a, valued leaf b with
            | Some a, Some b => Some (concat w a b)
            | _, _ => None
            end
        | Sext from to a => option_map (sign_extend from to) (valued leaf a)
        | If c a b =>
            match valued leaf c with
            | Some v => if is_true v then valued leaf a else valued leaf b
            | None =>
                match valued leaf a, valued leaf b with
                | Some x, Some y => if total c && (x =? y) then Some x else None
                | _, _ => None
                end
            end
        | LetIn _ v b => if total v then valued leaf b else None
        | _ => None
        end
    end.

  (* On the real machine: its mode is user, and the map fixes some resources. *)
  Definition real_leaf (e : expr) : option N :=
    match e with
    | IsMode b => Some (bit (negb b))
    | Element c (Number 0) =>
        match fixed_value c with
        | Some v => Some v
        | None =>
            if is_mode c then match user_values with [v] => Some v | _ => None end else None
        end
    | _ => None
    end.
  Definition known : expr -> option N := valued real_leaf.

  (* The same value in every state of every machine. *)
  Definition is_constant (e : expr) : bool :=
    match valued (fun _ => None) e with Some _ => true | None => false end.

  (* What holds of the branch that is taken, or of both. *)
  Definition branch (c : expr) (open a b : bool) : bool :=
    match known c with Some v => if is_true v then a else b | None => open && a && b end.

  (* Raises no trap that counts. *)
  Fixpoint mild (e : expr) : bool :=
    match e with
    | Element _ a | Cells None _ a | Bits _ _ a | Unary _ _ a | Sext _ _ a => mild a
    | Cells (Some _) _ _ => false
    | Binary _ _ a b | Concat _ a b | LetIn _ a b => mild a && mild b
    | If c a b => branch c (mild c) (mild a) (mild b)
    | Raise t x => negb (counts t) && mild x
    | Number _ | Slot _ | Size | Word | NextAddress | IsMode _ | Choose _ _ | Arbitrary _ _ => true
    end.

  (* Always traps, and by a trap that does not count. *)
  Fixpoint voids (e : expr) : bool :=
    match e with
    | Raise t x => negb (counts t) && mild x
    | If c a b => branch c (mild c) (voids a) (voids b)
    | LetIn _ v b => voids v || (mild v && voids b)
    | _ => false
    end.

  (* Where the real machine gets a value or a trap that counts, the virtual one gets the same. *)
  Fixpoint relates (e : expr) : bool :=
    voids e || is_constant e ||
    match e with
    | Number _ | Slot _ | Word | NextAddress | Choose _ _ | Arbitrary _ _ => true
    | Size => whole
    | Cells None _ a => whole && relates a
    | IsMode _ => hybrid
    | Element c i => (own c || (hybrid && is_mode c)) && relates i
    | Cells (Some t) n a => relocates t && few n && relates a
    | Bits _ _ a | Unary _ _ a | Sext _ _ a => relates a
    | Binary _ _ a b | Concat _ a b | LetIn _ a b => relates a && relates b
    | If c a b => relates c && branch c true (relates a) (relates b)
    | Raise _ x => relates x
    end.

  (* ---------------------------------------------------------------- the same trap, first *)

  (* Slots that two expressions bind at the same place; the latest first. *)
  Fixpoint linked (env : list (nat * nat)) (k k' : nat) : bool :=
    match env with
    | [] => false
    | (a, b) :: rest =>
        if Nat.eqb k a then Nat.eqb k' b else if Nat.eqb k' b then false else linked rest k k'
    end.

  (* The one on the real machine is the other on the virtual one, but for the names of slots. *)
  Fixpoint alike (env : list (nat * nat)) (e e' : expr) : bool :=
    match e, e' with
    | Number n, Number n' => n =? n'
    | Slot k, Slot k' => linked env k k'
    | Word, Word | NextAddress, NextAddress => true
    | Element c i, Element c' i' => Nat.eqb c c' && own c && alike env i i'
    | Cells (Some t) n a, Cells (Some t') n' a' =>
        Nat.eqb t t' && (n =? n') && relocates t && few n && alike env a a'
    | Bits from w a, Bits from' w' a' => (from =? from') && (w =? w') && alike env a a'
    | Binary op w a b, Binary op' w' a' b' =>
        (if binary_eq_dec op op' then true else false) && (w =? w') && alike env a a' &&
        alike env b b'
    | Concat w a b, Concat w' a' b' => (w =? w') && alike env a a' && alike env b b'
    | If c a b, If c' a' b' => alike env c c' && alike env a a' && alike env b b'
    | LetIn k v b, LetIn k' v' b' => alike env v v' && alike ((k, k') :: env) b b'
    | _, _ => false
    end.

  (* If e raises a trap that counts on the real machine, e' raises it on the virtual one: it begins
     with what is alike. *)
  Fixpoint begins (e e' : expr) : bool :=
    alike [] e e' ||
    match e' with
    | Element _ a | Cells _ _ a | Bits _ _ a | Unary _ _ a | Sext _ _ a | Raise _ a => begins e a
    | Binary _ _ a b | Concat _ a b | LetIn _ a b => begins e a || (total a && begins e b)
    | If c _ _ => begins e c
    | _ => false
    end.

  (* The same, where only a part of e can raise one. *)
  Fixpoint leads (e e' : expr) : bool :=
    mild e || begins e e' ||
    match e with
    | Bits _ _ a | Unary _ _ a | Sext _ _ a => leads a e'
    | Binary _ _ a b | Concat _ a b | LetIn _ a b =>
        (mild a && leads b e') || (mild b && leads a e')
    | _ => false
    end.

  (* ---------------------------------------------------------------- statements *)

  Definition place_mild (p : place) : bool :=
    match p with
    | Part _ i _ _ => mild i
    | Store None _ a => mild a
    | Store (Some _) _ _ => false
    end.

  Fixpoint statement_mild (x : statement) : bool :=
    match x with
    | Skip | Wait => true
    | Seq a b => statement_mild a && statement_mild b
    | Assign p v | Input p _ v => place_mild p && mild v
    | Define _ v | Halt v => mild v
    | Branch c a b => branch c (mild c) (statement_mild a) (statement_mild b)
    | Trap t v => negb (counts t) && mild v
    | CheckStop => false
    end.

  Fixpoint statement_voids (x : statement) : bool :=
    match x with
    | Seq a b => statement_voids a || (statement_mild a && statement_voids b)
    | Define _ v => voids v
    | Branch c a b => branch c (mild c) (statement_voids a) (statement_voids b)
    | Trap t v => negb (counts t) && mild v
    | _ => false
    end.

  Definition place_relates (p : place) : bool :=
    match p with
    | Part c i _ _ => own c && relates i
    | Store (Some t) n a => relocates t && few n && relates a
    | Store None _ a => whole && relates a
    end.

  (* It ends in a trap, or not at all. *)
  Fixpoint aborts (x : statement) : bool :=
    match x with
    | Trap _ _ => true
    | Seq a b => aborts a || aborts b
    | Branch c a b => branch c true (aborts a) (aborts b)
    | _ => false
    end.

  (* It goes on in every state. *)
  Fixpoint still (x : statement) : bool :=
    match x with
    | Skip => true
    | Seq a b => still a && still b
    | Assign (Part _ i _ _) v => total i && total v
    | Define _ v => total v
    | Branch c a b => total c && still a && still b
    | _ => false
    end.

  (* If e raises a trap that counts on the real machine, x raises it on the virtual one. *)
  Fixpoint raises (e : expr) (x : statement) : bool :=
    match x with
    | Seq a b => raises e a || (still a && raises e b)
    | Assign (Part _ i _ _) v => leads e i || (total i && leads e v)
    | Assign (Store _ _ a) _ => leads e a
    | Define _ v | Halt v | Trap _ v => leads e v
    | Branch c _ _ => leads e c
    | _ => false
    end.

  (* The real machine traps here, or where it evaluates the trap's information; the virtual one may
     go on, to where it evaluates the same. *)
  Definition guarded (a b : statement) : bool :=
    match a with
    | Branch c Skip (Trap t e) =>
        match known c with Some v => negb (is_true v) | None => false end &&
        total c && negb (counts t) && relates e && raises e b
    | _ => false
    end.

  (* For the hybrid monitor, setting the mode to user changes nothing on either machine. *)
  Definition idle (p : place) (v : expr) : bool :=
    hybrid &&
    match p with
    | Part c (Number 0) 0 w =>
        is_mode c && (w =? c_width (component_of m c)) &&
        match c_kind (component_of m c) with Mode => true | _ => false end &&
        match known v, user_values with
        | Some u, [x] => (u =? x) && (u <? 2 ^ w)
        | _, _ => false
        end
    | _ => false
    end.

  Fixpoint statement_relates (x : statement) : bool :=
    statement_voids x ||
    match x with
    | Skip => true
    | Seq a b => guarded a b || (statement_relates a && (aborts a || statement_relates b))
    | Assign p v => (place_relates p || idle p v) && relates v
    | Define _ v | Trap _ v => relates v
    | Branch c a b => relates c && branch c true (statement_relates a) (statement_relates b)
    | Input _ _ _ | Halt _ | Wait | CheckStop => false
    end.
End Classifier.

(* ---------------------------------------------------------------- verdicts *)

Definition memory_traps (m : description) (t : nat) : bool := t_memory (nth t (d_traps m) no_trap).
Definition no_traps (t : nat) : bool := false.

(* In user mode it traps, whatever else the state. *)
Definition always_traps (m : description) (i : instruction) : bool :=
  statement_voids m no_traps (i_body i).

(* May run directly, memory traps being reflected without looking. *)
Definition may_run (m : description) (hybrid : bool) (relocates : nat -> bool) (i : instruction)
  : bool :=
  statement_relates m hybrid (memory_traps m) relocates (i_body i).

Inductive verdict := AlwaysTraps | MayRun | Undecided.

Definition classify (m : description) (hybrid : bool) (relocates : nat -> bool) (i : instruction)
  : verdict :=
  if may_run m hybrid relocates i then if always_traps m i then AlwaysTraps else MayRun
  else Undecided.

(* The names of the instructions that the classifier cannot accept. *)
Definition undecided (m : description) (hybrid : bool) (relocates : nat -> bool) : list string :=
  map i_name (filter (fun i => negb (may_run m hybrid relocates i)) (d_instructions m)).

(* ---------------------------------------------------------------- what surrounds an instruction *)

(* A tick may change resources, and no more. *)
Fixpoint spares (m : description) (x : statement) : bool :=
  match x with
  | Seq a b | Branch _ a b => spares m a && spares m b
  | Assign (Part c _ _ _) _ =>
      match c_kind (component_of m c) with Resource => true | _ => false end
  | Assign (Store _ _ _) _ | Input _ _ _ => false
  | _ => true
  end.

(* The description is such that the verdicts mean something. *)
Definition sound_frame (m : description) : bool := spares m (d_tick m) && own m (d_counter m).
