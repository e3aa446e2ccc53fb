(* SPDX-License-Identifier: MIT *)
(* A small machine after the paper's: an accumulator, a dozen instructions, a timer, a device. With
   variants that add one instruction each, as PG32's do: the PDP-10's JRST 1, a load real address,
   and an unprivileged set-timer. Claims about them are in ToyProof.v. *)

From Trapeze Require Export Machine.

Inductive opcode :=
| Increase | Load | Store | Jump              (* innocuous; a word's upper bits are the operand *)
| Call                                   (* supervisor call *)
| Setr | Return | Settimer | Gettimer | Out | Halt | Idling      (* privileged *)
| Extra                                  (* the variant's *)
| Illegal.

Inductive variant := Plain | Jrst1 | Lra | Ustm.

Definition toy_decode (word : N) : opcode * N :=
  (match word mod 256 with
   | 0 => Increase | 1 => Load | 2 => Store | 3 => Jump | 4 => Call | 5 => Setr | 6 => Return
   | 7 => Settimer | 8 => Gettimer | 9 => Out | 10 => Halt | 11 => Idling | 12 => Extra
   | _ => Illegal
   end, word).

(* The accumulator, the timer with its pending bit, the device's last byte. *)
Notation toy_state := (state_of N (N * bool) N).

(* Time, which passes with each instruction. *)
Definition toy_tick (t : N * bool) : N * bool := (fst t - 1, snd t || (fst t =? 1)).

Definition next_P (s : toy_state) : N := (P s + 4) mod word_limit.

Section Exec.
Variable extra : variant.
Variable n : N.               (* bytes of memory *)
Variable word : N.
Variable s : toy_state.

Definition operand : N := word / 256 mod word_limit.

(* Relocation of one byte. *)
Definition translate (a : N) : option N :=
  if (a + 1 <=? bound s) && (base s + a + 1 <=? n) then Some (base s + a) else None.

Definition goto (p : N) : toy_state :=
  State (E s) (M s) p (base s) (bound s) (regs s) (IE s) (toy_tick (T s)) (D s).
Definition set_acc (v : N) : toy_state :=
  State (E s) (M s) (next_P s) (base s) (bound s) v (IE s) (toy_tick (T s)) (D s).
Definition set_timer (v : N) : toy_state :=
  State (E s) (M s) (next_P s) (base s) (bound s) (regs s) (IE s) (v, false) (D s).

Definition supervisor_only (o : outcome toy_state) : outcome toy_state :=
  match M s with Supervisor => o | User => Trap 1 (word mod word_limit) end.

Definition toy_exec (o : opcode) : outcome toy_state :=
  match o with
  | Increase => Next (set_acc (regs s + operand))
  | Load => match translate operand with
            | Some a => Next (set_acc (E s a))
            | None => MemTrap operand
            end
  | Store => match translate operand with
             | Some a => Next (State (fun i => if i =? a then regs s else E s i)
                 (M s) (next_P s) (base s) (bound s) (regs s) (IE s) (toy_tick (T s)) (D s))
             | None => MemTrap operand
             end
  | Jump => Next (goto operand)
  | Call => Trap 3 0
  | Setr => supervisor_only (Next (State (E s) (M s) (next_P s) (regs s mod word_limit) operand
                                         (regs s) (IE s) (toy_tick (T s)) (D s)))
  | Return => supervisor_only (Next (State (E s) User (regs s mod word_limit) (base s) (bound s)
                                           (regs s) true (toy_tick (T s)) (D s)))
  | Settimer => supervisor_only (Next (set_timer (regs s)))
  | Gettimer => supervisor_only (Next (set_acc (fst (T s))))
  | Out => supervisor_only (Next (State (E s) (M s) (next_P s) (base s) (bound s)
                                        (regs s) (IE s) (toy_tick (T s)) (regs s)))
  | Halt => supervisor_only (Stop (regs s))
  | Idling => supervisor_only Wait
  | Extra =>
    match extra with
    | Plain => Trap 2 (word mod word_limit)
    | Jrst1 => Next (State (E s) User (regs s mod word_limit) (base s) (bound s)
                           (regs s) (IE s) (toy_tick (T s)) (D s))
    | Lra => Next (set_acc (base s + operand))
    | Ustm => Next (set_timer (regs s))
    end
  | Illegal => Trap 2 (word mod word_limit)
  end.
End Exec.

Definition toy_wait (t : N * bool) : option (N * bool) :=
  if snd t then Some t else if fst t =? 0 then None else Some (0, true).

(* ---------------------------------------------------------------- the laws *)

Lemma toy_local extra n (i : opcode * N) (s s' : toy_state) : agree n s s' ->
  agree_outcome n (toy_exec extra n (snd i) s (fst i)) (toy_exec extra n (snd i) s' (fst i)).
Proof.
  destruct i as [o word], s as [e m p l b a ie t d], s' as [e' m' p' l' b' a' ie' t' d'].
  unfold agree; simpl. intros (He&<-&<-&<-&<-&<-&<-&<-&<-).
  destruct o; simpl; unfold supervisor_only, agree, translate, next_P; simpl;
    try destruct m; try destruct extra; try destruct (_ && _) eqn:B; simpl; repeat split; auto.
  all: try (apply andb_prop in B as [_ B]; apply N.leb_le in B; apply He; lia).
  all: intros j Hj; cbn; rewrite He by assumption; reflexivity.
Qed.

Lemma mod_word x : x mod word_limit < word_limit.
Proof. apply N.mod_lt; discriminate. Qed.

Lemma toy_words extra n (i : opcode * N) (s : toy_state) : words s ->
  match toy_exec extra n (snd i) s (fst i) with
  | Next s' => words s'
  | MemTrap a => a < word_limit
  | Trap c x => c < 256 /\ x < word_limit /\ (c =? 5) = false
  | Stop _ | Wait => True
  end.
Proof.
  destruct i as [o word], s as [e m p l b a ie t d]. unfold words; simpl. intros (?&?&?).
  destruct o; simpl; unfold supervisor_only; simpl;
    try destruct m; try destruct extra; try destruct (translate _ _ _); simpl;
    repeat split; auto using mod_word; try (now apply mod_word).
Qed.

Definition toy_due (ie : bool) (t : N * bool) : option N := if ie && snd t then Some 5 else None.

Lemma toy_due_interrupt ie t c : toy_due ie t = Some c -> (c =? 5) = true /\ c < 256.
Proof. unfold toy_due; destruct (_ && _); intro H; inversion H; now split. Qed.

Definition toy (extra : variant) : Architecture := {|
  general := N;
  lent := N * bool;
  kept := N;
  instruction := opcode * N;
  decode := toy_decode;
  exec := fun n i s => toy_exec extra n (snd i) s (fst i);
  tick := toy_tick;
  due := toy_due;
  ack := fun _ t => (fst t, false);
  wait := toy_wait;
  clock := fst;
  interrupt := fun c => c =? 5;
  exec_local := toy_local extra;
  exec_words := fun n i s => toy_words extra n i s;
  due_interrupt := toy_due_interrupt;
  memory_no_interrupt := eq_refl
|}.
