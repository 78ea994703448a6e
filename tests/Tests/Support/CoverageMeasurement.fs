/// How often 95 % intervals over patients hold the truth.
module CausalDebiasing.Tests.Support.CoverageMeasurement

open CausalDebiasing.Bench.Measures
open CausalDebiasing.Runtime

let private kinds = [
    {
        ClusteredRisks.right with
            Slope = 1.5
            Intercept = 0.3
            Noise = 0.5
    }
    {
        ClusteredRisks.right with
            Slope = 1.5
            Intercept = 0.3
            Noise = 1.2
    }
]

let private threshold = 0.3

/// Each measure of two predictions of the same rows.
let private measures: (string * (JudgedRows -> JudgedRows -> Measured)) list = [
    "AUROC, DeLong", (fun first _ -> DeLong.auroc first)
    "AUROC, bootstrap", (fun first _ -> PatientBootstrap.auroc 400 (Seed 1UL) first)
    "AUROC difference, DeLong", DeLong.difference
    "AUROC difference, bootstrap",
    (fun first second ->
        let a, b = RankedRows.ofRows first, RankedRows.ofRows second

        let difference weights =
            RankedRows.auroc weights a - RankedRows.auroc weights b

        PatientBootstrap.values 400 (Seed 1UL) first.PatientCount difference
        |> PatientBootstrap.interval (difference (Array.create first.PatientCount 1)))
    "observed/expected", (fun first _ -> (Calibration.ofRows first).ObservedExpected)
    "calibration intercept", (fun first _ -> (Calibration.ofRows first).Intercept)
    "calibration slope", (fun first _ -> (Calibration.ofRows first).Slope)
    "net benefit at 0.3", (fun first _ -> (NetBenefit.at threshold first).Model)
    "net benefit difference at 0.3", NetBenefit.difference threshold
    "sensitivity at 0.3", (fun first _ -> (Classification.at threshold first).Sensitivity)
    "specificity at 0.3", (fun first _ -> (Classification.at threshold first).Specificity)
    "PPV at 0.3", (fun first _ -> (Classification.at threshold first).PositivePredictiveValue)
]

let private draw seed patients rowsEach =
    match ClusteredRisks.draw seed patients rowsEach 1. kinds with
    | [ first; second ] -> first, second
    | _ -> invalidOp "Two kinds make two predictions."

/// Of each measure the share of simulated data sets whose interval holds the truth, which is its value over a large population.
let shares dataSets patients rowsEach =
    let population = draw 1_000_000 200_000 1

    let truths =
        measures
        |> List.map (fun (name, measure) ->
            let cheap =
                if name.Contains "bootstrap" then
                    name.Replace("bootstrap", "DeLong")
                else
                    name

            name,
            measure,
            (measures |> List.find (fst >> (=) cheap) |> snd) (fst population) (snd population))

    let hits =
        Array.Parallel.init dataSets (fun number ->
            let first, second = draw (number + 1) patients rowsEach

            [
                for _, measure, truth in truths ->
                    let found = measure first second

                    if found.Low <= truth.Value && truth.Value <= found.High then
                        1
                    else
                        0
            ])

    truths
    |> List.mapi (fun i (name, _, _) ->
        name, float (hits |> Array.sumBy (fun own -> own[i])) / float dataSets)

/// Prints the shares.
let measure (dataSets: string) =
    for patients, rowsEach in [ 500, 1; 250, 3 ] do
        printfn $"{dataSets} data sets of {patients} patients with {rowsEach} rows each"

        for name, share in shares (int dataSets) patients rowsEach do
            printfn $"  %-30s{name} %.3f{share}"

    0
