(* SPDX-License-Identifier: MIT *)
(* What Machine.v has around an instruction is what PG32's description says: the fetch, which
   interrupt is due, and the swap of PSWs. *)

From Trapeze Require Export InstanceProof.
From Trapeze.Language Require Relocation States.

(* ---------------------------------------------------------------- words in memory *)

Lemma concat_bytes a b : b < 256 -> Values.concat 8 a b = b + 256 * a.
Proof.
  intro H. unfold Values.concat.
  assert (Z : N.land (N.shiftl a 8) b = 0).
  { apply N.bits_inj. intro i. rewrite N.land_spec, N.bits_0.
    destruct (N.ltb_spec i 8).
    - now rewrite N.shiftl_spec_low.
    - rewrite <- (N.mod_small b (2 ^ 8)) by exact H.
      rewrite N.mod_pow2_bits_high by assumption. apply andb_false_r. }
  rewrite <- N.lxor_lor, <- N.add_nocarry_lxor, N.shiftl_mul_pow2 by exact Z.
  change (2 ^ 8) with 256. lia.
Qed.

Lemma low_byte a : Values.low 8 a = a mod 256.
Proof. unfold Values.low. now rewrite N.land_ones. Qed.

Lemma gather_word m a : L.gather 8 false m a 4 = word m a.
Proof.
  assert (B : forall x, x mod 256 < 256) by (intro; apply N.mod_lt; discriminate).
  cbn [L.gather]. unfold L.peek. rewrite !low_byte, !concat_bytes by apply B.
  unfold word. rewrite <- !N.add_assoc. change (1 + 1) with 2. change (1 + 2) with 3. lia.
Qed.

Section Frame.
Variables (choices : L.frame) (answer : list L.event -> nat -> N -> N).
#[local] Instance pg32_machine : Architecture := PG32 choices answer.
#[local] Notation d := pg32.pg32.

(* ---------------------------------------------------------------- fetching *)

Lemma translate_V n (s : state) a :
  n <= word_limit -> words s -> a < word_limit ->
  L.translate d n choices (inject s) pg32.by_V a 4 =
  if (a + 4 <=? bound s) && (base s + a + 4 <=? n) then L.Ok (base s + a)
  else L.Bad (L.Trapped pg32.trap_memory a).
Proof.
  intros Hn (_&Wl&_) Ha.
  destruct (Relocation.translate_nth d n choices (inject s) pg32.by_V _ a 4 eq_refl) as [er ->].
  cbn [Sx.v_width Sx.v_body]. rewrite (States.low_small 32 a) by exact Ha.
  change pg32.translate_V with
    (Relocation.relocation pg32.the_l pg32.the_b pg32.trap_memory (Sx.Slot 0) 32).
  rewrite (Relocation.relocation_value d n choices (inject s) er pg32.the_l pg32.the_b
             pg32.trap_memory (Sx.Slot 0) 32 a 4 eq_refl Ha eq_refl
             (N.lt_le_incl _ _ Wl)).
  change (L.get (inject s) pg32.the_b 0) with (bound s).
  change (L.get (inject s) pg32.the_l 0) with (base s).
  destruct (a + 4 <=? bound s); [|reflexivity]. cbn [andb].
  destruct (N.leb_spec (base s + a + 4) n); [|reflexivity].
  rewrite States.low_small; [reflexivity|].
  change (base s + a < word_limit). lia.
Qed.

Lemma described_fetch n (s : state) : n <= word_limit -> words s ->
  L.execute d n choices answer (inject s) =
  match fetch n s with
  | Some word => obey d choices answer n (inject s) word
  | None => L.Traps pg32.trap_memory (P s)
  end.
Proof.
  intros Hn W. pose proof W as (Wp&_&_). unfold L.execute, L.fetch.
  change (N.to_nat (L.longest d / Sx.d_unit d)) with 1%nat. cbn [L.fetch_from].
  change (L.counter d (inject s)) with (P s). change (Sx.counter_width d) with 32.
  change (Sx.d_fetch d) with pg32.fetch. unfold L.evaluate_expr. cbn [pg32.fetch].
  rewrite (States.low_small 32 (P s)) by exact Wp.
  cbn [L.eval Sx.Require L.bind L.physical L.define Nat.eqb Values.operate_binary].
  fold (L.translate d n choices (inject s)).
  rewrite translate_V by assumption. unfold fetch.
  change (Values.slice 0 2 (P s)) with (Values.low 2 (N.shiftr (P s) 0)).
  rewrite N.shiftr_0_r. unfold Values.low. rewrite N.land_ones. change (2 ^ 2) with 4.
  destruct (P s mod 4 =? 0); [|reflexivity]. cbn [Values.bit Values.is_true N.eqb negb andb].
  change (Values.is_true 1) with true. cbv iota.
  destruct (P s + 4 <=? bound s); [|reflexivity].
  destruct (base s + P s + 4 <=? n) eqn:In; [|reflexivity]. cbn [andb L.bind].
  assert (Ld : L.load d n (inject s) (base s + P s) 4 = word (E s) (base s + P s)).
  { unfold L.load, L.is_inside. rewrite In. apply gather_word. }
  rewrite Ld. unfold obey. change (if 0 =? 0 then ?x else ?y) with x.
  change (0 + Sx.d_unit d) with 32. set (wd := word (E s) _). clearbody wd.
  change (0 =? 0) with true. cbv iota.
  destruct (L.decode d 32 wd); reflexivity.
Qed.

(* ---------------------------------------------------------------- interrupts *)

Lemma project_inject (s : state) : words s -> project (inject s) = s.
Proof.
  intros (Wp&Wl&Wb). destruct s as [e m p l b x ie [t pe re] h]. cbn in Wp, Wl, Wb.
  change (project (inject (State e m p l b x ie (Timer t pe re) h))) with
    (State e (if match m with Supervisor => 0 | User => 1 end =? 0 then Supervisor else User)
       (p mod word_limit) (l mod word_limit) (b mod word_limit) x
       (negb ((if ie then 1 else 0) =? 0)) (Timer t pe re) h).
  rewrite !word_mod by assumption. now destruct m, ie.
Qed.

Lemma described_due_now n (s : state) :
  L.due d n choices (inject s) = L.due d 0 choices (moment (IE s) (T s)).
Proof. reflexivity. Qed.

Lemma described_acknowledge n (s : state) i : In i pg32.interrupts ->
  L.acknowledge d n choices answer (inject s) i =
  inject (State (E s) (M s) (P s) (base s) (bound s) (regs s) (IE s)
            (ack (code d (Sx.n_trap i)) (T s)) (D s)).
Proof.
  destruct s as [e m p l b x ie [t pe re] h]. intros [<-|[<-|[]]]; reflexivity.
Qed.

(* ---------------------------------------------------------------- the step *)

(* The hardware's step is the description's: the interrupt that is due, or else what the language's
   [execute] fetches, decodes and performs. *)
Theorem pg32_step_described n (c : config) : n <= word_limit -> words (cpu c) ->
  step n c =
  match L.due d n choices (inject (cpu c)) with
  | Some i =>
    raise (code d (Sx.n_trap i)) 0
      {| cpu := project (L.acknowledge d n choices answer (inject (cpu c)) i);
         entered := entered c; count := count c |}
  | None => finish (conclude d (L.execute d n choices answer (inject (cpu c)))) c
  end.
Proof.
  intros Hn W. unfold step, due_now. cbn [due pg32_machine PG32 architecture].
  unfold described_due. rewrite <- (described_due_now n (cpu c)).
  destruct (L.due d n choices (inject (cpu c))) as [i|] eqn:Du; cbn [option_map].
  - apply find_some in Du as [Hi _]. rewrite described_acknowledge by exact Hi.
    rewrite project_inject by exact W. reflexivity.
  - unfold execute. rewrite described_fetch by assumption.
    destruct (fetch n (cpu c)); [reflexivity|].
    cbn [conclude Nat.eqb pg32.trap_memory]. now rewrite word_mod by apply W.
Qed.
End Frame.
