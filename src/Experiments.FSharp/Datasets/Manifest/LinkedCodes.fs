namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Cohorts

/// Lists of codes of a linked table, one row per code.
module LinkedCodes =
    /// Different codes that a row keeps.
    let private mostCodes = 256

    /// A row keeps its first codes in the order of the table. Codes are numbered by alphabet. Raises InputException.
    let read where manifest (table: ManifestTable) path linked column name =
        let codes = table.Rows |> Array.map (fun _ -> List<string>())

        LinkedRows.iterate where manifest table path linked [ column ] (fun _ row cells ->
            match cells[0] with
            | null -> ()
            | code ->
                let code = CodeText.canonical code

                if codes[row].Count < mostCodes && not (codes[row].Contains code) then
                    codes[row].Add code)

        let vocabulary =
            CohortAssembly.distinctNames [|
                for row in codes do
                    yield! row
            |]

        let numbers = vocabulary |> Array.mapi (fun i code -> code, i + 1) |> dict
        let slots = codes |> Seq.map _.Count |> Seq.max |> max 1
        let values = Array.zeroCreate<float32>(codes.Length * slots)

        for row in 0 .. codes.Length - 1 do
            for slot in 0 .. codes[row].Count - 1 do
                values[row * slots + slot] <- float32 numbers[codes[row][slot]]

        {
            Modality = Modality.Codes(name, slots, max 1 vocabulary.Length)
            Values = values
            Observed = codes |> Array.map (fun codes -> codes.Count > 0)
            Implausible = 0
        }
