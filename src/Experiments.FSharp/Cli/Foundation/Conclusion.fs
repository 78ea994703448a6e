/// What is written and shown once cells are finished.
module CausalDebiasing.Bench.Cli.Conclusion

open System.IO
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

let private showTable results (report: string) =
    printf $"{Publish.console results}"
    printfn $"Report: {Path.GetFullPath report}"

/// Writes tables, claims, figures and the report of a run into its folder, and shows the short table and where
/// the report is. `access` is for the cards of recorded data.
let write access folder (results: (string * CellResult) list) =
    let environment =
        ("Profile", (PlanFile.read folder).Profile) :: RunEnvironment.describe folder

    Publish.all folder results environment (RecordedData.ofResults access results)
    |> showTable results

/// Shows the short table of a run whose report is there.
let show folder (results: (string * CellResult) list) =
    showTable results (Path.Combine(folder, Publish.report))
