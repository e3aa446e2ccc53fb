(* SPDX-License-Identifier: MIT *)
(* What Machine.v has around an instruction is what PG32's description says: the fetch, which
   interrupt is due, and the swap of PSWs. *)

From Trapeze Require Export InstanceProof.
From Trapeze.Language Require Relocation States.

(* ---------------------------------------------------------------- words in memory *)

Lemma concat_sum n a b : b < 2 ^ n -> Values.concat n a b = b + 2 ^ n * a.
Proof.
  intro H. unfold Values.concat.
  assert (Z : N.land (N.shiftl a n) b = 0).
  { apply N.bits_inj. intro i. rewrite N.land_spec, N.bits_0.
    destruct (N.ltb_spec i n).
    - now rewrite N.shiftl_spec_low.
    - rewrite <- (N.mod_small b (2 ^ n)) by exact H.
      rewrite N.mod_pow2_bits_high by assumption. apply andb_false_r. }
  rewrite <- N.lxor_lor, <- N.add_nocarry_lxor, N.shiftl_mul_pow2 by exact Z. lia.
Qed.

Lemma low_byte a : Values.low 8 a = a mod 256.
Proof. unfold Values.low. now rewrite N.land_ones. Qed.

Lemma gather_word m a : L.gather 8 false m a 4 = word m a.
Proof.
  assert (B : forall x, x mod 256 < 256) by (intro; apply N.mod_lt; discriminate).
  cbn [L.gather]. unfold L.peek. rewrite !low_byte, !concat_sum by apply B.
  change (2 ^ 8) with 256.
  unfold word. rewrite <- !N.add_assoc. change (1 + 1) with 2. change (1 + 2) with 3. lia.
Qed.

Lemma slice_div from n a : Values.slice from n a = a / 2 ^ from mod 2 ^ n.
Proof. unfold Values.slice, Values.low. now rewrite N.land_ones, N.shiftr_div_pow2. Qed.

Lemma scatter_word m m' a v : (forall x, m x = m' x) ->
  forall x, L.scatter 8 false m a 4 v x = store m' a v x.
Proof.
  intros Eq x. cbn [L.scatter]. unfold L.poke. rewrite !slice_div, !N.shiftr_div_pow2.
  change (2 ^ 0) with 1. rewrite !N.div_1_r, !N.div_div by discriminate.
  change (2 ^ 8) with 256. change (256 * 256) with 65536. change (65536 * 256) with 16777216.
  rewrite <- !N.add_assoc. change (1 + (1 + 1)) with 3. change (1 + 1) with 2.
  unfold store. rewrite Eq.
  destruct (N.eqb_spec x (a + 3)), (N.eqb_spec x (a + 2)), (N.eqb_spec x (a + 1)),
    (N.eqb_spec x a); reflexivity || lia.
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

(* ---------------------------------------------------------------- the swap *)

Lemma load_word n (s : state) a : a + 4 <= n -> L.load d n (inject s) a 4 = word (E s) a.
Proof.
  intro H. unfold L.load, L.is_inside.
  replace (a + 4 <=? n) with true by (symmetry; now apply N.leb_le).
  apply gather_word.
Qed.

Lemma put_word n (s : L.state) a v : a + 4 <= n -> L.put d n s (L.At a 4) v =
  {| L.elements := L.elements s; L.contents := L.scatter 8 false (L.contents s) a 4 v;
     L.history := L.history s |}.
Proof.
  intro H. cbn [L.put]. unfold L.store, L.is_inside.
  replace (a + 4 <=? n) with true by (symmetry; now apply N.leb_le). reflexivity.
Qed.

Lemma status_bits c (s : state) :
  Values.concat 1 (Values.concat 1 (Values.concat 6 c 0) (if IE s then 1 else 0))
    match M s with Supervisor => 0 | User => 1 end = status c s.
Proof.
  rewrite !concat_sum by (destruct (M s), (IE s); reflexivity). unfold status.
  change (2 ^ 6) with 64. change (2 ^ 1) with 2. destruct (M s), (IE s); lia.
Qed.

Lemma commit_value n (s : L.state) t v l :
  L.commit d n answer s ({| L.e_to := t; L.e_from := L.Value v |} :: l) =
  L.put d n (L.commit d n answer s l) t v.
Proof. reflexivity. Qed.

(* A scalar of PG32's that is set as a whole. *)
Lemma put_scalar n es m h o wd v old : nth o es [] = [old] ->
  Sx.c_width (Sx.component_of d o) = wd -> Sx.c_fixed (Sx.component_of d o) = [] ->
  match Sx.c_kind (Sx.component_of d o) with Sx.Device | Sx.Memory => False | _ => True end ->
  v < 2 ^ wd ->
  L.put d n {| L.elements := es; L.contents := m; L.history := h |} (L.To o 0 0 wd) v =
  {| L.elements := L.set_row es o [v]; L.contents := m; L.history := h |}.
Proof.
  intros Hr Hw Hf Hk Hv. unfold L.put, L.set, L.is_fixed, L.get, L.row.
  cbn [L.elements L.contents L.history]. rewrite Hr, Hf, Hw. cbn [existsb L.nth_element L.set_nth].
  change (0 =? 0) with true. cbv iota. rewrite States.splice_whole by exact Hv.
  destruct (Sx.c_kind (Sx.component_of d o)); (reflexivity || contradiction).
Qed.

(* A trap, where none was taken since the last instruction, stores and loads what the description
   says. *)
Theorem pg32_swap_described n (s : state) t x : trap_area <= n -> x < word_limit -> words s ->
  exists s', L.deliver d n choices answer (inject s) t x = Some s' /\
             agree n (project s') (swap (code d t) x s).
Proof.
  intros Hn Hx W. unfold trap_area in Hn. unfold L.deliver.
  rewrite (States.low_small (Sx.d_information_width d)) by exact Hx.
  rewrite (States.low_small (Sx.d_cause_width d) (Sx.t_code _))
    by apply (code_small d pg32_variant).
  fold (code d t). set (c := code d t). clearbody c.
  unfold L.evaluate. change (Sx.d_deliver d) with pg32.deliver.
  cbn. rewrite N.eqb_refl. change (Values.is_true (Values.bit (0 =? 1))) with false.
  cbn [L.bind L.add_effect L.effects L.slots L.ends L.begin L.define L.empty Nat.eqb].
  rewrite !load_word by lia. rewrite status_bits.
  eexists. split; [reflexivity|].
  rewrite !commit_value. change (L.commit d n answer (inject s) []) with (inject s).
  rewrite !put_word by lia. unfold inject. cbn [L.elements L.contents L.history].
  assert (V : forall a, word (E s) a < 2 ^ 32) by (intro; apply word_lt).
  assert (Bit : forall a from, Values.slice from 1 a < 2 ^ 1)
    by (intros; rewrite slice_div; apply N.mod_lt; discriminate).
  repeat (erewrite put_scalar; [| reflexivity | reflexivity | reflexivity | exact I |
                                 solve [apply Bit | apply V | reflexivity]];
          cbn [L.set_row]).
  unfold swap. cbn zeta.
  rewrite !word_saved_outside by (unfold save_area; lia).
  split; [|repeat split].
  - intros a _. cbn [project L.contents E]. unfold save. cbn [clock pg32_machine PG32 architecture].
    repeat (apply scatter_word; intro); reflexivity.
  - change ((if Values.slice 0 1 (word (E s) 32) =? 0 then Supervisor else User) =
            status_mode (word (E s) 32)).
    rewrite slice_div. change (2 ^ 0) with 1. rewrite N.div_1_r. reflexivity.
  - change (word (E s) 36 mod word_limit = word (E s) 36). apply word_mod, word_lt.
  - change (word (E s) 40 mod word_limit = word (E s) 40). apply word_mod, word_lt.
  - change (word (E s) 44 mod word_limit = word (E s) 44). apply word_mod, word_lt.
  - change (negb (Values.slice 1 1 (word (E s) 32) =? 0) = status_enabled (word (E s) 32)).
    rewrite slice_div. reflexivity.
  - change (Timer (t_T (T s)) (t_pending (T s)) (t_ready (T s)) = T s). now destruct (T s).
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
