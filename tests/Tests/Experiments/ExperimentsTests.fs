module CausalDebiasing.Tests.Experiments.ExperimentsTests

open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Experiments
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Predictors

let private noData: DataAccess = {
    Root = None
    Cache = None
    Report = ignore
}

/// The suite's own catalogue, as if all real data were there.
let private catalog =
    let catalog = Suite.catalogWith noData Experiments.spelledDatasets []

    {
        catalog with
            Datasets =
                catalog.Datasets
                |> List.map (fun entry -> {
                    entry with
                        Content = lazy Ok "content"
                })
    }

let private cells profile =
    (Experiments.plan catalog profile).Cells

[<Tests>]
let tests =
    testList "experiments" [
        testCase "smoke is small, quick is larger, full has everything"
        <| fun () ->
            let count profile =
                (Todo.items catalog (Experiments.plan catalog profile)).Length

            Expect.isLessThanOrEqual (count Smoke) 90 "smoke"
            Expect.isLessThanOrEqual (count Quick) 700 "quick"

            let variants =
                cells Full |> List.map (fun planned -> planned.Cell.Variant) |> Set.ofList

            Expect.equal variants (Set.ofList Variant.all) "full has every variant"

        testCase "zoo has every baseline, plain and wrapped, in the world and on the recorded data"
        <| fun () ->
            let zoo = cells Zoo

            let distinct pick =
                zoo |> List.map pick |> List.distinct |> List.sort

            Expect.equal (distinct _.Cell.Baseline) (List.sort (Catalog.baselineIds catalog)) "baselines"

            Expect.equal
                (distinct _.Cell.Variant)
                [ Variant.paper; Variant.plain; Variant.recommended ]
                "variants"

            Expect.equal (distinct _.Cell.Data.Dataset) [ "acquisition"; "physionet2012" ] "data"

            let refused =
                List.allPairs catalog.Baselines [ Variant.paper; Variant.plain; Variant.recommended ]
                |> List.filter (fun (entry, variant) -> (entry.Refusal variant).IsSome)

            Expect.equal
                (refused |> List.map (fun (entry, variant) -> entry.Id, variant))
                [ "lightgbm", Variant.paper ]
                "but what would change nothing"

            let models = catalog.Baselines.Length * 3 - refused.Length
            Expect.equal zoo.Length (models * 2 * 3) "each with three seeds"

        testCase
            "clinical has every baseline, plain and recommended, and the zoo's cells of its random splits"
        <| fun () ->
            let clinical = cells Clinical

            let distinct pick =
                clinical |> List.map pick |> List.distinct |> List.sort

            Expect.equal (distinct _.Cell.Baseline) (List.sort (Catalog.baselineIds catalog)) "baselines"
            Expect.equal (distinct _.Cell.Variant) [ Variant.plain; Variant.recommended ] "variants"
            Expect.equal (distinct _.Cell.Data.Dataset) (List.sort Clinical.datasets) "data"

            let splits (plan: PlannedCell list) =
                plan
                |> List.map _.Cell
                |> List.filter (fun cell ->
                    cell.Data.Dataset = "physionet2012" && cell.Variant <> Variant.paper)

            Expect.equal (Set.ofList (splits clinical)) (Set.ofList (splits (cells Zoo))) "computed once"

        testCase "clinical skips data that are not there, with the reason"
        <| fun () ->
            let absent = Suite.catalogWith noData Experiments.spelledDatasets []
            let plan = Experiments.plan absent Clinical

            let ships (cell: PlannedCell) =
                cell.Cell.Data.Dataset.StartsWith "heart-uci"

            Expect.all plan.Cells ships "only what ships"
            Expect.isNonEmpty plan.Cells "which is there"
            Expect.hasLength (plan.Cells @ List.map fst plan.Skipped) (cells Clinical).Length "all are named"

            Expect.all
                plan.Skipped
                (fun (_, reason: string) -> reason.Contains "--data-root")
                "with the remedy"

        testCase "quick compares the headline baselines, the field's comparators are for full"
        <| fun () ->
            let baselines =
                cells Quick |> List.map (fun planned -> planned.Cell.Baseline) |> Set.ofList

            Expect.equal baselines (Set.ofList (Catalog.headlineIds catalog)) "headline"

            for profile in [ Smoke; Quick ] do
                for planned in cells profile do
                    Expect.isFalse
                        (List.contains (Variant.name planned.Cell.Variant) [
                            "groupdro-site"
                            "irm"
                            "vrex"
                            "coral"
                            "jtt"
                        ])
                        (Variant.name planned.Cell.Variant)

        testCase "quick leaves out each of the four hospitals whose data ship, without a data root"
        <| fun () ->
            let quick =
                Experiments.plan (Suite.catalogWith noData Experiments.spelledDatasets []) Quick

            let sites =
                quick.Cells
                |> List.map _.Cell.Data.Dataset
                |> List.distinct
                |> List.filter (fun name -> name.StartsWith "heart-uci")

            Expect.equal sites HeartUci.datasets "hospitals"

        testCase "quick is part of full, but for the seeds"
        <| fun () ->
            let full = cells Full |> Set.ofList
            let missing = cells Quick |> List.filter (full.Contains >> not)
            Expect.isEmpty missing "all of quick"

        testCase "every claim has cells in quick"
        <| fun () ->
            let planned = cells Quick |> List.map (fun planned -> planned.Cell)

            for claim in ClaimCatalog.all do
                for variant in [ claim.Treated; claim.Reference ] do
                    let has condition (cell: Cell) =
                        cell.Variant = variant
                        && claim.Applies {
                            Data = cell.Data
                            Baseline = cell.Baseline
                            Hyperparameters = Map.empty
                            Condition = condition
                        }

                    let conditions = [ "id"; "do"; "reversed"; "site:a" ]

                    Expect.exists
                        planned
                        (fun cell -> List.exists (fun c -> has c cell) conditions)
                        $"{claim.Id}, {variant}"
    ]
