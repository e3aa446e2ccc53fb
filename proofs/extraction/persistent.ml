(* SPDX-License-Identifier: MIT *)
(* Memory for the extracted evaluator: a map from addresses to cells, where Coq has a function. *)
open BinNums
module Cells = Map.Make (Int)

type t = coq_N Cells.t

(* The addresses that were poked since this was last emptied: who compares memories looks there. *)
let poked : int list ref = ref []

let rec int_of_positive = function
  | Coq_xH -> 1
  | Coq_xO p -> 2 * int_of_positive p
  | Coq_xI p -> (2 * int_of_positive p) + 1

let int_of_n = function N0 -> 0 | Npos p -> int_of_positive p
let blank : t = Cells.empty

let peek (m : t) a =
  match Cells.find_opt (int_of_n a) m with Some v -> v | None -> N0

let poke (m : t) a v : t =
  let a = int_of_n a in
  poked := a :: !poked;
  Cells.add a v m
