namespace CausalDebiasing.Bench.Cli

open System
open System.IO
open CausalDebiasing
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Exchange
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

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

    /// The Acquisition worlds' own mechanism has a name; Hospital worlds have the biases of their setting.
    let private canonical (spec: DataSpec) =
        match HospitalSetting.tryFind spec.Dataset with
        | Some setting -> HospitalSetting.canonical setting spec
        | None when spec.Mechanism = Natural && (AcquisitionScenario.tryFind spec.Dataset).IsSome -> {
            spec with
                Mechanism = Acquisition
          }
        | None -> spec

    let private hasSites name =
        match AcquisitionScenario.tryFind name, HospitalSetting.tryFind name with
        | Some scenario, _ -> scenario.SitesAreKnown
        | _, Some setting -> setting.SitesAreKnown
        | None, None -> true

    let private worldContent = "world"

    let private world name = {
        Name = name
        HasCeiling = fun _ -> true
        HasSites = lazy (hasSites name)
        Content = lazy Ok worldContent
        Canonical = canonical
        Check = WorldCatalog.check
    }

    let private realData (access: DataAccess) (dataset: Dataset) =
        let loaded =
            lazy
                (match dataset.Status access.Root with
                 | Absent reason -> Error reason
                 | Present _ -> Ok(dataset.Load access))

        let bare = lazy (loaded.Value |> Result.map DatasetStudy.withoutValues)

        {
            Name = dataset.Name
            HasCeiling = InjectedShift.isAsked
            HasSites =
                lazy
                    (match loaded.Value with
                     | Ok loaded ->
                         let leftOut =
                             match dataset.Division with
                             | SiteLeftOut _ -> 1
                             | Own
                             | Folds _ -> 0

                         loaded.Cohort.SiteNames.Count - leftOut > 1
                     | Error _ -> true)
            Canonical = InjectedShift.canonical
            Content = lazy (loaded.Value |> Result.map _.ContentHash)
            Check =
                fun spec ->
                    match bare.Value with
                    | Ok loaded -> DatasetStudy.study loaded dataset.Division spec |> ignore
                    | Error _ -> ()
        }

    /// As the library says it of an unfitted predictor.
    let private refusal (baseline: Baseline) =
        let reasons =
            lazy
                (use predictor = baseline.Create()

                 Variant.options
                 |> Map.map (fun _ options -> CausalDebias.Refusal(predictor, options) |> Option.ofObj))

        fun variant -> Map.tryFind variant reasons.Value |> Option.flatten

    let private baseline (baseline: Baseline) = {
        Id = baseline.Info.Id
        Version = string baseline.Info.Version
        Defaults =
            Map [
                for parameter in baseline.Hyperparameters -> parameter.Name, parameter.Default
            ]
        Candidate =
            fun number ->
                baseline.Candidate(Seed(0UL).Derive "search", number)
                |> Seq.map (fun pair -> pair.Key, pair.Value)
                |> Map.ofSeq
        Refusal = refusal baseline
        IsHeadline = baseline.Info.Headline
        Source = ThisBuild
    }

    /// Folders in which baselines are described that are programs of their own.
    let private describedBaselines () =
        [
            Path.Combine(Directory.GetCurrentDirectory(), "baselines")
            yield!
                Repository.tryRoot ()
                |> Option.map (fun root -> Path.Combine(root, "baselines"))
                |> Option.toList
        ]
        |> List.distinct

    let private fromOutside id version source = {
        Id = id
        Version = version
        Defaults = Map.empty
        Candidate = fun _ -> Map.empty
        Refusal = ExchangeVariant.refusal
        IsHeadline = false
        Source = source
    }

    let private external (baseline: ExternalBaseline) =
        fromOutside baseline.Id baseline.Version (Command(lazy (ExternalBaseline.obstacle baseline)))

    let private tryExternal id =
        ExternalBaseline.tryFind (describedBaselines ()) id

    /// Names of the baselines that are programs of their own.
    let externalNames () =
        ExternalBaseline.names (describedBaselines ())

    let private isBuilt id =
        baselines.Value |> List.exists (fun baseline -> baseline.Info.Id = id)

    /// Whether the suite can compute cells of a baseline of that name.
    let isKnownBaseline id =
        isBuilt id || List.contains id (externalNames ())

    let private presets =
        lazy (Variant.options |> Map.map (fun _ value -> Json.write value))

    /// All that a sweep may name, and the data sets that are spelled out: manifests, sites left out, and folds; and of the
    /// baselines those from outside. Data sets are looked at when their content is first asked for. Raises InputException for a
    /// manifest or a description of a baseline that cannot be read.
    let catalogWith access (spelled: string list) (fromElsewhere: BaselineEntry list) =
        let known = WorldCatalog.names @ DatasetCatalog.names

        {
            Datasets =
                List.map world WorldCatalog.names
                @ List.map (realData access) DatasetCatalog.all
                @ (spelled
                   |> List.distinct
                   |> List.filter (fun name -> not (List.contains name known))
                   |> List.choose DatasetCatalog.tryFind
                   |> List.map (realData access))
            Baselines = List.map baseline baselines.Value @ fromElsewhere
            Presets = presets.Value
            NeedSites =
                Variant.options
                |> Map.filter (fun _ options -> options.NeedsSites)
                |> Map.keys
                |> Set.ofSeq
        }

    /// All that a sweep may name.
    let catalog access = catalogWith access [] []

    /// The baselines of these names that are no class of this build: programs of their own.
    let externals (ids: string list) =
        ids
        |> List.distinct
        |> List.filter (isBuilt >> not)
        |> List.choose (tryExternal >> Option.map external)

    /// The baseline of a name whose predictions are scored.
    let scored id = fromOutside id "scored" Scored

    /// A baseline that is not described here, of the one version that its results have.
    let private scoredAs (stored: StoredCell list) id =
        let versions =
            stored
            |> List.filter (fun cell -> cell.Result.Cell.Baseline = id)
            |> List.map (fun cell -> CellId.baselineVersion cell.Identity)
            |> List.distinct

        match versions with
        | [ version ] -> fromOutside id version Scored
        | _ -> scored id

    let private externalOrScored stored (ids: string list) =
        ids
        |> List.distinct
        |> List.filter (isBuilt >> not)
        |> List.map (fun id ->
            tryExternal id
            |> Option.map external
            |> Option.defaultWith (fun () -> scoredAs stored id))

    /// The catalogue for the cells of a plan that was made before, with the results that there are: those of a baseline that is
    /// described elsewhere count as scored.
    let catalogOfStored access (plan: Plan) (stored: StoredCell seq) =
        let cells = plan.Cells @ List.map fst plan.Skipped |> List.map _.Cell

        catalogWith
            access
            (cells |> List.map _.Data.Dataset)
            (cells |> List.map _.Baseline |> externalOrScored (List.ofSeq stored))

    /// The study of a specification, and the content of the data that it was made of.
    let study access (spec: DataSpec) =
        match WorldCatalog.tryFind spec.Dataset, DatasetCatalog.tryFind spec.Dataset with
        | Some world, _ -> worldContent, world spec
        | None, Some dataset ->
            let loaded = dataset.Load access
            loaded.ContentHash, DatasetStudy.study loaded dataset.Division spec
        | None, None ->
            raise (
                InputException
                    $"There is no data set '{spec.Dataset}' here: start in the folder from which its path leads to it, or give --data-root."
            )

    let private predictor cache (item: WorkItem) (study: Study) : IPredictor =
        let cell = item.Cell

        if isBuilt cell.Baseline then
            (BaselineCatalog.Find(baselines.Value, cell.Baseline)).Create(cell.Hyperparameters)
            |> CellFit.around cell.Variant
        else
            match tryExternal cell.Baseline with
            | Some external ->
                if external.Version <> CellId.baselineVersion item.Identity then
                    raise (
                        InputException
                            $"the description of '{cell.Baseline}', or a file that its command names, changed since the run was planned: run the same command again, which computes its cells anew."
                    )

                let place = {
                    Folder = Path.Combine(RunFolder.working cache, item.CellId)
                    Log = Path.Combine(cache, "said", $"{item.CellId}.log")
                }

                new ExternalPredictor(external, CellId.content item.Identity, cell, study, place)
            | None ->
                raise (
                    InputException
                        $"There is no baseline '{cell.Baseline}' any more: put its description back into baselines/."
                )

    let private seesBatch (cell: Cell) =
        baselines.Value
        |> List.exists (fun baseline ->
            baseline.Info.Id = cell.Baseline && baseline.Info.Family = BaselineFamily.Graph)

    /// What is kept of the predictions for a test of a cell.
    let keptOf (item: WorkItem) test (explained: Diagnostic.Explained) = {
        TestPredictions.ofTest item.Cell.Data (CellId.content item.Identity) test explained.Probabilities with
            BeforeRecalibration = explained.BeforeRecalibration
    }

    /// Keeps predictions, and computes what a report shows of them while they are at hand.
    let private keep folder (item: WorkItem) predicted =
        let tests =
            predicted |> List.map (fun (test, explained) -> keptOf item test explained)

        let said =
            KeptPredictions.write (KeptPredictions.folders folder) item.Cell item.CellId tests

        for name, checksum in said do
            if name = KeptPredictions.checksumName then
                // Nothing that was computed is lost for a measure: a report computes it again.
                try
                    RememberedMeasures.compute folder item.CellId checksum tests |> ignore
                with _ ->
                    ()

        said

    /// What a worker computes cells with for a run into a folder.
    let laboratory access folder keepsPredictions =
        let cache = RunFolder.cache folder

        {
            Study = study access
            Predictor = predictor cache
            SeesBatch = seesBatch
            OracleAuroc = OracleStore.auroc cache
            Keep = if keepsPredictions then keep folder else fun _ _ -> []
        }
