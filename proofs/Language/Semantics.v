(* SPDX-License-Identifier: MIT *)
(* What a description means: isa-analyzer/semantics/evaluate.c and concrete.c as functions. A
   routine changes nothing itself: it gives the effects, to be committed together, and only if
   nothing trapped. *)
From Coq Require Import Bool.
From Trapeze.Language Require Export Syntax.
Local Open Scope N_scope.

(* ---------------------------------------------------------------- states *)

(* Memory is a function, of which only the cells below the memory's size count. *)
Definition cells := N -> N.
Definition blank : cells := fun _ => 0.
Definition peek (m : cells) (a : N) : N := m a.
Definition poke (m : cells) (a v : N) : cells := fun x => if x =? a then v else m x.

(* What went to devices and came from them, the latest first. *)
Inductive event :=
  | Got (device : nat) (index value : N)
  | Put (device : nat) (index value : N).

Record state := {
  elements : list (list N);   (* by component; none for memory and devices *)
  contents : cells;
  history : list event;
}.

Definition empty_state : state :=
  {| elements := []; contents := blank; history := [] |}.

Fixpoint nth_element (l : list N) (i : N) : N :=
  match l with
  | [] => 0
  | x :: rest => if i =? 0 then x else nth_element rest (N.pred i)
  end.

Fixpoint set_nth (l : list N) (i v : N) : list N :=
  match l with
  | [] => []
  | x :: rest => if i =? 0 then v :: rest else x :: set_nth rest (N.pred i) v
  end.

Fixpoint set_row (l : list (list N)) (c : nat) (row : list N) : list (list N) :=
  match l, c with
  | [], _ => []
  | _ :: rest, O => row :: rest
  | x :: rest, S k => x :: set_row rest k row
  end.

Definition row (s : state) (c : nat) : list N := nth c (elements s) [].
Definition get (s : state) (c : nat) (i : N) : N := nth_element (row s c) i.

Definition is_fixed (x : component) (i : N) : bool :=
  existsb (fun f => fst f =? i) (c_fixed x).

(* A fixed element stays what it is. *)
Definition set (m : description) (s : state) (c : nat) (i v : N) : state :=
  let x := component_of m c in
  if is_fixed x i then s
  else {| elements := set_row (elements s) c (set_nth (row s c) i (low (c_width x) v));
          contents := contents s; history := history s |}.

(* ---------------------------------------------------------------- memory *)

(* Whether n cells from a on exist. *)
Definition is_inside (size a n : N) : bool := a + n <=? size.

Fixpoint gather (w : N) (big : bool) (m : cells) (a : N) (n : nat) : N :=
  match n with
  | O => 0
  | S k =>
      let first := low w (peek m a) in
      let rest := gather w big m (a + 1) k in
      if big then concat (w * N.of_nat k) first rest else concat w rest first
  end.

Fixpoint scatter (w : N) (big : bool) (m : cells) (a : N) (n : nat) (v : N) : cells :=
  match n with
  | O => m
  | S k =>
      let m := poke m a (slice (if big then w * N.of_nat k else 0) w v) in
      scatter w big m (a + 1) k (if big then v else N.shiftr v w)
  end.

(* Cells beyond the end read as zero, and writing them does nothing. *)
Definition load (m : description) (size : N) (s : state) (a n : N) : N :=
  if is_inside size a n
  then gather (cell_width m) (c_big (component_of m (d_memory m))) (contents s) a (N.to_nat n)
  else 0.

Definition store (m : description) (size : N) (s : state) (a n v : N) : state :=
  if is_inside size a n
  then {| elements := elements s;
          contents := scatter (cell_width m) (c_big (component_of m (d_memory m))) (contents s) a
                        (N.to_nat n) v;
          history := history s |}
  else s.

(* ---------------------------------------------------------------- expressions *)

Inductive abort := Trapped (trap : nat) (information : N) | Stuck.

Inductive result (A : Type) := Ok (a : A) | Bad (x : abort).
Arguments Ok {A}.
Arguments Bad {A}.

Definition bind {A B : Type} (r : result A) (f : A -> result B) : result B :=
  match r with Ok a => f a | Bad x => Bad x end.
Notation "'do' x <- r ; e" := (bind r (fun x => e))
  (at level 200, x name, r at level 100, e at level 200).

(* What is known where a routine is evaluated: the instruction's word, the address behind it. *)
Record site := { word : N; next : N }.
Definition nowhere : site := {| word := 0; next := 0 |}.

Definition frame := nat -> N.
Definition empty : frame := fun _ => 0.
Definition define (f : frame) (slot : nat) (v : N) : frame :=
  fun k => if Nat.eqb k slot then v else f k.

Definition mode_is (m : description) (s : state) (supervisor : bool) : bool :=
  match d_mode m with
  | None => false
  | Some c => existsb (fun x => (fst x =? get s c 0) && Bool.eqb (snd x) supervisor)
                      (c_modes (component_of m c))
  end.

Section Evaluation.
  Variable m : description.
  Variable size : N.             (* cells of memory *)
  Variable choices : frame.      (* the answers to what the description leaves open, by place *)
  Variable s : state.            (* the state before *)

  (* A translation's name, an address and a number of cells to a physical address. *)
  Definition translator := nat -> N -> N -> result N.

  Definition physical (translate : translator) (t : option nat) (a n : N) : result N :=
    match t with None => Ok a | Some t => translate t a n end.

  Fixpoint eval (translate : translator) (here : site) (f : frame) (e : expr) : result N :=
    match e with
    | Number n => Ok n
    | Slot k => Ok (f k)
    | Element c i => do i <- eval translate here f i; Ok (get s c i)
    | Size => Ok size
    | Word => Ok (word here)
    | NextAddress => Ok (next here)
    | IsMode b => Ok (bit (mode_is m s b))
    | Cells t n a =>
        do a <- eval translate here f a;
        do p <- physical translate t a n;
        Ok (load m size s p n)
    | Bits from w a => do a <- eval translate here f a; Ok (slice from w a)
    | Unary op w a => do a <- eval translate here f a; Ok (operate_unary op w a)
    | Binary op w a b =>
        do a <- eval translate here f a;
        do b <- eval translate here f b;
        Ok (operate_binary op w a b)
    | Concat w a b =>
        do a <- eval translate here f a;
        do b <- eval translate here f b;
        Ok (concat w a b)
    | Sext from to a => do a <- eval translate here f a; Ok (sign_extend from to a)
    | If c a b =>
        do c <- eval translate here f c;
        if is_true c then eval translate here f a else eval translate here f b
    | LetIn k v b =>
        do v <- eval translate here f v;
        eval translate here (define f k v) b
    | Choose k n => Ok (choices k mod n)
    | Arbitrary k w => Ok (low w (choices k))
    | Raise t x => do x <- eval translate here f x; Bad (Trapped t x)
    end.

  (* The translations, the last one first; each may use those before it. *)
  Fixpoint translate_by (ts : list translation) : translator := fun t a n =>
    match ts with
    | [] => Bad Stuck
    | v :: earlier =>
        if Nat.eqb t (length earlier)
        then eval (translate_by earlier) nowhere
               (define (define empty 0 (low (v_width v) a)) 1 n) (v_body v)
        else translate_by earlier t a n
    end.

  Definition translate : translator := translate_by (rev (d_translations m)).

  (* ---------------------------------------------------------------- statements *)

  Inductive target :=
    | To (component : nat) (index from width : N)
    | At (address n : N).

  Inductive source := Value (v : N) | FromDevice (device : nat) (index : N).

  Record effect := { e_to : target; e_from : source }.

  Inductive ending := Completes | Halting (code : N) | Waiting.

  (* Effects: the latest first. *)
  Record progress := { slots : frame; effects : list effect; ends : ending }.

  Variable translate_with : translator.

  Definition locate (here : site) (f : frame) (p : place) : result target :=
    match p with
    | Part c i from w => do i <- eval translate_with here f i; Ok (To c i from w)
    | Store t n a =>
        do a <- eval translate_with here f a;
        do p <- physical translate_with t a n;
        Ok (At p n)
    end.

  Definition add_effect (p : progress) (x : effect) : progress :=
    {| slots := slots p; effects := x :: effects p; ends := ends p |}.

  Fixpoint run (here : site) (p : progress) (x : statement) : result progress :=
    match x with
    | Skip => Ok p
    | Seq a b => do p <- run here p a; run here p b
    | Assign to v =>
        do t <- locate here (slots p) to;
        do v <- eval translate_with here (slots p) v;
        Ok (add_effect p {| e_to := t; e_from := Value v |})
    | Input to d i =>
        do t <- locate here (slots p) to;
        do i <- eval translate_with here (slots p) i;
        Ok (add_effect p {| e_to := t; e_from := FromDevice d i |})
    | Define k v =>
        do v <- eval translate_with here (slots p) v;
        Ok {| slots := define (slots p) k v; effects := effects p; ends := ends p |}
    | Branch c a b =>
        do c <- eval translate_with here (slots p) c;
        if is_true c then run here p a else run here p b
    | Trap t x => do x <- eval translate_with here (slots p) x; Bad (Trapped t x)
    | Halt v =>
        do v <- eval translate_with here (slots p) v;
        Ok {| slots := slots p; effects := effects p; ends := Halting v |}
    | Wait => Ok {| slots := slots p; effects := effects p; ends := Waiting |}
    | CheckStop => Bad Stuck
    end.
End Evaluation.

Definition begin (f : frame) : progress :=
  {| slots := f; effects := []; ends := Completes |}.

Section Machine.
  Variable m : description.
  Variable size : N.
  Variable choices : frame.
  (* What a device's register gives, after what went before. *)
  Variable answer : list event -> nat -> N -> N.

  Definition evaluate (s : state) (here : site) (f : frame) (x : statement) : result progress :=
    run m size choices s (translate m size choices s) here (begin f) x.

  Definition evaluate_expr (s : state) (here : site) (f : frame) (e : expr) : result N :=
    eval m size choices s (translate m size choices s) here f e.

  (* ---------------------------------------------------------------- effects *)

  Definition record_event (s : state) (x : event) : state :=
    {| elements := elements s; contents := contents s; history := x :: history s |}.

  Definition put (s : state) (t : target) (v : N) : state :=
    match t with
    | At a n => store m size s a n v
    | To c i from w =>
        match c_kind (component_of m c) with
        | Device => record_event s (Put c i v)
        | Memory => s
        | _ => set m s c i (splice from w (get s c i) v)
        end
    end.

  Definition commit_one (s : state) (x : effect) : state :=
    match e_from x with
    | Value v => put s (e_to x) v
    | FromDevice d i =>
        let v := answer (history s) d i in
        put (record_event s (Got d i v)) (e_to x) v
    end.

  (* In the order of the text. *)
  Definition commit (s : state) (l : list effect) : state :=
    fold_right (fun x s => commit_one s x) s l.

  (* ---------------------------------------------------------------- decoding *)

  (* A guard is about the word alone. *)
  Definition matches (i : instruction) (w : N) : bool :=
    (N.land w (i_mask i) =? i_match i) &&
    match eval m 0 empty empty_state (fun _ _ _ => Bad Stuck) {| word := w; next := 0 |} empty
               (i_guard i) with
    | Ok v => is_true v
    | Bad _ => false
    end.

  Definition decode (width w : N) : option instruction :=
    find (fun i => (i_width i =? width) && matches i w) (d_instructions m).

  Definition counter (s : state) : N := get s (d_counter m) 0.

  Definition longest : N :=
    fold_right (fun i n => N.max (i_width i) n) (d_unit m) (d_instructions m).

  Definition cells_of (width : N) : N := width / cell_width m.

  (* Fetches unit after unit, from an address on, until the word is an instruction, or cannot become
     one: then it is the first unit that is undefined. *)
  Fixpoint fetch_from (s : state) (units : nat) (at_ width w first : N)
    : result (instruction * N) :=
    match units with
    | O =>
        do p <- evaluate s {| word := first; next := 0 |} empty (d_undefined m);
        Bad Stuck
    | S more =>
        do u <- match d_fetch m with
                | None => Bad Stuck
                | Some e =>
                    evaluate_expr s nowhere (define empty 0 (low (counter_width m) at_)) e
                end;
        let w := if width =? 0 then u else concat (d_unit m) w u in
        let width' := width + d_unit m in
        match decode width' w with
        | Some i => Ok (i, w)
        | None =>
            fetch_from s more (at_ + cells_of (d_unit m)) width' w
                       (if width =? 0 then w else first)
        end
    end.

  Definition fetch (s : state) : result (instruction * N) :=
    fetch_from s (N.to_nat (longest / d_unit m)) (counter s) 0 0 0.

  (* ---------------------------------------------------------------- the machine *)

  Inductive outcome :=
    | Next (s : state)
    | Traps (trap : nat) (information : N)
    | Stops (s : state) (code : N)
    | Waits (s : state)          (* effects are committed; the counter is still at it *)
    | Sticks.                    (* a check stop *)

  Definition ticked (s : state) : state :=
    match evaluate s nowhere empty (d_tick m) with
    | Ok p => commit s (effects p)
    | Bad _ => s
    end.

  Definition behind (s : state) (i : instruction) : N :=
    low (counter_width m) (counter s + cells_of (i_width i)).

  (* The tick is computed from the state before the instruction; what the instruction itself assigns
     comes on top of it. *)
  Definition complete (s : state) (i : instruction) (l : list effect) : state :=
    commit (set m (ticked s) (d_counter m) 0 (behind s i)) l.

  Definition perform (s : state) (i : instruction) (w : N) : outcome :=
    match evaluate s {| word := w; next := behind s i |} empty (i_body i) with
    | Bad (Trapped t x) => Traps t x
    | Bad Stuck => Sticks
    | Ok p =>
        match ends p with
        | Completes => Next (complete s i (effects p))
        | Halting code => Stops (complete s i (effects p)) code
        | Waiting => Waits (commit s (effects p))
        end
    end.

  (* Fetches, decodes and performs one instruction. A trap is not delivered. *)
  Definition execute (s : state) : outcome :=
    match fetch s with
    | Ok (i, w) => perform s i w
    | Bad (Trapped t x) => Traps t x
    | Bad Stuck => Sticks
    end.

  Definition holds (s : state) (e : expr) : bool :=
    match evaluate_expr s nowhere empty e with Ok v => is_true v | Bad _ => false end.

  (* The first interrupt that is due. *)
  Definition due (s : state) : option interrupt :=
    find (fun n => holds s (n_condition n)) (d_interrupts m).

  Definition after (s : state) (r : result progress) : state :=
    match r with Ok p => commit s (effects p) | Bad _ => s end.

  Definition acknowledge (s : state) (n : interrupt) : state :=
    after s (evaluate s nowhere empty (n_body n)).

  Definition wakes (s : state) : bool := holds s (d_wake m).

  (* The trap's swap; None: the machine stops. *)
  Definition deliver (s : state) (t : nat) (information : N) : option state :=
    let code := t_code (nth t (d_traps m) no_trap) in
    let f := define (define empty 0 (low (d_cause_width m) code)) 1
                    (low (d_information_width m) information) in
    match evaluate s nowhere f (d_deliver m) with
    | Ok p => Some (commit s (effects p))
    | Bad _ => None
    end.

  Fixpoint fixed_or_zero (x : component) (i : N) (n : nat) : list N :=
    match n with
    | O => []
    | S k =>
        match find (fun f => fst f =? i) (c_fixed x) with
        | Some f => snd f
        | None => 0
        end :: fixed_or_zero x (i + 1) k
    end.

  Definition zero_row (x : component) : list N :=
    match c_kind x with
    | Memory | Device => []
    | _ => fixed_or_zero x 0 (N.to_nat (c_count x))
    end.

  (* Memory stays as it is. *)
  Definition reset (s : state) (entry : N) : state :=
    let s := {| elements := map zero_row (d_components m); contents := contents s;
                history := history s |} in
    after s (evaluate s nowhere (define empty 0 (low (counter_width m) entry)) (d_reset m)).
End Machine.
