(* SPDX-License-Identifier: MIT *)
(* The theorems. What they speak of is in Architecture.v, Machine.v, Monitor.v, Exact.v and Paper.v;
   their proofs are in the files that end in Proof.v. *)

From Trapeze Require Export EfficiencyProof.

(* ---------------------------------------------------------------- theorem 1 *)

(* Equivalence, one step: what the virtual machine shows and where it stands afterwards is what the
   bare machine of w bytes shows and where that stands. *)
Theorem theorem1_equivalence_step `{A : Architecture} :
  forall (g : place) (p : plan) (host : machine (q g)) (y : record * carrier host),
  admitted g p -> hosts g host y ->
  let (e, y') := monitored g p host y in
  e = fst (step (w g) (guest_of g host y)) /\
  same (w g) (guest_of g host y') (snd (step (w g) (guest_of g host y))) /\
  hosts g host y'.
Proof.
  intros g p host [r x] Ad H. pose proof (monitor_simulates g p Ad host r x H) as S.
  unfold monitored. destruct (monitor_step g p host (r, x)) as [a [e y']]. simpl. tauto.
Qed.
