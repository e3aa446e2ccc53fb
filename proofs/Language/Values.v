(* SPDX-License-Identifier: MIT *)
(* Bit vectors: a number in N, whose width stands beside it in the syntax. What the operators of the
   language compute is here, as isa-analyzer/language/operate.c has it. *)
From Coq Require Import NArith ZArith Bool.
Local Open Scope N_scope.

(* The low w bits of a. *)
Definition low (w a : N) : N := N.land a (N.ones w).

(* a, of w bits, read as two's complement; and back. *)
Definition signed (w a : N) : Z :=
  if N.testbit a (w - 1) then (Z.of_N a - Z.of_N (N.shiftl 1 w))%Z else Z.of_N a.
Definition unsigned (w : N) (z : Z) : N := Z.to_N (z mod Z.of_N (N.shiftl 1 w)).

Definition bit (b : bool) : N := if b then 1 else 0.
Definition is_true (a : N) : bool := negb (a =? 0).

Inductive unary := Complement | Negate.

Inductive binary :=
  | Add | Sub | Mul
  | UDiv | URem | SDiv | SRem   (* by zero: as SMT-LIB defines them *)
  | BAnd | BOr | BXor
  | Shl | Shr | Sar
  | Equal | Unequal | Ult | Ule | Ugt | Uge | Slt | Sle | Sgt | Sge.

Definition operate_unary (op : unary) (w a : N) : N :=
  match op with
  | Complement => N.lxor (low w a) (N.ones w)
  | Negate => low w (N.shiftl 1 w - low w a)
  end.

Definition signed_quotient (w a b : N) : N :=
  let x := signed w a in
  let y := signed w b in
  if (y =? 0)%Z then if (x <? 0)%Z then 1 else N.ones w else unsigned w (Z.quot x y).

Definition signed_remainder (w a b : N) : N :=
  let x := signed w a in
  let y := signed w b in
  if (y =? 0)%Z then a else unsigned w (Z.rem x y).

(* The shift may be by any number, so that no number is computed that has so many bits. *)
Definition operate_binary (op : binary) (w a b : N) : N :=
  match op with
  | Add => low w (a + b)
  | Sub => low w (N.shiftl 1 w + a - low w b)
  | Mul => low w (a * b)
  | UDiv => if b =? 0 then N.ones w else a / b
  | URem => if b =? 0 then a else a mod b
  | SDiv => signed_quotient w a b
  | SRem => signed_remainder w a b
  | BAnd => N.land a b
  | BOr => N.lor a b
  | BXor => N.lxor a b
  | Shl => if b <? w then low w (N.shiftl a b) else 0
  | Shr => if b <? w then N.shiftr a b else 0
  | Sar => unsigned w (Z.shiftr (signed w a) (Z.of_N (if b <? w then b else w - 1)))
  | Equal => bit (a =? b)
  | Unequal => bit (negb (a =? b))
  | Ult => bit (a <? b)
  | Ule => bit (a <=? b)
  | Ugt => bit (b <? a)
  | Uge => bit (b <=? a)
  | Slt => bit (signed w a <? signed w b)%Z
  | Sle => bit (signed w a <=? signed w b)%Z
  | Sgt => bit (signed w b <? signed w a)%Z
  | Sge => bit (signed w b <=? signed w a)%Z
  end.

(* a above b, which has wb bits. *)
Definition concat (wb a b : N) : N := N.lor (N.shiftl a wb) b.

Definition slice (from w a : N) : N := low w (N.shiftr a from).

Definition sign_extend (from to a : N) : N := unsigned to (signed from a).

(* Bits from..from+w-1 of old replaced by those of new. *)
Definition splice (from w old new : N) : N :=
  let mask := N.shiftl (N.ones w) from in
  N.lor (N.ldiff old mask) (N.land (N.shiftl new from) mask).
