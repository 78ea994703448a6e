/// Texts that are damaged at random, always in the same way.
module CausalDebiasing.Tests.Support.Mutations

open System

let private pieces = [|
    "\""
    "{"
    "}"
    "["
    "]"
    ":"
    ","
    ";"
    "\n"
    "\r"
    "\t"
    "\000"
    "\\u0000"
    "null"
    "true"
    "-1"
    "1e999"
    "NaN"
    "99999999999999999999"
    "0x1"
    ""
    " "
    "../"
    "'"
    "--"
    "%"
    "é"
    "\ud800"
|]

let private one (random: Random) (text: string) =
    let at = random.Next(text.Length + 1)
    let count = random.Next(min 12 (text.Length - at + 1))
    let piece = random.GetItems(pieces, 1)[0]

    match random.Next 5 with
    | 0 -> text.Insert(at, piece)
    | 1 -> text.Remove(at, count)
    | 2 -> text.Remove(at, count).Insert(at, piece)
    | 3 -> text.Insert(random.Next(text.Length + 1), text.Substring(at, count))
    | _ -> text.Substring(0, at)

/// Versions of a text with one to four changes each.
let ofText seed count (text: string) = [
    let random = Random seed

    for _ in 1..count do
        Seq.fold (fun text _ -> one random text) text [ 0 .. random.Next 4 ]
]
