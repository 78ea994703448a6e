module CausalDebiasing.Tests.Support.SweepFixture

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

let dataset name synthetic content = {
    Name = name
    HasCeiling = if synthetic then (fun _ -> true) else InjectedShift.isAsked
    HasSites = lazy true
    Canonical = if synthetic then id else InjectedShift.canonical
    Content = lazy content
    Check = ignore
}

/// A preset that compares sites by a network's representation.
let irm = Variant.preset "irm"

/// A world, a real data set that is there and one that is absent; two baselines; two presets.
let catalog = {
    Datasets = [
        dataset "acquisition" true (Ok "1")
        dataset "physionet2012" false (Ok "abc")
        dataset "eicu-demo" false (Error "no folder eicu-demo")
    ]
    Baselines = [
        {
            Id = "zero-fill-mlp"
            Version = "1"
            Defaults = Map [ "width", 128.; "learning-rate", 0.001 ]
            Candidate = fun n -> if n = 0 then Map.empty else Map [ "width", 8. * float n ]
            Refusal = fun _ -> None
            IsHeadline = true
            Source = ThisBuild
        }
        {
            Id = "logistic"
            Version = "3"
            Defaults = Map.empty
            Candidate = fun _ -> Map.empty
            Refusal =
                fun variant ->
                    if variant = irm then
                        Some "'logistic' is no network; wrap one."
                    else
                        None
            IsHeadline = false
            Source = ThisBuild
        }
    ]
    Presets =
        Map [
            Variant.paper, """{"Swap":1.0,"Mode":"both"}"""
            Variant.recommended, """{"Drop":0.3}"""
            irm, """{"Group":"irm"}"""
            Variant.ceilingAugmented, """{"Drop":0.3}"""
        ]
    NeedSites = set [ irm ]
}

let grid = {
    Datasets = [ "acquisition" ]
    Baselines = [ "zero-fill-mlp" ]
    Variants = [ Variant.plain ]
    Candidates = 1
    MissingRates = [ 0.3 ]
    Mechanisms = [ Acquisition ]
    MechanismStrengths = [ 0.5 ]
    Confoundings = [ 0.7 ]
    Signals = [ 1. ]
    TrainSizes = [ None ]
    Seeds = [ 1 ]
}

let cell = (Plan.ofGrid catalog "test" grid).Cells.Head.Cell

/// Work items of a plan with this many seeds and both biased and unbiased cells.
let items seeds =
    Plan.ofGrid catalog "test" {
        grid with
            Seeds = [ 1..seeds ]
            Variants = [ Variant.plain; Variant.ceiling ]
    }
    |> Todo.items catalog

/// A result whose numbers depend on the cell only.
let result (item: WorkItem) = {
    CellResult.without item.Cell item.CellId Done "" with
        TrainRows = 10 + item.Cell.Data.Seed
        FitSeconds = 1.5
        Measures = [
            {
                Condition = "do"
                TestRows = 100
                Auroc = 0.1 + 0.2 + float item.Cell.Data.Seed
                Auprc = 1. / 3.
                Brier = 0.1
                Ece = 0.01
                LogLoss = 0.5
                OracleAuroc = nan
                DoRisk = nan
            }
        ]
        Diagnostics = Map [ "practice.1.p", "0.01" ]
}

let stored (item: WorkItem) = {
    Identity = item.Identity
    Result = result item
}
