namespace CausalDebiasing.Bench.Running

open System
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning

/// What coordinator and worker say to each other: one line of JSON each way per cell.
module WorkerProtocol =
    /// Starts every line that is meant for the coordinator; native libraries write to the same stream.
    let private marker = "@causal-debias "

    /// The line by which a worker says that it can be given cells.
    let ready = marker + "ready"

    /// A result as text to write; it starts a line of its own whatever was written before it.
    let reply (result: CellResult) =
        Environment.NewLine + marker + Json.write result

    /// What a line says to the coordinator, without the marker; None for other output.
    let payload (line: string) =
        if line.StartsWith(marker, StringComparison.Ordinal) then
            Some(line.Substring marker.Length)
        else
            None
