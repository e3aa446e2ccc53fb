(* SPDX-License-Identifier: MIT *)
(* PG32's term computes: a few instructions, run to the end by Coq itself. *)
From Trapeze.Language Require Import Semantics.
From Trapeze.Machines Require pg32.
Local Open Scope N_scope.

Definition size : N := 4096.
Definition silence (h : list event) (device : nat) (index : N) : N := 0.

Definition with_word (a w : N) (c : cells) : cells := scatter 8 false c a 4 w.

Fixpoint image (a : N) (words : list N) (c : cells) : cells :=
  match words with
  | [] => c
  | w :: rest => image (a + 4) rest (with_word a w c)
  end.

Definition boot (words : list N) : state :=
  reset pg32.pg32 size empty silence
    {| elements := []; contents := image 0x100 words (fun _ => 0); history := [] |} 0x100.

Definition step (s : state) : outcome := execute pg32.pg32 size empty silence s.

Fixpoint steps (n : nat) (s : state) : outcome :=
  match n with
  | O => Next s
  | S k => match step s with Next s => steps k s | o => o end
  end.

Definition seen (o : outcome) : list N :=
  match o with
  | Next s => [0; get s pg32.the_P 0; get s pg32.the_x 1; get s pg32.the_x 2]
  | Traps t x => [1; N.of_nat t; x]
  | Stops s code => [2; code]
  | Waits s => [3]
  | Sticks => [4]
  end.

(* addi x1, x0, -3; mul x2, x1, x1; sw x2, 0x200(x0); lb x1, 0x200(x0); halt x1 *)
Definition program : list N := [0xffd00093; 0x02108133; 0x20202023; 0x20000083; 0x0010f00b].

Example one : seen (steps 1 (boot program)) = [0; 0x104; 0xfffffffd; 0].
Proof. vm_compute. reflexivity. Qed.

Example two : seen (steps 2 (boot program)) = [0; 0x108; 0xfffffffd; 9].
Proof. vm_compute. reflexivity. Qed.

Example stored : match steps 3 (boot program) with
                 | Next s => load pg32.pg32 size s 0x200 4 = 9 | _ => False end.
Proof. vm_compute. reflexivity. Qed.

Example stops : seen (steps 5 (boot program)) = [2; 9].
Proof. vm_compute. reflexivity. Qed.

(* A word of zeros is no instruction: trap 2, with the word. *)
Example undefined : seen (steps 6 (boot (removelast program))) = [1; 2; 0].
Proof. vm_compute. reflexivity. Qed.

(* lrb x1, x0: supervisor mode goes on; with the mode set to user, trap 1 with the word. *)
Definition user (s : state) : state := set pg32.pg32 s pg32.the_M 0 1.
Example privileged : seen (steps 1 (user (boot [0x0000a00b]))) = [1; 1; 0x0000a00b].
Proof. vm_compute. reflexivity. Qed.

(* Beyond the memory's end: a memory trap (0) with the address. lw x1, -4(x0) *)
Example outside : seen (steps 1 (boot [0xffc02083])) = [1; 0; 0xfffffffc].
Proof. vm_compute. reflexivity. Qed.
