(* SPDX-License-Identifier: MIT *)
(* The toy at work: a guest under a monitor and under monitors on monitors, computed; what the paper
   says of JRST 1; and that no law of the class of architectures is idle. *)

From Trapeze Require Export HolesProof TowerProof InstanceProof.

(* ---------------------------------------------------------------- a guest *)

(* Memory from a list of words, from address a on. *)
Fixpoint image (a : N) (code : list N) : N -> N :=
  match code with
  | [] => fun _ => 0
  | x :: rest => store (image (a + 4) rest) a x
  end.

Definition instruction_word (op operand : N) : N := 256 * operand + op.

(* The new PSW at 0x20 has P = 80, R = (0, 128); a program at 48; what handles its call at 80. *)
Definition program : N -> N :=
  image 36 [ 80; 0; 128;
             instruction_word 0 7;        (* 48: acc := 7 *)
             instruction_word 9 0;        (* 52: out, privileged *)
             instruction_word 2 100;      (* 56: store at 100 *)
             instruction_word 4 0;        (* 60: call *)
             0; 0; 0; 0;
             instruction_word 1 100;      (* 80: load from 100 *)
             instruction_word 10 0 ].     (* 84: halt with it, privileged *)

#[local] Instance plain_toy : Architecture := toy Plain.

Definition boot : config :=
  Config (State program Supervisor 48 0 128 0 false (0, false) 0 : state) false 0.
Definition hardware_0 : @config (toy Plain) :=
  Config (State (fun _ => 0) Supervisor 0 0 256 0 false (0, false) 0 : state) false 0.

Definition told : list event :=
  [Returned; Returned; Returned; Trapped 3 0; Returned; Halted 7].

Example on_the_bare_machine : fst (run (step 128) 9 boot) = told.
Proof. vm_compute. reflexivity. Qed.

(* Six steps: three are the host's, one virtual trap is reflected, two instructions are emulated. *)
Example under_a_monitor :
  let p := toy_plan Plain always in
  let y := start small (bare 256) boot hardware_0 in
  let l := log small p (bare 256) 9 y in
  fst (run (monitored small p (bare 256)) 9 y) = told /\
  number (fun t => negb (handler_call t)) l = 3%nat /\
  number virtual_trap l = 1%nat /\ number (emulated toy_emulates) l = 2%nat /\
  number handler_call l = 3%nat /\
  fst (run (monitored small p (bare 256)) 9 (start small (bare 256) boot hardware_0)) =
  fst (run (step 128) 9 boot).
Proof. vm_compute. repeat split. Qed.

(* ---------------------------------------------------------------- a tower *)

Theorem toy_everywhere k w : trap_area <= k -> trap_area <= w ->
  @everywhere (toy Plain) (toy_plan Plain always) k w.
Proof.
  intros K W n q B L. apply toy_admitted. repeat split; simpl; auto.
  rewrite (@size_is k w n). lia.
Qed.

(* The same guest, two monitors deep: 2 * 64 + 128 bytes. *)
Definition two_deep : machine 128.
Proof.
  refine (depth (toy_plan Plain always) 64 128 (toy_everywhere 64 128 _ _) 1 256 _ _ (bare 256));
    vm_compute; discriminate.
Defined.

Definition two_deep_started : carrier two_deep :=
  let outer := start (Place 256 64 192) (bare 256) hardware_0 hardware_0 in
  set two_deep boot (fst outer, outer).

Example under_two_monitors : fst (run (run1 two_deep) 9 two_deep_started) = told.
Proof. vm_compute. reflexivity. Qed.

Theorem touch_c_nowhere :
  ~ @everywhere (tiny TouchC) (@emulate_all (tiny TouchC) always) 64 128.
Proof.
  intro Ev. destruct (Ev 0%nat 256) as (_&_&Ex&_); try discriminate.
  apply (touch_c_not_exact always eq_refl). apply Ex.
Qed.

(* ---------------------------------------------------------------- JRST 1 *)

(* In the paper's words: control-sensitive, not privileged, and not user-sensitive. *)
Theorem jrst1_literally :
  let i := toy_decode 12 in
  (forall rd n, @control_sensitive (toy Jrst1) rd n i) /\
  (forall n, ~ @privileged (toy Jrst1) n i) /\
  (forall rd n, ~ @user_sensitive (toy Jrst1) rd n i).
Proof.
  pose (s := State (fun _ : N => 0) Supervisor 0 0 0 0 false (0, false) 0 : @state_of N _ N).
  split; [|split].
  - intros rd n. exists s. left. eexists. split; [reflexivity|]. left. discriminate.
  - intros n Pr. destruct (Pr s) as [(c & x & H) _];
      try (intros [a Ha]; discriminate Ha). discriminate H.
  - intros rd n [(t & U & [(s' & H & [C|C])|[[z H]|H]])|
                 (s1 & s2 & U1 & U2 & Mv & s1' & s2' & H1 & H2 & Df)].
    + injection H as <-. apply C. exact U.
    + injection H as <-. now apply C.
    + discriminate H.
    + discriminate H.
    + injection H1 as <-. injection H2 as <-. destruct Mv as (_&W&_&Rg&_). apply Df. simpl in *.
      rewrite Rg. now repeat split.
Qed.

(* ---------------------------------------------------------------- the laws of the class *)

(* An instruction that reads beyond the end of memory. *)
Theorem locality_can_fail : exists (f : N -> tiny_state -> outcome tiny_state) n s s',
  agree n s s' /\ ~ agree_outcome n (f n s) (f n s').
Proof.
  exists (fun n s => MemTrap (E s n)), 8.
  exists (State (fun _ => 0) User 0 0 0 0 false 0 0).
  exists (State (fun a => a / 8) User 0 0 0 0 false 0 0).
  split.
  - repeat split. simpl. intros a H. symmetry. now apply N.div_small.
  - intro H. discriminate H.
Qed.

(* An instruction that jumps to where no word can point. *)
Theorem words_can_fail : exists (f : N -> tiny_state -> outcome tiny_state) n s,
  words s /\ match f n s with Next s' => ~ words s' | _ => False end.
Proof.
  exists (fun _ s => Next (State (E s) (M s) word_limit 0 0 (regs s) (IE s) (T s) (D s))).
  exists 8, (State (fun _ => 0) User 0 0 0 0 false 0 0). split; [repeat split|].
  intros [H _]. discriminate H.
Qed.

(* An instruction that raises the timer's cause. *)
Theorem interrupts_can_be_raised : exists (f : N -> tiny_state -> outcome tiny_state) n s,
  match f n s with Trap c _ => @interrupt (toy Plain) c = true | _ => False end.
Proof.
  exists (fun _ _ => Trap 5 0), 8, (State (fun _ => 0) User 0 0 0 0 false 0 0). reflexivity.
Qed.

(* ---------------------------------------------------------------- PG32 *)

(* A guest of PG32's, of three instructions: the first is the host's own step, the call is reflected
   to 64, and the privileged one there is emulated. *)
Example pg32_under_a_monitor :
  let A := PG32 L.empty (fun _ _ _ => 0) in
  let blank (_ : N) := 0 in
  let code := image 32 [ 0; 64; 0; 128;
                         0x00708093;       (* 48: addi x1, x1, 7 *)
                         0x00000073;       (* 52: ecall *)
                         0; 0;
                         0x0010f00b ] in   (* 64: halt x1 *)
  let guest := @Config A (State code User 48 0 128 (repeat 0 32) false (Timer 0 0 0) []) false 0 in
  let hardware :=
    @Config A (State blank Supervisor 0 0 256 (repeat 0 32) false (Timer 0 0 0) []) false 0 in
  let y := start small (bare 256) guest hardware in
  let p := derived_plan always in
  fst (run (monitored small p (bare 256)) 9 y) = [Returned; Trapped 3 0; Halted 7] /\
  map did (log small p (bare 256) 9 y) = [Direct; Handled; Handled] /\
  fst (run (step 128) 9 guest) = [Returned; Trapped 3 0; Halted 7].
Proof. vm_compute. repeat split. Qed.
