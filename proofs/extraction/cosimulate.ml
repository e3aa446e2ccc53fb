(* SPDX-License-Identifier: MIT *)
(* Repeats on the extracted evaluator what a trace says that the C evaluator did, in the format of
   tests/proofs/trace.h, and compares after each operation: outcome, registers, what went to devices,
   and the cells that either of them wrote. Exit status: 0 no difference, 1 the first difference is
   printed, 2 not a trace. *)
open BinNums
open Syntax
open Semantics
module L = Stdlib.List

let machine = Machine.machine

(* ---------------------------------------------------------------- numbers *)

let rec positive_of_int64 n =
  let rest = Int64.shift_right_logical n 1 in
  let odd = Int64.logand n 1L = 1L in
  if rest = 0L then Coq_xH
  else if odd then Coq_xI (positive_of_int64 rest)
  else Coq_xO (positive_of_int64 rest)

let n_of_int64 n = if n = 0L then N0 else Npos (positive_of_int64 n)

let rec int64_of_positive = function
  | Coq_xH -> 1L
  | Coq_xO p -> Int64.shift_left (int64_of_positive p) 1
  | Coq_xI p -> Int64.logor (Int64.shift_left (int64_of_positive p) 1) 1L

let int64_of_n = function N0 -> 0L | Npos p -> int64_of_positive p
let rec nat_of_int k = if k = 0 then Datatypes.O else Datatypes.S (nat_of_int (k - 1))
let rec int_of_nat = function Datatypes.O -> 0 | Datatypes.S k -> 1 + int_of_nat k

(* ---------------------------------------------------------------- the trace *)

let broken what =
  Printf.eprintf "cosimulate: error: standard input is no trace: %s\n" what;
  exit 2

let bytes = Stdlib.Bytes.create 8
let at_end = ref false

let read () =
  match really_input stdin bytes 0 8 with
  | () -> Stdlib.Bytes.get_int64_le bytes 0
  | exception End_of_file -> broken "it ends too early"

(* The first number of a record; None at the end. *)
let read_first () =
  match really_input stdin bytes 0 8 with
  | () -> Some (Stdlib.Bytes.get_int64_le bytes 0)
  | exception End_of_file -> None

let read_int () = Int64.to_int (read ())

let read_list n f =
  if n < 0 || n > 1_000_000 then broken "a list's length is out of range";
  L.init n (fun _ -> f ())

let stored x = match x.c_kind with Memory | Device -> false | _ -> true
let count x = int64_of_n x.c_count |> Int64.to_int
let components = machine.d_components
let elements_n = L.fold_left (fun n x -> if stored x then n + count x else n) 0 components

let signals =
  L.concat
    (L.mapi
       (fun c x -> if x.c_kind = Signal then L.init (count x) (fun i -> (c, i)) else [])
       components)

(* ---------------------------------------------------------------- telling *)

let operations = ref 0
let performed = ref 0
let names = [| "reset"; "step"; "delivery of a trap"; "tick"; "wake"; "completion"; "placing" |]

let register k =
  let rec find k = function
    | [] -> "?"
    | x :: rest when stored x ->
        if k < count x then
          if x.c_count = Npos Coq_xH then x.c_name else Printf.sprintf "%s[%d]" x.c_name k
        else find (k - count x) rest
    | _ :: rest -> find k rest
  in
  find k components

let outcome_text (o, a, b) =
  match o with
  | 0 -> if a = 0L then "goes on" else "goes on (wakes)"
  | 1 -> Printf.sprintf "trap %Ld, information 0x%Lx" a b
  | 2 -> Printf.sprintf "stop, code 0x%Lx" a
  | 3 -> "wait"
  | _ -> "check stop"

let event_text (kind, c, i, v) =
  Printf.sprintf "%s %Ld[0x%Lx]: 0x%Lx" (if kind = 0 then "read" else "write") c i v

let instruction_text size s =
  match fetch machine size (fun _ -> N0) s with
  | Ok (i, w) -> Printf.sprintf "%s (0x%Lx)" i.i_name (int64_of_n w)
  | Bad _ -> "no instruction"

(* ---------------------------------------------------------------- operations *)

let rec flatten l = match l with [] -> [] | row :: rest -> row @ flatten rest

let differ s size operation lines =
  Printf.printf "difference after operation %d (%s), instructions executed: %d\n" !operations
    names.(operation) !performed;
  Printf.printf "  counter 0x%Lx: %s\n" (int64_of_n (counter machine s)) (instruction_text size s);
  L.iter (fun l -> print_string ("  " ^ l ^ "\n")) lines;
  exit 1

let () =
  set_binary_mode_in stdin true;
  if read () <> 0x31737274L then broken "it begins otherwise";
  let size_int = read_int () in
  let size = n_of_int64 (Int64.of_int size_int) in
  let _entry = read () in
  let memory = ref blank in
  for a = 0 to size_int - 1 do
    let v = read () in
    if v <> 0L then memory := poke !memory (n_of_int64 (Int64.of_int a)) (n_of_int64 v)
  done;
  let choice = n_of_int64 (read ()) in
  let choices _ = choice in
  let state = ref { elements = []; contents = !memory; history = [] } in
  let waiting = ref None in
  let rec loop () =
    match read_first () with
    | None -> ()
    | Some operation ->
        let operation = Int64.to_int operation in
        if operation < 0 || operation > 6 then broken "there is no such operation";
        let a = read () in
        let b = read () in
        let levels = read_list (L.length signals) read in
        let events =
          read_list (read_int ()) (fun () ->
              let kind = read_int () in
              let c = read () in
              let i = read () in
              let v = read () in
              (kind, c, i, v))
        in
        let answers =
          ref (L.filter_map (fun (kind, _, _, v) -> if kind = 0 then Some v else None) events)
        in
        let answer _ _ _ =
          match !answers with
          | [] -> N0
          | v :: rest ->
              answers := rest;
              n_of_int64 v
        in
        let expected =
          let o = read_int () in
          let x = read () in
          let y = read () in
          (o, x, y)
        in
        let writes =
          read_list (read_int ()) (fun () ->
              let a = read_int () in
              let v = read () in
              (a, v))
        in
        let registers = read_list elements_n read in
        (* Signals are set, and the operation performed. *)
        let before =
          L.fold_left2
            (fun s (c, i) v ->
              set machine s (nat_of_int c) (n_of_int64 (Int64.of_int i)) (n_of_int64 v))
            !state signals levels
        in
        let before = { before with history = [] } in
        Persistent.poked := [];
        let trap t x = (1, Int64.of_int (int_of_nat t), int64_of_n x) in
        let next = (0, 0L, 0L) in
        let got, after =
          match operation with
          | 0 -> (next, reset machine size choices answer before (n_of_int64 a))
          | 1 -> (
              match due machine size choices before with
              | Some n ->
                  (trap n.n_trap N0, acknowledge machine size choices answer before n)
              | None -> (
                  incr performed;
                  match execute machine size choices answer before with
                  | Next s -> (next, s)
                  | Traps (t, x) -> (trap t x, before)
                  | Stops (s, code) -> ((2, int64_of_n code, 0L), s)
                  | Waits s ->
                      (match fetch machine size choices before with
                      | Ok (i, _) -> waiting := Some i
                      | Bad _ -> ());
                      ((3, 0L, 0L), s)
                  | Sticks -> ((4, 0L, 0L), before)))
          | 2 -> (
              match
                deliver machine size choices answer before (nat_of_int (Int64.to_int a))
                  (n_of_int64 b)
              with
              | Some s -> (next, s)
              | None -> ((4, 0L, 0L), before))
          | 3 -> (next, ticked machine size choices answer before)
          | 4 -> ((0, (if wakes machine size choices before then 1L else 0L), 0L), before)
          | 6 -> (next, set machine before machine.d_counter N0 (n_of_int64 a))
          | _ -> (
              match !waiting with
              | Some i -> (next, complete machine size choices answer before i [])
              | None -> broken "nothing waits")
        in
        (* Everything that can be seen. *)
        let lines = ref [] in
        let say line = lines := line :: !lines in
        if got <> expected then
          say
            (Printf.sprintf "outcome: C %s, Coq %s" (outcome_text expected) (outcome_text got));
        let mine = L.map int64_of_n (flatten after.elements) in
        if L.length mine <> elements_n then say "the state has another shape"
        else
          L.iteri
            (fun k (x, y) ->
              if x <> y then say (Printf.sprintf "%s: C 0x%Lx, Coq 0x%Lx" (register k) x y))
            (L.combine registers mine);
        let my_events =
          L.rev_map
            (function
              | Got (c, i, v) -> (0, Int64.of_int (int_of_nat c), int64_of_n i, int64_of_n v)
              | Put (c, i, v) -> (1, Int64.of_int (int_of_nat c), int64_of_n i, int64_of_n v))
            after.history
        in
        if my_events <> events then begin
          L.iter (fun e -> say ("devices, C: " ^ event_text e)) events;
          L.iter (fun e -> say ("devices, Coq: " ^ event_text e)) my_events
        end;
        (* Equal before, so equal after where the cells that either wrote are. *)
        let theirs = L.sort_uniq compare (L.map fst writes) in
        let cells = L.sort_uniq compare (theirs @ !Persistent.poked) in
        L.iter
          (fun a ->
            let key = n_of_int64 (Int64.of_int a) in
            let mine = int64_of_n (peek after.contents key) in
            let c =
              match L.assoc_opt a writes with
              | Some v -> v
              | None -> int64_of_n (peek before.contents key)
            in
            if mine <> c then say (Printf.sprintf "memory 0x%x: C 0x%Lx, Coq 0x%Lx" a c mine))
          cells;
        if !lines <> [] then differ before size operation (L.rev !lines);
        incr operations;
        state := after;
        loop ()
  in
  loop ();
  Printf.printf "%d operations, %d instructions, no difference\n" !operations !performed
