namespace CausalDebiasing.Bench.Cli.Faults

open System

/// What all cases are tried with.
type Setting = {
    /// For files of all trials.
    Scratch: string
    /// The manifest of the small table.
    Manifest: string
    /// A folder in which the grid was run undisturbed.
    Finished: string
    /// Seconds that took.
    Seconds: float
    /// Workers of a run.
    Jobs: int
    Random: Random
}

/// Something that is done to a run, and what must hold then.
type Case = {
    Name: string
    /// Trials in the short form; 0 leaves the case out.
    Short: int
    /// Trials otherwise.
    Whole: int
    /// Why it cannot be tried here, if it cannot.
    Obstacle: unit -> string option
    /// Tries it in an empty folder; gives what did not hold, None where all did.
    Try: Setting -> string -> string option
}

module Case =
    /// A case that can be tried everywhere.
    let create name short whole attempt = {
        Name = name
        Short = short
        Whole = whole
        Obstacle = fun () -> None
        Try = attempt
    }

    /// The first thing that did not hold.
    let first (checks: (unit -> string option) list) =
        checks |> List.tryPick (fun check -> check ())

    /// What did not hold, where it did not.
    let require holds (otherwise: string) = if holds then None else Some otherwise
