(* SPDX-License-Identifier: MIT *)
(* Runs of a monitor: control over all of them, and what they cost. *)

From Trapeze Require Export FunctorProof.

Section Efficiency.
Context {A : Architecture}.
Variable g : place.
Variable p : plan.
Hypothesis ready : admitted g p.
Variable host : machine (q g).

Theorem run_controlled i : forall r x, hosts g host (r, x) ->
  hosts g host (snd (run (monitored g p host) i (r, x))) /\
  controlled g (cpu (get host x)) (cpu (get host (snd (snd (run (monitored g p host) i (r, x)))))).
Proof.
  induction i as [|i IH]; intros r x H; [split; auto; apply controlled_refl|].
  pose proof (monitor_simulates g p ready host r x H) as S. cbn [run]. unfold monitored at 1 3.
  destruct (monitor_step g p host (r, x)) as [a [e [r' x']]]. cbn [snd] in *.
  destruct S as (_&_&H'&C&_). destruct (stops e); [split; auto|].
  destruct (IH r' x' H') as [H'' C'].
  destruct (run (monitored g p host) i (r', x')) as [es [r'' x'']]. cbn [snd] in *.
  split; auto. eapply controlled_trans; eauto.
Qed.

(* The host never stops or waits: its events, as far as it was run. *)
Theorem host_events i : forall r x, hosts g host (r, x) ->
  forall t e, In t (log g p host i (r, x)) -> hardware t = Some e ->
  match e with Returned | Trapped _ _ => True | _ => False end.
Proof.
  induction i as [|i IH]; intros r x H t e In He; [destruct In|].
  pose proof (monitor_simulates g p ready host r x H) as S. cbn [log fst snd] in In.
  destruct (monitor_step g p host (r, x)) as [a [e1 [r' x']]]. cbn [snd] in *.
  destruct S as (_&_&H'&_&S). destruct In as [<-|In].
  - simpl in He. destruct a.
    + destruct S as (D&R&_). rewrite D, R in He. now injection He as <-.
    + destruct S as (D&_&c&z&x1&v&R&_). rewrite D, R in He. now injection He as <-.
    + destruct S as (D&_). now rewrite D in He.
  - destruct (stops e1); [destruct In|]. eapply IH; eauto.
Qed.

Theorem calls_are_traps i : forall r x, hosts g host (r, x) ->
  number handler_call (log g p host i (r, x)) = number hardware_trap (log g p host i (r, x)).
Proof.
  induction i as [|i IH]; intros r x H; [reflexivity|].
  pose proof (monitor_simulates g p ready host r x H) as S. cbn [log fst snd].
  destruct (monitor_step g p host (r, x)) as [a [e1 [r' x']]]. cbn [snd] in *.
  destruct S as (_&_&H'&_&S).
  assert (Tail : number handler_call (if stops e1 then [] else log g p host i (r', x')) =
                 number hardware_trap (if stops e1 then [] else log g p host i (r', x')))
    by (destruct (stops e1); auto).
  unfold number in *. cbn [filter].
  assert (Head : forall f, handler_call (Entry a (if direct p (vM r) then Some (fst (run1 host x))
      else None) f e1) = hardware_trap (Entry a (if direct p (vM r) then Some (fst (run1 host x))
      else None) f e1)).
  { intro f. unfold handler_call, hardware_trap; cbn. destruct a.
    - destruct S as (D&R&_). now rewrite D, R.
    - destruct S as (D&R&_). now rewrite D, R.
    - destruct S as (D&_). now rewrite D. }
  rewrite Head. destruct (hardware_trap _); cbn [length]; congruence.
Qed.

(* A handler call: the virtual machine traps, or its instruction is one that is emulated. *)
Lemma call_justified emulates r x : never_spurious g (direct p) emulates ->
  hosts g host (r, x) ->
  let '(a, (e, _)) := monitor_step g p host (r, x) in
  a = Handled -> traps e = false ->
  exists i, option_map decode (fetch (w g) (cpu (guest_of g host (r, x)))) = Some i /\
            emulates i = true.
Proof.
  intros NS H. pose proof (monitor_simulates g p ready host r x H) as S.
  destruct (monitor_step g p host (r, x)) as [a [e y']]. destruct S as (E&_&_&_&S).
  intros -> Nt. destruct S as (D&T&_).
  destruct H as [I R]; cbn [fst snd] in I, R. destruct ready as (F&_&_&_).
  destruct (run1_step _ host x I) as (E1&_&_). rewrite E1 in T.
  unfold guest_of in *; cbn [fst snd] in *.
  unfold step in E, T. rewrite due_virtual in E.
  assert (Raise : forall c z k, traps (fst (raise c z k)) = true)
    by (intros c z y; unfold raise; destruct (entered y); reflexivity).
  destruct (due_now (get host x)) as [cause|] eqn:Du.
  { rewrite E, Raise in Nt. discriminate. }
  unfold execute in *. rewrite (fetch_virtual g F r _ R) in *.
  destruct (fetch (q g) (cpu (get host x))) as [word|] eqn:Fe.
  2:{ rewrite E, Raise in Nt. discriminate. }
  exists (decode word). split; auto.
  assert (Ru : runs g (direct p) (decode word) r (get host x))
    by (repeat split; try apply R; eauto).
  destruct (NS _ r _ Ru) as [V|V]; auto.
  - destruct (exec (q g) (decode word) (cpu (get host x))); simpl in *; try discriminate.
    destruct (wait _); discriminate.
  - exfalso. unfold finish in E.
    destruct (exec (w g) (decode word) (cpu (virtual g r (get host x)))); simpl in V;
      try congruence; rewrite E, Raise in Nt; discriminate.
Qed.

Theorem calls_justified emulates i : never_spurious g (direct p) emulates ->
  forall r x, hosts g host (r, x) ->
  number handler_call (log g p host i (r, x)) =
  (number virtual_trap (log g p host i (r, x)) +
   number (emulated emulates) (log g p host i (r, x)))%nat.
Proof.
  intro NS. induction i as [|i IH]; intros r x H; [reflexivity|].
  pose proof (monitor_simulates g p ready host r x H) as S. cbn [log fst snd].
  pose proof (call_justified emulates r x NS H) as J.
  destruct (monitor_step g p host (r, x)) as [a [e1 [r' x']]]. cbn [snd] in *.
  destruct S as (_&_&H'&_&_).
  assert (Tail : number handler_call (if stops e1 then [] else log g p host i (r', x')) =
     (number virtual_trap (if stops e1 then [] else log g p host i (r', x')) +
      number (emulated emulates) (if stops e1 then [] else log g p host i (r', x')))%nat)
    by (destruct (stops e1); auto).
  unfold number in *. cbn [filter]. unfold handler_call at 1, virtual_trap at 1, emulated at 1.
  unfold handler_call at 2 3. cbn [did shown found].
  destruct a; cbn [andb]; auto. destruct (traps e1) eqn:Te; cbn [andb negb length].
  - rewrite Tail. reflexivity.
  - destruct (J eq_refl eq_refl) as (ins & -> & ->). cbn [length]. rewrite Tail.
    apply plus_n_Sm.
Qed.

End Efficiency.
