(* SPDX-License-Identifier: MIT *)
(* A tower of monitors can be started on any host, and how much memory it needs. *)

From Trapeze Require Export Tower.

Section Tower.
Context {A : Architecture}.
Variables (p : plan) (k w : N).

Lemma size_is n : size k w n = N.of_nat n * k + w.
Proof.
  induction n as [|n IH]; [reflexivity|]. cbn [size]. rewrite IH, Nnat.Nat2N.inj_succ. lia.
Qed.

Hypothesis all : everywhere p k w.

(* Any machine with a state has a virtual machine on it with any state. *)
Lemma monitor_inhabited g (ready : admitted g p) (host : machine (q g)) x :
  trap_area <= w -> invariant host x -> exists y, invariant (monitor g p ready host) y.
Proof.
  intros L I.
  exists (start g host (Config (State (fun _ => 0) Supervisor 0 0 0 (regs (cpu (get host x))) false
    (T (cpu (get host x))) (D (cpu (get host x)))) false 0) x).
  apply installed with (p := p); auto. unfold words; simpl; repeat split; reflexivity.
Qed.

Lemma tower_inhabited n : forall room (host : machine (size k w n)) x,
  trap_area <= w -> invariant host x -> exists y, invariant (tower p k w all n room host) y.
Proof.
  induction n as [|n IH]; intros room host x L I; [now exists x|]. cbn [tower].
  destruct (monitor_inhabited (Place (k + size k w n) k (size k w n))
    (all n (k + size k w n) (N.le_refl _) room) host x L I) as [y Hy].
  exact (IH _ _ y L Hy).
Qed.

Theorem depth_started n q room small (host : machine q) x v : trap_area <= w ->
  invariant host x -> words (cpu v) ->
  exists y, invariant (depth p k w all n q room small host) y /\
            same w (get (depth p k w all n q room small host) y) v.
Proof.
  intros L I W. unfold depth.
  destruct (monitor_inhabited (Place q k (size k w n)) (all n q room small) host x L I) as [y Hy].
  destruct (tower_inhabited n (N.le_trans _ _ _ (N.le_trans _ _ _ (N.le_add_l (size k w n) k) room)
    small) _ y L Hy) as [z Hz].
  eexists (set _ v z). split; apply set_get; auto.
Qed.

End Tower.
