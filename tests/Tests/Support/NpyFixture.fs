/// Arrays of NumPy, written here.
module CausalDebiasing.Tests.Support.NpyFixture

open System
open System.IO
open System.Text

/// Writes rows in the type ("<f2", "<f4" or "<f8") by version 1 of the format.
let write (path: string) (descr: string) (rows: float list list) =
    let header =
        $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({rows.Length}, {rows.Head.Length}), }}"

    let padded = header.PadRight(118 - 1) + "\n"

    let bytes (value: float) =
        match descr with
        | "<f2" -> BitConverter.GetBytes(Half.op_Explicit value: Half)
        | "<f4" -> BitConverter.GetBytes(float32 value)
        | _ -> BitConverter.GetBytes value

    File.WriteAllBytes(
        path,
        [|
            0x93uy
            yield! "NUMPY"B
            1uy
            0uy
            yield! BitConverter.GetBytes(uint16 padded.Length)
            yield! Encoding.ASCII.GetBytes padded
            for row in rows do
                for value in row do
                    yield! bytes value
        |]
    )
