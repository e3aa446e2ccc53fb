(* SPDX-License-Identifier: MIT *)
(* Runs a guest under the extracted monitor, and compares with what the C monitor did, as
   tests/proofs/suite_monitored.c writes it: the state that the allocator installs whenever the guest
   runs on the host, every trap of the host, what went to devices, and the end. Exit status: 0 no
   difference, 1 the first difference is printed, 2 not such a text. *)
open Architecture
open Machine
open Monitor
module L = Stdlib.List

let number = Memory.int_of_n
let n = Memory.n_of_int

(* ---------------------------------------------------------------- the text *)

let broken what =
  Printf.eprintf "comonitor: error: standard input: %s\n" what;
  exit 2

let words () =
  match input_line stdin with
  | line -> Stdlib.String.split_on_char ' ' line
  | exception End_of_file -> broken "it ends too early"

let int_of text =
  match int_of_string_opt text with Some v -> v | None -> broken ("no number: " ^ text)

let line name = match words () with
  | first :: rest when first = name -> rest
  | first :: _ -> broken ("not " ^ name ^ ": " ^ first)
  | [] -> broken ("nothing, not " ^ name)

let numbers name = L.map int_of (line name)

let hex name size =
  match line name with
  | [ text ] when Stdlib.String.length text = 2 * size ->
      L.init size (fun k -> int_of ("0x" ^ Stdlib.String.sub text (2 * k) 2))
  | _ -> broken (name ^ " of another size")

(* The records up to "end": by kind, in order. *)
let rec records entered trapped ported =
  match words () with
  | "enter" :: rest -> records (L.map int_of rest :: entered) trapped ported
  | "trap" :: rest -> records entered (L.map int_of rest :: trapped) ported
  | "port" :: rest -> records entered trapped (L.map int_of rest :: ported)
  | [ "end" ] -> (L.rev entered, L.rev trapped, L.rev ported)
  | other -> broken ("no record: " ^ Stdlib.String.concat " " other)

(* ---------------------------------------------------------------- comparing *)

let steps = ref 0
let show l = Stdlib.String.concat " " (L.map (Printf.sprintf "%#x") l)

let differ what theirs mine =
  Printf.printf "difference after %d steps: %s\n  C:   %s\n  Coq: %s\n" !steps what (show theirs)
    (show mine);
  exit 1

let same what theirs mine = if theirs <> mine then differ what theirs mine

(* Takes the next of what C did. *)
let next what left mine =
  match !left with
  | [] -> differ (what ^ ", of which C had no more") [] mine
  | theirs :: rest ->
      left := rest;
      same what theirs mine

let bit b = if b then 1 else 0
let registers s : int list = L.map number (Obj.magic s.regs : BinNums.coq_N list)
let timer s : Instance.timer = Obj.magic s.coq_T

let processor s =
  [ number s.coq_P; number s.base; number s.bound; bit s.coq_IE;
    number (timer s).t_T; number (timer s).t_pending ]
  @ registers s

let saved m a = Stdlib.List.fold_right (fun k v -> (v * 256) + Memory.get m (a + k)) [ 0; 1; 2; 3 ] 0

let event_text = function
  | Returned | Waited | Trapped _ -> [ 0; 0; 0 ]
  | Halted code -> [ 1; number code; 0 ]
  | CheckStop (c, x) -> [ 2; number c; number x ]
  | Idle -> [ 3; 0; 0 ]

let () =
  let q, k, w, hybrid, entry =
    match numbers "guest" with
    | [ q; k; w; hybrid; entry ] -> (q, k, w, hybrid = 1, entry)
    | _ -> broken "a guest has five numbers"
  in
  let image = hex "memory" w in
  let entered, trapped, ported = records [] [] [] in
  let last = numbers "last" in
  let final = numbers "state" in
  let final_memory = hex "memory" w in
  let limit = L.hd final in
  let reads =
    L.filter_map (function [ 0; _; v ] -> Some (n v) | _ -> None) ported |> Array.of_list
  in
  (* The k-th read from a device gives what it gave there. *)
  let answer history _ _ =
    let k = L.length (L.filter (function Semantics.Got _ -> true | _ -> false) history) in
    if k < Array.length reads then reads.(k) else BinNums.N0
  in
  let choices _ = BinNums.N0 in
  let a = Monitored.machine choices answer in
  let plan = Monitored.the_plan choices answer hybrid in
  let host = FunctorProof.bare a (n q) in
  let place = { q = n q; k = n k; w = n w } in
  let memory = Memory.make q k w in
  L.iteri (fun i v -> Bytes.set memory.cells (k + i) (Char.chr v)) image;
  let state m p bound e : (general, lent, kept) state_of =
    {
      coq_E = e; coq_M = m; coq_P = p; base = BinNums.N0; bound;
      regs = Obj.magic (L.init 32 (fun _ -> BinNums.N0));
      coq_IE = false;
      coq_T = Obj.magic { Instance.t_T = BinNums.N0; t_pending = BinNums.N0; t_ready = BinNums.N0 };
      coq_D = Obj.magic ([] : Semantics.event list);
    }
  in
  let config s = { cpu = s; entered = false; count = BinNums.N0 } in
  let boot = config (state Supervisor (n entry) (n w) (fun x -> Memory.read memory (n (k + number x)))) in
  let bare_host = config (state Supervisor BinNums.N0 (n q) (Memory.read memory)) in
  let host_of (x : Machine.carrier) = host.get x in
  (* The step's memory goes to the array, and the host reads that. *)
  let flat all (r, x) =
    let c = host_of x in
    (match Memory.take memory c.cpu.coq_E all with
    | Some a -> Printf.eprintf "comonitor: error: cell %#x has changed unseen\n" a; exit 3
    | None -> ());
    (r, host.set { c with cpu = { c.cpu with coq_E = Memory.read memory } } x)
  in
  let entered = ref entered and trapped = ref trapped in
  let rec go fresh y =
    let r, x = y in
    let direct = plan.direct r.vM in
    let virtual_ = guest_of a place host y in
    if number virtual_.count >= limit && last = [ 0; 0; 0 ] then (Returned, y)
    else begin
      (* An interrupt that is due before the host runs: the C monitor reflects it and saves the
         host's trap, in which the model finds it. *)
      let due = fresh && due_now a virtual_ <> None in
      if direct && fresh && not due then next "what the allocator installs" entered (processor (host_of x).cpu);
      incr steps;
      let activity, (e, y) = monitor_step a place plan host y in
      let y = flat (!steps mod 2000 = 0) y in
      if activity = Handled && not due then begin
        let status = saved memory 0 in
        next "a trap of the host" trapped
          [ status / 256; saved memory 16; saved memory 4; saved memory 8; saved memory 12;
            saved memory 20; number (host_of (snd y)).count ]
      end;
      match e with
      | Halted _ | CheckStop _ | Idle -> (e, y)
      | _ -> go (activity <> Direct) y
    end
  in
  let e, y = go true (flat true (start a place host boot (Obj.magic bare_host))) in
  let g = guest_of a place host y in
  same "how it ends" last (event_text e);
  same "the state at the end" final
    ([ number g.count; bit g.entered; (match g.cpu.coq_M with Supervisor -> 0 | User -> 1) ]
    @ processor g.cpu);
  if !entered <> [] then differ "what the allocator installs, of which Coq has no more" (L.hd !entered) [];
  if !trapped <> [] then differ "a trap of the host, of which Coq has no more" (L.hd !trapped) [];
  L.iteri
    (fun i v ->
      let mine = number (g.cpu.coq_E (n i)) in
      if v <> mine then differ (Printf.sprintf "cell %#x" i) [ v ] [ mine ])
    final_memory;
  let history : Semantics.event list = Obj.magic g.cpu.coq_D in
  L.iter2
    (fun theirs mine ->
      same "a device" theirs
        (match mine with
        | Semantics.Got (_, i, v) -> [ 0; number i; number v ]
        | Semantics.Put (_, i, v) -> [ 1; number i; number v ]))
    ported
    (if L.length history = L.length ported then L.rev history
     else differ "uses of devices" [ L.length ported ] [ L.length history ])
