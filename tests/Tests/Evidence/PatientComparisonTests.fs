module CausalDebiasing.Tests.Evidence.PatientComparisonTests

open System
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Tests.Support

let private site name seed : DataSpec = {
    SyntheticResults.physionet seed with
        Dataset = $"heart-uci@site:{name}"
}

let private cells data condition = [
    for baseline in [ "mt"; "logistic" ] do
        for variant in [ Variant.plain; Variant.recommended ] ->
            SyntheticResults.cell data baseline variant condition (if baseline = "mt" then 0.8 else 0.7)
]

let private observations results =
    Observation.ofResults [ for result in results -> "test", result ]

/// Two rows of each of 60 patients, whose outcomes the first half of the predictions ranks better.
let private predictions (result: CellResult) condition : TestPredictions =
    let isBetter = result.Cell.Variant = Variant.recommended

    {
        Condition = condition
        Patients = Array.init 120 (fun row -> int64 (row / 2))
        Probabilities =
            Array.init 120 (fun row ->
                let right = 0.2f + 0.5f * float32 (row % 2)
                if isBetter || row % 3 > 0 then right else 0.4f)
        BeforeRecalibration = None
        Outcomes = Array.init 120 (fun row -> float32 (row % 2))
        Sites = Array.init 120 (fun row -> if row < 60 then "a" else "b")
        Patterns = Array.create 120 "vitals+labs"
    }

let private noGroups _ _ = []

/// Replicates of heart disease with seeds 1 and 2, planned and with their predictions.
let private twoSeeds change =
    let results = [
        for seed in 1..2 do
            yield! cells (SyntheticResults.physionet seed) "id"
    ]

    (PatientComparison.plan (observations results) |> fst).Head,
    readOnlyDict [
        for result in results -> result.CellId, [ change result (predictions result "id") ]
    ],
    results

[<Tests>]
let tests =
    testList "patient comparison" [
        testCase
            "sites that are left out in turn are replicates of one comparison, the best plain baseline first"
        <| fun () ->
            let results =
                [ "va"; "cleveland" ]
                |> List.collect (fun name -> cells (site name 1) $"site:{name}")

            let planned, leftOut = PatientComparison.plan (observations results)
            Expect.equal leftOut 0 "nothing is left out"
            Expect.equal (planned |> List.map _.Baseline) [ "mt"; "logistic" ] "baselines"
            Expect.allEqual (planned |> List.map _.Condition) "site left out" "test"
            Expect.allEqual (planned |> List.map _.Replicates.Length) 2 "replicates"

        testCase
            "of several settings one is taken, on the do test, and a cell without its partner is no replicate"
        <| fun () ->
            let at kappa seed =
                cells (SyntheticResults.world "acquisition" kappa 0.5 seed) "do"

            let results = at 0.3 1 @ at 0.7 1 @ at 0.7 2 @ [ (at 0.7 3).Head ]
            let planned, _ = PatientComparison.plan (observations results)
            Expect.allEqual (planned |> List.map _.Data.Confounding) 0.7 "the one with more replicates"
            Expect.allEqual (planned |> List.map _.Replicates.Length) 2 "pairs"

        testCase "patients of recorded data are the same in every replicate, those of worlds are others"
        <| fun () ->
            let count data condition =
                let results = [
                    for seed in 1..2 do
                        yield! cells (data seed) condition
                ]

                let planned = (PatientComparison.plan (observations results) |> fst).Head

                let kept =
                    readOnlyDict [ for result in results -> result.CellId, [ predictions result condition ] ]

                (PatientComparison.tryMake kept noGroups planned).Value

            let recorded = count SyntheticResults.physionet "id"
            Expect.equal recorded.Plain.PatientCount 60 "recorded"
            Expect.equal recorded.Plain.Outcomes.Length 240 "rows of both"
            let drawn = count (SyntheticResults.world "acquisition" 0.7 0.5) "do"
            Expect.equal drawn.Plain.PatientCount 120 "drawn"

            let found = PatientFindings.ofComparison recorded
            Expect.isGreaterThan found.Gain.Value 0. "gain"
            Expect.floatClose Accuracy.high found.GainByDeLong.Value found.Gain.Value "both ways"

            let width (measured: Measured) = measured.High - measured.Low
            let ratio = width found.Gain / width found.GainByDeLong
            Expect.isTrue (ratio > 0.8 && ratio < 1.25) $"intervals are alike: {ratio}"

            Expect.equal
                (found.Plain.Subgroups |> List.find (fun kind -> kind.Kind = "site")).Groups.Length
                2
                "sites"

        testCase
            "groups that all replicates record are told apart, small ones are not shown, and the worst gap is theirs"
        <| fun () ->
            let planned, kept, results = twoSeeds (fun _ own -> own)
            // A patient has two rows, one with the event; the last 9 patients are a group of their own.
            let sex =
                Array.init 120 (fun row ->
                    if row >= 102 then "unknown"
                    elif row < 60 then "female"
                    else "male")

            let some = results.Head.CellId

            let groups cellId (_: TestPredictions) = [
                "sex", sex
                if cellId = some then
                    "age", sex
            ]

            let found =
                (PatientComparison.tryMake kept groups planned).Value
                |> PatientFindings.ofComparison

            Expect.equal
                (found.Plain.Subgroups |> List.map _.Kind)
                [ "site"; "pattern"; "modalities"; "sex" ]
                "what one replicate alone records is left out"

            let sexes = found.Plain.Subgroups |> List.last

            Expect.equal
                (sexes.Groups |> List.map (fun own -> own.Name, own.Rows))
                [ "female", 120; "male", 84 ]
                "groups"

            Expect.equal sexes.Suppressed 1 "nine patients"

            // By hand: of a group of n rows with the event every second row, those whose number is a multiple of 3 get 0.4, others
            // 0.2 or 0.7, so that ranks follow from counts.
            let auroc first last =
                let rows = [ first..last ]

                let score row =
                    if row % 3 > 0 then 0.2 + 0.5 * float (row % 2) else 0.4

                let pairs =
                    List.allPairs
                        (rows |> List.filter (fun row -> row % 2 = 1))
                        (rows |> List.filter (fun row -> row % 2 = 0))

                pairs
                |> List.averageBy (fun (event, other) ->
                    if score event > score other then 1.
                    elif score event = score other then 0.5
                    else 0.)

            let expected = abs (auroc 0 59 - auroc 60 101)
            Expect.floatClose Accuracy.high sexes.WorstAurocGap expected "worst gap"

        testCase "calibration before recalibration is of what would be predicted without it"
        <| fun () ->
            let stretched (result: CellResult) (own: TestPredictions) =
                let random =
                    MathNet.Numerics.Random.Xoshiro256StarStar(int result.Cell.Data.Seed, false)

                let logits = Array.init 120 (fun _ -> 3. * random.NextDouble() - 1.5)

                let chance factor =
                    logits |> Array.map (fun logit -> float32 (1. / (1. + exp (-factor * logit))))

                let isWrapped = result.Cell.Variant = Variant.recommended

                {
                    own with
                        Probabilities = if isWrapped then chance 1. else own.Probabilities
                        BeforeRecalibration = if isWrapped then Some(chance 2.) else None
                        Outcomes =
                            chance 1.
                            |> Array.map (fun p -> if random.NextDouble() < float p then 1f else 0f)
                }

            let planned, kept, _ = twoSeeds stretched

            let found =
                (PatientComparison.tryMake kept noGroups planned).Value
                |> PatientFindings.ofComparison

            let before, after = found.BeforeRecalibration.Value, found.Recommended.Calibration
            // A logit that is twice as large has half the slope.
            Expect.floatClose Accuracy.medium (2. * before.Slope.Value) after.Slope.Value "slope"

            let planned', all, _ = twoSeeds (fun _ own -> own)
            let without = (PatientComparison.tryMake all noGroups planned').Value
            Expect.isNone without.BeforeRecalibration "where it was not kept"

        testCase "nothing is made without predictions, or where the patients differ"
        <| fun () ->
            let results = cells (SyntheticResults.physionet 1) "id"
            let planned = (PatientComparison.plan (observations results) |> fst).Head
            Expect.isNone (PatientComparison.tryMake (readOnlyDict []) noGroups planned) "without"

            let others =
                readOnlyDict [
                    for result in results ->
                        let own = predictions result "id"

                        result.CellId,
                        [
                            if result.Cell.Variant = Variant.plain then
                                own
                            else
                                {
                                    own with
                                        Patients = Array.rev own.Patients
                                }
                        ]
                ]

            Expect.isNone (PatientComparison.tryMake others noGroups planned) "other patients"
    ]
