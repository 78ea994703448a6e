namespace CausalDebiasing.Bench.Cli

open System
open System.Text.Json
open System.Text.Json.Serialization
open CausalDebiasing
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Sweeping
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Predictors

/// Joins worlds, data sets, baselines and debiasing presets to what sweeps are made of.
module Suite =
    /// The baselines of this build.
    let baselines =
        lazy (List.ofSeq (BaselineCatalog.Discover typeof<Baselines.ZeroFillMlp>.Assembly))

    /// Where data are read from, with notices on standard error.
    let dataAccess dataRoot = {
        Root = DataRoot.resolve dataRoot
        Cache = CohortCache.defaultFolder ()
        Report = eprintfn "%s"
    }

    /// The Acquisition world's own mechanism has a name.
    let private canonical (spec: DataSpec) =
        if spec.Dataset = "acquisition" && spec.Mechanism = Natural then
            { spec with Mechanism = Acquisition }
        else
            spec

    let private world name = {
        Name = name
        HasCeiling = true
        Content = lazy Ok "world"
        Canonical = canonical
        Check = WorldCatalog.check
    }

    let private realData (access: DataAccess) (dataset: Dataset) = {
        Name = dataset.Name
        HasCeiling = dataset.CanBeUnbiased
        Canonical = Catalog.asTheDataHaveIt
        Content =
            lazy
                (match dataset.Status access.Root with
                 | Absent reason -> Error reason
                 | Present _ -> Ok(dataset.ContentHash access))
        Check = ignore
    }

    let private baseline (baseline: Baseline) = {
        Id = baseline.Info.Id
        Version = string baseline.Info.Version
        Defaults =
            Map [
                for parameter in baseline.Hyperparameters -> parameter.Name, parameter.Default
            ]
        HasRepresentation = baseline.HasRepresentation
        IsHeadline = baseline.Info.Headline
    }

    let private presets =
        lazy
            (let options = JsonSerializerOptions()
             options.Converters.Add(JsonStringEnumConverter())

             DebiasOptions.Presets
             |> Seq.map (fun preset -> preset.Key, JsonSerializer.Serialize(preset.Value, options))
             |> Map.ofSeq)

    /// All that a sweep may name. Data sets are looked at when their content is first asked for.
    let catalog access = {
        Datasets =
            List.map world WorldCatalog.names
            @ List.map (realData access) DatasetCatalog.all
        Baselines = List.map baseline baselines.Value
        Presets = presets.Value
        NeedRepresentation =
            set [
                for preset in DebiasOptions.Presets do
                    if preset.Value.NeedsRepresentation then
                        preset.Key
            ]
    }

    let private study access (spec: DataSpec) =
        match WorldCatalog.tryFind spec.Dataset, DatasetCatalog.tryFind spec.Dataset with
        | Some world, _ -> world spec
        | None, Some dataset -> dataset.Study access spec
        | None, None -> invalidOp $"There is no data set '{spec.Dataset}'."

    let private predictor (cell: Cell) : IPredictor =
        let plain =
            (BaselineCatalog.Find(baselines.Value, cell.Baseline)).Create(cell.Hyperparameters)

        match DebiasOptions.Presets.TryGetValue cell.Variant with
        | true, options -> CausalDebias.Wrap(plain, options)
        | _ -> plain

    /// What a worker computes cells with.
    let laboratory access cache = {
        Study = study access
        Predictor = predictor
        OracleAuroc = OracleStore.auroc cache
    }
