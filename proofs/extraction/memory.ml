(* SPDX-License-Identifier: MIT *)
(* Memory for the extracted monitor. In Coq it is a function that grows with each store; here the
   function that a step has made is read where the step may have changed it, and put into an array. *)
open BinNums

let rec int_of_positive = function
  | Coq_xH -> 1
  | Coq_xO p -> 2 * int_of_positive p
  | Coq_xI p -> (2 * int_of_positive p) + 1

let int_of_n = function N0 -> 0 | Npos p -> int_of_positive p

let rec positive_of_int n =
  if n = 1 then Coq_xH
  else if n land 1 = 1 then Coq_xI (positive_of_int (n lsr 1))
  else Coq_xO (positive_of_int (n lsr 1))

let n_of_int n = if n = 0 then N0 else Npos (positive_of_int n)

(* Where instructions have stored, in the addresses of whichever machine executed them. *)
let poked : int list ref = ref []

let poke m a v =
  poked := int_of_n a :: !poked;
  fun x -> if x = a then v else m x

let bytes = Array.init 256 n_of_int

type t = { cells : Bytes.t; start : int; size : int }

(* A memory of so many cells, in which a partition starts. *)
let make cells start size = { cells = Bytes.make cells '\000'; start; size }
let get m a = Char.code (Bytes.get m.cells a)

let read m a =
  let a = int_of_n a in
  if a < Bytes.length m.cells then bytes.(get m a) else N0

(* What a trap saves, and what was stored: in the machine's addresses, and in the guest's. *)
let candidates m =
  let saved = Stdlib.List.init 24 Fun.id in
  let inside = Stdlib.List.filter (fun a -> a < m.size) in
  saved @ !poked @ Stdlib.List.map (( + ) m.start) (inside saved @ inside !poked)

(* Takes in a function. With `all` each cell is looked at: the first that has changed and was no
   candidate. *)
let take m f all =
  let value a = (a, int_of_n (f (n_of_int a))) in
  let changed = Stdlib.List.rev_map value (Stdlib.List.filter (fun a -> a < Bytes.length m.cells) (candidates m)) in
  let missed =
    if not all then None
    else
      Stdlib.List.find_opt
        (fun (a, v) -> v <> get m a && not (Stdlib.List.mem_assoc a changed))
        (Stdlib.List.init (Bytes.length m.cells) value)
  in
  Stdlib.List.iter (fun (a, v) -> Bytes.set m.cells a (Char.chr v)) changed;
  poked := [];
  Option.map fst missed
