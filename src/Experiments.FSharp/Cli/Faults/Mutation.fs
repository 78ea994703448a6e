/// Contents of files that are damaged at random.
module CausalDebiasing.Bench.Cli.Faults.Mutation

open System
open System.IO

/// What confuses parsers of JSON, delimited text, numbers and paths.
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
    "=1+1"
    "<b>"
    "é"
    "\ud800"
|]

let private several (random: Random) change content =
    Seq.fold (fun content _ -> change content) content [ 0 .. random.Next 4 ]

let private changeText (random: Random) (text: string) =
    let at = random.Next(text.Length + 1)
    let count = random.Next(min 12 (text.Length - at + 1))

    match random.Next 5 with
    | 0 -> text.Insert(at, random.GetItems(pieces, 1)[0])
    | 1 -> text.Remove(at, count)
    | 2 -> text.Remove(at, count).Insert(at, random.GetItems(pieces, 1)[0])
    | 3 -> text.Insert(random.Next(text.Length + 1), text.Substring(at, count))
    | _ -> text.Substring(0, at)

/// The text with one to four changes.
let text random (whole: string) =
    several random (changeText random) whole

/// The bytes with one bit flipped.
let flipBit (random: Random) (whole: byte[]) =
    let flipped = Array.copy whole
    let at = random.Next whole.Length
    flipped[at] <- flipped[at] ^^^ (1uy <<< random.Next 8)
    flipped

let private changeBytes (random: Random) (bytes: byte[]) =
    if bytes.Length = 0 then
        bytes
    else
        let at = random.Next bytes.Length
        let count = random.Next(1, min 12 (bytes.Length - at) + 1)

        match random.Next 5 with
        | 0 -> flipBit random bytes
        | 1 -> Array.removeManyAt at count bytes
        | 2 -> Array.insertManyAt at [| for _ in 1..count -> byte (random.Next 256) |] bytes
        | 3 ->
            let filled = Array.copy bytes
            Array.fill filled at count (if random.Next 2 = 0 then 0uy else 255uy)
            filled
        | _ -> Array.truncate at bytes

/// The bytes with one to four changes.
let bytes random (whole: byte[]) =
    several random (changeBytes random) whole

/// Damages a file of text.
let textFile (random: Random) (file: string) =
    if random.Next 10 = 0 then
        File.WriteAllBytes(file, bytes random (File.ReadAllBytes file))
    else
        File.WriteAllText(file, text random (File.ReadAllText file))

/// Other bytes than those of the file.
let rec private otherBytes random whole =
    let damaged = bytes random whole
    if damaged = whole then otherBytes random whole else damaged

/// Damages a file of bytes.
let binaryFile (random: Random) (file: string) =
    File.WriteAllBytes(file, otherBytes random (File.ReadAllBytes file))
