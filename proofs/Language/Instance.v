(* SPDX-License-Identifier: MIT *)
(* PG32, as `emit coq` writes it, is an architecture in the sense of Architecture.v: its states seen
   as those of the paper, its instructions executed by the language's own semantics, and the laws
   that the theorems ask for. That its instructions are exact in that sense is not here yet. *)
From Trapeze Require Import Theorems.
From Trapeze.Language Require Semantics Locality.
From Trapeze.Machines Require pg32.

(* The names of both sides: L is the language. *)
Module L := Semantics.
Module Sx := Trapeze.Language.Syntax.
Definition d := pg32.pg32.

(* The lent resources but IE, and the line that a device drives. *)
Record timer := Timer { t_T : N; t_pending : N; t_ready : N }.
Notation st := (state_of (list N) timer (list L.event)).

(* A state of the paper as one of the description, and back. *)
Definition inject (s : st) : L.state := {|
  L.elements := [regs s; [P s]; [match M s with Supervisor => 0 | User => 1 end]; [base s];
                 [bound s]; [if IE s then 1 else 0]; [t_T (T s)]; [t_pending (T s)]; [0]; []; [];
                 [t_ready (T s)]];
  L.contents := E s; L.history := D s |}.
Definition project (s : L.state) : st := {|
  E := L.contents s;
  M := if L.get s pg32.the_M 0 =? 0 then Supervisor else User;
  P := L.get s pg32.the_P 0 mod word_limit;
  base := L.get s pg32.the_l 0 mod word_limit;
  bound := L.get s pg32.the_b 0 mod word_limit;
  regs := L.row s pg32.the_x;
  IE := negb (L.get s pg32.the_IE 0 =? 0);
  T := Timer (L.get s pg32.the_T 0) (L.get s pg32.the_pending 0) (L.get s pg32.the_ready 0);
  D := L.history s |}.
Section Instance.
Variables (choices : L.frame) (answer : list L.event -> nat -> N -> N).
(* No instruction raises an interrupt's cause, which WellFormed.v proves; were one to, it is illegal
   here. *)
Definition cause (t : nat) : N := if Nat.leb t 4 then N.of_nat t else 2.
Definition conclude (o : L.outcome) : outcome st :=
  match o with
  | L.Next s => Next (project s)
  | L.Traps t x => if Nat.eqb t pg32.trap_memory then MemTrap (x mod word_limit)
                   else Trap (cause t) (x mod word_limit)
  | L.Stops _ z => Stop z
  | L.Waits _ => Wait
  | L.Sticks => Trap 2 0
  end.

Definition pg32_exec (n : N) (i : option Sx.instruction * N) (s : st) : outcome st :=
  match fst i with
  | None => Trap 2 (snd i mod word_limit)
  | Some j => conclude (L.perform d n choices answer (inject s) j (snd i))
  end.

Definition pg32_tick (t : timer) : timer :=
  Timer (t_T t - 1) (if t_T t =? 1 then 1 else t_pending t) (t_ready t).
Definition pg32_due (ie : bool) (t : timer) : option N :=
  if ie
  then (if t_pending t =? 1 then Some 5 else if t_ready t =? 1 then Some 6 else None)
  else None.
Definition pg32_ack (c : N) (t : timer) : timer :=
  if c =? 5 then Timer (t_T t) 0 (t_ready t) else t.
Definition pg32_wait (t : timer) : option timer :=
  if (t_pending t =? 1) || (t_ready t =? 1) then Some t
  else if t_T t =? 0 then None else Some (Timer 0 1 (t_ready t)).


Lemma inject_agree n s t : agree n s t -> Locality.agree n (inject s) (inject t).
Proof.
  intros (Em&Mm&Pm&Bm&Om&Rm&Im&Tm&Dm). unfold Locality.agree, inject; cbn.
  rewrite Mm, Pm, Bm, Om, Rm, Im, Tm, Dm. auto.
Qed.

Lemma project_agree n s t : Locality.agree n s t -> agree n (project s) (project t).
Proof.
  intros (El&Hi&Co). unfold agree, project, L.get, L.row; cbn [E M P base bound regs IE T D].
  rewrite El, Hi. repeat split; auto.
Qed.

Lemma pg32_local n i s t : agree n s t -> agree_outcome n (pg32_exec n i s) (pg32_exec n i t).
Proof.
  intro H. unfold pg32_exec. destruct (fst i); [|simpl; auto].
  destruct (Locality.perform_local d n choices answer _ _ i0 (snd i) (inject_agree n s t H));
    unfold conclude; simpl; auto using project_agree.
  destruct (Nat.eqb _ _); simpl; auto.
Qed.

Lemma pg32_words n i s : words s ->
  match pg32_exec n i s with
  | Next s' => words s'
  | MemTrap a => a < word_limit
  | Trap c x => c < 256 /\ x < word_limit /\ ((c =? 5) || (c =? 6)) = false
  | Stop _ | Wait => True
  end.
Proof.
  intros _. assert (Lt : forall x, x mod word_limit < word_limit)
    by (intro; apply N.mod_lt; discriminate).
  unfold pg32_exec. destruct (fst i); [|simpl; auto]. unfold conclude.
  destruct (L.perform _ _ _ _ _ _ _) as [s'|t x|s' z|s'|]; auto.
  - unfold words, project; cbn [P base bound]. auto.
  - destruct (Nat.eqb _ _); auto. unfold cause. split; [|split; auto].
    + destruct (Nat.leb t 4) eqn:Le; [|reflexivity]. apply PeanoNat.Nat.leb_le in Le. lia.
    + destruct (Nat.leb t 4) eqn:Le; [|reflexivity]. apply PeanoNat.Nat.leb_le in Le.
      do 5 (destruct t; [reflexivity|]). lia.
  - { split; [reflexivity|split; [reflexivity|reflexivity]]. }
  - split; [reflexivity|split; auto].
Qed.

Lemma pg32_due_interrupt ie t c : pg32_due ie t = Some c ->
  ((c =? 5) || (c =? 6)) = true /\ c < 256.
Proof.
  unfold pg32_due. destruct ie; [|discriminate].
  destruct (_ =? 1); [intro H; injection H as <-; now split|].
  destruct (_ =? 1); [intro H; injection H as <-; now split|discriminate].
Qed.

Definition PG32 : Architecture := {|
  general := list N; lent := timer; kept := list L.event;
  instruction := option Sx.instruction * N;
  decode := fun w => (L.decode d 32 w, w);
  exec := pg32_exec; tick := pg32_tick; due := pg32_due; ack := pg32_ack; wait := pg32_wait;
  clock := t_T; interrupt := fun c => (c =? 5) || (c =? 6);
  exec_local := pg32_local; exec_words := pg32_words; due_interrupt := pg32_due_interrupt;
  memory_no_interrupt := eq_refl |}.
End Instance.
Print Assumptions PG32.
