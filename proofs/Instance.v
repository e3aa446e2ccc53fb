(* SPDX-License-Identifier: MIT *)
(* What `isa-analyzer emit coq` writes of pg32.isa is an architecture in the sense of
   Architecture.v, and so is that of a variant with other instructions: instructions, time and
   interrupts are what the description's term says, by the language's own semantics. *)

From Trapeze Require Export Exact.
From Trapeze.Language Require Semantics Locality WellFormed.
From Trapeze.Machines Require pg32 pg32_jrst1.

(* The names of both sides: L is the language. *)
Module L := Semantics.
Module Sx := Trapeze.Language.Syntax.

(* ---------------------------------------------------------------- states *)

(* What is lent but IE: the timer, its pending bit, and the line that a device drives. *)
Record timer := Timer { t_T : N; t_pending : N; t_ready : N }.
Notation pg32_state := (state_of (list N) timer (list L.event)).

(* A state of the paper as one of the description, and back. *)
Definition inject (s : pg32_state) : L.state := {|
  L.elements := [regs s; [P s]; [match M s with Supervisor => 0 | User => 1 end]; [base s];
                 [bound s]; [if IE s then 1 else 0]; [t_T (T s)]; [t_pending (T s)]; [0]; []; [];
                 [t_ready (T s)]];
  L.contents := E s; L.history := D s |}.
Definition time_of (s : L.state) : timer :=
  Timer (L.get s pg32.the_T 0) (L.get s pg32.the_pending 0) (L.get s pg32.the_ready 0).
Definition project (s : L.state) : pg32_state := {|
  E := L.contents s;
  M := if L.get s pg32.the_M 0 =? 0 then Supervisor else User;
  P := L.get s pg32.the_P 0 mod word_limit;
  base := L.get s pg32.the_l 0 mod word_limit;
  bound := L.get s pg32.the_b 0 mod word_limit;
  regs := L.row s pg32.the_x;
  IE := negb (L.get s pg32.the_IE 0 =? 0);
  T := time_of s;
  D := L.history s |}.

(* A state of which only IE and the time matter. *)
Definition moment (ie : bool) (t : timer) : L.state :=
  inject (State (fun _ => 0) Supervisor 0 0 0 [] ie t []).

(* ---------------------------------------------------------------- PG32 and its variants *)

(* The instructions of d in the frame of m: all that surrounds them. *)
Definition in_frame (m d : Sx.description) : Sx.description := {|
  Sx.d_name := Sx.d_name d; Sx.d_components := Sx.d_components m;
  Sx.d_counter := Sx.d_counter m; Sx.d_mode := Sx.d_mode m; Sx.d_memory := Sx.d_memory m;
  Sx.d_traps := Sx.d_traps m; Sx.d_translations := Sx.d_translations m; Sx.d_unit := Sx.d_unit m;
  Sx.d_fetch := Sx.d_fetch m; Sx.d_undefined := Sx.d_undefined m;
  Sx.d_cause_width := Sx.d_cause_width m; Sx.d_information_width := Sx.d_information_width m;
  Sx.d_deliver := Sx.d_deliver m; Sx.d_tick := Sx.d_tick m; Sx.d_interrupts := Sx.d_interrupts m;
  Sx.d_wake := Sx.d_wake m; Sx.d_reset := Sx.d_reset m; Sx.d_fixed := Sx.d_fixed m;
  Sx.d_instructions := Sx.d_instructions d |}.

(* d is PG32 but for its instructions, none of which raises an interrupt. *)
Record variation (d : Sx.description) : Prop := {
  framed : d = in_frame pg32.pg32 d;
  apart : WellFormed.interrupts_apart d = true
}.

Section Instance.
Variable d : Sx.description.
Hypothesis is_variant : variation d.
(* What the description leaves open, and what devices answer. *)
Variables (choices : L.frame) (answer : list L.event -> nat -> N -> N).

(* ---------------------------------------------------------------- instructions *)

(* A word is the instruction that it decodes to, or undefined. *)
Definition obey (n : N) (s : L.state) (word : N) : L.outcome :=
  match L.decode d 32 word with
  | Some i => L.perform d n choices answer s i word
  | None =>
    match L.evaluate d n choices s {| L.word := word; L.next := 0 |} L.empty (Sx.d_undefined d) with
    | L.Bad (L.Trapped t x) => L.Traps t x
    | _ => L.Sticks
    end
  end.

Definition code (t : nat) : N := Sx.t_code (nth t (Sx.d_traps d) Sx.no_trap).

(* A check stop, which no instruction of PG32's comes to, would stop the machine. *)
Definition conclude (o : L.outcome) : outcome pg32_state :=
  match o with
  | L.Next s => Next (project s)
  | L.Traps t x => if Nat.eqb t pg32.trap_memory then MemTrap (x mod word_limit)
                   else Trap (code t) (x mod word_limit)
  | L.Stops _ z => Stop z
  | L.Waits _ => Wait
  | L.Sticks => Stop 0
  end.

Definition described_exec (n word : N) (s : pg32_state) : outcome pg32_state :=
  conclude (obey n (inject s) word).

(* The privileged instructions, which the monitor emulates: those that can raise that trap. *)
Definition privileged_word (word : N) : bool :=
  match L.decode d 32 word with
  | Some i => existsb (Nat.eqb pg32.trap_privileged) (WellFormed.can_raise d i)
  | None => false
  end.

(* ---------------------------------------------------------------- time *)

Definition described_tick (t : timer) : timer :=
  time_of (L.ticked d 0 choices answer (moment false t)).
Definition described_due (ie : bool) (t : timer) : option N :=
  option_map (fun n => code (Sx.n_trap n)) (L.due d 0 choices (moment ie t)).
Definition raises (c : N) (n : Sx.interrupt) : bool := code (Sx.n_trap n) =? c.
Definition described_ack (c : N) (t : timer) : timer :=
  match find (raises c) (Sx.d_interrupts d) with
  | Some n => time_of (L.acknowledge d 0 choices answer (moment false t) n)
  | None => t
  end.
(* An idle machine's time passes until the timer is due. *)
Definition described_wait (t : timer) : option timer :=
  if L.wakes d 0 choices (moment false t) then Some t
  else if t_T t =? 0 then None else Some (Timer 0 1 (t_ready t)).
Definition described_interrupt (c : N) : bool := existsb (raises c) (Sx.d_interrupts d).

(* ---------------------------------------------------------------- the laws *)

Lemma in_the_frame {A} (f : Sx.description -> A) : f d = f (in_frame pg32.pg32 d).
Proof. apply f_equal, framed, is_variant. Qed.

Lemma interrupts_are : Sx.d_interrupts d = pg32.interrupts.
Proof. apply (in_the_frame Sx.d_interrupts). Qed.

Lemma undefined_traps n s word :
  L.evaluate d n choices s {| L.word := word; L.next := 0 |} L.empty (Sx.d_undefined d) =
  L.Bad (L.Trapped pg32.trap_illegal word).
Proof. rewrite (in_the_frame Sx.d_undefined). reflexivity. Qed.

Lemma code_is t : code t = Sx.t_code (nth t pg32.traps Sx.no_trap).
Proof. unfold code. now rewrite (in_the_frame Sx.d_traps). Qed.

Lemma code_small t : code t < 256.
Proof.
  rewrite code_is. do 7 (destruct t as [|t]; [reflexivity|]). now destruct t.
Qed.

Lemma interrupt_is c : described_interrupt c = (5 =? c) || ((6 =? c) || false).
Proof.
  unfold described_interrupt, raises. rewrite interrupts_are. cbn [pg32.interrupts existsb].
  now rewrite !code_is.
Qed.

Lemma inject_agree n s t : agree n s t -> Locality.agree n (inject s) (inject t).
Proof.
  intros (Em&Mm&Pm&Bm&Om&Rm&Im&Tm&Dm). unfold Locality.agree, inject; cbn.
  rewrite Mm, Pm, Bm, Om, Rm, Im, Tm, Dm. auto.
Qed.

Lemma project_agree n s t : Locality.agree n s t -> agree n (project s) (project t).
Proof.
  intros (El&Hi&Co). unfold agree, project, time_of, L.get, L.row.
  cbn [E M P base bound regs IE T D].
  rewrite El, Hi. repeat split; auto.
Qed.

Lemma described_local n word s t : agree n s t ->
  agree_outcome n (described_exec n word s) (described_exec n word t).
Proof.
  intro H. unfold described_exec, obey. destruct (L.decode d 32 word) as [i|].
  - destruct (Locality.perform_local d n choices answer _ _ i word (inject_agree n s t H));
      unfold conclude; simpl; auto using project_agree.
    destruct (Nat.eqb _ _); simpl; auto.
  - rewrite !undefined_traps. simpl. auto.
Qed.

Lemma described_words n word s : words s ->
  match described_exec n word s with
  | Next s' => words s'
  | MemTrap a => a < word_limit
  | Trap c x => c < 256 /\ x < word_limit /\ described_interrupt c = false
  | Stop _ | Wait => True
  end.
Proof.
  intros _. assert (Lt : forall x, x mod word_limit < word_limit)
    by (intro; apply N.mod_lt; discriminate).
  unfold described_exec, obey. destruct (L.decode d 32 word) as [i|] eqn:De.
  - destruct (L.perform _ _ _ _ _ _ _) as [s'|t x|s' z|s'|] eqn:Pe; unfold conclude; try exact I.
    + unfold words, project; cbn [P base bound]. auto.
    + destruct (Nat.eqb _ _) eqn:Z; auto.
      split; [apply code_small|split; auto]. rewrite interrupt_is, code_is.
      assert (No : ~ In t (map Sx.n_trap pg32.interrupts)).
      { rewrite <- interrupts_are, in_map_iff. intros (m & Et & Hm). revert Et.
        apply find_some in De as [De _].
        eapply (WellFormed.no_interrupt d (apart d is_variant)); eauto. }
      do 5 (destruct t as [|t]; [reflexivity|]).
      destruct t as [|[|[|t]]]; try reflexivity; exfalso; apply No; simpl; auto.
  - rewrite undefined_traps. simpl. rewrite interrupt_is, code_is. repeat split; auto.
Qed.

Lemma described_due_interrupt ie t c : described_due ie t = Some c ->
  described_interrupt c = true /\ c < 256.
Proof.
  unfold described_due. destruct (L.due _ _ _ _) as [n|] eqn:Du; [|discriminate].
  intro H; injection H as <-. split; [|apply code_small].
  apply find_some in Du as [In _]. apply existsb_exists. exists n. split; auto.
  apply N.eqb_refl.
Qed.

Definition architecture : Architecture := {|
  general := list N; lent := timer; kept := list L.event;
  instruction := N; decode := fun word => word;
  exec := described_exec; tick := described_tick; due := described_due; ack := described_ack;
  wait := described_wait; clock := t_T; interrupt := described_interrupt;
  exec_local := described_local; exec_words := described_words;
  due_interrupt := described_due_interrupt;
  memory_no_interrupt := interrupt_is 0 |}.
End Instance.

(* PG32, and PG32 with the PDP-10's JRST 1: whatever devices answer. *)
Lemma pg32_variant : variation pg32.pg32.
Proof. split; [reflexivity|vm_compute; reflexivity]. Qed.
Lemma jrst1_variant : variation pg32_jrst1.pg32_jrst1.
Proof. split; [reflexivity|vm_compute; reflexivity]. Qed.

Definition PG32 (choices : L.frame) (answer : list L.event -> nat -> N -> N) : Architecture :=
  architecture pg32.pg32 pg32_variant choices answer.
Definition PG32_jrst1 (choices : L.frame) (answer : list L.event -> nat -> N -> N) : Architecture :=
  architecture pg32_jrst1.pg32_jrst1 jrst1_variant choices answer.
