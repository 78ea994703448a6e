namespace CausalDebiasing.Bench.Running

open System

/// Where a defect happened.
module Defect =
    let rec private chain (defect: exn) =
        match defect.InnerException with
        | null -> [ defect ]
        | inner -> defect :: chain inner

    /// Types and stack traces of a defect and its causes; no messages, which may repeat values.
    let trace (defect: exn) =
        chain defect
        |> List.map (fun cause -> $"{cause.GetType().FullName}\n{cause.StackTrace}")
        |> String.concat "\n"
