(* SPDX-License-Identifier: MIT *)
(* Monitors on monitors: each puts its guest at k of its own host, so that n of them over a guest of
   w bytes need n * k + w. In C: vmm --depth. *)

From Trapeze Require Export FunctorProof.

Section Tower.
Context {A : Architecture}.
Variables (p : plan) (k w : N).

(* The bytes that n monitors and the innermost guest need. *)
Fixpoint size (n : nat) : N := match n with O => w | S n => k + size n end.

(* Theorem 1 applies wherever the tower puts a guest. *)
Definition everywhere : Prop :=
  forall n q, k + size n <= q -> q <= word_limit -> admitted (Place q k (size n)) p.

Hypothesis all : everywhere.

(* n further monitors, the innermost guest of which has w bytes. *)
Fixpoint tower (n : nat) : size n <= word_limit -> machine (size n) -> machine w :=
  match n with
  | O => fun _ host => host
  | S n => fun room host =>
    tower n (N.le_trans _ _ _ (N.le_add_l (size n) k) room)
      (monitor (Place (k + size n) k (size n)) p (all n (k + size n) (N.le_refl _) room) host)
  end.

(* n + 1 monitors on a host of q bytes, which may be more than they need. *)
Definition depth (n : nat) (q : N) (room : k + size n <= q) (small : q <= word_limit)
    (host : machine q) : machine w :=
  tower n (N.le_trans _ _ _ (N.le_trans _ _ _ (N.le_add_l (size n) k) room) small)
    (monitor (Place q k (size n)) p (all n q room small) host).

End Tower.
